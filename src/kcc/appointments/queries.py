"""All SQL of appointments."""

from collections.abc import Collection, Sequence
from contextlib import nullcontext
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.models import (
    Appointment,
    AppointmentProduct,
    AppointmentStatus,
    ClosingDay,
    CountedEvent,
    Counter,
    CounterProduct,
    Hold,
    Location,
    LocationAddress,
    LocationProduct,
    OccupiedCell,
    OpeningRule,
    PlanVersion,
    Product,
    ProductCombination,
    ProductCount,
    ProductTerms,
    TakenBlock,
)

# Cells that come out of the database in one number; as many as fit in 63 bits and make whole hours.
BLOCK = 60
# Any number will do that no other lock has; it only has to be the same in every process.
_LEAVING = 0x6B636301


# The plan ---------------------------------------------------------------------------------------------------


async def plan_version(session: AsyncSession) -> int:
    """How often the plan was changed."""
    return (await session.exec(select(PlanVersion.version))).first() or 0


async def next_plan_version(session: AsyncSession) -> None:
    """The plan changes in this transaction; others that change it wait for the end of it."""
    changed = await session.exec(update(PlanVersion).values(version=col(PlanVersion.version) + 1))
    if not changed.rowcount:
        session.add(PlanVersion(version=1))
        await session.flush()


async def everything(session: AsyncSession, table: type[Any], *order: Any) -> Sequence[Any]:
    """All rows of one of the plan's tables."""
    return (await session.exec(select(table).order_by(*order))).all()


async def plan_rows(session: AsyncSession) -> dict[type[SQLModel], Sequence[Any]]:
    """All rows of the tables that make the plan, each in the order of the catalogue."""
    return {
        Product: await everything(session, Product, col(Product.position), Product.code),
        ProductTerms: await everything(session, ProductTerms, ProductTerms.product, col(ProductTerms.valid_from)),
        ProductCombination: await everything(session, ProductCombination),
        Location: await everything(session, Location, col(Location.position), Location.code),
        LocationAddress: await everything(session, LocationAddress, col(LocationAddress.valid_from)),
        LocationProduct: await everything(session, LocationProduct),
        Counter: await everything(session, Counter, col(Counter.position), Counter.code),
        CounterProduct: await everything(session, CounterProduct),
        OpeningRule: await everything(session, OpeningRule, col(OpeningRule.opens), col(OpeningRule.id)),
        ClosingDay: await everything(session, ClosingDay, col(ClosingDay.day), col(ClosingDay.id)),
    }


# What is taken ----------------------------------------------------------------------------------------------


def _counts(now: datetime, *, staff: bool, own: int | None) -> ColumnElement[bool]:
    """Whether a cell is really taken: not expired, not for staff who may have what was released, nor by oneself."""
    live = or_(col(OccupiedCell.until).is_(None), col(OccupiedCell.until) > now)
    if staff:
        live = live & ~col(OccupiedCell.released)
    if own is not None:
        live = live & (col(OccupiedCell.appointment).is_distinct_from(own))
    return live


