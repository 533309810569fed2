"""Administrators' pages of topics: the tree, one topic, and what moving, merging and ending it touches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic.alias_generators import to_camel
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import principal_of, serves
from kcc.catalogue import changing, topics
from kcc.catalogue.impact import Impact, asked_about, counts, impact
from kcc.catalogue.models import Topic
from kcc.catalogue.pages import ADMINISTRATOR, CODE, LIST, NAME, PageRequest, form_page, found
from kcc.catalogue.schemas import Merge, NewTopic, TopicContent
from kcc.errors import DomainError, NotFound
from kcc.web import forms
from kcc.web.forms import Input
from kcc.web.requests import checked
from kcc.web.routing import Route
from kcc.web.templating import render

NOUN = "dit onderwerp"
SAVED = {
    "opgeslagen": "Opgeslagen",
    "verwijderd": "Verwijderd",
    "samengevoegd": "Samengevoegd. De vragen van vroeger tellen nu bij het andere onderwerp.",
}
NAME_EN = Input("nameEn", "Naam in het Engels", hint="Voor de Engelse pagina’s. Leeg: daar staat de Nederlandse naam.")
CONFIRMED = "bevestigd"


@dataclass(frozen=True)
class Line:
    """A topic in the tree; `counts`: for first-contact resolution, by itself and by its group."""

    topic: Topic
    questions: int
    counts: bool


@serves(ADMINISTRATOR)
async def all_topics(request: PageRequest) -> Response:
    """Groups with their topics, and the departments."""
    return await _list(request)


async def _list(request: PageRequest, refused: str | None = None, status: int = 200) -> Response:
    async with request.state["database"].reading() as session:
        known = await topics.topics_by_code(session)
        departments = await topics.departments(session)
        asked = await _asked(request, session)
    lines = [Line(row, asked[row.code], counts(row, known)) for row in known.values()]
    groups = [(line, [one for one in lines if one.topic.parent == line.topic.code]) for line in lines]
    context = {
        "groups": [(group, within) for group, within in groups if group.topic.parent is None],
        "departments": departments,
        "names": {department.code: department.name for department in departments},
        "year": request.state["clock"].today().year,
        "saved": SAVED.get(request.query_params.get("gelukt", "")),
        "refused": refused,
    }
    return render(request, "catalogue/topics.html", context, status=status)


async def _asked(request: PageRequest, session: AsyncSession) -> Mapping[str, int]:
    """How many questions about each topic this year."""
    clock = request.state["clock"]
    begin, end = clock.bounds(date(clock.today().year, 1, 1), clock.today())
    return await asked_about(session, request.state["topic_questions"], begin, end)


async def _impact(request: PageRequest, session: AsyncSession, row: Topic, known: Mapping[str, Topic]) -> Impact:
    within = [row.code, *(one.code for one in known.values() if one.parent == row.code)]
    return await impact(session, within, await _asked(request, session), request.state["topic_articles"])


@serves(ADMINISTRATOR)
async def topic(request: PageRequest) -> Response:
    """The form of a topic or group. Another group or department is asked about before it is saved."""
    code = request.path_params.get("code")
    async with request.state["database"].reading() as session:
        known = await topics.topics_by_code(session)
        departments = [(department.code, department.name) for department in await topics.departments(session)]
        row = found(known.get(code), code) if code else None
        touched = await _impact(request, session, row, known) if row else None
    inputs = _inputs(row, known, departments)
    title = row.name if row else "Nieuw onderwerp"
    ending = {"has_topics": any(one.parent == code for one in known.values())} if row else None
    if request.method == "GET":
        stored = row.model_dump() if row else {"counts_for_first_contact": True}
        values = forms.filled(inputs, {to_camel(name): value for name, value in stored.items()})
        return form_page(request, title, NOUN, inputs, values, {}, row, ending=ending)
    async with request.form(max_files=0, max_fields=200) as sent:
        try:
            content: Any = checked(TopicContent if row else NewTopic, forms.body(inputs, sent))
            if row and touched and CONFIRMED not in sent:
                said = _what_moves(row, content, known, dict(departments))
                if said:
                    return _confirm_move(request, row, said, touched, inputs, sent)
            await _save(request, row, content)
        except NotFound:
            raise
        except DomainError as error:
            errors = forms.errors_by_field(inputs, error)
            shown = forms.shown(inputs, sent)
            return form_page(request, title, NOUN, inputs, shown, errors, row, error.status, ending=ending)
    return RedirectResponse(f"{LIST}?gelukt=opgeslagen", 303)


def _inputs(row: Topic | None, known: Mapping[str, Topic], departments: Sequence[tuple[str, str]]) -> Sequence[Input]:
    groups = [(group.code, group.name) for group in known.values() if group.parent is None and group is not row]
    fields = [
        NAME,
        NAME_EN,
        Input("parent", "Groep", "choice", options=[("", "geen: dit is zelf een groep"), *groups], required=True),
        Input("department", "Vakafdeling", "choice", options=departments, required=True),
        Input("countsForFirstContact", "Telt mee voor ‘in eerste contact afgehandeld’", "switch"),
        Input("position", "Plaats in de lijst", "number"),
    ]
    return fields if row else [CODE, *fields]


async def _save(request: PageRequest, row: Topic | None, content: Any) -> None:
    async with request.state["database"].writing() as session:
        if row is None:
            await changing.create_topic(session, content)
            return
        moved = await changing.replace_topic(session, row.code, content)
        now = request.state["clock"].now()
        await request.state["follow_topics"](session, moved.regrouped, moved.reassigned, _author(request), now)


def _author(request: PageRequest) -> str:
    principal = principal_of(request)
    return principal.name if principal else ""


def _what_moves(
    row: Topic, content: TopicContent, known: Mapping[str, Topic], departments: Mapping[str, str]
) -> list[str]:
    """In sentences what becomes of figures and articles when this is saved; nothing when that is nothing.

    What cannot be saved is told by saving it.
    """
    said = []
    after = Topic(**content.model_dump(exclude={"position"}), code=row.code)
    if content.parent != row.parent:
        new = known.get(content.parent or "")
        has_topics = any(one.parent == row.code for one in known.values())
        if content.parent is not None and (new is None or new.parent is not None or has_topics):
            return []
        where = f"onder de groep {new.name}" if new else "als een groep"
        said.append(f"De vragen van nu en van vroeger tellen in cijfers {where}.")
        said.append("De artikelen staan daar ook.")
    if counts(row, known) != counts(after, known):
        do = "tellen mee" if counts(after, known) else "tellen niet meer mee"
        said.append(f"De vragen {do} voor ‘in eerste contact afgehandeld’, ook die van vroeger.")
    if content.department != row.department and content.department in departments:
        said.append(
            f"Artikelen zonder eigen vakafdeling gaan naar {departments[content.department]}, en nieuwe "
            "doorverbindingen ook. Wat eerder is doorverbonden, blijft staan."
        )
    return said


def _confirm_move(
    request: PageRequest, row: Topic, said: Sequence[str], touched: Impact, inputs: Sequence[Input], sent: FormData
) -> Response:
    hidden = [(item.name, str(sent[item.name])) for item in inputs if item.name in sent]
    return _confirm(request, row, f"{row.name} wijzigen?", said, touched, hidden, "Ja, wijzig")


def _confirm(
    request: PageRequest,
    row: Topic,
    title: str,
    said: Sequence[str],
    touched: Impact,
    hidden: Sequence[tuple[str, str]],
    button: str,
) -> Response:
    context = {
        "title": title,
        "item": row,
        "said": said,
        "touched": touched,
        "hidden": [*hidden, (CONFIRMED, "ja")],
        "button": button,
        "year": request.state["clock"].today().year,
    }
    return render(request, "catalogue/confirm.html", context)


@serves(ADMINISTRATOR)
async def merge(request: PageRequest) -> Response:
    """Let a topic become part of another: first which, then what that touches, then it is done."""
    code = request.path_params["code"]
    async with request.state["database"].reading() as session:
        known = await topics.topics_by_code(session)
        row = found(known.get(code), code)
        touched = await _impact(request, session, row, known)
    # A group can become part of a group too; a topic only of a topic.
    others = [one for one in known.values() if one is not row and (one.parent or row.parent is None)]
    options = [("", "Kies een onderwerp"), *((one.code, " – ".join(topics.path_of(known, one.code))) for one in others)]
    inputs = [Input("target", "Het gaat op in", "choice", options=options, required=True)]
    if request.method == "GET":
        return _merge_form(request, row, touched, inputs, {"target": ""}, {})
    async with request.form(max_files=0, max_fields=200) as sent:
        try:
            asked = checked(Merge, forms.body(inputs, sent))
            if CONFIRMED not in sent and asked.target in {one.code for one in others}:
                names = topics.told_apart(known, (code, asked.target))
                said = _what_merges(row, known[asked.target], known, names)
                hidden = [("target", asked.target)]
                title = f"{names[code]} samenvoegen met {names[asked.target]}?"
                return _confirm(request, row, title, said, touched, hidden, "Ja, voeg samen")
            await _merge(request, code, asked.target)
        except NotFound:
            raise
        except DomainError as error:
            errors = forms.errors_by_field(inputs, error)
            return _merge_form(request, row, touched, inputs, forms.shown(inputs, sent), errors, error.status)
    return RedirectResponse(f"{LIST}?gelukt=samengevoegd", 303)


def _what_merges(row: Topic, other: Topic, known: Mapping[str, Topic], names: Mapping[str, str]) -> list[str]:
    said = [
        f"{names[row.code]} is niet meer te kiezen. Dat is op het scherm niet ongedaan te maken.",
        f"De vragen van nu en van vroeger tellen in cijfers bij {names[other.code]}. Het totaal blijft gelijk.",
        f"De artikelen krijgen {names[other.code]} als onderwerp.",
    ]
    if counts(row, known) != counts(other, known):
        do = "tellen dan mee" if counts(other, known) else "tellen dan niet meer mee"
        said.append(f"De vragen {do} voor ‘in eerste contact afgehandeld’, ook die van vroeger.")
    return said


async def _merge(request: PageRequest, code: str, target: str) -> None:
    principal, now = principal_of(request), request.state["clock"].now()
    async with request.state["database"].writing() as session:
        await changing.merge_topic(session, code, target, principal.key if principal else "", now)
        await request.state["follow_merge"](session, code, target, _author(request), now)


def _merge_form(
    request: PageRequest,
    row: Topic,
    touched: Impact,
    inputs: Sequence[Input],
    values: Mapping[str, Any],
    errors: Mapping[str, str],
    status: int = 200,
) -> Response:
    context = {"item": row, "touched": touched, "inputs": inputs, "values": values, "errors": errors}
    context["year"] = request.state["clock"].today().year
    return render(request, "catalogue/merge.html", context, status=status)


@serves(ADMINISTRATOR)
async def remove_topic(request: PageRequest) -> Response:
    """A topic nothing is about goes."""
    try:
        async with request.state["database"].writing() as session:
            await changing.remove_topic(session, request.path_params["code"])
    except NotFound:
        raise
    except DomainError as error:
        return await _list(request, error.detail, error.status)
    return RedirectResponse(f"{LIST}?gelukt=verwijderd", 303)


BOTH = ["GET", "POST"]
routes = [
    Route(LIST, all_topics),
    Route(f"{LIST}/nieuw", topic, methods=BOTH),
    Route(f"{LIST}/{{code}}", topic, methods=BOTH),
    Route(f"{LIST}/{{code}}/samenvoegen", merge, methods=BOTH),
    Route(f"{LIST}/{{code}}/verwijderen", remove_topic, methods=["POST"]),
]
