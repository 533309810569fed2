"""SQL of seals, and of what changed since."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam
from sqlalchemy import select as select_columns
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, delete, update
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.clock import Clock
from kcc.service_levels.definitions import CALLBACK_VERSION, COUNTER_WAIT_VERSION, FIRST_CONTACT_VERSION
from kcc.service_levels.periods import days_of
from kcc.service_levels.rollups.models import Kind, RollupChange, RollupSeal
from kcc.service_levels.rollups.pieces import Sealed
from kcc.storage.rows import table_of
from kcc.storage.sqlite_connection import few
from kcc.storage.turns import is_sqlite

# Raised when counts come to hold something else, by the same definitions.
VERSION = 1


class Seal(NamedTuple):
    """As `RollupSeal`."""

    until: datetime
    watched: datetime
    basis: str

    @property
    def reach(self) -> int:
        """For how many days what happens later can change what is said of a day."""
        return (self.watched - self.until).days


def basis(clock: Clock) -> str:
    """By which rules is counted: other ones make a seal worthless."""
    versions = VERSION, FIRST_CONTACT_VERSION, CALLBACK_VERSION, COUNTER_WAIT_VERSION
    return f"{'.'.join(map(str, versions))} {clock.timezone.key}"


def reached(at: datetime, reach: int, clock: Clock) -> Iterator[date]:
    """The local days of which may be said something else by what happened at a moment, the first one first.

    Counted in days of 24 hours these can begin a day earlier, when the clock moved in between.
    """
    day = clock.local_date(at)
    return days_of(day - timedelta(days=reach + 1) if reach else day, day)


async def sealed(session: AsyncSession, kind: Kind, clock: Clock, reach: int | None = 0) -> Sealed:
    """What is counted of a kind by now, with this reach; None is any."""
    rows = (await session.exec(_sealed(), params={"kind": kind})).all()
    if not rows:
        return Sealed()
    *of, _ = rows[0]
    seal = Seal(*of)
    if seal.basis != basis(clock) or reach not in (None, seal.reach):
        return Sealed()
    # A clock that was set back must not tell of the future.
    over = clock.local_date(clock.now() - timedelta(days=seal.reach))
    changed = {day for row in rows if row.at is not None for day in reached(row.at, seal.reach, clock)}
    return Sealed(min(clock.local_date(seal.until), over), frozenset(changed))


@cache
def _sealed() -> Any:
    of, change = table_of(RollupSeal).c, table_of(RollupChange).c
    columns = of.until, of.watched, of.basis, change.at
    joined = table_of(RollupSeal).outerjoin(table_of(RollupChange), change.kind == of.kind)
    return few(select_columns(*columns).select_from(joined).where(of.kind == bindparam("kind")).distinct())


async def current(session: AsyncSession, kind: Kind) -> Seal | None:
    """The seal of a kind; None when nothing of it was ever counted."""
    of = table_of(RollupSeal).c
    query: Any = select_columns(of.until, of.watched, of.basis).where(of.kind == kind)
    row = (await session.exec(query)).first()
    return None if row is None else Seal(*row)


async def begin(session: AsyncSession, kind: Kind, seal: Seal) -> None:
    """The seal of a kind is this one, whatever it was."""
    insert_into: Any = sqlite.insert if is_sqlite(session) else postgresql.insert
    statement = insert_into(RollupSeal).values(kind=kind, **seal._asdict())
    await session.exec(statement.on_conflict_do_update(index_elements=["kind"], set_=seal._asdict()))


async def advance(session: AsyncSession, kind: Kind, seal: Seal) -> None:
    """The seal of a kind, that there is, is now this far. Its basis stays: it may just have been declared worthless."""
    statement = update(RollupSeal).where(col(RollupSeal.kind) == kind)
    await session.exec(statement.values(until=seal.until, watched=seal.watched))


async def remove(session: AsyncSession, kind: Kind) -> None:
    """Nothing of a kind is counted any more."""
    await session.exec(delete(RollupSeal).where(col(RollupSeal.kind) == kind))


async def forget_changes(session: AsyncSession, kind: Kind) -> None:
    """Remove all that was told of changes."""
    await session.exec(delete(RollupChange).where(col(RollupChange.kind) == kind))


async def first_change(session: AsyncSession, kind: Kind) -> datetime | None:
    """When something of a kind happened of which a change was told and not yet counted; the one told first."""
    of = table_of(RollupChange).c
    query: Any = select_columns(of.at).where(of.kind == kind).order_by(of.id).limit(1)
    found: datetime | None = (await session.exec(query)).scalar()
    return found


async def take_changes(session: AsyncSession, kind: Kind, begin: datetime, end: datetime) -> None:
    """Remove what was told of changes from one moment up to, not at, another. What is told meanwhile stays."""
    at = col(RollupChange.at)
    await session.exec(delete(RollupChange).where(and_(col(RollupChange.kind) == kind, at >= begin, at < end)))
