"""Where a letter about a callback may go, for want of a mailbox to the next best. Pure."""

from dataclasses import dataclass

from kcc.catalogue.models import Department
from kcc.contacts.callbacks.kinds import Heard
from kcc.contacts.callbacks.models import Callback
from kcc.contacts.callbacks.rules import Rules
from kcc.contacts.callbacks.telling import TO_CALLER, Letter


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox and whose it is, None for whoever asked. `by_link`: its reader needs the department's own link."""

    email: str
    heard: Heard | None
    by_link: bool = False


def addresses(letter: Letter, callback: Callback, department: Department, rules: Rules) -> list[Address]:
    """Where it may go, the best first; `department` is the callback's."""
    centre = (rules.centre_email, Heard.CENTRE, False)
    with_centre = callback.handed_back_at is not None
    if letter in TO_CALLER:
        found: list[tuple[str | None, Heard | None, bool]] = [(callback.email, None, False)]
    elif letter is Letter.LEAD_LATE:
        found = [(rules.lead_email, Heard.TEAM_LEAD, False)]
    elif letter is Letter.HANDED_BACK or with_centre:
        found = [centre]
    elif letter is Letter.DEPARTMENT_LATE:
        found = [(department.lead_email, Heard.DEPARTMENT_LEAD, True)]
    else:
        found = [(department.email, Heard.DEPARTMENT, True), centre]
    return [Address(email, heard, by_link) for email, heard, by_link in found if email]
