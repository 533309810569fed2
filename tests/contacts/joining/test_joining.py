"""Contacts × calls: the cases by name, and Hypothesis against a slow obvious model."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from kcc.contacts.joining.joining import LONGEST, Joined, Over, Seat, Talk, join
from kcc.contacts.log.kinds import CallLink
from tests.conftest import NOW

NONE, TIE = Joined(CallLink.NONE, None), Joined(CallLink.TIE, None)


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def talk(call: int, begin: float, end: float | None, phone: str = "101", agent: str = "") -> Talk:
    return Talk(call, phone, agent or phone, at(begin), None if end is None else at(end))


def of_anna(begin: float, end: float, *talks: Talk, seats: tuple[Seat, ...] | None = None) -> Joined:
    sat = (Seat("anna", "101", at(-1000), None),) if seats is None else seats
    return join([Over(1, "anna", at(begin), at(end))], talks, sat)[1]


def found(call: int) -> Joined:
    return Joined(CallLink.FOUND, call)


def test_the_call_that_overlaps_most() -> None:
    assert of_anna(0, 10, talk(1, -5, 2), talk(2, 3, 7), talk(3, 8, 20)) == found(2)
    assert of_anna(0, 10, talk(1, 0, 4), talk(2, 5, 9)) == TIE
    assert of_anna(0, 10, talk(1, 0, 4), talk(2, 5, 9), talk(3, 4, 9)) == found(3)


def test_a_second_is_enough_and_less_is_not() -> None:
    second = 1 / 60
    assert of_anna(0, 10, talk(1, -5, second)) == found(1)
    assert of_anna(0, 10, talk(1, -5, 0.9 * second)) == NONE
    assert of_anna(0, 10, talk(1, -5, 0), talk(2, 10, 20)) == NONE
    assert of_anna(0, 0, talk(1, -5, 5)) == NONE


def test_of_the_same_agent_only() -> None:
    assert of_anna(0, 10, talk(1, 0, 10, phone="102")) == NONE
    assert of_anna(0, 10, talk(1, 0, 10, phone="102", agent="anna")) == found(1)


def test_who_sat_there_when_it_was_answered() -> None:
    earlier, later = Seat("anna", "101", at(-60), at(3)), Seat("bas", "101", at(3), None)
    assert of_anna(0, 10, talk(1, 2, 9), seats=(earlier, later)) == found(1)
    assert of_anna(0, 10, talk(1, 3, 9), seats=(earlier, later)) == NONE
    assert join([Over(1, "bas", at(0), at(10))], [talk(1, 3, 9)], [earlier, later]) == {1: found(1)}


def test_a_call_of_which_the_end_was_lost_ends_at_the_next_answer_there() -> None:
    assert of_anna(0, 10, talk(1, -30, None)) == found(1)
    assert of_anna(0, 10, talk(1, -30, None), talk(2, 1, 9)) == found(2)
    assert of_anna(0, 10, talk(1, -30, None), talk(2, -20, -15)) == NONE
    assert of_anna(0, 10, talk(1, -30, None), talk(2, -20, -15, phone="102")) == found(1)


def test_nobody_talks_longer_than_four_hours() -> None:
    assert of_anna(0, 10, talk(1, -245, None)) == NONE
    assert of_anna(0, 10, talk(1, -245, 20)) == NONE
    assert of_anna(0, 3000, talk(1, 0, 5), talk(2, 1440, 1500)) == found(1)


MINUTES = st.integers(-300, 300)
NAMES = st.sampled_from(["anna", "bas"])
PHONES = st.sampled_from(["101", "102"])
TALKS = st.lists(
    st.tuples(MINUTES, st.none() | st.integers(0, 300), PHONES, st.sampled_from(["101", "anna"])), max_size=8
)
CONTACTS = st.lists(st.tuples(MINUTES, st.integers(0, 300), NAMES), max_size=6)
SEATS = st.lists(st.tuples(MINUTES, st.none() | st.integers(1, 300), NAMES, PHONES), max_size=5)


def slowly(contact: Over, talks: list[Talk], seats: list[Seat]) -> Joined:
    """Minute by minute: everything begins and ends on one."""
    minutes: dict[int, int] = {}
    for talk in talks:
        agents = [talk.agent] + [
            seat.agent
            for seat in seats
            if seat.phone == talk.phone and seat.since <= talk.begin and (not seat.until or talk.begin < seat.until)
        ]
        if contact.agent not in agents:
            continue
        for minute in range(240):
            now = talk.begin + timedelta(minutes=minute)
            if talk.end is None:
                over = any(other.phone == talk.phone and talk.begin < other.begin <= now for other in talks)
            else:
                over = now >= talk.end
            if not over and contact.begin <= now < min(contact.end, contact.begin + LONGEST):
                minutes[talk.call] = minutes.get(talk.call, 0) + 1
    if not minutes:
        return NONE
    most = max(minutes.values())
    calls = [call for call, many in minutes.items() if many == most]
    return found(calls[0]) if len(calls) == 1 else TIE


@settings(max_examples=300, deadline=None)
@given(CONTACTS, TALKS, SEATS, st.randoms(use_true_random=False))
def test_as_the_slow_model_in_any_order(
    contacts: list[tuple[int, int, str]],
    told: list[tuple[int, int | None, str, str]],
    sat: list[tuple[int, int | None, str, str]],
    chance: object,
) -> None:
    over = [Over(number, agent, at(begin), at(begin + long)) for number, (begin, long, agent) in enumerate(contacts)]
    talks = [
        Talk(number, phone, agent, at(begin), None if long is None else at(begin + long))
        for number, (begin, long, phone, agent) in enumerate(told)
    ]
    seats = [
        Seat(agent, phone, at(since), None if long is None else at(since + long)) for since, long, agent, phone in sat
    ]
    expected = {one.contact: slowly(one, talks, seats) for one in over}
    assert join(over, talks, seats) == expected
    for things in (over, talks, seats):
        chance.shuffle(things)  # type: ignore[attr-defined]
    assert join(over, talks, seats) == expected
    for one in over:  # each by itself
        assert join([one], talks, seats) == {one.contact: expected[one.contact]}
