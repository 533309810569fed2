"""Devices of a hall: administrators make a link, and a kiosk or screen is let in with it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access import devices
from kcc.access.guard import public, serves
from kcc.access.roles import Role
from kcc.appointments.hall.state import HallState
from kcc.appointments.links import new_secret
from kcc.errors import DomainError, NotFound
from kcc.storage import idempotency
from kcc.web.dates import moment
from kcc.web.routing import Route
from kcc.web.templating import render

PAGE_MAX = 100
PageRequest = Request[HallState]
USES = {"zuil": "/kiosk/{}", "scherm": "/wachtruimte/{}"}


async def _page(request: PageRequest, status: int = 200, **more: Any) -> Response:
    location = request.path_params["code"]
    async with request.state["database"].reading() as session:
        place = (await request.state["planner"].plan(session)).places.get(location)
        if place is None:
            raise NotFound("Deze locatie is er niet (meer)")
        known = await devices.of_location(session, location)
    zone = request.state["clock"].timezone
    rows = [(device, _moment(device.created_at, zone), _moment(device.claimed_at, zone)) for device in known]
    context = {"place": place, "devices": rows, "page": new_secret(), "name": ""}
    context |= {"link": None, "again": False, "wrong": None}
    return render(request, "hall/devices.html", context | more, status=status)


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    return moment(at.astimezone(zone)) if at else ""


async def _made(session: AsyncSession, location: str, name: str, page: str, now: datetime) -> str | None:
    """The secret of a new device's link; None when this page made the device before."""
    scope, key = f"device {location}", f"{page} {name}"
    if await idempotency.begin(session, scope, key, name, now) is not None:
        return None
    secret = await devices.create(session, location, name, now)
    await idempotency.finish(session, scope, key, "made")
    return secret


@serves({Role.ADMINISTRATOR})
async def listed(request: PageRequest) -> Response:
    """The devices of a location."""
    return await _page(request)


@serves({Role.ADMINISTRATOR})
async def make(request: PageRequest) -> Response:
    """Make a link for a device; it is shown once, and a page that is sent again makes no other."""
    await _page(request)  # the location must be there
    async with request.form(max_files=0, max_fields=5) as sent:
        name, page = (str(sent.get(field, "")) for field in ("name", "page"))
    location, page, now = request.path_params["code"], page[:PAGE_MAX] or new_secret(), request.state["clock"].now()
    try:
        secret = await request.state["database"].transact(
            lambda session: _made(session, location, name, page, now),
        )
    except DomainError as error:
        return await _page(request, error.status, wrong=str(error), name=name)
    if secret is None:
        return await _page(request, again=True)
    return await _page(request, link=f"{request.state['settings'].base_url}/apparaat/{secret}")


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
        device = await devices.invited(session, request.path_params["secret"])
    return render(request, "hall/invited.html", {"device": device, "page": new_secret()})


@public
async def accept(request: PageRequest) -> Response:
    """This browser is that device from now on, and no other."""
    async with request.form(max_files=0, max_fields=5) as sent:
        use, page = str(sent.get("als", "zuil")), str(sent.get("page", ""))[:PAGE_MAX] or new_secret()
    link, now = request.path_params["secret"], request.state["clock"].now()
    device, secret = await request.state["database"].transact(lambda session: devices.claim(session, link, page, now))
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
