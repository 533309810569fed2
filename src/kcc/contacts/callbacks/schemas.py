"""What crosses the wire about callbacks, and the checks on it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints

from kcc.access.contact_details import phone_number
from kcc.contacts.callbacks.kinds import CallbackState, Closing
from kcc.contacts.callbacks.models import NOTE_MAX, TEXT_MAX
from kcc.contacts.log.schemas import Email, Name
from kcc.web.fields import Code, FilterCode, Switch, says
from kcc.web.paging import Page
from kcc.web.requests import Wire

EARLIEST, LATEST = 2000, 2199
_TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"


def _with_line_feeds(value: Any) -> Any:
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


def _only_a_moment(value: Any) -> Any:
    """A moment as text or as it is, not the numbers that pydantic would make one of."""
    if not isinstance(value, str | datetime):
        raise ValueError  # noqa: TRY004  (pydantic's)
    return value


def _near(value: datetime) -> datetime:
    if not EARLIEST <= value.year <= LATEST:
        raise ValueError
    return value


Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=TEXT_MAX, pattern=_TEXT),
    BeforeValidator(_with_line_feeds),
    says(f"schrijf op waar het over gaat, in ten hoogste {TEXT_MAX} tekens"),
]
Reason = Annotated[
    str,
    StringConstraints(min_length=1, max_length=TEXT_MAX, pattern=_TEXT),
    BeforeValidator(_with_line_feeds),
    says(f"schrijf op waarom u het teruggeeft, in ten hoogste {TEXT_MAX} tekens"),
]
Note = Annotated[
    str,
    StringConstraints(max_length=TEXT_MAX, pattern=_TEXT),
    BeforeValidator(_with_line_feeds),
    says(f"vul ten hoogste {TEXT_MAX} tekens in, zonder bijzondere tekens"),
]
Written = Annotated[
    str,
    StringConstraints(min_length=1, max_length=NOTE_MAX, pattern=_TEXT),
    BeforeValidator(_with_line_feeds),
    says(f"schrijf op wat er bij moet, in ten hoogste {NOTE_MAX} tekens"),
]
Phone = Annotated[str, Field(max_length=60), AfterValidator(phone_number)]
Number = Annotated[int, Field(strict=True, ge=1, le=2_147_483_647), says("geef het nummer, een heel getal vanaf 1")]
Moment = Annotated[
    AwareDatetime,
    AfterValidator(_near),
    BeforeValidator(_only_a_moment),
    says("geef een moment met tijdzone, zoals 2026-11-25T08:30:00Z"),
]


class NewCallback(Wire):
    """A promise that somebody is called back about a `question`, in words.

    With `contact` and `questionId` that question of the contact gets the outcome callback; `department` is then the
    one of its topic when left out, `topic` its topic when it had none, and `reached` false when the department was
    called first and nobody answered; left out it stays as the question had it. `preferredAt`, perhaps up to
    `preferredUntil`, is when somebody wants to be called; without it that is as soon as possible.
    """

    contact: Number | None = None
    question_id: Number | None = None
    topic: Code | None = None
    department: Code | None = None
    reached: Switch | None = None
    question: Text
    bsn_confirmed_not: Switch = False
    phone: Phone
    name: Name = None
    email: Email = None
    language: Literal["nl", "en"] = "nl"
    preferred_at: Moment | None = None
    preferred_until: Moment | None = None


class NewAttempt(Wire):
    """Somebody called, and did or did not reach the one who asked."""

    reached: Switch
    note: Note = ""
    bsn_confirmed_not: Switch = False


class Close(Wire):
    """How it ended: called and answered, not reached after trying, or no longer wanted."""

    outcome: Closing = Closing.DONE
    note: Note = ""
    bsn_confirmed_not: Switch = False


class NewNote(Wire):
    """What somebody has to say about a callback, also about one that is closed."""

    note: Written
    bsn_confirmed_not: Switch = False


class HandBack(Wire):
    """Why a department gives a callback back to the contact centre."""

    note: Reason
    bsn_confirmed_not: Switch = False


class HandOver(Wire):
    """The department that calls instead."""

    department: Code


class CallbacksQuery(Page):
    """Which callbacks: of a department, where they stand, promised by an agent."""

    department: FilterCode = ""
    state: CallbackState | Literal[""] = ""
    agent: Annotated[str, StringConstraints(max_length=80)] = ""
