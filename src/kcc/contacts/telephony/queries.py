"""SQL of telephony."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, String, Table, bindparam, delete, func, insert, inspect, literal, text, update
from sqlalchemy import select as select_columns
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.telephony.arrivals import Arrival
from kcc.contacts.telephony.calls import CallOutcome, CallRecord
from kcc.contacts.telephony.models import Call, CallChange, CallEvent, CallSource, QueueRename, UnreadLine
from kcc.contacts.telephony.rows import COLUMNS, as_sqlite_keeps, columns_of, moment
from kcc.storage.turns import is_sqlite

WAITING = text("call.outcome = 'waiting'")  # written out: only so does PostgreSQL use the small index of who waits


class Ring(NamedTuple):
    """A telephone began to ring for a call that waits, at `at_ms`, milliseconds since 1970."""

    call: int
    source: str
    call_id: str
    queue: str
    caller: str
    at_ms: int
    extension: str


async def source(session: AsyncSession, code: str, *, lock: bool = False) -> CallSource | None:
    """A source by its code; locked until the end of the transaction when events of it are going to be taken in."""
    query = select(CallSource).where(CallSource.code == code)
    if lock:  # what was read before the lock may be old by now
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).first()


async def add_source(session: AsyncSession, code: str) -> None:
    """Make a source; nothing happens when it is there."""
    await session.exec(_insert_or_leave(session, CallSource), params=[{"code": code}])


async def lock_sources(session: AsyncSession) -> None:
    """Nobody takes in events of any source until the end of the transaction."""
    await session.exec(select(CallSource.id).order_by(col(CallSource.id)).with_for_update())


async def renames(session: AsyncSession) -> dict[str, str]:
    """Of each queue that goes by another name now that name."""
    return dict((await session.exec(select(QueueRename.queue, QueueRename.now))).all())


async def put_renames(session: AsyncSession, names: Mapping[str, str], at: datetime) -> None:
    """The names of queues are now these, and no others."""
    await session.exec(delete(QueueRename))
    await session.exec(
        insert(QueueRename), params=[{"queue": old, "now": new, "renamed_at": at} for old, new in names.items()]
    )


async def entered_in(session: AsyncSession, queue: str) -> Sequence[datetime]:
    """When the calls of a queue entered."""
    return (await session.exec(select(Call.entered_at).where(Call.queue == queue))).all()


async def move_calls(session: AsyncSession, queue: str, to: str) -> None:
    """The calls of a queue are another's."""
    await session.exec(update(Call).where(col(Call.queue) == queue).values(queue=to))


def _among(session: AsyncSession, column: Any, values: Collection[str]) -> Any:
    """Whether the column is one of many values: one parameter, however many there are."""
    if is_sqlite(session):
        return column.in_(select_columns(func.json_each(literal(json.dumps(list(values)))).table_valued("value")))
    return column == func.any(bindparam(None, list(values), type_=ARRAY(String)))


async def known_keys(session: AsyncSession, source_id: int, keys: Sequence[str]) -> set[str]:
    """Which of these events are here already."""
    mine = col(CallEvent.source) == source_id
    between = col(CallEvent.key).between(min(keys), max(keys))
    if (await session.exec(select(CallEvent.key).where(mine, between).limit(1))).first() is None:
        return set()
    return set((await session.exec(select(CallEvent.key).where(mine, _among(session, col(CallEvent.key), keys)))).all())


async def events_by_key(session: AsyncSession, source_id: int, keys: Sequence[str]) -> dict[str, Arrival]:
    """Events that are here, by key."""
    table = _table(CallEvent)
    columns = (table.c[name] for name in Arrival._fields)
    query: Any = select_columns(*columns).where(table.c.source == source_id, _among(session, table.c.key, keys))
    return {row.key: Arrival(*row) for row in (await session.exec(query)).all()}


async def known_call_ids(session: AsyncSession, source_id: int, call_ids: Collection[str]) -> set[str]:
    """Which of these call ids have events here already."""
    query = (
        select(CallEvent.call_id)
        .where(CallEvent.source == source_id, _among(session, col(CallEvent.call_id), call_ids))
        .distinct()
    )
    return set((await session.exec(query)).all())


