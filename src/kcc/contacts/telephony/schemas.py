"""What crosses the wire about calls."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, StringConstraints, field_validator

from kcc.contacts.telephony.calls import CallOutcome
from kcc.contacts.telephony.models import Call
from kcc.web.fields import CODE, LINE, Day
from kcc.web.paging import Page
from kcc.web.requests import Wire

MOST_EVENTS = 1000
Text = Annotated[str, StringConstraints(max_length=80, pattern=LINE)]
Filled = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=LINE)]
Kind = Literal[
    "entered",
    "ringing",
    "answered",
    "abandoned",
    "sent_away",
    "transferred",
    "ended",
    "wrapped_up",
    "agent_available",
    "agent_paused",
    "agent_gone",
]
OF_AGENTS = frozenset({"agent_available", "agent_paused", "agent_gone"})


class ToldEvent(Wire):
    """Something that happened at the exchange. `callId` may be absent from events of agents only."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=LINE)]
    kind: Kind
    at: AwareDatetime
    call_id: Text = ""
    queue: Text = ""
    agent: Annotated[str, StringConstraints(max_length=120, pattern=LINE)] = ""
    extension: Text = ""
    caller: Text = ""
    target: Text = ""
    reason: Text = ""

    @field_validator("call_id", "queue", "agent", "extension", "caller", "target", "reason", mode="before")
    @classmethod
    def _null_is_nothing(cls, value: Any) -> Any:
        return "" if value is None else value


class ToldEvents(Wire):
    """Events of one source. Each is judged by itself: see `rejected` in the answer."""

    source: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=CODE)]
    events: list[Any] = Field(max_length=MOST_EVENTS)


class Rejected(Wire):
    """An event that was not taken: its place in the list, from 0, and why."""

    index: int
    detail: str


class Accepted(Wire):
    """How many events were new and how many were known; those that were not taken."""

    accepted: int
    duplicates: int
    rejected: list[Rejected]


class CallsQuery(Page):
    """Calls that entered the queue from and to which local day, both included."""

    from_: Day = Field(alias="from", json_schema_extra={"example": "2026-11-23"})
    to: Day = Field(json_schema_extra={"example": "2026-11-27"})
    queue: Text = ""


class CallItem(Wire):
    """A visit to a queue. `waitSeconds` is until the answer, or until who was not answered left.

    `transferredTo` is null of who was not transferred, `reason` of who was not sent away.
    """

    id: int
    source: str
    call_id: str
    queue: str
    entered_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    wrapped_up_at: datetime | None
    wait_seconds: int | None
    talk_seconds: int | None
    ring_milliseconds: int
    agent: str | None
    outcome: CallOutcome
    reason: str | None
    transferred_to: str | None
    position: int | None


class CallList(Wire):
    """Calls, in order of entering."""

    results: list[CallItem]
    total: int
    next: str | None


def call_item(call: Call, source: str) -> CallItem:
    """A call for the wire."""
    assert call.id is not None
    return CallItem(
        id=call.id,
        source=source,
        call_id=call.call_id,
        queue=call.queue,
        entered_at=call.entered_at,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        wrapped_up_at=call.wrapped_up_at,
        wait_seconds=call.wait_seconds,
        talk_seconds=call.talk_seconds,
        ring_milliseconds=call.ring_ms,
        agent=call.agent or None,
        outcome=call.outcome,
        reason=call.reason or None,
        transferred_to=call.transferred_to,
        position=call.position,
    )
