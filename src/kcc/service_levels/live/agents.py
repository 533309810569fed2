"""Who is here and what they do, as far as the exchange tells. Pure.

It tells who is signed in and who pauses by events of agents, who is in conversation by answers and ends, and who is
still busy with a call that ended only when it tells the end of that work too. What it does not tell is unknown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from kcc.contacts.telephony.seats import phone_name

HERE, PAUSED, GONE = "here", "paused", "gone"
# What events of agents mean; those of a queue_log are of one queue, or of all where they name none.
MEANING: Final = {
    "agent_available": HERE,
    "agent_paused": PAUSED,
    "agent_gone": GONE,
    "ADDMEMBER": HERE,
    "AGENTLOGIN": HERE,
    "UNPAUSE": HERE,
    "UNPAUSEALL": HERE,
    "PAUSE": PAUSED,
    "PAUSEALL": PAUSED,
    "REMOVEMEMBER": GONE,
    "AGENTLOGOFF": GONE,
}
_ALL_QUEUES = frozenset({"", "NONE"})


class Doing(StrEnum):
    """What an agent does. `unclear`: not in conversation, and nobody tells whether the last call is dealt with."""

    TALKING = "talking"
    WRAPPING_UP = "wrapping-up"
    FREE = "free"
    PAUSED = "paused"
    UNCLEAR = "unclear"


class AgentEvent(NamedTuple):
    """An event of an agent at a source; `at` in milliseconds since 1970."""

    source: int
    at: int
    agent: str
    queue: str
    kind: str


class LastCall(NamedTuple):
    """Of an agent's calls today the last answer, end, and end of the work after it, in milliseconds since 1970."""

    source: int
    agent: str
    answered: int
    ended: int | None
    wrapped_up: int | None


class OpenCall(NamedTuple):
    """A call that was answered, and whose end was not told."""

    source: int
    agent: str
    queue: str
    answered: int


class AgentNow(NamedTuple):
    """An agent who is here, for which queues (none named is all, or unknown).

    `told`: the exchange said so; otherwise only a conversation shows it.
    """

    doing: Doing
    queues: frozenset[str]
    told: bool = True


@dataclass(slots=True)
class _Agent:
    queues: dict[str, str] = field(default_factory=dict)
    available: int = 0  # when they last became so
    left: int = 0  # when they said that no conversation can be going on

    def hear(self, event: AgentEvent) -> None:
        meaning = MEANING[event.kind]
        if event.queue in _ALL_QUEUES:
            self.queues = dict.fromkeys(self.queues or {""}, meaning)
        else:
            self.queues[event.queue] = meaning
        if meaning == HERE:
            self.available = event.at
        if event.kind == "agent_available" or (meaning == GONE and not self.is_here):
            self.left = event.at

    @property
    def is_here(self) -> bool:
        return any(status != GONE for status in self.queues.values())

    @property
    def is_paused(self) -> bool:
        return HERE not in self.queues.values()


def agents_now(
    events: Iterable[AgentEvent], last: Iterable[LastCall], unended: Iterable[OpenCall], lost_before: Mapping[int, int]
) -> list[AgentNow]:
    """Everybody who is here. Of a conversation that began before `lost_before` of its source the end was lost."""
    found: dict[tuple[int, str], _Agent] = {}
    for event in sorted(events, key=lambda one: one.at):
        if name := phone_name(event.agent):
            found.setdefault((event.source, name), _Agent()).hear(event)
    calls: dict[tuple[int, str], LastCall] = {}
    for call in last:  # one telephone can have been named in several ways
        at = call.source, phone_name(call.agent)
        calls[at] = _later(calls[at], call) if at in calls else call
    wraps = {call.source for call in calls.values() if call.wrapped_up is not None}
    talking: dict[tuple[int, str], set[str]] = {}
    here: list[AgentNow] = []
    for one in unended:
        at = one.source, phone_name(one.agent)
        if one.answered < lost_before[one.source]:
            continue
        if not at[1]:  # somebody talks, nobody tells who
            here.append(AgentNow(Doing.TALKING, frozenset({one.queue}), told=False))
        elif one.answered >= max(calls[at].answered if at in calls else 0, found[at].left if at in found else 0):
            talking.setdefault(at, set()).add(one.queue)
    for at in sorted(found.keys() | talking.keys()):
        agent = found.get(at, _Agent())
        queues = frozenset(queue for queue, status in agent.queues.items() if queue and status != GONE)
        if at in talking:
            here.append(AgentNow(Doing.TALKING, queues | frozenset(talking[at]), told=agent.is_here))
        elif agent.is_here:
            here.append(AgentNow(_doing(agent, calls.get(at), at[0] in wraps, lost_before[at[0]]), queues))
    return here


def _later(one: LastCall, other: LastCall) -> LastCall:
    return LastCall(
        one.source,
        one.agent,
        max(one.answered, other.answered),
        max(one.ended or 0, other.ended or 0) or None,
        max(one.wrapped_up or 0, other.wrapped_up or 0) or None,
    )


def _doing(agent: _Agent, call: LastCall | None, wraps: bool, lost_before: int) -> Doing:
    """What somebody does who is here and not in conversation."""
    if agent.is_paused:
        return Doing.PAUSED
    ended = max(call.ended or 0, call.answered) if call is not None else 0
    if agent.available >= ended:
        return Doing.FREE
    if call is None or not wraps or call.ended is None or call.ended < lost_before:
        return Doing.UNCLEAR
    return Doing.FREE if (call.wrapped_up or 0) >= call.ended else Doing.WRAPPING_UP
