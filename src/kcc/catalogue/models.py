"""Tables of the catalogue. Everything is named by its `code`."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from kcc.storage.types import enum_type

NO_UPL_NAME = "UPL-naam nog niet beschikbaar"


class Department(SQLModel, table=True):
    """A back office behind the contact centre: where it is mailed, and who leads it."""

    code: str = Field(primary_key=True, max_length=60)
    name: str = Field(max_length=120)
    email: str | None = Field(default=None, max_length=254)
    lead_email: str | None = Field(default=None, max_length=254)


class Topic(SQLModel, table=True):
    """What a contact is about: a group (no parent) or a topic within one."""

    code: str = Field(primary_key=True, max_length=60)
    name: str = Field(max_length=120)
    name_en: str = Field(default="", max_length=120)
    parent: str | None = Field(default=None, max_length=60, foreign_key="topic.code", index=True)
    department: str = Field(max_length=60, foreign_key="department.code")
    counts_for_first_contact: bool = True
    position: int = 0

    def title(self, language: str) -> str:
        """The name in a language; the Dutch one when there is no other."""
        return self.name_en if language == "en" and self.name_en else self.name


class TopicMerge(SQLModel, table=True):
    """A topic that became part of another: what was logged about it counts as about `target` from then on.

    Its own row stays, so that what names it by its code still can be read, but nobody is offered it any more.
    """

    __tablename__ = "topic_merge"
    __table_args__ = (CheckConstraint("topic <> target", "other"),)

    topic: str = Field(primary_key=True, max_length=60, foreign_key="topic.code")
    target: str = Field(max_length=60, foreign_key="topic.code", index=True)
    merged_at: datetime
    merged_by: str = Field(max_length=80)


class UplName(SQLModel, table=True):
    """A name from the Uniforme Productnamenlijst and its URI."""

    __tablename__ = "upl_name"

    name: str = Field(primary_key=True, max_length=200)
    uri: str = Field(max_length=300)


class FeeKind(StrEnum):
    """How a fee's value is shown: money in euros, or text as it stands."""

    MONEY = "money"
    TEXT = "text"


class Fee(SQLModel, table=True):
    """Something that differs per municipality or year: a charge, a processing time, an amount."""

    code: str = Field(primary_key=True, max_length=80)
    label: str = Field(max_length=200)
    kind: FeeKind = Field(sa_type=enum_type(FeeKind, "fee_kind"))


class FeeValue(SQLModel, table=True):
    """What a fee is from a date on, until the next value's date."""

    __tablename__ = "fee_value"

    fee: str = Field(primary_key=True, max_length=80, foreign_key="fee.code", ondelete="CASCADE")
    valid_from: date = Field(primary_key=True)
    value: str = Field(max_length=200)