async def events_of(session: AsyncSession, source_id: int, call_ids: Collection[str]) -> list[Arrival]:
    """All events of these call ids."""
    table = _table(CallEvent)
    columns = (table.c[name] for name in Arrival._fields)
    query: Any = select_columns(*columns).where(table.c.source == source_id, _among(session, table.c.call_id, call_ids))
    return [Arrival(*row) for row in (await session.exec(query)).all()]


async def insert_events(session: AsyncSession, source_id: int, events: Iterable[Arrival]) -> None:
    """Keep events that are not here yet. As plain rows: there can be a million of them."""
    connection = await session.connection()
    statement = _insert_events(connection.dialect)
    await connection.exec_driver_sql(statement, [(source_id, *event) for event in events])


async def keep_unread(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Keep lines that could not be read; the first to tell of one stands."""
    await session.exec(_insert_or_leave(session, UnreadLine), params=list(rows))


def _insert_or_leave(session: AsyncSession, model: type[Any]) -> Any:
    dialect: Any = sqlite if is_sqlite(session) else postgresql
    return dialect.insert(_table(model)).on_conflict_do_nothing()


async def calls_of(session: AsyncSession, source_id: int, call_ids: Collection[str]) -> list[Call]:
    """The calls of these call ids, by queue and entering."""
    query = (
        select(Call)
        .where(Call.source == source_id, _among(session, col(Call.call_id), call_ids))
        .order_by(col(Call.call_id), col(Call.queue), col(Call.entered_at), col(Call.id))
    )
    return list((await session.exec(query)).all())


async def calls_of_source(session: AsyncSession, source_id: int, outcome: CallOutcome) -> Sequence[Call]:
    """All calls of a source that ended so, by when they were answered."""
    query = select(Call).where(Call.source == source_id, Call.outcome == outcome)
    return (await session.exec(query.order_by(col(Call.answered_at), col(Call.id)))).all()


async def insert_calls(session: AsyncSession, source_id: int, calls: Iterable[tuple[str, CallRecord]]) -> None:
    """New calls, each with its call id."""
    connection = await session.connection()
    statement, as_kept = _insert_calls(connection.dialect)
    rows = [(source_id, call_id, *columns_of(record, as_kept)) for call_id, record in calls]
    await connection.exec_driver_sql(statement, rows)


@cache
def _insert_calls(dialect: Dialect) -> tuple[str, Callable[[int], Any]]:
    """The statement, and what makes of milliseconds since 1970 what the driver takes."""
    table = _table(Call)
    statement = _plain_insert(table, ["source", "call_id", *COLUMNS], dialect)
    return statement, as_sqlite_keeps if dialect.name == "sqlite" else moment


@cache
def _insert_events(dialect: Dialect) -> str:
    return _plain_insert(_table(CallEvent), ["source", *Arrival._fields], dialect)


def _plain_insert(table: Table, names: Sequence[str], dialect: Dialect) -> str:
    """A statement for the driver itself: through SQLAlchemy each row takes longer than in the database."""
    compiled: Any = insert(table).compile(dialect=dialect, column_keys=names)
    places = {name: place for place, name in enumerate(compiled.positiontup)}
    assert list(places) == list(names), places
    return str(compiled)


async def delete_calls(session: AsyncSession, ids: Collection[int]) -> None:
    """Calls that turned out to be none."""
    await session.exec(delete(Call).where(col(Call.id).in_(ids)))


async def close_lost(session: AsyncSession, source_id: int, before: datetime, up_to: datetime) -> list[datetime]:
    """Who still waits, and entered before the one moment or up to the other, cannot be waiting any more.

    Returns when those entered.
    """
    closing: Any = (
        update(Call)
        .where(
            col(Call.source) == source_id,
            col(Call.outcome) == CallOutcome.WAITING,
            (col(Call.entered_at) < before) | (col(Call.entered_at) <= up_to),
        )
        .values(outcome=CallOutcome.UNKNOWN)
        .returning(col(Call.entered_at))
    )
    return list((await session.exec(closing)).scalars())


async def add_changes(session: AsyncSession, quarters: Collection[int]) -> None:
    """Tell that calls changed which entered in these quarters of an hour since 1970."""
    if quarters:
        await session.exec(insert(CallChange), params=[{"quarter": quarter} for quarter in sorted(quarters)])


async def changed(session: AsyncSession) -> tuple[int, int] | None:
    """Of the changes the quarter of an hour that was told first, and the last quarter of all; None without changes."""
    first = select_columns(col(CallChange.quarter)).order_by(col(CallChange.id)).limit(1).scalar_subquery()
    last = select_columns(func.max(col(CallChange.quarter))).scalar_subquery()
    query: Any = select_columns(first, last)
    oldest, newest = (await session.exec(query)).one()
    return None if oldest is None else (oldest, newest)


async def take_changes(session: AsyncSession, begin: int, end: int) -> set[int]:
    """The quarters of an hour with changes from one up to, not including, another.

    Those changes are removed: changes that come meanwhile stay.
    """
    taking: Any = (
        delete(CallChange)
        .where(col(CallChange.quarter) >= begin, col(CallChange.quarter) < end)
        .returning(col(CallChange.quarter))
    )
    return set((await session.exec(taking)).scalars())


async def is_changed(session: AsyncSession) -> bool:
    """Whether calls changed that nobody counted anew."""
    return (await session.exec(select(CallChange.id).limit(1))).first() is not None


async def calls_between(
    session: AsyncSession, begin: datetime, end: datetime, queue: str, limit: int, offset: int
) -> tuple[list[tuple[Call, str]], int]:
    """Calls that entered from `begin` up to `end`, with the code of their source, and how many there are in all."""
    wanted = [col(Call.entered_at) >= begin, col(Call.entered_at) < end]
    if queue:
        wanted.append(col(Call.queue) == queue)
    total = (await session.exec(select(func.count()).select_from(Call).where(*wanted))).one()
    query = (
        select(Call, CallSource.code)
        .join(CallSource, col(CallSource.id) == col(Call.source))
        .where(*wanted)
        .order_by(col(Call.entered_at), col(Call.id))
        .limit(limit)
        .offset(offset)
    )
    return [(call, code) for call, code in (await session.exec(query)).all()], total


async def rings(session: AsyncSession, since: datetime) -> list[Ring]:
    """Where calls that wait began to ring, from a moment on; of each call after it entered."""
    query = (
        select(Call, CallSource.code, CallEvent)
        .join(CallSource, col(CallSource.id) == col(Call.source))
        .join(
            CallEvent,
            (col(CallEvent.source) == Call.source)
            & (col(CallEvent.call_id) == Call.call_id)
            & (col(CallEvent.queue) == Call.queue),
        )
        .where(WAITING, CallEvent.kind == "ringing", col(CallEvent.at_ms) >= int(since.timestamp() * 1000))
    )
    return [
        Ring(call.id, code, call.call_id, call.queue, call.caller, event.at_ms, _extension(event))
        for call, code, event in (await session.exec(query)).all()
        if call.id is not None and event.at_ms >= int(call.entered_at.timestamp() * 1000)
    ]


async def calls_named(session: AsyncSession, name: int | str, source_code: str | None) -> Sequence[Call]:
    """The call with this id, or the visits with this call id; at one source when it is told."""
    sources = select(CallSource.id)  # also when all are meant: call ids are looked up by source
    if source_code is not None:
        sources = sources.where(CallSource.code == source_code)
    named = Call.id == name if isinstance(name, int) else Call.call_id == name
    return (await session.exec(select(Call).where(col(Call.source).in_(sources), named))).all()


def _extension(event: CallEvent) -> str:
    return str(json.loads(event.data).get("extension", "") or event.agent)


def _table(of: type[Any]) -> Table:
    found: Any = inspect(of)
    table: Table = found.local_table
    return table
