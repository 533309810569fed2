"""What is so now, from the database: nothing in it changes by itself from one second to the next.

How long somebody waits is told by the moment at which they came, and the time by the minute, so that two looks at
which nothing happened give the same.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.hall import queries as hall
from kcc.appointments.hall.course import VisitState
from kcc.appointments.planner import Planner
from kcc.clock import Clock
from kcc.contacts.callbacks import queries as callbacks
from kcc.contacts.callbacks.kinds import CallbackState
from kcc.contacts.callbacks.queries import Wanted
from kcc.contacts.telephony.calls import LOST_AFTER_MS
from kcc.contacts.telephony.ringing import FAST_AT_MOST
from kcc.contacts.telephony.rows import moment
from kcc.service_levels import waits
from kcc.service_levels.live import queries
from kcc.service_levels.live.agents import AgentNow, agents_now
from kcc.service_levels.live.target import Promised, promised
from kcc.service_levels.phone.queries import Counted, counted_quarters, known_queues
from kcc.service_levels.queries import visits
from kcc.settings import Settings

# Queues of which there were no calls for longer are not on the board.
QUEUE_DAYS = 7
LOST_AFTER = timedelta(milliseconds=LOST_AFTER_MS)
# Looking at all agents' events may take this share of a processor: on a large log they are looked at less often.
AGENTS_SHARE = 0.05
# From when to when it is open on a day.
Hours = Callable[[AsyncSession, date], Awaitable[list[tuple[datetime, datetime]]]]


class HallNow(NamedTuple):
    """A location: since when each waits, the longest first, and of the appointments today those called in time."""

    code: str
    name: str
    since: tuple[datetime, ...]
    visits: int
    within: int
    percent: float | None


@dataclass(frozen=True, slots=True)
class OfMinute:
    """What is looked at once a minute: hours, queues and targets."""

    minute: datetime
    openings: tuple[tuple[datetime, datetime], ...]
    queues: tuple[str, ...]
    promised: Promised


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything of one moment, which is told by the minute. `heard_at` is when an exchange last told something."""

    day: date
    minute: datetime
    promised: Promised
    openings: tuple[tuple[datetime, datetime], ...]
    waiting: tuple[tuple[str, datetime], ...]
    counted: tuple[Counted, ...]
    queues: tuple[str, ...]
    callbacks: int
    overdue: int
    halls: tuple[HallNow, ...]
    agents: tuple[AgentNow, ...]
    heard_at: datetime | None


class FactFinder:
    """Looks in the database, and keeps what need not be looked at again."""

    def __init__(self, clock: Clock, planner: Planner, settings: Settings, hours: Hours) -> None:
        self._clock = clock
        self._planner = planner
        self._settings = settings
        self._hours = hours
        self._minute: OfMinute | None = None
        self._halls: tuple[object, tuple[HallNow, ...]] | None = None
        self._agents: tuple[float, date, tuple[AgentNow, ...]] | None = None

    async def find(self, session: AsyncSession) -> Facts:
        """What is so now."""
        now, day = self._clock.now(), self._clock.today()
        begin, end = self._clock.bounds(day, day)
        minute = now.astimezone(UTC).replace(second=0, microsecond=0)
        known = await self._of_minute(session, minute, day)
        counted = await counted_quarters(session, begin, end, (), known.promised.longest)
        heard = await queries.heard(session)
        told = [moment(one.newest) for one in heard if begin <= moment(one.newest) <= now + FAST_AT_MOST]
        return Facts(
            day=day,
            minute=minute,
            promised=known.promised,
            openings=known.openings,
            waiting=tuple(await queries.waiting(session, now - LOST_AFTER, now + FAST_AT_MOST)),
            counted=tuple(counted),
            queues=known.queues,
            callbacks=await callbacks.number_of(session, Wanted(state=CallbackState.OPEN), now),
            overdue=await callbacks.number_of(session, Wanted(state=CallbackState.OVERDUE), now),
            halls=await self._of_halls(session, day, known.promised),
            agents=await self._of_agents(session, day, begin, heard),
            heard_at=max(told).replace(second=0, microsecond=0) if told else None,
        )

    async def _of_minute(self, session: AsyncSession, minute: datetime, day: date) -> OfMinute:
        if self._minute is None or self._minute.minute != minute:
            queues = await queries.queues_between(session, day - timedelta(days=QUEUE_DAYS), day)
            places = (await self._planner.plan(session)).places
            found = await promised(session, self._settings, day, await known_queues(session), list(places))
            self._minute = OfMinute(minute, tuple(await self._hours(session, day)), tuple(queues), found)
        return self._minute

    async def _of_halls(self, session: AsyncSession, day: date, promised: Promised) -> tuple[HallNow, ...]:
        """Read again only when something changed in a hall, or of the plan."""
        plan = await self._planner.plan(session)
        mark = day, plan.version, promised, await hall.versions(session, day)
        if self._halls is None or self._halls[0] != mark:
            rows = []
            for place in waits.places(plan, waits.Asked(day, day)):
                asked = waits.Asked(day, day, location=place.code)
                limits = promised.of_location(place.code).thresholds
                rows += await waits.rows(session, plan, asked, limits, self._clock.now())
            present: dict[str, list[datetime]] = {}
            for one in await visits(session, day, day, None, with_products=False):
                if one.state is VisitState.WAITING:
                    since = max(one.planned_at or one.arrived_at, one.arrived_at)
                    present.setdefault(one.location, []).append(since)
            found = [
                HallNow(
                    row.location,
                    plan.places[row.location].name,
                    tuple(sorted(present.get(row.location, ()))),
                    row.waits.visits,
                    row.waits.within,
                    row.waits.percent_within,
                )
                for row in rows
            ]
            self._halls = mark, tuple(found)
        return self._halls[1]

    async def _of_agents(
        self, session: AsyncSession, day: date, begin: datetime, heard: list[queries.Heard]
    ) -> tuple[AgentNow, ...]:
        began = time.monotonic()
        if self._agents is None or self._agents[1] != day or began >= self._agents[0]:
            begin_ms = int(begin.timestamp() * 1000)
            today = [one.source for one in heard if one.newest >= begin_ms]
            found: list[AgentNow] = []
            if today:
                found = agents_now(
                    await queries.agent_events(session, today, begin),
                    await queries.last_calls(session, begin),
                    await queries.unended_calls(session, begin),
                    {one.source: max(one.started, one.newest - LOST_AFTER_MS) for one in heard},
                )
            took = time.monotonic() - began
            self._agents = began + took / AGENTS_SHARE, day, tuple(found)
        return self._agents[2]
