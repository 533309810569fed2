"""The form of the contact panel, as it comes from the page, and as the log takes it."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import ConfigDict, Field, Json, StringConstraints

from kcc.contacts.log.kinds import Channel, RequesterKind
from kcc.contacts.log.schemas import (
    CaseNumber,
    ContactChange,
    Email,
    NewContact,
    Note,
    Phone,
    QuestionChange,
    QuestionContent,
    Requester,
    Slug,
)
from kcc.contacts.log.schemas import Name as PersonName
from kcc.desk.contact.words import Deed
from kcc.errors import DomainError
from kcc.knowledge.searching import QUERY_MAX
from kcc.web.fields import Code
from kcc.web.requests import Wire, checked

LONGEST = 4 * 3600
Number = Annotated[int, Field(ge=1, le=2_147_483_647)]
# What is wrong: the id of the field where it is put right, and a sentence.
Errors = list[tuple[str, str]]
FIELDS = {
    "topic": "onderwerp",
    "note": "notitie",
    "channel": "kanaal",
    "kind": "soort",
    "requester": "soort",
    "ownDepartment": "eigen-afdeling",
    "department": "afdeling",
    "name": "naam",
    "email": "email",
    "phone": "telefoon",
    "caseNumber": "zaaknummer",
}
# What the log's words for programs are on the screen.
SAID = {
    "bsn-suspected": "Is dit een BSN? Haal het getal weg, of zeg hieronder dat het geen BSN is",
    "topic": "Kies een onderwerp, of open een artikel",
    "ownDepartment": "Kies de afdeling van de collega",
}


class PanelForm(Wire):
    """All that stands in the panel. Without `contact` none has begun; `elapsed`: seconds since the article opened.

    `q` are the words that the page came with; `searched`: words stand in the search field now.
    """

    model_config = ConfigDict(extra="ignore")

    do: Deed = Deed.SAVE
    contact: Number | None = None
    question: Number | None = None
    call: Number | None = None
    key: Annotated[str, StringConstraints(max_length=100)] = ""
    elapsed: Annotated[int, Field(ge=0)] = 0
    topic: Code | None = None
    department: Code | None = None
    colleague: bool = False
    note: Note = ""
    bsn: bool = False
    channel: Channel = Channel.PHONE
    kind: RequesterKind = RequesterKind.RESIDENT
    own_department: Code | None = None
    name: PersonName = None
    email: Email = None
    phone: Phone = None
    case_number: CaseNumber | None = None
    article: Slug | None = None
    product: Code | None = None
    q: Annotated[str, StringConstraints(max_length=QUERY_MAX)] = ""
    searched: bool = False
    # What was kept when the panel was shown, by the names of the form: what differs from it was changed here.
    shown: Json[dict[str, str]] | None = None
    # What this window sent last to be kept: the answer may not be there yet, or be lost.
    sent: Json[dict[str, str]] | None = None

    @property
    def seconds(self) -> int:
        """How long ago it began, as far as that can be believed."""
        return min(self.elapsed, LONGEST)


def read(typed: Mapping[str, str]) -> PanelForm:
    """The form that was sent. Raises InvalidInput."""
    return checked(PanelForm, {name: value for name, value in typed.items() if value.strip()})


def requester(form: PanelForm) -> Requester:
    """Who asks. Raises InvalidInput when a colleague has no department."""
    own = form.kind is RequesterKind.OWN_ORGANISATION
    return checked(
        Requester,
        {
            "kind": form.kind,
            "department": form.own_department if own else None,
            "name": form.name,
            "email": form.email,
            "phone": form.phone,
        },
    )


def question(form: PanelForm) -> QuestionChange:
    """What is said of the question that the panel shows. A topic that is not chosen stays what it was."""
    said = {
        "id": form.question,
        "articles": [form.article] if form.article and form.do is not Deed.REMOVE_QUESTION else [],
        "department": form.department,
        "asked_colleague": form.colleague,
        "note": form.note,
        "bsn_confirmed_not": form.bsn,
    }
    if form.searched or form.q:
        said["searched"] = True
    if form.topic:
        said["topic"] = form.topic
    if form.do.outcome:
        said["outcome"] = form.do.outcome
    if form.do.reached is not None:
        said["reached"] = form.do.reached
    return QuestionChange.model_validate(said)


def change(form: PanelForm) -> ContactChange:
    """The form as a change of the contact that is open."""
    return ContactChange(
        channel=form.channel,
        requester=requester(form),
        case_number=form.case_number or "",
        questions=[question(form)],
    )


def new_contact(form: PanelForm) -> NewContact:
    """The form as a contact of which nothing was kept yet; it ends at once when its question does."""
    content = question(form).model_dump(exclude={"id"}, exclude_unset=True)
    questions = [QuestionContent.model_validate(content)]
    if form.do is Deed.NEXT_QUESTION:
        questions.append(QuestionContent())
    return NewContact(
        channel=form.channel,
        call_id=form.call,
        requester=requester(form),
        case_number=form.case_number,
        questions=questions,
        finish=form.do.outcome is not None,
    )


def told(error: DomainError) -> Errors:
    """An error of the log, each part of it at the field it is about."""
    if not error.errors:
        return [("contact", error.detail)]
    found = []
    for item in error.errors:
        name = item.location.rpartition("/")[2]
        if name == "department" and (item.location.startswith("/requester") or item.location == "/department"):
            name = "ownDepartment"
        elsewhere = item.detail if item.code == "kept-elsewhere" else None
        sentence = elsewhere or SAID.get(item.code) or SAID.get(name) or item.detail
        found.append((FIELDS.get(name, "contact"), sentence[:1].upper() + sentence[1:]))
    return found
