"""Who is here and what they do: nothing that the exchange does not tell."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from kcc.service_levels.live.agents import (
    MEANING,
    AgentEvent,
    AgentNow,
    Doing,
    LastCall,
    OpenCall,
    agents_now,
)

LOST = {1: 0, 2: 0}


def event(at: int, kind: str, agent: str = "jan", queue: str = "") -> AgentEvent:
    return AgentEvent(1, at, agent, queue, kind)


def doing(*events: AgentEvent, last: LastCall | None = None, unended: OpenCall | None = None) -> list[Doing]:
    found = agents_now(events, [last] if last else [], [unended] if unended else [], LOST)
    return [one.doing for one in found]


def test_who_is_signed_in_and_did_not_answer_yet_is_free() -> None:
    assert doing(event(1, "agent_available")) == [Doing.FREE]
    assert doing(event(1, "agent_available"), event(2, "agent_paused")) == [Doing.PAUSED]
    assert doing(event(1, "agent_available"), event(2, "agent_gone")) == []
    assert doing(event(2, "agent_gone"), event(1, "agent_available")) == []  # however it comes in


def test_a_conversation() -> None:
    talks = OpenCall(1, "PJSIP/101", "algemeen", 10)
    began = LastCall(1, "PJSIP/101", 10, None, None)
    assert doing(event(1, "ADDMEMBER", "PJSIP/101", "algemeen"), last=began, unended=talks) == [Doing.TALKING]
    assert doing(last=began, unended=talks) == [Doing.TALKING]
    # A later call shows that the end of this one was lost, and so does what the exchange tells of the agent.
    assert doing(last=began._replace(answered=20, ended=30), unended=talks) == []
    assert doing(event(11, "agent_available", "101"), last=began, unended=talks) == [Doing.FREE]
    # Somebody talks, nobody tells who.
    (unknown,) = agents_now([], [], [talks._replace(agent="")], LOST)
    assert unknown == AgentNow(Doing.TALKING, frozenset({"algemeen"}), told=False)
    assert agents_now([], [began], [talks], {1: 11}) == []


def test_after_a_call_it_is_known_only_when_it_is_told() -> None:
    ended = LastCall(1, "jan", 10, 20, None)
    here = event(1, "agent_available")
    assert doing(here, last=ended) == [Doing.UNCLEAR]
    assert doing(here, event(21, "agent_available"), last=ended) == [Doing.FREE]
    assert doing(here, last=ended._replace(wrapped_up=25)) == [Doing.FREE]
    other = LastCall(1, "piet", 1, 2, 3)  # this exchange tells the end of after-call work
    (jan,) = agents_now([here], [ended, other], [], LOST)
    assert jan.doing is Doing.WRAPPING_UP
    (lost,) = agents_now([here], [ended, other], [], {1: 21})
    assert lost.doing is Doing.UNCLEAR


def test_an_agent_in_two_queues() -> None:
    both = event(1, "ADDMEMBER", queue="algemeen"), event(2, "ADDMEMBER", queue="belastingen")
    (jan,) = agents_now([*both, event(3, "PAUSE", queue="algemeen")], [], [], LOST)
    assert jan == AgentNow(Doing.FREE, frozenset({"algemeen", "belastingen"}))
    (jan,) = agents_now([*both, event(3, "REMOVEMEMBER", queue="algemeen")], [], [], LOST)
    assert jan == AgentNow(Doing.FREE, frozenset({"belastingen"}))
    (jan,) = agents_now([*both, event(3, "PAUSEALL", queue="NONE")], [], [], LOST)
    assert jan.doing is Doing.PAUSED
    assert agents_now([*both, event(3, "AGENTLOGOFF", queue="NONE")], [], [], LOST) == []


names = st.sampled_from(["jan", "PIET", "PJSIP/piet", "101", ""])
events = st.builds(
    AgentEvent, st.integers(1, 2), st.integers(0, 50), names, st.sampled_from(["", "NONE", "a", "b"]),
    st.sampled_from(sorted(MEANING)),
)  # fmt: skip
lasts = st.builds(
    LastCall,
    st.integers(1, 2),
    names,
    st.integers(0, 50),
    st.none() | st.integers(0, 50),
    st.none() | st.integers(0, 50),
)
opens = st.builds(OpenCall, st.integers(1, 2), names, st.sampled_from(["a", "b"]), st.integers(0, 50))


@given(st.lists(events), st.lists(lasts, unique_by=lambda one: one[:2]), st.lists(opens))
def test_nobody_is_there_twice_and_order_makes_no_difference(
    told: list[AgentEvent], last: list[LastCall], unended: list[OpenCall]
) -> None:
    told = sorted({(one.source, one.at): one for one in told}.values())  # at one moment one thing happens
    found = agents_now(told, last, unended, LOST)
    assert Counter(agents_now(told[::-1], last[::-1], unended[::-1], LOST)) == Counter(found)
    people = {(one.source, one.agent.casefold().removeprefix("pjsip/")) for one in told if one.agent}
    talkers = {(one.source, one.agent.casefold().removeprefix("pjsip/")) for one in unended if one.agent}
    assert len(found) <= len(people | talkers) + sum(not one.agent for one in unended)
    # Who was never told to be here is only ever seen talking.
    assert all(one.doing is Doing.TALKING for one in found if not one.told)
