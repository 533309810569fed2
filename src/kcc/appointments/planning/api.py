"""JSON endpoints of the plan: products, locations, counters, opening rules, closing days. All work in one way."""

from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import date
from functools import partial
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import principal_of, public, serves
from kcc.access.roles import STAFF, Role
from kcc.appointments.planning.changes import Change, changing
from kcc.appointments.planning.examples import TOUCHED
from kcc.appointments.planning.kinds import KINDS, Kind
from kcc.appointments.planning.opening_schemas import ClosingQuery
from kcc.appointments.planning.place_schemas import OfLocation
from kcc.appointments.planning.product_schemas import DryRun, Removed
from kcc.appointments.planning.views import View, touched_items
from kcc.appointments.state import AppointmentState
from kcc.errors import NotFound
from kcc.web.once import IDEMPOTENCY_KEY, key_of, once
from kcc.web.openapi import operation
from kcc.web.paging import Page, next_page
from kcc.web.requests import Wire, read_json, read_query
from kcc.web.routing import Route

TAG = "Beheer van afspraken"
StateRequest = Request[AppointmentState]
Endpoint = Callable[[StateRequest], Coroutine[Any, Any, Response]]


def routes_of(kind: Kind) -> list[Route]:
    """The endpoints of one kind."""
    base = f"/api/v1/{kind.name}"
    one = base + ("/{code}" if kind.key == "code" else "/{id:int}")
    described = (
        ("GET", "list", base, _list(kind)),
        ("GET", "get", one, _get(kind)),
        ("POST", "create", base, _create(kind)),
        ("PUT", "replace", one, _replace(kind)),
        ("DELETE", "remove", one, _remove(kind)),
    )
    return [
        Route(path, endpoint, methods=[method], name=f"{verb}_{kind.name}")
        for method, verb, path, endpoint in described
    ]


def _json(model: Wire, status: int = 200, **headers: str) -> Response:
    return Response(model.model_dump_json(by_alias=True), status, headers, "application/json")


def _example(kind: Kind) -> dict[str, Any]:
    return kind.example | TOUCHED | ({"ids": [kind.example["id"]]} if "ids" in kind.changed.model_fields else {})


def _path(kind: Kind) -> dict[str, Any]:
    return {kind.key: str(kind.example[kind.key])}


def _reading(kind: Kind) -> Callable[[Endpoint], Endpoint]:
    return public if kind.is_public else serves(STAFF)


async def _view(request: StateRequest, session: AsyncSession) -> View:
    principal = principal_of(request)
    staff = principal is not None and bool(principal.roles & STAFF)
    return View(session, await request.state["planner"].plan(session), request.state["clock"], staff)


def _list(kind: Kind) -> Endpoint:
    @_reading(kind)
    @operation(
        summary=f"List the {kind.nouns}",
        tag=TAG,
        query=kind.query,
        response=kind.listing,
        example={"total": 1, "next": None, "results": [kind.example]},
    )
    async def endpoint(request: StateRequest) -> Response:
        query = read_query(request, kind.query)
        async with request.state["database"].reading() as session:
            found = _chosen(await kind.items(await _view(request, session)), query)
        results = found[query.offset : query.offset + query.limit]
        following = next_page(request, query.limit, query.offset, len(found))
        return _json(kind.listing.model_validate({"total": len(found), "next": following, "results": results}))

    return endpoint


def _chosen(items: Iterable[Any], query: Page) -> Sequence[Any]:
    """The items that the filters of a list leave. A closing day of every location is one of each of them."""
    if isinstance(query, ClosingQuery):
        first, last = query.first or date.min, query.last or date.max
        items = [item for item in items if first <= item.date <= last]
    if isinstance(query, OfLocation) and query.location:
        items = [item for item in items if item.location in (None, query.location)]
    return list(items)


def _get(kind: Kind) -> Endpoint:
    @_reading(kind)
    @operation(
        summary=f"Read {kind.noun}",
        tag=TAG,
        response=kind.item,
        example=kind.example,
        path_parameters=_path(kind),
        errors=(404,),
    )
    async def endpoint(request: StateRequest) -> Response:
        async with request.state["database"].reading() as session:
            return _json(await _one(kind, await _view(request, session), str(request.path_params[kind.key])))

    return endpoint


