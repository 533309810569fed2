"""The fewest agents for a target, against counting up; the roster; neighbouring numbers."""

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kcc.service_levels.staffing.erlang import Demand, fate
from kcc.service_levels.staffing.requirement import Target, around, fewest, keeps, scheduled

TEN_ERLANG = Demand(100 / 1800, 180)


def test_the_fewest_agents_for_a_service_level() -> None:
    # By the table of Erlang C: 13 answer 79.6 % within 20 seconds.
    assert fewest(TEN_ERLANG, Target(80, 20)) == 14
    assert fewest(TEN_ERLANG, Target(79.559, 20)) == 13
    assert fewest(TEN_ERLANG, Target(94.145, 20)) == 15


def test_for_a_mean_wait_for_occupancy_and_for_all_of_it() -> None:
    assert fewest(TEN_ERLANG, Target(None, 20, average_wait=17.117)) == 13
    assert fewest(TEN_ERLANG, Target(None, 20, average_wait=3.6)) == 16
    assert fewest(TEN_ERLANG, Target(None, 20, occupancy_percent=50)) == 20
    assert fewest(TEN_ERLANG, Target(80, 20, average_wait=3.6)) == 16
    assert fewest(TEN_ERLANG, Target(80, 20, average_wait=3.6, occupancy_percent=50)) == 20


def test_callers_who_hang_up_leave_room() -> None:
    patient = Demand(TEN_ERLANG.rate, TEN_ERLANG.handling, 60)
    agents = fewest(patient, Target(80, 20))
    assert agents is not None
    assert 10 < agents < 14


def test_nobody_calls_and_nobody_is_needed() -> None:
    assert fewest(Demand(0, 180), Target(80, 20)) == 0


def test_what_not_even_ten_thousand_agents_can_do() -> None:
    assert fewest(Demand(100, 180), Target(80, 20)) is None
    assert fewest(TEN_ERLANG, Target(None, 20, occupancy_percent=0.01)) is None


@hypothesis_settings(max_examples=25, deadline=None)
@given(
    load=st.floats(0.05, 40),
    patience=st.none() | st.floats(10, 600),
    percent=st.none() | st.floats(1, 99.9),
    wait=st.none() | st.floats(1, 120),
    occupancy=st.none() | st.floats(30, 100),
)
def test_against_counting_up(
    load: float, patience: float | None, percent: float | None, wait: float | None, occupancy: float | None
) -> None:
    demand, target = Demand(load / 200, 200, patience), Target(percent, 30, wait, occupancy)
    agents = 1
    while not keeps(target, fate(demand, agents, 30)):
        agents += 1
    assert fewest(demand, target) == agents


@pytest.mark.parametrize(
    ("agents", "shrinkage", "on_the_roster"), [(70, 30, 100), (14, 30, 20), (14, 0, 14), (0, 30, 0), (1, 99.9, 1000)]
)
def test_shrinkage(agents: int, shrinkage: float, on_the_roster: int) -> None:
    assert scheduled(agents, shrinkage) == on_the_roster


@hypothesis_settings(max_examples=50, deadline=None)
@given(agents=st.integers(0, 2000), shrinkage=st.integers(0, 95))
def test_shrinkage_is_not_a_hair_too_much(agents: int, shrinkage: int) -> None:
    assert scheduled(agents, shrinkage) == ceil(Fraction(100 * agents, 100 - shrinkage))


def test_neighbouring_numbers() -> None:
    rows = around(TEN_ERLANG, 13, 20)
    assert [row.agents for row in rows] == list(range(8, 19))
    assert [row.agents for row in rows if row.fate is None] == [8, 9, 10]
    assert rows[5].fate == fate(TEN_ERLANG, 13, 20)
    assert [row.agents for row in around(TEN_ERLANG, 2, 20)] == list(range(1, 8))


@hypothesis_settings(max_examples=15, deadline=None)
@given(calls=st.integers(5, 300), percent=st.integers(20, 95))
def test_somebody_else_needs_as_many_or_begins_one_too_high(calls: int, percent: int) -> None:
    from pyworkforce.queuing import ErlangC

    load = calls * 180 / 1800
    theirs = ErlangC(transactions=calls, aht=3, asa=20 / 60, interval=30).required_positions(percent / 100)
    ours = fewest(Demand(calls / 1800, 180), Target(percent, 20))
    assume(ours is not None)
    assert theirs["raw_positions"] == max(ours or 0, round(load + 1))
