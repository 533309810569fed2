"""Tables of telephony. Moments of events in milliseconds since 1970, as they are counted with; of calls in UTC."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from kcc.contacts.telephony.calls import CallOutcome
from kcc.storage.types import enum_type

PHONE_MAX = 60


class CallSource(SQLModel, table=True):
    """A telephone exchange, or what else tells of calls. `salt`: its secret follows from it and the secret key.

    Whoever takes in events of a source locks this row first, so that they take turns. The follower of a file keeps
    where it is in the same transaction as the events that it read: the file's inode, the offset of the next line and
    its number, and a keyed hash of the `tail_length` bytes before it.

    Calls of which something changed lie between `touched_from_ms` and `touched_to_ms`: contacts of that time are still
    to be joined to them.
    """

    __tablename__ = "call_source"
    __table_args__ = (UniqueConstraint("code"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=60)
    salt: str | None = Field(default=None, max_length=64)
    newest_ms: int = Field(default=0, sa_type=BigInteger)
    started_ms: int = Field(default=0, sa_type=BigInteger)
    touched_from_ms: int | None = Field(default=None, sa_type=BigInteger)
    touched_to_ms: int | None = Field(default=None, sa_type=BigInteger)
    file: str | None = Field(default=None, max_length=1000)
    inode: str | None = Field(default=None, max_length=40)
    offset: int = Field(default=0, sa_type=BigInteger)
    line: int = Field(default=0, sa_type=BigInteger)
    tail: str = Field(default="", max_length=64)
    tail_length: int = 0


class CallEvent(SQLModel, table=True):
    """An event as the exchange told it, but for the caller's number, of which there is a keyed hash.

    `key` follows from what it says (a line) or from the id it was given (the API), so that it is here once.
    """

    __tablename__ = "call_event"
    __table_args__ = (Index("ix_call_event_call_id", "source", "call_id"), {"sqlite_with_rowid": False})

    source: int = Field(primary_key=True, foreign_key="call_source.id", ondelete="CASCADE")
    key: str = Field(primary_key=True, max_length=40)
    at_ms: int = Field(sa_type=BigInteger)
    call_id: str = Field(max_length=80)
    queue: str = Field(max_length=80)
    agent: str = Field(max_length=120)
    kind: str = Field(max_length=80)
    data: str


class QueueRename(SQLModel, table=True):
    """A queue that goes by another name now: events keep the name that they came with, calls have the new one."""

    __tablename__ = "queue_rename"
    __table_args__ = (CheckConstraint("queue <> now", "other"),)

    queue: str = Field(primary_key=True, max_length=80)
    now: str = Field(max_length=80)
    renamed_at: datetime


class UnreadLine(SQLModel, table=True):
    """A line that could not be read, with long numbers struck out; `number` counts the lines of `file` from one."""

    __tablename__ = "call_unread_line"
    __table_args__ = ({"sqlite_with_rowid": False},)

    source: int = Field(primary_key=True, foreign_key="call_source.id", ondelete="CASCADE")
    key: str = Field(primary_key=True, max_length=40)
    file: str = Field(max_length=200)
    number: int = Field(sa_type=BigInteger)
    line: str = Field(max_length=500)
    problem: str = Field(max_length=200)


class Call(SQLModel, table=True):
    """One visit to a queue, as its events tell it; made anew when there are more of them, under the same id.

    `caller` is a keyed hash of the number (64 hex digits) or empty. `transferred_to` is NULL when it was not.
    """

    __table_args__ = (
        CheckConstraint("(reason = '') = (outcome <> 'sent-away')", "reason"),
        Index("ix_call_source_call_id", "source", "call_id"),
        Index("ix_call_entered_at", "entered_at"),
        Index("ix_call_caller_entered_at", "caller", "entered_at"),
        Index(
            "ix_call_waiting",
            "source",
            postgresql_where=text("outcome = 'waiting'"),
            sqlite_where=text("outcome = 'waiting'"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    source: int = Field(foreign_key="call_source.id", ondelete="CASCADE")
    call_id: str = Field(max_length=80)
    queue: str = Field(max_length=80)
    entered_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    wrapped_up_at: datetime | None = None
    wait_seconds: int | None = None
    talk_seconds: int | None = None
    ring_ms: int = Field(default=0, sa_type=BigInteger)
    agent: str = Field(default="", max_length=120)
    outcome: CallOutcome = Field(sa_type=enum_type(CallOutcome, "call_outcome"))
    reason: str = Field(default="", max_length=20)
    transferred_to: str | None = Field(default=None, max_length=200)
    position: int | None = None
    caller: str = Field(default="", max_length=64)


class CallChange(SQLModel, table=True):
    """A quarter of an hour in which calls entered that are new, changed or gone; counted in quarters since 1970.

    Whoever makes such a change adds a row. Who keeps counts of calls removes the rows that it read, and counts anew.
    """

    __tablename__ = "call_change"
    __table_args__ = (Index("ix_call_change_quarter", "quarter"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    quarter: int


class PhoneFree(SQLModel, table=True):
    """An agent who said that they work without a telephone; until they sit down at one."""

    __tablename__ = "phone_free"

    agent: str = Field(primary_key=True, max_length=80)
    since: datetime


class PhoneSeat(SQLModel, table=True):
    """An agent, by the name they sign in with, at a telephone, from one moment up to another; NULL: still there."""

    __tablename__ = "phone_seat"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until > since", "order"),
        Index(
            "ix_phone_seat_agent_now",
            "agent",
            unique=True,
            postgresql_where=text("until IS NULL"),
            sqlite_where=text("until IS NULL"),
        ),
        Index(
            "ix_phone_seat_phone_now",
            "phone",
            unique=True,
            postgresql_where=text("until IS NULL"),
            sqlite_where=text("until IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    agent: str = Field(max_length=80)
    phone: str = Field(max_length=PHONE_MAX)
    since: datetime
    until: datetime | None = None
