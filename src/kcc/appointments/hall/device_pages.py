"""Devices of a hall: administrators make a link, and a kiosk or screen is let in with it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access import devices
from kcc.access.guard import public, serves
from kcc.access.roles import Role
from kcc.appointments.hall.state import HallState
from kcc.errors import DomainError, NotFound
from kcc.web.routing import Route
from kcc.web.templating import render

PageRequest = Request[HallState]
USES = {"zuil": "/kiosk/{}", "scherm": "/wachtruimte/{}"}


async def _page(request: PageRequest, status: int = 200, **more: Any) -> Response:
    location = request.path_params["code"]
    async with request.state["database"].reading() as session:
        place = (await request.state["planner"].plan(session)).places.get(location)
        if place is None:
            raise NotFound("Deze locatie is er niet (meer)")
        known = await devices.of_location(session, location)
    return render(request, "hall/devices.html", {"place": place, "devices": known, **more}, status=status)


@serves({Role.ADMINISTRATOR})
async def listed(request: PageRequest) -> Response:
    """The devices of a location."""
    return await _page(request, link=None, wrong=None)


@serves({Role.ADMINISTRATOR})
async def make(request: PageRequest) -> Response:
    """Make a link for a device; it is shown once."""
    await _page(request, link=None, wrong=None)  # the location must be there
    async with request.form(max_files=0, max_fields=5) as sent:
        name = str(sent.get("name", ""))
    try:
        async with request.state["database"].writing() as session:
            secret = await devices.create(session, request.path_params["code"], name, request.state["clock"].now())
    except DomainError as error:
        return await _page(request, error.status, link=None, wrong=str(error))
    link = f"{request.state['settings'].base_url}/apparaat/{secret}"
    return await _page(request, link=link, wrong=None)


@serves({Role.ADMINISTRATOR})
async def revoke(request: PageRequest) -> Response:
    """Let a device in no longer."""
    location = request.path_params["code"]
    async with request.state["database"].writing() as session:
        await devices.revoke(session, location, request.path_params["id"], request.state["clock"].now())
    return RedirectResponse(f"/beheer/locaties/{location}/schermen", 303)


@public
async def invited(request: PageRequest) -> Response:
    """What the link of a device leads to: looking changes nothing."""
    async with request.state["database"].reading() as session:
        device = await devices.recognise(session, request.path_params["secret"])
    if device is None:
        raise NotFound("Deze koppeling is er niet (meer). Vraag de beheerder om een nieuwe.")
    return render(request, "hall/invited.html", {"device": device})


@public
async def accept(request: PageRequest) -> Response:
    """This browser is that device from now on."""
    secret = request.path_params["secret"]
    async with request.state["database"].reading() as session:
        device = await devices.recognise(session, secret)
    if device is None:
        raise NotFound("Deze koppeling is er niet (meer). Vraag de beheerder om een nieuwe.")
    async with request.form(max_files=0, max_fields=5) as sent:
        use = str(sent.get("als", "zuil"))
    response = RedirectResponse(USES.get(use, USES["zuil"]).format(device.location), 303)
    devices.remember(request, response, secret)
    return response


routes = [
    Route("/beheer/locaties/{code}/schermen", listed),
    Route("/beheer/locaties/{code}/schermen", make, methods=["POST"]),
    Route("/beheer/locaties/{code}/schermen/{id:int}/intrekken", revoke, methods=["POST"]),
    Route("/apparaat/{secret}", invited),
    Route("/apparaat/{secret}", accept, methods=["POST"]),
]
