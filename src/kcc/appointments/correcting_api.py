"""JSON endpoint for staff: correct who comes, and how they are reached."""

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.appointments import api_examples as examples
from kcc.appointments import changing
from kcc.appointments.api import BOOKING_STAFF, PATH, TAG, detail
from kcc.appointments.links import typed_code
from kcc.appointments.schemas import AppointmentDetail, Correction
from kcc.appointments.state import AppointmentState
from kcc.web.answers import private
from kcc.web.openapi import operation
from kcc.web.requests import read_json
from kcc.web.routing import Route


@serves(BOOKING_STAFF)
@operation(
    summary="Correct who comes",
    tag=TAG,
    body=Correction,
    body_example=examples.CORRECTION,
    response=AppointmentDetail,
    example=examples.DETAIL | examples.CORRECTION,
    path_parameters=PATH,
    errors=[404],
)
async def correct_appointment(request: Request[AppointmentState]) -> Response:
    """Correct name, e-mail address, phone number or language. A new address gets the confirmation."""
    asked = await read_json(request, Correction)
    code = typed_code(request.path_params["code"])

    async def work(session: AsyncSession) -> AppointmentDetail:
        plan = await request.state["planner"].plan(session)
        appointment = await changing.appointment_to_change(session, code)
        now = request.state["clock"].now()
        await changing.correct(session, plan, request.state["policy"], appointment, now, **asked.changes())
        return await detail(session, plan, appointment)

    return private(await request.state["database"].transact(work))


routes = [Route("/api/v1/appointments/{code}", correct_appointment, methods=["PATCH"])]
