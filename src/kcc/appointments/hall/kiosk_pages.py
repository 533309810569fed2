"""The kiosk: check in with a code or its QR, or take a number. Shows nothing of anybody else."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.appointments.hall import arriving, showing
from kcc.appointments.hall.api import AT_THE_DOOR, floor_of
from kcc.appointments.hall.floor import Floor
from kcc.appointments.hall.models import Visit
from kcc.appointments.hall.state import HallState
from kcc.appointments.links import typed_code
from kcc.errors import DomainError, InvalidInput
from kcc.web.i18n import language_of
from kcc.web.routing import Route
from kcc.web.templating import render

PageRequest = Request[HallState]


async def _floor(request: PageRequest, session: AsyncSession) -> Floor:
    return floor_of(request, await request.state["planner"].plan(session), request.path_params["location"])


async def _page(request: PageRequest, status: int = 200, **more: Any) -> Response:
    language = language_of(request)
    async with request.state["database"].reading() as session:
        floor = await _floor(request, session)
        wait = await showing.walk_in_wait(session, floor) if floor.place.walk_ins else None
    products = [
        (code, terms.title(language))
        for code, product in floor.plan.products.items()
        if (terms := product.on(floor.day)) and not terms.staff_only and floor.place.offers(frozenset({code}))
    ]
    context = {
        "place": floor.place,
        "name": floor.place.title(language),
        "products": products,
        "wait": wait,
        "step": "begin",
        "wrong": None,
        "visit": None,
    }
    return render(request, "hall/kiosk.html", context | more, status=status)


@serves(AT_THE_DOOR)
async def kiosk(request: PageRequest) -> Response:
    """Where everybody begins: with an appointment, or without."""
    return await _page(request, step="inloop" if request.query_params.get("stap") == "inloop" else "begin")


@serves(AT_THE_DOOR)
async def arrive(request: PageRequest) -> Response:
    """Check in, or take a number."""
    async with request.form(max_files=0, max_fields=5) as sent:
        code, product = str(sent.get("code", "")).strip(), str(sent.get("product", ""))

    async def work(session: AsyncSession) -> Visit:
        floor = await _floor(request, session)
        if product:
            return await arriving.walk_in(session, floor, [(product, 1)])
        if not code:
            raise InvalidInput("Vul de code van uw afspraak in, of houd de QR-code voor de scanner")
        return await arriving.check_in(session, floor, await arriving.by_code(session, typed_code(code)))

    try:
        visit = await request.state["database"].transact(work)
    except DomainError as error:
        return await _page(request, error.status, wrong=str(error))
    request.state["hall_watch"].nudge()
    return await _page(request, step="klaar", visit=visit)


routes = [Route("/kiosk/{location}", kiosk), Route("/kiosk/{location}", arrive, methods=["POST"])]
