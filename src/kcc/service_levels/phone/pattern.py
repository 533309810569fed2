"""Where in the week calls are answered too late. Pure.

A cell is a quarter of an hour of a weekday, over all weeks of a period. A stretch is what a team lead can act on: some
hours of a weekday in which more calls are late than the target allows, and more than chance explains.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import sqrt
from typing import NamedTuple
from zoneinfo import ZoneInfo

QUARTERS = 96  # of a day; on the days when the clock moves some are there twice, or not
# So many standard deviations from the target no stretch of a week in which nothing is wrong gets by chance.
BEYOND_CHANCE = 3.0


class Cell(NamedTuple):
    """Calls of a weekday and quarter: those that count, and those of them that were in time."""

    offered: int
    within: int


class Stretch(NamedTuple):
    """Quarters of a weekday (0 is Monday) from `begin` up to, not including, `end`.

    `missing` is how many calls more should have been in time to reach the target.
    """

    weekday: int
    begin: int
    end: int
    offered: int
    within: int
    missing: float

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
    """Of each weekday the stretch in which most calls miss a target in percent, the worst first."""
    worst = [
        _worst([cells.get((weekday, quarter)) for quarter in range(QUARTERS)], weekday, target / 100)
        for weekday in range(7)
    ]
    found = [stretch for stretch in worst if stretch is not None and _is_no_chance(stretch, target / 100)]
    return sorted(found, key=lambda stretch: (-stretch.missing, stretch.weekday))


def _worst(day: Sequence[Cell | None], weekday: int, target: float) -> Stretch | None:
    """The consecutive quarters that together miss most: Kadane's way, in one pass."""
    best: Stretch | None = None
    begin, so_far = 0, Cell(0, 0)
    for quarter, cell in enumerate(day):
        if _missing(so_far, target) <= 0:
            begin, so_far = quarter, Cell(0, 0)
        if cell is not None:
            so_far = Cell(so_far.offered + cell.offered, so_far.within + cell.within)
            missing = _missing(so_far, target)
            if missing > (best.missing if best else 0):
                best = Stretch(weekday, begin, quarter + 1, *so_far, missing)
    return best


def _missing(cell: Cell, target: float) -> float:
    return target * cell.offered - cell.within


def _is_no_chance(stretch: Stretch, target: float) -> bool:
    return stretch.missing > BEYOND_CHANCE * sqrt(stretch.offered * target * (1 - target))
