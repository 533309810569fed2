"""Finds the calls of contacts that are over, and finds them anew when calls came late or changed."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.joining import queries
from kcc.contacts.joining.joining import LONGEST, Joined, Over, Seat, Talk, join
from kcc.contacts.log.kinds import CallLink, Channel
from kcc.contacts.log.models import Contact
from kcc.contacts.telephony import seat_queries
from kcc.contacts.telephony.rows import moment
from kcc.contacts.telephony.seats import phone_name

PART = 1000
_LONGEST_MS = int(LONGEST.total_seconds() * 1000)


async def settle_looking(session: AsyncSession) -> bool:
    """Find the calls of some contacts that are over. Returns whether there may be more of them."""
    found = await queries.looking(session, PART)
    await _settle(session, found)
    return len(found) == PART


async def settle_touched(session: AsyncSession) -> bool:
    """Find anew the calls of some contacts of a time in which calls changed. Returns whether there may be more."""
    source = await queries.touched_source(session)
    if source is None or source.touched_from_ms is None or source.touched_to_ms is None:
        return False
    found = await queries.over_between(
        session, moment(source.touched_from_ms) - LONGEST, moment(source.touched_to_ms), PART
    )
    await _settle(session, found)
    if len(found) < PART:
        source.touched_from_ms = source.touched_to_ms = None
    else:
        source.touched_from_ms = int(found[-1].started_at.timestamp() * 1000) + _LONGEST_MS
    session.add(source)
    await session.flush()
    return True


async def _settle(session: AsyncSession, contacts: Sequence[Contact]) -> None:
    joined = await _joined(session, [one for one in contacts if one.call_link is not CallLink.TOLD])
    for contact in contacts:
        if contact.id in joined:
            contact.call_link, contact.call = joined[contact.id]
        elif contact.call_link is not CallLink.TOLD:
            contact.call_link, contact.call = CallLink.NONE, None
    callers = await queries.callers(session, {contact.call for contact in contacts if contact.call is not None})
    for contact in contacts:
        if not (contact.phone or contact.email):  # known by the call alone
            contact.requester_key = callers.get(contact.call or 0) or None
    await session.flush()


async def _joined(session: AsyncSession, contacts: Sequence[Contact]) -> dict[int, Joined]:
    over = [
        Over(contact.id, contact.agent.casefold(), contact.started_at, contact.finished_at)
        for contact in contacts
        if contact.channel is Channel.PHONE and contact.id is not None and contact.finished_at is not None
    ]
    if not over:
        return {}
    begin, end = min(one.begin for one in over) - LONGEST, max(one.begin for one in over) + LONGEST
    calls = await queries.answered_between(session, begin, end)
    talks = [
        Talk(call.id, phone_name(call.agent), call.agent.casefold(), call.answered_at, call.ended_at)
        for call in calls
        if call.id is not None and call.answered_at is not None
    ]
    seats = [
        Seat(seat.agent.casefold(), seat.phone, seat.since, seat.until)
        for seat in await seat_queries.seats_between(session, begin, end)
    ]
    return join(over, talks, seats)
