"""How many agents were there, as their calls tell it. Pure.

An agent without a call for a while is still there: between two calls of the same agent, at most half an hour apart, the
agent is taken to have been at the telephone. Who was there and got no call at all is not seen.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

# In seconds. Longer than the longest is no call but one whose end was lost.
GAP: Final = 30 * 60
LONGEST: Final = 4 * 3600
_QUARTER: Final = 900
# A weekday (0 is Monday) and which of its 96 quarters on the clock.
Cell = tuple[int, int]


def present(handled: Iterable[tuple[str, datetime, datetime]]) -> Counter[datetime]:
    """How many agents were there in each quarter of an hour, of (agent, from, to) of calls; an end just touched not."""
    by_agent: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for agent, since, until in handled:
        begin = int(since.timestamp())
        by_agent[agent].append((begin, min(int(until.timestamp()), begin + LONGEST)))
    found: Counter[int] = Counter()
    for calls in by_agent.values():
        found.update(_quarters(sorted(calls)))
    return Counter({datetime.fromtimestamp(number * _QUARTER, UTC): agents for number, agents in found.items()})


def _quarters(calls: list[tuple[int, int]]) -> set[int]:
    """The quarters, counted from 1970, in which an agent was there; in seconds, which is quick."""
    quarters: set[int] = set()
    until: int | None = None
    for since, end in calls:
        begin = until if until is not None and until < since <= until + GAP else since
        quarters.update(range(begin // _QUARTER, max(since // _QUARTER, (end - 1) // _QUARTER) + 1))
        until = end if until is None else max(until, end)
    return quarters


def usual(present: Mapping[datetime, int], zone: ZoneInfo) -> dict[Cell, float]:
    """The mean of each quarter of the week, over the days of that weekday on which anybody was there."""
    total: Counter[Cell] = Counter()
    days: dict[int, set[object]] = defaultdict(set)
    for start, agents in present.items():
        local = start.astimezone(zone)
        total[local.weekday(), local.hour * 4 + local.minute // 15] += agents
        days[local.weekday()].add(local.date())
    return {cell: agents / len(days[cell[0]]) for cell, agents in total.items()}
