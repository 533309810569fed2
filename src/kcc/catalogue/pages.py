"""Administrators' pages of departments, and the form that topics have too."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic.alias_generators import to_camel
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import serves
from kcc.access.roles import Role
from kcc.catalogue import changing, topics
from kcc.catalogue.schemas import DepartmentContent, NewDepartment
from kcc.catalogue.state import CatalogueState
from kcc.errors import DomainError, NotFound
from kcc.web import forms
from kcc.web.forms import Input
from kcc.web.requests import checked
from kcc.web.routing import Route
from kcc.web.templating import render

PageRequest = Request[CatalogueState]
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
# Topics and departments stand on one page.
LIST = "/beheer/onderwerpen"
DEPARTMENTS = "/beheer/vakafdelingen"
NOUN = "deze vakafdeling"
CODE = Input(
    "code", "Code", hint="Kort en blijvend, voor adressen en koppelingen: kleine letters en streepjes.", required=True
)
NAME = Input("name", "Naam", required=True)
EMAIL = Input("email", "E-mailadres", hint="Hier komen terugbelverzoeken binnen.")
LEAD_EMAIL = Input(
    "leadEmail", "E-mailadres van de leidinggevende", hint="Hoort van een terugbelverzoek dat te lang blijft liggen."
)


@serves(ADMINISTRATOR)
async def department(request: PageRequest) -> Response:
    """The form of a department."""
    code = request.path_params.get("code")
    async with request.state["database"].reading() as session:
        known = {row.code: row for row in await topics.departments(session)}
    row = found(known.get(code), code) if code else None
    fields = [NAME, EMAIL, LEAD_EMAIL]
    inputs = fields if row else [CODE, *fields]
    title = row.name if row else "Nieuwe vakafdeling"
    if request.method == "GET":
        stored = row.model_dump() if row else {}
        values = forms.filled(inputs, {to_camel(name): value for name, value in stored.items()})
        return form_page(request, title, NOUN, inputs, values, {}, row)
    async with request.form(max_files=0, max_fields=200) as sent:
        try:
            content: Any = checked(DepartmentContent if row else NewDepartment, forms.body(inputs, sent))
            async with request.state["database"].writing() as session:
                if row is None:
                    await changing.create_department(session, content)
                else:
                    await changing.replace_department(session, row.code, content)
        except NotFound:
            raise
        except DomainError as error:
            errors = forms.errors_by_field(inputs, error)
            return form_page(request, title, NOUN, inputs, forms.shown(inputs, sent), errors, row, error.status)
    return RedirectResponse(f"{LIST}?gelukt=opgeslagen", 303)


def form_page(
    request: PageRequest,
    title: str,
    noun: str,
    inputs: Sequence[Input],
    values: Mapping[str, Any],
    errors: Mapping[str, str],
    row: Any,
    status: int = 200,
    *,
    refused: str | None = None,
    ending: Mapping[str, Any] | None = None,
) -> Response:
    """The form of one thing, a new one when `row` is None; `ending` tells how a topic can end."""
    context = {"title": title, "noun": noun, "inputs": inputs, "values": values, "errors": errors, "item": row}
    return render(request, "catalogue/form.html", context | {"refused": refused, "ending": ending}, status=status)


def found(row: Any, code: str) -> Any:
    """The row. Raises NotFound for none."""
    if row is None:
        raise NotFound(f"{code} bestaat niet (meer)")
    return row


@serves(ADMINISTRATOR)
async def remove_department(request: PageRequest) -> Response:
    """A department that nothing names goes."""
    code = request.path_params["code"]
    try:
        async with request.state["database"].writing() as session:
            await changing.remove_department(session, code)
    except NotFound:
        raise
    except DomainError as error:
        async with request.state["database"].reading() as session:
            row = {row.code: row for row in await topics.departments(session)}.get(code)
        row, values = found(row, code), forms.filled([NAME], row.model_dump() if row else {})
        return form_page(request, row.name, NOUN, [NAME], values, {}, row, error.status, refused=error.detail)
    return RedirectResponse(f"{LIST}?gelukt=verwijderd", 303)


BOTH = ["GET", "POST"]
routes = [
    Route(f"{DEPARTMENTS}/nieuw", department, methods=BOTH),
    Route(f"{DEPARTMENTS}/{{code}}", department, methods=BOTH),
    Route(f"{DEPARTMENTS}/{{code}}/verwijderen", remove_department, methods=["POST"]),
]
