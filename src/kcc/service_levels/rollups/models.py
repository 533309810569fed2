"""Tables of counted days. They follow from the records alone, and can be made anew at any time."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from kcc.storage.types import enum_type


class Kind(StrEnum):
    """What is counted."""

    QUESTIONS = "questions"
    CALLBACKS = "callbacks"
    VISITS = "visits"


class Span(StrEnum):
    """What a count is of: a local day, or a whole month, which is the sum of its days."""

    DAY = "day"
    MONTH = "month"


class RollupSeal(SQLModel, table=True):
    """Until when a kind is counted: up to, not on, the local day that begins at `until`.

    A change to what happened before `watched` is told in `rollup_change`; that is later than `until` when what happens
    later can change what is said of a day. `basis` is by which rules was counted.
    """

    __tablename__ = "rollup_seal"
    __table_args__ = ({"sqlite_with_rowid": False},)

    kind: Kind = Field(sa_column=Column(enum_type(Kind, "rollup_kind"), primary_key=True))
    until: datetime
    watched: datetime
    basis: str = Field(max_length=80)


class RollupChange(SQLModel, table=True):
    """Something that happened at this moment was logged late, corrected or removed. Written by triggers."""

    __tablename__ = "rollup_change"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    kind: Kind = Field(sa_type=enum_type(Kind, "rollup_change_kind"))
    at: datetime


class _Count(SQLModel):
    """What all have: the day, or the first of the month."""

    span: Span = Field(sa_type=enum_type(Span, "span"), primary_key=True)
    start: date = Field(primary_key=True)


class QuestionCount(_Count, table=True):
    """Eligible questions on a channel about a topic, empty for none; as `AsMarked` and `AsSeen` have them.

    `seen`: nobody asked again, of those that are `known`.
    """

    __tablename__ = "question_count"
    __table_args__ = ({"sqlite_with_rowid": False},)

    channel: str = Field(primary_key=True, max_length=30)
    topic: str = Field(primary_key=True, max_length=60)
    eligible: int
    resolved: int
    known: int
    seen: int


class CallbackCount(_Count, table=True):
    """Callbacks of a department by the day on which they were due, as `InTime` has them."""

    __tablename__ = "callback_count"
    __table_args__ = ({"sqlite_with_rowid": False},)

    department: str = Field(primary_key=True, max_length=60)
    due: int
    called: int
    closed: int
    withdrawn: int


class VisitCount(_Count, table=True):
    """Who came to a location for a product, or for any when that is empty; the waits as `packed` writes them.

    `late_microseconds` is how long after their planned start those with an appointment who waited came, together.
    """

    __tablename__ = "visit_count"
    __table_args__ = ({"sqlite_with_rowid": False},)

    location: str = Field(primary_key=True, max_length=60)
    product: str = Field(primary_key=True, max_length=60)
    waits: bytes
    walk_in_waits: bytes
    late_microseconds: int = Field(sa_type=BigInteger)
    missed: int
    no_shows: int
    left_before_called: int
    walk_ins_missed: int
    walk_ins_left: int
