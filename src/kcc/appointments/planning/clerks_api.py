"""JSON endpoints of what counter clerks help with."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.access.roles import Role
from kcc.appointments.planning.clerk_schemas import ClerkItem, ClerkList, ClerkProducts, clerk_item
from kcc.appointments.planning.clerks import clerks, set_products
from kcc.appointments.state import AppointmentState
from kcc.web.answers import private
from kcc.web.openapi import operation
from kcc.web.paging import Page, next_page
from kcc.web.requests import read_json, read_query
from kcc.web.routing import Route

TAG = "Beheer van afspraken"
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
StateRequest = Request[AppointmentState]
CLERK: dict[str, Any] = {"name": "balie", "displayName": "Demo baliemedewerker", "products": ["paspoort"]}


@serves(ADMINISTRATOR)
@operation(
    summary="List the counter clerks",
    tag=TAG,
    query=Page,
    response=ClerkList,
    example={"total": 1, "next": None, "results": [CLERK]},
)
async def list_clerks(request: StateRequest) -> Response:
    """Every active account with the role, and what it helps with."""
    query = read_query(request, Page)
    async with request.state["database"].reading() as session:
        found = [clerk_item(clerk) for clerk in await clerks(session)]
    following = next_page(request, query.limit, query.offset, len(found))
    results = found[query.offset : query.offset + query.limit]
    return private(ClerkList(total=len(found), next=following, results=results))


@serves(ADMINISTRATOR)
@operation(
    summary="Say what a counter clerk helps with",
    tag=TAG,
    body=ClerkProducts,
    body_example={"products": ["paspoort"]},
    response=ClerkItem,
    example=CLERK,
    errors=(404, 409),
    path_parameters={"name": "balie"},
)
async def put_products(request: StateRequest) -> Response:
    """These products only, or everything when there are none."""
    asked = await read_json(request, ClerkProducts)
    async with request.state["database"].writing() as session:
        clerk = await set_products(session, request.path_params["name"], asked.products)
    return private(clerk_item(clerk))


routes = [
    Route("/api/v1/clerks", list_clerks),
    Route("/api/v1/clerks/{name}/products", put_products, methods=["PUT"]),
]
