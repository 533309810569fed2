"""Tables of planned events, the roster, and forecasts as they were made."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column
from sqlmodel import Field, SQLModel

NAME_MAX = 120
QUEUE_MAX = 80
DAY_MINUTES = 1440


class PlannedEvent(SQLModel, table=True):
    """Something that makes people call: on these days, both included, so many times as much as usual.

    The queue is empty for all of them.
    """

    __tablename__ = "planned_event"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", "order"),
        CheckConstraint("factor >= 0", "factor"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=NAME_MAX)
    first_day: date
    last_day: date
    factor: float
    queue: str = Field(default="", max_length=QUEUE_MAX)


class RosterStretch(SQLModel, table=True):
    """So many agents at the telephone, every week on a weekday (0 is Monday), from one minute of the day up to another.

    Stretches that overlap add up.
    """

    __tablename__ = "roster_stretch"
    __table_args__ = (
        CheckConstraint("weekday >= 0 AND weekday <= 6", "weekday"),
        CheckConstraint(f"begins >= 0 AND begins < ends AND ends <= {DAY_MINUTES}", "order"),
        CheckConstraint("agents >= 1", "agents"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    weekday: int
    begins: int
    ends: int
    agents: int


class ForecastDay(SQLModel, table=True):
    """What was expected of a day, said at most so many weeks ahead: the first that was said then, never changed.

    `quarters` are the calls expected in each quarter of an hour from local midnight on. The queue is empty for all
    queues together.
    """

    __tablename__ = "forecast_day"
    __table_args__ = (CheckConstraint("weeks >= 1 AND made_on < day", "ahead"), {"sqlite_with_rowid": False})

    day: date = Field(primary_key=True)
    queue: str = Field(primary_key=True, max_length=QUEUE_MAX)
    weeks: int = Field(primary_key=True)
    made_on: date
    quarters: Any = Field(sa_column=Column(JSON, nullable=False))
