"""Administrators' pages of the plan: products, locations with counters and hours, closing days."""

from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.access.roles import Role
from kcc.appointments.counting import DAYS_SHOWN, counted
from kcc.appointments.misfits import unfit
from kcc.appointments.planning.editing import Place, done, find, remove, save, show, view_of
from kcc.appointments.planning.forms import (
    CLOSING,
    COUNTER,
    KINDS_OF_PLACE,
    LOCATION,
    PRODUCT,
    RULE,
    WEEKDAYS,
    PlanForm,
)
from kcc.appointments.planning.overview import (
    coming_changes,
    counters_that_never_open,
    dated,
    fixed_counts,
    places_that_never_open,
    products_nobody_can_book,
    week,
)
from kcc.appointments.planning.unfit import mailed, unfit_list
from kcc.appointments.state import AppointmentState
from kcc.web.routing import Route
from kcc.web.templating import render

PageRequest = Request[AppointmentState]
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})


@serves(ADMINISTRATOR)
async def overview(request: PageRequest) -> Response:
    """What can be managed, and what looks wrong."""
    clock = request.state["clock"]
    today = clock.today()
    async with request.state["database"].reading() as session:
        view = await view_of(request, session)
        touched = await unfit(session, view.plan, clock.now())
        closings = await view.closings()
    names = {code: product.terms[-1].name for code, product in view.plan.products.items() if product.terms}
    context = {
        "products": len(view.plan.offered(today)),
        "locations": len(view.plan.places),
        "next_closing": next((item.date for item in closings if item.date >= today), None),
        "unbookable": [(code, names[code]) for code in products_nobody_can_book(view.plan, today)],
        "never_open": [(code, view.plan.places[code].name) for code in places_that_never_open(view.plan, today)],
        "closed_counters": [
            (view.plan.places[place].name, f"/beheer/locaties/{place}/balies/{code}", name)
            for place, code, name in counters_that_never_open(view.plan, today)
        ],
        "unfit": unfit_list(view.plan, touched),
        "mailed": mailed(request.query_params.get("gemaild", "")),
    }
    return render(request, "appointments/plan/overview.html", context)


@serves(ADMINISTRATOR)
async def products(request: PageRequest) -> Response:
    """All products."""
    async with request.state["database"].reading() as session:
        view = await view_of(request, session)
        rows = await view.products()
        counts = await counted(session, request.state["clock"])
    today = request.state["clock"].today()
    names = {code: place.name for code, place in view.plan.places.items()}
    context = {
        "rows": rows,
        "coming": {row.code: [] for row in rows} | coming_changes(view.plan, today),
        "names": names,
        "today": today,
        "done": done(request),
        "counts": [(row.name, counts[row.code]) for row in rows if row.code in counts],
        "days": DAYS_SHOWN,
    }
    return render(request, "appointments/plan/products.html", context)


def _product_place(title: str) -> Place:
    return Place(title, "/beheer/producten", "Producten")


@serves(ADMINISTRATOR)
async def product(request: PageRequest) -> Response:
    """The form of a product, with what held before and will hold later."""
    key, today = request.path_params.get("code"), request.state["clock"].today()
    since = _day(request.query_params.get("vanaf", ""))
    async with request.state["database"].reading() as session:
        view = await view_of(request, session, on=since)
        item = await find(PRODUCT, view, key) if key else None
    place = _product_place(item.name if item else "Nieuw product")
    terms = view.plan.products[item.code].terms if item else ()
    if request.method == "POST":
        return await save(request, PRODUCT, place, item, terms=terms, today=today)
    over = {"validFrom": item.valid_from.isoformat() if item and item.valid_from > today else None}
    return await show(request, PRODUCT, place, item, view.plan, terms=terms, today=today, over=over)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@serves(ADMINISTRATOR)
async def locations(request: PageRequest) -> Response:
    """All locations."""
    async with request.state["database"].reading() as session:
        view = await view_of(request, session)
        rows = await view.locations()
    counts = {code: len(place.counters) for code, place in view.plan.places.items()}
    context = {"rows": rows, "counts": counts, "kinds": KINDS_OF_PLACE, "done": done(request)}
    return render(request, "appointments/plan/locations.html", context)


@serves(ADMINISTRATOR)
async def location(request: PageRequest) -> Response:
    """A location: where it is, its counters, its week, the days that differ."""
    code, today = request.path_params["code"], request.state["clock"].today()
    async with request.state["database"].reading() as session:
        view = await view_of(request, session)
        item = await find(LOCATION, view, code)
        rules = [rule for rule in await view.rules() if rule.location == code]
        closings = [day for day in await view.closings() if day.location in (None, code) and day.date >= today]
        counters = [counter for counter in await view.counters() if counter.location == code]
    context = {
        "item": item,
        "kind": KINDS_OF_PLACE[item.kind],
        "counters": counters,
        "names": {code: product.terms[-1].name for code, product in view.plan.products.items() if product.terms},
        "week": list(zip(WEEKDAYS, week(rules, today), strict=True)),
        "dated": dated(rules, today),
        "closings": closings,
        "counted": fixed_counts(rules, today) if request.query_params.get("nieuw") == "balie" else [],
        "today": today,
        "done": done(request),
    }
    return render(request, "appointments/plan/location.html", context)