async def taken(
    session: AsyncSession,
    counters: Collection[str],
    first: int,
    end: int,
    now: datetime,
    *,
    staff: bool = False,
    own: int | None = None,
) -> dict[str, int]:
    """Of each of these counters the taken cells from `first` to at least `end`, as bits; bit 0 is `first`."""
    rows = await session.exec(
        _taken_query(staff=staff),
        params={"counters": list(counters), "first": first // BLOCK, "last": end // BLOCK, "now": now},
    )
    found: dict[str, int] = {}
    for counter, number, bits in rows.all():
        shift = number * BLOCK - first
        found[counter] = found.get(counter, 0) | (bits << shift if shift >= 0 else bits >> -shift)
    if own is not None:
        for counter, cell in await _cells_of(session, own):
            if counter in found and cell >= first:
                found[counter] &= ~(1 << (cell - first))
    return found


@cache
def _taken_query(*, staff: bool) -> Any:
    """What is taken for good, a block to a number, and the few cells that are taken until some moment.

    Built once: putting it together takes as long as a small query.
    """

    def within(table: Any) -> ColumnElement[bool]:
        block = col(table.block).between(bindparam("first"), bindparam("last"))
        return col(table.counter).in_(bindparam("counters", expanding=True)) & block

    passing = col(OccupiedCell.until).is_not(None) & (col(OccupiedCell.until) > bindparam("now"))
    if staff:
        passing &= ~col(OccupiedCell.released)
    bit = literal(1, BigInteger).bitwise_lshift(cast(col(OccupiedCell.cell) % BLOCK, Integer))
    return union_all(
        select(col(TakenBlock.counter), col(TakenBlock.block), col(TakenBlock.mask)).where(within(TakenBlock)),
        select(col(OccupiedCell.counter), col(OccupiedCell.block), bit).where(within(OccupiedCell), passing),
    )


async def _cells_of(session: AsyncSession, appointment: int) -> Sequence[tuple[str, int]]:
    query = select(OccupiedCell.counter, OccupiedCell.cell).where(col(OccupiedCell.appointment) == appointment)
    return (await session.exec(query)).all()


async def insert_cells(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> bool:
    """Take these cells, all of them or none. False when another visit has one of them: the database says so.

    On SQLite a statement that is refused undoes itself; on PostgreSQL only a savepoint keeps the transaction usable.
    """
    try:
        async with nullcontext() if _is_sqlite(session) else session.begin_nested():
            await session.exec(insert(OccupiedCell).values(rows))
    except IntegrityError:
        return False
    return True


def _is_sqlite(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "sqlite"


async def clear_stale(
    session: AsyncSession, counter: str, first: int, end: int, now: datetime, *, staff: bool, own: int | None
) -> int:
    """Remove the cells here that no longer count. Returns how many there were."""
    cleared = await session.exec(
        delete(OccupiedCell).where(
            col(OccupiedCell.counter) == counter,
            col(OccupiedCell.block).between(first // BLOCK, end // BLOCK),
            col(OccupiedCell.cell) >= first,
            col(OccupiedCell.cell) < end,
            ~_counts(now, staff=staff, own=own),
        )
    )
    return int(cleared.rowcount)


async def free_hold_cells(session: AsyncSession, hold: int) -> None:
    """Give back at once what a hold keeps."""
    await session.exec(delete(OccupiedCell).where(col(OccupiedCell.hold) == hold))


async def turn_hold_into_appointment(session: AsyncSession, hold: int, appointment: int) -> int:
    """The cells of a hold become an appointment's. Returns how many: somebody may just have cleared expired ones."""
    turned = await session.exec(
        update(OccupiedCell)
        .where(col(OccupiedCell.hold) == hold)
        .values(hold=None, appointment=appointment, until=None)
    )
    return int(turned.rowcount)


async def leave_cells(session: AsyncSession, appointment: int, until: datetime | None) -> None:
    """An appointment leaves its cells: at once, or for everyone but staff at `until`.

    On PostgreSQL those who leave take turns: whoever moves needs the blocks of two counters, and two who need the
    same ones in another order would wait for each other until the server breaks one off, a second later.
    """
    if not _is_sqlite(session):
        await session.exec(select(func.pg_advisory_xact_lock(_LEAVING)))
    mine = (col(OccupiedCell.appointment) == appointment, ~col(OccupiedCell.released))
    if until is None:
        await session.exec(delete(OccupiedCell).where(*mine))
    else:
        await session.exec(update(OccupiedCell).where(*mine).values(until=until, released=True))


async def cells_of_hold(session: AsyncSession, hold: int) -> int:
    """How many cells a hold still keeps; others may have taken those of one that has expired."""
    query = select(func.count()).select_from(OccupiedCell).where(col(OccupiedCell.hold) == hold)
    return (await session.exec(query)).one()


# Holds ------------------------------------------------------------------------------------------------------


async def hold_by_hash(session: AsyncSession, id_hash: str) -> Hold | None:
    """A hold by the hash of its secret id, locked until the end of the transaction."""
    return (await session.exec(select(Hold).where(Hold.id_hash == id_hash).with_for_update())).first()


async def delete_hold(session: AsyncSession, hold: int) -> None:
    """Forget a hold, with what it keeps."""
    await session.exec(delete(OccupiedCell).where(col(OccupiedCell.hold) == hold))
    await session.exec(delete(Hold).where(col(Hold.id) == hold))


async def purge_holds(session: AsyncSession, before: datetime) -> None:
    """Forget the holds that expired before a moment."""
    old = select(Hold.id).where(Hold.expires_at < before)
    await session.exec(delete(OccupiedCell).where(col(OccupiedCell.hold).in_(old)))
    await session.exec(delete(Hold).where(col(Hold.expires_at) < before))


# Appointments -----------------------------------------------------------------------------------------------


async def by_code(session: AsyncSession, code: str, *, lock: bool = False) -> Appointment | None:
    """An appointment by its code; locked until the end of the transaction when it is going to change."""
    query = select(Appointment).where(Appointment.code == code)
    if lock:  # what was read before the lock may be old by now
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).first()


async def by_token(session: AsyncSession, token_hash: str) -> Appointment | None:
    """An appointment by the hash of the token in its link."""
    return (await session.exec(select(Appointment).where(Appointment.token_hash == token_hash))).first()


async def by_id(session: AsyncSession, appointment: int) -> Appointment | None:
    """An appointment by its number."""
    return await session.get(Appointment, appointment)


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
    if not _is_sqlite(session):
        await session.exec(select(func.pg_advisory_xact_lock(int(email_key[:15], 16))))
    query = select(func.count()).where(
        Appointment.email_key == email_key,
        Appointment.status == AppointmentStatus.BOOKED,
        Appointment.starts_at > now,
    )
    return (await session.exec(query)).one()


async def add_appointment(session: AsyncSession, row: Appointment, products: Sequence[tuple[str, int]]) -> int:
    """Insert an appointment with its products; returns its number."""
    session.add(row)
    await session.flush()
    assert row.id is not None
    await session.exec(
        insert(AppointmentProduct),
        params=[
            {"appointment": row.id, "product": code, "persons": persons, "position": position}
            for position, (code, persons) in enumerate(products)
        ],
    )
    return row.id


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
    insert_into = sqlite.insert if _is_sqlite(session) else postgresql.insert
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
