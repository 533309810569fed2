"""Keeps the counts of calls in step with the calls: what changed is counted anew, from the calls themselves."""

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.telephony.queries import is_changed, take_changes
from kcc.service_levels.periods import QUARTER, bounds
from kcc.service_levels.phone import queries
from kcc.service_levels.phone.tallies import Tally, by_quarter
from kcc.storage.turns import take_turn

TURN = 0x6B63632D63616C6C  # whoever counts calls does so alone
PART = 200  # changes at a time: some days of calls at most
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def count_changed(session: AsyncSession, zone: ZoneInfo) -> bool:
    """Count some of what changed anew. Returns whether there may be more.

    The changes are read before the calls: what changes in between is counted now, and once more later.
    """
    await take_turn(session, TURN)
    days: dict[date, set[datetime]] = defaultdict(set)
    for quarter in await take_changes(session, PART):
        start = _EPOCH + quarter * QUARTER
        days[start.astimezone(zone).date()].add(start)
    for day in sorted(days):
        await _count(session, day, days[day], zone)
    return bool(days) and await is_changed(session)


async def count_day(session: AsyncSession, day: date, zone: ZoneInfo) -> None:
    """Count all calls of a day anew."""
    await take_turn(session, TURN)
    begin, end = bounds(day, day, zone)
    starts = [begin + number * QUARTER for number in range((end - begin) // QUARTER)]
    await _count(session, day, starts, zone)


async def _count(session: AsyncSession, day: date, starts: Collection[datetime], zone: ZoneInfo) -> None:
    wanted = set(starts)
    tallies = by_quarter(await queries.visits(session, min(wanted), max(wanted) + QUARTER))
    await queries.put_quarters(session, wanted, {at: tally for at, tally in tallies.items() if at[0] in wanted})
    together: dict[str, Tally] = defaultdict(Tally)
    for row in await queries.quarters(session, *bounds(day, day, zone)):
        together[row.queue].add(queries.tally_of(row))
    await queries.put_day(session, day, together)


async def all_days(session: AsyncSession, zone: ZoneInfo) -> list[date]:
    """Every day on which there may be calls, or counts of them."""
    between = await queries.all_between(session)
    if between is None:
        return []
    first, last = (moment.astimezone(zone).date() for moment in between)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
