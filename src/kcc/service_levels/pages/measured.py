"""The four promises measured: how many cases kept each, of how many, in a period and by interval."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.log.figure_queries import first_began
from kcc.service_levels import callbacks, first_contact, queries
from kcc.service_levels.definitions import Counting, share
from kcc.service_levels.pages.chosen import Chosen
from kcc.service_levels.pages.spans import Span
from kcc.service_levels.periods import By, Start, starts
from kcc.service_levels.phone import levels
from kcc.service_levels.phone.queries import first_day
from kcc.service_levels.targets.history import Metric, Norm
from kcc.service_levels.targets.judging import Judged, day_judged, judged


@dataclass(frozen=True, slots=True)
class Part:
    """An interval, or a period as a whole, with the target that it is judged by: that of its last day, or today."""

    start: date
    counting: Counting
    norm: Norm

    @property
    def percent(self) -> float | None:
        """The share that was kept; None when there was nothing."""
        return share(*self.counting)

    @property
    def kept(self) -> bool | None:
        """Whether the target was; None when there is nothing to judge, or no target."""
        percent, level = self.percent, self.norm.level
        return None if percent is None or level is None else percent >= level


@dataclass(frozen=True, slots=True)
class Measured:
    """A promise in a period, and by interval; `since` is the first day of which there is anything at all."""

    whole: Part
    parts: Sequence[Part]
    since: date | None


Measure = Callable[[AsyncSession, Chosen, Span], Awaitable[Measured]]


async def calls(session: AsyncSession, chosen: Chosen, span: Span) -> Measured:
    """Calls that were answered in time."""

    async def of(first: date, by: By) -> tuple[list[Judged], Judged]:
        asked = levels.Asked(first, span.last, by)
        return await judged(session, asked, chosen.targets, chosen.today, chosen.plan.zone)

    rows, whole = await of(span.since, span.by)
    if span.since < span.first:
        _, whole = await of(span.first, By.DAY)
    return Measured(_judged(whole), [_judged(row) for row in rows], await first_day(session))


def _judged(row: Judged) -> Part:
    return Part(row.level.start, row.level.counting, row.norm)


async def questions(session: AsyncSession, chosen: Chosen, span: Span) -> Measured:
    """Questions by phone that were answered at the first contact, as marked."""
    asked = first_contact.Asked(span.since, span.last, span.by)
    found, _ = await first_contact.rows(session, asked, chosen.clock, days=None)
    counted = {row.start: Counting(row.marked.resolved, row.marked.eligible) for row in found}
    return _measured(chosen, span, Metric.FIRST_CONTACT, counted, await _began(session, chosen))


async def promised_calls(session: AsyncSession, chosen: Chosen, span: Span) -> Measured:
    """Callbacks that were tried before the promised moment, of all departments."""
    sums: dict[Start, Counting] = defaultdict(lambda: Counting(0, 0))
    for row in await callbacks.rows(session, span.since, span.last, span.by, None, chosen.clock):
        met, of = sums[row.start]
        sums[row.start] = Counting(met + row.figures.called, of + row.figures.due)
    return _measured(chosen, span, Metric.CALLBACKS_IN_TIME, sums, await _began(session, chosen))


async def visits(session: AsyncSession, chosen: Chosen, span: Span) -> Measured:
    """Visitors with an appointment who were called in time."""
    # The sections below need this year whole: one reading serves them too.
    new_year = chosen.today.replace(month=1, day=1)
    since = min(span.since, new_year) if span.last >= new_year else span.since
    found = await chosen.days(session, since, span.last)

    def part(first: date, last: date) -> Part:
        norm = chosen.norm(Metric.COUNTER_WAIT, last)
        waits = found.total(first, last).waits
        return Part(first, Counting(waits.within, waits.visits), norm)

    parts = [part(*interval) for interval in _intervals(chosen, span)]
    return Measured(part(span.first, span.last), parts, await queries.first_visit(session))


def _measured(
    chosen: Chosen, span: Span, metric: Metric, counted: dict[Start, Counting], since: date | None
) -> Measured:
    """What was counted by interval, for a promise without a threshold: the period is the sum."""

    def norm(first: date, last: date) -> Norm:
        return chosen.norm(metric, day_judged(first, last, chosen.today))

    parts = [
        Part(first, counted.get(first, Counting(0, 0)), norm(first, last)) for first, last in _intervals(chosen, span)
    ]
    within = [one.counting for one in parts if one.start >= span.first]
    whole = Counting(sum(one.met for one in within), sum(one.of for one in within))
    return Measured(Part(span.first, whole, norm(span.first, span.last)), parts, since)


def _intervals(chosen: Chosen, span: Span) -> list[tuple[date, date]]:
    """(first day, last day) of each."""
    begins = list(starts(span.by, span.since, span.last, chosen.plan.zone))
    return list(zip(begins, [*(start - timedelta(days=1) for start in begins[1:]), span.last], strict=True))


async def _began(session: AsyncSession, chosen: Chosen) -> date | None:
    began = await first_began(session)
    return chosen.clock.local_date(began) if began else None
