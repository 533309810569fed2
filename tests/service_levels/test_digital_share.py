"""The digital share against a model that keeps every single case, and what comes first of few and many."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.contacts.log.kinds import Channel
from kcc.service_levels.digital_share import Happened, Ways, digital, lowest_first, summed
from kcc.service_levels.knowledge_definitions import FEWEST

NUMBERS = st.integers(0, 30)
HAPPENED = st.lists(
    st.builds(
        Happened,
        st.sampled_from(["akte", "paspoort", "rijbewijs"]),
        st.integers(0, 40).map(lambda days: date(2026, 1, 20) + timedelta(days=days)),
        st.builds(Ways, NUMBERS, NUMBERS, NUMBERS),
    )
)


@given(HAPPENED)
def test_sums_are_what_counting_one_by_one_gives(found: list[Happened]) -> None:
    cases = [
        (one.product, one.day, how)
        for one in found
        for how, number in (("online", one.ways.online), ("self", one.ways.by_resident), ("staff", one.ways.by_staff))
        for _ in range(number)
    ]
    for product, ways in summed(found, lambda one: one.product).items():
        hows = [how for code, _, how in cases if code == product]
        assert (ways.online, ways.by_resident, ways.by_staff) == tuple(map(hows.count, ("online", "self", "staff")))
        assert ways.total == len(hows)
        assert ways.percent == (pytest.approx(100 * hows.count("online") / len(hows)) if hows else None)
    by_month = summed(found, lambda one: one.day.month)
    assert sum(by_month.values(), Ways()) == sum((one.ways for one in found), Ways())


@given(
    st.dictionaries(
        st.text("abc", max_size=3), st.integers(0, 20).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
    )
)
def test_the_lowest_come_first_and_few_come_last(counted: dict[str, tuple[int, int]]) -> None:
    found = lowest_first(counted)
    assert sorted(found) == sorted(counted)
    enough = [key for key in found if counted[key][1] >= FEWEST]
    assert found[: len(enough)] == enough
    shares = [counted[key][0] / counted[key][1] for key in enough]
    assert shares == sorted(shares)


def test_channels_on_a_screen_are_digital() -> None:
    everything = dict.fromkeys(Channel, 1)
    assert digital(everything) == (5, 8)
    assert digital({Channel.PHONE: 3, Channel.COUNTER: 2, Channel.LETTER: 1}) == (0, 6)
    assert digital({}) == (0, 0)
    assert Ways().percent is None
