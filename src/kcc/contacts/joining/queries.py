"""SQL of contacts and their calls."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.log.kinds import CallLink, Channel
from kcc.contacts.log.models import Contact
from kcc.contacts.telephony.calls import CallOutcome
from kcc.contacts.telephony.models import Call, CallSource

# Far more than anybody waits; so that calls can be found by when they entered.
MOST_WAITED = timedelta(days=1)
LOOKING = text("contact.call_link = 'looking'")  # written out: only so is the small index of these used


async def is_unsettled(session: AsyncSession) -> bool:
    """Whether there is anything to join."""
    touched = select(CallSource.id).where(col(CallSource.touched_from_ms).is_not(None)).limit(1)
    looking = select(Contact.id).where(LOOKING, col(Contact.is_open).is_(False)).limit(1)
    return (await session.exec(touched)).first() is not None or (await session.exec(looking)).first() is not None


async def touched_source(session: AsyncSession) -> CallSource | None:
    """A source of which calls changed, locked."""
    query = select(CallSource).where(col(CallSource.touched_from_ms).is_not(None)).order_by(col(CallSource.id)).limit(1)
    return (await session.exec(query.with_for_update().execution_options(populate_existing=True))).first()


async def looking(session: AsyncSession, limit: int) -> Sequence[Contact]:
    """Contacts that are over and whose call is still to be found, locked."""
    query = select(Contact).where(LOOKING, col(Contact.is_open).is_(False)).order_by(col(Contact.id)).limit(limit)
    return (await session.exec(query.with_for_update().execution_options(populate_existing=True))).all()


async def over_between(session: AsyncSession, begin: datetime, end: datetime, limit: int) -> Sequence[Contact]:
    """Contacts by phone that began from one moment up to another and are over, in that order, locked."""
    query = (
        select(Contact)
        .where(
            col(Contact.started_at) >= begin,
            col(Contact.started_at) < end,
            Contact.channel == Channel.PHONE,
            col(Contact.is_open).is_(False),
        )
        .order_by(col(Contact.started_at), col(Contact.id))
        .limit(limit)
    )
    return (await session.exec(query.with_for_update().execution_options(populate_existing=True))).all()


async def answered_between(session: AsyncSession, begin: datetime, end: datetime) -> Sequence[Call]:
    """Calls that were answered from one moment up to another."""
    query = select(Call).where(
        col(Call.entered_at) >= begin - MOST_WAITED,
        col(Call.entered_at) < end,
        col(Call.answered_at) >= begin,
        col(Call.answered_at) < end,
    )
    return (await session.exec(query)).all()


async def callers(session: AsyncSession, calls: Collection[int]) -> dict[int, str]:
    """The requester key of who called, of these calls; empty of who withheld the number."""
    found = await session.exec(select(Call.id, Call.caller).where(col(Call.id).in_(calls)))
    return {call: caller for call, caller in found.all() if call is not None}


async def contacts_without_call(
    session: AsyncSession, begin: datetime, end: datetime, limit: int, offset: int
) -> tuple[Sequence[Contact], int]:
    """Contacts by phone without a call that began from one moment up to another, and how many there are in all."""
    wanted: list[Any] = [
        col(Contact.started_at) >= begin,
        col(Contact.started_at) < end,
        Contact.channel == Channel.PHONE,
        col(Contact.call_link).in_([CallLink.NONE, CallLink.TIE]),
    ]
    total = (await session.exec(select(func.count()).select_from(Contact).where(*wanted))).one()
    query = select(Contact).where(*wanted).order_by(col(Contact.started_at), col(Contact.id))
    return (await session.exec(query.limit(limit).offset(offset))).all(), total


async def calls_without_contact(
    session: AsyncSession, begin: datetime, end: datetime, limit: int, offset: int
) -> tuple[Sequence[tuple[Call, str]], int]:
    """Answered calls without a contact that entered from one moment up to another, with their source; and how many."""
    wanted: list[Any] = [
        col(Call.entered_at) >= begin,
        col(Call.entered_at) < end,
        Call.outcome == CallOutcome.ANSWERED,
        ~select(Contact.id).where(Contact.call == Call.id).exists(),
    ]
    total = (await session.exec(select(func.count()).select_from(Call).where(*wanted))).one()
    query = (
        select(Call, CallSource.code)
        .join(CallSource, col(CallSource.id) == col(Call.source))
        .where(*wanted)
        .order_by(col(Call.entered_at), col(Call.id))
    )
    return (await session.exec(query.limit(limit).offset(offset))).all(), total
