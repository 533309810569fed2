"""Who was there, as calls tell it: beside counting every second."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kcc.service_levels.staffing.presence import GAP, present, usual
from tests.appointments.conftest import AMSTERDAM

NINE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # nine in Amsterdam, a Monday


def call(agent: str, minutes: float, lasts: float) -> tuple[str, datetime, datetime]:
    since = NINE + timedelta(minutes=minutes)
    return agent, since, since + timedelta(minutes=lasts)


def told(*calls: tuple[str, datetime, datetime]) -> dict[int, int]:
    """By minutes after nine."""
    return {int((start - NINE).total_seconds()) // 60: agents for start, agents in sorted(present(calls).items())}


def test_a_call_a_gap_and_a_break() -> None:
    assert told() == {}
    assert told(call("a", 3, 4)) == {0: 1}
    assert told(call("a", 3, 12)) == {0: 1}  # until a quarter past, not in the next quarter
    assert told(call("a", 3, 0)) == {0: 1}
    # Half an hour without a call is being there, longer is a break.
    assert told(call("a", 0, 5), call("a", 35, 5)) == {0: 1, 15: 1, 30: 1}
    assert told(call("a", 0, 5), call("a", 36, 5)) == {0: 1, 30: 1}
    assert told(call("a", 0, 5), call("b", 35, 5)) == {0: 1, 30: 1}
    assert told(call("a", 0, 5), call("b", 2, 5)) == {0: 2}
    # A call whose end was lost is not a night at work.
    assert max(told(call("a", 0, 3000))) < 4 * 60


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 300), st.integers(0, 60)), max_size=12))
def test_beside_counting_every_minute(calls: list[tuple[str, int, int]]) -> None:
    expected: Counter[int] = Counter()
    for agent in "ab":
        mine = sorted((since, since + lasts) for who, since, lasts in calls if who == agent)
        there: set[int] = set()
        until = None
        for since, end in mine:
            begin = until if until is not None and until < since and (since - until) * 60 <= GAP else since
            there |= set(range(begin, end)) | {since}
            until = end if until is None else max(until, end)
        expected.update({minute // 15 * 15 for minute in there})
    assert told(*(call(agent, since, lasts) for agent, since, lasts in calls)) == dict(sorted(expected.items()))


def test_the_usual_is_the_mean_over_days_with_anybody() -> None:
    week = timedelta(weeks=1)
    found = usual(Counter({NINE: 3, NINE + week: 2, NINE + week + timedelta(minutes=15): 2}), AMSTERDAM)
    assert found == {(0, 36): 2.5, (0, 37): 1.0}
