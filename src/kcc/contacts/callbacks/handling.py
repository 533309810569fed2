"""What becomes of a callback: attempts, notes, its end, back to the contact centre, on to another department."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access.bsn import bsn_like
from kcc.catalogue import queries as catalogue
from kcc.catalogue.refusals import unknown, unknown_field
from kcc.contacts.callbacks import queries
from kcc.contacts.callbacks.kinds import Closing
from kcc.contacts.callbacks.models import CallbackAttempt, CallbackNote
from kcc.contacts.callbacks.queries import Promise
from kcc.contacts.callbacks.refusals import already_closed
from kcc.contacts.callbacks.schemas import Close, HandBack, HandOver, NewAttempt, NewNote
from kcc.contacts.callbacks.telling import Letter, tell
from kcc.contacts.log.refusals import refuse, suspected

# Who does it by the department's link.
BY_DEPARTMENT = None


def _must_be_open(promise: Promise, now: datetime, zone: ZoneInfo) -> None:
    if not promise.is_open:
        raise already_closed(promise.callback, now, zone)


async def attempt(
    session: AsyncSession, promise: Promise, given: NewAttempt, by: str | None, now: datetime, zone: ZoneInfo
) -> None:
    """Somebody called. Raises AlreadyClosed and BsnSuspected."""
    _must_be_open(promise, now, zone)
    refuse(list(suspected(given.note, "/note", confirmed=given.bsn_confirmed_not)))
    assert promise.callback.id is not None
    row = CallbackAttempt(
        callback=promise.callback.id,
        at=now,
        by=by,
        reached=given.reached,
        note=given.note,
        bsn_confirmed_not=bool(bsn_like(given.note)),
    )
    await queries.add(session, row)
    promise.attempts.append(row)


async def close(
    session: AsyncSession, promise: Promise, given: Close, by: str | None, now: datetime, zone: ZoneInfo
) -> None:
    """It is over; whoever asked is told, but for who withdrew it. Once more by the same one, in the same way: nothing.

    Raises AlreadyClosed when it ended in another way or by another, or there is more to note; and BsnSuspected.
    """
    callback = promise.callback
    same = callback.closed_as is given.outcome and callback.closed_by == by
    if same and given.note in ("", callback.closing_note):
        return
    _must_be_open(promise, now, zone)
    refuse(list(suspected(given.note, "/note", confirmed=given.bsn_confirmed_not)))
    callback.closed_at, callback.closed_by = now, by
    callback.closed_as, callback.closing_note = given.outcome, given.note
    await session.flush()
    if given.outcome is not Closing.WITHDRAWN:
        await tell(session, callback, Letter.ENDED, now)


async def note(session: AsyncSession, promise: Promise, given: NewNote, by: str | None, now: datetime) -> CallbackNote:
    """Somebody has something to say about it, whether it is open or closed. Raises BsnSuspected."""
    refuse(list(suspected(given.note, "/note", confirmed=given.bsn_confirmed_not)))
    assert promise.callback.id is not None
    row = CallbackNote(
        callback=promise.callback.id, at=now, by=by, text=given.note, bsn_confirmed_not=bool(bsn_like(given.note))
    )
    await queries.add(session, row)
    promise.notes.append(row)
    return row


async def hand_back(session: AsyncSession, promise: Promise, given: HandBack, now: datetime, zone: ZoneInfo) -> None:
    """The department cannot do it: the contact centre has it again. Raises AlreadyClosed and BsnSuspected."""
    _must_be_open(promise, now, zone)
    callback = promise.callback
    refuse(list(suspected(given.note, "/note", confirmed=given.bsn_confirmed_not)))
    callback.handed_back_at, callback.handed_back_note = now, given.note
    await session.flush()
    await tell(session, callback, Letter.HANDED_BACK, now)


async def hand_over(session: AsyncSession, promise: Promise, given: HandOver, now: datetime, zone: ZoneInfo) -> None:
    """Another department calls, or the same again; it is mailed. The promise stays as it was; who hears that it
    is overdue, begins anew.

    Raises AlreadyClosed and UnknownReference.
    """
    _must_be_open(promise, now, zone)
    if not await catalogue.departments_among(session, {given.department}):
        raise unknown([unknown_field("department", f"de afdeling {given.department} bestaat niet")])
    callback = promise.callback
    if callback.handed_back_at is None and callback.department == given.department:
        return
    callback.department = given.department
    callback.handed_back_at, callback.handed_back_note = None, ""
    callback.person_alerted_at = callback.department_alerted_at = callback.lead_alerted_at = None
    await session.flush()
    await tell(session, callback, Letter.ASKED, now)
