"""Tables of the contact log. Instants in UTC.

That a finished contact has no open question is kept by the database itself: `is_open` of the contact is part of the
key that its questions refer to, so that closing the contact changes them too, and a CHECK refuses an open one.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from kcc.contacts.log.kinds import CallLink, Channel, Outcome, RequesterKind, Source
from kcc.storage.types import enum_type

NOTE_MAX = 1000


class Contact(SQLModel, table=True):
    """One conversation. `agent` is the name that the agent signs in with, or that of a token.

    `call` is the call it began with or was joined to, as `call_link` says. `requester_key` is what tells the requester
    from others without telling who it is.
    """

    __table_args__ = (
        UniqueConstraint("id", "is_open"),
        CheckConstraint("(finished_at IS NULL) = is_open", "open"),
        CheckConstraint("(requester = 'own-organisation') = (department IS NOT NULL)", "department"),
        Index("ix_contact_agent_started_at", "agent", "started_at"),
        Index("ix_contact_started_at", "started_at"),
        Index("ix_contact_requester_key_started_at", "requester_key", "started_at"),
        Index(
            "ix_contact_looking",
            "id",
            postgresql_where=text("call_link = 'looking'"),
            sqlite_where=text("call_link = 'looking'"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    agent: str = Field(max_length=80)
    channel: Channel = Field(sa_type=enum_type(Channel, "contact_channel"))
    call: int | None = Field(default=None, index=True, foreign_key="call.id")
    call_link: CallLink = Field(default=CallLink.LOOKING, sa_type=enum_type(CallLink, "contact_call_link"))
    requester: RequesterKind = Field(sa_type=enum_type(RequesterKind, "contact_requester"))
    department: str | None = Field(default=None, max_length=60, foreign_key="department.code")
    name: str | None = Field(default=None, max_length=100)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=40)
    requester_key: str | None = Field(default=None, max_length=64)
    case_number: str | None = Field(default=None, max_length=60)
    started_at: datetime
    finished_at: datetime | None = None
    is_open: bool = True
    version: int = 1


class Question(SQLModel, table=True):
    """One thing that was asked. Open until it has an outcome; `position` counts from 1 within its contact.

    `department` is where a transfer went, or who calls back. `reached`: whether a transfer was answered there. `tried`:
    the department was called, nobody answered, and so it calls back. `searched`: the kennisbank was searched while it
    was open; not for which words. `bsn_confirmed_not`: somebody said that the number
    in the note, which could be a citizen service number, is none.
    """

    __table_args__ = (
        UniqueConstraint("contact", "position"),
        ForeignKeyConstraint(
            ["contact", "contact_is_open"],
            ["contact.id", "contact.is_open"],
            name="fk_question_contact_is_open_contact",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        CheckConstraint("outcome IS NOT NULL OR contact_is_open", "closed_with_contact"),
        CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", "closed"),
        CheckConstraint("(outcome IS NULL) = (source IS NULL)", "source"),
        CheckConstraint("coalesce(outcome, 'disconnected') = 'disconnected' OR topic IS NOT NULL", "topic"),
        CheckConstraint(
            "coalesce(outcome, '') NOT IN ('transferred', 'callback') OR department IS NOT NULL", "department"
        ),
        CheckConstraint("(coalesce(outcome, '') = 'transferred') = (reached IS NOT NULL)", "reached"),
        CheckConstraint("NOT tried OR coalesce(outcome, '') = 'callback'", "tried"),
        # For what names a question together with its contact.
        Index("ix_question_id_contact", "id", "contact", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    contact: int
    contact_is_open: bool = True
    position: int
    topic: str | None = Field(default=None, max_length=60, foreign_key="topic.code", index=True)
    outcome: Outcome | None = Field(default=None, sa_type=enum_type(Outcome, "question_outcome"), nullable=True)
    department: str | None = Field(default=None, max_length=60, foreign_key="department.code")
    reached: bool | None = None
    tried: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    colleague: bool = False
    searched: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    source: Source | None = Field(default=None, sa_type=enum_type(Source, "question_source"), nullable=True)
    note: str = Field(default="", max_length=NOTE_MAX)
    bsn_confirmed_not: bool = False
    asked_at: datetime
    closed_at: datetime | None = None

    @property
    def department_reached(self) -> bool | None:
        """Whether the department was reached when it was called; None when it was not called."""
        return False if self.tried else self.reached


class QuestionArticle(SQLModel, table=True):
    """An article that was opened while the question was open; known by its slug, also after it is gone."""

    __tablename__ = "question_article"

    question: int = Field(primary_key=True, foreign_key="question.id", ondelete="CASCADE")
    slug: str = Field(primary_key=True, max_length=120)
    opened_at: datetime
