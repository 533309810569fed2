"""SQL of who sits at which telephone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.telephony.models import Call, PhoneFree, PhoneSeat


async def add(session: AsyncSession, seat: PhoneSeat) -> None:
    """Insert a seat."""
    session.add(seat)
    await session.flush()


async def phone_of(session: AsyncSession, agent: str) -> str | None:
    """The telephone at which an agent sits."""
    query = select(PhoneSeat.phone).where(PhoneSeat.agent == agent, col(PhoneSeat.until).is_(None))
    return (await session.exec(query)).first()


async def is_free(session: AsyncSession, agent: str) -> bool:
    """Whether this agent said that they work without a telephone."""
    return await session.get(PhoneFree, agent) is not None


async def set_free(session: AsyncSession, agent: str, since: datetime | None) -> None:
    """Note since when an agent works without a telephone; None: not any more."""
    if since is None:
        await session.exec(delete(PhoneFree).where(col(PhoneFree.agent) == agent))
    elif await session.get(PhoneFree, agent) is None:
        session.add(PhoneFree(agent=agent, since=since))
        await session.flush()


async def has_telephony(session: AsyncSession) -> bool:
    """Whether anybody ever sat at a telephone, or called."""
    seat, call = select(PhoneSeat.id).limit(1), select(Call.id).limit(1)
    return (await session.exec(seat)).first() is not None or (await session.exec(call)).first() is not None


async def vacate(session: AsyncSession, agent: str, phone: str | None, since: datetime) -> set[str]:
    """End the seats of an agent, and those at a telephone, at a moment. Returns whose they were."""
    whose: Any = PhoneSeat.agent == agent
    if phone is not None:
        whose = or_(whose, col(PhoneSeat.phone) == phone)
    query = select(PhoneSeat).where(whose, or_(col(PhoneSeat.until).is_(None), col(PhoneSeat.until) > since))
    gone = set()
    for seat in (await session.exec(query)).all():
        gone.add(seat.agent)
        if seat.since >= since:
            await session.delete(seat)
        else:
            seat.until = since
    await session.flush()
    return gone


async def seats_between(session: AsyncSession, begin: datetime, end: datetime) -> Sequence[PhoneSeat]:
    """Who sat where from one moment up to another."""
    query = select(PhoneSeat).where(
        col(PhoneSeat.since) < end, or_(col(PhoneSeat.until).is_(None), col(PhoneSeat.until) > begin)
    )
    return (await session.exec(query)).all()
