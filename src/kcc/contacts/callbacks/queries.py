"""All SQL of callbacks."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import bindparam, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.callbacks.kinds import CallbackState, Closing
from kcc.contacts.callbacks.models import Callback, CallbackAlert, CallbackAttempt, CallbackNote
from kcc.storage.rows import table_of

Part = TypeVar("Part", CallbackAttempt, CallbackNote, CallbackAlert)


@dataclass(slots=True)
class Promise:
    """A callback with its attempts, notes and alerts, the oldest first."""

    callback: Callback
    attempts: list[CallbackAttempt] = field(default_factory=list)
    notes: list[CallbackNote] = field(default_factory=list)
    alerts: list[CallbackAlert] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to call."""
        return self.callback.closed_at is None

    @property
    def alerts_now(self) -> list[CallbackAlert]:
        """The alerts since who has it has it."""
        return [one for one in self.alerts if one.at == getattr(self.callback, f"{one.alert.value}_alerted_at")]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which callbacks. `with_centre`: only what departments gave back to the contact centre.

    `closed_of`: of those that are closed only the ones this agent promised; None is all.
    """

    department: str | None = None
    state: CallbackState | None = None
    agent: str | None = None
    with_centre: bool = False
    closed_of: str | None = None


class PromiseRow(NamedTuple):
    """A callback as figures need it."""

    department: str
    due_at: datetime
    first_attempt_at: datetime | None
    closed_at: datetime | None
    closed_as: Closing | None


async def promise(session: AsyncSession, callback: int, *, lock: bool = False) -> Promise | None:
    """A callback with what belongs to it; locked until the end of the transaction when it is going to change."""
    query = select(Callback).where(Callback.id == callback)
    if lock:  # what was read before the lock may be old by now
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await session.exec(query)).first()
    return (await _whole(session, [found]))[0] if found else None


async def _whole(session: AsyncSession, callbacks: Sequence[Callback]) -> list[Promise]:
    numbers = [callback.id for callback in callbacks if callback.id is not None]
    attempts = await _parts(session, CallbackAttempt, numbers)
    notes = await _parts(session, CallbackNote, numbers)
    alerts = await _parts(session, CallbackAlert, numbers)
    return [
        Promise(callback, attempts[callback.id], notes[callback.id], alerts[callback.id])
        for callback in callbacks
        if callback.id is not None
    ]


async def _parts(session: AsyncSession, table: type[Part], numbers: Sequence[int]) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = defaultdict(list)
    query = select(table).where(col(table.callback).in_(numbers)).order_by(col(table.id))
    for part in (await session.exec(query)).all():
        found[part.callback].append(part)
    return found


async def note(session: AsyncSession, number: int) -> CallbackNote:
    """A note that is there."""
    return await session.get_one(CallbackNote, number)


async def open_about(session: AsyncSession, question: int) -> int | None:
    """The callback about a question that stands."""
    query = select(Callback.id).where(Callback.question == question, col(Callback.closed_at).is_(None))
    return (await session.exec(query)).first()


async def add(session: AsyncSession, row: Callback | CallbackAttempt | CallbackNote | CallbackAlert) -> None:
    """Insert a row."""
    session.add(row)
    await session.flush()


def _conditions(wanted: Wanted, now: datetime) -> list[Any]:
    conditions: list[Any] = []
    closed = col(Callback.closed_at).is_not(None)
    if wanted.department is not None:
        conditions.append(Callback.department == wanted.department)
    if wanted.agent is not None:
        conditions.append(Callback.agent == wanted.agent)
    if wanted.with_centre:
        conditions.append(col(Callback.handed_back_at).is_not(None))
    if wanted.closed_of is not None:
        conditions.append(~closed | (col(Callback.agent) == wanted.closed_of))
    if wanted.state is CallbackState.CLOSED:
        conditions.append(closed)
    elif wanted.state is not None:
        conditions.append(~closed)
    if wanted.state is CallbackState.OVERDUE:
        conditions.append(col(Callback.due_at) <= now)
    return conditions


async def number_of(session: AsyncSession, wanted: Wanted, now: datetime) -> int:
    """How many callbacks there are."""
    count: Any = select_columns(func.count()).select_from(Callback).where(*_conditions(wanted, now))
    return int((await session.exec(count)).scalar_one())


async def promises(
    session: AsyncSession, wanted: Wanted, now: datetime, limit: int, offset: int
) -> tuple[int, list[Promise]]:
    """How many there are, and a part of them: the open ones by due moment, then the closed ones, newest first."""
    conditions = _conditions(wanted, now)
    total = await number_of(session, wanted, now)
    closed = col(Callback.closed_at)
    order = (closed.is_not(None), closed.desc(), col(Callback.due_at), col(Callback.id))
    query = select(Callback).where(*conditions).order_by(*order).limit(limit).offset(offset)
    return total, await _whole(session, (await session.exec(query)).all())


async def ids_by_question(session: AsyncSession) -> dict[int, int]:
    """The callbacks of questions, by question: for who just put in many at once."""
    found = await session.exec(select(Callback.question, Callback.id).where(col(Callback.question).is_not(None)))
    return {question: number for question, number in found.all() if question is not None and number is not None}


async def overdue(session: AsyncSession, now: datetime) -> Sequence[Callback]:
    """Open callbacks past their due moment of which not everybody heard yet, locked; oldest first."""
    query = (
        select(Callback)
        .where(
            col(Callback.closed_at).is_(None),
            col(Callback.due_at) <= now,
            col(Callback.lead_alerted_at).is_(None),
        )
        .order_by(col(Callback.due_at), col(Callback.id))
        .with_for_update(skip_locked=True)
    )
    return (await session.exec(query.execution_options(populate_existing=True))).all()


async def first_due(session: AsyncSession) -> datetime | None:
    """When the first of all was due; None when there is none."""
    query: Any = select_columns(func.min(table_of(Callback).c.due_at))
    found: datetime | None = (await session.exec(query)).scalar()
    return found


async def due_between(session: AsyncSession, begin: datetime, end: datetime) -> Sequence[PromiseRow]:
    """The callbacks whose due moment lies from one moment up to, not at, another."""
    rows = (await session.exec(_due_between(), params={"begin": begin, "end": end})).all()
    return [PromiseRow(*row) for row in rows]


@cache
def _due_between() -> Any:
    of, attempt = table_of(Callback).c, table_of(CallbackAttempt).c
    first = select_columns(func.min(attempt.at)).where(attempt.callback == of.id).scalar_subquery()
    return select_columns(of.department, of.due_at, first, of.closed_at, of.closed_as).where(
        of.due_at >= bindparam("begin"), of.due_at < bindparam("end")
    )
