"""Calls against the target that held when they came.

Each interval is counted and judged by the target of its last day, and so is a period as a whole: a figure has one
threshold, and a day that is over keeps what it was judged by. An interval that is not over is judged as today.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.service_levels.definitions import ANSWER_WITHIN, Variant
from kcc.service_levels.periods import starts
from kcc.service_levels.phone.levels import Asked, Level, Rules, levels, together
from kcc.service_levels.targets.history import Held, Metric, Norm, Scope, ScopeKind, Targets


@dataclass(frozen=True, slots=True)
class Judged:
    """Calls of an interval, counted by the rules of the target beside them."""

    level: Level
    norm: Norm

    @property
    def kept(self) -> bool | None:
        """Whether it was kept; None when there is nothing to judge."""
        percent = self.level.percent
        return None if percent is None or self.norm.level is None else percent >= self.norm.level


def day_judged(first: date, last: date, today: date) -> date:
    """The day whose target an interval is judged by: its last one, or today when that comes before."""
    return max(first, min(last, today))


def scopes_of(asked: Asked) -> list[Scope]:
    """What was asked for as a scope: one queue. Several together are judged as everything is."""
    return [Scope(ScopeKind.QUEUE, asked.queues[0])] if len(asked.queues) == 1 else []


def held_at_end(asked: Asked, targets: Targets, today: date) -> Held:
    """The target that the period as a whole is judged by."""
    return targets.on(day_judged(asked.first, asked.last, today), Metric.SERVICE_LEVEL, scopes_of(asked))


def by_norm(rules: Rules, norm: Norm) -> Rules:
    """These rules with the threshold and variant of a target."""
    return replace(rules, threshold=norm.threshold or ANSWER_WITHIN, variant=norm.variant or Variant.OFFERED)


def as_promised(asked: Asked, targets: Targets, today: date, variant: Variant | None, threshold: int | None) -> Asked:
    """The question with the rules of the target at the end of the period, but for those that are given."""
    rules = by_norm(asked.rules, held_at_end(asked, targets, today).norm)
    if threshold is not None:
        rules = replace(rules, threshold=threshold)
    return replace(asked, rules=replace(rules, variant=variant or rules.variant))


async def judged(
    session: AsyncSession, asked: Asked, targets: Targets, today: date, zone: ZoneInfo
) -> tuple[list[Judged], Judged]:
    """Every interval of a day or more, and the period as a whole. Raises InvalidInput for an unknown queue."""
    rows: list[Judged] = []
    for norm, first, last in _pieces(asked, targets, today, zone):
        part = replace(asked, first=first, last=last, rules=by_norm(asked.rules, norm))
        rows += [Judged(level, norm) for level in await levels(session, part, zone)]
    norm = held_at_end(asked, targets, today).norm
    rules = by_norm(asked.rules, norm)
    alike = all(row.level.rules == rules for row in rows)
    whole = [row.level for row in rows] if alike else await levels(session, replace(asked, rules=rules), zone)
    return rows, Judged(together(whole), norm)


def _pieces(asked: Asked, targets: Targets, today: date, zone: ZoneInfo) -> list[tuple[Norm, date, date]]:
    """Consecutive intervals with the same target: (target, first day, last day)."""
    begins = [start for start in starts(asked.by, asked.first, asked.last, zone) if not isinstance(start, datetime)]
    lasts = [*(following - timedelta(days=1) for following in begins[1:]), asked.last]
    scopes = scopes_of(asked)
    intervals: Sequence[tuple[date, date, Norm]] = [
        (first, last, targets.on(day_judged(first, last, today), Metric.SERVICE_LEVEL, scopes).norm)
        for first, last in zip(begins, lasts, strict=True)
    ]
    found = []
    for norm, group in groupby(intervals, key=lambda interval: interval[2]):
        piece = list(group)
        found.append((norm, piece[0][0], piece[-1][1]))
    return found
