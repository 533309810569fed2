"""Tables of appointments. Places and opening hours are local; appointments and cells are instants in UTC."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, Index, text
from sqlmodel import Field, SQLModel

from kcc.appointments.availability.touching import Misfit
from kcc.storage.types import enum_type


class LocationKind(StrEnum):
    """A place people go to, a temporary one, or the resident's own home."""

    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    HOME_VISIT = "home-visit"


class AppointmentStatus(StrEnum):
    """Whether an appointment stands."""

    BOOKED = "booked"
    CANCELLED = "cancelled"


class CountedEvent(StrEnum):
    """What is counted of a product, per day, without saying who did it. Booked follows from the appointments."""

    OPENED = "opened"
    ONLINE_CHOSEN = "online-chosen"
    BEGUN = "begun"


class PlanVersion(SQLModel, table=True):
    """One row: counts the changes to everything below that is not an appointment, so that it can be kept in memory."""

    __tablename__ = "plan_version"

    id: int = Field(default=1, primary_key=True)
    version: int = 0


class Product(SQLModel, table=True):
    """What a resident comes for; what it takes stands in its terms."""

    code: str = Field(primary_key=True, max_length=60)
    position: int = 0
    withdrawn_from: date | None = None


class ProductTerms(SQLModel, table=True):
    """A product as it is from a date on, until the next terms' date. The day of the visit decides."""

    __tablename__ = "product_terms"
    __table_args__ = (
        CheckConstraint("duration_minutes BETWEEN 1 AND 480", "duration"),
        CheckConstraint("further_person_minutes BETWEEN 0 AND 480", "further_person"),
        CheckConstraint("preparation_minutes BETWEEN 0 AND 480", "preparation"),
        CheckConstraint("step_minutes IS NULL OR (step_minutes BETWEEN 5 AND 480 AND step_minutes % 5 = 0)", "step"),
        CheckConstraint("max_persons BETWEEN 1 AND 20", "max_persons"),
        CheckConstraint("notice_minutes >= 0", "notice"),
        CheckConstraint("horizon_days BETWEEN 0 AND 730", "horizon"),
    )

    product: str = Field(primary_key=True, max_length=60, foreign_key="product.code", ondelete="CASCADE")
    valid_from: date = Field(primary_key=True)
    name: str = Field(max_length=120)
    name_en: str = Field(default="", max_length=120)
    upl: str | None = Field(default=None, max_length=200)
    duration_minutes: int
    further_person_minutes: int = 0
    preparation_minutes: int = 0
    step_minutes: int | None = None
    max_persons: int = 1
    notice_minutes: int = 0
    horizon_days: int = 60
    bring: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    bring_en: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    costs: str = Field(default="", max_length=300)
    costs_en: str = Field(default="", max_length=300)
    online_url: str | None = Field(default=None, max_length=300)
    staff_only: bool = False
    lead_time_days: int | None = None


class ProductCombination(SQLModel, table=True):
    """Two products that may be done in one visit; kept once, in alphabetical order."""

    __tablename__ = "product_combination"
    __table_args__ = (CheckConstraint("first <> second", "two"),)

    first: str = Field(primary_key=True, max_length=60, foreign_key="product.code", ondelete="CASCADE")
    second: str = Field(primary_key=True, max_length=60, foreign_key="product.code", ondelete="CASCADE")


class Location(SQLModel, table=True):
    """Where visits take place."""

    __table_args__ = (CheckConstraint("travel_minutes BETWEEN 0 AND 240 AND travel_minutes % 5 = 0", "travel"),)

    code: str = Field(primary_key=True, max_length=60)
    name: str = Field(max_length=120)
    name_en: str = Field(default="", max_length=120)
    kind: LocationKind = Field(default=LocationKind.PERMANENT, sa_type=enum_type(LocationKind, "location_kind"))
    travel_minutes: int = 0
    open_from: date | None = None
    open_until: date | None = None
    walk_ins: bool = False
    directions: str = Field(default="", max_length=300)
    directions_en: str = Field(default="", max_length=300)
    position: int = 0


class LocationAddress(SQLModel, table=True):
    """Where a location is from a date on."""

    __tablename__ = "location_address"

    location: str = Field(primary_key=True, max_length=60, foreign_key="location.code", ondelete="CASCADE")
    valid_from: date = Field(primary_key=True)
    address: str = Field(max_length=200)


