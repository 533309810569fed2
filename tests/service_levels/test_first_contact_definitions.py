"""First-contact resolution: the rules' edges, and every rule against a slow obvious model."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.service_levels.definitions import Askings, AsSeen, Question, as_marked, as_seen, eligible

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
DAYS = 7
OUTCOMES = ["resolved", "transferred", "callback", "appointment-made", "referred", "disconnected", None]
_contacts = count(1)


def question(
    days_ago: float = 20, topic: str | None = "paspoort", requester: str | None = "x", **fields: object
) -> Question:
    usual = {"contact": next(_contacts), "channel": "phone", "outcome": "resolved"}
    return Question(at=NOW - timedelta(days=days_ago), topic=topic, requester=requester, **usual | fields)  # type: ignore[arg-type]


def seen(*questions: Question, of: Sequence[Question] | None = None) -> AsSeen:
    return as_seen(of or questions, Askings(questions), DAYS, NOW)


@pytest.mark.parametrize(
    ("asked", "counts"),
    [
        (question(), True),
        (question(topic=None), True),
        (question(outcome="transferred"), True),
        (question(outcome="disconnected"), False),
        (question(outcome=None), False),
        (question(outside=False), False),
        (question(channel="email"), False),
        (question(topic="bijstand"), False),
    ],
)
def test_who_is_eligible(asked: Question, counts: bool) -> None:
    assert eligible(asked, "phone", {"bijstand"}) == counts


def test_on_any_channel_and_with_every_topic() -> None:
    assert eligible(question(channel="email", topic="bijstand"), None, ())


def test_as_marked() -> None:
    found = as_marked([question(outcome=outcome) for outcome in OUTCOMES[:5]])
    assert (found.eligible, found.resolved, found.percent) == (5, 3, 60.0)
    assert as_marked([]).percent is None


def test_whoever_asks_about_the_same_within_the_days_was_not_helped() -> None:
    again = question(20 - 6.99)
    assert seen(question(20), again).resolved == 1


def test_at_the_moment_at_which_the_days_are_over_it_is_no_repeat() -> None:
    assert seen(question(20), question(20 - DAYS)).resolved == 2


def test_a_question_is_followed_from_the_moment_at_which_the_days_are_over() -> None:
    assert seen(question(DAYS)).followed == 1
    found = seen(question(DAYS - 0.001))
    assert (found.known, found.followed, found.percent) == (1, 0, None)


def test_another_topic_another_requester_and_the_same_contact_are_no_repeat() -> None:
    first = question(20)
    others = [question(19, topic="afval"), question(19, requester="y"), question(20, contact=first.contact)]
    assert seen(first, *others).resolved == 4


def test_a_later_one_counts_whatever_became_of_it_and_on_any_channel() -> None:
    first = question(20)
    for later in (question(19, outcome="disconnected"), question(19, channel="letter"), question(19, outcome=None)):
        assert seen(first, later, of=[first]).resolved == 0


def test_of_two_that_began_at_the_same_moment_the_first_was_asked_again() -> None:
    assert seen(question(20), question(20)).resolved == 1


def test_who_is_not_known_is_counted_beside_it() -> None:
    found = seen(question(requester=None), question(topic=None), question())
    assert (found.known, found.percent_known, found.followed, found.percent) == (1, pytest.approx(100 / 3), 1, 100.0)
    assert seen(of=[question(requester=None)]).percent is None
    assert as_seen([], Askings([]), DAYS, NOW) == AsSeen(0, None, 0, 0, None)


@st.composite
def logs(draw: st.DrawFn) -> list[Question]:
    drawn = draw(
        st.lists(
            st.tuples(
                st.integers(1, 6),
                st.sampled_from(["a", "b", None]),
                st.sampled_from(["x", "y", None]),
                st.sampled_from(OUTCOMES),
                st.sampled_from(["phone", "email"]),
            ),
            max_size=12,
        )
    )
    # One contact has one moment, requester and channel.
    of_contact: dict[int, tuple[float, str | None, str]] = {}
    moments = st.integers(0, 20).map(lambda half_days: half_days / 2)
    for contact, _, requester, _, channel in drawn:
        if contact not in of_contact:
            of_contact[contact] = (draw(moments), requester, channel)
    return [
        Question(
            contact,
            NOW - timedelta(days=of_contact[contact][0]),
            of_contact[contact][2],
            topic,
            outcome,
            requester=of_contact[contact][1],
        )
        for contact, topic, _, outcome, _ in drawn
    ]


@given(logs(), st.integers(1, 9))
def test_as_the_definition_says(log: list[Question], days: int) -> None:
    counting = [one for one in log if eligible(one, "phone", {"b"})]
    assert counting == [
        one
        for one in log
        if one.channel == "phone" and one.topic != "b" and one.outcome is not None and one.outcome != "disconnected"
    ]
    marked = as_marked(counting)
    good = sum(one.outcome in ("resolved", "appointment-made", "referred") for one in counting)
    assert (marked.eligible, marked.resolved) == (len(counting), good)
    followed = solved = 0
    for one in counting:
        if one.requester is None or one.topic is None or (NOW - one.at) < timedelta(days=days):
            continue
        followed += 1
        solved += not any(
            other.requester == one.requester
            and other.topic == one.topic
            and (other.at, other.contact) > (one.at, one.contact)
            and other.at - one.at < timedelta(days=days)
            for other in log
        )
    found = as_seen(counting, Askings(log), days, NOW)
    assert (found.followed, found.resolved) == (followed, solved)
    assert found.percent == (pytest.approx(100 * solved / followed) if followed else None)
