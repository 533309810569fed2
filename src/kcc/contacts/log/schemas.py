"""What crosses the wire about contacts, and the checks on it."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, field_validator

from kcc.access.bsn import contains_bsn
from kcc.access.contact_details import email_address, person_name, phone_number
from kcc.contacts.log.kinds import Channel, Outcome, RequesterKind
from kcc.contacts.log.models import NOTE_MAX
from kcc.web.fields import LINE, LINE_FEEDS, TEXT, Code, Day, FilterCode, Switch, says
from kcc.web.paging import Page
from kcc.web.requests import Wire

QUICK_MAX = 20
QUESTIONS_MAX = 20
ARTICLES_MAX = 50
WRONG_NAME = "vul een naam in van 1 tot 100 tekens, met letters"
BSN = "vul geen burgerservicenummer (BSN) in"


def _or_none(check: Any) -> Any:
    return lambda text: check(text) if text else None


def _name(text: str) -> str:
    if contains_bsn(text):
        raise ValueError(BSN)
    try:
        return person_name(text)
    except ValueError:
        raise ValueError(WRONG_NAME) from None


Name = Annotated[str | None, Field(max_length=200), AfterValidator(_or_none(_name))]
Email = Annotated[str | None, Field(max_length=300), AfterValidator(_or_none(email_address))]
Phone = Annotated[str | None, Field(max_length=60), AfterValidator(_or_none(phone_number))]
CaseNumber = Annotated[
    str, StringConstraints(max_length=60, pattern=LINE), says("vul een zaaknummer in van ten hoogste 60 tekens")
]
Note = Annotated[
    str,
    StringConstraints(max_length=NOTE_MAX, pattern=TEXT),
    LINE_FEEDS,
    says(f"vul ten hoogste {NOTE_MAX} tekens in, zonder bijzondere tekens"),
]
Slug = Annotated[
    str,
    StringConstraints(min_length=1, max_length=120, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
    says("geef de naam van een artikel, zoals paspoort-aanvragen"),
]
Call = Annotated[
    Annotated[int, Field(strict=True, ge=1, le=2_147_483_647)]
    | Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=LINE)],
    says("geef het nummer van een gesprek, of het callId dat de centrale het gaf"),
]


class Requester(Wire):
    """Who asks. Name, e-mail address and phone number only when they are needed.

    `department` is that of somebody of the own organisation, and of nobody else.
    """

    kind: RequesterKind = RequesterKind.RESIDENT
    department: Code | None = Field(None, validate_default=True)
    name: Name = None
    email: Email = None
    phone: Phone = None

    @field_validator("department")
    @classmethod
    def _of_own_organisation(cls, value: str | None, info: ValidationInfo) -> str | None:
        own = info.data.get("kind") is RequesterKind.OWN_ORGANISATION
        if "kind" in info.data and own != (value is not None):
            raise ValueError("kies de afdeling" if own else "een afdeling hoort bij own-organisation")
        return value


class QuestionContent(Wire):
    """What is known of a question; what is left out stays as it was.

    `articles` are those that were opened: they are added, and the first one's topic is the question's when it had none.
    With an `outcome` the question is closed. `department` is where a transfer went or who calls back, the topic's own
    when left out; `reached` whether a transfer was answered there, false with a callback when the department was tried
    first. `searched`: the kennisbank was searched, whatever was found; once true it stays. `bsnConfirmedNot`: a number
    in the note that can be a BSN is none.
    """

    topic: Code | None = None
    articles: list[Slug] = Field(default_factory=list, max_length=ARTICLES_MAX)
    outcome: Outcome | None = None
    department: Code | None = None
    reached: Switch | None = None
    asked_colleague: Switch = False
    searched: Switch = False
    note: Note = ""
    bsn_confirmed_not: Switch = False


class QuestionChange(QuestionContent):
    """A change of the question with this `id`; without one a further question."""

    id: Annotated[int, Field(strict=True, ge=1, le=2_147_483_647)] | None = None


class NewContact(Wire):
    """A contact that begins now. Without questions it has one that is open.

    `callId` is the call that it began with: the number of `GET /calls`, or the text that the exchange tells of it by;
    then `callSource` tells which exchange, when there are more.

    `finish`: it is over already, and all its questions have an outcome.
    """

    channel: Channel
    call_id: Call | None = None
    call_source: Code | None = None
    requester: Requester = Field(default_factory=Requester)
    case_number: CaseNumber | None = None
    questions: list[QuestionContent] = Field(default_factory=list, max_length=QUESTIONS_MAX)
    finish: Switch = False


class ContactChange(Wire):
    """What changes of a contact; what is left out stays as it was. `requester` is replaced as a whole."""

    channel: Channel | None = None
    requester: Requester | None = None
    case_number: CaseNumber | None = None
    questions: list[QuestionChange] = Field(default_factory=list, max_length=QUESTIONS_MAX)


class Finish(QuestionContent):
    """How the one question that is still open ended; nothing when none is."""


class QuickQuestion(Wire):
    """A small question that was answered, as a contact of its own."""

    channel: Channel
    topic: Code
    outcome: Outcome = Outcome.RESOLVED
    requester: Requester = Field(default_factory=Requester)


class QuickQuestions(Wire):
    """Small questions, logged at once: all of them, or none."""

    questions: list[QuickQuestion] = Field(min_length=1, max_length=QUICK_MAX)


class PersonSearch(Wire):
    """Whose contacts are looked for: by e-mail address or by phone number, as it was logged."""

    email: Email = None
    phone: Annotated[Phone, Field(validate_default=True)] = None

    @field_validator("phone")
    @classmethod
    def _either(cls, value: str | None, info: ValidationInfo) -> str | None:
        if "email" in info.data and (value is None) == (info.data["email"] is None):
            raise ValueError("geef een e-mailadres of een telefoonnummer")
        return value


class ReachabilityQuery(Wire):
    """From and to which local date, both included."""

    from_: Day = Field(alias="from", json_schema_extra={"example": "2026-11-23"})
    to: Day = Field(json_schema_extra={"example": "2026-11-27"})


class ContactsQuery(Page):
    """Which contacts: begun from one local date to another, about a topic or group, by channel, of an agent."""

    from_: Day | None = Field(None, alias="from", json_schema_extra={"example": "2026-11-23"})
    to: Day | None = Field(None, json_schema_extra={"example": "2026-11-27"})
    topic: FilterCode = ""
    channel: Channel | Literal[""] = ""
    agent: Annotated[str, StringConstraints(max_length=80)] = ""
    open: bool = Field(False, description="Only those that are not finished.")
