"""What crosses the wire about planned events and the roster, and the checks on it."""

from datetime import date
from typing import Annotated, Any, Final

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from kcc.service_levels.periods import EARLIEST, LATEST
from kcc.service_levels.planning.models import QUEUE_MAX
from kcc.web.fields import WHOLE, Day, Name, says
from kcc.web.requests import Wire

MOST_DAYS: Final = 366
MOST_FACTOR: Final = 20.0
MOST_AGENTS: Final = 500
MOST_STRETCHES: Final = 200
_CLOCK = r"([01][0-9]|2[0-3]):(00|15|30|45)"
Factor = Annotated[
    float,
    Field(strict=True, ge=0, le=MOST_FACTOR, allow_inf_nan=False),
    says(f"vul een getal van 0 tot en met {MOST_FACTOR:g} in: 1,5 is anderhalf keer zo veel gesprekken als gewoonlijk"),
]
QueueName = Annotated[
    str,
    StringConstraints(max_length=QUEUE_MAX, pattern=r"^[^\x00-\x1f\x7f]*$"),
    says(f"vul de naam van een wachtrij in, ten hoogste {QUEUE_MAX} tekens"),
]
Begins = Annotated[
    str, StringConstraints(pattern=f"^{_CLOCK}$"), says("vul een tijd op een heel kwartier in, zoals 09:00")
]
Ends = Annotated[
    str, StringConstraints(pattern=f"^({_CLOCK}|24:00)$"), says("vul een tijd op een heel kwartier in, zoals 11:00")
]
Weekday = Annotated[
    int, Field(strict=True, ge=1, le=7), WHOLE, says("kies een dag van 1 (maandag) tot en met 7 (zondag)")
]
Agents = Annotated[
    int, Field(strict=True, ge=1, le=MOST_AGENTS), WHOLE, says(f"vul een heel getal van 1 tot en met {MOST_AGENTS} in")
]


def minutes(time: str) -> int:
    """`09:30` as minutes after midnight."""
    return int(time[:2]) * 60 + int(time[3:])


def clock_time(of_day: int) -> str:
    """Minutes after midnight as `09:30`; 1440 is `24:00`."""
    return f"{of_day // 60:02}:{of_day % 60:02}"


class EventContent(Wire):
    """Something that makes people call: so many times as much as usual, from the first day to the last.

    Of one queue when it is named. A factor of 0 means that nobody answers then.
    """

    name: Name
    from_: Day = Field(alias="from", json_schema_extra={"example": "2027-02-22"})
    to: Day = Field(json_schema_extra={"example": "2027-02-26"})
    factor: Factor = Field(json_schema_extra={"example": 1.5})
    queue: QueueName = ""

    @field_validator("from_", "to")
    @classmethod
    def _near(cls, value: date) -> date:
        if not EARLIEST <= value <= LATEST:
            raise ValueError(f"kies een dag van {EARLIEST.year} tot en met {LATEST.year}")
        return value

    @field_validator("to")
    @classmethod
    def _in_order(cls, value: date, info: ValidationInfo) -> date:
        first = info.data.get("from_")
        if first is not None and value < first:
            raise ValueError("deze dag ligt voor de eerste dag; kies een latere")
        if first is not None and (value - first).days >= MOST_DAYS:
            raise ValueError(f"een gebeurtenis duurt ten hoogste {MOST_DAYS} dagen")
        return value


class EventItem(Wire):
    """A planned event. `measured`: what the factor of its days that are over turned out to be; null: not known."""

    id: int
    name: str
    from_: date = Field(alias="from")
    to: date
    factor: float
    queue: str
    measured: float | None


class EventList(Wire):
    """All of them, the last first."""

    results: list[EventItem]


class StretchContent(Wire):
    """So many agents at the telephone, every week on a weekday; stretches that overlap add up."""

    weekday: Weekday = Field(json_schema_extra={"description": "1 is Monday."})
    from_: Begins = Field(alias="from", json_schema_extra={"example": "08:30"})
    until: Ends = Field(json_schema_extra={"example": "17:00"})
    agents: Agents

    @field_validator("until")
    @classmethod
    def _in_order(cls, value: str, info: ValidationInfo) -> str:
        begins = info.data.get("from_")
        if begins is not None and value <= begins:  # of two times as text the later one is the greater
            raise ValueError(f"kies een tijd na {begins}")
        return value

    def columns(self) -> dict[str, Any]:
        """The same for its table."""
        return {
            "weekday": self.weekday - 1,
            "begins": minutes(self.from_),
            "ends": minutes(self.until),
            "agents": self.agents,
        }


class Roster(Wire):
    """Who is at the telephone in an ordinary week. Empty: how many there are is estimated from who handled calls."""

    stretches: Annotated[
        list[StretchContent],
        Field(max_length=MOST_STRETCHES),
    ]
