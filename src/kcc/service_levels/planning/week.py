"""A coming week: calls expected, agents needed, and those on the roster or usually there."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.service_levels.periods import bounds
from kcc.service_levels.phone.tallies import ALL
from kcc.service_levels.planning import queries
from kcc.service_levels.planning.expecting import Expectation, expect
from kcc.service_levels.planning.promise import Promise, work
from kcc.service_levels.staffing.advice import Slot
from kcc.service_levels.staffing.needs import Work
from kcc.service_levels.staffing.presence import Cell, present, usual

# Of so many weeks before the last day with calls is looked who handled them.
WEEKS_OF_PRESENCE: Final = 4
QUARTER_MINUTES: Final = 15


class Source(StrEnum):
    """Where the number of agents comes from: typed, or estimated from who handled calls."""

    TYPED = "typed"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True)
class WeekPlan:
    """Quarters of the days that are forecast. `work` is None when it is not known how long a call takes.

    `source` is None, and agents are 0, when nothing is known of who is there, or one queue was asked for: who is there
    takes calls of all of them.
    """

    expectation: Expectation
    work: Work | None
    slots: list[Slot]
    source: Source | None


async def plan_week(
    session: AsyncSession, zone: ZoneInfo, today: date, monday: date, promise: Promise, queue: str = ALL
) -> WeekPlan:
    """The days of a week that are not over yet."""
    week = [monday + timedelta(days=number) for number in range(7)]
    found = await expect(session, zone, today, [day for day in week if day >= today], queue)
    agents, source = await scheduled(session, zone, today) if queue == ALL else ({}, None)
    slots = []
    for one in found.days:
        for quarter in one.quarters:
            local = quarter.start.astimezone(zone)
            clock = local.hour * 4 + local.minute // QUARTER_MINUTES
            slots.append(Slot(one.day, clock, quarter.expected, agents.get((one.day.weekday(), clock), 0.0)))
    return WeekPlan(found, work(found.habits, promise), slots, source)


async def scheduled(session: AsyncSession, zone: ZoneInfo, today: date) -> tuple[dict[Cell, float], Source | None]:
    """Agents in each quarter of the week: the roster, or without one how many were usually there before `today`."""
    if typed := await typed_roster(session):
        return typed, Source.TYPED
    last = await queries.last_day(session, today, ALL)
    if last is None:
        return {}, None
    first = last - timedelta(weeks=WEEKS_OF_PRESENCE) + timedelta(days=1)
    found = usual(present(await queries.handled(session, *bounds(first, last, zone))), zone)
    return found, Source.ESTIMATED if found else None


async def typed_roster(session: AsyncSession) -> dict[Cell, float]:
    """Agents in each quarter of the week as they were typed; empty when nothing was."""
    typed: dict[Cell, float] = {}
    for row in await queries.roster(session):
        for quarter in range(row.begins // QUARTER_MINUTES, row.ends // QUARTER_MINUTES):
            cell = row.weekday, quarter
            typed[cell] = typed.get(cell, 0.0) + row.agents
    return typed
