"""What a letter, an invitation and a page tell of one appointment: plain values, read once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from kcc.appointments.availability.touching import Misfit


class Letter(StrEnum):
    """The kinds of mail about an appointment."""

    CONFIRMATION = "confirmation"
    CHANGE = "change"
    CANCELLATION = "cancellation"
    REMINDER = "reminder"
    EARLIER_PLACE = "earlier-place"
    UNFIT = "unfit"


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """One product of a visit, in the resident's language. `bring` has a line for each thing; `costs` is one line."""

    code: str
    name: str
    persons: int
    bring: tuple[str, ...] = ()
    costs: str = ""


@dataclass(frozen=True, slots=True)
class AppointmentFacts:
    """One appointment as its resident sees it. Instants are UTC; `zone` is where the location is.

    `sequence` counts the changes (0 when it was booked) and is iCalendar's SEQUENCE. For the letter EARLIER_PLACE
    `offered_at` is the earlier start that is kept, `offer_until` how long, and `manage_url` leads to that offer;
    for UNFIT `misfit` is why it cannot take place.
    """

    code: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    language: str
    name: str
    email: str | None
    location: str
    address: str
    directions: str
    products: tuple[ProductFacts, ...]
    manage_url: str
    is_home_visit: bool = False
    offered_at: datetime | None = None
    offer_until: datetime | None = None
    misfit: Misfit | None = None
