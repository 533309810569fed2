"""The waiting room's screen: numbers and counters, nothing of people."""

import json
from collections.abc import AsyncIterator
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kcc.access.guard import serves
from kcc.appointments.hall import showing
from kcc.appointments.hall.api import AT_THE_DOOR, floor_of
from kcc.appointments.hall.floor import Floor
from kcc.appointments.hall.state import HallState
from kcc.web.routing import Route
from kcc.web.templating import render

# A line now and then tells both sides that the connection still lives; a stream ends before proxies end it.
BEAT_SECONDS = 10.0
BEATS = 60
PageRequest = Request[HallState]


async def _floor(request: PageRequest, session: AsyncSession) -> Floor:
    plan = await request.state["planner"].plan(session)
    return floor_of(request, plan, request.path_params["location"])


async def _shown(request: PageRequest, session: AsyncSession) -> dict[str, Any]:
    floor = await _floor(request, session)
    wait = await showing.walk_in_wait(session, floor) if floor.place.walk_ins else None
    return {"calls": await showing.calls(session, floor), "wait": wait}


@serves(AT_THE_DOOR)
async def wall(request: PageRequest) -> Response:
    """The last calls, as they are now; the stream keeps them so."""
    async with request.state["database"].reading() as session:
        floor = await _floor(request, session)
        shown = await _shown(request, session)
    local = floor.now.astimezone(floor.plan.zone)
    context = shown | {"place": floor.place, "clock": f"{local:%H:%M}", "now": floor.now}
    return render(request, "hall/wall.html", context)


@serves(AT_THE_DOOR)
async def stream(request: PageRequest) -> Response:
    """Server-sent events: one for each change of the hall, with what the waiting room shows."""
    async with request.state["database"].reading() as session:
        floor = await _floor(request, session)
    watch, location = request.state["hall_watch"], floor.location

    async def make(session: AsyncSession) -> str:
        return json.dumps(await _shown(request, session))

    async def events() -> AsyncIterator[str]:
        seen: int | None = None
        yield "retry: 1000\n\n"
        for _ in range(BEATS):
            version = await watch.after(location, seen, BEAT_SECONDS)
            if version is None:
                yield "event: beat\ndata:\n\n"
                continue
            seen = version
            shown = await watch.shown(location, version, make)
            yield f"id: {version}\nevent: hall\ndata: {shown}\n\n"

    return StreamingResponse(events(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


routes = [Route("/wachtruimte/{location}", wall), Route("/wachtruimte/{location}/nu", stream)]
