"""A queue gets another name at the exchange: its figures stay one series."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.telephony import queries
from kcc.contacts.telephony.intake import QUARTER_SECONDS
from kcc.errors import InvalidInput, NotFound


async def rename_queue(session: AsyncSession, old: str, new: str, now: datetime) -> int:
    """What was called `old` is called `new`, in the past too, and when events still name it so. Returns how many calls.

    A queue that is called `new` already becomes one with it. Events keep the name that they came with.

    Raises InvalidInput for a name that is no other, and NotFound for a queue without calls.
    """
    if old == new or not new.strip() or len(new) > 80 or not new.isprintable():
        raise InvalidInput("give another name, of 1 to 80 characters")
    await queries.lock_sources(session)
    entered = await queries.entered_in(session, old)
    if not entered:
        raise NotFound(f"no calls of a queue {old!r}")
    names = {queue: new if name == old else name for queue, name in (await queries.renames(session)).items()}
    names = {queue: name for queue, name in names.items() if queue != new} | {old: new}
    await queries.put_renames(session, names, now)
    await queries.move_calls(session, old, new)
    await queries.add_changes(session, {int(at.timestamp()) // QUARTER_SECONDS for at in entered})
    return len(entered)
