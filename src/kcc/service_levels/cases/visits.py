"""The visits behind a figure of the counters: who came, and who should have. Nothing tells who they were."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.availability.cells import day_bounds
from kcc.appointments.availability.plan import Plan
from kcc.service_levels import queries
from kcc.service_levels.attendance import Came, Fate, fate
from kcc.service_levels.definitions import counter_wait
from kcc.service_levels.periods import months
from kcc.service_levels.waits import Asked, Thresholds, no_shows, places


class Case(NamedTuple):
    """A visit, by its planned start or, of a walk-in, its arrival; `wait` in seconds, and None who was not called."""

    at: datetime
    location: str
    products: frozenset[str]
    walk_in: bool
    fate: Fate
    arrived_at: datetime | None = None
    called_at: datetime | None = None
    wait: int | None = None
    in_time: bool | None = None


class Went(StrEnum):
    """Which visits, as figures count them."""

    CALLED = "called"
    IN_TIME = "in-time"
    LATE = "late"
    NO_SHOW = "no-show"
    MISSED = "missed"
    LEFT = "left"
    WALK_IN = "walk-in"
    WALK_IN_IN_TIME = "walk-in-in-time"
    WALK_IN_LATE = "walk-in-late"
    WALK_IN_MISSED = "walk-in-missed"
    WALK_IN_LEFT = "walk-in-left"


WENT: Mapping[Went, Callable[[Case], bool]] = {
    Went.CALLED: lambda one: not one.walk_in and one.fate is Fate.CALLED,
    Went.IN_TIME: lambda one: not one.walk_in and one.in_time is True,
    Went.LATE: lambda one: not one.walk_in and one.in_time is False,
    Went.NO_SHOW: lambda one: one.fate is Fate.NO_SHOW,
    Went.MISSED: lambda one: not one.walk_in and one.fate is Fate.MISSED,
    Went.LEFT: lambda one: not one.walk_in and one.fate is Fate.LEFT,
    Went.WALK_IN: lambda one: one.walk_in and one.fate is Fate.CALLED,
    Went.WALK_IN_IN_TIME: lambda one: one.walk_in and one.in_time is True,
    Went.WALK_IN_LATE: lambda one: one.walk_in and one.in_time is False,
    Went.WALK_IN_MISSED: lambda one: one.walk_in and one.fate is Fate.MISSED,
    Went.WALK_IN_LEFT: lambda one: one.walk_in and one.fate is Fate.LEFT,
}


async def visits(
    session: AsyncSession, plan: Plan, asked: Asked, thresholds: Thresholds, now: datetime, went: Went | None = None
) -> list[Case]:
    """All visits of these days that are in a figure, the newest first; who still waits is in none."""
    there = {place.code for place in places(plan, asked)}
    found: list[Case] = []
    for first, last in months(asked.first, asked.last):
        for one in await queries.visits(session, first, last, asked.location):
            if one.location in there and (asked.product is None or asked.product in one.products):
                case = _case(one, thresholds)
                if case is not None and asked.first <= case.at.astimezone(plan.zone).date() <= asked.last:
                    found.append(case)
    begin, end = day_bounds(asked.first, plan.zone)[0], day_bounds(asked.last, plan.zone)[1]
    absent = await queries.absent(session, begin, end, asked.location, asked.product)
    found += [
        Case(moment, location, frozenset(), False, Fate.NO_SHOW)
        for location, moment in no_shows(plan, absent, now)
        if location in there
    ]
    wanted = [case for case in found if went is None or WENT[went](case)]
    return sorted(wanted, key=lambda case: (case.at, case.location), reverse=True)


def _case(one: Came, thresholds: Thresholds) -> Case | None:
    went = fate(one)
    if went is None:
        return None
    walk_in, wait = one.planned_at is None, None
    if went is Fate.CALLED and one.called_at is not None:
        wait = counter_wait(one.planned_at, one.arrived_at, one.called_at)
    in_time = None if wait is None else wait <= (thresholds.walk_in if walk_in else thresholds.appointment)
    at = one.planned_at or one.arrived_at
    return Case(at, one.location, one.products, walk_in, went, one.arrived_at, one.called_at, wait, in_time)
