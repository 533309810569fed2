"""SQL of the ways in which people come to the municipality: the online route, appointments, channels of questions."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.models import Appointment, AppointmentProduct, AppointmentStatus, CountedEvent, ProductCount
from kcc.contacts.log.kinds import Channel
from kcc.service_levels.first_contact_queries import eligible, stretch, tables


class Booked(NamedTuple):
    """An appointment as it was booked; one for more products is there once for each."""

    product: str
    created_at: datetime
    by_staff: bool
    starts_at: datetime
    location: str
    status: AppointmentStatus


async def online(session: AsyncSession, first: date, last: date) -> Sequence[tuple[str, date, int]]:
    """(product, day, how often the online route was chosen)."""
    of: Any = ProductCount
    query: Any = select_columns(of.product, of.day, of.count).where(
        of.event == CountedEvent.ONLINE_CHOSEN, of.day >= first, of.day <= last
    )
    return [(product, day, number) for product, day, number in (await session.exec(query)).all()]


async def first_counted(session: AsyncSession) -> date | None:
    """The first day on which anything of a product was counted; None when nothing ever was."""
    found: date | None = (await session.exec(select_columns(func.min(col(ProductCount.day))))).scalar_one()  # type: ignore[call-overload]
    return found


async def booked(session: AsyncSession, begin: datetime, end: datetime) -> Sequence[Booked]:
    """The appointments made from one moment up to, not at, another, cancelled ones too."""
    of: Any = Appointment
    query: Any = (
        select_columns(
            col(AppointmentProduct.product), of.created_at, of.booked_by_staff, of.starts_at, of.location, of.status
        )
        .join(AppointmentProduct, col(AppointmentProduct.appointment) == of.id)
        .where(of.created_at >= begin, of.created_at < end)
    )
    return [Booked(*row) for row in (await session.exec(query)).all()]


async def questions_by_day(
    session: AsyncSession, between: tuple[datetime, datetime], length: timedelta
) -> Sequence[tuple[int, Channel, int]]:
    """(stretch of time from 0, channel, number) of the eligible questions of all groups."""
    contact, question, merge = tables()
    part = stretch(session, contact.started_at, between[0], length)
    query = eligible(select_columns(part, contact.channel, func.count()), contact, question, merge, between)
    rows = (await (await session.connection()).execute(query.group_by(part, contact.channel))).all()
    return [(int(number), channel, count) for number, channel, count in rows]


async def questions_by_topic(
    session: AsyncSession, between: tuple[datetime, datetime]
) -> Sequence[tuple[str, Channel, int]]:
    """(topic as it is now, channel, number) of the eligible questions that have a topic."""
    contact, question, merge = tables()
    about = func.coalesce(merge.target, question.topic)
    query = eligible(select_columns(about, contact.channel, func.count()), contact, question, merge, between)
    query = query.where(question.topic.is_not(None)).group_by(about, contact.channel)
    rows = (await (await session.connection()).execute(query)).all()
    return [(topic, channel, count) for topic, channel, count in rows]
