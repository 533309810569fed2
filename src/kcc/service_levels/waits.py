"""Waits at the counters as they were, by interval and location. Who counts in which figure is told in metrics.

Visits at home are left out: nobody waits there, and nobody can be seen not to have come.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.availability.cells import day_bounds, instant
from kcc.appointments.availability.plan import Place, Plan
from kcc.appointments.hall.course import VisitState
from kcc.service_levels import queries
from kcc.service_levels.definitions import Waits, counter_wait, mean, minutes_late, waits
from kcc.service_levels.periods import By, Start, start_of, starts
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


@dataclass(frozen=True, slots=True)
class Row:
    """An interval at a location. `minutes_late` is the mean of those in `waits`, negative when early."""

    start: Start
    location: str
    waits: Waits
    minutes_late: float | None
    missed: int
    no_shows: int
    left_before_called: int
    walk_ins: Waits


@dataclass(slots=True)
class _Tally:
    waited: list[int] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    walk_ins: list[int] = field(default_factory=list)
    missed: int = 0
    no_shows: int = 0
    left: int = 0


async def rows(session: AsyncSession, plan: Plan, asked: Asked, thresholds: Thresholds, now: datetime) -> list[Row]:
    """A row for every interval and location, empty ones too. By appointment goes by planned start, else by arrival."""
    begin, end = day_bounds(asked.first, plan.zone)[0], day_bounds(asked.last, plan.zone)[1]
    tallies: dict[tuple[Start, str], _Tally] = {
        (start, place.code): _Tally()
        for start in starts(asked.by, asked.first, asked.last, plan.zone)
        for place in _places(plan, asked)
    }
    for one in await queries.visits(session, asked.first, asked.last, asked.location):
        if asked.product is None or asked.product in one.products:
            moment = one.planned_at or one.arrived_at
            tally = tallies.get((start_of(moment, asked.by, asked.first, plan.zone), one.location))
            if tally is not None:
                _count(tally, one)
    absent = await queries.absent(session, begin, end, asked.location, asked.product)
    for location, moment in _no_shows(plan, absent, now):
        tally = tallies.get((start_of(moment, asked.by, asked.first, plan.zone), location))
        if tally is not None:
            tally.no_shows += 1
    return [_row(start, location, tally, thresholds) for (start, location), tally in tallies.items()]


def _places(plan: Plan, asked: Asked) -> Iterator[Place]:
    """Where people can have been: not what closed for good before, nor opened after."""
    for place in plan.places.values():
        there = (place.open_until is None or place.open_until >= asked.first) and (
            place.open_from is None or place.open_from <= asked.last
        )
        if place.code == asked.location or (asked.location is None and there and not place.is_home_visit):
            yield place


def _count(tally: _Tally, one: Came) -> None:
    """Who was missed, or left before being called, is out of the wait; who still waits is in no figure."""
    if one.planned_at is None:
        if one.called_at is not None and one.state is not VisitState.MISSED:
            tally.walk_ins.append(counter_wait(None, one.arrived_at, one.called_at))
    elif one.state is VisitState.MISSED:
        tally.missed += 1
    elif one.called_at is not None:
        tally.waited.append(counter_wait(one.planned_at, one.arrived_at, one.called_at))
        tally.late.append(minutes_late(one.planned_at, one.arrived_at))
    elif one.state is VisitState.LEFT:
        tally.left += 1


def _no_shows(plan: Plan, absent: Sequence[tuple[str, datetime]], now: datetime) -> Iterator[tuple[str, datetime]]:
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
        minutes_late=mean(tally.late),
        missed=tally.missed,
        no_shows=tally.no_shows,
        left_before_called=tally.left,
        walk_ins=waits(tally.walk_ins, thresholds.walk_in),
    )
