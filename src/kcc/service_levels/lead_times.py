"""Lead times: calendar days from booking (day 0) to the appointment, and from a day to the first free start then."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from statistics import median
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.availability.cells import day_bounds, instant
from kcc.appointments.availability.offering import Asker
from kcc.appointments.availability.plan import Place, Plan, Terms, days
from kcc.appointments.finding import first_free
from kcc.appointments.planner import Planner
from kcc.appointments.policy import Policy
from kcc.clock import Clock
from kcc.service_levels import queries
from kcc.service_levels.definitions import mean, share
from kcc.service_levels.models import LeadTime
from kcc.service_levels.periods import By, day_of
from kcc.storage.database import Database

EVERY_SECONDS = 600.0


class LeadTimeKeeper:
    """Records once a day how far away the first free start is. Any number of processes may do so at once."""

    def __init__(self, database: Database, clock: Clock, planner: Planner, policy: Policy) -> None:
        self._database = database
        self._clock = clock
        self._planner = planner
        self._policy = policy

    async def record(self) -> int:
        """What was not recorded today yet, of each product at each location. Returns how much that was.

        Each in a transaction of its own: nobody who books waits for it.
        """
        today = self._clock.today()
        async with self._database.reading() as session:
            plan = await self._planner.plan(session)
            known = {(row.product, row.location) for row in await queries.lead_times(session, today, today, None)}
        number = 0
        for code, terms, place in offered_places(plan, today):
            if (code, place.code) not in known:
                asker = Asker(self._clock.now(), today, staff=terms.staff_only)
                async with self._database.reading() as session:
                    cell = await first_free(session, plan, self._policy, asker, place, [(code, 1)])
                ahead = None if cell is None else (self._clock.local_date(instant(cell)) - today).days
                async with self._database.writing() as session:
                    await queries.keep_lead_time(
                        session, LeadTime(day=today, product=code, location=place.code, days=ahead)
                    )
                number += 1
        return number

    async def run(self) -> None:
        """Every ten minutes until cancelled; what is new in the plan is recorded that same day."""
        while True:
            await self.record()
            await asyncio.sleep(EVERY_SECONDS)


def offered_places(plan: Plan, today: date) -> Iterator[tuple[str, Terms, Place]]:
    """Each product there is today, with its terms and each location where it can be done."""
    for product, terms in plan.offered(today):
        for place in plan.places_for(frozenset({product.code}), today):
            yield product.code, terms, place


@dataclass(frozen=True, slots=True)
class Row:
    """A product in an interval, of which `day` is the first that is counted. `booked` appointments were made in it.

    `within` are no later than the target of the day on which they were made, out of those made on days with a target;
    `target_days` is the last of these. `free` is (location, days to the first free start) as recorded on the last day
    that has any; no location: it was not recorded then.
    """

    day: date
    product: str
    booked: int
    average_days: float | None
    median_days: float | None
    target_days: int | None
    within: int | None
    percent_within: float | None
    free: tuple[tuple[str, int | None], ...]

    @property
    def first_free_days(self) -> int | None:
        """To the first free start at any location."""
        return min((ahead for _, ahead in self.free if ahead is not None), default=None)


def lead(created_at: datetime, starts_at: datetime, zone: ZoneInfo) -> tuple[date, int]:
    """The local day on which an appointment was made, and how many calendar days later it begins. Pure."""
    made = created_at.astimezone(zone).date()
    return made, (starts_at.astimezone(zone).date() - made).days


class OfDay(NamedTuple):
    """A product on a day: of each appointment made then how many days ahead it is, the target, and what was free."""

    day: date
    ahead: Sequence[int]
    target: int | None
    free: tuple[tuple[str, int | None], ...]


async def rows(
    session: AsyncSession, plan: Plan, first: date, last: date, product: str | None, by: By = By.DAY
) -> list[Row]:
    """A row for every interval of days and product, from the first local day to the last; empty ones too."""
    begin, end = day_bounds(first, plan.zone)[0], day_bounds(last, plan.zone)[1]
    booked: dict[tuple[date, str], list[int]] = {}
    for code, created_at, starts_at in await queries.booked(session, begin, end, product):
        made, ahead = lead(created_at, starts_at, plan.zone)
        booked.setdefault((made, code), []).append(ahead)
    free: dict[tuple[date, str], list[tuple[str, int | None]]] = {}
    for row in await queries.lead_times(session, first, last, product):
        free.setdefault((row.day, row.product), []).append((row.location, row.days))
    found: dict[tuple[date, str], list[OfDay]] = {}
    for start, each in groupby(days(first, last), key=lambda day: day_of(day, by, first)):
        within = list(each)
        for code in plan.products:
            if product in (None, code):
                found[start, code] = [
                    OfDay(day, booked.get((day, code), ()), terms.lead_time_days if terms else None, tuple(free_then))
                    for day in within
                    for terms, free_then in [(plan.products[code].on(day), free.get((day, code), ()))]
                    if terms or (day, code) in booked or free_then
                ]
    return [over(start, code, of_days) for (start, code), of_days in found.items() if of_days]


def over(start: date, product: str, of_days: Sequence[OfDay]) -> Row:
    """The row of these days together, in order. Pure."""
    ahead = [number for one in of_days for number in one.ahead]
    promised = [(one.target, number) for one in of_days if one.target is not None for number in one.ahead]
    targets = [one.target for one in of_days if one.target is not None]
    within = sum(number <= target for target, number in promised) if targets else None
    return Row(
        day=start,
        product=product,
        booked=len(ahead),
        average_days=mean(ahead),
        median_days=float(median(ahead)) if ahead else None,
        target_days=targets[-1] if targets else None,
        within=within,
        percent_within=None if within is None else share(within, len(promised)),
        free=next((one.free for one in reversed(of_days) if one.free), ()),
    )


@dataclass(frozen=True, slots=True)
class Total:
    """A product over several days. Days with a target count in `percent_within`; `first_free` is as last recorded."""

    product: str
    booked: int
    average_days: float | None
    target_days: int | None
    percent_within: float | None
    recorded_on: date | None
    first_free_days: int | None


def totals(found: Sequence[Row], location: str | None = None) -> list[Total]:
    """These rows, of days, by product, in their order; the first free start at one location, or at any. Pure."""
    by_product: dict[str, list[Row]] = {}
    for row in found:
        by_product.setdefault(row.product, []).append(row)
    return [_total(product, each, location) for product, each in by_product.items()]


def _total(product: str, found: Sequence[Row], location: str | None) -> Total:
    booked = sum(row.booked for row in found)
    promised = [row for row in found if row.within is not None]
    days_ahead = sum(row.booked * row.average_days for row in found if row.average_days is not None)
    seen = [(row.day, ahead) for row in found for place, ahead in row.free if location in (None, place)]
    last = max((day for day, _ in seen), default=None)
    return Total(
        product=product,
        booked=booked,
        average_days=days_ahead / booked if booked else None,
        target_days=next((row.target_days for row in reversed(found) if row.target_days is not None), None),
        percent_within=share(sum(row.within or 0 for row in promised), sum(row.booked for row in promised)),
        recorded_on=last,
        first_free_days=min((ahead for day, ahead in seen if day == last and ahead is not None), default=None),
    )
