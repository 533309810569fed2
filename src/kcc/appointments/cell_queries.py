"""SQL of occupied cells and of the holds that keep them."""

from collections.abc import Collection, Sequence
from contextlib import nullcontext
from datetime import datetime
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
    inspect,
    literal,
    or_,
    union_all,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.models import Hold, OccupiedCell, TakenBlock
from kcc.storage.turns import is_sqlite, take_turn

# Cells that come out of the database in one number; as many as fit in 63 bits and make whole hours.
BLOCK = 60
# Any number will do that no other lock has; it only has to be the same in every process.
_LEAVING = 0x6B636301


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


async def insert_cells(session: AsyncSession, counter: str, first: int, end: int, **holder: Any) -> bool:
    """Take the cells from `first` up to but not including `end` for a hold or an appointment: all of them or none.

    False when another visit has one of them: the database says so. On SQLite a statement that is refused undoes
    itself; on PostgreSQL only a savepoint keeps the transaction usable.
    """
    try:
        async with nullcontext() if is_sqlite(session) else session.begin_nested():
            await session.exec(_cells_statement(), params={"counter": counter, "first": first, "end": end} | holder)
    except IntegrityError:
        return False
    return True


@cache
def _cells_statement() -> Any:
    """The database counts the cells itself: a list of rows would become another statement for each length."""
    table: Any = inspect(OccupiedCell).local_table  # not the class, which would make rows of the parameters
    first: Any = select(bindparam("first", type_=BigInteger).label("cell")).cte("counted", recursive=True)
    counted = first.union_all(select(first.c.cell + 1).where(first.c.cell + 1 < bindparam("end", type_=BigInteger)))
    given = ("counter", "hold", "appointment", "until")
    values: dict[str, Any] = {name: bindparam(name, type_=table.c[name].type) for name in given}
    values |= {"released": literal(False), "cell": counted.c.cell, "block": counted.c.cell // BLOCK}
    return insert(table).from_select(list(values), select(*values.values()))


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
    await take_turn(session, _LEAVING)
    mine = (col(OccupiedCell.appointment) == appointment, ~col(OccupiedCell.released))
    if until is None:
        await session.exec(delete(OccupiedCell).where(*mine))
    else:
        await session.exec(update(OccupiedCell).where(*mine).values(until=until, released=True))


async def cells_of_hold(session: AsyncSession, hold: int) -> int:
    """How many cells a hold still keeps; others may have taken those of one that has expired."""
    query = select(func.count()).select_from(OccupiedCell).where(col(OccupiedCell.hold) == hold)
    return (await session.exec(query)).one()


async def hold_by_hash(session: AsyncSession, id_hash: str, *, lock: bool = False) -> Hold | None:
    """A hold by the hash of its secret id; locked until the end of the transaction when it is going to change."""
    query = select(Hold).where(Hold.id_hash == id_hash)
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def offers_to_come(session: AsyncSession, now: datetime) -> list[tuple[Hold, int, int]]:
    """The earlier places that are kept for somebody, each with the first and the last of its cells."""
    query = (
        select(Hold, func.min(OccupiedCell.cell), func.max(OccupiedCell.cell))
        .join(OccupiedCell, col(OccupiedCell.hold) == Hold.id)
        .where(col(Hold.offered_to).is_not(None), Hold.expires_at > now)
        .group_by(col(Hold.id))
        .order_by(col(Hold.id))
    )
    return [(hold, first, last) for hold, first, last in (await session.exec(query)).all()]


async def delete_hold(session: AsyncSession, hold: int) -> None:
    """Forget a hold, with what it keeps."""
    await session.exec(delete(OccupiedCell).where(col(OccupiedCell.hold) == hold))
    await session.exec(delete(Hold).where(col(Hold.id) == hold))


async def purge_holds(session: AsyncSession, before: datetime, limit: int | None = None) -> int:
    """Forget the holds that expired before a moment, at most so many. Returns how many there were."""
    old = select(Hold.id).where(Hold.expires_at < before).order_by(col(Hold.id)).limit(limit)
    found = (await session.exec(old)).all()
    await session.exec(delete(OccupiedCell).where(col(OccupiedCell.hold).in_(found)))
    await session.exec(delete(Hold).where(col(Hold.id).in_(found)))
    return len(found)
