"""One appointment at the desk: what to tell its resident, and what an agent can do with it."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from pydantic import StringConstraints
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import principal_of, serves
from kcc.appointments import changing, misfits, reading
from kcc.appointments.api import BOOKING_STAFF
from kcc.appointments.availability.plan import Plan
from kcc.appointments.letters import correspondence
from kcc.appointments.links import new_secret, typed_code
from kcc.appointments.models import Appointment
from kcc.desk.booking import asker_of
from kcc.desk.state import DeskState
from kcc.desk.view import AppointmentView, view
from kcc.errors import NotFound
from kcc.storage import idempotency
from kcc.web.once import KEY_MAX
from kcc.web.requests import Wire, read_form
from kcc.web.routing import Route
from kcc.web.templating import render

Work = Callable[[AsyncSession, Appointment], Awaitable[None]]
DONE = {
    "gemaakt": "De afspraak is gemaakt",
    "verzet": "De afspraak is verzet",
    "afgezegd": "De afspraak is afgezegd",
    "bevestiging": "De bevestiging is opnieuw verstuurd",
    "verbeterd": "De gegevens zijn verbeterd",
    "verbeterd-gemaild": "De gegevens zijn verbeterd. De bevestiging gaat naar het nieuwe e-mailadres.",
    "lijst-aan": "De inwoner krijgt e-mail als er eerder plek is",
    "lijst-uit": "De inwoner krijgt geen e-mail meer over een eerdere plek",
}


async def shown(session: AsyncSession, request: Request[DeskState], plan: Plan) -> AppointmentView:
    """The appointment that the address names. Raises NotFound."""
    found = await reading.by_code(session, request.path_params["code"])
    if found is None:
        raise NotFound("Er is geen afspraak met deze code. Controleer de code, of zoek op e-mailadres of naam.")
    return await view(session, plan, request.state["policy"], found, request.state["clock"].now())


@serves(BOOKING_STAFF)
async def appointment(request: Request[DeskState]) -> Response:
    """The appointment."""
    query = request.query_params
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        found = await shown(session, request, plan)
    back = {name: query[name] for name in ("artikel", "q") if query.get(name)}
    done = DONE.get(query.get("gedaan", ""))
    context = {"appointment": found, "done": done, "back": back, "key": new_secret()}
    return render(request, "desk/appointments/appointment.html", context)


@serves(BOOKING_STAFF)
async def confirm_cancel(request: Request[DeskState]) -> Response:
    """Asks before cancelling."""
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        context = {"appointment": await shown(session, request, plan)}
    return render(request, "desk/appointments/cancel.html", context)


@serves(BOOKING_STAFF)
async def cancel(request: Request[DeskState]) -> Response:
    """Cancel; once more changes nothing."""

    async def work(session: AsyncSession, row: Appointment) -> None:
        plan = await request.state["planner"].plan(session)
        await changing.cancel(session, plan, request.state["policy"], asker_of(request), row)

    return await _done(request, work, "afgezegd")


class Resent(Wire):
    """`sleutel` is one a page: however often its button is pressed, one mail goes out."""

    sleutel: Annotated[str, StringConstraints(max_length=KEY_MAX)] = ""


@serves(BOOKING_STAFF)
async def resend(request: Request[DeskState]) -> Response:
    """Send the confirmation once more; twice with one key is once."""
    key, principal = (await read_form(request, Resent)).sleutel, principal_of(request)
    scope = f"desk-confirmations {principal.key if principal else ''}"

    async def work(session: AsyncSession, row: Appointment) -> None:
        now = asker_of(request).now
        if key and await idempotency.begin(session, scope, key, row.code, now) is not None:
            return
        await misfits.check_fits(session, await request.state["planner"].plan(session), row, now)
        await correspondence.resend(session, row, now)
        if key:
            await idempotency.finish(session, scope, key, row.code)

    return await _done(request, work, "bevestiging")


class Earlier(Wire):
    """Whether the resident wants to hear of an earlier place."""

    wanted: bool


@serves(BOOKING_STAFF)
async def earlier(request: Request[DeskState]) -> Response:
    """Put the appointment on the list for an earlier place, or take it off."""
    wanted = (await read_form(request, Earlier)).wanted

    async def work(session: AsyncSession, row: Appointment) -> None:
        if wanted:
            plan = await request.state["planner"].plan(session)
            await misfits.check_fits(session, plan, row, asker_of(request).now)
        await changing.ask_earlier(session, row, asker_of(request).now, wanted=wanted)

    return await _done(request, work, "lijst-aan" if wanted else "lijst-uit")


async def _done(request: Request[DeskState], work: Work, done: str) -> Response:
    """Do it to the appointment, locked, and show that it is done."""
    code = typed_code(request.path_params["code"])

    async def change(session: AsyncSession) -> None:
        await work(session, await changing.appointment_to_change(session, code))

    await request.state["database"].transact(change)
    return RedirectResponse(f"/werk/afspraken/{code}?gedaan={done}", 303)


routes = [
    Route("/werk/afspraken/{code}", appointment),
    Route("/werk/afspraken/{code}/afzeggen", confirm_cancel),
    Route("/werk/afspraken/{code}/afzeggen", cancel, methods=["POST"]),
    Route("/werk/afspraken/{code}/bevestiging", resend, methods=["POST"]),
    Route("/werk/afspraken/{code}/eerder", earlier, methods=["POST"]),
]
