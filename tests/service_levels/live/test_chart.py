"""The drawing of the day: what is high is well answered, and nothing is drawn outside."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.service_levels.live.chart import NARROW, WIDE, Frame, below, chart, span_of
from kcc.service_levels.periods import QUARTER

ZONE = ZoneInfo("Europe/Amsterdam")
MIDNIGHT = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
shares = st.dictionaries(
    st.integers(0, 95).map(lambda number: MIDNIGHT + number * QUARTER), st.floats(0, 100), min_size=1
)


@pytest.mark.parametrize("frame", [WIDE, NARROW])
@given(shares=shares, target=st.integers(1, 100).map(float))
def test_everything_lies_within_the_frame(frame: Frame, shares: dict[datetime, float], target: float) -> None:
    starts = span_of(shares, [(MIDNIGHT + timedelta(hours=8, minutes=20), MIDNIGHT + timedelta(hours=17))])
    assert set(shares) <= set(starts)
    drawn = chart(shares, starts, target, ZONE, frame)
    assert len(drawn.bars) == len(shares)
    for bar, start in zip(drawn.bars, sorted(shares), strict=True):
        assert frame.left <= bar.x
        assert bar.x + bar.width <= frame.right + 0.2
        assert frame.top <= bar.y
        assert bar.height > 0
        assert bar.y + bar.height == pytest.approx(frame.bottom)
        assert bar.kept == (shares[start] >= target)
    assert frame.top <= drawn.target <= frame.bottom
    assert len(drawn.times) <= frame.hours + 2
    assert all(frame.left <= x <= frame.right for _, x in drawn.times)


@given(shares, st.integers(1, 100).map(float))
def test_the_stretches_below_are_the_bars_below(shares: dict[datetime, float], target: float) -> None:
    found = below(shares, target)
    inside = {start for start in shares if any(begin <= start < end for begin, end in found)}
    assert inside == {start for start, share in shares.items() if share < target}
    assert all(end < begin for (_, end), (begin, _) in pairwise(found))
    assert all(end - begin >= QUARTER for begin, end in found)


def test_neighbours_are_told_together() -> None:
    quarters = [MIDNIGHT + number * QUARTER for number in range(6)]
    shares = dict(zip(quarters, [50.0, 60.0, 90.0, 10.0, 20.0, 30.0], strict=True))
    assert below(shares, 80.0) == [(quarters[0], quarters[2]), (quarters[3], quarters[5] + QUARTER)]
    del shares[quarters[4]]  # nobody called then
    assert below(shares, 80.0)[1:] == [(quarters[3], quarters[4]), (quarters[5], quarters[5] + QUARTER)]
    assert span_of({}, []) == []
