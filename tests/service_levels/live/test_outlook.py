"""What a day comes to at the present rate, and how many calls may still be late."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.service_levels.definitions import Counting
from kcc.service_levels.live.outlook import Outlook, Prospect, Rate, last_hour, minutes_left, outlook

OPENS = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
CLOSES = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
HOURS = [(OPENS, CLOSES)]


@st.composite
def countings(draw: st.DrawFn) -> Counting:
    of = draw(st.integers(0, 400))
    return Counting(draw(st.integers(0, of)), of)


rates = st.builds(Rate, countings(), st.sampled_from([0.0, 15.0, 30.0, 45.0, 60.0]))
targets = st.integers(1, 100).map(float) | st.sampled_from([82.5, 66.4])


@given(countings(), rates, st.integers(0, 600).map(float), targets)
def test_so_many_may_be_late_and_not_one_more(so_far: Counting, rate: Rate, left: float, target: float) -> None:
    found = outlook(so_far, rate, left, target)
    if found.percent is None or found.expected is None:
        assert found == Outlook(Prospect.NO_DATA)
        assert (left > 0 and not rate.minutes) or not so_far.of
        return
    total = so_far.of + found.expected

    def reached(late: int) -> bool:
        met: int = so_far.met + (found.expected or 0) - late
        return met >= Fraction(target) / 100 * total

    if found.prospect is Prospect.LOST:
        assert found.may_be_late is None
        assert not reached(0)
    else:
        assert found.may_be_late is not None
        assert reached(found.may_be_late)
        assert found.may_be_late == found.expected or not reached(found.may_be_late + 1)
    kept = found.percent >= target
    assert kept == (found.prospect is Prospect.KEPT) or abs(found.percent - target) < 1e-9
    assert 0 <= found.percent <= 100


@given(countings(), targets)
def test_after_closing_time_the_day_is_what_it_was(so_far: Counting, target: float) -> None:
    found = outlook(so_far, Rate(Counting(0, 0), 0.0), 0.0, target)
    assert found.percent == (pytest.approx(100 * so_far.met / so_far.of) if so_far.of else None)
    assert found.prospect is not Prospect.ENDANGERED


def test_by_hand() -> None:
    # 71 of 100 in time; 40 an hour, half of them in time, for two and a half hours: (71 + 50) / 200.
    found = outlook(Counting(71, 100), Rate(Counting(20, 40), 60.0), 150.0, 80.0)
    assert found == Outlook(Prospect.ENDANGERED, 60.5, 100, 11)
    assert outlook(Counting(50, 100), Rate(Counting(20, 20), 60.0), 60.0, 80.0).prospect is Prospect.LOST
    assert outlook(Counting(90, 100), Rate(Counting(40, 40), 60.0), 60.0, 80.0).prospect is Prospect.KEPT
    # Nobody calls any more: the day stays as it is.
    assert outlook(Counting(3, 4), Rate(Counting(0, 0), 60.0), 60.0, 75.0) == Outlook(Prospect.KEPT, 75.0, 0, 0)


@given(st.dictionaries(st.integers(-8, 48), countings()), st.integers(-120, 700))
def test_the_last_hour_is_of_whole_quarters_since_opening(quarters: dict[int, Counting], minute: int) -> None:
    now = OPENS + timedelta(minutes=minute)
    found = last_hour({OPENS + timedelta(minutes=15 * number): calls for number, calls in quarters.items()}, now, HOURS)
    whole = [number for number in range(48) if OPENS <= now <= CLOSES and minute // 15 - 4 <= number < minute // 15]
    assert found.minutes == 15 * len(whole)
    assert found.calls == Counting(
        sum(quarters[number].met for number in whole if number in quarters),
        sum(quarters[number].of for number in whole if number in quarters),
    )


@pytest.mark.parametrize(("minute", "left"), [(-60, 510), (0, 510), (60, 450), (509, 1), (510, 0), (900, 0)])
def test_how_long_it_is_open(minute: int, left: float) -> None:
    assert minutes_left(OPENS + timedelta(minutes=minute), HOURS) == left
    assert minutes_left(OPENS, []) == 0


def test_hours_that_begin_within_a_quarter() -> None:
    half = OPENS + timedelta(minutes=5)
    quarters = {OPENS: Counting(1, 9), OPENS + timedelta(minutes=15): Counting(3, 3)}
    found = last_hour(quarters, OPENS + timedelta(minutes=31), [(half, CLOSES)])
    assert found == Rate(Counting(3, 3), 15.0)
