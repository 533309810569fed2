"""JSON endpoints of what is planned: events that make people call, and the roster."""

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.service_levels.api import TAG
from kcc.service_levels.forecast_examples import EVENT, EVENT_ITEM, EVENTS, ROSTER
from kcc.service_levels.planning import editing, queries
from kcc.service_levels.planning.models import PlannedEvent, RosterStretch
from kcc.service_levels.planning.schemas import (
    EventContent,
    EventItem,
    EventList,
    Roster,
    StretchContent,
    clock_time,
)
from kcc.service_levels.state import LEADS
from kcc.web.answers import private
from kcc.web.once import IDEMPOTENCY_KEY, once
from kcc.web.openapi import operation
from kcc.web.requests import read_json
from kcc.web.routing import Route
from kcc.web.state import State

EVENT_LIST = "/api/v1/planned-events"
PATH = {"id": "3"}
StateRequest = Request[State]


def _item(row: PlannedEvent, measured: float | None = None) -> EventItem:
    return EventItem(
        id=row.id or 0,
        name=row.name,
        from_=row.first_day,
        to=row.last_day,
        factor=row.factor,
        queue=row.queue,
        measured=measured,
    )


@serves(LEADS)
@operation(summary="Events that make people call", tag=TAG, response=EventList, example=EVENTS)
async def planned_events(request: StateRequest) -> Response:
    """Past ones too, with what their factor turned out to be."""
    clock = request.state["clock"]
    async with request.state["database"].reading() as session:
        rows = await queries.events(session)
        found = await editing.measured(session, clock.timezone, clock.today(), rows)
    return private(EventList(results=[_item(row, found.get(row.id or 0)) for row in rows]))


@serves(LEADS)
@operation(
    summary="Plan an event",
    tag=TAG,
    body=EventContent,
    body_example=EVENT,
    response=EventItem,
    example=EVENT_ITEM,
    status=201,
    headers=(IDEMPOTENCY_KEY,),
    errors=(409, 413),
)
async def create_planned_event(request: StateRequest) -> Response:
    """It counts in every forecast from now on, and past days are seen without it."""
    content, now = await read_json(request, EventContent), request.state["clock"].now()

    async def work(session: AsyncSession) -> PlannedEvent:
        async def make() -> str:
            return str((await editing.create_event(session, content)).id)

        return await editing.event(session, int(await once(request, session, content, now, make)))

    return private(_item(await request.state["database"].transact(work)), 201)


@serves(LEADS)
@operation(
    summary="Change a planned event",
    tag=TAG,
    body=EventContent,
    body_example=EVENT,
    response=EventItem,
    example=EVENT_ITEM,
    path_parameters=PATH,
    errors=(404, 413),
)
async def replace_planned_event(request: StateRequest) -> Response:
    """All of it at once."""
    content, number = await read_json(request, EventContent), request.path_params["id"]
    row = await request.state["database"].transact(lambda session: editing.change_event(session, number, content))
    return private(_item(row))


@serves(LEADS)
@operation(
    summary="Remove a planned event",
    tag=TAG,
    response=None,
    example=None,
    status=204,
    path_parameters=PATH,
    errors=(404,),
)
async def remove_planned_event(request: StateRequest) -> Response:
    """Forecasts that were made stay as they were said."""
    async with request.state["database"].writing() as session:
        await editing.remove_event(session, request.path_params["id"])
    return Response(status_code=204)


def _stretch(row: RosterStretch) -> StretchContent:
    return StretchContent(
        weekday=row.weekday + 1, from_=clock_time(row.begins), until=clock_time(row.ends), agents=row.agents
    )


@serves(LEADS)
@operation(summary="The roster", tag=TAG, response=Roster, example=ROSTER)
async def roster(request: StateRequest) -> Response:
    """Agents at the telephone in an ordinary week, as a team lead typed it."""
    async with request.state["database"].reading() as session:
        rows = await queries.roster(session)
    return private(Roster(stretches=[_stretch(row) for row in rows]))


@serves(LEADS)
@operation(
    summary="Replace the roster",
    tag=TAG,
    body=Roster,
    body_example=ROSTER,
    response=Roster,
    example=ROSTER,
    errors=(413,),
)
async def replace_roster(request: StateRequest) -> Response:
    """All of it at once; without stretches the number of agents is estimated from who handled calls."""
    content = await read_json(request, Roster)

    async def work(session: AsyncSession) -> list[RosterStretch]:
        await editing.replace_roster(session, content)
        return list(await queries.roster(session))

    rows = await request.state["database"].transact(work)
    return private(Roster(stretches=[_stretch(row) for row in rows]))


routes = [
    Route(EVENT_LIST, planned_events),
    Route(EVENT_LIST, create_planned_event, methods=["POST"]),
    Route(f"{EVENT_LIST}/{{id:int}}", replace_planned_event, methods=["PUT"]),
    Route(f"{EVENT_LIST}/{{id:int}}", remove_planned_event, methods=["DELETE"]),
    Route("/api/v1/roster", roster),
    Route("/api/v1/roster", replace_roster, methods=["PUT"]),
]
