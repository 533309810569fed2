"""Administrators' pages of the catalogue: topics and departments."""

from collections.abc import Sequence
from typing import Any

from pydantic.alias_generators import to_camel
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import principal_of, serves
from kcc.access.roles import Role
from kcc.catalogue import changing, topics
from kcc.catalogue.schemas import DepartmentContent, NewDepartment, NewTopic, TopicContent
from kcc.catalogue.state import CatalogueState
from kcc.errors import DomainError, NotFound
from kcc.web import forms
from kcc.web.forms import Input
from kcc.web.requests import checked
from kcc.web.routing import Route
from kcc.web.templating import render

PageRequest = Request[CatalogueState]
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
LIST = "/beheer/onderwerpen"
DEPARTMENTS = "/beheer/vakafdelingen"
SAVED = {"opgeslagen": "Opgeslagen", "verwijderd": "Verwijderd"}
CODE = Input(
    "code", "Code", hint="Kort en blijvend, voor adressen en koppelingen: kleine letters en streepjes.", required=True
)
NAME = Input("name", "Naam", required=True)
NAME_EN = Input("nameEn", "Naam in het Engels", hint="Voor de Engelse pagina’s. Leeg: daar staat de Nederlandse naam.")


@serves(ADMINISTRATOR)
async def all_topics(request: PageRequest) -> Response:
    """Groups with their topics, and the departments."""
    return await _list(request)


async def _list(request: PageRequest, refused: str | None = None, status: int = 200) -> Response:
    async with request.state["database"].reading() as session:
        rows, departments = await topics.topics(session), await topics.departments(session)
    context = {
        "groups": [(row, [topic for topic in rows if topic.parent == row.code]) for row in rows if row.parent is None],
        "departments": departments,
        "names": {department.code: department.name for department in departments},
        "saved": SAVED.get(request.query_params.get("gelukt", "")),
        "refused": refused,
    }
    return render(request, "catalogue/topics.html", context, status=status)


@serves(ADMINISTRATOR)
async def topic(request: PageRequest) -> Response:
    """The form of a topic or group."""
    code = request.path_params.get("code")
    async with request.state["database"].reading() as session:
        known = await topics.topics_by_code(session)
        departments = [(department.code, department.name) for department in await topics.departments(session)]
    row = _found(known.get(code), code) if code else None
    groups = [(group.code, group.name) for group in known.values() if group.parent is None and group.code != code]
    fields = [
        NAME,
        NAME_EN,
        Input("parent", "Groep", "choice", options=[("", "geen: dit is zelf een groep"), *groups], required=True),
        Input("department", "Vakafdeling", "choice", options=departments, required=True),
        Input("countsForFirstContact", "Telt mee voor ‘in eerste contact afgehandeld’", "switch"),
        Input("position", "Plaats in de lijst", "number"),
    ]
    inputs = fields if row else [CODE, *fields]
    stored = row.model_dump() if row else {"counts_for_first_contact": True}
    values = forms.filled(inputs, {to_camel(name): value for name, value in stored.items()})
    title = row.name if row else "Nieuw onderwerp"
    if request.method == "GET":
        return _form(request, title, "dit onderwerp", inputs, values, {}, row)

    async def save(data: dict[str, Any]) -> None:
        content: Any = checked(TopicContent if row else NewTopic, data)
        async with request.state["database"].writing() as session:
            if row is None:
                await changing.create_topic(session, content)
                return
            moved = await changing.replace_topic(session, row.code, content)
            principal = principal_of(request)
            author, now = principal.name if principal else "", request.state["clock"].now()
            await request.state["follow_topics"](session, moved.regrouped, moved.reassigned, author, now)

    return await _save(request, title, "dit onderwerp", inputs, row, save)


@serves(ADMINISTRATOR)
async def department(request: PageRequest) -> Response:
    """The form of a department."""
    code = request.path_params.get("code")
    async with request.state["database"].reading() as session:
        known = {row.code: row for row in await topics.departments(session)}
    row = _found(known.get(code), code) if code else None
    inputs = [NAME] if row else [CODE, NAME]
    title = row.name if row else "Nieuwe vakafdeling"
    if request.method == "GET":
        values = forms.filled(inputs, row.model_dump() if row else {})
        return _form(request, title, "deze vakafdeling", inputs, values, {}, row)

    async def save(data: dict[str, Any]) -> None:
        content: Any = checked(DepartmentContent if row else NewDepartment, data)
        async with request.state["database"].writing() as session:
            if row is None:
                await changing.create_department(session, content)
            else:
                await changing.replace_department(session, row.code, content)

    return await _save(request, title, "deze vakafdeling", inputs, row, save)


async def _save(request: PageRequest, title: str, noun: str, inputs: Sequence[Input], row: Any, save: Any) -> Response:
    async with request.form(max_files=0, max_fields=200) as sent:
        try:
            await save(forms.body(inputs, sent))
        except NotFound:
            raise
        except DomainError as error:
            errors = forms.errors_by_field(inputs, error)
            return _form(request, title, noun, inputs, forms.shown(inputs, sent), errors, row, error.status)
    return RedirectResponse(f"{LIST}?gelukt=opgeslagen", 303)


def _form(
    request: PageRequest,
    title: str,
    noun: str,
    inputs: Sequence[Input],
    values: dict[str, Any],
    errors: dict[str, str],
    row: Any,
    status: int = 200,
) -> Response:
    context = {"title": title, "noun": noun, "inputs": inputs, "values": values, "errors": errors, "item": row}
    return render(request, "catalogue/form.html", context, status=status)


def _found(row: Any, code: str) -> Any:
    if row is None:
        raise NotFound(f"{code} bestaat niet (meer)")
    return row


@serves(ADMINISTRATOR)
async def remove_topic(request: PageRequest) -> Response:
    """A topic nothing is about goes."""
    return await _remove(request, changing.remove_topic)


@serves(ADMINISTRATOR)
async def remove_department(request: PageRequest) -> Response:
    """A department that nothing names goes."""
    return await _remove(request, changing.remove_department)


async def _remove(request: PageRequest, remove: Any) -> Response:
    try:
        async with request.state["database"].writing() as session:
            await remove(session, request.path_params["code"])
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
    Route(f"{LIST}/{{code}}/verwijderen", remove_topic, methods=["POST"]),
    Route(f"{DEPARTMENTS}/nieuw", department, methods=BOTH),
    Route(f"{DEPARTMENTS}/{{code}}", department, methods=BOTH),
    Route(f"{DEPARTMENTS}/{{code}}/verwijderen", remove_department, methods=["POST"]),
]
