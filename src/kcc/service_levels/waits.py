"""Waits at the counters as they were, by interval and location. Who counts in which figure is told in metrics.

Visits at home are left out: nobody waits there, and nobody can be seen not to have come.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.availability.cells import day_bounds, instant
from kcc.appointments.availability.plan import Place, Plan
from kcc.appointments.hall.course import VisitState
from kcc.service_levels import queries
from kcc.service_levels.definitions import Waits, counter_wait, minutes_late, waits
from kcc.service_levels.periods import By, Start, months, placing, starts
from kcc.service_levels.queries import Came


@dataclass(frozen=True, slots=True)
class Asked:
    """Which waits: from the first local date to the last, of one location or product, or of all."""

    first: date
    last: date
    by: By = By.DAY
    location: str | None = None
    product: str | None = None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Within how many seconds, up to and including, a call is in time."""

    appointment: int
    walk_in: int


# The thresholds that hold on a local day.
OnDay = Callable[[date], Thresholds]


@dataclass(frozen=True, slots=True)
class Row:
    """An interval at a location. `minutes_late` is the mean of those in `waits`, negative when early.

    `missed` and `left_before_called` came by appointment; walk-ins who did so are counted apart.
    """

    start: Start
    location: str
    waits: Waits
    minutes_late: float | None
    missed: int
    no_shows: int
    left_before_called: int
    walk_ins: Waits
    walk_ins_missed: int
    walk_ins_left: int


@dataclass(slots=True)
class _Tally:
    waited: list[int] = field(default_factory=list)
    late: timedelta = timedelta()  # of those in `waited` together
    walk_ins: list[int] = field(default_factory=list)
    missed: int = 0
    no_shows: int = 0
    left: int = 0
    walk_ins_missed: int = 0
    walk_ins_left: int = 0

    def add(self, other: "_Tally") -> None:
        self.waited += other.waited
        self.late += other.late
        self.walk_ins += other.walk_ins
        self.missed += other.missed
        self.no_shows += other.no_shows
        self.left += other.left
        self.walk_ins_missed += other.walk_ins_missed
        self.walk_ins_left += other.walk_ins_left


@dataclass(frozen=True, slots=True)
class Days:
    """Everybody who came on some days, at the locations that were asked for together, with the thresholds then."""

    tallies: Mapping[tuple[Start, str], _Tally]
    thresholds: OnDay

    def total(self, first: date, last: date) -> Row:
        """All from the first day to the last as one interval, by the thresholds of the last; `location` is empty."""
        whole = _Tally()
        for (start, _), tally in self.tallies.items():
            if isinstance(start, date) and first <= start <= last:
                whole.add(tally)
        return _row(first, "", whole, self.thresholds(last))

    def each(self) -> dict[date, Row]:
        """A row for every day, by the thresholds of that day."""
        by_day: dict[date, _Tally] = {}
        for (start, _), tally in self.tallies.items():
            by_day.setdefault(start, _Tally()).add(tally)
        return {day: _row(day, "", tally, self.thresholds(day)) for day, tally in by_day.items()}


async def rows(session: AsyncSession, plan: Plan, asked: Asked, thresholds: Thresholds, now: datetime) -> list[Row]:
    """A row for every interval and location, empty ones too. By appointment goes by planned start, else by arrival."""
    tallies = await _tallies(session, plan, asked, now)
    return [_row(start, location, tally, thresholds) for (start, location), tally in tallies.items()]


async def by_day(session: AsyncSession, plan: Plan, asked: Asked, thresholds: OnDay, now: datetime) -> Days:
    """What was asked for by day, to be summed over any of these days: a median needs every single wait."""
    return Days(await _tallies(session, plan, replace(asked, by=By.DAY), now), thresholds)


