"""What contacts are called on screens. Pure."""

from collections.abc import Mapping
from typing import Final

from kcc.contacts.log.kinds import Channel, Outcome, RequesterKind, Source

CHANNELS: Final[Mapping[Channel, str]] = {
    Channel.PHONE: "Telefoon",
    Channel.COUNTER: "Balie",
    Channel.EMAIL: "E-mail",
    Channel.CHAT: "Chat",
    Channel.WEB_FORM: "Webformulier",
    Channel.LETTER: "Brief",
    Channel.SOCIAL_MEDIA: "Sociale media",
    Channel.WHATSAPP: "WhatsApp",
}
REQUESTERS: Final[Mapping[RequesterKind, str]] = {
    RequesterKind.RESIDENT: "Inwoner",
    RequesterKind.BUSINESS: "Bedrijf",
    RequesterKind.OWN_ORGANISATION: "Collega van een afdeling",
}
OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.RESOLVED: "Opgelost",
    Outcome.TRANSFERRED: "Doorverbonden",
    Outcome.CALLBACK: "Terugbelverzoek",
    Outcome.APPOINTMENT_MADE: "Afspraak gemaakt",
    Outcome.REFERRED: "Verwezen",
    Outcome.DISCONNECTED: "Verbroken",
}
SOURCES: Final[Mapping[Source, str]] = {
    Source.ARTICLE: "met een artikel",
    Source.COLLEAGUE: "na vraag aan een collega",
    Source.OWN_KNOWLEDGE: "uit eigen kennis",
    Source.DEPARTMENT_REACHED: "afdeling bereikt",
    Source.DEPARTMENT_NOT_REACHED: "afdeling niet bereikt",
    Source.CALLBACK: "de afdeling belt terug",
    Source.NO_ANSWER: "zonder antwoord",
}


def source_word(source: Source | None, *, tried: bool) -> str:
    """Where an answer came from; `tried`: the department calls back since it was not reached. Empty of none."""
    said = SOURCES[source] if source else ""
    return f"{SOURCES[Source.DEPARTMENT_NOT_REACHED]}, belt terug" if tried else said
