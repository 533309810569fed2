"""Tables of counted calls. They follow from the calls alone, and can be made anew at any time."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel


class _Counted(SQLModel):
    """Calls in numbers, as `Tally` has them; the waits as `packed` writes them."""

    answered: int
    abandoned: int
    sent_away: int
    unknown: int
    transferred: int
    waited: int
    wait_seconds: int = Field(sa_type=BigInteger)
    talked: int
    handle_seconds: int = Field(sa_type=BigInteger)
    answered_waits: bytes
    abandoned_waits: bytes


class CallQuarter(_Counted, table=True):
    """The calls that entered a queue in a quarter of an hour; the queue is empty for all queues together."""

    __tablename__ = "call_quarter"
    __table_args__ = (Index("ix_call_quarter_queue", "queue", "start"), {"sqlite_with_rowid": False})

    start: datetime = Field(primary_key=True)
    queue: str = Field(primary_key=True, max_length=80)


class CallDay(_Counted, table=True):
    """The same of a day, as the clock in the municipality tells it."""

    __tablename__ = "call_day"
    __table_args__ = (Index("ix_call_day_queue", "queue", "day"), {"sqlite_with_rowid": False})

    day: date = Field(primary_key=True)
    queue: str = Field(primary_key=True, max_length=80)


class CallMonth(_Counted, table=True):
    """The same of a whole month, by its first day."""

    __tablename__ = "call_month"
    __table_args__ = (Index("ix_call_month_queue", "queue", "month"), {"sqlite_with_rowid": False})

    month: date = Field(primary_key=True)
    queue: str = Field(primary_key=True, max_length=80)
