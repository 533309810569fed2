"""SQL of counted calls."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import DateTime, Integer, and_, bindparam, func, insert, or_, type_coerce, union_all
from sqlalchemy import select as select_columns
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.telephony.models import Call
from kcc.service_levels.histograms import enough, packed
from kcc.service_levels.periods import DAY, QUARTER, runs, whole_months
from kcc.service_levels.phone.models import CallDay, CallMonth, CallQuarter
from kcc.service_levels.phone.tallies import ALL, NUMBERS, Tallies, Tally, Visit
from kcc.storage.rows import table_of
from kcc.storage.sqlite_connection import few


class Counted(NamedTuple):
    """Counts of a queue in a quarter of an hour or on a day; of the waits only those up to a threshold."""

    start: Any
    queue: str
    answered: int
    abandoned: int
    sent_away: int
    unknown: int
    transferred: int
    waited: int
    wait_seconds: int
    talked: int
    handle_seconds: int
    answered_waits: bytes
    abandoned_waits: bytes


_COLUMNS = Counted._fields[1:]


async def visits(session: AsyncSession, starts: Collection[datetime]) -> list[Visit]:
    """The calls that entered in these quarters of an hour."""
    of: Any = Call
    query: Any = select_columns(
        of.queue,
        of.entered_at,
        of.outcome,
        of.wait_seconds,
        of.talk_seconds,
        # Only their difference counts: the time zone, which takes as long as all else, stays away.
        type_coerce(of.ended_at, DateTime()),
        type_coerce(of.wrapped_up_at, DateTime()),
        of.transferred_to.is_not(None),
    ).where(or_(*(and_(of.entered_at >= begin, of.entered_at < end) for begin, end in runs(starts))))
    return [Visit(*row) for row in (await session.exec(query)).all()]


async def put_quarters(session: AsyncSession, starts: Collection[datetime], tallies: Tallies) -> None:
    """The counts of these quarters of an hour are now these, and no others."""
    await session.exec(delete(CallQuarter).where(col(CallQuarter.start).in_(starts)))
    rows = [{"start": start, "queue": queue, **_columns(tally)} for (start, queue), tally in sorted_by_key(tallies)]
    if rows:
        await session.exec(insert(table_of(CallQuarter)), params=rows)


async def put_day(session: AsyncSession, day: date, rows: Sequence[Counted]) -> None:
    """The counts of this day, by queue, are now these, and no others."""
    await _put(session, CallDay, day, rows)


async def put_month(session: AsyncSession, month: date, rows: Sequence[Counted]) -> None:
    """The counts of the month that begins on this day, by queue, are now these, and no others."""
    await _put(session, CallMonth, month, rows)


async def _put(session: AsyncSession, of: type[CallDay | CallMonth], start: date, rows: Sequence[Counted]) -> None:
    column = _start(of)
    await session.exec(delete(of).where(column == start))
    if rows:
        params = [{column.name: start, **{name: getattr(row, name) for name in _COLUMNS}} for row in rows]
        await session.exec(insert(table_of(of)), params=params)


def sorted_by_key(tallies: Tallies) -> list[tuple[tuple[datetime, str], Tally]]:
    """In order of time and queue."""
    return sorted(tallies.items(), key=lambda item: item[0])


def _columns(tally: Tally) -> dict[str, Any]:
    return {
        **{name: getattr(tally, name) for name in NUMBERS},
        "answered_waits": packed(tally.answered_waits),
        "abandoned_waits": packed(tally.abandoned_waits),
    }


async def counted_quarters(
    session: AsyncSession, begin: datetime, end: datetime, queues: Collection[str], seconds: int
) -> list[Counted]:
    """The counts of these queues from one moment up to, not at, another; no queue names all apart."""
    return await _counted(session, [(CallQuarter, begin, end - QUARTER)], queues, seconds)


async def counted_days(
    session: AsyncSession, first: date, last: date, queues: Collection[str], seconds: int
) -> list[Counted]:
    """The counts of these queues from the first day to the last; no queue names all apart."""
    return await _counted(session, [(CallDay, first, last)], queues, seconds)


async def counted_months(
    session: AsyncSession, first: date, last: date, queues: Collection[str], seconds: int
) -> list[Counted]:
    """The same with the days of each whole month together, under its first day."""
    begin, end = whole_months(first, last)
    if begin >= end:
        return await counted_days(session, first, last, queues, seconds)
    pieces = (CallDay, first, begin - DAY), (CallMonth, begin, end - DAY), (CallDay, end, last)
    return await _counted(session, [piece for piece in pieces if piece[1] <= piece[2]], queues, seconds)


_STEPS: dict[Any, timedelta] = {CallQuarter: QUARTER, CallDay: DAY, CallMonth: 28 * DAY}
_FEW, _QUEUES = 500, 20  # rows; queues there may be


async def _counted(
    session: AsyncSession, pieces: Sequence[tuple[Any, Any, Any]], queues: Collection[str], seconds: int
) -> list[Counted]:
    """What there is in each of these tables from one start to another."""
    values: dict[str, Any] = {"length": enough(seconds), **({"queues": list(queues)} if queues else {})}
    starts = 0
    for number, (of, first, last) in enumerate(pieces):
        values |= {f"first_{number}": first, f"last_{number}": last}
        starts += (last - first) // _STEPS[of] + 1
    short = starts * (len(queues) or _QUEUES) <= _FEW
    statement: Any = _counts(tuple(of for of, _, _ in pieces), apart=not queues, short=short)
    return list(map(Counted._make, (await session.exec(statement, params=values)).all()))


@cache
def _counts(of: tuple[Any, ...], *, apart: bool, short: bool) -> Any:
    """The statement for `_counted`, made once: making it takes longer than a month of days in the database."""
    length = bindparam("length", type_=Integer)
    queues: Any = bindparam("queues", expanding=True)
    parts = []
    for number, table in enumerate(of):
        columns, start = table_of(table).c, _start(table)
        # Of nothing SQLite makes NULL, not nothing.
        waits = (func.coalesce(func.substr(columns[name], 1, length), columns[name]) for name in _COLUMNS[-2:])
        part = (
            select_columns(start.label("start"), columns.queue, *(columns[name] for name in NUMBERS), *waits)
            .where(start >= bindparam(f"first_{number}"), start <= bindparam(f"last_{number}"))
            .where(columns.queue != ALL if apart else columns.queue.in_(queues))
        )
        parts.append(few(part) if short else part)
    whole = parts[0] if len(parts) == 1 else union_all(*parts)
    return whole.order_by("start", "queue")


def _start(of: Any) -> Any:
    """The column that says when an interval begins."""
    return next(column for column in table_of(of).primary_key if column.name != "queue")


async def known_queues(session: AsyncSession) -> list[str]:
    """Every queue that calls were counted of, by name."""
    queue = col(CallDay.queue)
    query: Any = select(queue).where(queue != ALL).distinct().order_by(queue)
    return list((await session.exec(query)).all())


async def first_day(session: AsyncSession) -> date | None:
    """The first day of which calls were counted; None when there is none."""
    day = col(CallDay.day)
    query: Any = select(day).order_by(day).limit(1)
    found: date | None = (await session.exec(query)).first()
    return found


async def all_between(session: AsyncSession) -> tuple[datetime, datetime] | None:
    """The first and last moment at which calls entered, or of which there are counts; None when there are none."""
    moments: list[datetime] = []
    columns: tuple[Any, ...] = (Call.entered_at, CallQuarter.start)
    for column in columns:
        query: Any = select_columns(func.min(column), func.max(column))
        moments += [moment for moment in (await session.exec(query)).one() if moment is not None]
    return (min(moments), max(moments)) if moments else None
