"""What an event means for a call. Pure.

Events of a queue_log and of the API have names and data of their own; a step is what both say.
"""

import json
from enum import IntEnum
from typing import Any, Final, NamedTuple

from kcc.connectors.queue_log import MISSING, Facts, facts


class StepKind(IntEnum):
    """What happened to a call; at one moment in this order."""

    ENTERED = 0
    RANG = 1
    ANSWERED = 2
    ENDED = 3
    TRANSFERRED = 4
    SENT_AWAY = 5
    ABANDONED = 6
    WRAPPED_UP = 7


class Step(NamedTuple):
    """`at` in milliseconds since 1970; `hold`, `talk` and `wait` in seconds as the exchange says; -1: not told."""

    at: int
    kind: StepKind
    hold: int = MISSING
    talk: int = MISSING
    wait: int = MISSING
    ring_ms: int = MISSING
    position: int = MISSING
    agent: str = ""
    caller: str = ""
    target: str = ""
    reason: str = ""

    @property
    def span(self) -> int:
        """Milliseconds between entering the queue and this, as it tells itself; -1: not told."""
        if self.kind is StepKind.ANSWERED:
            seconds = self.hold
        elif self.kind is StepKind.ENDED or self.kind is StepKind.TRANSFERRED:
            seconds = self.hold + self.talk if self.hold >= 0 and self.talk >= 0 else MISSING
        else:
            seconds = self.wait
        return 1000 * seconds if seconds >= 0 else MISSING


REASONS: Final = ("timeout", "key", "empty", "withdraw", "other")
_LOG: Final[dict[str, tuple[StepKind, str]]] = {
    "ENTERQUEUE": (StepKind.ENTERED, ""),
    "RINGNOANSWER": (StepKind.RANG, ""),
    "RINGCANCELED": (StepKind.RANG, ""),
    "CONNECT": (StepKind.ANSWERED, ""),
    "COMPLETECALLER": (StepKind.ENDED, ""),
    "COMPLETEAGENT": (StepKind.ENDED, ""),
    "BLINDTRANSFER": (StepKind.TRANSFERRED, ""),
    "ATTENDEDTRANSFER": (StepKind.TRANSFERRED, ""),
    "EXITWITHTIMEOUT": (StepKind.SENT_AWAY, "timeout"),
    "EXITWITHKEY": (StepKind.SENT_AWAY, "key"),
    "EXITEMPTY": (StepKind.SENT_AWAY, "empty"),
    "WITHDRAW": (StepKind.SENT_AWAY, "withdraw"),
    "ABANDON": (StepKind.ABANDONED, ""),
}
# The events of POST /calls/events; those of agents are kept, and mean nothing for a call.
_TOLD: Final = {
    "entered": StepKind.ENTERED,
    "ringing": StepKind.RANG,
    "answered": StepKind.ANSWERED,
    "ended": StepKind.ENDED,
    "transferred": StepKind.TRANSFERRED,
    "sent_away": StepKind.SENT_AWAY,
    "abandoned": StepKind.ABANDONED,
    "wrapped_up": StepKind.WRAPPED_UP,
}
STARTED: Final = "QUEUESTART"
# Kinds that make or change a call.
OF_CALLS: Final = frozenset(_LOG) | frozenset(_TOLD)


def told_data(extension: str = "", caller: str = "", target: str = "", reason: str = "", **seconds: int) -> str:
    """The data of an event that was told, as they are kept; `hold`, `talk` and `wait` where they are known."""
    kept: dict[str, Any] = {"extension": extension, "caller": caller, "target": target, "reason": reason, **seconds}
    return json.dumps({name: value for name, value in kept.items() if value != ""}, separators=(",", ":"))


def step_of_log(at: int, agent: str, event: str, told: Facts) -> Step | None:
    """What a line of a queue_log means; None for what is of no call."""
    meaning = _LOG.get(event)
    if meaning is None:
        return None
    hold, talk, wait, ring_ms, position, caller, target, _ = told
    who = "" if agent == "NONE" else agent
    return Step(at, meaning[0], hold, talk, wait, ring_ms, position, who, caller, target, meaning[1])


def step_of(at: int, agent: str, kind: str, data: str) -> Step | None:
    """What an event means as it is kept; None for what is of no call."""
    told = _TOLD.get(kind)
    if told is None:
        return step_of_log(at, agent, kind, facts(kind, data.split("|"))) if kind in _LOG else None
    kept = json.loads(data)
    reason = kept.get("reason", "")
    return Step(
        at,
        told,
        hold=kept.get("hold", MISSING),
        talk=kept.get("talk", MISSING),
        wait=kept.get("wait", MISSING),
        agent=agent,
        caller=kept.get("caller", ""),
        target=kept.get("target", ""),
        reason=(reason if reason in REASONS else "other") if told is StepKind.SENT_AWAY else "",
    )
