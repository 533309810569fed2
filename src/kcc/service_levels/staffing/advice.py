"""Where a roster falls short or has clearly too many, by the hour, and what more or fewer agents do. Pure."""

import math
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from kcc.service_levels.staffing.needs import Work, level

HOUR: Final = 4  # quarters
# With fewer calls an hour nothing is said of it.
LEAST_CALLS: Final = 4.0
# So many agents too many are clearly too many: one fewer is within what a roster can do.
TOO_MANY: Final = 2
MOST_MORE: Final = 500


@dataclass(frozen=True, slots=True)
class Slot:
    """A quarter of an hour of a day, one of the 96 on the clock: calls expected, agents on the roster."""

    day: date
    quarter: int
    calls: float
    agents: float


@dataclass(frozen=True, slots=True)
class Advice:
    """From one quarter up to, not including, another, so many agents more (fewer when negative) than on the roster.

    `now` and `then` are percentages answered in time; `missing` is how many calls more should be in time to keep the
    target.
    """

    day: date
    begin: int
    end: int
    calls_an_hour: float
    agents: float
    more: int
    now: float
    then: float
    missing: float


def advise(slots: Iterable[Slot], work: Work) -> list[Advice]:
    """Hours that miss the target or have clearly too many, with neighbours that need the same as one; in order of time.

    With the advice every hour keeps the target; where no number of agents does, as many as make no difference.
    """
    hours = [
        (day, hour, list(of_hour))
        for (day, hour), of_hour in groupby(_in_order(slots), key=lambda slot: (slot.day, slot.quarter // HOUR))
    ]
    found: list[Advice] = []
    run: list[Slot] = []
    last: tuple[date, int, int] | None = None
    for day, hour, of_hour in hours:
        more = _more(of_hour, work)
        if last != (day, hour - 1, more):
            found += _advice(run, last[2], work) if last else []
            run = []
        run, last = [*run, *of_hour], (day, hour, more)
    return [*found, *(_advice(run, last[2], work) if last else [])]


def _in_order(slots: Iterable[Slot]) -> list[Slot]:
    return sorted(slots, key=lambda slot: (slot.day, slot.quarter))


def _level(slots: Sequence[Slot], work: Work, more: int = 0) -> float | None:
    return level(((slot.calls, slot.agents + more) for slot in slots), work)


def _more(slots: Sequence[Slot], work: Work) -> int:
    """How many more keep the target in this hour; below zero how many could go, when those are clearly too many."""
    now = _level(slots, work)
    if now is None or math.fsum(slot.calls for slot in slots) * HOUR / len(slots) < LEAST_CALLS:
        return 0
    target = work.target.percent or 0.0

    def keeps(more: int) -> bool:
        return (_level(slots, work, more) or 0.0) >= target

    # More agents make no level worse: so where it is kept first can be searched by halves.
    if now < target:
        more = bisect_left(range(MOST_MORE), True, key=keeps)
        return more if more < MOST_MORE else 0
    # The last one is not sent away.
    spare = max(0, math.floor(min(slot.agents for slot in slots)) - 1)
    fewer = spare - bisect_left(range(-spare, 1), True, key=keeps)
    return -fewer if fewer >= TOO_MANY else 0


def _advice(slots: Sequence[Slot], more: int, work: Work) -> list[Advice]:
    now, then = _level(slots, work), _level(slots, work, more)
    if not more or now is None or then is None:
        return []
    calls = math.fsum(slot.calls for slot in slots)
    return [
        Advice(
            day=slots[0].day,
            begin=slots[0].quarter,
            end=slots[-1].quarter + 1,
            calls_an_hour=calls * HOUR / len(slots),
            agents=math.fsum(slot.agents for slot in slots) / len(slots),
            more=more,
            now=now,
            then=then,
            missing=calls * ((work.target.percent or 0.0) - now) / 100,
        )
    ]


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody considers: so many agents more or fewer on a weekday (0 is Monday), between two quarters."""

    weekday: int
    begin: int
    end: int
    more: int

    def touches(self, slot: Slot) -> bool:
        """Whether it is about this quarter."""
        return slot.day.weekday() == self.weekday and self.begin <= slot.quarter < self.end


@dataclass(frozen=True, slots=True)
class Effect:
    """Percentages answered in time before and after a change: in the stretch itself, and in all of these days."""

    before: float
    after: float
    all_before: float
    all_after: float


def consider(slots: Collection[Slot], change: Change, work: Work) -> Effect | None:
    """What the change does; None when no calls are expected then."""
    there = [slot for slot in slots if change.touches(slot)]
    before, after = _level(there, work), _level(there, work, change.more)
    whole = level(((slot.calls, slot.agents) for slot in slots), work)
    changed = level(((slot.calls, slot.agents + change.more * change.touches(slot)) for slot in slots), work)
    if before is None or after is None or whole is None or changed is None:
        return None
    return Effect(before, after, whole, changed)
