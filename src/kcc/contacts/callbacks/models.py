"""Tables of callbacks. Instants in UTC."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field, SQLModel

from kcc.contacts.callbacks.kinds import Alert, Closing, Heard
from kcc.storage.types import enum_type

TEXT_MAX = 1000
# Of a note: with room for what was done, in words.
NOTE_MAX = 1200
_OPEN = text("closed_at IS NULL")


class Callback(SQLModel, table=True):
    """The promise that somebody is called back about a question, before `due_at`.

    `contact` and `question` are where it came from, when it came from one. `agent` is the name that who promised it
    signs in with. Whoever has to call is the department, or the contact centre since `handed_back_at`.
    `preferred_at` up to `preferred_until` is when somebody wants to be called. Of one that is closed, `closed_by` is
    None when the department did it by its link. The alerts are once each, in their order, and anew when another
    department has it.
    """

    __table_args__ = (
        ForeignKeyConstraint(
            ["question", "contact"], ["question.id", "question.contact"], name="fk_callback_question_contact_question"
        ),
        CheckConstraint("question IS NULL OR contact IS NOT NULL", "question"),
        CheckConstraint("text <> ''", "text"),
        CheckConstraint("language IN ('nl', 'en')", "language"),
        CheckConstraint("due_at >= asked_at", "due"),
        CheckConstraint("preferred_until IS NULL OR coalesce(preferred_until > preferred_at, false)", "preferred"),
        CheckConstraint("(closed_at IS NULL) = (closed_as IS NULL)", "closed"),
        CheckConstraint("closed_at IS NOT NULL OR (closed_by IS NULL AND closing_note = '')", "closing"),
        CheckConstraint("department_alerted_at IS NULL OR person_alerted_at IS NOT NULL", "department_alerted"),
        CheckConstraint("lead_alerted_at IS NULL OR department_alerted_at IS NOT NULL", "lead_alerted"),
        # Of one question at most one promise stands.
        Index("ix_callback_open_question", "question", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_callback_open_due_at", "due_at", postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_callback_due_at_department", "due_at", "department"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    contact: int | None = Field(default=None, foreign_key="contact.id", index=True)
    question: int | None = None
    department: str = Field(max_length=60, foreign_key="department.code", index=True)
    text: str = Field(max_length=TEXT_MAX)
    bsn_confirmed_not: bool = False
    phone: str = Field(max_length=40)
    name: str | None = Field(default=None, max_length=100)
    email: str | None = Field(default=None, max_length=254)
    language: str = Field(default="nl", max_length=2)
    preferred_at: datetime | None = None
    preferred_until: datetime | None = None
    agent: str = Field(max_length=80, index=True)
    asked_at: datetime
    due_at: datetime
    handed_back_at: datetime | None = None
    handed_back_note: str = Field(default="", max_length=TEXT_MAX)
    closed_at: datetime | None = None
    closed_by: str | None = Field(default=None, max_length=80)
    closed_as: Closing | None = Field(default=None, sa_type=enum_type(Closing, "callback_closing"), nullable=True)
    closing_note: str = Field(default="", max_length=TEXT_MAX)
    person_alerted_at: datetime | None = None
    department_alerted_at: datetime | None = None
    lead_alerted_at: datetime | None = None


class CallbackAttempt(SQLModel, table=True):
    """Somebody called; `by` is None when that was the department, by its link."""

    __tablename__ = "callback_attempt"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    callback: int = Field(foreign_key="callback.id", ondelete="CASCADE", index=True)
    at: datetime
    by: str | None = Field(default=None, max_length=80)
    reached: bool
    note: str = Field(default="", max_length=TEXT_MAX)
    bsn_confirmed_not: bool = False


class CallbackNote(SQLModel, table=True):
    """What somebody wrote about a callback, also when it is closed; `by` is None when that was the department."""

    __tablename__ = "callback_note"
    __table_args__ = (CheckConstraint("text <> ''", "text"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    callback: int = Field(foreign_key="callback.id", ondelete="CASCADE", index=True)
    at: datetime
    by: str | None = Field(default=None, max_length=80)
    text: str = Field(max_length=NOTE_MAX)
    bsn_confirmed_not: bool = False


class CallbackAlert(SQLModel, table=True):
    """An alert of an overdue callback, that stays when another department has it.

    `department` had it then; `told` is None when nobody was, for want of an address.
    """

    __tablename__ = "callback_alert"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    callback: int = Field(foreign_key="callback.id", ondelete="CASCADE", index=True)
    at: datetime
    alert: Alert = Field(sa_type=enum_type(Alert, "alert"))
    department: str = Field(max_length=60, foreign_key="department.code", index=True)
    told: Heard | None = Field(default=None, sa_type=enum_type(Heard, "told"), nullable=True)
