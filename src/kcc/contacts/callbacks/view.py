"""A callback as pages show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kcc.access.contact_details import readable_phone
from kcc.contacts.callbacks import wording
from kcc.contacts.callbacks.items import state_of
from kcc.contacts.callbacks.kinds import Alert, CallbackState, Closing, Heard
from kcc.contacts.callbacks.letters import HEARD
from kcc.contacts.callbacks.models import Callback, CallbackAlert
from kcc.contacts.callbacks.queries import Promise
from kcc.contacts.callbacks.rules import Rules

ENDED = {
    Closing.DONE: "Afgehandeld",
    Closing.NOT_REACHED: "Niet bereikt",
    Closing.WITHDRAWN: "Hoefde niet meer",
}

# Who would have heard.
NOBODY = {
    Alert.PERSON: "{department} of het klantcontactcentrum",
    Alert.DEPARTMENT: HEARD[Heard.DEPARTMENT_LEAD],
    Alert.LEAD: HEARD[Heard.TEAM_LEAD],
}


@dataclass(frozen=True, slots=True)
class AttemptView:
    """An attempt: when, by whom, and whether somebody answered."""

    at: str
    by: str
    reached: bool
    note: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """What somebody wrote: when, and who."""

    at: str
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class CallbackView:
    """A callback in words. `has` is who has to call, `told` who heard that it is overdue, or why nobody did."""

    row: Callback
    department: str
    phone: str
    due: str
    is_overdue: bool
    is_closed: bool
    wish: str
    asked: str
    has: str
    attempts: list[AttemptView]
    notes: list[NoteView]
    told: list[str]
    ended: str


def view(promise: Promise, names: Mapping[str, str], rules: Rules, now: datetime) -> CallbackView:
    """A callback for a page; `names` are those of departments by code."""
    row, zone = promise.callback, rules.business.zone
    department = names.get(row.department, row.department)
    state = state_of(promise, now)
    with_centre = row.handed_back_at is not None

    def moment(instant: datetime) -> str:
        return wording.on_screen(instant, now, zone)

    wish = wording.window(row.preferred_at, row.preferred_until, zone) if row.preferred_at else "zo snel mogelijk"
    return CallbackView(
        row=row,
        department=department,
        phone=readable_phone(row.phone),
        due=wording.due(row.due_at, now, zone) if promise.is_open else f"uiterlijk {moment(row.due_at)}",
        is_overdue=state is CallbackState.OVERDUE,
        is_closed=state is CallbackState.CLOSED,
        wish=wish,
        asked=f"{moment(row.asked_at)}, door {row.agent}",
        has="het klantcontactcentrum" if with_centre else department,
        attempts=[AttemptView(moment(one.at), one.by or department, one.reached, one.note) for one in promise.attempts],
        notes=[NoteView(moment(one.at), one.by or department, one.text) for one in promise.notes],
        told=[f"{moment(one.at)}: {_told(one, names, row.handed_back_at)}" for one in promise.alerts],
        ended=_ended(row, department, moment(row.closed_at)) if row.closed_at else "",
    )


def _told(alert: CallbackAlert, names: Mapping[str, str], handed_back_at: datetime | None) -> str:
    department = names.get(alert.department, alert.department)
    if alert.told is not None:
        return HEARD[alert.told].format(department=department)
    # What was given back is the contact centre's to see to: it hears of it until the team lead does.
    with_centre = alert.alert is not Alert.LEAD and handed_back_at is not None and handed_back_at <= alert.at
    nobody = HEARD[Heard.CENTRE] if with_centre else NOBODY[alert.alert]
    return f"niemand, want er is geen e-mailadres voor {nobody.format(department=department)}"


def _ended(row: Callback, department: str, when: str) -> str:
    assert row.closed_as is not None
    return f"{ENDED[row.closed_as]}: {when}, door {row.closed_by or department}"
