"""What crosses the wire about opening rules and closing days."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from kcc.appointments.planning.place_schemas import OfLocation
from kcc.appointments.planning.product_schemas import TouchedAppointment
from kcc.web.fields import LINE, WHOLE, Code, Day, Switch, says
from kcc.web.requests import Wire

_CLOCK = r"([01][0-9]|2[0-3]):[0-5][05]"
Opens = Annotated[
    str, StringConstraints(pattern=f"^{_CLOCK}$"), says("vul een tijd op een veelvoud van 5 minuten in, zoals 09:00")
]
Closes = Annotated[
    str,
    StringConstraints(pattern=f"^({_CLOCK}|24:00)$"),
    says("vul een tijd op een veelvoud van 5 minuten in, zoals 17:00 (24:00 is middernacht)"),
]
Weekday = Annotated[
    int,
    Field(strict=True, ge=1, le=7),
    WHOLE,
    says("kies een dag van 1 (maandag) tot en met 7 (zondag)"),
]
Counters = Annotated[
    int,
    Field(strict=True, ge=1, le=1000),
    WHOLE,
    says("vul een aantal balies van 1 of meer in"),
]
Reason = Annotated[
    str, StringConstraints(max_length=120, pattern=LINE), says("vul een regel van ten hoogste 120 tekens in")
]


def minutes(time: str) -> int:
    """`09:30` as minutes after midnight."""
    return int(time[:2]) * 60 + int(time[3:])


def clock_time(of_day: int) -> str:
    """Minutes after midnight as `09:30`; 1440 is `24:00`."""
    return f"{of_day // 60:02}:{of_day % 60:02}"


def _later(value: str, info: ValidationInfo, name: str) -> str:
    begins = info.data.get(name)
    if begins is not None and value <= begins:  # of two times as text the later one is the greater
        raise ValueError(f"moet later zijn dan {begins}")
    return value


class Break(Wire):
    """Closed in between."""

    begins: Opens = Field(alias="from")
    ends: Closes = Field(alias="until")

    @field_validator("ends")
    @classmethod
    def _in_order(cls, value: str, info: ValidationInfo) -> str:
        return _later(value, info, "begins")


class _Hours(Wire):
    """When counters of a location are open: every week on a weekday, or on one date instead of the weekly hours."""

    location: Code
    opens: Opens
    closes: Closes
    breaks: Annotated[list[Break], Field(max_length=10)] = Field(default_factory=list)
    counters: Counters | None = Field(None, description="How many of its counters are open; all without it.")
    staff_only: Switch = Field(False, description="Open for agents and walk-ins, never offered online.")
    date: Day | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None

    @field_validator("closes")
    @classmethod
    def _in_order(cls, value: str, info: ValidationInfo) -> str:
        return _later(value, info, "opens")

    @field_validator("breaks")
    @classmethod
    def _within(cls, value: list[Break], info: ValidationInfo) -> list[Break]:
        opens, closes = info.data.get("opens"), info.data.get("closes")
        if opens and closes and any(item.begins <= opens or item.ends >= closes for item in value):
            raise ValueError(f"een pauze begint na {opens} en is voorbij vóór {closes}")
        return value

    @field_validator("valid_from", "valid_until")
    @classmethod
    def _weekly_only(cls, value: Any, info: ValidationInfo) -> Any:
        if value and info.data.get("date"):
            raise ValueError("hoort bij een weekdag, niet bij een datum")
        first = info.data.get("valid_from")
        if value and first and value < first:
            raise ValueError("de laatste dag ligt vóór de eerste")
        return value


def _weekly_or_once(value: int | None, info: ValidationInfo) -> int | None:
    weekly = value is not None or bool(info.data.get("weekdays"))
    if "date" in info.data and weekly == (info.data["date"] is not None):
        raise ValueError("kies een weekdag of een datum, een van de twee")
    return value


# Declared last: it is checked against the date.
OneWeekday = Annotated[Weekday | None, Field(description="1 is Monday. Give this or `date`.", validate_default=True)]


class RuleContent(_Hours):
    """Everything an administrator decides about an opening rule."""

    weekday: OneWeekday = None

    _weekly_or_once = field_validator("weekday")(_weekly_or_once)


class NewRule(_Hours):
    """An opening rule to be made; with `weekdays` one for each of those days."""

    weekdays: Annotated[list[Weekday], Field(max_length=7)] = Field(default_factory=list)
    weekday: OneWeekday = None

    @field_validator("weekday")
    @classmethod
    def _weekly_or_once(cls, value: int | None, info: ValidationInfo) -> int | None:
        return _weekly_or_once(value, info) if "weekdays" in info.data else value

    def days(self) -> list[int | None]:
        """The weekdays it is about, each once; None is the date."""
        named = {*self.weekdays, *([self.weekday] if self.weekday else [])}
        return [*sorted(named)] or [None]


class RuleItem(Wire):
    """An opening rule."""

    id: int
    location: str
    weekday: int | None
    date: Day | None
    opens: str
    closes: str
    breaks: list[Break]
    counters: int | None
    staff_only: bool
    valid_from: Day | None
    valid_until: Day | None


class RuleChanged(RuleItem):
    """An opening rule after a change, and the appointments it touches; `ids` are all rules that were made."""

    ids: list[int]
    touched: list[TouchedAppointment]


class RuleList(Wire):
    """Opening rules by location, day and time."""

    total: int
    next: str | None
    results: list[RuleItem]


class ClosingContent(Wire):
    """A day, or from one time until another on it, on which a location is closed; every location without one."""

    location: Code | None = None
    date: Day
    begins: Opens = Field("00:00", alias="from")
    ends: Closes = Field("24:00", alias="until")
    reason: Reason = ""

    @field_validator("ends")
    @classmethod
    def _in_order(cls, value: str, info: ValidationInfo) -> str:
        return _later(value, info, "begins")


class ChosenClosing(ClosingContent):
    """A closing day of which somebody has said where: that it is every location too, by null."""

    location: Code | None


class ClosingItem(Wire):
    """A closing day."""

    id: int
    location: str | None
    date: Day
    begins: str = Field(alias="from")
    ends: str = Field(alias="until")
    reason: str


class ClosingChanged(ClosingItem):
    """A closing day after a change, and the appointments it touches."""

    touched: list[TouchedAppointment]


class ClosingList(Wire):
    """Closing days by date."""

    total: int
    next: str | None
    results: list[ClosingItem]


class ClosingQuery(OfLocation):
    """Closing days of a location (those of every location too), between two dates, both included."""

    first: Day | None = Field(None, alias="from")
    last: Day | None = Field(None, alias="to")
