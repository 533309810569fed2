"""Contacts as they cross the wire on the way out."""

from collections.abc import Sequence
from datetime import datetime

from kcc.contacts.log.kinds import Channel, Outcome, RequesterKind, Source
from kcc.contacts.log.queries import Earlier, Logged
from kcc.web.requests import Wire


class RequesterItem(Wire):
    """Who asked."""

    kind: RequesterKind
    department: str | None
    name: str | None
    email: str | None
    phone: str | None


class QuestionItem(Wire):
    """A question; open while it has no outcome. `source` is where the answer came from."""

    id: int
    topic: str | None
    articles: list[str]
    outcome: Outcome | None
    department: str | None
    reached: bool | None
    asked_colleague: bool
    searched: bool
    source: Source | None
    note: str
    bsn_confirmed_not: bool
    asked_at: datetime
    closed_at: datetime | None


class ContactItem(Wire):
    """A contact with its questions, in the order in which they were asked."""

    id: int
    agent: str
    channel: Channel
    call_id: int | None
    requester: RequesterItem
    case_number: str | None
    started_at: datetime
    finished_at: datetime | None
    version: int
    questions: list[QuestionItem]


class EarlierItem(Wire):
    """What the same requester asked shortly before, in another contact. `sameTopic`: it is asked about again."""

    contact: int
    started_at: datetime
    channel: Channel
    topic: str | None
    outcome: Outcome | None
    same_topic: bool


class ContactDetail(ContactItem):
    """A contact, and what its requester asked before it, the newest first."""

    earlier: list[EarlierItem]


class ContactList(Wire):
    """Contacts, the newest first."""

    total: int
    next: str | None
    results: list[ContactItem]


class Made(Wire):
    """Contacts that were just made."""

    results: list[ContactItem]


def contact_item(logged: Logged) -> ContactItem:
    """A contact for the wire."""
    return ContactItem.model_validate(_fields(logged))


def contact_detail(logged: Logged, earlier: Sequence[Earlier]) -> ContactDetail:
    """A contact and what came before it, for the wire."""
    before = [EarlierItem.model_validate(item, from_attributes=True) for item in earlier]
    return ContactDetail.model_validate({**_fields(logged), "earlier": before})


def _fields(logged: Logged) -> dict[str, object]:
    contact = logged.contact
    return {
        **contact.model_dump(include={"id", "agent", "channel", "case_number", "started_at", "finished_at", "version"}),
        "call_id": contact.call,
        "requester": RequesterItem(
            kind=contact.requester,
            department=contact.department,
            name=contact.name,
            email=contact.email,
            phone=contact.phone,
        ),
        "questions": [
            QuestionItem.model_validate(
                question.model_dump(exclude={"contact", "contact_is_open", "position", "colleague", "reached", "tried"})
                | {"asked_colleague": question.colleague, "articles": list(logged.articles[question.id or 0])}
                | {"reached": question.department_reached}
            )
            for question in logged.questions
        ],
    }
