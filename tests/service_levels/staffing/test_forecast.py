"""The forecast: its rules, the days when the clock moves, and its error beside that of last week's same day."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import exp, factorial
from random import Random
from statistics import mean
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kcc.service_levels.staffing.forecast import (
    Calendar,
    DayForecast,
    Event,
    State,
    forecast,
    likely,
    weighted_error,
)
from tests.service_levels.staffing.arrivals import CLOSES, OPENS, counted, rates, working_days

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
PLAIN = Calendar(AMSTERDAM)
MONDAY = date(2026, 9, 21)  # in the weeks before it the clock does not move
quick = hypothesis_settings(max_examples=20, deadline=None)


def days_before(day: date, number: int) -> list[date]:
    return [day - timedelta(days=back) for back in range(number, 0, -1)]


def flat(day: date, calls: int = 1) -> list[int]:
    """As many calls in every quarter of a day that has one of each."""
    return [calls] * 96


def only(history: Mapping[date, list[int]], day: date, calendar: Calendar = PLAIN) -> DayForecast:
    (found,) = forecast(history, [day], calendar)
    return found


def test_the_level_of_the_weekday_divided_as_forty_days_were() -> None:
    history = {
        day: [0] * 40 + [2 * (day.weekday() + 1), day.weekday() + 1] + [0] * 54 for day in days_before(MONDAY, 60)
    }
    found = forecast(history, [MONDAY + timedelta(days=number) for number in range(7)], PLAIN)
    assert [day.expected for day in found] == [pytest.approx(3 * (number + 1)) for number in range(7)]
    assert [one.expected for one in found[2].quarters[39:43]] == [0, pytest.approx(6), pytest.approx(3), 0]
    assert found[0].quarters[40].start == datetime(2026, 9, 21, 8, tzinfo=UTC)


def test_what_is_older_than_six_weeks_is_not_in_the_level() -> None:
    mondays = [MONDAY - timedelta(weeks=back) for back in range(1, 9)]
    history = {day: flat(day) for day in days_before(MONDAY, 60)}
    history |= {day: flat(day, 100) for day in mondays[6:]}
    assert only(history, MONDAY).expected == pytest.approx(96)
    sunday = MONDAY - timedelta(days=1)
    history[sunday - timedelta(weeks=6)] = flat(sunday, 100)
    assert only(history, sunday + timedelta(weeks=1)).expected == pytest.approx(96)
    assert only(history | {mondays[5]: flat(MONDAY, 7)}, MONDAY).expected == pytest.approx(2 * 96)


@quick
@given(counts=st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=21, max_size=50))
def test_against_the_sums_written_out(counts: list[list[int]]) -> None:
    days = days_before(MONDAY, len(counts))
    history = {day: [0] * 40 + four + [0] * 52 for day, four in zip(days, counts, strict=True)}
    pooled = [history[day] for day in days[-40:]]
    whole = sum(map(sum, pooled))
    mondays = [sum(history[day]) for day in days[-42:] if day.weekday() == 0]
    expected = [sum(day[quarter] for day in pooled) / max(1, whole) * mean(mondays) for quarter in range(96)]
    assert [one.expected for one in only(history, MONDAY).quarters] == pytest.approx(expected)


@quick
@given(factor=st.floats(0.2, 5), past=st.floats(0.2, 5))
def test_events_to_come_count_and_past_ones_are_taken_out(factor: float, past: float) -> None:
    usual = {day: flat(day, 100) for day in days_before(MONDAY, 50)}
    election = Event("election", MONDAY, MONDAY, factor)
    tax_bills = Event("tax bills", MONDAY - timedelta(days=16), MONDAY - timedelta(days=5), past)
    busy = {
        day: [round(100 * past)] * 96 if tax_bills.first <= day <= tax_bills.last else counts
        for day, counts in usual.items()
    }
    found = forecast(busy, [MONDAY, MONDAY + timedelta(days=1)], Calendar(AMSTERDAM, events=[election, tax_bills]))
    assert [day.expected for day in found] == [pytest.approx(9600 * factor, rel=0.02), pytest.approx(9600, rel=0.02)]


def test_two_events_on_a_day_both_count() -> None:
    history = {day: flat(day) for day in days_before(MONDAY, 50)}
    both = [Event("one", MONDAY, MONDAY, 2), Event("other", MONDAY - timedelta(days=1), MONDAY, 1.5)]
    assert only(history, MONDAY, Calendar(AMSTERDAM, events=both)).expected == pytest.approx(3 * 96)


def test_on_closed_days_and_holidays_there_is_nothing() -> None:
    history = {day: flat(day) for day in days_before(MONDAY, 50)}
    days = [MONDAY + timedelta(days=number) for number in range(4)]
    stopped = Event("no telephone", days[2], days[2], 0)
    calendar = Calendar(AMSTERDAM, closed={days[0]}, holidays={days[1]}, events=[stopped])
    found = forecast(history, reversed(days), calendar)
    assert [one.day for one in found] == days
    assert [one.state for one in found] == [State.CLOSED] * 3 + [State.FORECAST]
    assert [one.quarters for one in found[:3]] == [()] * 3
    assert [one.expected for one in found[:3]] == [None] * 3


def test_after_a_holiday_it_is_busier() -> None:
    """Christmas 2026 is on a Friday and a Saturday, which is closed anyway."""
    weekend = {date(2026, 12, 26), date(2026, 12, 27), date(2026, 12, 19), date(2026, 12, 20)}
    holidays = {date(2026, 12, 25), date(2026, 12, 26)}
    calendar = Calendar(AMSTERDAM, weekend, holidays, after_holiday=1.5)
    history = {day: flat(day) for day in days_before(date(2026, 12, 18), 50)}
    found = forecast(history, [date(2026, 12, 21), *(date(2026, 12, day) for day in (24, 25, 28, 29))], calendar)
    assert [day.expected for day in found] == [
        pytest.approx(96),
        pytest.approx(96),
        None,
        pytest.approx(144),
        pytest.approx(96),
    ]
    saturday_only = Calendar(AMSTERDAM, weekend, {date(2026, 12, 26)}, after_holiday=1.5)
    assert only(history, date(2026, 12, 28), saturday_only).expected == pytest.approx(96)


def test_holidays_in_the_past_do_not_count() -> None:
    history = {day: flat(day) for day in days_before(MONDAY, 50)}
    holiday = MONDAY - timedelta(weeks=1)
    history[holiday] = [0] * 96
    assert only(history, MONDAY, Calendar(AMSTERDAM, holidays={holiday})).expected == pytest.approx(96)
    assert only(history, MONDAY).expected == pytest.approx(80)


@pytest.mark.parametrize(
    ("back", "state"),
    [(0, State.TOO_LITTLE_HISTORY), (20, State.TOO_LITTLE_HISTORY), (21, State.FORECAST)],
)
def test_too_little_history_is_said(back: int, state: State) -> None:
    """Of every weekday three are needed: 20 days before a Monday have two Mondays."""
    found = only({day: flat(day) for day in days_before(MONDAY, back)}, MONDAY)
    assert found.state is state
    assert (found.expected is None) == (found.quarters == ()) == (state is not State.FORECAST)


def test_three_mondays_alone_say_too_little_of_how_a_day_goes() -> None:
    mondays = {MONDAY - timedelta(weeks=back): flat(MONDAY) for back in (1, 2, 3)}
    assert only(mondays, MONDAY).state is State.TOO_LITTLE_HISTORY


def test_a_quarter_of_a_year_after_the_last_record_nothing_is_said() -> None:
    history = {day: flat(day) for day in days_before(MONDAY, 50)}
    last = max(history)
    assert only(history, last + timedelta(weeks=13)).state is State.FORECAST
    assert only(history, last + timedelta(weeks=13, days=1)).state is State.TOO_LITTLE_HISTORY


def test_no_days_no_forecast() -> None:
    assert forecast({}, [], PLAIN) == []


def test_the_future_does_not_count() -> None:
    history = {day: flat(day) for day in days_before(MONDAY, 50)}
    assert only(history | {MONDAY: flat(MONDAY, 90), MONDAY + timedelta(days=7): flat(MONDAY, 90)}, MONDAY) == only(
        history, MONDAY
    )


@pytest.mark.parametrize(("day", "quarters"), [(date(2026, 3, 29), 92), (date(2026, 10, 25), 100)])
def test_the_days_on_which_the_clock_moves(day: date, quarters: int) -> None:
    history = {before: flat(before) for before in days_before(day, 30)}
    found = only(history, day)
    assert len(found.quarters) == quarters
    assert [one.expected for one in found.quarters] == pytest.approx([1] * quarters)
    starts = [one.start for one in found.quarters]
    assert {later - one for one, later in pairwise(starts)} == {timedelta(minutes=15)}
    assert starts[0].astimezone(AMSTERDAM).hour == 0
    # Nine o'clock is nine o'clock, though an hour earlier or later after midnight.
    history |= {before: [0] * 36 + [12] + [0] * 59 for before in days_before(day, 30)}
    (busy,) = (one for one in only(history, day).quarters if one.expected)
    assert busy.start.astimezone(AMSTERDAM).strftime("%H:%M") == "09:00"

    # And as history: the week after is as usual.
    history = {before: flat(before) for before in days_before(day, 30)} | {day: [1] * quarters}
    after = only(history, day + timedelta(days=1))
    assert after.expected == pytest.approx(96, rel=0.01)
    with pytest.raises(ValueError, match=f"{day} has {quarters} quarters of an hour, not 96"):
        only(history | {day: flat(day)}, day + timedelta(days=1))


@quick
@given(expected=st.floats(0, 60), percent=st.floats(10, 99.9))
def test_intervals_hold_what_they_say_and_no_more(expected: float, percent: float) -> None:
    chances = [exp(-expected) * expected**number / factorial(number) for number in range(170)]
    least, most = likely(expected, percent)
    tail = (1 - percent / 100) / 2
    assert sum(chances[:least]) <= tail + 1e-12
    assert sum(chances[: least + 1]) > tail - 1e-12
    assert sum(chances[: most + 1]) >= 1 - tail - 1e-12
    assert sum(chances[:most]) < 1 - tail + 1e-12


def test_an_interval_of_many_calls_is_that_of_a_normal_distribution() -> None:
    assert likely(0) == (0, 0)
    assert likely(5) == (2, 9)
    assert likely(10_000) == (pytest.approx(10_000 - 164.5, abs=1), pytest.approx(10_000 + 164.5, abs=1))


def test_the_error_is_a_share_of_what_came() -> None:
    assert weighted_error([(4, 5), (6, 4)]) == pytest.approx(0.3)
    assert weighted_error([(0, 5)]) is None
    assert weighted_error([]) is None


def test_its_error_is_near_that_of_chance_and_below_that_of_last_week() -> None:
    """Half a year of 300 calls a day, with a seed: the errors follow from it."""
    chance = Random(6)
    days = list(working_days(date(2026, 3, 30), 120))
    true = {day: rates(day, 300) for day in days}
    came = {day: counted(true[day], chance) for day in days}
    ours: list[tuple[float, float]] = []
    last_week: list[tuple[float, float]] = []
    unavoidable: list[tuple[float, float]] = []
    inside = []
    for day in days[60:]:
        found = only({before: counts for before, counts in came.items() if before < day}, day)
        ours += zip(came[day], (one.expected for one in found.quarters), strict=True)
        last_week += zip(came[day], came[day - timedelta(weeks=1)], strict=True)
        unavoidable += zip(came[day], true[day], strict=True)
        inside += [
            one.least <= count <= one.most
            for one, count in zip(found.quarters[OPENS:CLOSES], came[day][OPENS:CLOSES], strict=True)
        ]
    error, naive, floor = weighted_error(ours), weighted_error(last_week), weighted_error(unavoidable)
    assert error is not None
    assert naive is not None
    assert floor is not None
    assert error < 1.06 * floor
    assert naive > 1.3 * floor
    assert 0.9 < mean(inside) < 0.98  # whole numbers: the interval holds nine of ten or somewhat more
