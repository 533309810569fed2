"""All SQL of the service levels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, null
from sqlalchemy import select as select_columns
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.hall.course import VisitState
from kcc.appointments.hall.models import Outcome, Visit, VisitKind
from kcc.appointments.models import Appointment, AppointmentProduct, AppointmentStatus
from kcc.service_levels.models import LeadTime
from kcc.storage.rows import table_of
from kcc.storage.turns import is_sqlite


@dataclass(frozen=True, slots=True)
class Came:
    """A visit as far as waiting goes; `planned_at` is None for a walk-in, `called_at` is the first call."""

    location: str
    planned_at: datetime | None
    arrived_at: datetime
    called_at: datetime | None
    state: VisitState
    products: frozenset[str]


async def walk_ins_by_day(session: AsyncSession, location: str, since: date, until: date) -> dict[date, int]:
    """How many walked in on each day from `since` up to, not on, `until`; a day without visits is not in it."""
    walk_ins: Any = func.sum(case((col(Visit.kind) == VisitKind.WALK_IN, 1), else_=0))
    query: Any = (
        select(col(Visit.day), walk_ins)
        .where(Visit.location == location, Visit.day >= since, Visit.day < until)
        .group_by(col(Visit.day))
    )
    return {day: int(number) for day, number in (await session.exec(query)).all()}


async def walk_in_seconds(session: AsyncSession, location: str, since: date, until: date) -> Sequence[int]:
    """How long each walk-in was served that was done, in seconds."""
    query: Any = select(Visit.served_seconds).where(
        Visit.location == location,
        Visit.day >= since,
        Visit.day < until,
        Visit.kind == VisitKind.WALK_IN,
        Visit.outcome == Outcome.DONE,
    )
    return list((await session.exec(query)).all())


async def arrivals(
    session: AsyncSession, location: str, since: date, until: date
) -> Sequence[tuple[datetime, datetime]]:
    """(planned, arrived) of each visit by appointment."""
    query: Any = select(Visit.planned_at, Visit.arrived_at).where(
        Visit.location == location,
        Visit.day >= since,
        Visit.day < until,
        col(Visit.planned_at).is_not(None),
    )
    return [(planned, arrived) for planned, arrived in (await session.exec(query)).all()]


async def visits(
    session: AsyncSession, first: date, last: date, location: str | None, *, with_products: bool = True
) -> Sequence[Came]:
    """Everybody who came, at one location or all, from the first day to the last.

    Without products, which take most of the reading, those of each are empty.
    """
    of: Any = table_of(Visit).c
    products: Any = of.products if with_products else null()
    query: Any = select_columns(
        of.location, of.planned_at, of.arrived_at, of.first_called_at, of.state, products
    ).where(of.day >= first, of.day <= last)
    if location is not None:
        query = query.where(of.location == location)
    return [
        Came(place, planned, arrived, called, state, frozenset(str(code) for code, _ in products or ()))
        for place, planned, arrived, called, state, products in (await session.exec(query)).all()
    ]


async def first_visit(session: AsyncSession) -> date | None:
    """The first day on which somebody came; None when nobody ever did."""
    found: date | None = (await session.exec(select(func.min(Visit.day)))).one()
    return found


async def served(session: AsyncSession, first: date, last: date, location: str | None) -> dict[tuple[str, date], int]:
    """How many visits ended with an outcome at each location on each day, by appointment or not."""
    of: Any = Visit
    query: Any = (
        select_columns(of.location, of.day, func.count())
        .where(of.day >= first, of.day <= last, of.state == VisitState.FINISHED, of.outcome.is_not(None))
        .group_by(of.location, of.day)
    )
    if location is not None:
        query = query.where(of.location == location)
    return {(place, day): number for place, day, number in (await session.exec(query)).all()}


async def absent(
    session: AsyncSession, begin: datetime, end: datetime, location: str | None, product: str | None
) -> Sequence[tuple[str, datetime]]:
    """(location, planned start) of the appointments between two moments that stand, and to which nobody came (yet)."""
    of: Any = Appointment
    query: Any = (
        select_columns(of.location, of.starts_at)
        .outerjoin(Visit, col(Visit.appointment) == of.id)
        .where(
            of.status == AppointmentStatus.BOOKED,
            of.starts_at >= begin,
            of.starts_at < end,
            col(Visit.id).is_(None),
        )
    )
    if location is not None:
        query = query.where(of.location == location)
    if product is not None:
        with_it = select(AppointmentProduct.appointment).where(AppointmentProduct.product == product)
        query = query.where(of.id.in_(with_it))
    return [(place, starts_at) for place, starts_at in (await session.exec(query)).all()]


async def keep_lead_time(session: AsyncSession, row: LeadTime) -> None:
    """Keep this one, unless another process was first."""
    insert_into: Any = sqlite.insert if is_sqlite(session) else postgresql.insert
    await session.exec(insert_into(LeadTime).values(**row.model_dump()).on_conflict_do_nothing())


async def lead_times(session: AsyncSession, first: date, last: date, product: str | None) -> Sequence[LeadTime]:
    """What was recorded from the first day to the last, of one product or all."""
    query = select(LeadTime).where(LeadTime.day >= first, LeadTime.day <= last)
    if product is not None:
        query = query.where(LeadTime.product == product)
    return (await session.exec(query.order_by(col(LeadTime.day), LeadTime.product, LeadTime.location))).all()


async def booked(
    session: AsyncSession, begin: datetime, end: datetime, product: str | None
) -> Sequence[tuple[str, datetime, datetime]]:
    """(product, when it was made, when it begins) of the appointments made between two moments, cancelled ones too."""
    of, with_product = table_of(Appointment), table_of(AppointmentProduct)
    query: Any = (
        select_columns(with_product.c.product, of.c.created_at, of.c.starts_at)
        .join_from(of, with_product, with_product.c.appointment == of.c.id)
        .where(of.c.created_at >= begin, of.c.created_at < end)
    )
    if product is not None:
        query = query.where(with_product.c.product == product)
    return [(code, created_at, starts_at) for code, created_at, starts_at in (await session.exec(query)).all()]
