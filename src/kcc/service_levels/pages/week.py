"""The week on the report: a table of weekdays and quarters of an hour, each with its share in time. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from kcc.service_levels.phone.pattern import Cell, Grid, Stretch

WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
HOUR = 4  # quarters
# Shades, from far below the target to well above it, in points from the target.
SHADES = (-30, -20, -10, 0, 10)


@dataclass(frozen=True, slots=True)
class Square:
    """A quarter of an hour of a weekday: its share in time, the same in words, and its shade (None: no calls)."""

    weekday: int
    quarter: int
    share: str
    said: str
    shade: int | None


@dataclass(frozen=True, slots=True)
class Week:
    """From and to which hour calls came, and a row of squares for each weekday on which they did."""

    hours: Sequence[int]
    rows: Sequence[tuple[str, Sequence[Square]]]


def week(cells: Grid, target: float) -> Week | None:
    """The table; None when nobody called."""
    if not cells:
        return None
    first = min(quarter for _, quarter in cells) // HOUR
    last = max(quarter for _, quarter in cells) // HOUR
    days = [day for day in range(len(WEEKDAYS)) if any(weekday == day for weekday, _ in cells)]
    quarters = range(first * HOUR, (last + 1) * HOUR)
    rows = [
        (WEEKDAYS[day], [_square(cells.get((day, quarter)), day, quarter, target) for quarter in quarters])
        for day in days
    ]
    return Week(range(first, last + 1), rows)


def _square(cell: Cell | None, day: int, quarter: int, target: float) -> Square:
    when = f"{WEEKDAYS[day]} {clock(quarter)} uur"
    if cell is None:
        return Square(day, quarter, "", f"{when}: geen gesprekken", None)
    share = 100 * cell.within / cell.offered
    rounded = int(share) if share < target else round(share)
    shade = sum(share - target >= limit for limit in SHADES)
    return Square(day, quarter, str(rounded), f"{when}: {rounded} procent van {cell.offered}", shade)


def clock(quarter: int) -> str:
    """When a quarter of a day begins: `9.15`."""
    return f"{quarter // HOUR}.{quarter % HOUR * 15:02}"


def told(stretch: Stretch) -> str:
    """When it goes wrong: `dinsdag van 9.00 tot 11.00 uur`."""
    return f"{WEEKDAYS[stretch.weekday]} van {clock(stretch.begin)} tot {clock(stretch.end)} uur"
