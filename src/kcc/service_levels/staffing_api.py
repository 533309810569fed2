"""JSON endpoint about how many agents it takes."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.errors import FieldError, InvalidInput
from kcc.service_levels.api import TAG
from kcc.service_levels.staffing.limits import MOST_ERLANG
from kcc.service_levels.staffing_schemas import StaffingAnswer, StaffingQuery, staffing
from kcc.service_levels.state import LEADS
from kcc.web.answers import private
from kcc.web.openapi import operation
from kcc.web.requests import read_query
from kcc.web.routing import Route
from kcc.web.state import State

FIGURES: dict[str, Any] = {
    "agents": 14,
    "scheduledAgents": 20,
    "stable": True,
    "serviceLevelPercent": 88.8,
    "probabilityOfWaiting": 0.174,
    "averageWaitSeconds": 7.8,
    "abandonedPercent": 0.0,
    "occupancyPercent": 71.4,
}
STAFFING: dict[str, Any] = {
    **FIGURES,
    "definition": {"variant": "offered", "thresholdSeconds": 20, "targetPercent": 80},
    "model": "erlang-c",
    "loadErlang": 10,
    "requiredAgents": 14,
    "table": [
        {
            "agents": 10,
            "scheduledAgents": 15,
            "stable": False,
            "serviceLevelPercent": None,
            "probabilityOfWaiting": None,
            "averageWaitSeconds": None,
            "abandonedPercent": None,
            "occupancyPercent": None,
        },
        FIGURES,
    ],
}


def check_possible(query: StaffingQuery) -> None:
    """Raises InvalidInput for more work than any contact centre has, or a share that was meant as a percentage."""
    if query.demand.load > MOST_ERLANG:
        detail = f"dit is werk voor meer dan {MOST_ERLANG:.0f} medewerkers tegelijk; kloppen calls, per en aht?"
        raise _wrong("calls", "too-much", detail)
    if 0 < query.shrinkage < 1:
        detail = f"dit is een percentage: schrijf {100 * query.shrinkage:g} voor {100 * query.shrinkage:g} %"
        raise _wrong("shrinkage", "not-a-percentage", detail)


def _wrong(name: str, code: str, detail: str) -> InvalidInput:
    return InvalidInput(f"Niet goed ingevuld: {name}", [FieldError("query", name, code, detail)])


@serves(LEADS)
@operation(
    summary="How many agents it takes, and what becomes of callers",
    tag=TAG,
    query=StaffingQuery,
    response=StaffingAnswer,
    example=STAFFING,
)
async def staffing_for(request: Request[State]) -> Response:
    """By Erlang C, or with `patience` by Erlang A; unstable figures are null."""
    query = read_query(request, StaffingQuery)
    check_possible(query)
    return private(staffing(query))


routes = [Route("/api/v1/staffing", staffing_for)]
