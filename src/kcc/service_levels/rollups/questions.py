"""Questions of days of which is known by now who came back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, func
from sqlalchemy import select as select_columns
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.clock import Clock
from kcc.contacts.log.figure_queries import first_began
from kcc.contacts.log.kinds import Channel
from kcc.service_levels.first_contact_queries import of_topics
from kcc.service_levels.periods import even_days
from kcc.service_levels.rollups.counts import Row, values, within
from kcc.service_levels.rollups.models import Kind, QuestionCount
from kcc.service_levels.rollups.pieces import Run
from kcc.storage.rows import table_of
from kcc.storage.sqlite_connection import few


@dataclass(frozen=True, slots=True)
class Questions:
    """As first-contact resolution counts them: a day is over when nobody can come back within `reach` days any more."""

    reach: int
    kind = Kind.QUESTIONS
    table = QuestionCount

    async def began(self, session: AsyncSession) -> datetime | None:
        """When the first contact began."""
        return await first_began(session)

    async def count(self, session: AsyncSession, clock: Clock, first: date, last: date) -> list[Row]:
        """The questions of each day by channel and topic."""
        found: list[Row] = []
        for length, since, until in even_days(first, last, clock.timezone):
            for row in await of_topics(session, clock.bounds(since, until), length, self.reach, clock.now()):
                numbers = {"eligible": row.eligible, "resolved": row.resolved, "known": row.known, "seen": row.seen}
                of = {"channel": row.channel, "topic": row.topic}
                found.append({"start": since + timedelta(days=row.part), **of, **numbers})
        return sorted(found, key=lambda row: (row["start"], row["channel"], row["topic"]))


class Counted(NamedTuple):
    """Questions of a day or a month about topics that count, or about those that do not."""

    start: date
    counts: bool
    eligible: int
    resolved: int
    known: int
    seen: int


async def counted(
    session: AsyncSession, runs: Sequence[Run], channel: Channel | None, excluded: Collection[str]
) -> list[Counted]:
    """What these counts tell of one channel or all."""
    if not runs:
        return []
    statement = _statement(len(runs), of_channel=channel is not None)
    given = {**values(runs), "excluded": list(excluded), **({"channel": channel} if channel else {})}
    rows = (await session.exec(statement, params=given)).all()
    return [Counted(row[0], bool(row[1]), *map(int, row[2:])) for row in rows]


@cache
def _statement(runs: int, *, of_channel: bool) -> Any:
    of = table_of(QuestionCount).c
    counts = case((of.topic.in_(bindparam("excluded", expanding=True)), 0), else_=1).label("counts")
    numbers = (func.sum(of[name]) for name in Counted._fields[2:])
    query = select_columns(of.start, counts, *numbers).where(within(QuestionCount, runs))
    if of_channel:
        query = query.where(of.channel == bindparam("channel"))
    return few(query.group_by(of.start, counts))