@serves(ADMINISTRATOR)
async def edit_location(request: PageRequest) -> Response:
    """The form of a location."""
    key = request.path_params.get("code")
    async with request.state["database"].reading() as session:
        view = await view_of(request, session)
        item = await find(LOCATION, view, key) if key else None
    if item is None:
        today = request.state["clock"].today().isoformat()
        preset = {"addresses": [{"validFrom": today}]}
        place = Place("Nieuwe locatie", "/beheer/locaties", "Locaties", preset=preset)
    else:
        place = Place(f"{item.name} wijzigen", f"/beheer/locaties/{item.code}", item.name)
    if request.method == "POST":
        return await save(request, LOCATION, place, item)
    return await show(request, LOCATION, place, item, view.plan)


async def _part(request: PageRequest, form: PlanForm, title: str) -> Response:
    """The form of a counter or an opening rule: below the page of its location."""
    code, key = request.path_params["code"], request.path_params.get("part")
    async with request.state["database"].reading() as session:
        view = await view_of(request, session)
        above = await find(LOCATION, view, code)
        item = await find(form, view, str(key)) if key is not None else None
    name = getattr(item, "name", "") if item is not None else ""
    heading = f"{name or title}" if item is not None else f"Nieuwe {form.noun}"
    place = Place(f"{heading} – {above.name}", f"/beheer/locaties/{code}", above.name, preset={"location": code})
    if request.method == "POST":
        answer = await save(request, form, place, item)
        if form is COUNTER and item is None and answer.status_code == 303:  # the page tells what that does not do
            answer.headers["location"] += "&nieuw=balie"
        return answer
    return await show(request, form, place, item, view.plan)


@serves(ADMINISTRATOR)
async def counter(request: PageRequest) -> Response:
    """The form of a counter."""
    return await _part(request, COUNTER, "Balie")


@serves(ADMINISTRATOR)
async def rule(request: PageRequest) -> Response:
    """The form of an opening rule."""
    return await _part(request, RULE, "Openingstijd")


@serves(ADMINISTRATOR)
async def closing_days(request: PageRequest) -> Response:
    """All closing days to come."""
    today = request.state["clock"].today()
    async with request.state["database"].reading() as session:
        view = await view_of(request, session)
        rows = [item for item in await view.closings() if item.date >= today]
    names = {code: place.name for code, place in view.plan.places.items()}
    return render(request, "appointments/plan/closing_days.html", {"rows": rows, "names": names, "done": done(request)})


@serves(ADMINISTRATOR)
async def closing_day(request: PageRequest) -> Response:
    """The form of a closing day."""
    key = request.path_params.get("part")
    async with request.state["database"].reading() as session:
        view = await view_of(request, session)
        item = await find(CLOSING, view, str(key)) if key is not None else None
    preset = {"location": request.query_params.get("locatie", "")}
    title = "Nieuwe sluitingsdag" if item is None else "Sluitingsdag wijzigen"
    place = Place(title, "/beheer/sluitingsdagen", "Sluitingsdagen", preset=preset)
    if request.method == "POST":
        return await save(request, CLOSING, place, item)
    return await show(request, CLOSING, place, item, view.plan)


def _removal(form: PlanForm, title: str, back: str) -> Any:
    @serves(ADMINISTRATOR)
    async def endpoint(request: PageRequest) -> Response:
        given = request.path_params
        key = str(given.get("part", given.get("code")))
        place = Place(title.format(key), back.format(**given), "Terug")
        return await remove(request, form, place, key)

    return endpoint


BOTH = ["GET", "POST"]
PRODUCTS_AT, PLACES_AT, CLOSINGS_AT = "/beheer/producten", "/beheer/locaties", "/beheer/sluitingsdagen"
ONE_PLACE = PLACES_AT + "/{code}"
routes = [
    Route("/beheer", overview),
    Route(PRODUCTS_AT, products),
    Route(PRODUCTS_AT + "/nieuw", product, methods=BOTH),
    Route(PRODUCTS_AT + "/{code}", product, methods=BOTH),
    Route(PRODUCTS_AT + "/{code}/verwijderen", _removal(PRODUCT, "Product {}", PRODUCTS_AT), methods=["POST"]),
    Route(PLACES_AT, locations),
    Route(PLACES_AT + "/nieuw", edit_location, methods=BOTH),
    Route(ONE_PLACE, location),
    Route(ONE_PLACE + "/wijzigen", edit_location, methods=BOTH),
    Route(ONE_PLACE + "/verwijderen", _removal(LOCATION, "Locatie {}", PLACES_AT), methods=["POST"]),
    Route(ONE_PLACE + "/balies/nieuw", counter, methods=BOTH),
    Route(ONE_PLACE + "/balies/{part}", counter, methods=BOTH),
    Route(ONE_PLACE + "/balies/{part}/verwijderen", _removal(COUNTER, "Balie {}", ONE_PLACE), methods=["POST"]),
    Route(ONE_PLACE + "/tijden/nieuw", rule, methods=BOTH),
    Route(ONE_PLACE + "/tijden/{part:int}", rule, methods=BOTH),
    Route(ONE_PLACE + "/tijden/{part:int}/verwijderen", _removal(RULE, "Openingstijd {}", ONE_PLACE), methods=["POST"]),
    Route(CLOSINGS_AT, closing_days),
    Route(CLOSINGS_AT + "/nieuw", closing_day, methods=BOTH),
    Route(CLOSINGS_AT + "/{part:int}", closing_day, methods=BOTH),
    Route(CLOSINGS_AT + "/{part:int}/verwijderen", _removal(CLOSING, "Sluitingsdag {}", CLOSINGS_AT), methods=["POST"]),
]
