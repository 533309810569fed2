"""`/werk/toestel`: at which telephone the agent sits, so that calls there pop up and belong to their contacts."""

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import principal_of, serves
from kcc.contacts.log.api import LOGGING
from kcc.contacts.telephony import seats
from kcc.errors import InvalidInput
from kcc.web.requests import Wire, read_form
from kcc.web.routing import Route
from kcc.web.state import State
from kcc.web.templating import render

PAGE = "/werk/toestel"


class Chosen(Wire):
    """The number on the telephone; empty, or with `without`: at none."""

    extension: str = ""
    without: str = ""


def _agent(request: Request[State]) -> str:
    principal = principal_of(request)
    assert principal is not None
    return principal.key


@serves(LOGGING)
async def phone(request: Request[State]) -> Response:
    """Where the agent sits, and a field to say otherwise."""
    async with request.state["database"].reading() as session:
        now = await seats.phone_of(session, _agent(request))
    saved = request.query_params.get("gelukt") == "1"
    return render(request, "desk/phone.html", {"extension": now or "", "now": now, "saved": saved, "error": None})


@serves(LOGGING)
async def sit(request: Request[State]) -> Response:
    """From now on the agent sits there; who sat there before does not any more."""
    chosen = await read_form(request, Chosen)
    typed = "" if chosen.without else chosen.extension.strip()
    agent, moment = _agent(request), request.state["clock"].now()

    async def work(session: AsyncSession) -> None:
        if typed:
            await seats.sit_down(session, agent, typed, moment)
        else:
            await seats.stand_up(session, agent, moment)

    try:
        await request.state["database"].transact(work)
    except InvalidInput as refused:
        context = {"extension": typed, "now": None, "saved": False, "error": refused.errors[0].detail}
        return render(request, "desk/phone.html", context, status=refused.status)
    return RedirectResponse(f"{PAGE}?gelukt=1", 303)


routes = [Route(PAGE, phone), Route(PAGE, sit, methods=["POST"])]
