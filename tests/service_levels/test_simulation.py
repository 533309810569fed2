"""The simulated counters against what queueing theory says, and what must hold on every day."""

import math
from dataclasses import replace
from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kcc.appointments.hall.queueing import Rules
from kcc.service_levels.figures import Targets, outcome, percentile
from kcc.service_levels.simulation import (
    HOUR,
    Day,
    Planned,
    Played,
    Punctuality,
    Service,
    Stretch,
    WalkIns,
    play,
    plays,
    visitors,
    with_counters,
)

# How many standard errors of the mean over runs a figure may be off: more happens once in 15,000.
ERRORS = 4


def endless(counters: int, per_hour: float, takes: float, hours: float, service: Service) -> Day:
    """So long a day, with walk-ins only, that it hardly matters that it begins without anybody."""
    ends = hours * HOUR
    return Day((Stretch(0, ends, counters),), walk_ins=(WalkIns(0, ends, per_hour, takes),), service=service)


def close_to(values: list[float], expected: float, beginning: float) -> None:
    """The mean over runs is as expected, within its own error; `beginning` allows for a start without anybody."""
    error = stdev(values) / math.sqrt(len(values))
    assert abs(mean(values) - expected) <= ERRORS * error + beginning * expected


def raw_waits(run: Played) -> list[float]:
    """Waits of walk-ins in seconds, unrounded."""
    return [one.called - one.visitor.arrives for one in run.served]


# The figures were computed with 40 digits; design of the metrics, table of Erlang C.
@pytest.mark.parametrize(
    ("counters", "per_hour", "takes", "hours", "waiting", "average"),
    [(13, 200, 180, 20, 0.285270, 17.116), (15, 200, 180, 20, 0.102042, 3.674), (2, 6, 600, 200, 1 / 3, 200)],
)
def test_exponential_service_is_as_erlang_c_says(
    counters: int, per_hour: float, takes: float, hours: float, waiting: float, average: float
) -> None:
    day = endless(counters, per_hour, takes, hours, Service.EXPONENTIAL)
    runs = [raw_waits(run) for run in plays(day, 15, seed=1)]
    # Without anybody at first: until the system has filled, in some service times.
    beginning = 3 * takes / (hours * HOUR)
    close_to([mean(wait > 0 for wait in run) for run in runs], waiting, beginning)
    close_to([mean(run) for run in runs], average, beginning)


def test_constant_service_at_one_counter_is_as_pollaczek_and_khinchin_say() -> None:
    day = endless(1, 4, 600, 200, Service.DETERMINISTIC)
    load = 4 * 600 / HOUR
    close_to([mean(raw_waits(run)) for run in plays(day, 25, seed=2)], 600 * load / (2 * (1 - load)), 0.01)


def test_lognormal_service_has_the_mean_and_the_variation_it_is_given() -> None:
    day = replace(endless(5, 60, 300, 100, Service.LOGNORMAL), variation=0.5)
    seconds = [visitor.seconds for visitor in visitors(day, 1, 0)]
    assert mean(seconds) == pytest.approx(300, rel=ERRORS * 0.5 / math.sqrt(len(seconds)))
    assert stdev(seconds) == pytest.approx(150, rel=0.1)


def test_occupancy_is_the_load_of_each_counter() -> None:
    day = endless(2, 6, 600, 200, Service.EXPONENTIAL)
    found = outcome(plays(day, 15, seed=1), Targets())
    assert found.occupancy_percent == pytest.approx(50, abs=1)
    assert found.appointments.percent_within is None
    assert found.percent_of_days is None


times = st.floats(0, 3 * HOUR)
days = st.builds(
    Day,
    st.integers(1, 3).flatmap(
        lambda counters: st.sampled_from(
            [
                (Stretch(0, 3 * HOUR, counters),),
                (Stretch(0, HOUR, counters), Stretch(HOUR, 2 * HOUR, counters + 1), Stretch(2.5 * HOUR, 3 * HOUR, 1)),
            ]
        )
    ),
    st.lists(st.builds(Planned, times, st.floats(60, 2400)), max_size=15).map(tuple),
    st.lists(st.builds(WalkIns, st.just(0.0), times, st.floats(0, 12), st.floats(60, 1200)), max_size=1).map(tuple),
    st.builds(Punctuality, st.floats(-900, 900), st.floats(0, 900)),
    st.sampled_from(Service),
)
seeds = st.integers(0, 10**6)


@hypothesis_settings(deadline=None)
@given(days, seeds)
def test_nobody_is_lost_or_served_before_coming(day: Day, seed: int) -> None:
    run = play(day, seed)
    assert sorted(one.visitor.waiting.id for one in run.served) == [one.waiting.id for one in visitors(day, seed, 0)]
    assert all(one.called >= one.visitor.arrives for one in run.served)
    assert all(one.called >= day.stretches[0].begins for one in run.served)
    assert run.after_closing >= 0
    assert play(day, seed) == run


