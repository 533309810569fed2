"""The drawing of the topics that are asked about most: a bar for each share, a line for all so far. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_BARS = 12
TOP, LINE_HEIGHT, BAR_HEIGHT = 26, 40, 14


@dataclass(frozen=True, slots=True)
class Bar:
    """A topic: its name and share in words, and where it is drawn; `point` is the share of it and all above it."""

    name: str
    share: str
    y: int
    width: float
    point: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing so many units wide and high. 100 percent is `width`."""

    width: int
    height: int
    bars: Sequence[Bar]

    @property
    def line(self) -> str:
        """The points of the line, as SVG writes them."""
        return " ".join(f"{bar.point:g},{bar.y + BAR_HEIGHT // 2}" for bar in self.bars)

    @property
    def target(self) -> float:
        """Where 80 percent is."""
        return self.width * 0.8


def chart(rows: Sequence[tuple[str, str, float, float]], width: int) -> Chart:
    """A drawing of (name, share in words, share, cumulative share), shares from 0 to 100, the largest first."""
    bars = [
        Bar(name, said, TOP + number * LINE_HEIGHT + 18, round(width * share / 100, 1), round(width * so_far / 100, 1))
        for number, (name, said, share, so_far) in enumerate(rows[:MOST_BARS])
    ]
    return Chart(width, TOP + len(bars) * LINE_HEIGHT, bars)
