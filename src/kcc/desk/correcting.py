"""Who comes, corrected at the desk: a name that was misheard, another e-mail address."""

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import serves
from kcc.appointments import changing
from kcc.appointments.api import BOOKING_STAFF
from kcc.appointments.links import typed_code
from kcc.appointments.schemas import Correction
from kcc.desk.appointments import shown
from kcc.desk.booking import NO_NAME, Errors, asker_of, told
from kcc.desk.state import DeskState
from kcc.errors import InvalidInput
from kcc.web.requests import read_form
from kcc.web.routing import Route
from kcc.web.templating import render

FIELDS = ("name", "email", "phone", "language")


@serves(BOOKING_STAFF)
async def form(request: Request[DeskState]) -> Response:
    """What is known of who comes, to correct."""
    return await _page(request, {}, [])


@serves(BOOKING_STAFF)
async def correct(request: Request[DeskState]) -> Response:
    """Put it right. What the form leaves empty is empty."""
    async with request.form(max_files=0, max_fields=20) as sent:
        typed = {name: str(sent.get(name, "")).strip() for name in FIELDS}
    code = typed_code(request.path_params["code"])

    async def work(session: AsyncSession) -> bool:
        plan = await request.state["planner"].plan(session)
        row = await changing.appointment_to_change(session, code)
        now = asker_of(request).now
        nothing: dict[str, str | None] = {"email": None, "phone": None}
        return await changing.correct(session, plan, request.state["policy"], row, now, **nothing | given.changes())

    try:
        given = await read_form(request, Correction)
        if not given.name:
            return await _page(request, typed, [("naam", NO_NAME)])
        mailed = await request.state["database"].transact(work)
    except InvalidInput as error:
        return await _page(request, typed, told(error))
    done = "verbeterd-gemaild" if mailed else "verbeterd"
    return RedirectResponse(f"/werk/afspraken/{code}?gedaan={done}", 303)


async def _page(request: Request[DeskState], typed: dict[str, str], errors: Errors) -> Response:
    async with request.state["database"].reading() as session:
        appointment = await shown(session, request, await request.state["planner"].plan(session))
    row = appointment.row
    known = {"name": row.name, "email": row.email or "", "phone": appointment.phone, "language": row.language}
    context = {
        "appointment": appointment,
        "values": known | typed,
        "errors": errors,
        "error_at": dict(reversed(errors)),
    }
    return render(request, "desk/appointments/correct.html", context, status=400 if errors else 200)


routes = [
    Route("/werk/afspraken/{code}/gegevens", form),
    Route("/werk/afspraken/{code}/gegevens", correct, methods=["POST"]),
]
