"""Erlang B, C and A: known figures, slow obvious models, limits, and a second opinion."""

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kcc.service_levels.staffing.erlang import Demand, Fate, erlang_b, erlang_c, fate

quick = hypothesis_settings(max_examples=25, deadline=None)
loads = st.floats(0.05, 60)
crews = st.integers(1, 70)
thresholds = st.integers(0, 120)
patiences = st.floats(5, 1200)


def of(load: float, agents: int, threshold: float = 20, handling: float = 180, patience: float | None = None) -> Fate:
    found = fate(Demand(load / handling, handling, patience), agents, threshold)
    assert found is not None
    return found


# Computed with 40 digits.
@pytest.mark.parametrize(("load", "agents", "blocked"), [(5, 1, 0.8333333), (20, 10, 0.537963169)])
def test_erlang_b(load: float, agents: int, blocked: float) -> None:
    assert erlang_b(load, agents) == pytest.approx(blocked, abs=5e-8)


@pytest.mark.parametrize(
    ("load", "agents", "handling", "threshold", "waiting", "level", "wait"),
    [
        (10, 11, 180, 20, 0.682118, 0.389614, 122.781),
        (10, 13, 180, 20, 0.285270, 0.795595, 17.116),
        (10, 15, 180, 20, 0.102042, 0.941453, 3.674),
        (48, 55, 240, 15, 0.238701, 0.845883, 8.184),
    ],
)
def test_erlang_c(
    load: float, agents: int, handling: float, threshold: float, waiting: float, level: float, wait: float
) -> None:
    found = of(load, agents, threshold, handling)
    assert found.waiting == pytest.approx(waiting, abs=5e-7)
    assert found.offered == pytest.approx(level, abs=5e-7)
    assert found.average_wait == pytest.approx(wait, abs=5e-4)
    assert found.occupancy == load / agents
    assert found.abandoned == found.abandoned_within == 0
    assert found.answered == found.drop_abandoned_within_threshold == found.abandoned_within_threshold_met


@pytest.mark.parametrize(("load", "agents", "waiting"), [(20, 25, 0.209103), (1, 2, 0.333333)])
def test_the_probability_of_waiting(load: float, agents: int, waiting: float) -> None:
    assert erlang_c(load, agents) == pytest.approx(waiting, abs=5e-7)


def test_erlang_a() -> None:
    found = fate(Demand(100 / 1800, 180, 300), 14, 20)
    assert found is not None
    assert found.waiting == pytest.approx(0.145260, abs=5e-7)
    assert found.offered == pytest.approx(0.916792, abs=5e-7)
    assert found.average_wait == pytest.approx(4.195, abs=5e-4)
    assert found.abandoned == pytest.approx(0.013984, abs=5e-7)


def test_erlang_a_by_every_definition() -> None:
    found = fate(Demand(80 / 3600, 300, 120), 8, 30)
    assert found is not None
    assert found.waiting == pytest.approx(0.292473, abs=5e-7)
    assert found.offered == pytest.approx(0.794781, abs=5e-7)
    assert found.answered == pytest.approx(0.885852, abs=5e-7)
    assert found.drop_abandoned_within_threshold == pytest.approx(0.840068, abs=5e-7)
    assert found.abandoned_within_threshold_met == pytest.approx(0.848690, abs=5e-7)
    assert found.average_wait == pytest.approx(12.337, abs=5e-4)
    assert found.abandoned == pytest.approx(0.102806, abs=5e-7)


@pytest.mark.parametrize("load", [10, 10.5, 400])
def test_what_agents_cannot_get_through_is_unstable(load: float) -> None:
    assert erlang_c(load, 10) is None
    assert fate(Demand(load / 180, 180), 10, 20) is None
    assert of(load, 10, patience=60).abandoned > 0  # with patience the queue cannot grow for ever


