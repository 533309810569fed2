"""What crosses the wire about announcements, and the checks on it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from kcc.contacts.announcements.models import TEXT_MAX, Importance
from kcc.web.fields import LINE_FEEDS, TEXT, Moment, Name, Switch, says
from kcc.web.paging import Page
from kcc.web.requests import Wire

Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=TEXT_MAX, pattern=TEXT),
    LINE_FEEDS,
    says(f"vul een tekst in van 1 tot {TEXT_MAX} tekens, zonder bijzondere tekens"),
]


class State(StrEnum):
    """Where an announcement is in its life. Only who writes sees those that are still to come."""

    CURRENT = "current"
    PLANNED = "planned"
    ENDED = "ended"


class AnnouncementContent(Wire):
    """Everything a writer decides. Shown from now on when `from` is left out, and until it is ended without `until`."""

    title: Name
    text: Text
    importance: Annotated[Importance, says("kies normal, important of urgent")] = Importance.NORMAL
    from_: Moment | None = Field(None, alias="from")
    until: Moment | None = None

    @field_validator("until")
    @classmethod
    def _after_from(cls, value: datetime | None, info: ValidationInfo) -> datetime | None:
        begin = info.data.get("from_")
        if value is not None and begin is not None and value <= begin:
            raise ValueError("kies een moment na het begin")
        return value


class AnnouncementChange(AnnouncementContent):
    """New content. `unread`: everybody is to read it again."""

    unread: Switch = False


class AnnouncementsQuery(Page):
    """Those that are shown now, unless another state is asked for."""

    state: State = State.CURRENT


class AnnouncementItem(Wire):
    """An announcement. `read`: by who asks. `readBy` of `agents` read it: told to who writes, null for others."""

    id: int
    title: str
    text: str
    importance: Importance
    from_: datetime = Field(alias="from")
    until: datetime | None
    written_by: str
    read: bool
    read_by: int | None
    agents: int | None
    version: int


class AnnouncementList(Wire):
    """Announcements: unread ones first, then the most important, then the newest."""

    total: int
    next: str | None
    results: list[AnnouncementItem]
