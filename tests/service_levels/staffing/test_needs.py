"""Agents for each quarter and for some together, and advice by the hour: beside what the model says of each number."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.service_levels.staffing import decompose
from kcc.service_levels.staffing.advice import HOUR, TOO_MANY, Change, Slot, advise, consider
from kcc.service_levels.staffing.erlang import Demand, fate
from kcc.service_levels.staffing.needs import QUARTER_SECONDS, Work, level, needed, together
from kcc.service_levels.staffing.requirement import Target, fewest

WORK = Work(handling=240, patience=150, percent=80, threshold=30)
PATIENT = Work(handling=240, patience=None, percent=80, threshold=30)
MONDAY = date(2026, 11, 30)
CALLS = st.lists(st.floats(0.01, 60).map(lambda calls: round(calls, 2)), min_size=1, max_size=4)


@pytest.mark.parametrize("work", [WORK, PATIENT])
@pytest.mark.parametrize("calls", [0.3, 5.0, 25.0])
def test_a_quarter_takes_what_the_model_says(work: Work, calls: float) -> None:
    demand = Demand(calls / QUARTER_SECONDS, work.handling, work.patience)
    assert needed(calls, work) == fewest(demand, Target(80, 30))
    patient = Demand(calls / QUARTER_SECONDS, work.handling)
    assert needed(calls, work, hang_up=False) == fewest(patient, Target(80, 30))


def test_what_no_centre_can_do_and_nobody_promises() -> None:
    assert needed(0, WORK) == 0
    assert needed(5000, WORK) is None
    assert together([], WORK) is None
    assert together([0, 0], WORK) == 0
    assert together([5, 5000], WORK) is None
    # 100 % is kept by no number of agents: as near as they can come.
    assert needed(5, Work(240, 150, 100, 30)) == needed(5, Work(240, 150, 99.99, 30))


@given(CALLS)
def test_together_is_the_least_that_keeps_the_target_over_all(calls: Sequence[float]) -> None:
    found = together(calls, WORK)
    assert found is not None
    assert (level([(one, found) for one in calls], WORK) or 0) >= WORK.percent
    if found > 1:
        assert (level([(one, found - 1) for one in calls], WORK) or 100) < WORK.percent


@given(CALLS, st.floats(0, 12))
def test_the_level_is_that_of_the_decomposition(calls: Sequence[float], agents: float) -> None:
    stretches = [decompose.Stretch(QUARTER_SECONDS, one, WORK.handling, agents, 150) for one in calls]
    assert level([(one, agents) for one in calls], WORK) == pytest.approx(decompose.service_level(stretches, 30))


def test_no_calls_no_level() -> None:
    assert level([(0, 5)], WORK) is None
    assert level([(5, 0)], WORK) == 0


def day(calls: Sequence[float], agents: Sequence[float], first: int = 36) -> list[Slot]:
    """Hours from nine on, each with calls an hour and agents."""
    return [
        Slot(MONDAY, first + HOUR * number + quarter, each / HOUR, there)
        for number, (each, there) in enumerate(zip(calls, agents, strict=True))
        for quarter in range(HOUR)
    ]


def test_neighbouring_hours_that_need_the_same_are_one_line() -> None:
    # 60 calls of four minutes are four erlang.
    enough = together([15] * 4, WORK)
    assert enough is not None
    found = advise(day([60, 60, 60, 60], [enough - 2, enough - 2, enough, enough + 3]), WORK)
    assert [(one.begin, one.end, one.more, one.calls_an_hour) for one in found] == [(36, 44, 2, 60), (48, 52, -3, 60)]
    short = found[0]
    assert (short.agents, short.now < 80 <= short.then) == (enough - 2, True)
    assert short.missing == pytest.approx(120 * (80 - short.now) / 100)


def test_hours_apart_and_quiet_hours() -> None:
    assert advise(day([3.9], [0]), WORK) == []  # hardly anybody calls
    apart = [*day([60], [1]), *day([60], [1], first=44)]
    assert [one.begin for one in advise(apart, WORK)] == [36, 44]
    assert advise([], WORK) == []


@given(st.lists(st.tuples(st.floats(4, 120), st.integers(0, 20)), min_size=1, max_size=6))
def test_with_the_advice_every_hour_keeps_the_target_and_only_what_is_needed_is_said(
    hours: list[tuple[float, int]],
) -> None:
    slots = day([calls for calls, _ in hours], [agents for _, agents in hours])
    more = {quarter: one.more for one in advise(slots, WORK) for quarter in range(one.begin, one.end)}
    for number in range(len(hours)):
        hour = slots[HOUR * number : HOUR * (number + 1)]
        advised = more.get(hour[0].quarter, 0)
        with_advice, now = (
            level([(one.calls, one.agents + extra) for one in hour], WORK) or 0.0 for extra in (advised, 0)
        )
        assert with_advice >= 80
        assert advised > 0 or now >= 80
        if advised > 0:
            assert (level([(one.calls, one.agents + advised - 1) for one in hour], WORK) or 0) < 80
        assert not -TOO_MANY < advised < 0


def test_far_too_many_are_told_quickly() -> None:
    enough = together([15] * 4, WORK)
    assert enough is not None
    (one,) = advise(day([60], [100_000]), WORK)
    assert one.agents + one.more == enough
    # No number of agents is enough for more work than there can be.
    assert advise(day([100_000], [5]), WORK) == []


def test_what_one_more_does() -> None:
    slots = day([60, 20], [4, 4])
    effect = consider(slots, Change(0, 36, 40, 1), WORK)
    assert effect is not None
    for value, agents in ((effect.before, 4), (effect.after, 5)):
        found = fate(WORK.demand(15), agents, 30)
        assert found is not None
        assert value == pytest.approx(100 * found.offered)
    assert effect.all_after - effect.all_before == pytest.approx((effect.after - effect.before) * 60 / 80)
    assert consider(slots, Change(0, 60, 64, 1), WORK) is None
    assert consider(slots, Change(1, 36, 40, 1), WORK) is None
    nobody = consider(slots, Change(0, 36, 40, -50), WORK)
    assert nobody is not None
    assert nobody.after == 0
