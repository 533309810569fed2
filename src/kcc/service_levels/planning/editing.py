"""Write, change and remove planned events and the roster; tell what an event turned out to be."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.errors import Conflict, NotFound
from kcc.service_levels.planning import queries
from kcc.service_levels.planning.expecting import expect
from kcc.service_levels.planning.habits import check_queue, history
from kcc.service_levels.planning.models import PlannedEvent, RosterStretch
from kcc.service_levels.planning.schemas import MOST_STRETCHES, EventContent, Roster, StretchContent

# Of so few expected calls a factor is chance.
LEAST_EXPECTED = 20.0
# The last so many events: holding each against a forecast takes a moment.
MOST_MEASURED = 12


async def create_event(session: AsyncSession, content: EventContent) -> PlannedEvent:
    """A new event. Raises InvalidInput for a queue that nobody ever called."""
    await check_queue(session, content.queue, "body", "/queue")
    row = PlannedEvent(**_columns(content))
    await queries.add(session, row)
    return row


async def change_event(session: AsyncSession, number: int, content: EventContent) -> PlannedEvent:
    """Give an event new content. Raises NotFound and InvalidInput."""
    row = await event(session, number)
    if content.queue != row.queue:
        await check_queue(session, content.queue, "body", "/queue")
    for name, value in _columns(content).items():
        setattr(row, name, value)
    await session.flush()
    return row


def _columns(content: EventContent) -> dict[str, Any]:
    return {
        "name": content.name,
        "first_day": content.from_,
        "last_day": content.to,
        "factor": content.factor,
        "queue": content.queue,
    }


async def event(session: AsyncSession, number: int) -> PlannedEvent:
    """One event. Raises NotFound."""
    row = await queries.event(session, number)
    if row is None:
        raise NotFound("Deze gebeurtenis is er niet (meer)")
    return row


async def remove_event(session: AsyncSession, number: int) -> None:
    """Remove one. Raises NotFound."""
    await queries.remove(session, await event(session, number))


async def measured(
    session: AsyncSession, zone: ZoneInfo, today: date, events: Sequence[PlannedEvent]
) -> dict[int, float]:
    """What the factor of each event turned out to be: calls on its days that are over / expected without it.

    As it could be said before its first day. Only of events with enough calls to tell.
    """
    found = {}
    over = [row for row in events if row.first_day < today][:MOST_MEASURED]
    for row in over:
        last = min(row.last_day, today - timedelta(days=1))
        days = [row.first_day + timedelta(days=number) for number in range((last - row.first_day).days + 1)]
        said = await expect(session, zone, row.first_day, days, row.queue, without=row.id or 0)
        came = await history(session, row.first_day, last, zone, row.queue)
        expected = {one.day: one.expected for one in said.days if one.expected is not None and one.day in came}
        whole = sum(expected.values())
        if whole >= LEAST_EXPECTED:
            found[row.id or 0] = sum(sum(came[day]) for day in expected) / whole
    return found


async def add_stretch(session: AsyncSession, content: StretchContent) -> RosterStretch:
    """Somebody more on the roster. Raises Conflict when that is full."""
    if len(await queries.roster(session)) >= MOST_STRETCHES:
        raise Conflict(f"Het rooster heeft al {MOST_STRETCHES} regels. Verwijder er eerst een.")
    row = RosterStretch(**content.columns())
    await queries.add(session, row)
    return row


async def remove_stretch(session: AsyncSession, number: int) -> None:
    """Remove a line of the roster. Raises NotFound."""
    row = await queries.stretch(session, number)
    if row is None:
        raise NotFound("Deze regel van het rooster is er niet (meer)")
    await queries.remove(session, row)


async def replace_roster(session: AsyncSession, content: Roster) -> None:
    """The roster is this, and nothing else."""
    await queries.clear_roster(session)
    await queries.add(session, *(RosterStretch(**stretch.columns()) for stretch in content.stretches))
