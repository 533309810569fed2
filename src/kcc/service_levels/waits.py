"""Waits at the counters as they were, by interval and location. Who counts in which figure is told in metrics.

Visits at home are left out: nobody waits there, and nobody can be seen not to have come.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.availability.cells import day_bounds, instant
from kcc.appointments.availability.plan import Place, Plan
from kcc.clock import Clock
from kcc.service_levels import queries
from kcc.service_levels.attendance import Attendance
from kcc.service_levels.definitions import Waits, minutes_late, waits_of
from kcc.service_levels.periods import By, Start, bounds, day_of, months, placing, starts
from kcc.service_levels.rollups import seals, visits
from kcc.service_levels.rollups.models import Kind
from kcc.service_levels.rollups.pieces import Sealed


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


@dataclass(frozen=True, slots=True)
class Days:
    """Everybody who came on some days, at the locations that were asked for together, with the thresholds then."""

    attendance: Mapping[tuple[Start, str], Attendance]
    thresholds: OnDay

    def total(self, first: date, last: date) -> Row:
        """All from the first day to the last as one interval, by the thresholds of the last; `location` is empty."""
        whole = Attendance()
        for (start, _), came in self.attendance.items():
            if isinstance(start, date) and first <= start <= last:
                whole.add(came)
        return _row(first, "", whole, self.thresholds(last))

    def each(self) -> dict[date, Row]:
        """A row for every day, by the thresholds of that day."""
        by_day: dict[date, Attendance] = {}
        for (start, _), came in self.attendance.items():
            by_day.setdefault(start, Attendance()).add(came)
        return {day: _row(day, "", came, self.thresholds(day)) for day, came in by_day.items()}


async def rows(session: AsyncSession, plan: Plan, asked: Asked, thresholds: Thresholds, now: datetime) -> list[Row]:
    """A row for every interval and location, empty ones too. By appointment goes by planned start, else by arrival."""
    found = await _attendance(session, plan, asked, now)
    return [_row(start, location, attendance, thresholds) for (start, location), attendance in found.items()]


async def by_day(session: AsyncSession, plan: Plan, asked: Asked, thresholds: OnDay, now: datetime) -> Days:
    """What was asked for by day, to be summed over any of these days: a median needs every single wait."""
    return Days(await _attendance(session, plan, replace(asked, by=By.DAY), now), thresholds)


async def _attendance(
    session: AsyncSession, plan: Plan, asked: Asked, now: datetime
) -> dict[tuple[Start, str], Attendance]:
    there = list(places(plan, asked))
    found = {
        (start, place.code): Attendance()
        for start in starts(asked.by, asked.first, asked.last, plan.zone)
        for place in there
    }
    sealed = Sealed()  # days are counted, not their hours
    if not asked.by.of_clock:
        sealed = await seals.sealed(session, Kind.VISITS, Clock(plan.zone, lambda: now))
    pieces = sealed.pieces(asked.first, asked.last, by_month=asked.by in (By.MONTH, By.YEAR))
    for start, location, attendance in await visits.counted(session, pieces.runs, asked.location, asked.product):
        place = found.get((day_of(start, asked.by, asked.first), location))
        if place is not None:
            if plan.places[location].is_home_visit:
                attendance.no_shows = 0
            place.add(attendance)
    placed = placing(asked.by, asked.first, asked.last, plan.zone)
    for since, until in pieces.rest:
        for first, last in months(since, until):  # others get their turn between two months
            for one in await queries.visits(session, first, last, asked.location, with_products=bool(asked.product)):
                if asked.product is None or asked.product in one.products:
                    place = found.get((placed(one.planned_at or one.arrived_at), one.location))
                    if place is not None:
                        place.count(one)
        begin, end = bounds(since, until, plan.zone)
        absent = await queries.absent(session, begin, end, asked.location, asked.product)
        for location, moment in no_shows(plan, absent, now):
            place = found.get((placed(moment), location))
            if place is not None:
                place.no_shows += 1
    return found


def places(plan: Plan, asked: Asked) -> Iterator[Place]:
    """Where people can have been: not what closed for good before, nor opened after."""
    for place in plan.places.values():
        there = (place.open_until is None or place.open_until >= asked.first) and (
            place.open_from is None or place.open_from <= asked.last
        )
        if place.code == asked.location or (asked.location is None and there and not place.is_home_visit):
            yield place


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


def _row(start: Start, location: str, came: Attendance, thresholds: Thresholds) -> Row:
    return Row(
        start=start,
        location=location,
        waits=waits_of(came.waits, thresholds.appointment),
        minutes_late=minutes_late(came.late, came.waits.total()),
        missed=came.missed,
        no_shows=came.no_shows,
        left_before_called=came.left_before_called,
        walk_ins=waits_of(came.walk_in_waits, thresholds.walk_in),
        walk_ins_missed=came.walk_ins_missed,
        walk_ins_left=came.walk_ins_left,
    )
