"""What a hall looks like at this moment to the clerk at one of its counters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.availability.cells import day_bounds
from kcc.appointments.availability.plan import PlannedCounter
from kcc.appointments.hall import queries
from kcc.appointments.hall.calling import ordered, still_due, waiting_of
from kcc.appointments.hall.course import MOST_CALLS, VisitState
from kcc.appointments.hall.fitting import open_counters
from kcc.appointments.hall.floor import Floor
from kcc.appointments.hall.models import CounterSession, Visit
from kcc.appointments.hall.queueing import Fits, Waiting
from kcc.appointments.hall.showing import clock, what_for
from kcc.service_levels.definitions import counter_wait, waits
from kcc.web.slugs import slugify

# After so many minutes colleagues see that somebody who was called or parked may have gone.
CALLED_LONG, PARKED_LONG = 5, 30
# How near the target somebody's wait is before the hall is warned, as a share of it.
NEAR = 0.8


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody in the hall. Times as on a clock, `wait` in whole minutes (None before the planned time).

    `fits`: whether the clerk's own counter can help them.
    """

    id: int
    number: str
    what: str
    planned: str
    arrived: str
    wait: int | None
    is_late: bool
    is_near: bool
    fits: bool


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
    most_calls: int
    is_serving: bool
    since: datetime
    bring: Sequence[str]


@dataclass(frozen=True, slots=True)
class Parked:
    """Somebody who went to get something, since so many minutes."""

    id: int
    number: str
    what: str
    minutes: int

    @property
    def is_long(self) -> bool:
        """Whether they may not come back."""
        return self.minutes >= PARKED_LONG


@dataclass(frozen=True, slots=True)
class CounterRow:
    """A counter: who has it open, and whom they help or called, since so many minutes."""

    code: str
    name: str
    clerk: str | None
    number: str | None
    is_serving: bool
    minutes: int

    @property
    def is_stuck(self) -> bool:
        """Whether somebody was called long ago, and nothing happened since."""
        return self.number is not None and not self.is_serving and self.minutes >= CALLED_LONG


@dataclass(frozen=True, slots=True)
class Expected:
    """An appointment of today that has not checked in."""

    code: str
    time: str
    name: str
    what: str


@dataclass(frozen=True, slots=True)
class Hall:
    """A hall as a clerk sees it. `helpless` are the numbers whom no open counter can help."""

    here: Here | None
    waiting: Sequence[Row]
    parked: Sequence[Parked]
    helpless: Sequence[str]
    expected: Sequence[Expected]
    counters: Sequence[CounterRow]
    counter: str | None
    percent_within: float | None

    def named(self, typed: str) -> list[Expected]:
        """Those who are still expected with a name that begins so, or a part of it; accents and capitals aside."""
        wanted = slugify(typed)
        return [one for one in self.expected if wanted and f"-{wanted}" in f"-{slugify(one.name)}"]

    @property
    def late(self) -> int:
        """How many wait longer than they should."""
        return sum(row.is_late for row in self.waiting)

    @property
    def near(self) -> int:
        """How many nearly do."""
        return sum(row.is_near for row in self.waiting)

    @property
    def warning(self) -> str:
        """`2 bezoekers wachten te lang, 1 bijna`; empty when nobody waits too long or nearly so."""
        parts = []
        if self.late:
            parts.append(f"{_visitors(self.late)} te lang")
        if self.helpless and not parts:
            parts.append("Er wacht iemand die niemand nu kan helpen")
        elif self.near:
            parts.append(f"{self.near} bijna" if parts else f"{_visitors(self.near)} bijna te lang")
        return ", ".join(parts)

    @property
    def counters_open(self) -> int:
        """How many counters are open."""
        return sum(counter.clerk is not None for counter in self.counters)

    @property
    def next(self) -> Row | None:
        """Who is called next at this counter."""
        return next((row for row in self.waiting if row.fits), None)


