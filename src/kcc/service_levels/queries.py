"""All SQL of the service levels."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, case, func, null
from sqlalchemy import select as select_columns
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.hall.course import VisitState
from kcc.appointments.hall.models import Outcome, Visit, VisitKind
from kcc.appointments.models import Appointment, AppointmentProduct, AppointmentStatus
from kcc.service_levels.attendance import Came
from kcc.service_levels.models import LeadTime
from kcc.storage.rows import table_of
from kcc.storage.turns import is_sqlite


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
    statement = _visits(with_products=with_products, of_location=location is not None)
    given = {"first": first, "last": last, **({"location": location} if location else {})}
    return [
        Came(place, planned, arrived, called, state, frozenset(str(code) for code, _ in products or ()))
        for place, planned, arrived, called, state, products in (await session.exec(statement, params=given)).all()
    ]


@cache
def _visits(*, with_products: bool, of_location: bool) -> Any:
    of: Any = table_of(Visit).c
    products: Any = of.products if with_products else null()
    query = select_columns(of.location, of.planned_at, of.arrived_at, of.first_called_at, of.state, products)
    query = query.where(of.day >= bindparam("first"), of.day <= bindparam("last"))
    return query.where(of.location == bindparam("location")) if of_location else query


async def first_visit(session: AsyncSession) -> date | None:
    """The first day on which somebody came; None when nobody ever did."""
    found: date | None = (await session.exec(select(func.min(Visit.day)))).one()
    return found


async def first_attendance(session: AsyncSession) -> datetime | None:
    """When the first appointment or visit was; None without any."""
    columns: tuple[Any, ...] = (Appointment.starts_at, Visit.planned_at, Visit.arrived_at)
    found = [(await session.exec(select(func.min(column)))).one() for column in columns]
    return min((moment for moment in found if moment is not None), default=None)


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
    of: Any = table_of(Appointment).c
    query = _absent()
    if location is not None:
        query = query.where(of.location == location)
    if product is not None:
        with_it = select(AppointmentProduct.appointment).where(AppointmentProduct.product == product)
        query = query.where(of.id.in_(with_it))
    rows = (await session.exec(query, params={"begin": begin, "end": end})).all()
    return [(place, starts_at) for _, place, starts_at in rows]


async def absent_for(
    session: AsyncSession, begin: datetime, end: datetime
) -> Sequence[tuple[str, datetime, frozenset[str]]]:
    """(location, planned start, products) of each of these appointments."""
    of, with_product = table_of(Appointment).c, table_of(AppointmentProduct).c
    query = _absent().add_columns(with_product.product).order_by(of.id)
    query = query.outerjoin(AppointmentProduct, with_product.appointment == of.id)
    found = groupby((await session.exec(query, params={"begin": begin, "end": end})).all(), key=lambda row: row[:-1])
    return [(place, at, frozenset(row[-1] for row in rows if row[-1])) for (_, place, at), rows in found]


@cache
def _absent() -> Any:
    of, visit = table_of(Appointment), table_of(Visit)
    return (
        select_columns(of.c.id, of.c.location, of.c.starts_at)
        .select_from(of.outerjoin(visit, visit.c.appointment == of.c.id))
        .where(
            of.c.status == AppointmentStatus.BOOKED,
            of.c.starts_at >= bindparam("begin"),
            of.c.starts_at < bindparam("end"),
            visit.c.id.is_(None),
        )
    )


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
