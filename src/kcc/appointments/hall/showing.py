"""What a hall looks like at this moment, for the clerk's screen and the waiting room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.availability.cells import day_bounds
from kcc.appointments.hall import queries
from kcc.appointments.hall.calling import ordered, still_due, waiting_of
from kcc.appointments.hall.course import OVER, VisitState
from kcc.appointments.hall.floor import Floor
from kcc.appointments.hall.models import Visit, VisitKind
from kcc.appointments.hall.queueing import Rules, waiting_time
from kcc.service_levels.definitions import counter_wait, waits

LAST_CALLS = 5
# Service times are measured over eight weeks, of products that were done often enough.
MEASURED_OVER = timedelta(days=56)
LEAST_MEASURED = 20
# How near the target somebody's wait is before the hall is warned, as a share of it.
NEAR = 0.8


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody in the hall. Times as on a clock, `wait` in whole minutes (None before the planned time)."""

    id: int
    number: str
    what: str
    planned: str
    arrived: str
    wait: int | None
    is_late: bool
    is_near: bool
    is_next: bool = False


@dataclass(frozen=True, slots=True)
class Here:
    """Who is at this counter, or called to it."""

    id: int
    number: str
    name: str
    what: str
    planned: str
    arrived: str
    called: str
    waited: int
    is_late: bool
    minutes: int
    calls: int
    is_serving: bool
    since: datetime
    bring: Sequence[str]


@dataclass(frozen=True, slots=True)
class Hall:
    """A hall as a clerk sees it."""

    here: Here | None
    waiting: Sequence[Row]
    parked: Sequence[Row]
    expected: Sequence[tuple[str, str, str]]
    counters: Sequence[tuple[str, str, str | None]]
    counter: str | None
    percent_within: float | None
    late: int


def _clock(moment: datetime | None, floor: Floor) -> str:
    if moment is None:
        return "–"
    local = moment.astimezone(floor.plan.zone)
    return f"{local.hour}.{local.minute:02}"


def what_for(floor: Floor, products: Sequence[Sequence[str | int]]) -> str:
    """`Paspoort aanvragen, 2 personen`: what a visit is for, today's names."""
    parts = []
    for code, persons in products:
        product = floor.plan.products.get(str(code))
        terms = product.on(floor.day) if product else None
        name = terms.name if terms else str(code)
        parts.append(f"{name}, {persons} personen" if int(persons) > 1 else name)
    return " en ".join(parts)


async def hall(session: AsyncSession, floor: Floor, rules: Rules, target: timedelta, counter: str | None) -> Hall:
    """The hall now, for whoever is at this counter."""
    visits = await queries.on_day(session, floor.location, floor.day)
    waiting = [visit for visit in visits if visit.state is VisitState.WAITING]
    queue = ordered(waiting, floor.now, rules, await still_due(session, floor))
    begin, end = day_bounds(floor.day, floor.plan.zone)
    expected = await queries.expected(session, floor.location, begin, end)
    codes = [item.code for item in floor.place.counters]
    opened = await queries.open_sessions(session, codes)
    figures = waits([_waited(visit, visit.first_called_at) for visit in _counted(visits)], int(target.total_seconds()))
    rows = [_row(floor, visit, rules, target) for visit in queue]
    at_counter = next((visit for visit in visits if counter and visit.counter == counter), None)
    return Hall(
        here=await _here(session, floor, at_counter, target) if at_counter else None,
        waiting=rows,
        parked=[_row(floor, visit, rules, target) for visit in visits if visit.state is VisitState.PARKED],
        expected=[
            (appointment.code, _clock(appointment.starts_at, floor), await _for(session, floor, appointment.id))
            for appointment, visit in expected
            if visit is None
        ],
        counters=[
            (item.code, item.name, opened[item.code].clerk if item.code in opened else None)
            for item in floor.place.counters
        ],
        counter=counter,
        percent_within=figures.percent_within,
        late=sum(row.is_late for row in rows),
    )


async def _for(session: AsyncSession, floor: Floor, appointment: int | None) -> str:
    assert appointment is not None
    return what_for(floor, await queries.products_booked(session, appointment))