@quick
@given(load=st.fractions(Fraction(1, 20), 40, max_denominator=50), agents=crews)
def test_b_and_c_against_exact_sums(load: Fraction, agents: int) -> None:
    parts = [load**number / math.factorial(number) for number in range(agents + 1)]
    assert erlang_b(float(load), agents) == pytest.approx(float(parts[-1] / sum(parts)), rel=1e-12)
    waiting = erlang_c(float(load), agents)
    if load < agents:
        last = parts[-1] * agents / (agents - load)
        assert waiting == pytest.approx(float(last / (sum(parts[:-1]) + last)), rel=1e-9)
    else:
        assert waiting is None


def by_the_integral(
    demand: Demand, patience: float, agents: int, threshold: float
) -> tuple[float, float, float, float]:
    """Another way to the same: the virtual wait of M/M/n+G (Baccelli and Hebuterne), added up in small steps.

    Gives the probabilities of waiting, of being answered and of hanging up within the threshold, and of hanging up.
    """

    def log_density(wait: float) -> float:
        return demand.rate * patience * -math.expm1(-wait / patience) - agents * wait / demand.handling

    peak = max(0.0, patience * math.log(max(1.0, demand.load / agents)))
    log_scale = log_density(peak)
    end = max(peak, 1.0)
    while log_density(end) > log_scale - 45:
        end *= 1.25

    def added(begin: float, until: float, weigh: bool) -> float:
        steps = 2 * 4000
        width = (until - begin) / steps
        total = 0.0
        for step in range(steps + 1):
            wait = begin + step * width
            part = math.exp(log_density(wait) - log_scale) * (math.exp(-wait / patience) if weigh else 1)
            total += part * (1 if step in (0, steps) else 4 if step % 2 else 2)
        return total * width / 3  # Simpson

    middle = min(threshold, end)
    blocked = erlang_b(demand.load, agents - 1)
    nobody = math.exp(-log_scale) / blocked  # all states in which somebody is free, in units of the last of them
    within, later = added(0, middle, False), added(middle, end, False)
    all_of_it = nobody + demand.rate * (within + later)
    turn_within, turn_later = demand.rate * within / all_of_it, demand.rate * later / all_of_it
    answered = demand.rate * added(0, middle, True) / all_of_it
    hung_up = turn_within - answered - math.expm1(-threshold / patience) * turn_later
    in_the_end = demand.rate * (within + later - added(0, middle, True) - added(middle, end, True)) / all_of_it
    return 1 - nobody / all_of_it, nobody / all_of_it + answered, hung_up, in_the_end


@hypothesis_settings(max_examples=20, deadline=None)
@given(load=st.floats(0.5, 60), agents=crews, threshold=thresholds, patience=st.floats(20, 600))
def test_a_against_the_integral(load: float, agents: int, threshold: int, patience: float) -> None:
    assume(load < 4 * agents and erlang_b(load, agents) > 1e-12)
    found = of(load, agents, threshold, patience=patience)
    slow = by_the_integral(Demand(load / 180, 180), patience, agents, threshold)
    quickly = (found.waiting, found.answered_within, found.abandoned_within, found.abandoned)
    assert quickly == pytest.approx(slow, abs=2e-6)


@quick
@given(load=loads, agents=crews, threshold=thresholds, patience=st.none() | patiences)
def test_more_agents_or_fewer_calls_make_nothing_worse(
    load: float, agents: int, threshold: int, patience: float | None
) -> None:
    demand = Demand(load / 180, 180, patience)
    found = fate(demand, agents, threshold)
    assume(found is not None)
    assert found is not None
    for better in (
        fate(demand, agents + 1, threshold),
        fate(Demand(demand.rate * 0.9, 180, patience), agents, threshold),
    ):
        assert better is not None
        assert better.offered >= found.offered - 1e-12
        assert better.waiting <= found.waiting + 1e-12
        assert better.abandoned <= found.abandoned + 1e-12
        assert better.average_wait <= found.average_wait + 1e-9
        assert better.occupancy <= found.occupancy + 1e-12


