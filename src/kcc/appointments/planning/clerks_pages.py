"""Administrators' pages of what counter clerks help with."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import serves
from kcc.access.roles import Role
from kcc.appointments.availability.plan import Plan
from kcc.appointments.planning.clerk_schemas import ClerkProducts
from kcc.appointments.planning.clerks import Clerk, clerk_by_id, clerks, set_products
from kcc.appointments.state import AppointmentState
from kcc.errors import DomainError, FieldError, InvalidInput, NotFound
from kcc.web import forms
from kcc.web.forms import Input
from kcc.web.requests import checked
from kcc.web.routing import Route
from kcc.web.templating import render

PageRequest = Request[AppointmentState]
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
LIST = "/beheer/baliemedewerkers"
EVERYTHING, CHOSEN = "alles", "gekozen"


@serves(ADMINISTRATOR)
async def all_clerks(request: PageRequest) -> Response:
    """Everybody with the role, and what they help with."""
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        found = await clerks(session)
    names = dict(_products(plan))
    rows = [(clerk, [names.get(code, code) for code in clerk.products]) for clerk in found]
    context = {"rows": rows, "saved": request.query_params.get("gelukt") == "opgeslagen"}
    return render(request, "appointments/plan/clerks.html", context)


@serves(ADMINISTRATOR)
async def clerk(request: PageRequest) -> Response:
    """The form of one clerk."""
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        found = await clerk_by_id(session, request.path_params["id"])
    inputs = _inputs(plan)
    if request.method == "GET":
        helps = CHOSEN if found.products else EVERYTHING
        return _form(request, found, inputs, {"helps": helps, "products": list(found.products)}, {})
    async with request.form(max_files=0, max_fields=200) as sent:
        try:
            products = _chosen(forms.body(inputs, sent))
            async with request.state["database"].writing() as session:
                await set_products(session, found.name, products)
        except NotFound:
            raise
        except DomainError as error:
            errors = forms.errors_by_field(inputs, error)
            return _form(request, found, inputs, forms.shown(inputs, sent), errors, error.status)
    return RedirectResponse(f"{LIST}?gelukt=opgeslagen", 303)


def _chosen(sent: Mapping[str, Any]) -> list[str]:
    """The only products, none for everything. Raises InvalidInput when it says neither, or both."""
    if sent.get("helps") == EVERYTHING:
        if sent["products"]:
            raise _wrong(
                "helps",
                "‘alles’ is gekozen, en er staan ook producten aangevinkt. Wat bedoelt u? Kies ‘alleen de producten"
                " hieronder’, of haal de vinkjes weg",
            )
        return []
    if sent.get("helps") != CHOSEN:
        raise _wrong("helps", "kies er een")
    content = checked(ClerkProducts, {"products": sent["products"]})
    if not content.products:
        raise _wrong("products", "kies ten minste één product, of kies hierboven ‘alles’")
    return content.products


def _wrong(name: str, detail: str) -> InvalidInput:
    return InvalidInput("Niet goed ingevuld", [FieldError("body", f"/{name}", "missing-choice", detail)])


def _products(plan: Plan) -> list[tuple[str, str]]:
    return [(code, product.terms[-1].name) for code, product in plan.products.items() if product.terms]


def _inputs(plan: Plan) -> list[Input]:
    helps = [(EVERYTHING, "alles"), (CHOSEN, "alleen de producten hieronder")]
    return [
        Input("helps", "Helpt bij", "choice", options=helps, required=True),
        Input("products", "Deze producten", "choices", options=_products(plan), required=True),
    ]


def _form(
    request: PageRequest,
    found: Clerk,
    inputs: Sequence[Input],
    values: Mapping[str, Any],
    errors: Mapping[str, str],
    status: int = 200,
) -> Response:
    context = {"clerk": found, "inputs": inputs, "values": values, "errors": errors}
    return render(request, "appointments/plan/clerk.html", context, status=status)


routes = [
    Route(LIST, all_clerks),
    Route(f"{LIST}/{{id:int}}", clerk, methods=["GET", "POST"]),
]
