"""The fewest counters that keep the target."""

from dataclasses import replace

from kcc.service_levels.advice import MOST_COUNTERS, advise, planned_so
from kcc.service_levels.figures import Targets, outcome
from kcc.service_levels.simulation import HOUR, Day, Planned, Punctuality, Service, Stretch, WalkIns, plays

MORNING = (Stretch(0, 3 * HOUR, 3),)
EXACT = Day(
    MORNING, tuple(Planned(600 * number, 600) for number in range(18)), (), Punctuality(0, 0), Service.DETERMINISTIC
)


def test_as_many_as_just_fit_need_one_counter() -> None:
    found = advise(EXACT, Targets(), runs=2)
    assert found is not None
    assert (found.counters, found.spacing_minutes, found.walk_in_hours) == (1, 10, None)
    assert found.outcome.appointments.percent_within == 100


def test_one_more_needs_another_counter() -> None:
    found = advise(replace(EXACT, appointments=(*EXACT.appointments, Planned(0, 600))), Targets(), runs=2)
    assert found is not None
    assert found.counters == 2


def test_the_advice_keeps_the_target_and_a_counter_less_does_not() -> None:
    day = Day(
        MORNING,
        tuple(Planned(300 * number, 600) for number in range(33)),
        (WalkIns(0, 3 * HOUR, 5, 600),),
    )
    found = advise(day, Targets(), runs=20)
    assert found is not None
    window = found.walk_in_hours
    kept = planned_so(day, found.counters, found.spacing_minutes, window)
    assert kept is not None
    assert (outcome(plays(kept, 20, 1), Targets()).appointments.percent_within or 0) >= 95
    less = planned_so(day, found.counters - 1, found.spacing_minutes, window)
    assert less is None or (outcome(plays(less, 20, 1), Targets()).appointments.percent_within or 0) < 95
    assert advise(day, Targets(), runs=20) == found


def test_shorter_walk_in_hours_let_as_many_in() -> None:
    day = replace(EXACT, walk_ins=(WalkIns(0, 3 * HOUR, 4, 600),))
    changed = planned_so(day, 2, 10, (0, 1.5 * HOUR))
    assert changed is not None
    assert changed.walk_ins == (WalkIns(0, 1.5 * HOUR, 8, 600),)


def test_a_day_that_cannot_be_saved() -> None:
    never = replace(EXACT, appointments=tuple(Planned(0, 600) for _ in range(18 * MOST_COUNTERS * 2 + 1)))
    assert planned_so(never, MOST_COUNTERS, 10, None) is None
    assert advise(never, Targets(), runs=1, spacings=(10, 15)) is None
    assert advise(replace(EXACT, appointments=()), Targets(), runs=1) is None
