"""The fewest agents that keep a target, and what comes of neighbouring numbers. Pure."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kcc.service_levels.staffing.erlang import Demand, Fate, fate

# Far more than a contact centre has; whatever needs more is a typing error.
MOST_AGENTS: Final = 10_000
NEIGHBOURS: Final = 5


@dataclass(frozen=True, slots=True)
class Target:
    """What is promised, all of it together; None is not promised.

    `percent` of all callers answered within `threshold` seconds; a mean wait in seconds at most; agents busy for so
    many percent of the time at most.
    """

    percent: float | None
    threshold: float
    average_wait: float | None = None
    occupancy_percent: float | None = None


def keeps(target: Target, found: Fate | None) -> bool:
    """Whether this is what was promised. What is unstable never is."""
    if found is None:
        return False
    return (
        (target.percent is None or 100 * found.offered >= target.percent)
        and (target.average_wait is None or found.average_wait <= target.average_wait)
        and (target.occupancy_percent is None or 100 * found.occupancy <= target.occupancy_percent)
    )


def fewest(demand: Demand, target: Target) -> int | None:
    """The fewest agents that keep the target; None when not even 10,000 do. Without calls it takes nobody."""
    if demand.rate == 0:
        return 0
    begin = min(MOST_AGENTS, math.ceil(demand.load))
    return _least(lambda agents: keeps(target, fate(demand, agents, target.threshold)), begin, MOST_AGENTS)


def _least(enough: Callable[[int], bool], begin: int, most: int) -> int | None:
    """More agents make no figure worse: double from `begin` on until it is enough, then halve in between."""
    too_few, agents = 0, begin
    while not enough(agents):
        if agents == most:
            return None
        too_few, agents = agents, min(2 * agents, most)
    while agents - too_few > 1:
        between = (too_few + agents) // 2
        if enough(between):
            agents = between
        else:
            too_few = between
    return agents


def scheduled(agents: int, shrinkage_percent: float) -> int:
    """How many to put on the roster so that so many are there, when this share of paid time they are not."""
    # Such as 70 / (1 − 0.3), which floats put a hair above 100, stays 100.
    return math.ceil(round(100 * agents / (100 - shrinkage_percent), 9))


@dataclass(frozen=True, slots=True)
class Row:
    """A number of agents and what becomes of callers; None when it is unstable."""

    agents: int
    fate: Fate | None


def around(demand: Demand, agents: int, threshold: float) -> list[Row]:
    """This number of agents, at least 1, and up to five fewer and more."""
    numbers = range(max(1, agents - NEIGHBOURS), agents + NEIGHBOURS + 1)
    return [Row(number, fate(demand, number, threshold)) for number in numbers]
