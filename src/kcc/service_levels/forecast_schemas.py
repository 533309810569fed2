"""What crosses the wire about forecasts, how near they came, and the agents they take."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from kcc.service_levels.planning.schemas import QueueName
from kcc.service_levels.schemas import DaysQuery, StartField
from kcc.service_levels.staffing.forecast import INTERVAL_PERCENT, State
from kcc.web.requests import Wire

FORECAST_VERSION = 1


class ForecastQuery(DaysQuery):
    """Which days, from today on, by which interval, of one queue when given."""

    by: Literal["quarter", "hour", "day"] = "hour"
    queue: QueueName = Field("", json_schema_extra={"example": "algemeen"})


class ForecastDefinition(Wire):
    """What was said, from what, and what the agents are for; null where it is not known.

    `recordedDays` is how many days with calls there are to go by; `patienceSeconds` null: nobody is taken to hang up.
    """

    metric: Literal["forecast"] = "forecast"
    queue: str | None
    interval_percent: float = INTERVAL_PERCENT
    recorded_days: int
    handling_seconds: float | None
    patience_seconds: float | None
    target_percent: float
    threshold_seconds: int
    version: int = FORECAST_VERSION


class ForecastRow(Wire):
    """Calls expected in an interval, and between which numbers they come in nine of ten such intervals.

    Null when it is closed or too little is known: `state` says which. `agents` at the telephone keep the target, as
    many all the time; `agentsWithoutAbandonment` when nobody hangs up (Erlang C). Null by day. `special`: a
    holiday or event.
    """

    start: StartField = Field(
        json_schema_extra={"description": "Instant in Z by quarter and hour, otherwise a local date."}
    )
    state: State
    expected: float | None
    least: int | None
    most: int | None
    agents: int | None
    agents_without_abandonment: int | None
    special: list[str]


class ForecastAnswer(Wire):
    """A row for every interval, with the definition of the figures."""

    definition: ForecastDefinition
    rows: list[ForecastRow]


class AccuracyQuery(Wire):
    """Of how many weeks, and of one queue when given."""

    weeks: Annotated[int, Field(ge=1, le=53)] = 8
    queue: QueueName = Field("", json_schema_extra={"example": "algemeen"})


class AccuracyDefinition(Wire):
    """What was compared: what was said at most so many days before, weighted absolute percentage error (WAPE)."""

    metric: Literal["forecast-accuracy"] = "forecast-accuracy"
    queue: str | None
    days_ahead: int = 7
    version: int = FORECAST_VERSION


class AccuracyRow(Wire):
    """A week, from Monday, of which something was said: errors in percent of the calls that came, null of none.

    By quarter of an hour, and by day (`dayErrorPercent`). `chancePercent`: the error of who knows exactly what to
    expect; `lastWeekPercent`: of who takes the same day of the week before.
    """

    start: date
    days: int
    calls: int
    expected: float
    error_percent: float | None
    day_error_percent: float | None
    chance_percent: float | None
    last_week_percent: float | None


class AccuracyAnswer(Wire):
    """The weeks, the last first."""

    definition: AccuracyDefinition
    rows: list[AccuracyRow]
