"""Why a past week fell short: more calls than expected, longer ones, fewer agents, or less patience."""

from asyncio import to_thread
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, cast
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.service_levels.histograms import LONGEST
from kcc.service_levels.periods import By, bounds
from kcc.service_levels.phone.levels import Asked, Level, Rules, levels, together
from kcc.service_levels.phone.queries import counted_days
from kcc.service_levels.phone.tallies import ALL
from kcc.service_levels.planning import queries
from kcc.service_levels.planning.expecting import expect
from kcc.service_levels.planning.habits import habits_of
from kcc.service_levels.planning.promise import Promise, work
from kcc.service_levels.planning.week import QUARTER_MINUTES, Source, typed_roster
from kcc.service_levels.staffing.decompose import Shortfall, Stretch, decompose
from kcc.service_levels.staffing.needs import needed
from kcc.service_levels.staffing.presence import present

# Who never hangs up, as far as anybody notices.
ENDLESS: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class PastWeek:
    """The week that is over, and where its shortfall comes from; None: nobody called, or too little is known of it.

    `source` tells whether the plan is the roster, or else what it would have taken.
    """

    monday: date
    shortfall: Shortfall | None
    source: Source | None


async def past_week(session: AsyncSession, zone: ZoneInfo, today: date, promise: Promise) -> PastWeek:
    """The last week, from Monday to Sunday, before the one that `today` is in.

    The plan is what could be said on its Monday, from what was counted before it, and the roster as it is now; without
    one, as many agents as it would have taken. By the hour: in a quarter of one it is mostly chance how many call.
    """
    monday = today - timedelta(days=today.weekday() + 7)
    sunday = monday + timedelta(days=6)
    expected = await expect(session, zone, monday, [monday + timedelta(days=number) for number in range(7)])
    usual_work = work(expected.habits, promise)
    asked = Asked(monday, sunday, By.QUARTER, rules=Rules(threshold=promise.threshold))
    rows = await levels(session, asked, zone)
    measured = together(rows).percent
    quarters = {quarter.start: quarter.expected for one in expected.days for quarter in one.quarters}
    if usual_work is None or measured is None or not quarters:
        return PastWeek(monday, None, None)
    roster = await typed_roster(session)
    there = present(await queries.handled(session, *bounds(monday, sunday, zone)))
    recent = habits_of(await counted_days(session, monday, sunday, [ALL], LONGEST))
    hours: dict[datetime, _Hour] = defaultdict(_Hour)
    for row in rows:
        start = cast(datetime, row.start)
        local = start.astimezone(zone)
        calls = quarters.get(start, 0.0)
        cell = local.weekday(), (local.hour * 60 + local.minute) // QUARTER_MINUTES
        plan = roster.get(cell, 0.0) if roster else float(needed(calls, usual_work) or 0)
        hours[start - timedelta(minutes=local.minute)].add(calls, plan, row, there[start])
    busy = [hour for hour in hours.values() if hour.planned or hour.came]
    patience = usual_work.patience or ENDLESS
    planned = [Stretch(hour.seconds, hour.planned, usual_work.handling, hour.roster, patience) for hour in busy]
    actual = [
        Stretch(hour.seconds, hour.came, hour.handling or usual_work.handling, hour.agents, recent.patience or patience)
        for hour in busy
    ]
    # Half a second of sums: others are served meanwhile.
    found = await to_thread(decompose, planned, actual, promise.percent, measured, float(promise.threshold))
    return PastWeek(monday, found, Source.TYPED if roster else None)


@dataclass(slots=True)
class _Hour:
    """An hour as it was planned and as it was."""

    number: int = 0
    planned: float = 0.0
    came: float = 0.0
    rostered: float = 0.0
    there: float = 0.0
    talked: int = 0
    handled: int = 0

    def add(self, calls: float, roster: float, row: Level, there: float) -> None:
        """A quarter in which anybody was expected or came, or somebody was there: before opening is not the hour."""
        came = row.offered + row.sent_away + row.unknown
        if not (calls or came or there):
            return
        self.number += 1
        self.planned += calls
        self.came += came
        self.rostered += roster
        self.there += there
        self.talked += row.talked
        self.handled += row.handle_seconds

    @property
    def seconds(self) -> float:
        return 60.0 * QUARTER_MINUTES * self.number

    @property
    def roster(self) -> float:
        return self.rostered / self.number

    @property
    def agents(self) -> float:
        return self.there / self.number

    @property
    def handling(self) -> float:
        return self.handled / self.talked if self.talked else 0.0
