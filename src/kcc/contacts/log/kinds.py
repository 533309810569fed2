"""What a contact and a question can be. Pure."""

from enum import StrEnum


class Channel(StrEnum):
    """How the contact came in."""

    PHONE = "phone"
    COUNTER = "counter"
    EMAIL = "email"
    CHAT = "chat"
    WEB_FORM = "web-form"
    LETTER = "letter"
    SOCIAL_MEDIA = "social-media"
    WHATSAPP = "whatsapp"


class RequesterKind(StrEnum):
    """For whom somebody asks."""

    RESIDENT = "resident"
    BUSINESS = "business"
    OWN_ORGANISATION = "own-organisation"


class Outcome(StrEnum):
    """How a question ended, as the agent marked it."""

    RESOLVED = "resolved"
    TRANSFERRED = "transferred"
    CALLBACK = "callback"
    APPOINTMENT_MADE = "appointment-made"
    REFERRED = "referred"
    DISCONNECTED = "disconnected"


class Source(StrEnum):
    """Where the answer came from; where there was none, what happened instead."""

    ARTICLE = "article"
    COLLEAGUE = "colleague"
    OWN_KNOWLEDGE = "own-knowledge"
    DEPARTMENT_REACHED = "department-reached"
    DEPARTMENT_NOT_REACHED = "department-not-reached"
    CALLBACK = "callback"
    NO_ANSWER = "no-answer"


# Outcomes that a department follows from.
WITH_DEPARTMENT = frozenset({Outcome.TRANSFERRED, Outcome.CALLBACK})


class CallLink(StrEnum):
    """How a contact and its call belong together.

    `told`: it began with the call. `found`: the call of the same agent overlaps it most. `none`: no call does.
    `tie`: two do as much. `looking`: that is still to be found out, once the contact is over.
    """

    TOLD = "told"
    FOUND = "found"
    NONE = "none"
    TIE = "tie"
    LOOKING = "looking"
