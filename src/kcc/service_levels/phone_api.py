"""JSON endpoints about calls."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.service_levels.api import DAYS_AT_ONCE, DAYS_OF_QUARTERS, TAG, check_period
from kcc.service_levels.phone.levels import levels
from kcc.service_levels.phone_schemas import ServiceLevelsAnswer, ServiceLevelsQuery, answer
from kcc.service_levels.state import LEADS
from kcc.service_levels.targets.judging import as_promised
from kcc.service_levels.targets.reading import targets
from kcc.web.answers import private
from kcc.web.openapi import operation
from kcc.web.requests import read_query
from kcc.web.routing import Route
from kcc.web.state import State

SERVICE_LEVELS: dict[str, Any] = {
    "definition": {
        "metric": "service-level",
        "variant": "offered",
        "thresholdSeconds": 30,
        "shortSeconds": 5,
        "version": 1,
    },
    "rows": [
        {
            "start": "2026-11-24",
            "queue": None,
            "offered": 100,
            "answered": 92,
            "answeredWithin": 80,
            "abandoned": 8,
            "abandonedWithin": 5,
            "shortAbandoned": 3,
            "sentAway": 2,
            "unknown": 0,
            "transferred": 9,
            "serviceLevelPercent": 80.0,
            "abandonedPercent": 8.0,
            "transferredPercent": 9.8,
            "averageSpeedOfAnswer": 21.4,
            "averageHandlingTime": 233.0,
        }
    ],
}


@serves(LEADS)
@operation(
    summary="Service levels of calls",
    tag=TAG,
    query=ServiceLevelsQuery,
    response=ServiceLevelsAnswer,
    example=SERVICE_LEVELS,
)
async def service_levels(request: Request[State]) -> Response:
    """How many calls were answered, and how many in time, by interval and queue."""
    query = read_query(request, ServiceLevelsQuery)
    asked = query.asked
    check_period(query, DAYS_OF_QUARTERS if asked.by.of_clock else DAYS_AT_ONCE)
    clock = request.state["clock"]
    async with request.state["database"].reading() as session:
        kept = await targets(session, request.state["settings"])
        asked = as_promised(asked, kept, clock.today(), query.variant, query.threshold)
        found = await levels(session, asked, clock.timezone)
    return private(answer(asked.rules, found))


routes = [Route("/api/v1/service-levels", service_levels)]
