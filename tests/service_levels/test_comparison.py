"""A day with other numbers of counters; and that only one day is played at a time."""

import asyncio

import pytest

from kcc.appointments.hall.queueing import Rules
from kcc.errors import Busy
from kcc.service_levels.comparison import LEAST_RUNS, MOST_RUNS, compare, runs_for
from kcc.service_levels.figures import Targets, outcome
from kcc.service_levels.simulation import HOUR, Day, Planned, Punctuality, Service, Stretch, plays
from kcc.service_levels.simulator import Simulator

# Three at a time every ten minutes, who each take ten minutes.
THREES = Day(
    (Stretch(0, HOUR, 4), Stretch(HOUR, 2 * HOUR, 3)),
    tuple(Planned(600 * (number // 3), 600) for number in range(36)),
    (),
    Punctuality(0, 0),
    Service.DETERMINISTIC,
)


def test_the_fewest_counters_that_keep_the_target() -> None:
    for asked in (None, 1, 3, 6):
        found = compare(THREES, asked, Targets(), Rules())
        assert (found.counters, found.fewest) == (asked, 3)
        shares = {number: one.appointments.percent_within for number, one in found.rows}
        assert shares[3] == 100
        assert (shares[2] or 0) < 95


def test_as_planned_is_not_one_number_all_day_unless_it_is() -> None:
    found = compare(THREES, None, Targets(), Rules())
    assert found.chosen == outcome(plays(THREES, found.runs, 1), Targets())
    alike = Day((Stretch(0, 2 * HOUR, 3),), THREES.appointments, (), Punctuality(0, 0), Service.DETERMINISTIC)
    found = compare(alike, None, Targets(), Rules())
    assert found.counters == 3
    assert dict(found.rows)[3] == found.chosen


def test_the_same_question_has_the_same_answer() -> None:
    assert compare(THREES, 2, Targets(), Rules()) == compare(THREES, 2, Targets(), Rules())


def test_without_appointments_there_is_no_target_to_keep() -> None:
    found = compare(Day((Stretch(0, HOUR, 2),)), None, Targets(), Rules())
    assert (found.fewest, found.advice, found.chosen.appointments.percent_within) == (None, None, None)


def test_when_no_number_is_enough() -> None:
    crowd = Day((Stretch(0, HOUR, 1),), tuple(Planned(0, 600) for _ in range(60)), (), Punctuality(0, 0))
    found = compare(crowd, 1, Targets(), Rules())
    assert found.fewest is None
    assert max(number for number, _ in found.rows) == 20


def test_a_busier_day_is_played_less_often() -> None:
    days = [Day((Stretch(0, HOUR, 1),), tuple(Planned(0, 60) for _ in range(number))) for number in (0, 150, 5000)]
    runs = [runs_for(day) for day in days]
    assert runs[0] == MOST_RUNS > runs[1] > runs[2] == LEAST_RUNS


async def test_one_day_at_a_time_and_who_waits_too_long_is_told() -> None:
    simulator = Simulator(patience=0.01)
    async with simulator.turn():
        with pytest.raises(Busy) as busy:
            await simulator.compare(THREES, None, Targets(), Rules())
        assert busy.value.headers == {"Retry-After": "5"}
    found = await simulator.compare(THREES, None, Targets(), Rules())
    assert found.fewest == 3
    simulator.close()


async def test_who_waits_a_moment_gets_a_turn() -> None:
    simulator = Simulator(patience=60)
    both = await asyncio.gather(*(simulator.compare(THREES, None, Targets(), Rules()) for _ in range(2)))
    assert both[0] == both[1]
    simulator.close()
