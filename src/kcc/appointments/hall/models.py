"""Tables of the hall. Instants in UTC; `day` is the local date at the location."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from kcc.appointments.hall.course import VisitEventKind, VisitState
from kcc.storage.types import enum_type


class VisitKind(StrEnum):
    """How somebody came: at a time that was booked, or just so."""

    APPOINTMENT = "appointment"
    WALK_IN = "walk-in"


class Outcome(StrEnum):
    """How a visit ended that was served."""

    DONE = "done"
    PARTLY = "partly"
    NOT_POSSIBLE = "not-possible"


class HallDay(SQLModel, table=True):
    """A location on a day: the numbers given out, and how often anything in its hall changed.

    Whoever changes the hall locks this row first, so that all at one location take turns: two counters never call the
    same person. `version` tells screens that there is something new.
    """

    __tablename__ = "hall_day"

    location: str = Field(primary_key=True, max_length=60, foreign_key="location.code")
    day: date = Field(primary_key=True)
    appointments: int = 0
    walk_ins: int = 0
    version: int = 0


class Visit(SQLModel, table=True):
    """A visit as it stands; from `arrived_at` to `sent_on_by` all follows from its events.

    At a counter is one visit at a time: the database refuses a second. `note` says nothing about a person.
    `survey_asked`: the visitor is asked how it was, or will be; nothing tells with which link.
    """

    __table_args__ = (
        UniqueConstraint("location", "day", "number"),
        CheckConstraint("(kind = 'appointment') = (planned_at IS NOT NULL)", "planned"),
        CheckConstraint("(counter IS NOT NULL) = (state IN ('called', 'serving'))", "counter"),
        Index(
            "uq_visit_at_counter",
            "counter",
            unique=True,
            postgresql_where=text("counter IS NOT NULL"),
            sqlite_where=text("counter IS NOT NULL"),
        ),
        Index("ix_visit_location_day_state", "location", "day", "state"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    location: str = Field(max_length=60, foreign_key="location.code")
    day: date
    number: str = Field(max_length=10)
    kind: VisitKind = Field(sa_type=enum_type(VisitKind, "visit_kind"))
    appointment: int | None = Field(default=None, foreign_key="appointment.id", ondelete="SET NULL", unique=True)
    products: list[list[str | int]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    planned_at: datetime | None = None
    takes_minutes: int
    arrived_at: datetime
    state: VisitState = Field(default=VisitState.WAITING, sa_type=enum_type(VisitState, "visit_state"))
    first_called_at: datetime | None = None
    called_at: datetime | None = None
    calls: int = 0
    counter: str | None = Field(default=None, max_length=60, foreign_key="counter.code")
    served_at: str | None = Field(default=None, max_length=60, foreign_key="counter.code")
    started_at: datetime | None = None
    finished_at: datetime | None = None
    serving_since: datetime | None = None
    served_seconds: int = 0
    place_since: datetime | None = None
    sent_on_by: str | None = Field(default=None, max_length=60)
    outcome: Outcome | None = Field(default=None, sa_type=enum_type(Outcome, "visit_outcome"), nullable=True)
    note: str = Field(default="", max_length=200)
    survey_asked: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class VisitEvent(SQLModel, table=True):
    """Something that happened to a visit. Never changed and never removed: a correction is another event.

    `by` is the account or device that said so; `out_of_order` a call of somebody who was not next.
    """

    __tablename__ = "visit_event"
    __table_args__ = (
        CheckConstraint("(kind = 'corrected') = (corrects IS NOT NULL AND really_at IS NOT NULL)", "correction"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    visit: int = Field(foreign_key="visit.id", ondelete="CASCADE", index=True)
    kind: VisitEventKind = Field(sa_type=enum_type(VisitEventKind, "visit_event_kind"))
    at: datetime
    counter: str | None = Field(default=None, max_length=60, foreign_key="counter.code")
    by: str = Field(default="", max_length=80)
    out_of_order: bool = False
    corrects: int | None = Field(default=None, foreign_key="visit_event.id")
    really_at: datetime | None = None


class CounterSession(SQLModel, table=True):
    """A counter that is open, and by whom; a counter is open once at a time.

    `clerk` is the name that the clerk signs in with, `clerk_name` the one that screens show.
    """

    __tablename__ = "counter_session"
    __table_args__ = (
        Index(
            "uq_counter_session_open",
            "counter",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
            sqlite_where=text("closed_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    counter: str = Field(max_length=60, foreign_key="counter.code", index=True)
    clerk: str = Field(max_length=80)
    clerk_name: str = Field(default="", max_length=120, sa_column_kwargs={"server_default": ""})
    opened_at: datetime
    closed_at: datetime | None = None


class ClerkProduct(SQLModel, table=True):
    """A clerk with such rows serves these products only; one without serves every product.

    `clerk` is the name that the clerk signs in with.
    """

    __tablename__ = "clerk_product"

    clerk: str = Field(primary_key=True, max_length=80)
    product: str = Field(primary_key=True, max_length=60, foreign_key="product.code", ondelete="CASCADE")
