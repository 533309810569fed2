"""The small drawing of a promise over time: a bar for each interval, a line where the target is. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, GAP = 300, 64, 2


@dataclass(frozen=True, slots=True)
class Bar:
    """Where a bar is drawn, from 0 at the bottom to 100 percent at the top; `kept` tells its colour."""

    x: float
    y: float
    width: float
    height: float
    kept: bool | None


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars of intervals that have a share, and how far from the top the target is."""

    bars: Sequence[Bar]
    target: float | None
    width: int = WIDTH
    height: int = HEIGHT


def chart(points: Sequence[tuple[float | None, bool | None]], target: float | None) -> Chart:
    """A drawing of (share in percent or None of nothing, kept), in order of time."""
    step = WIDTH / max(1, len(points))
    bars = [
        Bar(
            round(number * step, 1), round(_down(share), 1), round(step - GAP, 1), round(HEIGHT - _down(share), 1), kept
        )
        for number, (share, kept) in enumerate(points)
        if share is not None
    ]
    return Chart(bars, None if target is None else round(_down(target), 1))


def _down(share: float) -> float:
    return HEIGHT * (100 - share) / 100