async def _tallies(session: AsyncSession, plan: Plan, asked: Asked, now: datetime) -> dict[tuple[Start, str], _Tally]:
    begin, end = day_bounds(asked.first, plan.zone)[0], day_bounds(asked.last, plan.zone)[1]
    tallies: dict[tuple[Start, str], _Tally] = {
        (start, place.code): _Tally()
        for start in starts(asked.by, asked.first, asked.last, plan.zone)
        for place in places(plan, asked)
    }
    placed, of_product = placing(asked.by, asked.first, asked.last, plan.zone), asked.product is not None
    for first, last in months(asked.first, asked.last):  # others get their turn between two months
        for one in await queries.visits(session, first, last, asked.location, with_products=of_product):
            if asked.product is None or asked.product in one.products:
                moment = one.planned_at or one.arrived_at
                tally = tallies.get((placed(moment), one.location))
                if tally is not None:
                    _count(tally, one)
    absent = await queries.absent(session, begin, end, asked.location, asked.product)
    for location, moment in no_shows(plan, absent, now):
        tally = tallies.get((placed(moment), location))
        if tally is not None:
            tally.no_shows += 1
    return tallies


def places(plan: Plan, asked: Asked) -> Iterator[Place]:
    """Where people can have been: not what closed for good before, nor opened after."""
    for place in plan.places.values():
        there = (place.open_until is None or place.open_until >= asked.first) and (
            place.open_from is None or place.open_from <= asked.last
        )
        if place.code == asked.location or (asked.location is None and there and not place.is_home_visit):
            yield place


class Fate(StrEnum):
    """How it went with somebody who came, or should have."""

    CALLED = "called"
    MISSED = "missed"
    LEFT = "left"
    NO_SHOW = "no-show"


def fate(one: Came) -> Fate | None:
    """Who was missed, or left before being called, is out of the wait and counted apart; who waits is in no figure."""
    if one.state is VisitState.MISSED:
        return Fate.MISSED
    if one.called_at is not None:
        return Fate.CALLED
    return Fate.LEFT if one.state is VisitState.LEFT else None


def _count(tally: _Tally, one: Came) -> None:
    went = fate(one)
    if went is Fate.CALLED and one.called_at is not None:
        wait = counter_wait(one.planned_at, one.arrived_at, one.called_at)
        if one.planned_at is None:
            tally.walk_ins.append(wait)
        else:
            tally.waited.append(wait)
            tally.late += one.arrived_at - one.planned_at
    elif one.planned_at is None:
        tally.walk_ins_missed += went is Fate.MISSED
        tally.walk_ins_left += went is Fate.LEFT
    else:
        tally.missed += went is Fate.MISSED
        tally.left += went is Fate.LEFT


def no_shows(plan: Plan, absent: Sequence[tuple[str, datetime]], now: datetime) -> Iterator[tuple[str, datetime]]:
    """Of the appointments to which nobody came those at places that have closed since."""
    for location, moment in absent:
        place, day = plan.places.get(location), moment.astimezone(plan.zone).date()
        if place is not None and not place.is_home_visit and has_closed(plan, place, day, now):
            yield location, moment


def has_closed(plan: Plan, place: Place, day: date, now: datetime) -> bool:
    """Whether a place has closed on a local day; one that was not open at all has when the day is over."""
    opened = plan.opening(place, day)
    if not opened.staff_stretches:
        return now >= day_bounds(day, plan.zone)[1]
    return now >= instant(opened.first_cell + max(end for _, end in opened.staff_stretches))


def _row(start: Start, location: str, tally: _Tally, thresholds: Thresholds) -> Row:
    return Row(
        start=start,
        location=location,
        waits=waits(tally.waited, thresholds.appointment),
        minutes_late=minutes_late(tally.late, len(tally.waited)),
        missed=tally.missed,
        no_shows=tally.no_shows,
        left_before_called=tally.left,
        walk_ins=waits(tally.walk_ins, thresholds.walk_in),
        walk_ins_missed=tally.walk_ins_missed,
        walk_ins_left=tally.walk_ins_left,
    )
