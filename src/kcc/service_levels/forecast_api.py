"""JSON endpoints of forecasts."""

import math
from collections import defaultdict
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.errors import FieldError, InvalidInput
from kcc.service_levels.api import DAYS_OF_QUARTERS, TAG, check_period
from kcc.service_levels.forecast_examples import ACCURACY, FORECAST
from kcc.service_levels.forecast_schemas import (
    AccuracyAnswer,
    AccuracyDefinition,
    AccuracyQuery,
    AccuracyRow,
    ForecastAnswer,
    ForecastDefinition,
    ForecastQuery,
    ForecastRow,
)
from kcc.service_levels.periods import By, Start, start_of, starts
from kcc.service_levels.planning.accuracy import Accuracy, accuracy
from kcc.service_levels.planning.expecting import Expectation, expect
from kcc.service_levels.planning.habits import check_queue
from kcc.service_levels.planning.promise import promised, work
from kcc.service_levels.staffing.forecast import WEEKS_AHEAD, DayForecast, Quarter, likely
from kcc.service_levels.staffing.needs import Work, together
from kcc.service_levels.state import LEADS
from kcc.web.answers import private
from kcc.web.openapi import operation
from kcc.web.requests import read_query
from kcc.web.routing import Route
from kcc.web.state import State

StateRequest = Request[State]


@serves(LEADS)
@operation(
    summary="Calls to expect, and agents they take",
    tag=TAG,
    query=ForecastQuery,
    response=ForecastAnswer,
    example=FORECAST,
)
async def forecast(request: StateRequest) -> Response:
    """Of coming days, by quarter of an hour, hour or day; null where too little is known to say anything."""
    query = read_query(request, ForecastQuery)
    check_period(query, DAYS_OF_QUARTERS)
    clock = request.state["clock"]
    _check_coming(query, clock.today())
    days = [query.from_ + timedelta(days=number) for number in range((query.to - query.from_).days + 1)]
    async with request.state["database"].reading() as session:
        await check_queue(session, query.queue)
        promise = await promised(session, request.state["settings"], query.to, query.queue)
        found = await expect(session, clock.timezone, clock.today(), days, query.queue)
    definition = ForecastDefinition(
        queue=query.queue or None,
        recorded_days=found.recorded,
        handling_seconds=found.habits.handling,
        patience_seconds=found.habits.patience,
        target_percent=promise.percent,
        threshold_seconds=promise.threshold,
    )
    rows = _rows(found, By(query.by), work(found.habits, promise), clock.timezone)
    return private(ForecastAnswer(definition=definition, rows=rows))


def _check_coming(query: ForecastQuery, today: date) -> None:
    """Raises InvalidInput for days that are over or so far away that nothing can be said of them."""
    last = today + timedelta(weeks=WEEKS_AHEAD)
    for name, wrong, detail in (
        ("from", query.from_ < today, f"dagen die voorbij zijn worden niet voorspeld; kies {today} of later"),
        ("to", query.to > last, f"zo ver vooruit valt niets te zeggen; kies {last} of eerder"),
    ):
        if wrong:
            raise InvalidInput(f"De periode klopt niet: {detail}", [FieldError("query", name, "impossible", detail)])


def _rows(found: Expectation, by: By, work: Work | None, zone: ZoneInfo) -> list[ForecastRow]:
    return [row for day in found.days for row in _of_day(day, by, work, zone, found.special.get(day.day, []))]


def _of_day(one: DayForecast, by: By, work: Work | None, zone: ZoneInfo, special: list[str]) -> list[ForecastRow]:
    groups: dict[Start, list[Quarter]] = defaultdict(list)
    for quarter in one.quarters:
        groups[start_of(quarter.start, by, one.day, zone)].append(quarter)
    return [_row(start, one, groups[start], by, work, special) for start in starts(by, one.day, one.day, zone)]


def _row(
    start: date | datetime, one: DayForecast, quarters: list[Quarter], by: By, work: Work | None, special: list[str]
) -> ForecastRow:
    expected = math.fsum(quarter.expected for quarter in quarters) if quarters else None
    least, most = (None, None) if expected is None else likely(expected)
    staffed = work if by.of_clock else None
    return ForecastRow(
        start=start,
        state=one.state,
        expected=expected,
        least=least,
        most=most,
        agents=_agents(quarters, staffed),
        agents_without_abandonment=_agents(quarters, staffed, hang_up=False),
        special=special,
    )


def _agents(quarters: list[Quarter], work: Work | None, *, hang_up: bool = True) -> int | None:
    return together([quarter.expected for quarter in quarters], work, hang_up=hang_up) if work else None


@serves(LEADS)
@operation(
    summary="How near past forecasts came",
    tag=TAG,
    query=AccuracyQuery,
    response=AccuracyAnswer,
    example=ACCURACY,
)
async def forecast_accuracy(request: StateRequest) -> Response:
    """By week, from what was said then."""
    query, clock = read_query(request, AccuracyQuery), request.state["clock"]
    async with request.state["database"].reading() as session:
        await check_queue(session, query.queue)
        found = await accuracy(session, clock.timezone, clock.today(), query.weeks, query.queue)
    rows = [_accuracy(one) for one in found]
    return private(AccuracyAnswer(definition=AccuracyDefinition(queue=query.queue or None), rows=rows))


def _accuracy(one: Accuracy) -> AccuracyRow:
    return AccuracyRow(
        start=one.monday,
        days=one.days,
        calls=one.came,
        expected=one.expected,
        error_percent=_percent(one.error),
        day_error_percent=_percent(one.day_error),
        chance_percent=_percent(one.chance),
        last_week_percent=_percent(one.last_week),
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


routes = [
    Route("/api/v1/forecast", forecast),
    Route("/api/v1/forecast/accuracy", forecast_accuracy),
]
