"""What crosses the wire about contacts and calls that do not belong to each other."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import Field

from kcc.contacts.log.models import Contact
from kcc.contacts.telephony.models import Call
from kcc.contacts.telephony.schemas import CallItem, call_item
from kcc.web.fields import Day
from kcc.web.paging import Page
from kcc.web.requests import Wire


class UnjoinedQuery(Page):
    """From and to which local day, both included."""

    from_: Day = Field(alias="from", json_schema_extra={"example": "2026-11-23"})
    to: Day = Field(json_schema_extra={"example": "2026-11-27"})


class UnjoinedContact(Wire):
    """A contact by phone without a call. `reason`: no call of the agent overlaps it, or two do as much."""

    id: int
    agent: str
    started_at: datetime
    finished_at: datetime
    reason: Literal["none", "tie"]


class Unjoined(Wire):
    """A page of either, in order of time, and how many there are."""

    contacts: list[UnjoinedContact]
    contacts_total: int
    calls: list[CallItem]
    calls_total: int
    next: str | None


def unjoined(
    contacts: tuple[Sequence[Contact], int], calls: tuple[Sequence[tuple[Call, str]], int], following: str | None
) -> Unjoined:
    """For the wire."""
    return Unjoined(
        contacts=[
            UnjoinedContact.model_validate(
                contact.model_dump(include={"id", "agent", "started_at", "finished_at"})
                | {"reason": contact.call_link.value}
            )
            for contact in contacts[0]
        ],
        contacts_total=contacts[1],
        calls=[call_item(*call) for call in calls[0]],
        calls_total=calls[1],
        next=following,
    )
