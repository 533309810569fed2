"""Where an answer came from, and how often departments were reached: pure."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.contacts.log.kinds import Outcome, Source
from kcc.contacts.log.sources import reachability, source_of

ANSWERED = [Outcome.RESOLVED, Outcome.APPOINTMENT_MADE, Outcome.REFERRED]
WENT = [Source.DEPARTMENT_REACHED, Source.DEPARTMENT_NOT_REACHED, Source.CALLBACK]


@pytest.mark.parametrize("outcome", ANSWERED)
def test_an_answer_comes_from_an_article_else_a_colleague_else_the_agent(outcome: Outcome) -> None:
    assert source_of(outcome, articles=True, colleague=True, reached=None) is Source.ARTICLE
    assert source_of(outcome, articles=False, colleague=True, reached=None) is Source.COLLEAGUE
    assert source_of(outcome, articles=False, colleague=False, reached=None) is Source.OWN_KNOWLEDGE


@given(st.booleans(), st.booleans())
def test_without_an_answer_what_happened_stands_in_its_place(articles: bool, colleague: bool) -> None:
    def source(outcome: Outcome, reached: bool | None = None) -> Source:
        return source_of(outcome, articles=articles, colleague=colleague, reached=reached)

    assert source(Outcome.TRANSFERRED, True) is Source.DEPARTMENT_REACHED
    assert source(Outcome.TRANSFERRED, False) is Source.DEPARTMENT_NOT_REACHED
    assert source(Outcome.CALLBACK) is Source.CALLBACK
    assert source(Outcome.DISCONNECTED) is Source.NO_ANSWER


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(WENT), st.integers(1, 9))))
def test_reachability_counts_each_department_once(counted: list[tuple[str, Source, int]]) -> None:
    found = reachability(counted)
    assert [one.department for one in found] == sorted({department for department, _, _ in counted})
    for one in found:
        numbers = Counter[Source]()
        for department, source, number in counted:
            if department == one.department:
                numbers[source] += number
        assert (one.reached, one.not_reached, one.callbacks) == tuple(numbers[source] for source in WENT)
        called = one.reached + one.not_reached
        assert one.percent == (pytest.approx(100 * one.reached / called) if called else None)
