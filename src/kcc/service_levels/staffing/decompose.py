"""Why a service level fell short: more calls than planned, longer ones, fewer agents, or less patience. Pure.

Erlang A tells what would have come of every mixture of plan and fact. How much one cause takes depends on which others
are taken to be there already; its part is the mean over every order in which they can come (Shapley), so that the parts
add up, whichever cause is named first.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from itertools import combinations

from kcc.service_levels.staffing.erlang import Demand, fate


class Cause(StrEnum):
    """What can differ from the plan."""

    VOLUME = "volume"
    HANDLING = "handling-time"
    STAFFING = "staffing"
    ABANDONMENT = "abandonment"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some time, such as a quarter of an hour: what came or was planned to come, and who was there for it.

    `calls` in so many `seconds`; `handling` and `patience` are means in seconds, above 0: where nobody called, those of
    the plan. `agents` may be a mean, such as 7.5.
    """

    seconds: float
    calls: float
    handling: float
    agents: float
    patience: float


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The way from a target to what was measured, in percentage points; a negative part made it better.

    `plan`: the plan itself fell short of the target. `parts`: what differed from the plan. `unexplained`: the model
    says otherwise than what was measured. Together they are `target` less `measured`.
    """

    target: float
    measured: float
    plan: float
    parts: dict[Cause, float]
    unexplained: float


def service_level(stretches: Sequence[Stretch], threshold: float) -> float | None:
    """Of all callers the percentage that Erlang A has answered within the threshold in seconds; None without calls."""
    calls = math.fsum(one.calls for one in stretches)
    if not calls:
        return None
    return 100 * math.fsum(one.calls * _answered(one, threshold) for one in stretches if one.calls) / calls


def _answered(stretch: Stretch, threshold: float) -> float:
    demand = Demand(stretch.calls / stretch.seconds, stretch.handling, stretch.patience)
    fewer = math.floor(stretch.agents)
    more = stretch.agents - fewer  # the part of the time that there was one more
    level = _with(demand, fewer, threshold)
    return level + more * (_with(demand, fewer + 1, threshold) - level) if more else level


@lru_cache(maxsize=4096)  # of a plan and what came many stretches are the same in many mixtures
def _with(demand: Demand, agents: int, threshold: float) -> float:
    found = fate(demand, agents, threshold) if agents else None
    return found.offered if found else 0.0


def decompose(
    planned: Sequence[Stretch], actual: Sequence[Stretch], target: float, measured: float, threshold: float
) -> Shortfall | None:
    """Split the way from a target to what was measured, both percentages of all callers, within seconds.

    `planned` and `actual` are of the same stretches of time, in the same order. None without calls, planned or actual.
    """
    if len(planned) != len(actual):
        raise ValueError(f"{len(planned)} stretches were planned, not {len(actual)}")
    if not any(one.calls for one in planned) or not any(one.calls for one in actual):
        return None

    @cache
    def level(changed: frozenset[Cause]) -> float:
        mixed = [_mixed(plan, fact, changed) for plan, fact in zip(planned, actual, strict=True)]
        return service_level(mixed, threshold) or 0.0

    return Shortfall(
        target=target,
        measured=measured,
        plan=target - level(frozenset()),
        parts={cause: _part(cause, level) for cause in Cause},
        unexplained=level(frozenset(Cause)) - measured,
    )


def _mixed(plan: Stretch, fact: Stretch, changed: frozenset[Cause]) -> Stretch:
    """The plan, but for what is as it really was."""
    return Stretch(
        seconds=fact.seconds,
        calls=fact.calls if Cause.VOLUME in changed else plan.calls,
        handling=fact.handling if Cause.HANDLING in changed else plan.handling,
        agents=fact.agents if Cause.STAFFING in changed else plan.agents,
        patience=fact.patience if Cause.ABANDONMENT in changed else plan.patience,
    )


def _part(cause: Cause, level: Callable[[frozenset[Cause]], float]) -> float:
    """What a cause takes, over every order: a set of others counts for as many orders as have just those before it."""
    others = [other for other in Cause if other is not cause]
    parts = []
    for number in range(len(others) + 1):
        orders = math.factorial(number) * math.factorial(len(others) - number) / math.factorial(len(Cause))
        for before in map(frozenset, combinations(others, number)):
            parts.append(orders * (level(before) - level(before | {cause})))
    return math.fsum(parts)
