"""Who sees which callbacks: the open ones everybody who answers callers, a closed one who promised it and team leads.

Whoever was promised a call rings again and gets somebody else: that one must see what was promised.
"""

from dataclasses import replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.callbacks import queries
from kcc.contacts.callbacks.kinds import CallbackState
from kcc.contacts.callbacks.models import CallbackNote
from kcc.contacts.callbacks.queries import Promise, Wanted
from kcc.contacts.log.reading import Reader
from kcc.errors import NotFound


async def visible(session: AsyncSession, callback: int, reader: Reader, *, lock: bool = False) -> Promise:
    """A callback that this reader may see; locked when it is going to change. Raises NotFound."""
    found = await queries.promise(session, callback, lock=lock)
    if found is None or not may_see(found, reader):
        raise NotFound("Dit terugbelverzoek is er niet, of het is afgerond en van een ander")
    return found


def may_see(found: Promise, reader: Reader) -> bool:
    """Whether this reader sees it, now that it stands as it does."""
    return found.is_open or reader.sees_all or found.callback.agent == reader.agent


async def page(
    session: AsyncSession, wanted: Wanted, reader: Reader, now: datetime, limit: int, offset: int
) -> tuple[int, list[Promise]]:
    """How many callbacks there are that this reader may see, and a part of them: first what is due first."""
    return await queries.promises(session, _seen_by(wanted, reader), now, limit, offset)


def _seen_by(wanted: Wanted, reader: Reader) -> Wanted:
    return wanted if reader.sees_all else replace(wanted, closed_of=reader.agent)


async def number_of(session: AsyncSession, wanted: Wanted, reader: Reader, now: datetime) -> int:
    """How many callbacks there are that this reader may see."""
    return await queries.number_of(session, _seen_by(wanted, reader), now)


async def overdue_for(session: AsyncSession, reader: Reader, now: datetime) -> int:
    """How many are too late of what this reader promised; of all for a team lead."""
    wanted = Wanted(state=CallbackState.OVERDUE, agent=None if reader.sees_all else reader.agent)
    return await queries.number_of(session, wanted, now)


async def note(session: AsyncSession, number: int) -> CallbackNote:
    """A note, for who just wrote it."""
    return await queries.note(session, number)


async def stands(session: AsyncSession, question: int) -> bool:
    """Whether somebody is still to be called back about this question of the contact log."""
    return await queries.open_about(session, question) is not None


async def known(session: AsyncSession, callback: int, *, lock: bool = False) -> Promise:
    """A callback for who changes it, or has its link. Raises NotFound.

    Whoever had it open when it was closed may not see it any more, but must hear of that and lose nothing.
    """
    found = await queries.promise(session, callback, lock=lock)
    if found is None:
        raise NotFound("Dit terugbelverzoek is er niet")
    return found
