"""Which target holds for a metric, on a day, of what. Pure.

A target holds from its first day until the day before the next one of the same metric and scope begins. Of the scopes
that something falls in the most specific one with a target counts, then the target for everything, then the default.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from kcc.service_levels.definitions import Variant


class Metric(StrEnum):
    """What can be promised, by the name that its figures go by."""

    SERVICE_LEVEL = "service-level"
    FIRST_CONTACT = "first-contact"
    COUNTER_WAIT = "counter-wait"
    WALK_IN_WAIT = "walk-in-wait"
    CALLBACKS_IN_TIME = "callbacks-in-time"
    LEAD_TIME = "lead-time"


class ScopeKind(StrEnum):
    """What a target can be for: everything, or one of these."""

    ALL = "all"
    QUEUE = "queue"
    TOPIC = "topic"
    DEPARTMENT = "department"
    PRODUCT = "product"
    LOCATION = "location"


class Scope(NamedTuple):
    """What a target is for. `code` is the name of a queue and the code of anything else; empty for everything."""

    kind: ScopeKind = ScopeKind.ALL
    code: str = ""


EVERYTHING = Scope()
# What each metric can be promised for apart from everything, the most specific first.
FITTING: Mapping[Metric, tuple[ScopeKind, ...]] = {
    Metric.SERVICE_LEVEL: (ScopeKind.QUEUE,),
    Metric.FIRST_CONTACT: (ScopeKind.TOPIC,),
    Metric.COUNTER_WAIT: (ScopeKind.PRODUCT, ScopeKind.LOCATION),
    Metric.WALK_IN_WAIT: (ScopeKind.PRODUCT, ScopeKind.LOCATION),
    Metric.CALLBACKS_IN_TIME: (ScopeKind.DEPARTMENT,),
    Metric.LEAD_TIME: (ScopeKind.PRODUCT,),
}
# From how many seconds to how many a threshold can be; a metric that is not here has none. Waits at a counter are
# promised in whole minutes.
THRESHOLDS: Mapping[Metric, tuple[int, int]] = {
    Metric.SERVICE_LEVEL: (1, 3600),
    Metric.COUNTER_WAIT: (60, 3600),
    Metric.WALK_IN_WAIT: (60, 7200),
}


def unit(metric: Metric) -> int:
    """In how many seconds a threshold of a metric is told: seconds, or minutes."""
    return 1 if metric is Metric.SERVICE_LEVEL else 60


class Norm(NamedTuple):
    """What is promised: `level` percent, where it counts within `threshold` seconds, by a variant of the figure.

    A level of None promises no share: the threshold only tells what is in time.
    """

    level: int | None = None
    threshold: int | None = None
    variant: Variant | None = None


class Kept(NamedTuple):
    """A target as it was set."""

    metric: Metric
    scope: Scope
    valid_from: date
    norm: Norm


@dataclass(frozen=True, slots=True)
class Held:
    """A target that holds, and of what it is. `since` is None for a default: it held until the first was set."""

    norm: Norm
    scope: Scope = EVERYTHING
    since: date | None = None


NOTHING = Held(Norm())


class Targets:
    """Every target with its history, and the defaults."""

    def __init__(self, kept: Iterable[Kept], defaults: Mapping[Metric, Norm]) -> None:
        self._defaults = defaults
        self._kept: dict[tuple[Metric, Scope], list[Kept]] = defaultdict(list)
        for one in sorted(kept, key=lambda one: one.valid_from):
            self._kept[one.metric, one.scope].append(one)

    def on(self, day: date, metric: Metric, scopes: Iterable[Scope] = ()) -> Held:
        """What holds on a local day for what is in these scopes; those that do not fit the metric say nothing."""
        for scope in _in_order(metric, scopes):
            series = self._kept.get((metric, scope), [])
            number = bisect_right(series, day, key=lambda one: one.valid_from)
            if number:
                return Held(series[number - 1].norm, scope, series[number - 1].valid_from)
        return Held(self._defaults[metric]) if metric in self._defaults else NOTHING

    def during(
        self, first: date, last: date, metric: Metric, scopes: Sequence[Scope] = ()
    ) -> list[tuple[date, date, Held]]:
        """The days from the first to the last, cut where another target begins: (first, last, what holds)."""
        cuts = {first} | {
            one.valid_from
            for scope in _in_order(metric, scopes)
            for one in self._kept.get((metric, scope), [])
            if first < one.valid_from <= last
        }
        found: list[tuple[date, date, Held]] = []
        for day in sorted(cuts):
            held = self.on(day, metric, scopes)
            if found and found[-1][2] == held:  # one for everything begins, where another counts
                continue
            if found:
                found[-1] = (found[-1][0], day - timedelta(days=1), found[-1][2])
            found.append((day, last, held))
        return found


def ends(kept: Sequence[Kept]) -> list[date | None]:
    """Of each of these targets the last day on which it holds; None while no next one is known."""
    following: list[date | None] = []
    for one in kept:
        later = [
            other.valid_from
            for other in kept
            if (other.metric, other.scope) == (one.metric, one.scope) and other.valid_from > one.valid_from
        ]
        following.append(min(later) - timedelta(days=1) if later else None)
    return following


def _in_order(metric: Metric, scopes: Iterable[Scope]) -> list[Scope]:
    kinds = FITTING[metric]
    fitting = [scope for scope in scopes if scope.kind in kinds]
    return [*sorted(fitting, key=lambda scope: kinds.index(scope.kind)), EVERYTHING]
