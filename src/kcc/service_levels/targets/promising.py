"""What the hall is told of the targets: clerks see the one that holds today at their location."""

from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.hall.state import CounterPromise, PromisedAt
from kcc.service_levels.targets import reading
from kcc.service_levels.targets.waiting import played
from kcc.settings import Settings


def counter_promise(settings: Settings) -> PromisedAt:
    """What is promised for appointments, with these settings as the default."""

    async def promised(session: AsyncSession, location: str, day: date) -> CounterPromise:
        found = played(await reading.targets(session, settings), day, location)
        return CounterPromise(found.appointment_seconds // 60, int(found.percent))

    return promised
