"""An appointment moved at the desk: other times, what is kept for staff among them, here or elsewhere."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import serves
from kcc.appointments import changing
from kcc.appointments.api import BOOKING_STAFF
from kcc.appointments.links import typed_code
from kcc.desk.appointments import shown
from kcc.desk.booking import NO_TIME, asker_of
from kcc.desk.draft import day_of, start_of
from kcc.desk.state import DeskState
from kcc.desk.times import Search
from kcc.errors import DomainError, InvalidInput, NotFound
from kcc.web.requests import Wire, read_form
from kcc.web.routing import Route
from kcc.web.templating import render

SAME_TIME = "De afspraak is al op deze tijd. Kies een andere."


@serves(BOOKING_STAFF)
async def times(request: Request[DeskState]) -> Response:
    """The times to which the appointment can move, at a location, from a day on."""
    query = request.query_params
    return await _page(request, query.get("locatie", ""), query.get("naar") or query.get("vanaf", ""))


class Moved(Wire):
    """The new start and location; `vanaf` is the day from which times were shown."""

    tijd: str = ""
    locatie: str = ""
    vanaf: str = ""


@serves(BOOKING_STAFF)
async def move(request: Request[DeskState]) -> Response:
    """Move it. When the time is gone, the appointment stands as it was and other times are shown."""
    asked = await read_form(request, Moved)
    code = typed_code(request.path_params["code"])
    starts_at = start_of(asked.tijd)
    if starts_at is None:
        return await _page(request, asked.locatie, asked.vanaf, NO_TIME, status=400)

    async def work(session: AsyncSession) -> None:
        plan = await request.state["planner"].plan(session)
        row = await changing.appointment_to_change(session, code)
        if starts_at == row.starts_at and asked.locatie in ("", row.location):
            raise InvalidInput(SAME_TIME)
        await changing.reschedule(
            session, plan, request.state["policy"], asker_of(request), row, starts_at, asked.locatie or None
        )

    try:
        await request.state["database"].transact(work)
    except NotFound:
        raise
    except DomainError as error:
        return await _page(request, asked.locatie, asked.vanaf, error.detail, status=error.status)
    return RedirectResponse(f"/werk/afspraken/{code}?gedaan=verzet", 303)


async def _page(
    request: Request[DeskState], location: str, first: str, error: str | None = None, *, status: int = 200
) -> Response:
    asker = asker_of(request)
    first_day = max(day_of(first) or asker.today, asker.today)
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        appointment = await shown(session, request, plan)
        asked = [(product.code, product.persons) for product in appointment.facts.products]
        places = [
            place
            for place in plan.places_for(frozenset(code for code, _ in asked), asker.today)
            # Whom we visit has given an address, whom we expect has not.
            if place.is_home_visit == bool(appointment.row.address)
        ]
        found = {place.code: place for place in places}
        place = found.get(location) or found.get(appointment.row.location) or next(iter(places), None)
        context: dict[str, Any] = {
            "appointment": appointment,
            "places": places,
            "place": place,
            "times": None,
            "refused": None,
            "first": first_day,
            "today": asker.today,
            "error": error,
        }
        if place is not None and appointment.stands:
            search = Search(plan, request.state["policy"], asker, place, asked, own=appointment.row.id)
            try:
                context["times"] = await search.times(session, first_day)
            except InvalidInput as refused:
                context["refused"] = refused.detail
    return render(request, "desk/appointments/move.html", context, status=status)


routes = [
    Route("/werk/afspraken/{code}/verzetten", times),
    Route("/werk/afspraken/{code}/verzetten", move, methods=["POST"]),
]
