"""Topics by how often they are asked about: pure."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.service_levels.pareto import is_rising, ranked


@pytest.mark.parametrize(
    ("now", "before", "rising"),
    [(4, 0, True), (3, 0, False), (5, 5, False), (5, 9, False), (130, 100, False), (140, 100, True), (0, 0, False)],
)
def test_rising_is_more_than_chance_explains(now: int, before: int, rising: bool) -> None:
    assert is_rising(now, before) == rising


@given(st.lists(st.sampled_from("abcd")), st.dictionaries(st.sampled_from("abcde"), st.integers(0, 20)))
def test_the_most_frequent_come_first_and_add_up(asked: list[str], before: dict[str, int]) -> None:
    found = ranked(asked, before)
    assert {one.topic: one.questions for one in found} == Counter(asked)
    assert [(-one.questions, one.topic) for one in found] == sorted((-one.questions, one.topic) for one in found)
    so_far = 0.0
    for one in found:
        so_far += one.percent
        assert one.cumulative_percent == pytest.approx(so_far)
        assert one.before == before.get(one.topic, 0)
        assert one.rising == is_rising(one.questions, one.before)
    assert not any(one.rising for one in ranked(asked, before, comparable=False))
    assert not asked or so_far == pytest.approx(100)
