"""The municipality as pages show it, from the settings."""

import re
from dataclasses import dataclass

from kcc.settings import Settings

_BETWEEN_TIMES = re.compile(r"(?<=\d) (?=tot \d|uur)|(?<=\d tot) (?=\d)")


@dataclass(frozen=True, slots=True)
class Municipality:
    """Name, contact details and marks of the municipality."""

    name: str
    short_name: str
    phone: str
    address: str
    opening_hours: list[tuple[str, str]]
    logo_url: str | None
    theme_url: str | None
    privacy_contact: str
    demonstration: bool


def municipality(settings: Settings, *, demonstration: bool) -> Municipality:
    """The municipality these settings describe."""
    return Municipality(
        name=settings.municipality_name,
        short_name=settings.municipality_short_name,
        phone=settings.municipality_phone,
        address=settings.municipality_address,
        opening_hours=[("Stadhuis", _BETWEEN_TIMES.sub("\u00a0", settings.municipality_opening_hours))],
        logo_url="/merk/logo" if settings.logo else None,
        theme_url="/merk/thema.css" if settings.theme else None,
        privacy_contact=settings.privacy_contact,
        demonstration=demonstration,
    )