async def _one(kind: Kind, view: View, key: str) -> Wire:
    for item in await kind.items(view):
        if str(getattr(item, kind.key)) == key:
            assert isinstance(item, Wire)
            return item
    raise NotFound(f"{key} bestaat niet (meer)")


@asynccontextmanager
async def _transaction(request: StateRequest, *, dry: bool) -> AsyncIterator[AsyncSession]:
    """A transaction; a dry one is rolled back at its end."""
    async with request.state["database"].writing() as session:
        yield session
        if dry:
            await session.rollback()


def _is_dry(request: StateRequest) -> bool:
    return read_query(request, DryRun).dry_run == "true"


async def _answer(
    kind: Kind, request: StateRequest, session: AsyncSession, change: Change, keys: list[str], body: Wire
) -> Wire:
    """What a change answers: the thing as it now is, on the day from which it holds, and what it touches."""
    since = getattr(body, "valid_from", None) or change.today
    view = View(session, change.plan, request.state["clock"], on=max(change.today, since))
    item = await _one(kind, view, keys[0])
    more = {"ids": [int(key) for key in keys]} if "ids" in kind.changed.model_fields else {}
    return kind.changed.model_validate(dict(item) | more | {"touched": touched_items(change.touched)})


def _create(kind: Kind) -> Endpoint:
    @serves({Role.ADMINISTRATOR})
    @operation(
        summary=f"Make {kind.noun}",
        tag=TAG,
        query=DryRun,
        body=kind.new,
        body_example=kind.content_example | ({"code": kind.example["code"]} if kind.key == "code" else {}),
        response=kind.changed,
        example=_example(kind),
        status=201,
        also=(200,),
        headers=(IDEMPOTENCY_KEY,),
        errors=(404, 409, 413),
    )
    async def endpoint(request: StateRequest) -> Response:
        new, dry, clock = await read_json(request, kind.new), _is_dry(request), request.state["clock"]
        key_of(request)
        async with _transaction(request, dry=dry) as session:
            async with changing(session, clock) as change:
                make = partial(kind.create, session, change, new)
                made = await (make() if dry else once(request, session, new, clock.now(), make))
            keys = made.split(",")
            answer = await _answer(kind, request, session, change, keys, new)
        if dry:
            return _json(answer)
        return _json(answer, 201, Location=f"/api/v1/{kind.name}/{keys[0]}")

    return endpoint


def _replace(kind: Kind) -> Endpoint:
    @serves({Role.ADMINISTRATOR})
    @operation(
        summary=f"Change {kind.noun}",
        tag=TAG,
        query=DryRun,
        body=kind.content,
        body_example=kind.content_example,
        response=kind.changed,
        example=_example(kind),
        path_parameters=_path(kind),
        errors=(404, 409, 413),
    )
    async def endpoint(request: StateRequest) -> Response:
        content, key = await read_json(request, kind.content), str(request.path_params[kind.key])
        async with _transaction(request, dry=_is_dry(request)) as session:
            async with changing(session, request.state["clock"]) as change:
                await kind.replace(session, change, key, content)
            return _json(await _answer(kind, request, session, change, [key], content))

    return endpoint


def _remove(kind: Kind) -> Endpoint:
    @serves({Role.ADMINISTRATOR})
    @operation(
        summary=f"Remove {kind.noun}",
        tag=TAG,
        query=DryRun,
        response=Removed,
        example=TOUCHED,
        path_parameters=_path(kind),
        errors=(404, 409),
    )
    async def endpoint(request: StateRequest) -> Response:
        async with _transaction(request, dry=_is_dry(request)) as session:
            async with changing(session, request.state["clock"]) as change:
                await kind.remove(session, change, str(request.path_params[kind.key]))
            return _json(Removed(touched=touched_items(change.touched)))

    return endpoint


routes = [route for kind in KINDS for route in routes_of(kind)]
