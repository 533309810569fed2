"""All SQL of planning."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.telephony.models import Call
from kcc.service_levels.phone.models import CallDay, CallQuarter
from kcc.service_levels.planning.models import ForecastDay, PlannedEvent, RosterStretch


async def arrivals(session: AsyncSession, begin: datetime, end: datetime, queue: str) -> list[tuple[datetime, int]]:
    """How many calls entered a queue in each quarter of an hour, from one moment up to, not at, another, in order."""
    of: Any = CallQuarter
    calls = of.answered + of.abandoned + of.sent_away + of.unknown
    query: Any = select_columns(of.start, calls).where(of.start >= begin, of.start < end, of.queue == queue)
    query = query.order_by(of.start)
    return [(start, number) for start, number in (await session.exec(query)).all()]


async def last_day(session: AsyncSession, before: date, queue: str) -> date | None:
    """The last day before this one on which calls were counted."""
    day: Any = CallDay.day
    query: Any = select_columns(day).where(day < before, col(CallDay.queue) == queue)
    found: date | None = (await session.exec(query.order_by(day.desc()).limit(1))).scalars().first()
    return found


async def handled(session: AsyncSession, begin: datetime, end: datetime) -> list[tuple[str, datetime, datetime]]:
    """(agent, from, to) of the calls that were answered and whose end is known, by agent and time."""
    of: Any = Call
    query: Any = (
        select_columns(of.agent, of.answered_at, of.ended_at, of.wrapped_up_at)
        .where(of.entered_at >= begin, of.entered_at < end)
        .where(of.agent != "", of.answered_at.is_not(None), of.ended_at.is_not(None))
        .order_by(of.agent, of.answered_at)
    )
    found = (await session.exec(query)).all()
    return [(agent, since, max(ended, wrapped or ended)) for agent, since, ended, wrapped in found]


async def events(session: AsyncSession) -> Sequence[PlannedEvent]:
    """All planned events, the last first."""
    query = select(PlannedEvent).order_by(col(PlannedEvent.first_day).desc(), col(PlannedEvent.id).desc())
    return (await session.exec(query)).all()


async def event(session: AsyncSession, number: int) -> PlannedEvent | None:
    """One of them."""
    return await session.get(PlannedEvent, number)


async def roster(session: AsyncSession) -> Sequence[RosterStretch]:
    """The whole roster, in order of the week."""
    order = (col(RosterStretch.weekday), col(RosterStretch.begins), col(RosterStretch.ends), col(RosterStretch.id))
    return (await session.exec(select(RosterStretch).order_by(*order))).all()


async def stretch(session: AsyncSession, number: int) -> RosterStretch | None:
    """One stretch of it."""
    return await session.get(RosterStretch, number)


async def clear_roster(session: AsyncSession) -> None:
    """Nobody is on it any more."""
    await session.exec(delete(RosterStretch))


async def add(session: AsyncSession, *rows: PlannedEvent | RosterStretch | ForecastDay) -> None:
    """Insert rows that are not there yet."""
    session.add_all(rows)
    await session.flush()


async def remove(session: AsyncSession, row: PlannedEvent | RosterStretch) -> None:
    """Remove a row."""
    await session.delete(row)
    await session.flush()


async def said(
    session: AsyncSession, first: date, last: date, weeks: Collection[int], queue: str | None = None
) -> Sequence[ForecastDay]:
    """The forecasts of these days that were made at most so many weeks ahead; of all queues when none is named."""
    query = select(ForecastDay).where(col(ForecastDay.day) >= first, col(ForecastDay.day) <= last)
    query = query.where(col(ForecastDay.weeks).in_(weeks))
    if queue is not None:
        query = query.where(col(ForecastDay.queue) == queue)
    return (await session.exec(query.order_by(col(ForecastDay.day)))).all()


async def move_queue(session: AsyncSession, old: str, new: str) -> None:
    """What is planned for a queue is for another, and so is what was expected of it, unless that has its own."""
    await session.exec(update(PlannedEvent).where(col(PlannedEvent.queue) == old).values(queue=new))
    if (await session.exec(select(ForecastDay).where(ForecastDay.queue == new).limit(1))).first() is None:
        await session.exec(update(ForecastDay).where(col(ForecastDay.queue) == old).values(queue=new))