class LocationProduct(SQLModel, table=True):
    """A location with such rows offers these products only; one without offers every product."""

    __tablename__ = "location_product"

    location: str = Field(primary_key=True, max_length=60, foreign_key="location.code", ondelete="CASCADE")
    product: str = Field(primary_key=True, max_length=60, foreign_key="product.code", ondelete="CASCADE", index=True)


class Counter(SQLModel, table=True):
    """One counter. Counters are equal unless restricted; the first ones in order open first."""

    code: str = Field(primary_key=True, max_length=60)
    location: str = Field(max_length=60, foreign_key="location.code", index=True)
    name: str = Field(max_length=60)
    position: int = 0
    open_from: date | None = None
    open_until: date | None = None


class CounterProduct(SQLModel, table=True):
    """A counter with such rows serves these products only; one without serves every product."""

    __tablename__ = "counter_product"

    counter: str = Field(primary_key=True, max_length=60, foreign_key="counter.code", ondelete="CASCADE")
    product: str = Field(primary_key=True, max_length=60, foreign_key="product.code", ondelete="CASCADE", index=True)


class OpeningRule(SQLModel, table=True):
    """When counters of a location are open, in minutes after local midnight.

    Every week on `weekday` (1 is Monday, as ISO 8601) from `valid_from` until `valid_until`, or `only_on` one day
    instead. `counters` of the location's counters are open, all when null. `staff_only` opens them for agents
    and walk-ins, never online.
    """

    __tablename__ = "opening_rule"
    __table_args__ = (
        CheckConstraint("(weekday IS NULL) <> (only_on IS NULL)", "weekday_or_day"),
        CheckConstraint("weekday BETWEEN 1 AND 7", "weekday"),
        CheckConstraint("opens >= 0 AND opens < closes AND closes <= 1440", "hours"),
        CheckConstraint("opens % 5 = 0 AND closes % 5 = 0", "cells"),
        CheckConstraint("counters IS NULL OR counters > 0", "counters"),
    )

    id: int | None = Field(default=None, primary_key=True)
    location: str = Field(max_length=60, foreign_key="location.code", index=True)
    weekday: int | None = None
    only_on: date | None = None
    opens: int
    closes: int
    breaks: list[list[int]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    counters: int | None = None
    staff_only: bool = False
    valid_from: date | None = None
    valid_until: date | None = None


class ClosingDay(SQLModel, table=True):
    """A day, or a part of it, on which a location (every location when null) is closed whatever the rules say."""

    __tablename__ = "closing_day"
    __table_args__ = (
        CheckConstraint("opens_until >= 0 AND opens_until < opens_again AND opens_again <= 1440", "hours"),
        CheckConstraint("opens_until % 5 = 0 AND opens_again % 5 = 0", "cells"),
        # The same one twice is refused here; that two do not overlap, by who changes the plan, one at a time.
        Index("uq_closing_day_one", "location", "day", "opens_until", "opens_again", unique=True),
        Index(
            "uq_closing_day_all",
            "day",
            "opens_until",
            "opens_again",
            unique=True,
            postgresql_where=text("location IS NULL"),
            sqlite_where=text("location IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    location: str | None = Field(default=None, max_length=60, foreign_key="location.code", index=True)
    day: date
    reason: str = Field(default="", max_length=120)
    opens_until: int = 0
    opens_again: int = 1440


class Hold(SQLModel, table=True):
    """A start kept for somebody who fills in the form. `id_hash` is the hash of the id only they know."""

    id: int | None = Field(default=None, primary_key=True)
    id_hash: str = Field(max_length=64, unique=True)
    location: str = Field(max_length=60, foreign_key="location.code")
    counter: str = Field(max_length=60, foreign_key="counter.code")
    starts_at: datetime
    products: list[list[str | int]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    expires_at: datetime = Field(index=True)
    offered_to: int | None = Field(default=None, foreign_key="appointment.id", ondelete="CASCADE", index=True)


class Appointment(SQLModel, table=True):
    """A booked visit: products × persons, one start, one end, one counter.

    `arrived_at` is when its visitor checked in: from then on it is a visit. `told_misfit` is why it cannot take place,
    as its resident was told by mail at `told_at`.
    """

    __table_args__ = (
        CheckConstraint("starts_at < ends_at", "order"),
        CheckConstraint("language IN ('nl', 'en')", "language"),
        CheckConstraint("(status = 'cancelled') = (cancelled_at IS NOT NULL)", "cancelled"),
        CheckConstraint("(told_misfit IS NULL) = (told_at IS NULL)", "told"),
        Index("ix_appointment_location_starts_at", "location", "starts_at"),
        Index("ix_appointment_email_key_starts_at", "email_key", "starts_at"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=12, unique=True)
    token_hash: str = Field(max_length=64, unique=True)
    status: AppointmentStatus = Field(
        default=AppointmentStatus.BOOKED, sa_type=enum_type(AppointmentStatus, "appointment_status")
    )
    location: str = Field(max_length=60, foreign_key="location.code")
    counter: str = Field(max_length=60, foreign_key="counter.code")
    starts_at: datetime
    ends_at: datetime
    travel_minutes: int = 0
    name: str = Field(max_length=100)
    email: str | None = Field(default=None, max_length=254)
    email_key: str | None = Field(default=None, max_length=64)
    phone: str | None = Field(default=None, max_length=20)
    address: str = Field(default="", max_length=200)
    language: str = Field(default="nl", max_length=2)
    booked_by_staff: bool = False
    sequence: int = 0
    created_at: datetime
    cancelled_at: datetime | None = None
    arrived_at: datetime | None = None
    earlier_asked_at: datetime | None = Field(default=None, index=True)
    told_misfit: Misfit | None = Field(default=None, sa_type=enum_type(Misfit, "misfit"), nullable=True)
    told_at: datetime | None = None


class AppointmentProduct(SQLModel, table=True):
    """What an appointment is for."""

    __tablename__ = "appointment_product"
    __table_args__ = (CheckConstraint("persons > 0", "persons"),)

    appointment: int = Field(primary_key=True, foreign_key="appointment.id", ondelete="CASCADE")
    product: str = Field(primary_key=True, max_length=60, foreign_key="product.code")
    persons: int
    position: int = 0


class OccupiedCell(SQLModel, table=True):
    """Five minutes of a counter that are taken. The primary key is what makes a double booking impossible.

    `cell` numbers the 5-minute cells since 1970 in UTC; `block` is the five hours it is in. A hold's cells count until
    `until`. So do those that an appointment has left (`released`), which staff may take at once.
    """

    __tablename__ = "occupied_cell"
    __table_args__ = (
        CheckConstraint("block = cell / 60", "block"),
        CheckConstraint("(hold IS NULL) <> (appointment IS NULL)", "holder"),
        CheckConstraint("hold IS NULL OR until IS NOT NULL", "hold_expires"),
        CheckConstraint("released = (appointment IS NOT NULL AND until IS NOT NULL)", "released"),
        Index(
            "ix_occupied_cell_passing",
            "counter",
            "block",
            postgresql_where=text("until IS NOT NULL"),
            sqlite_where=text("until IS NOT NULL"),
        ),
        {"sqlite_with_rowid": False},
    )

    counter: str = Field(primary_key=True, max_length=60, foreign_key="counter.code")
    block: int = Field(primary_key=True)
    cell: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    hold: int | None = Field(default=None, foreign_key="hold.id", ondelete="CASCADE", index=True)
    appointment: int | None = Field(default=None, foreign_key="appointment.id", ondelete="CASCADE", index=True)
    until: datetime | None = None
    released: bool = False


class TakenBlock(SQLModel, table=True):
    """Of five hours of a counter the cells that are taken for good, as bits: bit 0 is the first of the block's 60.

    Triggers of the database keep it in step with `occupied_cell`, which alone decides. To show a month it is read
    instead of ten thousand cells.
    """

    __tablename__ = "taken_block"
    __table_args__ = ({"sqlite_with_rowid": False},)

    counter: str = Field(primary_key=True, max_length=60, foreign_key="counter.code")
    block: int = Field(primary_key=True)
    mask: int = Field(sa_column=Column(BigInteger, nullable=False))


class ProductCount(SQLModel, table=True):
    """How often something happened with a product on a day."""

    __tablename__ = "product_count"

    product: str = Field(primary_key=True, max_length=60)
    day: date = Field(primary_key=True)
    event: CountedEvent = Field(primary_key=True, sa_type=enum_type(CountedEvent, "counted_event"))
    count: int = 0
