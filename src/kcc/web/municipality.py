"""The municipality as pages show it, from the settings."""

import re
from dataclasses import dataclass

from kcc.settings import Settings

_BETWEEN_TIMES = re.compile(r"(?<=\d) (?=tot? \d|uur)|(?<=\d tot) (?=\d)|(?<=\d to) (?=\d)")


@dataclass(frozen=True, slots=True)
class Municipality:
    """Name, contact details and marks of the municipality."""

    name: str
    short_name: str
    phone: str
    address: str
    opening_hours: str
    opening_hours_en: str
    logo_url: str | None
    theme_url: str | None
    privacy_contact: str
    demonstration: bool

    def hours(self, language: str) -> tuple[str, str]:
        """(opening hours, the language they are in): the Dutch ones when there are no others."""
        english = language == "en" and bool(self.opening_hours_en)
        return (self.opening_hours_en, "en") if english else (self.opening_hours, "nl")


def municipality(settings: Settings, *, demonstration: bool) -> Municipality:
    """The municipality these settings describe."""
    given = settings.model_fields_set
    # Whoever sets only the Dutch hours must not tell others in English: those of the demonstration.
    dutch_only = "municipality_opening_hours" in given and "municipality_opening_hours_en" not in given
    return Municipality(
        name=settings.municipality_name,
        short_name=settings.municipality_short_name,
        phone=settings.municipality_phone,
        address=settings.municipality_address,
        opening_hours=_BETWEEN_TIMES.sub("\u00a0", settings.municipality_opening_hours),
        opening_hours_en="" if dutch_only else _BETWEEN_TIMES.sub("\u00a0", settings.municipality_opening_hours_en),
        logo_url="/merk/logo" if settings.logo else None,
        theme_url="/merk/thema.css" if settings.theme else None,
        privacy_contact=settings.privacy_contact,
        demonstration=demonstration,
    )
