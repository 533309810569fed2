"""JSON endpoint about calling back in time."""

from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.service_levels.api import DAYS_AT_ONCE, TAG, check_period
from kcc.service_levels.callback_schemas import InTimeAnswer, InTimeDefinition, InTimeQuery, in_time_row
from kcc.service_levels.callbacks import rows
from kcc.service_levels.definitions import CALLBACK_VERSION
from kcc.service_levels.periods import By
from kcc.service_levels.state import LEADS
from kcc.web.answers import private
from kcc.web.openapi import operation
from kcc.web.requests import read_query
from kcc.web.routing import Route
from kcc.web.state import State

IN_TIME = {
    "definition": {"metric": "callbacks-in-time", "withinHours": 16, "version": CALLBACK_VERSION},
    "rows": [
        {
            "start": "2026-11-01",
            "department": "burgerzaken",
            "due": 40,
            "called": 36,
            "closed": 30,
            "withdrawn": 2,
            "percentCalled": 90.0,
            "percentClosed": 75.0,
        }
    ],
}


@serves(LEADS)
@operation(
    summary="How many people were called back in time",
    tag=TAG,
    query=InTimeQuery,
    response=InTimeAnswer,
    example=IN_TIME,
)
async def callbacks_in_time(request: Request[State]) -> Response:
    """Callbacks by the day on which they were due, of each department."""
    query = read_query(request, InTimeQuery)
    check_period(query, DAYS_AT_ONCE)
    state = request.state
    async with state["database"].reading() as session:
        found = await rows(session, query.from_, query.to, By(query.by), query.department or None, state["clock"])
    definition = InTimeDefinition(
        metric="callbacks-in-time", within_hours=state["settings"].callback_within_hours, version=CALLBACK_VERSION
    )
    return private(InTimeAnswer(definition=definition, rows=[in_time_row(row) for row in found]))


routes = [Route("/api/v1/callbacks/in-time", callbacks_in_time)]
