"""JSON endpoints for what was recorded about a visit: everything that happened, and putting it right."""

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import principal_of, serves
from kcc.access.roles import Role
from kcc.appointments.hall import correcting, queries
from kcc.appointments.hall import examples as example
from kcc.appointments.hall.api import CLERKS, TAG, floor_of
from kcc.appointments.hall.floor import Floor
from kcc.appointments.hall.models import Visit
from kcc.appointments.hall.schemas import Correction, VisitCourse, visit_course
from kcc.appointments.hall.state import HallState
from kcc.errors import Forbidden, NotFound
from kcc.web.answers import private
from kcc.web.openapi import operation
from kcc.web.requests import read_json
from kcc.web.routing import Route

StateRequest = Request[HallState]


async def visit_and_floor(request: StateRequest, session: AsyncSession, number: int) -> tuple[Visit, Floor]:
    """A visit and its hall on its own day, which only team leads look back at.

    Raises NotFound, and Forbidden for a clerk when it was on another day.
    """
    found = await queries.visit(session, number)
    if found is None:
        raise NotFound("Dit bezoek is er niet")
    floor = floor_of(request, await request.state["planner"].plan(session), found.location)
    principal = principal_of(request)
    if found.day != floor.day and not (principal and principal.may(Role.TEAM_LEAD)):
        raise Forbidden("Een bezoek van een andere dag kan alleen een teamleider inzien en verbeteren")
    return found, floor.on(found.day)


@serves(CLERKS)
@operation(
    summary="A visit and what happened to it",
    tag=TAG,
    response=VisitCourse,
    example=example.COURSE,
    errors=(403, 404),
    path_parameters={"id": "1"},
)
async def visit(request: StateRequest) -> Response:
    """Every event, in the order in which it was recorded."""
    async with request.state["database"].reading() as session:
        found, _ = await visit_and_floor(request, session, request.path_params["id"])
        events = await queries.events_of(session, request.path_params["id"])
    return private(visit_course(found, events))


@serves(CLERKS)
@operation(
    summary="Correct a moment",
    tag=TAG,
    body=Correction,
    body_example=example.CORRECTION,
    response=VisitCourse,
    example=example.COURSE,
    errors=(403, 404),
    path_parameters={"id": "1"},
)
async def correct(request: StateRequest) -> Response:
    """An event really was at another moment; the event itself stays, the correction is one more."""
    asked, number = await read_json(request, Correction), request.path_params["id"]

    async def work(session: AsyncSession) -> VisitCourse:
        _, floor = await visit_and_floor(request, session, number)
        found = await correcting.correct(session, floor, number, asked.event, asked.really_at)
        return visit_course(found, await queries.events_of(session, number))

    corrected = await request.state["database"].transact(work)
    request.state["hall_watch"].nudge()
    return private(corrected)


routes = [
    Route("/api/v1/visits/{id:int}", visit),
    Route("/api/v1/visits/{id:int}/corrections", correct, methods=["POST"]),
]