@hypothesis_settings(deadline=None)
@given(days, seeds)
def test_never_more_are_served_than_counters_and_none_during_a_break(day: Day, seed: int) -> None:
    run = play(day, seed)
    for one in run.served:
        at_once = sum(other.called <= one.called < other.called + other.visitor.seconds for other in run.served)
        open_now = [stretch.counters for stretch in day.stretches if stretch.begins <= one.called < stretch.ends]
        after = one.called >= day.stretches[-1].ends
        assert open_now or after
        assert at_once <= (day.stretches[-1].counters if after else open_now[0])


@hypothesis_settings(deadline=None)
@given(days, seeds)
def test_the_order_is_kept(day: Day, seed: int) -> None:
    served = play(day, seed).served
    walk_ins = [one.visitor.arrives for one in served if not one.by_appointment]
    assert walk_ins == sorted(walk_ins)
    # Nobody is called early while an appointment whose time had come, and who had come too, still waits.
    for number, one in enumerate(served):
        planned = one.visitor.waiting.planned_at
        if planned is not None and one.called < _seconds_of(one.visitor.waiting.planned_at, day):
            later = [other for other in served[number + 1 :] if other.visitor.arrives <= one.called]
            assert all(
                other.by_appointment and _seconds_of(other.visitor.waiting.planned_at, day) > one.called
                for other in later
            )


def _seconds_of(planned: object, day: Day) -> float:
    """The planned time of the day that this moment stands for."""
    origin = play(replace(day, appointments=(Planned(0, 60),), walk_ins=()), 0).served[0].visitor.waiting.planned_at
    return (planned - origin).total_seconds()  # type: ignore[no-any-return, operator]


@hypothesis_settings(deadline=None)
@given(st.floats(1, 30), st.integers(1, 4), seeds, st.sampled_from(Service))
def test_another_counter_makes_no_walk_in_wait_longer(
    per_hour: float, counters: int, seed: int, service: Service
) -> None:
    few = Day((Stretch(0, 3 * HOUR, counters),), walk_ins=(WalkIns(0, 3 * HOUR, per_hour, 600),), service=service)
    more = with_counters(few, counters + 1)
    # Who comes first is called first, so with the same visitors this holds for each of them.
    for one, other in zip(play(few, seed).served, play(more, seed).served, strict=True):
        assert other.called <= one.called + 1e-6


@hypothesis_settings(max_examples=25, deadline=None)
@given(days, seeds)
def test_another_counter_makes_the_mean_wait_no_longer(day: Day, seed: int) -> None:
    few, more = with_counters(day, 2), with_counters(day, 3)
    differences = [
        mean(one.waited for one in fast.served) - mean(one.waited for one in slow.served)
        for fast, slow in zip(plays(more, 12, seed), plays(few, 12, seed), strict=True)
        if slow.served
    ]
    if len(differences) > 1:
        assert mean(differences) <= ERRORS * stdev(differences) / math.sqrt(len(differences)) + 1


def test_a_day_without_variation_goes_as_by_hand() -> None:
    day = Day(
        (Stretch(0, HOUR, 1),),
        (Planned(0, 600), Planned(600, 600), Planned(3000, 900)),
        (),
        Punctuality(0, 0),
        Service.DETERMINISTIC,
    )
    run = play(day, 1)
    assert [one.called for one in run.served] == [0, 600, 3000]
    assert (run.busy, run.idle, run.after_closing) == (2100, HOUR - 1800, 300)
    found = outcome([run], Targets())
    assert found.appointments.percent_within == found.percent_of_days == 100
    assert (found.appointments.average_seconds, found.appointments.p95_seconds) == (0, 0)


def test_walk_ins_past_their_threshold_go_first() -> None:
    """As in the hall: ten appointments at one counter would keep a walk-in waiting for ever."""
    appointments = tuple(Planned(600 * number, 600) for number in range(12))
    day = Day((Stretch(0, 3 * HOUR, 1),), appointments, (WalkIns(0, 600, 12, 600),), Punctuality(0, 0))
    patient = outcome(plays(day, 20, 1, Rules(walk_in_threshold=Rules().late_after * 60)), Targets())
    usual = outcome(plays(day, 20, 1), Targets())
    assert (usual.walk_ins.average_seconds or 0) < (patient.walk_ins.average_seconds or 0)


def test_no_counter_open() -> None:
    with pytest.raises(ValueError, match="no counter"):
        play(Day((Stretch(0, HOUR, 0),)), 1)


def test_percentiles_are_by_nearest_rank() -> None:
    assert percentile([], 95) is None
    assert percentile([7], 95) == 7
    assert percentile(list(range(1, 101)), 95) == 95
    assert percentile([1, 2, 3], 50) == 2
