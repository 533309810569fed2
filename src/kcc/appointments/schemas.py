"""What crosses the wire when people look for a time, hold it, book it and change it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from kcc.access.bsn import contains_bsn
from kcc.access.contact_details import email_address, person_name, phone_number
from kcc.web.fields import Day, Moment
from kcc.web.requests import Wire

BSN = "Vul geen burgerservicenummer (BSN) in: dat vragen wij hier niet"
NO_MAIL = "Wie wil horen van een eerdere plek, krijgt daar e-mail over. Vul een e-mailadres in."
NO_CONTACT = "Vul een e-mailadres of een telefoonnummer in"
ONE_LINE = "Vul het adres in op één regel, zonder bijzondere tekens"


def _without_bsn(text: str) -> str:
    if contains_bsn(text):
        raise ValueError(BSN)
    return text


def _optional(check: Any) -> Any:
    return lambda text: check(text) if text else None


def _phone(text: str) -> str:
    # Nine digits are no Dutch number; tell somebody who typed a BSN what is the matter.
    return phone_number(_without_bsn(text) if text[:1] not in "+0" else text)


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    if not line.isprintable():
        raise ValueError(ONE_LINE)
    return line


Persons = Annotated[int, Field(strict=True)]
Code = Annotated[str, Field(min_length=1, max_length=60)]
Name = Annotated[str, Field(max_length=2000), AfterValidator(_without_bsn), AfterValidator(person_name)]
Email = Annotated[str | None, AfterValidator(_optional(_without_bsn)), AfterValidator(_optional(email_address))]
Phone = Annotated[str | None, AfterValidator(_optional(_phone))]
Address = Annotated[str, Field(max_length=200), AfterValidator(_one_line), AfterValidator(_without_bsn)]


class ProductAsked(Wire):
    """A product and for how many persons."""

    code: Code
    persons: Persons = 1


class AvailabilityQuery(Wire):
    """Which starts to look for. `product` is `CODE` or `CODE:PERSONS` and may be repeated."""

    location: str = Field(json_schema_extra={"example": "stadhuis"})
    product: list[str] = Field(min_length=1, json_schema_extra={"example": ["paspoort:2"]})
    from_: Day = Field(alias="from", json_schema_extra={"example": "2026-11-24"})
    to: Day = Field(json_schema_extra={"example": "2026-11-30"})

    def asked(self) -> list[tuple[str, int]]:
        """(code, persons) of each product; ValueError for persons that are no number."""
        found = []
        for item in self.product:
            code, _, persons = item.partition(":")
            if persons and not (persons.isascii() and persons.isdigit() and len(persons) <= 3):
                raise ValueError(f"{item} is geen CODE of CODE:PERSONEN")
            found.append((code, int(persons or "1")))
        return found


class DayOfStarts(Wire):
    """A local day and the instants at which the visit can start."""

    date: date
    starts: list[str]


class Availability(Wire):
    """The free starts of each day asked for, empty days too."""

    duration_minutes: int
    days: list[DayOfStarts]


class HoldRequest(Wire):
    """A start to keep for a while; `replaces` is the id of a hold that is given back in return."""

    location: Code
    products: list[ProductAsked] = Field(min_length=1, max_length=20)
    starts_at: Moment
    replaces: str | None = Field(None, max_length=100)
    altcha: str | None = Field(None, max_length=4000, description="Solved proof of work, when it is asked for.")


class HoldAnswer(Wire):
    """A kept start. The id is the secret of who has it."""

    id: str
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime


class Visitor(Wire):
    """Who comes. An e-mail address or a phone number is needed; an address for a home visit."""

    name: Name
    email: Email = None
    phone: Phone = None
    language: Literal["nl", "en"] = "nl"
    address: Address = ""
    earlier: bool = Field(False, description="Wants to hear when an earlier place is free.")


class AppointmentRequest(Visitor):
    """A hold, or a start at a location for products, and who comes."""

    hold: str | None = Field(None, max_length=100)
    location: Code | None = None
    products: list[ProductAsked] | None = Field(None, min_length=1, max_length=20)
    starts_at: Moment | None = None
    altcha: str | None = Field(None, max_length=4000, description="Solved proof of work, when it is asked for.")

    # What is missing is told at the fields, so that it comes together with all else that is wrong.

    @model_validator(mode="before")
    @classmethod
    def _none_is_left_out(cls, data: Any) -> Any:
        nothing = dict.fromkeys(("phone", "location", "products", "startsAt"))
        return nothing | data if isinstance(data, dict) else data

    @field_validator("earlier")
    @classmethod
    def _can_be_told(cls, value: bool, info: ValidationInfo) -> bool:
        if value and not info.data.get("email", "wrong"):
            raise ValueError(NO_MAIL)
        return value

    @field_validator("phone")
    @classmethod
    def _reachable(cls, value: str | None, info: ValidationInfo) -> str | None:
        if not value and not info.data.get("email", "wrong"):
            raise ValueError(NO_CONTACT)
        return value

    @field_validator("location", "products", "starts_at")
    @classmethod
    def _hold_or_start(cls, value: Any, info: ValidationInfo) -> Any:
        if "hold" in info.data and (info.data["hold"] is None) == (value is None):
            raise ValueError("geef hold, of location, products en startsAt")
        return value


class Correction(Wire):
    """What is wrong about who comes, put right; what is left out stays as it is."""

    name: Name = ""
    email: Email = None
    phone: Phone = None
    language: Literal["nl", "en"] = "nl"

    def changes(self) -> dict[str, Any]:
        """The fields that were given, by name."""
        return self.model_dump(include=self.model_fields_set)


class AppointmentAnswer(Wire):
    """An appointment as it was just made."""

    code: str
    manage_url: str
    starts_at: datetime
    ends_at: datetime
    location: str
    products: list[ProductAsked]


class AppointmentDetail(Wire):
    """An appointment for who may see it."""

    code: str
    status: Literal["booked", "cancelled"]
    starts_at: datetime
    ends_at: datetime
    location: str
    address: str
    products: list[ProductAsked]
    sequence: int
    name: str
    email: str | None
    phone: str | None
    language: str
    earlier: bool


class Reschedule(Wire):
    """Where an appointment moves to; without `location` it stays where it is."""

    starts_at: Moment
    location: Code | None = None


class Challenge(Wire):
    """A challenge as ALTCHA writes it: its parameters and a signature over them."""

    parameters: dict[str, Any]
    signature: str
