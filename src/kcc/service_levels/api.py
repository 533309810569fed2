"""JSON endpoints of the service levels."""

from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.access.roles import Role
from kcc.appointments.availability.plan import Plan
from kcc.appointments.state import AppointmentState
from kcc.errors import FieldError, InvalidInput, NotFound
from kcc.service_levels import lead_times as lead
from kcc.service_levels.definitions import COUNTER_WAIT_VERSION, LEAD_TIME_VERSION
from kcc.service_levels.periods import By
from kcc.service_levels.schemas import (
    CounterWaitDefinition,
    LeadTimeDefinition,
    LeadTimesAnswer,
    PeriodQuery,
    WaitsAnswer,
    WaitsQuery,
    lead_time_row,
    waits_row,
)
from kcc.service_levels.waits import Asked, Thresholds, rows
from kcc.web.openapi import operation
from kcc.web.requests import Wire, read_query
from kcc.web.routing import Route

TAG = "Service levels"
LEADS = frozenset({Role.TEAM_LEAD, Role.ADMINISTRATOR})
DAYS_AT_ONCE, DAYS_OF_QUARTERS, DAYS_OF_PRODUCTS = 1100, 31, 366
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
StateRequest = Request[AppointmentState]
WAITS: dict[str, Any] = {
    "definition": {"metric": "counter-wait", "thresholdSeconds": 300, "version": 1},
    "rows": [
        {
            "start": "2026-11-24",
            "location": "stadhuis",
            "visits": 40,
            "within": 38,
            "missed": 1,
            "noShows": 3,
            "leftBeforeCalled": 0,
            "percentWithin": 95.0,
            "averageWaitSeconds": 71.5,
            "medianWaitSeconds": 20.0,
            "averageMinutesLate": -4.2,
            "walkIns": 9,
            "walkInsWithin": 8,
        }
    ],
}

LEAD_TIMES: dict[str, Any] = {
    "definition": {"metric": "lead-time", "version": 1},
    "rows": [
        {
            "start": "2026-11-24",
            "product": "paspoort",
            "booked": 31,
            "averageDays": 4.8,
            "medianDays": 3.0,
            "targetDays": 5,
            "within": 26,
            "percentWithin": 83.9,
            "firstFreeDays": 1,
            "firstFree": [{"location": "stadhuis", "days": 1}, {"location": "wijkcentrum", "days": None}],
        }
    ],
}


def answer(model: Wire) -> Response:
    """For the one who asked only."""
    body = model.model_dump_json(by_alias=True)
    return Response(body, headers={"Cache-Control": "no-store"}, media_type="application/json")


def check_period(asked: PeriodQuery, longest: int) -> None:
    """Raises InvalidInput for a period that is reversed, longer than so many days, or centuries away."""
    if asked.to < asked.from_:
        raise _wrong("to", "reversed", "to ligt voor from")
    if (asked.to - asked.from_).days >= longest:
        raise _wrong("to", "too-long", f"vraag ten hoogste {longest} dagen tegelijk")
    if asked.from_ < EARLIEST or asked.to > LATEST:
        raise _wrong("from", "too-far", f"kies dagen van {EARLIEST.year} tot en met {LATEST.year}")


def _wrong(name: str, code: str, detail: str) -> InvalidInput:
    return InvalidInput(f"De periode klopt niet: {detail}", [FieldError("query", name, code, detail)])


def check_names(plan: Plan, location: str, product: str) -> None:
    """Raises NotFound for a location or product that is not in the plan; an empty name is none."""
    if location and location not in plan.places:
        raise NotFound(f"Locatie {location} bestaat niet")
    if product and product not in plan.products:
        raise NotFound(f"Product {product} bestaat niet")


@serves(LEADS)
@operation(
    summary="Waits at the counters", tag=TAG, query=WaitsQuery, response=WaitsAnswer, example=WAITS, errors=(404,)
)
async def waits(request: StateRequest) -> Response:
    """How long visitors waited, by interval and location."""
    query = read_query(request, WaitsQuery)
    by = By(query.by)
    check_period(query, DAYS_OF_QUARTERS if by is By.QUARTER_HOUR else DAYS_AT_ONCE)
    settings = request.state["settings"]
    thresholds = Thresholds(settings.counter_target_minutes * 60, settings.walk_in_target_minutes * 60)
    asked = Asked(query.from_, query.to, by, query.location or None, query.product or None)
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        check_names(plan, query.location, query.product)
        found = await rows(session, plan, asked, thresholds, request.state["clock"].now())
    definition = CounterWaitDefinition(
        metric="counter-wait", threshold_seconds=thresholds.appointment, version=COUNTER_WAIT_VERSION
    )
    return answer(WaitsAnswer(definition=definition, rows=[waits_row(row) for row in found]))


@serves(LEADS)
@operation(
    summary="Days from booking to the appointment, and to the first free start",
    tag=TAG,
    query=PeriodQuery,
    response=LeadTimesAnswer,
    example=LEAD_TIMES,
    errors=(404,),
)
async def lead_times(request: StateRequest) -> Response:
    """How long residents wait for a place, by day and product."""
    query = read_query(request, PeriodQuery)
    check_period(query, DAYS_OF_PRODUCTS)
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        check_names(plan, "", query.product)
        found = await lead.rows(session, plan, query.from_, query.to, query.product or None)
    definition = LeadTimeDefinition(metric="lead-time", version=LEAD_TIME_VERSION)
    return answer(LeadTimesAnswer(definition=definition, rows=[lead_time_row(row) for row in found]))


routes = [
    Route("/api/v1/waits", waits),
    Route("/api/v1/lead-times", lead_times),
]
