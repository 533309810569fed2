"""Keeps the counts of calls in step with the calls: what changed is counted anew, from the calls themselves."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.telephony.queries import changed, take_changes
from kcc.service_levels.histograms import LONGEST, merged
from kcc.service_levels.periods import DAY, QUARTER, bounds, next_month
from kcc.service_levels.phone import queries
from kcc.service_levels.phone.queries import Counted
from kcc.service_levels.phone.tallies import ALL, NUMBERS, by_quarter
from kcc.storage.turns import take_turn

TURN = 0x6B63632D63616C6C  # whoever counts calls does so alone
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def count_changed(session: AsyncSession, zone: ZoneInfo) -> bool:
    """Count two days on which something changed anew: the first that was told, and the last. Returns if there were any.

    So each day is counted once, however its changes are strewn, and neither today nor a long backlog waits for the
    other. The changes are removed before the calls are read: what changes in between is counted now, and once more
    later.
    """
    await take_turn(session, TURN)
    found = await changed(session)
    days = sorted({(_EPOCH + quarter * QUARTER).astimezone(zone).date() for quarter in found or ()})
    for day in days:
        begin, end = ((moment - _EPOCH) // QUARTER for moment in bounds(day, day, zone))
        quarters = await take_changes(session, begin, end)
        await _count(session, day, {_EPOCH + quarter * QUARTER for quarter in quarters}, zone)
    for month in months_of(days):
        await _sum_month(session, month)
    return found is not None


async def count_day(session: AsyncSession, day: date, zone: ZoneInfo) -> None:
    """Count all calls of a day anew."""
    await take_turn(session, TURN)
    begin, end = bounds(day, day, zone)
    await _count(session, day, {begin + number * QUARTER for number in range((end - begin) // QUARTER)}, zone)


async def _count(session: AsyncSession, day: date, starts: Collection[datetime], zone: ZoneInfo) -> None:
    await queries.put_quarters(session, starts, by_quarter(await queries.visits(session, starts)))
    quarters = await queries.counted_quarters(session, *bounds(day, day, zone), (), LONGEST)
    await queries.put_day(session, day, _sums(day, quarters))


async def count_month(session: AsyncSession, month: date) -> None:
    """Add up the days of the month that begins on this day anew."""
    await take_turn(session, TURN)
    await _sum_month(session, month)


async def _sum_month(session: AsyncSession, month: date) -> None:
    days = await queries.counted_days(session, month, next_month(month) - DAY, (), LONGEST)
    await queries.put_month(session, month, _sums(month, days))


def months_of(days: Iterable[date]) -> list[date]:
    """The first day of each month that one of these is in."""
    return sorted({day.replace(day=1) for day in days})


def _sums(start: date, parts: Iterable[Counted]) -> list[Counted]:
    apart: dict[str, list[Counted]] = defaultdict(list)
    for row in parts:
        apart[row.queue].append(row)
    of_queues = [_together(start, queue, rows) for queue, rows in sorted(apart.items())]
    return [_together(start, ALL, of_queues), *of_queues] if of_queues else []


def _together(start: date, queue: str, rows: Sequence[Counted]) -> Counted:
    numbers = [sum(getattr(row, name) for row in rows) for name in NUMBERS]
    waits = merged(row.answered_waits for row in rows), merged(row.abandoned_waits for row in rows)
    return Counted._make((start, queue, *numbers, *waits))


async def all_days(session: AsyncSession, zone: ZoneInfo) -> list[date]:
    """Every day on which there may be calls, or counts of them."""
    between = await queries.all_between(session)
    if between is None:
        return []
    first, last = (moment.astimezone(zone).date() for moment in between)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
