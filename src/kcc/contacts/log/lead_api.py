"""JSON endpoint for team leads: which departments can be reached."""

from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.access.roles import Role
from kcc.contacts.log.api import TAG, check_days
from kcc.contacts.log.reading import reachable
from kcc.contacts.log.schemas import ReachabilityQuery
from kcc.contacts.log.state import ContactState
from kcc.web.answers import private
from kcc.web.openapi import operation
from kcc.web.requests import Wire, read_query
from kcc.web.routing import Route


class ReachabilityRow(Wire):
    """A department. `percent` is reached / (reached + not reached), null when it was never called."""

    department: str
    reached: int
    not_reached: int
    callbacks: int
    percent: float | None


class ReachabilityAnswer(Wire):
    """The departments that questions went to, by code."""

    rows: list[ReachabilityRow]


EXAMPLE = {
    "rows": [{"department": "burgerzaken", "reached": 18, "notReached": 6, "callbacks": 4, "percent": 75.0}],
}


@serves({Role.TEAM_LEAD, Role.ADMINISTRATOR})
@operation(
    summary="How often departments were reached",
    tag=TAG,
    query=ReachabilityQuery,
    response=ReachabilityAnswer,
    example=EXAMPLE,
)
async def reachability(request: Request[ContactState]) -> Response:
    """Of the calls that agents put through to a department, those that were answered there."""
    query = read_query(request, ReachabilityQuery)
    check_days(query.from_, query.to)
    begin, end = request.state["clock"].bounds(query.from_, query.to)
    async with request.state["database"].reading() as session:
        found = await reachable(session, begin, end)
    return private(
        ReachabilityAnswer(rows=[ReachabilityRow.model_validate(row, from_attributes=True) for row in found])
    )


routes = [Route("/api/v1/reachability", reachability)]
