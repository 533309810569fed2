"""Whole months are read as one row; whatever the period is cut by, the figures are those of its days."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.service_levels.periods import DAY, By, bounds, day_of, placing, start_of, starts, whole_months
from tests.appointments.conftest import AMSTERDAM
from tests.service_levels.phone.conftest import Phone, abandoned, answered
from tests.service_levels.phone.test_service_levels import AT, numbers

DAY_SECONDS = 86_400
days = st.dates(date(2023, 12, 1), date(2025, 3, 31))


@given(days, st.integers(0, 800), st.sampled_from([By.DAY, By.WEEK, By.MONTH, By.YEAR]))
def test_intervals_are_those_that_the_days_are_in(first: date, more: int, by: By) -> None:
    last = first + timedelta(days=more)
    each = dict.fromkeys(day_of(first + timedelta(days=number), by, first) for number in range(more + 1))
    assert list(starts(by, first, last, AMSTERDAM)) == list(each)


@given(days, st.integers(0, 70), st.sampled_from(list(By)), st.integers(-90_000, 8_000_000))
def test_a_moment_is_looked_up_in_the_interval_that_it_is_in(first: date, more: int, by: By, seconds: int) -> None:
    last = first + timedelta(days=more)
    moment = bounds(first, last, AMSTERDAM)[0] + timedelta(seconds=seconds)
    assert placing(by, first, last, AMSTERDAM)(moment) == start_of(moment, by, first, AMSTERDAM)


@given(days, st.integers(0, 100))
def test_whole_months_are_those_of_which_every_day_is_asked_for(first: date, more: int) -> None:
    asked = {first + timedelta(days=number) for number in range(more + 1)}
    begin, end = whole_months(first, max(asked))
    found = {begin + timedelta(days=number) for number in range((end - begin).days)}
    months = {(day.year, day.month) for day in asked}
    missed = {(day.year, day.month) for day in (min(asked) - DAY, max(asked) + DAY)}
    assert found == {day for day in asked if (day.year, day.month) in months - missed}


def by_month(rows: list[dict[str, Any]]) -> dict[tuple[str, str | None], tuple[int, ...]]:
    """The sum of each month and queue."""
    found: dict[tuple[str, str | None], list[tuple[int, ...]]] = {}
    for row, counts in zip(rows, numbers(rows), strict=True):
        found.setdefault((row["start"][:7], row["queue"]), []).append(counts)
    return {month: tuple(map(sum, zip(*counts, strict=True))) for month, counts in found.items()}


@pytest.mark.parametrize("split", ["", "queue"])
async def test_a_month_is_the_sum_of_its_days(phone: Phone, split: str) -> None:
    lines = []
    for number, ago in enumerate((0, 5, 23, 24, 40, 54, 55, 60, 84, 85, 90)):
        how = abandoned if number % 4 == 3 else answered
        lines += how(AT - ago * DAY_SECONDS, number, number * 6, queue=("algemeen", "afval")[number % 2])
    await phone.log(*lines)
    for first, last in (
        ("2026-08-28", "2026-11-24"),
        ("2026-09-01", "2026-10-31"),
        ("2026-10-01", "2026-11-23"),
        ("2026-09-30", "2026-11-01"),
        ("2026-11-01", "2026-11-30"),
        ("2026-10-02", "2026-10-31"),
    ):
        apart = list(await phone.rows(first, last, by="day", split=split))
        assert by_month(list(await phone.rows(first, last, by="month", split=split))) == by_month(apart)
        (*_, year) = await phone.rows(first, last, by="year")
        together = await phone.rows(first, last, by="day")
        assert numbers([year]) == [tuple(map(sum, zip(*numbers(together), strict=True)))]


async def test_a_late_call_is_in_the_month_too(phone: Phone) -> None:
    asked = ("2026-10-01", "2026-10-31")
    await phone.log(*answered(AT - 40 * DAY_SECONDS, 1, 5))
    assert [row["answered"] for row in await phone.rows(*asked, by="month")] == [1]
    await phone.log(*answered(AT - 41 * DAY_SECONDS, 2, 5), *abandoned(AT - 42 * DAY_SECONDS, 3, 5))
    assert numbers(await phone.rows(*asked, by="month")) == [(2, 2, 1, 1, 1, 0, 0)]
