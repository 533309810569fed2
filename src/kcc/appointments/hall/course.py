"""The course of one visit: what happened, in order, and what may happen next. Pure.

Events are instants that are never changed; what they mean together follows from them here. A correction is an event
too: it says at which moment an earlier one really was.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

MOST_CALLS = 3


class VisitState(StrEnum):
    """Where a visitor is."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    FINISHED = "finished"
    MISSED = "missed"
    LEFT = "left"


class VisitEventKind(StrEnum):
    """What happened.

    `returned`: a call was taken back (another ticket stood at the counter), or who was said to have left is there.
    `resumed`: goes on at a counter, after being parked, or when it had ended by mistake.
    """

    ARRIVED = "arrived"
    CALLED = "called"
    RECALLED = "recalled"
    RETURNED = "returned"
    STARTED = "started"
    PARKED = "parked"
    RESUMED = "resumed"
    TRANSFERRED = "transferred"
    FINISHED = "finished"
    MISSED = "missed"
    LEFT = "left"
    CORRECTED = "corrected"


OVER = frozenset({VisitState.FINISHED, VisitState.MISSED, VisitState.LEFT})
AT_COUNTER = frozenset({VisitState.CALLED, VisitState.SERVING})

K, S = VisitEventKind, VisitState
# What may follow, and where it leads.
_STEPS: dict[VisitEventKind, tuple[frozenset[VisitState], VisitState]] = {
    K.CALLED: (frozenset({S.WAITING}), S.CALLED),
    K.RECALLED: (frozenset({S.CALLED}), S.CALLED),
    K.RETURNED: (frozenset({S.CALLED, S.LEFT}), S.WAITING),
    K.STARTED: (frozenset({S.CALLED}), S.SERVING),
    K.PARKED: (AT_COUNTER, S.PARKED),
    K.RESUMED: (frozenset({S.PARKED, S.FINISHED, S.MISSED}), S.SERVING),
    K.TRANSFERRED: (AT_COUNTER | {S.WAITING, S.PARKED}, S.WAITING),
    K.FINISHED: (AT_COUNTER | {S.PARKED}, S.FINISHED),
    K.MISSED: (frozenset({S.CALLED}), S.MISSED),
    K.LEFT: (frozenset({S.WAITING, S.PARKED}), S.LEFT),
}


class NotNow(ValueError):
    """This cannot happen to a visit in this state."""

    def __init__(self, kind: VisitEventKind, state: VisitState) -> None:
        super().__init__(f"{kind} cannot follow in state {state}")
        self.kind, self.state = kind, state


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `counter` is where; a correction names the event that it corrects, and its moment."""

    id: int
    kind: VisitEventKind
    at: datetime
    counter: str | None = None
    corrects: int | None = None
    really_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """A visit so far. `first_called_at` ends the wait; `served_seconds` leaves out what was parked.

    `sent_on_by` is the counter that sent the visit on to another one.
    """

    state: VisitState
    arrived_at: datetime
    first_called_at: datetime | None = None
    called_at: datetime | None = None
    calls: int = 0
    counter: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    serving_since: datetime | None = None
    served_seconds: int = 0
    place_since: datetime | None = None
    sent_on_by: str | None = None


def course(events: Iterable[Event]) -> Course:
    """What these events, in the order in which they were recorded, make of a visit. Raises NotNow, ValueError."""
    found: Course | None = None
    for event in as_it_was(events):
        if found is None:
            if event.kind is not K.ARRIVED:
                raise ValueError("a visit begins with arriving")
            found = Course(S.WAITING, event.at)
        else:
            found = after(found, event)
    if found is None:
        raise ValueError("a visit begins with arriving")
    return found


def as_it_was(events: Iterable[Event]) -> list[Event]:
    """The events at the moments at which they really were: with the corrections in them, the last one counts."""
    listed = list(events)
    really = {event.corrects: event.really_at for event in listed if event.kind is K.CORRECTED}
    return [replace(event, at=really.get(event.id) or event.at) for event in listed if event.kind is not K.CORRECTED]


def after(now: Course, event: Event) -> Course:
    """The visit after one more event. Raises NotNow."""
    if event.kind not in _STEPS:
        raise NotNow(event.kind, now.state)
    allowed, leads_to = _STEPS[event.kind]
    if now.state not in allowed:
        raise NotNow(event.kind, now.state)
    return replace(now, state=leads_to, **_changes(now, event))


def _changes(now: Course, event: Event) -> dict[str, Any]:
    return _CHANGES.get(event.kind, _ended)(now, event)


def _called(now: Course, event: Event) -> dict[str, Any]:
    first = now.first_called_at or event.at
    return {"first_called_at": first, "called_at": event.at, "calls": 1, "counter": event.counter}


def _recalled(now: Course, event: Event) -> dict[str, Any]:
    return {"called_at": event.at, "calls": now.calls + 1}


def _returned(now: Course, event: Event) -> dict[str, Any]:
    """As if the call had not been; an earlier one, before going on at another counter, still ended the wait.

    Who was said to have left waits where they were.
    """
    if now.state is S.LEFT:
        return {"finished_at": None, "place_since": now.place_since or now.first_called_at}
    # The place of who was sent on is that of the call that ended the wait; others were not called before.
    return {"first_called_at": now.place_since, "called_at": None, "calls": 0, "counter": None}


def _began(now: Course, event: Event) -> dict[str, Any]:
    return {
        "started_at": now.started_at or event.at,
        "serving_since": event.at,
        "finished_at": None,
        "counter": event.counter or now.counter,
    }


def _parked(now: Course, event: Event) -> dict[str, Any]:
    return _served(now, event.at) | {"counter": None}


def _transferred(now: Course, event: Event) -> dict[str, Any]:
    """The place is kept: that of the first call."""
    place = now.place_since or now.first_called_at
    return _served(now, event.at) | {"counter": None, "calls": 0, "place_since": place, "sent_on_by": now.counter}


def _finished(now: Course, event: Event) -> dict[str, Any]:
    return _served(now, event.at) | {"finished_at": event.at, "counter": None}


def _ended(now: Course, event: Event) -> dict[str, Any]:
    return {"finished_at": event.at, "counter": None}


def _served(now: Course, at: datetime) -> dict[str, Any]:
    """The service ends, for now. Who was not said to start began when called."""
    since = now.serving_since or (now.called_at if now.state is S.CALLED else None)
    served = int((at - since).total_seconds()) if since is not None else 0
    return {
        "serving_since": None,
        "served_seconds": now.served_seconds + max(0, served),
        "started_at": now.started_at or since,
    }


_CHANGES: dict[VisitEventKind, Callable[[Course, Event], dict[str, Any]]] = {
    K.CALLED: _called,
    K.RECALLED: _recalled,
    K.RETURNED: _returned,
    K.STARTED: _began,
    K.RESUMED: _began,
    K.PARKED: _parked,
    K.TRANSFERRED: _transferred,
    K.FINISHED: _finished,
}