@quick
@given(load=loads, agents=crews, threshold=thresholds, patience=patiences)
def test_every_figure_is_a_probability_and_the_flows_balance(
    load: float, agents: int, threshold: int, patience: float
) -> None:
    found = of(load, agents, threshold, patience=patience)
    shares = (found.waiting, found.answered_within, found.abandoned_within, found.abandoned, found.occupancy)
    assert all(0 <= share <= 1 for share in shares)
    assert found.answered_within + found.abandoned_within <= 1 + 1e-9
    assert found.abandoned_within <= found.abandoned
    assert found.offered <= found.drop_abandoned_within_threshold <= found.answered + 1e-9
    assert found.occupancy * agents == pytest.approx(load * (1 - found.abandoned), rel=1e-9)


@quick
@given(load=st.floats(0.5, 40), spare=st.floats(0.05, 1), threshold=thresholds)
def test_endless_patience_is_erlang_c(load: float, spare: float, threshold: int) -> None:
    agents = math.ceil(load * (1 + spare) + 0.1)
    patient, endless = of(load, agents, threshold, patience=1e9), of(load, agents, threshold)
    assert patient.waiting == pytest.approx(endless.waiting, abs=1e-4)
    assert patient.offered == pytest.approx(endless.offered, abs=1e-4)
    assert patient.average_wait == pytest.approx(endless.average_wait, rel=1e-3)


@pytest.mark.parametrize("patience", [None, 180])
def test_with_agents_for_everybody_nobody_waits(patience: float | None) -> None:
    found = of(300, 900, patience=patience)
    assert (found.waiting, found.offered) == (pytest.approx(0, abs=1e-12), pytest.approx(1, abs=1e-12))


@pytest.mark.parametrize(
    ("load", "agents", "patience"),
    [(500, 480, 60), (500, 520, 7200), (1000, 100, 7200), (900, 1, 7200), (0.001, 700, 5)],
)
def test_hundreds_of_agents_and_endless_queues_stay_within_floats(load: float, agents: int, patience: float) -> None:
    for threshold in (0, 30, 3600):
        found = of(load, agents, threshold, handling=300, patience=patience)
        too_many = max(0.0, 1 - agents / load)
        assert found.abandoned == pytest.approx(too_many, abs=0.05)
        assert 0 <= found.offered <= 1 - found.abandoned + 1e-9


@pytest.mark.parametrize(("patience", "within"), [(7200, 0.0), (600, 0.1)])
def test_far_too_few_agents_answer_the_patient_after_hours_and_the_others_after_minutes(
    patience: float, within: float
) -> None:
    """A tenth is answered, all after about patience × ln 10 seconds: 276 or 23 minutes."""
    found = of(1000, 100, 3600, handling=300, patience=patience)
    assert found.abandoned == pytest.approx(0.9)
    assert found.offered == pytest.approx(within, abs=1e-6)


def test_within_no_time_are_those_who_do_not_wait() -> None:
    for patience in (None, 120):
        found = of(10, 12, threshold=0, patience=patience)
        assert found.offered == pytest.approx(1 - found.waiting)
        assert found.abandoned_within == pytest.approx(0)


@hypothesis_settings(max_examples=15, deadline=None)
@given(calls=st.integers(5, 300), handling=st.integers(60, 400), agents=st.integers(1, 60))
def test_erlang_c_by_somebody_else(calls: int, handling: int, agents: int) -> None:
    from pyworkforce.queuing import ErlangC

    assume(calls * handling / 1800 < agents)
    theirs = ErlangC(transactions=calls, aht=handling / 60, asa=20 / 60, interval=30)
    ours = of(calls * handling / 1800, agents, 20, handling)
    assert ours.waiting == pytest.approx(theirs.waiting_probability(agents), rel=1e-9)
    assert ours.offered == pytest.approx(theirs.service_level(agents), abs=1e-9)
    assert ours.occupancy == pytest.approx(theirs.achieved_occupancy(agents))
