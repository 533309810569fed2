"""Callbacks that were due on a day that is over."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.clock import Clock
from kcc.contacts.callbacks import queries
from kcc.contacts.callbacks.kinds import Closing
from kcc.contacts.callbacks.queries import PromiseRow
from kcc.service_levels.definitions import InTime, Promised, in_time
from kcc.service_levels.rollups.counts import Row, values, within
from kcc.service_levels.rollups.models import CallbackCount, Kind
from kcc.service_levels.rollups.pieces import Run
from kcc.storage.rows import table_of
from kcc.storage.sqlite_connection import few


class Callbacks:
    """As the promise of calling back counts them: when their due moment has passed, all is known but what is late."""

    kind = Kind.CALLBACKS
    table = CallbackCount
    reach = 0

    async def began(self, session: AsyncSession) -> datetime | None:
        """When the first was due."""
        return await queries.first_due(session)

    async def count(self, session: AsyncSession, clock: Clock, first: date, last: date) -> list[Row]:
        """The callbacks of each day by department."""
        found: dict[tuple[date, str], list[Promised]] = defaultdict(list)
        for row in await queries.due_between(session, *clock.bounds(first, last)):
            found[clock.local_date(row.due_at), row.department].append(promised(row))
        return [
            {"start": day, "department": code, **asdict(in_time(promises, clock.now()))}
            for (day, code), promises in sorted(found.items())
        ]


class Counted(NamedTuple):
    """Callbacks of a department on a day or in a month."""

    start: date
    department: str
    figures: InTime


async def counted(session: AsyncSession, runs: Sequence[Run], department: str | None) -> list[Counted]:
    """What these counts tell of one department or all."""
    if not runs:
        return []
    given = {**values(runs), **({"department": department} if department else {})}
    statement = _statement(len(runs), of_department=department is not None)
    rows = (await session.exec(statement, params=given)).all()
    return [Counted(row[0], row[1], InTime(*row[2:])) for row in rows]


@cache
def _statement(runs: int, *, of_department: bool) -> Any:
    of = table_of(CallbackCount).c
    query = select_columns(of.start, of.department, of.due, of.called, of.closed, of.withdrawn)
    query = query.where(within(CallbackCount, runs))
    return few(query.where(of.department == bindparam("department")) if of_department else query)


def promised(row: PromiseRow) -> Promised:
    """A callback as the definition has it."""
    return Promised(row.due_at, row.first_attempt_at, row.closed_at, row.closed_as is Closing.WITHDRAWN)
