"""What crosses the wire about service levels."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import Field, PlainSerializer, SkipValidation, WithJsonSchema

from kcc.service_levels import lead_times, satisfaction
from kcc.service_levels.periods import Start
from kcc.service_levels.waits import Row
from kcc.web.fields import Day, FilterCode
from kcc.web.requests import Wire


def _start(start: Start) -> str:
    """An instant in Z, or a date."""
    if isinstance(start, datetime):
        return f"{start.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"
    return start.isoformat()


# The name of a queue of calls, as its exchange has it.
Queue = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")]
# Only ever sent, a hundred of them for a day by quarter: not looked at again.
StartField = Annotated[
    Start, SkipValidation, PlainSerializer(_start, return_type=str), WithJsonSchema({"type": "string"})
]


class DaysQuery(Wire):
    """From and to which day, both included."""

    from_: Day = Field(alias="from", json_schema_extra={"example": "2026-11-23"})
    to: Day = Field(json_schema_extra={"example": "2026-11-27"})


class PeriodQuery(DaysQuery):
    """Which days, of one product when given."""

    product: FilterCode = ""


class WaitsQuery(PeriodQuery):
    """Which waits: by interval, of one location or product when given."""

    by: Literal["quarter", "hour", "day", "week", "month", "year"] = "day"
    location: FilterCode = ""


class CounterWaitDefinition(Wire):
    """What was measured, and how."""

    metric: Literal["counter-wait"]
    threshold_seconds: int = Field(json_schema_extra={"description": "Of appointments.", "example": 300})
    walk_in_threshold_seconds: int = Field(json_schema_extra={"description": "Of walk-ins.", "example": 900})
    version: int


class WaitsRow(Wire):
    """Waits in an interval at a location, null of nobody.

    All are of visits by appointment, but for those of walk-ins.
    """

    start: StartField = Field(
        json_schema_extra={"description": "Instant in Z by quarter and hour, otherwise a local date."}
    )
    location: str
    visits: int
    within: int
    missed: int
    no_shows: int
    left_before_called: int
    percent_within: float | None
    average_wait_seconds: float | None
    median_wait_seconds: float | None
    average_minutes_late: float | None
    walk_ins: int
    walk_ins_within: int
    walk_ins_missed: int
    walk_ins_left: int = Field(json_schema_extra={"description": "Walk-ins who left before being called."})


class WaitsAnswer(Wire):
    """A row for every interval and location, with the definition of the figures."""

    definition: CounterWaitDefinition
    rows: list[WaitsRow]


def waits_row(row: Row) -> WaitsRow:
    """A row for the wire."""
    return WaitsRow(
        start=row.start,
        location=row.location,
        visits=row.waits.visits,
        within=row.waits.within,
        missed=row.missed,
        no_shows=row.no_shows,
        left_before_called=row.left_before_called,
        percent_within=row.waits.percent_within,
        average_wait_seconds=row.waits.average_seconds,
        median_wait_seconds=row.waits.median_seconds,
        average_minutes_late=row.minutes_late,
        walk_ins=row.walk_ins.visits,
        walk_ins_within=row.walk_ins.within,
        walk_ins_missed=row.walk_ins_missed,
        walk_ins_left=row.walk_ins_left,
    )


class LeadTimesQuery(PeriodQuery):
    """Which appointments: by interval, of one product when given."""

    by: Literal["day", "week", "month", "year"] = "day"


class LeadTimeDefinition(Wire):
    """What was measured, and how."""

    metric: Literal["lead-time"]
    version: int


class FirstFree(Wire):
    """How many days the first free start was away; null when there was none within the product's horizon."""

    location: str
    days: int | None


class LeadTimeRow(Wire):
    """A product in an interval: the appointments made in it, and what was free at each location when last recorded.

    Days are calendar days; null of nobody, and `within` when the product has no target. An appointment is held to the
    target of the day on which it was made; `targetDays` is the last of these.
    """

    start: date
    product: str
    booked: int
    average_days: float | None
    median_days: float | None
    target_days: int | None
    within: int | None
    percent_within: float | None
    first_free_days: int | None
    first_free: list[FirstFree]


class LeadTimesAnswer(Wire):
    """A row for every interval and product, with the definition of the figures."""

    definition: LeadTimeDefinition
    rows: list[LeadTimeRow]


def lead_time_row(row: lead_times.Row) -> LeadTimeRow:
    """A row for the wire."""
    return LeadTimeRow(
        start=row.day,
        product=row.product,
        booked=row.booked,
        average_days=row.average_days,
        median_days=row.median_days,
        target_days=row.target_days,
        within=row.within,
        percent_within=row.percent_within,
        first_free_days=row.first_free_days,
        first_free=[FirstFree(location=location, days=ahead) for location, ahead in row.free],
    )


class SatisfactionQuery(PeriodQuery):
    """About which visits: by interval, of one location or product when given."""

    by: Literal["day", "week", "month"] = "day"
    location: FilterCode = ""


class SatisfactionDefinition(Wire):
    """What was asked, on which scale, and how it was counted."""

    metric: Literal["satisfaction"]
    lowest: int
    highest: int
    version: int


Distribution = Annotated[list[int], Field(min_length=5, max_length=5)]


class SatisfactionRow(Wire):
    """Answers about the visits in an interval at a location, null of nobody. The kiosk's are null with `product`."""

    start: date
    location: str
    invited: int
    answered: int
    response_percent: float | None
    mean: float | None
    distribution: Distribution = Field(
        json_schema_extra={"description": "How often each score was given, the lowest first."}
    )
    kiosk_visits: int | None
    kiosk_answered: int | None
    kiosk_percent: float | None
    kiosk_mean: float | None
    kiosk_distribution: Distribution | None


class SatisfactionAnswer(Wire):
    """A row for every interval and location, with the definition of the figures."""

    definition: SatisfactionDefinition
    rows: list[SatisfactionRow]


def satisfaction_row(row: satisfaction.Row) -> SatisfactionRow:
    """A row for the wire."""
    kiosk = row.kiosk
    return SatisfactionRow(
        start=row.start,
        location=row.location,
        invited=row.invited,
        answered=row.answered,
        response_percent=row.percent,
        mean=row.given.mean,
        distribution=list(row.given.distribution),
        kiosk_visits=kiosk.visits if kiosk else None,
        kiosk_answered=kiosk.given.answered if kiosk else None,
        kiosk_percent=kiosk.percent if kiosk else None,
        kiosk_mean=kiosk.given.mean if kiosk else None,
        kiosk_distribution=list(kiosk.given.distribution) if kiosk else None,
    )