def _counted(visits: Sequence[Visit]) -> list[Visit]:
    return [
        visit
        for visit in visits
        if visit.kind is VisitKind.APPOINTMENT
        and visit.first_called_at is not None
        and visit.state not in (VisitState.MISSED, VisitState.LEFT)
    ]


def _waited(visit: Visit, until: datetime | None) -> int:
    return counter_wait(visit.planned_at, visit.arrived_at, until) if until else 0


def _row(floor: Floor, visit: Visit, rules: Rules, target: timedelta) -> Row:
    assert visit.id is not None
    limit = rules.walk_in_threshold if visit.planned_at is None else target
    seconds = _waited(visit, visit.first_called_at or floor.now)
    early = visit.planned_at is not None and visit.planned_at > floor.now
    return Row(
        id=visit.id,
        number=visit.number,
        what=what_for(floor, visit.products),
        planned=_clock(visit.planned_at, floor),
        arrived=_clock(visit.arrived_at, floor),
        wait=None if early else seconds // 60,
        is_late=seconds > limit.total_seconds(),
        is_near=NEAR * limit.total_seconds() <= seconds <= limit.total_seconds(),
    )


async def _here(session: AsyncSession, floor: Floor, visit: Visit, target: timedelta) -> Here:
    assert visit.id is not None and visit.called_at is not None
    name = ""
    if visit.appointment is not None:
        appointment = await queries.appointment(session, visit.appointment)
        name = appointment.name if appointment else ""
    waited = _waited(visit, visit.first_called_at)
    bring: list[str] = []
    for code, _persons in visit.products:
        product = floor.plan.products.get(str(code))
        terms = product.on(floor.day) if product else None
        bring += [item for item in (terms.bring if terms else ()) if item not in bring]
    return Here(
        id=visit.id,
        number=visit.number,
        name=name,
        what=what_for(floor, visit.products),
        planned=_clock(visit.planned_at, floor),
        arrived=_clock(visit.arrived_at, floor),
        called=_clock(visit.first_called_at, floor),
        waited=waited // 60,
        is_late=waited > target.total_seconds(),
        minutes=visit.takes_minutes,
        calls=visit.calls,
        is_serving=visit.state is VisitState.SERVING,
        since=visit.serving_since or visit.called_at,
        bring=bring,
    )


async def calls(session: AsyncSession, floor: Floor) -> list[dict[str, object]]:
    """The last calls, the newest first: number, counter, and a mark that differs for each call. Nothing of people."""
    names = {counter.code: counter.name for counter in floor.place.counters}
    return [
        {
            "number": visit.number,
            "counter": names.get(visit.served_at or "", visit.served_at or ""),
            "mark": f"{visit.id}-{visit.calls}-{visit.called_at.timestamp():.0f}",
            "now": visit.state is VisitState.CALLED,
        }
        for visit in await queries.last_calls(session, floor.location, floor.day, LAST_CALLS)
        if visit.called_at is not None and visit.state not in OVER - {VisitState.FINISHED}
    ]


async def walk_in_wait(session: AsyncSession, floor: Floor) -> int | None:
    """Minutes that somebody who takes a number now will wait, by the queue and planned or measured service times.

    None when no counter is open. Rounded up to five minutes: it is an estimate.
    """
    codes = [counter.code for counter in floor.place.counters]
    opened = await queries.open_sessions(session, codes)
    present = await queries.present(session, floor.location, floor.day)
    busy = {visit.counter: visit for visit in present if visit.counter}
    measured = await queries.service_seconds(session, floor.location, floor.day - MEASURED_OVER, LEAST_MEASURED)
    free = []
    for code in opened:
        visit = busy.get(code)
        began = (visit.serving_since or visit.called_at) if visit else None
        free.append(began + _takes(visit, measured) if visit and began else floor.now)
    ahead = [
        _takes(visit, measured)
        for visit in present
        if visit.state is VisitState.WAITING and (visit.planned_at is None or visit.planned_at <= floor.now)
    ]
    wait = waiting_time(free, ahead, floor.now)
    return None if wait is None else -(-int(wait.total_seconds()) // 300) * 5


def _takes(visit: Visit, measured: dict[str, float]) -> timedelta:
    products = waiting_of(visit).products
    if len(products) == 1 and (seconds := measured.get(next(iter(products)))):
        return timedelta(seconds=seconds)
    return timedelta(minutes=visit.takes_minutes)
