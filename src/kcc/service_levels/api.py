"""JSON endpoints of the service levels."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.appointments.availability.plan import Plan
from kcc.errors import FieldError, InvalidInput, NotFound
from kcc.service_levels import lead_times as lead
from kcc.service_levels import satisfaction as satisfied
from kcc.service_levels.definitions import (
    COUNTER_WAIT,
    COUNTER_WAIT_VERSION,
    LEAD_TIME_VERSION,
    SATISFACTION_VERSION,
    SCORES,
)
from kcc.service_levels.periods import EARLIEST, LATEST, By
from kcc.service_levels.schemas import (
    CounterWaitDefinition,
    DaysQuery,
    LeadTimeDefinition,
    LeadTimesAnswer,
    LeadTimesQuery,
    SatisfactionAnswer,
    SatisfactionDefinition,
    SatisfactionQuery,
    WaitsAnswer,
    WaitsQuery,
    lead_time_row,
    satisfaction_row,
    waits_row,
)
from kcc.service_levels.state import LEADS, ServiceLevelState
from kcc.service_levels.targets.judging import day_judged
from kcc.service_levels.targets.reading import targets
from kcc.service_levels.targets.waiting import promised_at
from kcc.service_levels.waits import Asked, rows
from kcc.web.answers import private
from kcc.web.openapi import operation
from kcc.web.requests import read_query
from kcc.web.routing import Route

TAG = "Service levels"
DAYS_AT_ONCE, DAYS_OF_QUARTERS, DAYS_OF_PRODUCTS = 1100, 31, 366
StateRequest = Request[ServiceLevelState]
WAITS: dict[str, Any] = {
    "definition": {
        "metric": COUNTER_WAIT,
        "thresholdSeconds": 300,
        "walkInThresholdSeconds": 900,
        "version": COUNTER_WAIT_VERSION,
    },
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
            "walkInsMissed": 1,
            "walkInsLeft": 0,
        }
    ],
}

LEAD_TIMES: dict[str, Any] = {
    "definition": {"metric": "lead-time", "version": LEAD_TIME_VERSION},
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

SATISFACTION: dict[str, Any] = {
    "definition": {
        "metric": "satisfaction",
        "lowest": SCORES[0],
        "highest": SCORES[-1],
        "version": SATISFACTION_VERSION,
    },
    "rows": [
        {
            "start": "2026-11-24",
            "location": "stadhuis",
            "invited": 40,
            "answered": 10,
            "responsePercent": 25.0,
            "mean": 4.1,
            "distribution": [0, 1, 1, 4, 4],
            "kioskVisits": 60,
            "kioskAnswered": 12,
            "kioskPercent": 20.0,
            "kioskMean": 4.0,
            "kioskDistribution": [1, 0, 2, 4, 5],
        }
    ],
}


def check_period(asked: DaysQuery, longest: int) -> None:
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
    check_period(query, DAYS_OF_QUARTERS if by.of_clock else DAYS_AT_ONCE)
    clock = request.state["clock"]
    day = day_judged(query.from_, query.to, clock.today())
    asked = Asked(query.from_, query.to, by, query.location or None, query.product or None)
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        check_names(plan, query.location, query.product)
        kept = await targets(session, request.state["settings"])
        thresholds = promised_at(kept, day, asked)
        found = await rows(session, plan, asked, thresholds, clock.now())
    definition = CounterWaitDefinition(
        metric=COUNTER_WAIT,
        threshold_seconds=thresholds.appointment,
        walk_in_threshold_seconds=thresholds.walk_in,
        version=COUNTER_WAIT_VERSION,
    )
    return private(WaitsAnswer(definition=definition, rows=[waits_row(row) for row in found]))


@serves(LEADS)
@operation(
    summary="Days from booking to the appointment, and to the first free start",
    tag=TAG,
    query=LeadTimesQuery,
    response=LeadTimesAnswer,
    example=LEAD_TIMES,
    errors=(404,),
)
async def lead_times(request: StateRequest) -> Response:
    """How long residents wait for a place, by interval and product."""
    query = read_query(request, LeadTimesQuery)
    check_period(query, DAYS_OF_PRODUCTS)
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        check_names(plan, "", query.product)
        found = await lead.rows(session, plan, query.from_, query.to, query.product or None, By(query.by))
    definition = LeadTimeDefinition(metric="lead-time", version=LEAD_TIME_VERSION)
    return private(LeadTimesAnswer(definition=definition, rows=[lead_time_row(row) for row in found]))


@serves(LEADS)
@operation(
    summary="How satisfied visitors were",
    tag=TAG,
    query=SatisfactionQuery,
    response=SatisfactionAnswer,
    example=SATISFACTION,
    errors=(404,),
)
async def satisfaction(request: StateRequest) -> Response:
    """What visitors answered to the one question, and how many did, by interval and location."""
    query = read_query(request, SatisfactionQuery)
    check_period(query, DAYS_AT_ONCE)
    asked = Asked(query.from_, query.to, By(query.by), query.location or None, query.product or None)
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        check_names(plan, query.location, query.product)
        found = await satisfied.rows(session, plan, asked)
    definition = SatisfactionDefinition(
        metric="satisfaction", lowest=SCORES[0], highest=SCORES[-1], version=SATISFACTION_VERSION
    )
    return private(SatisfactionAnswer(definition=definition, rows=[satisfaction_row(row) for row in found]))


routes = [
    Route("/api/v1/waits", waits),
    Route("/api/v1/lead-times", lead_times),
    Route("/api/v1/satisfaction", satisfaction),
]
