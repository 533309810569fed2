"""What the buttons of the panel do, and how the panel says that a question ended. Pure."""

from enum import StrEnum

from kcc.contacts.log.kinds import Outcome
from kcc.contacts.log.labels import OUTCOMES


class Deed(StrEnum):
    """What a button of the panel does."""

    SAVE = "save"
    NEXT_QUESTION = "next-question"
    REMOVE_QUESTION = "remove-question"
    RESOLVED = "resolved"
    TRANSFERRED = "transferred"
    CALLBACK = "callback"
    APPOINTMENT = "appointment"
    REFERRED = "referred"
    DISCONNECTED = "disconnected"
    NOT_REACHED = "not-reached"

    @property
    def outcome(self) -> Outcome | None:
        """How the question ends by it; None when it does not end yet."""
        return _OUTCOMES.get(self)

    @property
    def reached(self) -> bool | None:
        """Whether the department took the call over; None where nobody was called."""
        return {Deed.TRANSFERRED: True, Deed.NOT_REACHED: False}.get(self)


_ENDED = {
    Outcome.RESOLVED: Deed.RESOLVED,
    Outcome.CALLBACK: Deed.CALLBACK,
    Outcome.APPOINTMENT_MADE: Deed.APPOINTMENT,
    Outcome.REFERRED: Deed.REFERRED,
    Outcome.DISCONNECTED: Deed.DISCONNECTED,
}
_OUTCOMES = {
    Deed.RESOLVED: Outcome.RESOLVED,
    Deed.TRANSFERRED: Outcome.TRANSFERRED,
    Deed.NOT_REACHED: Outcome.TRANSFERRED,
    Deed.REFERRED: Outcome.REFERRED,
    Deed.DISCONNECTED: Outcome.DISCONNECTED,
}


def deed_of(outcome: Outcome | None, *, reached: bool | None) -> Deed:
    """The button by which a question ended so; SAVE of one that did not end yet."""
    if outcome is None:
        return Deed.SAVE
    if outcome is Outcome.TRANSFERRED:
        return Deed.TRANSFERRED if reached else Deed.NOT_REACHED
    return _ENDED.get(outcome, Deed.SAVE)


def outcome_word(outcome: Outcome | None, *, reached: bool | None) -> str:
    """How a question ended, or that it did not yet."""
    if outcome is None:
        return "Nog open"
    return "Afdeling niet bereikt" if reached is False else OUTCOMES[outcome]
