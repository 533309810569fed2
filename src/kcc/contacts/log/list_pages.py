"""`/werk/contacten`: contacts of a day with what came of each; agents see their own of today, team leads all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import serves
from kcc.catalogue import topics
from kcc.catalogue.models import Topic
from kcc.catalogue.topics import path_of
from kcc.contacts.log import finishing, reading
from kcc.contacts.log.api import EARLIEST, LATEST, LOGGING, StateRequest, reader_of
from kcc.contacts.log.kinds import Channel, RequesterKind
from kcc.contacts.log.labels import CHANNELS, OUTCOMES, REQUESTERS, source_word
from kcc.contacts.log.queries import Logged, Wanted
from kcc.contacts.log.reading import Reader
from kcc.errors import DomainError, FieldError, InvalidInput, NotFound
from kcc.web import forms
from kcc.web.fields import Day, FilterCode
from kcc.web.forms import Input
from kcc.web.requests import Wire, checked
from kcc.web.routing import Route
from kcc.web.templating import render

ADDRESS = "/werk/contacten"
AT_ONCE, MOST_DAYS = 50, 366


class ListFilters(Wire):
    """The fields of the form; one left empty filters nothing."""

    topic: FilterCode = Field("", alias="onderwerp")
    channel: Channel | Literal[""] = Field("", alias="kanaal")
    requester: RequesterKind | Literal[""] = Field("", alias="vrager")
    first: Day | None = Field(None, alias="van")
    last: Day | None = Field(None, alias="tot")


@dataclass(frozen=True)
class Question:
    """A question as it is shown: what about, and what came of it."""

    topic: str
    outcome: str
    source: str


@dataclass(frozen=True)
class Row:
    """A contact as it is shown; nothing in it tells who asked."""

    id: int
    at: datetime
    channel: str
    requester: str
    agent: str
    open: bool
    own: bool
    may_reopen: bool
    questions: list[Question]


@serves(LOGGING)
async def contacts(request: StateRequest) -> Response:
    """The list, as the address asks for it."""
    return await _page(request, FormData(list(request.query_params.multi_items())))


async def _page(request: StateRequest, sent: FormData, refused: str | None = None, status: int = 200) -> Response:
    clock, reader = request.state["clock"], reader_of(request)
    today = clock.today()
    async with request.state["database"].reading() as session:
        known = await topics.topics_by_code(session)
        departments = await topics.department_names(session)
        inputs = _inputs(known, reader)
        asked, errors = checked(ListFilters, {}), dict[str, str]()
        try:
            asked = _checked(forms.body(inputs, sent), today)
        except DomainError as error:
            errors, status = forms.errors_by_field(inputs, error), 400
        last = asked.last or asked.first or today
        first = asked.first or last
        offset = _offset(sent)
        begin, end = clock.bounds(first, last)
        about = await reading.about(session, asked.topic) if asked.topic in known else None
        number = _number(sent)
        wanted = Wanted(
            begin=begin,
            end=end,
            topics=about,
            channel=Channel(asked.channel) if asked.channel else None,
            requester=RequesterKind(asked.requester) if asked.requester else None,
        )
        if number is not None:
            wanted = Wanted(contact=number)
        total, found = await reading.page(session, wanted, reader, AT_ONCE, offset)
        merges = await topics.merges(session)
    if number is not None and found:
        first = last = clock.local_date(found[0].contact.started_at)
    values = forms.shown(inputs, sent)
    chosen = {name: str(value) for name, value in values.items() if value and not errors}
    within = timedelta(minutes=request.state["settings"].contact_reopen_minutes)
    names = _Names(known, departments, merges)
    if reader.sees_all and not errors:
        values |= {"van": first.isoformat(), "tot": last.isoformat()}
    context: dict[str, Any] = {
        "inputs": inputs,
        "values": values,
        "errors": errors,
        "rows": [_row(one, names, reader, within, clock.now(), clock.timezone) for one in found],
        "total": total,
        "first": first,
        "last": last,
        "is_today": first == last == today,
        "sees_all": reader.sees_all,
        "number": number,
        "chosen": chosen,
        "narrowed": bool(asked.topic or asked.channel or asked.requester),
        "previous": _address(chosen, max(0, offset - AT_ONCE)) if offset else None,
        "next": _address(chosen, offset + AT_ONCE) if offset + AT_ONCE < total else None,
        "offset": offset,
        "reopened": sent.get("gelukt") == "heropend",
        "refused": refused,
    }
    response = render(request, "contacts/list.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _inputs(known: Mapping[str, Topic], reader: Reader) -> list[Input]:
    about = [("", "Alle onderwerpen")]
    for code, topic in known.items():
        about.append((code, topic.name if topic.parent is None else f"– {topic.name}"))
    inputs = [
        Input("onderwerp", "Onderwerp", "choice", options=about, required=True),
        Input("kanaal", "Kanaal", "choice", options=[("", "Alle kanalen"), *_pairs(CHANNELS)], required=True),
        Input("vrager", "Wie vroeg het", "choice", options=[("", "Iedereen"), *_pairs(REQUESTERS)], required=True),
    ]
    days = [Input("van", "Van", "date", required=True), Input("tot", "Tot en met", "date", required=True)]
    return [*inputs, *days] if reader.sees_all else inputs


def _pairs(labels: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(str(value), label) for value, label in labels.items()]


def _checked(body: Mapping[str, Any], today: date) -> ListFilters:
    asked = checked(ListFilters, body)
    last = asked.last or asked.first or today
    first = asked.first or last
    problem = None
    if not (EARLIEST <= first <= LATEST and EARLIEST <= last <= LATEST):
        problem = f"kies dagen van {EARLIEST.year} tot en met {LATEST.year}"
    elif last < first:
        problem = "deze dag ligt voor de eerste dag; kies een latere"
    elif (last - first).days >= MOST_DAYS:
        problem = f"kies ten hoogste {MOST_DAYS} dagen tegelijk"
    if problem:
        raise InvalidInput("Deze periode kan niet", [FieldError("body", "/tot", "impossible", problem)])
    return asked


def _offset(sent: FormData) -> int:
    value = sent.get("vanaf", "")
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 7 else 0


def _number(sent: FormData) -> int | None:
    """The one contact that is asked for."""
    value = sent.get("nummer", "")
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10 else None


def _address(chosen: Mapping[str, str], offset: int = 0, **more: str) -> str:
    query = {**chosen, **({"vanaf": str(offset)} if offset else {}), **more}
    return f"{ADDRESS}?{urlencode(query)}" if query else ADDRESS


@dataclass(frozen=True)
class _Names:
    topics: Mapping[str, Topic]
    departments: Mapping[str, str]
    merges: Mapping[str, str]

    def topic(self, code: str | None) -> str:
        """The path of a topic as it is today."""
        return " – ".join(path_of(self.topics, self.merges.get(code, code))) if code else "Zonder onderwerp"


def _row(logged: Logged, names: _Names, reader: Reader, within: timedelta, now: datetime, zone: Any) -> Row:
    contact = logged.contact
    assert contact.id is not None
    finished = contact.finished_at
    requester = REQUESTERS[contact.requester]
    if contact.department:
        requester = f"{requester}: {names.departments.get(contact.department, contact.department)}"
    return Row(
        id=contact.id,
        at=contact.started_at.astimezone(zone),
        channel=CHANNELS[contact.channel],
        requester=requester,
        agent=contact.agent,
        open=finished is None,
        own=contact.agent == reader.agent,
        may_reopen=finished is not None and (reader.sees_all or now - finished <= within),
        questions=[
            Question(
                topic=names.topic(one.topic),
                outcome=OUTCOMES[one.outcome] if one.outcome else "Nog open",
                source=source_word(one.source, tried=one.tried),
            )
            for one in logged.questions
        ],
    )


@serves(LOGGING)
async def reopen(request: StateRequest) -> Response:
    """Open a contact again, and show the same list."""
    contact, reader, now = request.path_params["id"], reader_of(request), request.state["clock"].now()
    within = timedelta(minutes=request.state["settings"].contact_reopen_minutes)
    async with request.form(max_files=0, max_fields=20) as sent:
        chosen = {name: str(sent[name]) for name in ("onderwerp", "kanaal", "vrager", "van", "tot") if sent.get(name)}

    async def work(session: AsyncSession) -> None:
        await finishing.reopen(session, contact, reader, within, now)

    try:
        await request.state["database"].transact(work)
    except NotFound:
        raise
    except DomainError as error:
        return await _page(request, FormData(list(chosen.items())), error.detail, error.status)
    return RedirectResponse(_address(chosen, gelukt="heropend"), 303)


routes = [
    Route(ADDRESS, contacts),
    Route(f"{ADDRESS}/{{id:int}}/heropenen", reopen, methods=["POST"]),
]
