"""Finds an appointment for somebody on the line: by code, e-mail address, phone number or name."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.contact_details import email_address, phone_number
from kcc.access.guard import serves
from kcc.appointments import misfits, reading
from kcc.appointments.api import BOOKING_STAFF
from kcc.appointments.availability.plan import Plan
from kcc.appointments.planning.unfit import mailed, unfit_list
from kcc.appointments.reading import Listed
from kcc.desk.state import DeskState
from kcc.desk.view import line
from kcc.web.requests import Wire, read_form
from kcc.web.routing import Route
from kcc.web.templating import render

_LIKE_A_PHONE = re.compile(r"\+?[\d\s().-]{7,}")
NOTHING_TYPED = "Vul een code, e-mailadres, telefoonnummer of naam in"


class Sought(Wire):
    """What the resident says, and for a name the day and the location."""

    q: str = ""
    day: Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))] | None = None
    location: str = ""


@serves(BOOKING_STAFF)
async def form(request: Request[DeskState]) -> Response:
    """The page to look from, with the appointments that cannot take place any more."""
    clock = request.state["clock"]
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        unfit = unfit_list(plan, await misfits.unfit(session, plan, clock.now()))
    told = mailed(request.query_params.get("gemaild", ""))
    return _page(request, plan, Sought(day=clock.today()), unfit=unfit, mailed=told)


class Mailed(Wire):
    """Where the button stood: `/beheer`, or nothing for the desk."""

    terug: Literal["", "/beheer"] = ""


@serves(BOOKING_STAFF)
async def mail(request: Request[DeskState]) -> Response:
    """Mail everybody whose appointment cannot take place and who was not told; pressed twice it mails once."""
    back = (await read_form(request, Mailed)).terug or "/werk/afspraken"

    async def work(session: AsyncSession) -> int:
        plan = await request.state["planner"].plan(session)
        return await misfits.tell_all(session, plan, request.state["clock"].now())

    return RedirectResponse(f"{back}?gemaild={await request.state['database'].transact(work)}", 303)


@serves(BOOKING_STAFF)
async def find(request: Request[DeskState]) -> Response:
    """The appointment when there is one, otherwise a list. By POST: nothing about a person in an address."""
    sought = await read_form(request, Sought)
    now = request.state["clock"].now()
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        if not sought.q:
            return _page(request, plan, sought, error=NOTHING_TYPED, status=400)
        try:
            found = await _found(session, request, plan, sought)
        except ValueError as error:
            return _page(request, plan, sought, error=str(error), status=400)
        if len(found) == 1:
            return RedirectResponse(f"/werk/afspraken/{found[0][0].code}", 303)
        lines = [await line(session, plan, appointment, products, now) for appointment, products in found]
    return _page(request, plan, sought, lines=lines)


async def _found(session: AsyncSession, request: Request[DeskState], plan: Plan, sought: Sought) -> list[Listed]:
    """What fits, in the way that the words ask for. Raises ValueError for an address or a number that is none."""
    policy, clock = request.state["policy"], request.state["clock"]
    if "@" in sought.q:
        return await reading.of_resident(session, policy, clock.now(), email=email_address(sought.q))
    if _LIKE_A_PHONE.fullmatch(sought.q):
        return await reading.of_resident(session, policy, clock.now(), phone=phone_number(sought.q))
    if (by_code := await reading.by_code(session, sought.q)) is not None:
        return [(by_code, [])]
    places = [sought.location] if sought.location else list(plan.places)
    day = sought.day or clock.today()
    return [item for place in places for item in await reading.of_name(session, plan, place, day, sought.q)]


def _page(request: Request[DeskState], plan: Plan, sought: Sought, *, status: int = 200, **more: Any) -> Response:
    nothing = {"lines": None, "error": None, "unfit": None, "mailed": None}
    context = {"sought": sought, "places": list(plan.places.values()), **nothing, **more}
    return render(request, "desk/appointments/find.html", context, status=status)


routes = [
    Route("/werk/afspraken", form),
    Route("/werk/afspraken", find, methods=["POST"]),
    Route("/werk/afspraken-mail", mail, methods=["POST"]),
]