async def hall(session: AsyncSession, floor: Floor, target: timedelta, counter: str | None) -> Hall:
    """The hall now, for whoever is at this counter."""
    visits = await queries.present(session, floor.location, floor.day)
    waiting = [visit for visit in visits if visit.state is VisitState.WAITING]
    queue = ordered(waiting, floor.now, floor.rules, await still_due(session, floor))
    begin, end = day_bounds(floor.day, floor.plan.zone)
    expected = await queries.still_expected(session, floor.location, begin, end)
    called = await queries.appointments_called(session, floor.location, floor.day)
    booked = await queries.products_expected(session, floor.location, begin, end)
    codes = [item.code for item in floor.place.counters]
    opened = await queries.open_sessions(session, codes)
    figures = waits([counter_wait(*moments) for moments in called], int(target.total_seconds()))
    able = await open_counters(session, floor)
    fits = able.fits(counter) if counter else _everybody
    rows = [_row(floor, visit, target, fits) for visit in queue]
    since = await queries.parked_since(session, floor.location, floor.day)
    at_counter = next((visit for visit in visits if counter and visit.counter == counter), None)
    return Hall(
        here=await _here(session, floor, at_counter, _limit(at_counter, floor, target)) if at_counter else None,
        waiting=rows,
        parked=[
            Parked(visit.id, visit.number, what_for(floor, visit.products), _minutes(since.get(visit.id), floor))
            for visit in visits
            if visit.id is not None and visit.state is VisitState.PARKED
        ],
        helpless=[
            row.number
            for row, visit in zip(rows, queue, strict=True)
            if able.able and not able.anybody(waiting_of(visit))
        ],
        expected=[
            Expected(code, clock(starts_at, floor), name, what_for(floor, booked.get(number, [])))
            for number, code, starts_at, name in expected
        ],
        counters=[
            _counter(
                floor, item, opened.get(item.code), next((one for one in visits if one.counter == item.code), None)
            )
            for item in floor.place.counters
        ],
        counter=counter,
        percent_within=figures.percent_within,
    )


def _counter(floor: Floor, planned: PlannedCounter, opened: CounterSession | None, here: Visit | None) -> CounterRow:
    return CounterRow(
        code=planned.code,
        name=planned.name,
        clerk=opened.clerk_name if opened else None,
        number=here.number if here else None,
        is_serving=here is not None and here.state is VisitState.SERVING,
        minutes=_minutes((here.serving_since or here.called_at) if here else None, floor),
    )


def _minutes(since: datetime | None, floor: Floor) -> int:
    return max(0, int((floor.now - since).total_seconds()) // 60) if since else 0


def _waited(visit: Visit, until: datetime | None) -> int:
    return counter_wait(visit.planned_at, visit.arrived_at, until) if until else 0


def _visitors(number: int) -> str:
    return "1 bezoeker wacht" if number == 1 else f"{number} bezoekers wachten"


def _everybody(_one: Waiting) -> bool:
    return True


def _row(floor: Floor, visit: Visit, target: timedelta, fits: Fits) -> Row:
    assert visit.id is not None
    limit = _limit(visit, floor, target)
    seconds = _waited(visit, visit.first_called_at or floor.now)
    early = visit.planned_at is not None and visit.planned_at > floor.now
    return Row(
        id=visit.id,
        number=visit.number,
        what=what_for(floor, visit.products),
        planned=clock(visit.planned_at, floor),
        arrived=clock(visit.arrived_at, floor),
        wait=None if early else seconds // 60,
        is_late=seconds > limit.total_seconds(),
        is_near=NEAR * limit.total_seconds() <= seconds <= limit.total_seconds(),
        fits=fits(waiting_of(visit)),
    )


def _limit(visit: Visit, floor: Floor, target: timedelta) -> timedelta:
    """How long this visitor waits at most, by promise."""
    return floor.rules.walk_in_threshold if visit.planned_at is None else target


async def _here(session: AsyncSession, floor: Floor, visit: Visit, limit: timedelta) -> Here:
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
        planned=clock(visit.planned_at, floor),
        arrived=clock(visit.arrived_at, floor),
        called=clock(visit.first_called_at, floor),
        waited=waited // 60,
        is_late=waited > limit.total_seconds(),
        minutes=visit.takes_minutes,
        calls=visit.calls,
        most_calls=MOST_CALLS,
        is_serving=visit.state is VisitState.SERVING,
        since=visit.serving_since or visit.called_at,
        bring=bring,
    )
