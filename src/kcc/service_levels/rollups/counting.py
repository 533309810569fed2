"""Keeps counts of days in step with the records: what changed is counted anew, and each day when it is over."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, Protocol

from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.clock import Clock
from kcc.service_levels.histograms import merged
from kcc.service_levels.periods import DAY, next_month
from kcc.service_levels.rollups import counts, seals
from kcc.service_levels.rollups.counts import Row
from kcc.service_levels.rollups.models import Kind, Span
from kcc.service_levels.rollups.seals import Seal
from kcc.storage.turns import take_turn, try_turn

# Whoever counts a kind does so alone.
_TURNS = {Kind.QUESTIONS: 0x6B63632D72717565, Kind.CALLBACKS: 0x6B63632D7263616C, Kind.VISITS: 0x6B63632D72766973}
# Held while a day is sealed. Whoever changes what is counted shares it, by the triggers, until the change is there for
# all to see. Nobody waits for it but those, a moment: to wait for them would hold up all who come after.
SEALING = 0x6B63632D7365616C
AT_ONCE = 7 * DAY


class Family(Protocol):
    """What is counted of a kind, and how."""

    @property
    def kind(self) -> Kind:
        """Which one."""

    @property
    def table(self) -> type[SQLModel]:
        """Where its counts are."""

    @property
    def reach(self) -> int:
        """For how many days what happens later can change what is said of a day."""

    async def began(self, session: AsyncSession) -> datetime | None:
        """When the first of all happened; None when nothing did."""

    async def count(self, session: AsyncSession, clock: Clock, first: date, last: date) -> list[Row]:
        """The records of each day from the first to the last in numbers: rows for `table`, without `span`."""


class Step(Enum):
    """What came of a step: something was counted, all was, or somebody is changing what had to be."""

    COUNTED = 1
    SETTLED = 2
    BUSY = 3


async def step(session: AsyncSession, family: Family, clock: Clock) -> Step:
    """Count what changed first, or the next days that are over."""
    await take_turn(session, _TURNS[family.kind])
    seal = await seals.current(session, family.kind)
    over = clock.local_date(clock.now() - timedelta(days=family.reach))
    if seal is None or seal.basis != seals.basis(clock) or seal.reach != family.reach:
        return await _begin(session, family, clock, over)
    until = clock.local_date(seal.until)
    if until > over:  # the clock was set back: of a day to come nothing can be counted
        return Step.SETTLED
    at = await seals.first_change(session, family.kind)
    if at is not None:
        await seals.take_changes(session, family.kind, *clock.bounds(clock.local_date(at), clock.local_date(at)))
        days = [day for day in seals.reached(at, family.reach, clock) if day < until]
        if days:
            await _count(session, family, clock, days[0], days[-1], until)
        return Step.COUNTED
    if until == over:
        return Step.SETTLED
    if not await try_turn(session, SEALING):
        return Step.BUSY
    reached = min(over, until + AT_ONCE)
    await _count(session, family, clock, until, reached - DAY, reached)
    await seals.advance(session, family.kind, _seal(family, clock, reached))
    return Step.COUNTED


async def forget(session: AsyncSession, family: Family) -> None:
    """All is to be counted anew."""
    await take_turn(session, _TURNS[family.kind])
    await seals.remove(session, family.kind)


async def _begin(session: AsyncSession, family: Family, clock: Clock, over: date) -> Step:
    """Nothing is counted yet; from the day on which anything happened first it will be."""
    if not await try_turn(session, SEALING):
        return Step.BUSY
    await counts.clear(session, family.table)
    await seals.forget_changes(session, family.kind)
    began = await family.began(session)
    until = over if began is None else min(over, clock.local_date(began))
    await seals.begin(session, family.kind, _seal(family, clock, until))
    return Step.COUNTED


def _seal(family: Family, clock: Clock, until: date) -> Seal:
    begin = clock.bounds(until, until)[0]
    return Seal(begin, begin + timedelta(days=family.reach), seals.basis(clock))


async def _count(session: AsyncSession, family: Family, clock: Clock, first: date, last: date, until: date) -> None:
    """Count these days, and add up those of their months of which all days before `until` are."""
    await counts.put(session, family.table, Span.DAY, first, last, await family.count(session, clock, first, last))
    for month in sorted({first.replace(day=1), last.replace(day=1)}):
        following = next_month(month)
        if following <= until:
            days = await counts.rows(session, family.table, month, following - DAY)
            sums = _sums(month, days, counts.keys(family.table))
            await counts.put(session, family.table, Span.MONTH, month, month, sums)


def _sums(month: date, days: Sequence[Row], keys: Sequence[str]) -> list[Row]:
    """A row for all days with the same keys: numbers are added, waits merged."""
    apart: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in days:
        apart[tuple(row[key] for key in keys)].append(row)
    return [
        {"start": month, **dict(zip(keys, of, strict=True))}
        | {name: _sum([row[name] for row in rows]) for name in rows[0] if name not in (*keys, "start")}
        for of, rows in sorted(apart.items())
    ]


def _sum(values: Sequence[Any]) -> Any:
    return merged(values) if isinstance(values[0], bytes) else sum(values)
