"""A day as it is planned and booked, ready to be simulated; the rest is as measured before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean, stdev

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments import queries as appointment_queries
from kcc.appointments.availability.cells import CELL_SECONDS, day_bounds, instant
from kcc.appointments.availability.opening import Opening
from kcc.appointments.availability.plan import Place, Plan
from kcc.appointments.hall import queries as hall_queries
from kcc.service_levels import queries
from kcc.service_levels.definitions import mean
from kcc.service_levels.simulation import HOUR, Day, Planned, Punctuality, Stretch, WalkIns

# What was measured counts over so long before, and from so many visits on.
MEASURED = timedelta(weeks=8)
LEAST_VISITS = 20
# When nothing was measured and nothing is booked.
USUAL_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Expected:
    """A day to be simulated, and what of it was measured.

    `as_measured` appointments take as long as was measured; the others as long as planned. `walk_ins` are expected to
    come. `late_measured`, `walk_ins_measured`: how early people come, and how long a walk-in takes, was measured.
    """

    day: Day
    as_measured: int
    late_measured: bool
    walk_ins_measured: bool

    @property
    def walk_ins(self) -> float:
        """How many are expected to walk in, over the whole day."""
        return sum((one.ends - one.begins) / HOUR * one.per_hour for one in self.day.walk_ins)


async def booked_day(session: AsyncSession, plan: Plan, place: Place, day: date, today: date) -> Day:
    """As `expected_day`, only the day."""
    return (await expected_day(session, plan, place, day, today)).day


async def expected_day(session: AsyncSession, plan: Plan, place: Place, day: date, today: date) -> Expected:
    """The day at a place, in seconds after local midnight. Its `stretches` are empty when it is closed.

    Service times, punctuality and walk-ins (on this day of the week) are those of eight weeks before; where too little
    was measured an appointment takes the minutes that are planned for it, and nobody walks in.
    """
    opened = plan.opening(place, day)
    stretches = open_stretches(opened)
    until = min(day, today)
    since = until - MEASURED
    appointments, as_measured = await _appointments(session, plan, place, day, since)
    seconds = await queries.walk_in_seconds(session, place.code, since, until)
    walk_ins = await _walk_ins(session, place, day, stretches, since, until, appointments, seconds)
    late = [
        (arrived - planned).total_seconds()
        for planned, arrived in await queries.arrivals(session, place.code, since, until)
    ]
    late_measured = len(late) >= LEAST_VISITS
    punctuality = Punctuality(fmean(late), stdev(late)) if late_measured else Punctuality()
    found = Day(stretches, tuple(appointments), walk_ins, punctuality)
    return Expected(found, as_measured, late_measured, len(seconds) >= LEAST_VISITS)


def open_stretches(opened: Opening) -> tuple[Stretch, ...]:
    """From when until when how many counters are open, those for staff only too."""
    found: list[Stretch] = []
    for first, end in opened.staff_stretches:
        for bit in range(first, end):
            counters = sum(row >> bit & 1 for row in opened.staff_rows.values())
            begins, ends = float(bit * CELL_SECONDS), float((bit + 1) * CELL_SECONDS)
            if found and (found[-1].ends, found[-1].counters) == (begins, counters):
                found[-1] = Stretch(found[-1].begins, ends, counters)
            else:
                found.append(Stretch(begins, ends, counters))
    return tuple(found)


async def _appointments(
    session: AsyncSession, plan: Plan, place: Place, day: date, since: date
) -> tuple[list[Planned], int]:
    """The appointments, and how many of them take as long as was measured."""
    midnight = instant(plan.opening(place, day).first_cell)
    booked = await hall_queries.expected(session, place.code, *day_bounds(day, plan.zone))
    numbers = [one.id for one, _ in booked if one.id is not None]
    products = await appointment_queries.products_of_all(session, numbers)
    measured = await hall_queries.service_seconds(session, place.code, since, LEAST_VISITS)
    found = [
        Planned(
            (one.starts_at - midnight).total_seconds(),
            seconds_for(products.get(one.id or 0, []), measured, (one.ends_at - one.starts_at).total_seconds()),
        )
        for one, _ in booked
    ]
    return found, sum(is_measured(products.get(one.id or 0, []), measured) for one, _ in booked)


def is_measured(products: Sequence[tuple[str, int]], measured: Mapping[str, float]) -> bool:
    """Whether it is known how long a visit for these (code, persons) takes: each was measured, for one person."""
    return bool(products) and all(persons == 1 and code in measured for code, persons in products)


def seconds_for(products: Sequence[tuple[str, int]], measured: Mapping[str, float], planned: float) -> float:
    """How long a visit for these (code, persons) takes; as planned unless each of them was measured, for one person."""
    if is_measured(products, measured):
        return max(1.0, sum(measured[code] for code, _ in products))
    return planned


async def _walk_ins(
    session: AsyncSession,
    place: Place,
    day: date,
    stretches: Sequence[Stretch],
    since: date,
    until: date,
    appointments: Sequence[Planned],
    seconds: Sequence[int],
) -> tuple[WalkIns, ...]:
    """As many in the hours of this day as on the same day of the week before."""
    by_day = await queries.walk_ins_by_day(session, place.code, since, until)
    number = mean(times for other, times in by_day.items() if other.isoweekday() == day.isoweekday())
    hours = sum(stretch.ends - stretch.begins for stretch in stretches) / HOUR
    if not place.walk_ins or not number or not hours:
        return ()
    takes = fmean(seconds) if len(seconds) >= LEAST_VISITS else mean(one.takes for one in appointments)
    return tuple(
        WalkIns(stretch.begins, stretch.ends, number / hours, max(1.0, takes or USUAL_SECONDS)) for stretch in stretches
    )
