"""Callbacks as they cross the wire on the way out."""

from datetime import datetime

from kcc.contacts.callbacks.kinds import CallbackState, Closing
from kcc.contacts.callbacks.models import CallbackNote
from kcc.contacts.callbacks.queries import Promise
from kcc.web.requests import Wire


class AttemptItem(Wire):
    """Somebody called; `by` is null when the department noted it by its link."""

    at: datetime
    by: str | None
    reached: bool
    note: str


class NoteItem(Wire):
    """What somebody wrote; `by` is null when that was the department, by its link."""

    at: datetime
    by: str | None
    note: str


class CallbackItem(Wire):
    """A callback. The contact centre has it since `handedBackAt`; otherwise the department.

    Of one that is overdue the three moments at which whoever has it, who leads the department and the team lead were
    told; null too for who has no address. `closedBy` is null when the department closed it by its link.
    """

    id: int
    contact: int | None
    question_id: int | None
    department: str
    question: str
    bsn_confirmed_not: bool
    phone: str
    name: str | None
    email: str | None
    language: str
    preferred_at: datetime | None
    preferred_until: datetime | None
    agent: str
    asked_at: datetime
    due_at: datetime
    state: CallbackState
    handed_back_at: datetime | None
    handed_back_note: str
    person_alerted_at: datetime | None
    department_alerted_at: datetime | None
    lead_alerted_at: datetime | None
    attempts: list[AttemptItem]
    notes: list[NoteItem]
    closed_at: datetime | None
    closed_by: str | None
    outcome: Closing | None
    closing_note: str


class CallbackList(Wire):
    """Callbacks: the open ones, what is due first first, then the closed ones, the newest first."""

    total: int
    next: str | None
    results: list[CallbackItem]


def state_of(promise: Promise, now: datetime) -> CallbackState:
    """Where a callback stands."""
    if promise.callback.closed_at is not None:
        return CallbackState.CLOSED
    return CallbackState.OVERDUE if promise.callback.due_at <= now else CallbackState.OPEN


def note_item(row: CallbackNote) -> NoteItem:
    """A note for the wire."""
    return NoteItem(at=row.at, by=row.by, note=row.text)


def callback_item(promise: Promise, now: datetime) -> CallbackItem:
    """A callback for the wire."""
    callback = promise.callback
    fields = callback.model_dump(exclude={"question", "text", "closed_as"})
    return CallbackItem.model_validate(
        {
            **fields,
            **_unheard(promise),
            "question_id": callback.question,
            "question": callback.text,
            "outcome": callback.closed_as,
            "state": state_of(promise, now),
            "attempts": [
                AttemptItem.model_validate(one.model_dump(include={"at", "by", "reached", "note"}))
                for one in promise.attempts
            ],
            "notes": [note_item(one) for one in promise.notes],
        }
    )


def _unheard(promise: Promise) -> dict[str, None]:
    """The alerts of which nobody heard."""
    return {f"{one.alert.value}_alerted_at": None for one in promise.alerts_now if one.told is None}
