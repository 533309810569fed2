"""Where in the week calls are answered too late. Pure.

A cell is a quarter of an hour of a weekday, over all weeks of a period. A stretch is what a team lead can act on: some
hours of a weekday that miss the target and stand out from the rest of the week, more than chance explains. How much one
stands out is Kulldorff's scan statistic for yes or no (1997): the logarithm of how much better two shares, one inside
and one outside, explain what happened than a single one. So what is wrong all week long does not widen a stretch, and
more weeks of the same tell the same.
"""

from collections.abc import Iterable, Iterator, Mapping
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
    blocks, found = 0, dict[int, Stretch]()
    for one in _blocks(cells, whole, target / 100):
        blocks += 1
        if _is_no_chance(one, target / 100) and one.apart > (found[one.weekday].apart if one.weekday in found else 0):
            found[one.weekday] = one
    # Chance makes a single block so much apart less than once in exp(apart) times.
    standing_out = [one for one in found.values() if one.apart > log(ONCE_IN * blocks)]
    return sorted(standing_out, key=lambda one: (one.percent, one.weekday))


def _blocks(cells: Mapping[tuple[int, int], Cell], whole: Cell, target: float) -> Iterator[Stretch]:
    """Every stretch of a weekday that begins and ends with calls, those that begin early and are short first."""
    for weekday in range(7):
        day = [(quarter, cells[weekday, quarter]) for quarter in range(QUARTERS) if (weekday, quarter) in cells]
        for number, (begin, _) in enumerate(day):
            offered = within = 0
            for quarter, cell in day[number:]:
                offered, within = offered + cell.offered, within + cell.within
                missing = target * offered - within
                yield Stretch(weekday, begin, quarter + 1, offered, within, missing, _apart(offered, within, whole))


def _apart(offered: int, within: int, whole: Cell) -> float:
    """How much calls stand out from the others of the week; 0 when as many or more of them were in time."""
    rest = Cell(whole.offered - offered, whole.within - within)
    if not rest.offered or within * rest.offered >= rest.within * offered:
        return 0.0
    return _likelihood(offered, within) + _likelihood(*rest) - _likelihood(*whole)


def _likelihood(offered: int, within: int) -> float:
    """The logarithm of how likely it is that just these calls were in time, at their own share."""
    late = offered - within
    return sum(number * log(number / offered) for number in (within, late) if number)


def _is_no_chance(stretch: Stretch, target: float) -> bool:
    return stretch.missing > BEYOND_CHANCE * sqrt(stretch.offered * target * (1 - target))
