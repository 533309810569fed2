"""Where in the week it goes wrong: found where it was put, and nowhere when nothing is wrong."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.service_levels.phone.pattern import Cell, Grid, grid, stretches

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def week(wrong: tuple[int, int, int] | None, seed: int) -> Grid:
    """Weeks of calls from 8.30 to 17.00, 85 % in time; in a stretch of a weekday 41 %."""
    chance = random.Random(seed)
    cells: Grid = {}
    for weekday in range(5):
        for quarter in range(34, 68):
            level = 0.41 if wrong and weekday == wrong[0] and wrong[1] <= quarter < wrong[2] else 0.85
            cells[weekday, quarter] = Cell(60, sum(chance.random() < level for _ in range(60)))
    return cells


@pytest.mark.parametrize("wrong", [(1, 36, 44), (3, 52, 64), (0, 34, 38)])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_trouble_is_found_where_it_is(wrong: tuple[int, int, int], seed: int) -> None:
    worst = stretches(week(wrong, seed), 80)[0]
    assert (worst.weekday, worst.begin, worst.end) == wrong
    assert worst.percent == pytest.approx(41, abs=6)


@pytest.mark.parametrize("seed", range(20))
def test_when_nothing_is_wrong_nothing_is_told(seed: int) -> None:
    assert stretches(week(None, seed), 80) == []


cells = st.dictionaries(
    st.tuples(st.integers(0, 6), st.integers(0, 20)),
    st.integers(1, 200).flatmap(lambda offered: st.builds(Cell, st.just(offered), st.integers(0, offered))),
)


@given(cells, st.sampled_from([50.0, 80.0, 95.0]))
def test_no_stretch_misses_more(found: Grid, target: float) -> None:
    for one in stretches(found, target):
        assert one.missing == pytest.approx(target / 100 * one.offered - one.within)
        for begin in range(21):
            for end in range(begin + 1, 22):
                inside = [cell for (day, at), cell in found.items() if day == one.weekday and begin <= at < end]
                missing = target / 100 * sum(cell.offered for cell in inside) - sum(cell.within for cell in inside)
                assert missing <= one.missing + 1e-6


def test_quarters_as_the_clock_tells_them() -> None:
    summer, winter = datetime(2026, 7, 7, 7, 0, tzinfo=UTC), datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert grid([(summer, 3, 1), (winter, 2, 2), (winter + timedelta(minutes=15), 0, 0)], AMSTERDAM) == {
        (1, 36): Cell(5, 3)
    }
