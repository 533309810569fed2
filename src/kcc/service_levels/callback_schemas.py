"""What crosses the wire about calling back in time."""

from typing import Literal

from kcc.service_levels.callbacks import Row
from kcc.service_levels.schemas import DaysQuery, StartField
from kcc.web.fields import FilterCode
from kcc.web.requests import Wire


class InTimeQuery(DaysQuery):
    """Which callbacks: due from one local date to another, of one department or all."""

    by: Literal["day", "week", "month"] = "month"
    department: FilterCode = ""


class InTimeDefinition(Wire):
    """What was counted: within how many business hours people are called back unless they prefer it later."""

    metric: Literal["callbacks-in-time"]
    within_hours: int
    version: int


class InTimeRow(Wire):
    """An interval of a department, null of nothing.

    `due` are the callbacks that were to be done by now, `called` those with a first attempt in time, `closed` those
    that were over in time. `withdrawn` before they were due are in neither.
    """

    start: StartField
    department: str
    due: int
    called: int
    closed: int
    withdrawn: int
    percent_called: float | None
    percent_closed: float | None


class InTimeAnswer(Wire):
    """The definition with its rows."""

    definition: InTimeDefinition
    rows: list[InTimeRow]


def in_time_row(row: Row) -> InTimeRow:
    """An interval for the wire."""
    figures = row.figures
    return InTimeRow(
        start=row.start,
        department=row.department,
        due=figures.due,
        called=figures.called,
        closed=figures.closed,
        withdrawn=figures.withdrawn,
        percent_called=figures.percent_called,
        percent_closed=figures.percent_closed,
    )
