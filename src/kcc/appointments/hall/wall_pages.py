"""The waiting room's screen: numbers and counters, nothing of people."""

import json
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kcc.access.guard import serves
from kcc.appointments.hall import estimating, showing
from kcc.appointments.hall.api import AT_THE_DOOR, floor_of
from kcc.appointments.hall.floor import Floor
from kcc.appointments.hall.state import HallState
from kcc.web.routing import Route
from kcc.web.templating import render

BEAT_SECONDS = 10.0  # a line now and then tells both sides that the connection still lives
PageRequest = Request[HallState]


async def _floor(request: PageRequest, session: AsyncSession) -> Floor:
    plan = await request.state["planner"].plan(session)
    return floor_of(request, plan, request.path_params["location"])


async def _shown(request: PageRequest, session: AsyncSession) -> dict[str, Any]:
    floor = await _floor(request, session)
    wait = await estimating.walk_in_wait(session, floor) if floor.place.walk_ins else None
    return {"calls": await showing.calls(session, floor), "wait": wait}


@serves(AT_THE_DOOR)
async def wall(request: PageRequest) -> Response:
    """The last calls, as they are now; the stream keeps them so."""
    async with request.state["database"].reading() as session:
        floor = await _floor(request, session)
        shown = await _shown(request, session)
    clock = showing.clock(floor.now, floor)
    context = shown | {"place": floor.place, "clock": clock, "now": floor.now, "zone": floor.plan.zone.key}
    return render(request, "hall/wall.html", context)


@serves(AT_THE_DOOR)
async def stream(request: PageRequest) -> Response:
    """Server-sent events: one for each change of the hall, with what the waiting room shows.

    A beat tells the service's time in milliseconds since 1970, for the screen's clock; one comes with each change too.
    """
    async with request.state["database"].reading() as session:
        floor = await _floor(request, session)
    watch, location = request.state["hall_watch"], floor.location

    async def make(session: AsyncSession) -> str:
        return json.dumps(await _shown(request, session))

    def beat() -> str:
        return f"event: beat\ndata: {request.state['clock'].now().timestamp() * 1000:.0f}\n\n"

    async def events() -> AsyncIterator[str]:
        seen: int | None = None
        yield "retry: 1000\n\n"
        until = monotonic() + watch.stream_seconds
        while monotonic() < until:
            version = await watch.after(location, seen, BEAT_SECONDS)
            if watch.is_closing:
                return
            if version is None:
                yield beat()
                continue
            seen = version
            shown = await watch.shown(location, version, make)
            yield f"{beat()}id: {version}\nevent: hall\ndata: {shown}\n\n"

    return StreamingResponse(events(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


routes = [Route("/wachtruimte/{location}", wall), Route("/wachtruimte/{location}/nu", stream)]
