"""The simulated exchange over a year with too few agents for most of it: what is told is where the trouble was put."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from kcc.contacts.telephony.simulating import Away, Plan, queue_log
from kcc.service_levels.phone.pattern import grid, stretches

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
THRESHOLD, TARGET = 30, 80
TUESDAY_MORNING, THURSDAY_AFTERNOON = (1, 36, 44), (3, 54, 62)


def calls(
    first: date, days: int, agents: int, wrong: tuple[int, int, int], seed: int
) -> Iterator[tuple[datetime, int, int]]:
    """(entered, 1, whether in time) of calls that were answered or abandoned; one agent is left while it goes wrong."""
    weekday, begin, end = wrong
    away = (Away(weekday, begin * 15, end * 15, agents - 1),)
    plan = Plan(first, days, seed, AMSTERDAM, calls=72, agents=agents, away=away, talk=435.0)
    entered: dict[str, datetime] = {}
    for line in queue_log(plan):
        at, call, _, _, event, *data = line.split("|")
        if event == "ENTERQUEUE":
            entered[call] = datetime.fromtimestamp(int(at), UTC)
        elif event in ("CONNECT", "ABANDON"):
            yield entered[call], 1, int(event == "CONNECT" and int(data[0]) <= THRESHOLD)


@pytest.mark.parametrize(("wrong", "seed"), [(TUESDAY_MORNING, 5), (THURSDAY_AFTERNOON, 6)])
def test_trouble_of_two_hours_is_told_over_a_year_as_over_weeks(wrong: tuple[int, int, int], seed: int) -> None:
    before = list(calls(date(2025, 11, 3), 322, 2, wrong, seed))
    since = list(calls(date(2026, 9, 21), 63, 3, wrong, seed))
    assert 60 < 100 * sum(in_time for *_, in_time in before) / len(before) < 75
    for period in (before + since, before, since):
        worst = stretches(grid(period, AMSTERDAM), TARGET)[0]
        assert worst.weekday == wrong[0]
        assert abs(worst.begin - wrong[1]) <= 1
        assert abs(worst.end - wrong[2]) <= 1
        assert worst.percent < 50
