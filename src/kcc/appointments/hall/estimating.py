"""How long somebody who takes a number now will wait."""

from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.hall import queries
from kcc.appointments.hall.course import VisitState
from kcc.appointments.hall.floor import Floor
from kcc.appointments.hall.queueing import Occupation, waiting_time

# Service times are measured over eight weeks, of products that were done often enough.
MEASURED_OVER = timedelta(days=56)
LEAST_MEASURED = 20


async def walk_in_wait(session: AsyncSession, floor: Floor, own: int | None = None) -> int | None:
    """Minutes that somebody who takes a number now will wait, by the queue and planned or measured service times.

    `own` is the visit of who took one just now. None when no counter is open. Rounded up to five minutes: it is an
    estimate.
    """
    codes = [counter.code for counter in floor.place.counters]
    opened = await queries.open_sessions(session, codes)
    present = await queries.occupation(session, floor.location, floor.day)
    busy = {one.counter: one for one in present if one.counter}
    measured = await queries.service_seconds(session, floor.location, floor.day - MEASURED_OVER, LEAST_MEASURED)
    free = []
    for code in opened:
        here = busy.get(code)
        free.append(here.since + _takes(here, measured) if here and here.since else floor.now)
    ahead = [
        _takes(one, measured)
        for one in present
        if one.state is VisitState.WAITING and one.id != own and (one.planned_at is None or one.planned_at <= floor.now)
    ]
    wait = waiting_time(free, ahead, floor.now)
    return None if wait is None else -(-int(wait.total_seconds()) // 300) * 5


def _takes(one: Occupation, measured: dict[str, float]) -> timedelta:
    if one.alone and (seconds := measured.get(one.alone)):
        return timedelta(seconds=seconds)
    return timedelta(minutes=one.takes_minutes)
