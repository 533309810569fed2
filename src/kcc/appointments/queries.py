"""SQL of appointments; that of cells and holds is in `cell_queries`, that of the plan in `planning.queries`."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, update
from sqlalchemy import select as select_columns
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.availability.touching import Booked
from kcc.appointments.models import (
    Appointment,
    AppointmentProduct,
    AppointmentStatus,
    CountedEvent,
    Hold,
    ProductCount,
)
from kcc.storage.rows import insert_row, insert_rows
from kcc.storage.turns import is_sqlite, take_turn


async def ids_by_code(session: AsyncSession) -> dict[str, int]:
    """All appointments by code: for who just put in many at once."""
    found = await session.exec(select(Appointment.code, Appointment.id))
    return {code: number for code, number in found.all() if number is not None}


async def by_code(session: AsyncSession, code: str, *, lock: bool = False) -> Appointment | None:
    """An appointment by its code; locked until the end of the transaction when it is going to change."""
    query = select(Appointment).where(Appointment.code == code)
    if lock:  # what was read before the lock may be old by now
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).first()


async def by_token(session: AsyncSession, token_hash: str) -> Appointment | None:
    """An appointment by the hash of the token in its link."""
    return (await session.exec(select(Appointment).where(Appointment.token_hash == token_hash))).first()


async def products_of(session: AsyncSession, appointment: int) -> list[tuple[str, int]]:
    """(code, persons) of an appointment, in the order they were chosen."""
    query = (
        select(AppointmentProduct.product, AppointmentProduct.persons)
        .where(AppointmentProduct.appointment == appointment)
        .order_by(col(AppointmentProduct.position))
    )
    return [(code, persons) for code, persons in (await session.exec(query)).all()]


async def open_appointments(session: AsyncSession, email_key: str, now: datetime) -> int:
    """How many appointments to come this e-mail address has.

    On PostgreSQL two bookings for one address take turns, so that together they cannot pass the maximum.
    """
    await take_turn(session, int(email_key[:15], 16))
    found = await session.exec(_open_appointments(), params={"email_key": email_key, "now": now})
    return int(found.one())


@cache
def _open_appointments() -> Any:
    return select(func.count()).where(
        Appointment.email_key == bindparam("email_key"),
        Appointment.status == AppointmentStatus.BOOKED,
        Appointment.starts_at > bindparam("now"),
    )


async def add_appointment(session: AsyncSession, row: Appointment, products: Sequence[tuple[str, int]]) -> int:
    """Insert an appointment with its products; returns its number, and gives it to the row."""
    row.id = await insert_row(session, row)
    await insert_rows(
        session,
        AppointmentProduct,
        [
            {"appointment": row.id, "product": code, "persons": persons, "position": position}
            for position, (code, persons) in enumerate(products)
        ],
    )
    return row.id


async def move_to_counter(session: AsyncSession, appointment: int, counter: str) -> None:
    """The appointment takes place at another counter."""
    await session.exec(update(Appointment).where(col(Appointment.id) == appointment).values(counter=counter))


async def to_come(session: AsyncSession, location: str, now: datetime) -> Sequence[Appointment]:
    """The appointments still to come at a location, by time."""
    query = (
        select(Appointment)
        .where(
            Appointment.location == location,
            Appointment.status == AppointmentStatus.BOOKED,
            Appointment.starts_at > now,
        )
        .order_by(col(Appointment.starts_at), col(Appointment.id))
    )
    return (await session.exec(query)).all()


async def booked_to_come(session: AsyncSession, now: datetime) -> list[Booked]:
    """The booked appointments that are not over yet, by time. There can be tens of thousands: no rows of the ORM."""
    of: Any = Appointment
    code_of_product: Any = AppointmentProduct.product
    query: Any = (
        select_columns(of.code, of.location, of.counter, of.starts_at, of.ends_at, of.travel_minutes, code_of_product)
        .join(AppointmentProduct, col(AppointmentProduct.appointment) == of.id)
        .where(of.status == AppointmentStatus.BOOKED, of.ends_at > now)
        .order_by(of.starts_at, of.id)
    )
    found: dict[str, Any] = {}
    products: dict[str, set[str]] = {}
    for row in (await session.exec(query)).all():
        found[row.code] = row
        products.setdefault(row.code, set()).add(row.product)
    return [
        Booked(
            code, row.location, row.counter, row.starts_at, row.ends_at, row.travel_minutes, frozenset(products[code])
        )
        for code, row in found.items()
    ]


async def with_codes(session: AsyncSession, codes: Collection[str]) -> Sequence[Appointment]:
    """The appointments with these codes, by time."""
    query = select(Appointment).where(col(Appointment.code).in_(codes))
    return (await session.exec(query.order_by(col(Appointment.starts_at), col(Appointment.id)))).all()


async def products_of_all(session: AsyncSession, appointments: Collection[int]) -> dict[int, list[tuple[str, int]]]:
    """(code, persons) of each of these appointments."""
    query = (
        select(AppointmentProduct.appointment, AppointmentProduct.product, AppointmentProduct.persons)
        .where(col(AppointmentProduct.appointment).in_(appointments))
        .order_by(col(AppointmentProduct.position))
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for appointment, product, persons in (await session.exec(query)).all():
        found.setdefault(appointment, []).append((product, persons))
    return found


async def waiting_for_earlier(session: AsyncSession, location: str, after: datetime) -> Sequence[Appointment]:
    """Who asked to hear of an earlier place than their own, which is after this moment; first come first."""
    query = (
        select(Appointment)
        .where(
            Appointment.location == location,
            Appointment.status == AppointmentStatus.BOOKED,
            Appointment.starts_at > after,
            col(Appointment.earlier_asked_at).is_not(None),
        )
        .order_by(col(Appointment.earlier_asked_at), col(Appointment.id))
    )
    return (await session.exec(query)).all()


async def offers_to(session: AsyncSession, appointment: int, now: datetime) -> Sequence[Hold]:
    """The earlier places kept for an appointment."""
    query = select(Hold).where(Hold.offered_to == appointment, Hold.expires_at > now).order_by(col(Hold.id))
    return (await session.exec(query)).all()


# Counts -----------------------------------------------------------------------------------------------------


async def add_counts(session: AsyncSession, counts: Sequence[tuple[str, date, CountedEvent, int]]) -> None:
    """Add to what was counted of these products on these days. In one order, so that two cannot lock each other out."""
    insert_into = sqlite.insert if is_sqlite(session) else postgresql.insert
    statement = insert_into(ProductCount).values(
        [{"product": code, "day": day, "event": event, "count": times} for code, day, event, times in sorted(counts)]
    )
    key = ["product", "day", "event"]
    summed = {"count": col(ProductCount.count) + statement.excluded.count}
    await session.exec(statement.on_conflict_do_update(index_elements=key, set_=summed))


# Finding ----------------------------------------------------------------------------------------------------


async def of_resident(
    session: AsyncSession, since: datetime, *, email_key: str | None = None, phone: str | None = None
) -> Sequence[Appointment]:
    """The appointments from a moment on with this e-mail address or this phone number, by time."""
    contact = Appointment.email_key == email_key if email_key else Appointment.phone == phone
    query = select(Appointment).where(contact, Appointment.starts_at >= since).order_by(col(Appointment.starts_at))
    return (await session.exec(query)).all()


async def between(session: AsyncSession, location: str, begin: datetime, end: datetime) -> Sequence[Appointment]:
    """The appointments that begin at a location from one moment until another, by time."""
    query = (
        select(Appointment)
        .where(Appointment.location == location, Appointment.starts_at >= begin, Appointment.starts_at < end)
        .order_by(col(Appointment.starts_at), col(Appointment.id))
    )
    return (await session.exec(query)).all()


async def counts_since(session: AsyncSession, day: date) -> dict[tuple[str, CountedEvent], int]:
    """How often each event was counted with each product, from a day on."""
    query = (
        select(ProductCount.product, ProductCount.event, func.sum(ProductCount.count))
        .where(ProductCount.day >= day)
        .group_by(ProductCount.product, ProductCount.event)
    )
    return {(code, CountedEvent(event)): int(times) for code, event, times in (await session.exec(query)).all()}


async def booked_since(session: AsyncSession, moment: datetime) -> dict[str, int]:
    """How many appointments were made for each product from a moment on, those cancelled since included."""
    query = (
        select(AppointmentProduct.product, func.count())
        .join(Appointment, col(Appointment.id) == AppointmentProduct.appointment)
        .where(Appointment.created_at >= moment)
        .group_by(AppointmentProduct.product)
    )
    return dict((await session.exec(query)).all())
