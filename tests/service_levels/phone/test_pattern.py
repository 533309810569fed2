"""Where in the week it goes wrong: found where it was put, and nowhere when nothing is wrong."""

import itertools
import random
from datetime import UTC, datetime, timedelta
from math import log, sqrt
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


@pytest.mark.parametrize("wrong", [(1, 36, 44), (3, 52, 64)])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_year_with_too_few_agents_does_not_widen_it(wrong: tuple[int, int, int], seed: int) -> None:
    chance = random.Random(seed)
    cells = week(wrong, seed)
    for (weekday, quarter), (offered, within) in cells.items():
        level = 0.3 if weekday == wrong[0] and wrong[1] <= quarter < wrong[2] else 0.66
        cells[weekday, quarter] = Cell(offered + 200, within + sum(chance.random() < level for _ in range(200)))
    (worst,) = stretches(cells, 80)
    assert (worst.weekday, worst.begin, worst.end) == wrong


@pytest.mark.parametrize("seed", range(20))
def test_of_a_week_that_is_all_wrong_no_part_is_told(seed: int) -> None:
    chance = random.Random(seed)
    late = {at: Cell(60, sum(chance.random() < 0.6 for _ in range(60))) for at in week(None, seed)}
    assert stretches(late, 80) == []


cells = st.dictionaries(
    st.tuples(st.integers(0, 6), st.integers(0, 7)),
    st.integers(1, 99).flatmap(lambda offered: st.builds(Cell, st.just(offered), st.integers(0, offered))),
)
targets = st.sampled_from([50.0, 80.0, 95.0])


def likelihood(calls: list[bool]) -> float:
    """The logarithm of the chance of just these calls, each as likely to be in time as all of them were."""
    level = sum(calls) / len(calls) if calls else 0
    return sum(log(level if in_time else 1 - level) for in_time in calls)


def split(found: Grid, weekday: int, begin: int, end: int) -> tuple[list[bool], list[bool]]:
    """Every call inside a stretch, and every other: whether it was in time."""
    sides: tuple[list[bool], list[bool]] = ([], [])
    for (day, at), cell in found.items():
        inside = day == weekday and begin <= at < end
        sides[not inside].extend(number < cell.within for number in range(cell.offered))
    return sides


@given(cells, targets)
def test_no_stretch_stands_out_more(found: Grid, target: float) -> None:
    told = {one.weekday: one for one in stretches(found, target)}
    for weekday, begin, end in itertools.product(range(7), range(8), range(1, 9)):
        inside, outside = split(found, weekday, begin, end)
        missing = target / 100 * len(inside) - sum(inside)
        chance = 3 * sqrt(len(inside) * target / 100 * (1 - target / 100))
        if not outside or missing <= chance + 1e-9 or sum(inside) * len(outside) >= sum(outside) * len(inside):
            continue
        apart = likelihood(inside) + likelihood(outside) - likelihood(inside + outside)
        # What is not told is no more than chance makes of all the stretches there are.
        assert apart <= (told[weekday].apart if weekday in told else log(20 * 7 * 8 * 9 / 2)) + 1e-6
    for one in told.values():
        inside, _ = split(found, *one[:3])
        assert (one.offered, one.within) == (len(inside), sum(inside))
        assert one.missing == pytest.approx(target / 100 * one.offered - one.within)
        assert one.missing > 0


@given(cells, targets, st.integers(2, 5))
def test_more_weeks_of_the_same_tell_the_same_days(found: Grid, target: float, weeks: int) -> None:
    longer = {at: Cell(cell.offered * weeks, cell.within * weeks) for at, cell in found.items()}
    before, after = ({one.weekday: one.apart for one in stretches(of, target)} for of in (found, longer))
    assert before.keys() <= after.keys()
    assert all(after[weekday] >= weeks * apart - 1e-6 for weekday, apart in before.items())


@given(cells, targets, st.integers(1, 6))
def test_trouble_that_moves_to_another_day_is_told_there(found: Grid, target: float, days: int) -> None:
    moved = {((weekday + days) % 7, quarter): cell for (weekday, quarter), cell in found.items()}
    told = {((one.weekday + days) % 7, *one[1:5]) for one in stretches(found, target)}
    assert {one[:5] for one in stretches(moved, target)} == told


def test_quarters_as_the_clock_tells_them() -> None:
    summer, winter = datetime(2026, 7, 7, 7, 0, tzinfo=UTC), datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert grid([(summer, 3, 1), (winter, 2, 2), (winter + timedelta(minutes=15), 0, 0)], AMSTERDAM) == {
        (1, 36): Cell(5, 3)
    }
