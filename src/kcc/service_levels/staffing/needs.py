"""How many agents each quarter of an hour takes, and what so many make of it. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kcc.service_levels.staffing.erlang import Demand, Fate, fate
from kcc.service_levels.staffing.limits import AGENTS, MOST_ERLANG, TARGET_PERCENT
from kcc.service_levels.staffing.requirement import Target, fewest

QUARTER_SECONDS: Final = 900.0


@dataclass(frozen=True, slots=True)
class Work:
    """What is promised, and what a call takes: mean handling time and patience in seconds; None: nobody hangs up."""

    handling: float
    patience: float | None
    percent: float
    threshold: float

    @property
    def target(self) -> Target:
        """The promise, as far as agents can keep it: nobody keeps 100 %."""
        return Target(min(self.percent, TARGET_PERCENT.most), self.threshold)

    def demand(self, calls: float) -> Demand:
        """So many calls in a quarter of an hour."""
        return Demand(calls / QUARTER_SECONDS, self.handling, self.patience)


def needed(calls: float, work: Work, *, hang_up: bool = True) -> int | None:
    """The fewest agents that keep the target with so many calls in a quarter; by Erlang C when nobody hangs up.

    None for more work than any contact centre has.
    """
    patience = work.patience if hang_up else None
    return _needed(round(calls, 2), Work(work.handling, patience, work.percent, work.threshold))


@lru_cache(maxsize=8192)  # the quarters of a week are alike, and the next page asks for the same
def _needed(calls: float, work: Work) -> int | None:
    demand = work.demand(calls)
    return fewest(demand, work.target) if demand.load <= MOST_ERLANG else None


def together(calls: Sequence[float], work: Work, *, hang_up: bool = True) -> int | None:
    """The fewest agents that, the same number in all of these quarters, keep the target over them together."""
    each = [needed(one, work, hang_up=hang_up) for one in calls if round(one, 2)]
    if not each:
        return 0 if calls else None
    found = [one for one in each if one is not None]
    if len(found) < len(each):
        return None
    meant = work if hang_up else Work(work.handling, None, work.percent, work.threshold)
    promise = work.target.percent or 0.0
    few, many = min(found), max(found)
    return next(
        (agents for agents in range(few, many) if (level(((one, agents) for one in calls), meant) or 0) >= promise),
        many,
    )


def level(quarters: Iterable[tuple[float, float]], work: Work) -> float | None:
    """Of all callers the percentage answered in time, of (calls, agents) in quarters; None without calls.

    Agents may be a mean, such as 7.5: then there is one more for part of the time.
    """
    every = list(quarters)
    calls = math.fsum(one for one, _ in every)
    if not calls:
        return None
    return 100 * math.fsum(one * _answered(one, agents, work) for one, agents in every if one) / calls


def _answered(calls: float, agents: float, work: Work) -> float:
    there = min(max(agents, 0.0), AGENTS.most)  # with more of them nobody waits any less
    fewer = math.floor(there)
    more = there - fewer
    share = _with(round(calls, 2), fewer, work)
    return share + more * (_with(round(calls, 2), fewer + 1, work) - share) if more else share


def _with(calls: float, agents: int, work: Work) -> float:
    found = _fate(calls, agents, work) if agents else None
    return found.offered if found else 0.0


@lru_cache(maxsize=8192)
def _fate(calls: float, agents: int, work: Work) -> Fate | None:
    demand = work.demand(calls)
    return fate(demand, agents, work.threshold) if demand.load <= MOST_ERLANG else None
