"""Who sees which announcements, who read them, and what is still unread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access import queries as access
from kcc.access.principal import Principal
from kcc.access.roles import Role
from kcc.contacts.announcements import queries
from kcc.contacts.announcements.models import Announcement, Importance
from kcc.contacts.announcements.schemas import State
from kcc.errors import Forbidden, NotFound
from kcc.web.notices import Unread

WRITING = frozenset({Role.EDITOR, Role.TEAM_LEAD, Role.ADMINISTRATOR})
READING = WRITING | {Role.AGENT, Role.COUNTER_CLERK}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: by the name they sign in with, and whether they write too."""

    key: str
    writes: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """An announcement as a reader sees it. By how many of how many agents it was read only for who writes."""

    row: Announcement
    read: bool
    read_by: int | None = None
    agents: int | None = None


def reader_of(principal: Principal) -> Reader:
    """Somebody as a reader of announcements."""
    return Reader(principal.key, writes=bool(principal.roles & WRITING))


async def page(
    session: AsyncSession, state: State, reader: Reader, now: datetime, limit: int, offset: int
) -> tuple[int, list[Seen]]:
    """How many announcements there are in a state, and a part of them. Raises Forbidden for those to come."""
    if state is State.PLANNED and not reader.writes:
        raise Forbidden("Berichten die nog niet te zien zijn, zijn alleen voor wie ze schrijft")
    total, rows = await queries.page(session, state, reader.key, now, limit, offset)
    return total, await _seen(session, rows, reader)


async def visible(session: AsyncSession, number: int, reader: Reader, now: datetime, *, lock: bool = False) -> Seen:
    """An announcement that this reader may see; locked when it must not change meanwhile. Raises NotFound."""
    row = found(await queries.announcement(session, number, lock=lock))
    if row.starts_at > now and not reader.writes:
        raise NotFound("Dit bericht is er niet (meer)")
    return (await _seen(session, [(row, await queries.is_read(session, number, reader.key))], reader))[0]


async def _seen(session: AsyncSession, rows: Sequence[tuple[Announcement, bool]], reader: Reader) -> list[Seen]:
    if not reader.writes:
        return [Seen(row, read) for row, read in rows]
    agents = [account.name for account in await access.active_accounts(session, Role.AGENT)]
    counts = await queries.read_counts(session, [row.id or 0 for row, _ in rows], agents)
    return [Seen(row, read, counts.get(row.id or 0, 0), len(agents)) for row, read in rows]


def found(row: Announcement | None) -> Announcement:
    """The announcement. Raises NotFound when there is none."""
    if row is None:
        raise NotFound("Dit bericht is er niet (meer)")
    return row


async def pressing(
    session: AsyncSession, principal: Principal, now: datetime, limit: int
) -> tuple[int, Sequence[Announcement]]:
    """How many announcements somebody has to read soon, and the first of them; none for who does not read them."""
    if not principal.roles & READING:
        return 0, []
    return await queries.pressing(session, principal.key, now, limit)


async def unread(session: AsyncSession, principal: Principal, now: datetime) -> Unread:
    """What somebody has not read of the announcements that are shown now; nothing for who does not read them."""
    if not principal.roles & READING:
        return Unread()
    counts = await queries.unread(session, principal.key, now)
    return Unread(
        announcements=sum(counts.values()),
        important=counts.get(Importance.IMPORTANT, 0),
        urgent=counts.get(Importance.URGENT, 0),
    )
