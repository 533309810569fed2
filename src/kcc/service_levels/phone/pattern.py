"""Where in the week calls are answered too late. Pure.

A cell is a quarter of an hour of a weekday, over all weeks of a period. A stretch is what a team lead can act on: some
hours of a weekday that miss the target and stand out from the rest of the week, more than chance explains. How much one
stands out is Kulldorff's scan statistic for yes or no (1997): the logarithm of how much better two shares, one inside
and one outside, explain what happened than a single one. So what is wrong all week long does not widen a stretch, and
more weeks of the same tell the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import log, sqrt
from typing import NamedTuple
from zoneinfo import ZoneInfo

QUARTERS = 96  # of a day; on the days when the clock moves some are there twice, or not
# So many standard deviations from the target no stretch of a week in which nothing is wrong gets by chance.
BEYOND_CHANCE = 3.0
# Of so many weeks without any pattern chance makes a stretch stand out in one at most.
ONCE_IN = 20


class Cell(NamedTuple):
    """Calls of a weekday and quarter: those that count, and those of them that were in time."""

    offered: int
    within: int


class Stretch(NamedTuple):
    """Quarters of a weekday (0 is Monday) from `begin` up to, not including, `end`.

    `missing` is how many calls more should have been in time to reach the target; `apart` how much it stands out.
    """

    weekday: int
    begin: int
    end: int
    offered: int
    within: int
    missing: float
    apart: float

    @property
    def percent(self) -> float:
        """The share that was in time."""
        return 100 * self.within / self.offered


Grid = dict[tuple[int, int], Cell]


def grid(quarters: Iterable[tuple[datetime, int, int]], zone: ZoneInfo) -> Grid:
    """Cells of (start, offered, within) of quarters of an hour, as the clock tells them; without those of no calls."""
    found: Grid = {}
    for start, offered, within in quarters:
        if offered:
            local = start.astimezone(zone)
            at = local.weekday(), (local.hour * 60 + local.minute) // 15
            before = found.get(at, Cell(0, 0))
            found[at] = Cell(before.offered + offered, before.within + within)
    return found


def stretches(cells: Mapping[tuple[int, int], Cell], target: float) -> list[Stretch]:
    """Of each weekday the stretch that stands out most among those that miss a target in percent, the lowest first."""
    whole = Cell(sum(cell.offered for cell in cells.values()), sum(cell.within for cell in cells.values()))
    days = [
        [(quarter, cells[weekday, quarter]) for quarter in range(QUARTERS) if (weekday, quarter) in cells]
        for weekday in range(7)
    ]
    # Chance makes a single stretch so much apart less than once in exp(apart) times.
    enough = log(ONCE_IN * max(1, sum(len(day) * (len(day) + 1) // 2 for day in days)))
    worst = [_worst(day, weekday, whole, target / 100) for weekday, day in enumerate(days)]
    found = [stretch for stretch in worst if stretch is not None and stretch.apart > enough]
    return sorted(found, key=lambda one: (one.percent, one.weekday))


def _worst(day: Sequence[tuple[int, Cell]], weekday: int, whole: Cell, target: float) -> Stretch | None:
    """Of all stretches that begin and end with calls the first and shortest of those that stand out most."""
    best: Stretch | None = None
    together = _likelihood(*whole)
    for number, (begin, _) in enumerate(day):
        offered = within = 0
        for quarter, cell in day[number:]:
            offered, within = offered + cell.offered, within + cell.within
            missing = target * offered - within
            if missing <= BEYOND_CHANCE * sqrt(offered * target * (1 - target)):
                continue
            others, in_time = whole.offered - offered, whole.within - within
            if within * others >= in_time * offered:  # no worse than the rest
                continue
            apart = _likelihood(offered, within) + _likelihood(others, in_time) - together
            if best is None or apart > best.apart:
                best = Stretch(weekday, begin, quarter + 1, offered, within, missing, apart)
    return best


def _likelihood(offered: int, within: int) -> float:
    """The logarithm of how likely it is that just these calls were in time, at their own share."""
    late = offered - within
    return (within * log(within / offered) if within else 0.0) + (late * log(late / offered) if late else 0.0)
