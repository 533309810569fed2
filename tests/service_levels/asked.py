"""Rows of the contact log as they were kept: for what was asked long ago."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from kcc.contacts.callbacks.models import Callback, CallbackAttempt
from kcc.contacts.log.kinds import Channel, Outcome, RequesterKind, Source
from kcc.contacts.log.models import Contact, Question

_numbers = count(1)


def question(
    at: datetime, outcome: Outcome | None = Outcome.RESOLVED, topic: str = "paspoort", **contact: Any
) -> list[Any]:
    """A contact with one question, which nobody answered yet when it has no outcome."""
    number, closed = next(_numbers), at + timedelta(seconds=5) if outcome else None
    usual: dict[str, Any] = {"agent": "anna", "channel": Channel.PHONE, "requester": RequesterKind.RESIDENT}
    transferred = outcome is Outcome.TRANSFERRED
    source = Source.DEPARTMENT_REACHED if transferred else Source.OWN_KNOWLEDGE
    with_department = outcome in (Outcome.TRANSFERRED, Outcome.CALLBACK)
    return [
        Contact(id=number, started_at=at, finished_at=closed, is_open=outcome is None, **usual | contact),
        Question(
            id=number,
            contact=number,
            contact_is_open=outcome is None,
            position=1,
            topic=topic,
            outcome=outcome,
            department="burgerzaken" if with_department else None,
            reached=True if transferred else None,
            source=source if outcome else None,
            asked_at=at,
            closed_at=closed,
        ),
    ]


def callback(due: datetime, tried: datetime | None = None) -> list[Any]:
    """A promise to call somebody before a moment, and when that was tried."""
    number = next(_numbers)
    rows: list[Any] = [
        Callback(
            id=number,
            department="burgerzaken",
            text="Graag bellen",
            phone="0612345678",
            agent="anna",
            asked_at=due - timedelta(days=2),
            due_at=due,
        )
    ]
    return rows + ([CallbackAttempt(callback=number, at=tried, reached=True)] if tried else [])
