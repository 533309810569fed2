"""What crosses the wire about locations and counters."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from kcc.appointments.models import LocationKind
from kcc.appointments.planning.product_schemas import TouchedAppointment
from kcc.web.fields import (
    FILLED,
    WHOLE,
    Code,
    Codes,
    Day,
    FilterCode,
    Line,
    LongLine,
    Name,
    OptionalName,
    Position,
    Switch,
    says,
)
from kcc.web.paging import Page
from kcc.web.requests import Wire

Travel = Annotated[
    int,
    Field(strict=True, ge=0, le=240, multiple_of=5),
    WHOLE,
    says("vul een veelvoud van 5 minuten in, ten hoogste 240"),
]
Kind = Annotated[LocationKind, says("kies permanent, temporary of home-visit")]
CounterName = Annotated[
    str, StringConstraints(min_length=1, max_length=60, pattern=FILLED), says("vul een naam van 1 tot 60 tekens in")
]


class Address(Wire):
    """Where a location is from a day on."""

    valid_from: Day
    address: Line


class _Period(Wire):
    """From its first day to its last, both included; without them always."""

    open_from: Day | None = None
    open_until: Day | None = None

    @field_validator("open_until")
    @classmethod
    def _in_order(cls, value: date | None, info: ValidationInfo) -> date | None:
        first = info.data.get("open_from")
        if value and first and value < first:
            raise ValueError("de laatste dag ligt vóór de eerste")
        return value


class LocationContent(_Period):
    """Everything an administrator decides about a location. `address` is short for its address from today on."""

    name: Name
    name_en: OptionalName = ""
    kind: Kind = LocationKind.PERMANENT
    travel_minutes: Travel = Field(0, description="Of a home visit: before it and after it.")
    address: Line | None = None
    addresses: Annotated[list[Address], Field(max_length=50)] | None = None
    products: Codes = Field(default_factory=list, description="The only products it offers; empty is every product.")
    directions: LongLine = ""
    directions_en: LongLine = ""
    walk_ins: Switch = Field(False, description="Whether people can take a number here without an appointment.")
    position: Position | None = None

    @field_validator("addresses")
    @classmethod
    def _one_a_day(cls, value: list[Address] | None) -> list[Address] | None:
        days = [address.valid_from for address in value or ()]
        if len(set(days)) < len(days):
            raise ValueError("geef voor elke dag ten hoogste één adres")
        return value


class NewLocation(LocationContent):
    """A location to be made, with the code by which all name it."""

    code: Code


class LocationItem(Wire):
    """A location. `address` is today's, `openCounters` how many counters are open at this moment."""

    code: str
    name: str
    name_en: str
    kind: LocationKind
    travel_minutes: int
    address: str
    addresses: list[Address]
    directions: str
    directions_en: str
    walk_ins: bool
    open_from: date | None
    open_until: date | None
    open_counters: int
    products: list[str]
    position: int


class LocationChanged(LocationItem):
    """A location after a change, and the appointments it touches."""

    touched: list[TouchedAppointment]


class LocationList(Wire):
    """Locations in their order."""

    total: int
    next: str | None
    results: list[LocationItem]


class CounterContent(_Period):
    """Everything an administrator decides about a counter."""

    location: Code
    name: CounterName
    products: Codes = Field(default_factory=list, description="The only products it serves; empty is every product.")
    position: Position | None = None


class NewCounter(CounterContent):
    """A counter to be made, with the code by which all name it."""

    code: Code


class CounterItem(Wire):
    """A counter."""

    code: str
    location: str
    name: str
    open_from: date | None
    open_until: date | None
    products: list[str]
    position: int


class CounterChanged(CounterItem):
    """A counter after a change, and the appointments it touches."""

    touched: list[TouchedAppointment]


class CounterList(Wire):
    """Counters in the order in which they open."""

    total: int
    next: str | None
    results: list[CounterItem]


class OfLocation(Page):
    """A list, of one location when it is named."""

    location: FilterCode = Field("", description="Code of a location.")
