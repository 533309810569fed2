"""JSON endpoints about targets."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves, who
from kcc.service_levels.api import TAG
from kcc.service_levels.state import LEADS, ServiceLevelState
from kcc.service_levels.target_schemas import (
    TargetContent,
    TargetItem,
    TargetList,
    TargetsQuery,
    default_item,
    target_item,
)
from kcc.service_levels.targets import keeping, reading
from kcc.service_levels.targets.defaults import defaults
from kcc.service_levels.targets.history import Metric
from kcc.web.answers import private
from kcc.web.openapi import operation
from kcc.web.paging import next_page
from kcc.web.requests import read_json, read_query
from kcc.web.routing import Route

StateRequest = Request[ServiceLevelState]
TARGETS = "/api/v1/targets"
CONTENT: dict[str, Any] = {
    "metric": "service-level",
    "scope": {},
    "validFrom": "2027-01-01",
    "level": 80,
    "threshold": 30,
    "variant": "offered",
}
NOWHERE = {"queue": None, "topic": None, "department": None, "product": None, "location": None}
ITEM: dict[str, Any] = {
    "id": 1,
    **CONTENT,
    "scope": NOWHERE,
    "until": None,
    "setBy": "Tess de Boer",
    "setAt": "2026-11-24T09:00:00Z",
}
LIST: dict[str, Any] = {
    "total": 1,
    "next": None,
    "results": [ITEM],
    "defaults": [{"metric": "service-level", "level": 80, "threshold": 30, "variant": "offered"}],
}


@serves(LEADS)
@operation(summary="What is promised, was and will be", tag=TAG, query=TargetsQuery, response=TargetList, example=LIST)
async def list_targets(request: StateRequest) -> Response:
    """Every target with its history, of one metric when given."""
    query = read_query(request, TargetsQuery)
    metric = Metric(query.metric) if query.metric else None
    async with request.state["database"].reading() as session:
        found = await reading.listed(session, metric)
    usual = defaults(request.state["settings"])
    page = found[query.offset : query.offset + query.limit]
    return private(
        TargetList(
            total=len(found),
            next=next_page(request, query.limit, query.offset, len(found)),
            results=[target_item(row, until) for row, until in page],
            defaults=[default_item(one, norm) for one, norm in usual.items() if metric in (None, one)],
        )
    )


@serves(LEADS)
@operation(
    summary="Set a target",
    tag=TAG,
    body=TargetContent,
    body_example=CONTENT,
    response=TargetItem,
    example=ITEM,
    errors=(404, 409, 413),
)
async def put_target(request: StateRequest) -> Response:
    """What is promised from a day on. Once more for the same metric, scope and day replaces it."""
    new = (await read_json(request, TargetContent)).kept
    state, by = request.state, who(request).name

    async def work(session: AsyncSession) -> TargetItem:
        known = await reading.known(session, await state["planner"].plan(session))
        row = await keeping.keep(session, new, known, state["clock"], by, replace=True)
        listed = await reading.listed(session, new.metric)
        return next(target_item(one, until) for one, until in listed if one.id == row.id)

    return private(await state["database"].transact(work))


@serves(LEADS)
@operation(
    summary="Take a target back",
    tag=TAG,
    response=None,
    example=None,
    status=204,
    path_parameters={"id": "1"},
    errors=(404, 409),
)
async def remove_target(request: StateRequest) -> Response:
    """One that begins today or later goes; what was before it holds on."""
    number, clock = request.path_params["id"], request.state["clock"]
    await request.state["database"].transact(lambda session: keeping.take_back(session, number, clock))
    return Response(status_code=204)


routes = [
    Route(TARGETS, list_targets),
    Route(TARGETS, put_target, methods=["PUT"]),
    Route(f"{TARGETS}/{{id:int}}", remove_target, methods=["DELETE"]),
]
