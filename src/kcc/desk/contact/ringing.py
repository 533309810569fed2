"""A call at the agent's own telephone begins a contact by itself."""

import json
from collections.abc import AsyncIterator
from time import monotonic

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from kcc.access.guard import serves
from kcc.contacts.log.api import LOGGING, reader_of
from kcc.contacts.log.queries import Logged
from kcc.contacts.telephony import ringing, seats
from kcc.contacts.telephony.ringing import Ringing
from kcc.desk.contact import deeds
from kcc.desk.contact.asking import desk_of
from kcc.desk.contact.form import PanelForm
from kcc.desk.state import DeskState
from kcc.web.routing import Route

BEAT_SECONDS = 10.0
PageRequest = Request[DeskState]


async def _phone(request: PageRequest, session: AsyncSession) -> str | None:
    return await seats.phone_of(session, reader_of(request).agent)


@serves(LOGGING)
async def stream(request: PageRequest) -> Response:
    """Server-sent events: what rings at the agent's telephone, null when nothing does any more.

    204, after which a browser asks no more, for who sits at no telephone.
    """
    async with request.state["database"].reading() as session:
        phone = await _phone(request, session)
    if phone is None:
        return Response(status_code=204)
    watch = request.state["ring_watch"]

    async def events() -> AsyncIterator[str]:
        # What rings at first is told too: a call may have been answered while nobody listened.
        seen = await watch.after(phone, None, 0)
        yield f"retry: 1000\nevent: ring\ndata: {_told(seen)}\n\n"
        until = monotonic() + watch.stream_seconds
        while monotonic() < until and not watch.is_closing:
            rings = await watch.after(phone, seen, BEAT_SECONDS)
            yield f"event: ring\ndata: {_told(rings)}\n\n" if rings != seen else ": beat\n\n"
            seen = rings

    return StreamingResponse(events(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _told(rings: Ringing | None) -> str:
    return json.dumps({"call": rings.call, "queue": rings.queue, "known": rings.known} if rings else None)


@serves(LOGGING)
async def begin(request: PageRequest) -> Response:
    """Begin the contact of a call that was answered at the agent's telephone; 204 when it was not.

    Asked again, also by another window, it is the same contact.
    """
    call, desk = request.path_params["id"], desk_of(request)

    async def work(session: AsyncSession) -> Logged | None:
        phone = await _phone(request, session)
        if phone is None or not await ringing.answered(session, phone, call):
            return None
        return await deeds.do(session, desk, PanelForm(call=call))

    logged = await request.state["database"].transact(work)
    if logged is None:
        return Response(status_code=204)
    return JSONResponse({"next": f"/werk?contact={logged.contact.id}"})


routes = [
    Route("/werk/gesprekken/nu", stream),
    Route("/werk/gesprekken/{id:int}/contact", begin, methods=["POST"]),
]
