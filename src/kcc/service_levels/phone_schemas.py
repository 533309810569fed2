"""What crosses the wire about calls: service levels."""

from typing import Annotated, Literal

from pydantic import Field

from kcc.service_levels.definitions import SERVICE_LEVEL_VERSION, SHORT, Variant
from kcc.service_levels.histograms import LONGEST
from kcc.service_levels.periods import By
from kcc.service_levels.phone.levels import Asked, Level, Rules
from kcc.service_levels.schemas import DaysQuery, Queue, StartField
from kcc.web.requests import Wire

Seconds = Annotated[int, Field(ge=0, lt=LONGEST)]


class ServiceLevelsQuery(DaysQuery):
    """Which calls: by interval, of some queues when given, each queue apart or together; and which service level."""

    by: Literal["quarter", "hour", "day", "week", "month", "year"] = "day"
    queue: list[Queue] = Field(default_factory=list, max_length=50, json_schema_extra={"example": ["algemeen"]})
    split: Literal["", "queue"] = ""
    variant: Variant | None = Field(default=None, json_schema_extra={"description": "Otherwise the target's."})
    threshold: Seconds | None = Field(
        default=None,
        json_schema_extra={"description": "In seconds; otherwise that of the target on the last day, at most today."},
    )
    short: Seconds = Field(
        default=SHORT, json_schema_extra={"description": "In seconds: abandoned within these is short."}
    )

    @property
    def asked(self) -> Asked:
        """The same for the verb; its rules are those of nobody's target yet."""
        return Asked(self.from_, self.to, By(self.by), self.queue, self.split == "queue", Rules(short=self.short))


class ServiceLevelDefinition(Wire):
    """What was measured, and how."""

    metric: Literal["service-level"] = "service-level"
    variant: Variant
    threshold_seconds: int
    short_seconds: int
    version: int = SERVICE_LEVEL_VERSION


class ServiceLevelRow(Wire):
    """Calls that entered in an interval, and what follows, null of nobody.

    `offered` is answered and abandoned together; those sent away, and those whose end was lost (`unknown`), are beside
    it. `queue` is null when queues are not split.
    """

    start: StartField = Field(
        json_schema_extra={"description": "Instant in Z by quarter and hour, otherwise a local date."}
    )
    queue: str | None
    offered: int
    answered: int
    answered_within: int
    abandoned: int
    abandoned_within: int
    short_abandoned: int
    sent_away: int
    unknown: int
    transferred: int
    service_level_percent: float | None
    abandoned_percent: float | None
    transferred_percent: float | None
    average_speed_of_answer: float | None = Field(json_schema_extra={"description": "In seconds."})
    average_handling_time: float | None = Field(json_schema_extra={"description": "In seconds, the work after it too."})


class ServiceLevelsAnswer(Wire):
    """A row for every interval, and for every queue when split, with the definition of the figures."""

    definition: ServiceLevelDefinition
    rows: list[ServiceLevelRow]


def answer(rules: Rules, levels: list[Level]) -> ServiceLevelsAnswer:
    """The levels as they cross the wire."""
    definition = ServiceLevelDefinition(
        variant=rules.variant, threshold_seconds=rules.threshold, short_seconds=rules.short
    )
    return ServiceLevelsAnswer(definition=definition, rows=[_row(level) for level in levels])


def _row(level: Level) -> ServiceLevelRow:
    return ServiceLevelRow(
        start=level.start,
        queue=level.queue,
        offered=level.offered,
        answered=level.answered,
        answered_within=level.answered_within,
        abandoned=level.abandoned,
        abandoned_within=level.abandoned_within,
        short_abandoned=level.short_abandoned,
        sent_away=level.sent_away,
        unknown=level.unknown,
        transferred=level.transferred,
        service_level_percent=level.percent,
        abandoned_percent=level.percent_abandoned,
        transferred_percent=level.percent_transferred,
        average_speed_of_answer=level.average_speed,
        average_handling_time=level.average_handling,
    )
