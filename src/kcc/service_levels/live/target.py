"""What is promised today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.service_levels.definitions import ANSWER_WITHIN, Variant
from kcc.service_levels.phone.levels import Rules
from kcc.service_levels.targets.history import Metric, Scope, ScopeKind, Targets
from kcc.service_levels.targets.reading import targets
from kcc.service_levels.targets.waiting import thresholds
from kcc.service_levels.waits import Thresholds
from kcc.settings import Settings


@dataclass(frozen=True, slots=True)
class Target:
    """Which service level, and the percentage that it should be."""

    rules: Rules
    percent: float


@dataclass(frozen=True, slots=True)
class CounterTarget:
    """Within how many seconds visitors are called, and the percentage of appointments that should be."""

    thresholds: Thresholds
    percent: float


@dataclass(frozen=True)
class Promised:
    """What holds today: of all calls together and of each queue, and of all locations together and of each."""

    calls: Target
    queues: Mapping[str, Target]
    counters: CounterTarget
    locations: Mapping[str, CounterTarget]

    @property
    def longest(self) -> int:
        """Of so many seconds of waiting the counts must tell."""
        return max(max(one.rules.threshold, one.rules.short) for one in (self.calls, *self.queues.values()))

    def of_queue(self, queue: str | None) -> Target:
        """Of one queue, or of all together (None)."""
        return self.calls if queue is None else self.queues.get(queue, self.calls)

    def of_location(self, location: str | None) -> CounterTarget:
        """Of one location, or of all together (None)."""
        return self.counters if location is None else self.locations.get(location, self.counters)


async def promised(
    session: AsyncSession, settings: Settings, day: date, queues: Sequence[str], locations: Sequence[str]
) -> Promised:
    """What holds on a day."""
    kept = await targets(session, settings)
    return Promised(
        _of_calls(kept, day, []),
        {queue: _of_calls(kept, day, [Scope(ScopeKind.QUEUE, queue)]) for queue in queues},
        _of_counters(kept, day, []),
        {code: _of_counters(kept, day, [Scope(ScopeKind.LOCATION, code)]) for code in locations},
    )


def _of_calls(kept: Targets, day: date, scopes: Sequence[Scope]) -> Target:
    norm = kept.on(day, Metric.SERVICE_LEVEL, scopes).norm
    rules = Rules(norm.variant or Variant.OFFERED, norm.threshold or ANSWER_WITHIN)
    return Target(rules, float(norm.level or 0))


def _of_counters(kept: Targets, day: date, scopes: Sequence[Scope]) -> CounterTarget:
    level = kept.on(day, Metric.COUNTER_WAIT, scopes).norm.level
    return CounterTarget(thresholds(kept, day, scopes), float(level or 0))
