"""The drawing of a day by the quarter of an hour: a bar for each share, a line for the target. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from kcc.service_levels.periods import QUARTER, quarter_of

# As much as a bar of nothing is high: it is there, other than where nobody called.
LOWEST = 2.0


@dataclass(frozen=True, slots=True)
class Frame:
    """How large the drawing is: the left, right, top and bottom of its bars, and the whole width and height."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    hours: int  # at most so many hours have their time written below


WIDE = Frame(820, 305, 46, 810, 16, 273, 10)
NARROW = Frame(360, 260, 34, 354, 20, 234, 5)


@dataclass(frozen=True, slots=True)
class Bar:
    """A quarter of an hour in which somebody called."""

    x: float
    y: float
    width: float
    height: float
    kept: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing: lines at shares (value, y), bars, times (text, x), and where the target is."""

    frame: Frame
    grid: Sequence[tuple[int, float]]
    bars: Sequence[Bar]
    times: Sequence[tuple[str, float]]
    target: float


def span_of(quarters: Mapping[datetime, float], openings: Sequence[tuple[datetime, datetime]]) -> Sequence[datetime]:
    """The quarters that are drawn: those in which it is open, and those with calls; none when there are neither."""
    moments = [*quarters, *(quarter_of(begin) for begin, _ in openings)]
    ends = [*(start + QUARTER for start in quarters), *(end for _, end in openings)]
    if not moments:
        return []
    first, last = min(moments), max(ends)
    return [first + number * QUARTER for number in range(-(-(last - first) // QUARTER))]


def chart(
    shares: Mapping[datetime, float], starts: Sequence[datetime], target: float, zone: ZoneInfo, frame: Frame
) -> Chart:
    """A drawing of these quarters, of which there is one or more, with the share in percent where somebody called."""
    step = (frame.right - frame.left) / len(starts)
    gap = min(4.0, step * 0.2)

    def height(share: float) -> float:
        return round(share / 100 * (frame.bottom - frame.top), 1)

    bars = []
    for number, start in enumerate(starts):
        if (share := shares.get(start)) is not None:
            high = max(LOWEST, height(share))
            x = round(frame.left + number * step + gap / 2, 1)
            bars.append(Bar(x, round(frame.bottom - high, 1), round(step - gap, 1), high, share >= target))
    whole = [value for value in range(0, 101, 20) if abs(value - target) >= 8]
    return Chart(
        frame,
        [(value, round(frame.bottom - height(value), 1)) for value in whole],
        bars,
        [(text, round(frame.left + place * step, 1)) for text, place in _times(starts, zone, frame.hours)],
        round(frame.bottom - height(target), 1),
    )


def _times(starts: Sequence[datetime], zone: ZoneInfo, most: int) -> list[tuple[str, int]]:
    """Whole hours with their place, so many apart that there are not too many."""
    apart = max(1, -(-len(starts) // 4 // most))
    found = []
    for number, start in enumerate([*starts, starts[-1] + QUARTER]):
        local = start.astimezone(zone)
        if not local.minute and not local.hour % apart:
            found.append((f"{local.hour}.00", number))
    return found


def below(shares: Mapping[datetime, float], target: float) -> list[tuple[datetime, datetime]]:
    """From when to when the share was under the target in every quarter."""
    found: list[tuple[datetime, datetime]] = []
    for start in sorted(shares):
        if shares[start] >= target:
            continue
        if found and found[-1][1] == start:
            found[-1] = found[-1][0], start + QUARTER
        else:
            found.append((start, start + QUARTER))
    return found
