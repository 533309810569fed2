"""What is usual, from the counted calls: when they come, how long they take, how patient callers are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.errors import FieldError, InvalidInput
from kcc.service_levels.histograms import LONGEST, unpacked
from kcc.service_levels.periods import QUARTER, bounds
from kcc.service_levels.phone.queries import Counted, counted_days, known_queues
from kcc.service_levels.phone.tallies import ALL
from kcc.service_levels.planning import queries
from kcc.service_levels.staffing.limits import HANDLING_SECONDS, PATIENCE_SECONDS, Limit

# Of so many weeks before the last day with calls the mean handling time and patience are taken.
WEEKS_OF_HABITS: Final = 6
# With fewer callers who gave up their patience would be a guess: then nobody is taken to hang up.
LEAST_ABANDONED: Final = 10


@dataclass(frozen=True, slots=True)
class Habits:
    """Means in seconds: handling a call (None: of no call it is known), and patience (None: hardly anybody gave up)."""

    handling: float | None
    patience: float | None


async def check_queue(session: AsyncSession, queue: str, place: str = "query", name: str = "queue") -> None:
    """Raises InvalidInput, at a field, for a queue that nobody ever called; no queue is all of them."""
    if queue == ALL:
        return
    known = await known_queues(session)
    if queue not in known:
        names = ", ".join(known) or "er zijn nog geen gesprekken"
        text = f"Wachtrij {queue} is niet bekend. Bekend zijn: {names}."
        raise InvalidInput(text, [FieldError(place, name, "unknown", text)])


async def history(
    session: AsyncSession, first: date, last: date, zone: ZoneInfo, queue: str = ALL
) -> dict[date, list[int]]:
    """Calls in each quarter of an hour of each local day on which anybody called."""
    found: dict[date, list[int]] = {}
    arrivals = await queries.arrivals(session, *bounds(first, last, zone), queue)
    for day, quarters in groupby(arrivals, key=lambda row: row[0].astimezone(zone).date()):
        begin, end = bounds(day, day, zone)
        counts = [0] * ((end - begin) // QUARTER)
        for start, calls in quarters:
            counts[(start - begin) // QUARTER] = calls
        if any(counts):
            found[day] = counts
    return found


async def habits(session: AsyncSession, before: date, queue: str = ALL) -> Habits:
    """As they were in the six weeks up to the last day with calls before this one."""
    last = await queries.last_day(session, before, queue)
    if last is None:
        return Habits(None, None)
    first = last - timedelta(weeks=WEEKS_OF_HABITS) + timedelta(days=1)
    return habits_of(await counted_days(session, first, last, [queue], LONGEST))


def habits_of(rows: Collection[Counted]) -> Habits:
    """Of these counts: handling time of those answered; all waiting / those who gave up. Pure."""
    talked, abandoned = sum(row.talked for row in rows), sum(row.abandoned for row in rows)
    waited = sum(row.wait_seconds for row in rows) + sum(_total(row.abandoned_waits) for row in rows)
    return Habits(
        _within(HANDLING_SECONDS, sum(row.handle_seconds for row in rows) / talked) if talked else None,
        _within(PATIENCE_SECONDS, waited / abandoned) if abandoned >= LEAST_ABANDONED else None,
    )


def closed_weekdays(history: Mapping[date, object], least_days: int) -> frozenset[int]:
    """Weekdays (0 is Monday) on which nobody called in six weeks, though others did: then nobody answers. Pure."""
    if len(history) < least_days:
        return frozenset()
    last = max(history)
    recent = {day.weekday() for day in history if last - day < timedelta(weeks=WEEKS_OF_HABITS)}
    return frozenset(range(7)) - recent


def _total(waits: bytes) -> int:
    return sum(seconds * calls for seconds, calls in unpacked(waits).items())


def _within(limit: Limit, value: float) -> float:
    return min(max(value, limit.least), limit.most)
