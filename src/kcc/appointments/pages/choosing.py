"""The first steps of booking: what for, where, and when. Everything chosen stands in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import public
from kcc.appointments import holds
from kcc.appointments.availability.cells import instant
from kcc.appointments.availability.offering import SlotTaken
from kcc.appointments.availability.plan import Place, Plan
from kcc.appointments.finding import first_free
from kcc.appointments.holds import Wanted
from kcc.appointments.links import new_secret
from kcc.appointments.menu import Menu
from kcc.appointments.models import CountedEvent
from kcc.appointments.pages import details, journey, managing
from kcc.appointments.pages.journey import Chosen, address, asker, chosen, online_places, to
from kcc.appointments.pages.summary import summary
from kcc.appointments.pages.times import start_of, times
from kcc.appointments.state import AppointmentState
from kcc.errors import InvalidInput, NotFound, ProofRequired, TooManyRequests
from kcc.web.addresses import client_address
from kcc.web.i18n import language_of
from kcc.web.routing import Route
from kcc.web.templating import render


@public
async def products(request: Request[AppointmentState]) -> Response:
    """Step 1: the product; then for how many persons, and what else in the same visit."""
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        picked = chosen(request, plan)
        menu = None if picked.products else await request.state["menu"].menu(session)
    if menu:
        return _product_list(request, plan, menu)
    online = next((terms.online_url for _, _, terms in picked.products if terms.online_url), None)
    code = picked.products[0][0]
    anyway = "toch" in request.query_params  # whoever was here before, and comes back
    if not anyway:
        request.state["product_counter"].count(CountedEvent.OPENED, picked.codes)
    context = {
        "product": picked.products[0],
        "chosen": {item: persons for item, persons, _ in picked.products},
        "online": online if len(picked.products) == 1 and not anyway else None,
        "anyway": address(request, "/afspraak", [*picked.query, ("toch", "1")]),
        "others": [
            (other.code, terms)
            for other, terms in plan.offered(request.state["clock"].today())
            if other.code in plan.products[code].combinable_with and not terms.staff_only
        ],
        "language_query": [*picked.query, *([("toch", "1")] if anyway else [])],
    }
    return render(request, "appointments/persons.html", context)


def _product_list(request: Request[AppointmentState], plan: Plan, menu: Menu) -> Response:
    offered = {product.code: terms for product, terms in plan.offered(request.state["clock"].today())}
    online = [code for code, terms in offered.items() if not terms.staff_only]
    asked = request.query_params.get("product", "").partition(":")[0]
    by_phone = offered[asked] if asked in offered and offered[asked].staff_only else None
    context = {
        "offered": offered,
        "often": [code for code in menu.often if code in online],
        "groups": menu.grouped(online),
        "staff_only": [terms for terms in offered.values() if terms.staff_only],
        "link": lambda code: address(request, "/afspraak", [("product", code)]),
        "by_phone": by_phone,
        "unknown": bool(asked) and by_phone is None,
    }
    return render(request, "appointments/products.html", context)


@public
async def online_route(request: Request[AppointmentState]) -> Response:
    """Count that somebody goes online instead, and take them there."""
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
    picked = chosen(request, plan)
    target = next((terms.online_url for _, _, terms in picked.products if terms.online_url), None)
    if target is None:
        raise NotFound("Dit product kunt u niet online regelen")
    request.state["product_counter"].count(CountedEvent.ONLINE_CHOSEN, picked.codes)
    return RedirectResponse(target, 303)


@dataclass(frozen=True, slots=True)
class PlaceOffer:
    """A place to choose, with its first free start and where it is on that day."""

    place: Place
    name: str
    first: datetime | None
    address: str
    moves: tuple[Any, str] | None
    link: str


@public
async def locations(request: Request[AppointmentState]) -> Response:
    """Step 2: where, with the first free moment of each place."""
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        picked = chosen(request, plan)
        if not picked.products:
            return to(request, "/afspraak")
        offers = [await _offer(session, request, plan, place, picked) for place in _places(request, plan, picked)]
        facts = await summary(session, request, plan, picked)
    offers.sort(key=lambda offer: (offer.first is None, offer.place.is_home_visit))
    context = {
        "offers": offers,
        "summary": facts,
        "back": address(request, "/afspraak", [*picked.query, ("toch", "1")]),
        "impossible": None if offers else _reason(plan, picked),
        "language_query": picked.query,
    }
    return render(request, "appointments/locations.html", context)


def _together(plan: Plan, picked: Chosen) -> bool:
    """Each goes with the first, or it would not be on the form; but maybe not with each other."""
    return all(picked.codes - {code} <= plan.products[code].combinable_with for code in picked.codes)


def _places(request: Request[AppointmentState], plan: Plan, picked: Chosen) -> list[Place]:
    return list(online_places(plan, picked.codes, request)) if _together(plan, picked) else []


def _reason(plan: Plan, picked: Chosen) -> str:
    """Why no place can be offered: products that do not go together, or only elsewhere than online."""
    return "nowhere" if _together(plan, picked) else "not-combinable"


async def _offer(
    session: AsyncSession, request: Request[AppointmentState], plan: Plan, place: Place, picked: Chosen
) -> PlaceOffer:
    who = asker(request)
    cell = await first_free(session, plan, request.state["policy"], who, place, picked.asked)
    first = instant(cell).astimezone(plan.zone) if cell else None
    day = first.date() if first else who.today
    return PlaceOffer(
        place=place,
        name=place.title(language_of(request)),
        first=first,
        address="" if place.is_home_visit else place.address_on(day),
        moves=place.moves_on(day),
        link=address(request, "/afspraak/tijd", [*picked.query, ("locatie", place.code)]),
    )


@public
async def start_times(request: Request[AppointmentState]) -> Response:
    """Step 3: the day and the time."""
    return await _times_page(request)


async def _times_page(
    request: Request[AppointmentState],
    said: str | None = None,
    status: int = 200,
    *,
    proof: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Response:
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        picked = chosen(request, plan)
        place = plan.places.get(request.query_params.get("locatie", ""))
        if not picked.products:
            return to(request, "/afspraak")
        if place is None or place not in _places(request, plan, picked):
            return to(request, "/afspraak/locatie", picked.query)
        query = [*picked.query, ("locatie", place.code)]
        try:
            found = await times(
                session, plan, request.state["policy"], asker(request), place, picked.asked,
                month=request.query_params.get("maand", ""), day=request.query_params.get("dag", ""),
            )  # fmt: skip
        except InvalidInput:
            return to(request, "/afspraak/locatie", picked.query)
        facts = await summary(session, request, plan, picked, place, day=found.day)
    now = request.state["clock"].now()
    context = {
        "times": found,
        "summary": facts,
        "said": said,
        "proof": proof or request.state["proofs"].wanted(now),
        "hold_minutes": int(request.state["policy"].hold.total_seconds() // 60),
        "action": address(request, "/afspraak/tijd", query),
        "day_link": lambda day: address(request, "/afspraak/tijd", [*query, ("dag", day.isoformat())], "tijden"),
        "month_link": lambda first: address(request, "/afspraak/tijd", [*query, ("maand", f"{first:%Y-%m}")]),
        "back": address(request, "/afspraak/locatie", picked.query),
        "language_query": [*query, *(item for item in request.query_params.items() if item[0] in ("maand", "dag"))],
    }
    response = render(request, "appointments/times.html", context, status=status)
    response.headers.update(headers or {})
    return response


@public
async def choose_time(request: Request[AppointmentState]) -> Response:
    """Keep the chosen time, instead of one that was kept before, and ask for the details."""
    form = await request.form(max_files=0, max_fields=20)
    who, policy = asker(request), request.state["policy"]
    starts_at = start_of(form.get("start"))
    if starts_at is None:
        return await _times_page(request, "choose", 400)
    secret = new_secret()
    try:
        await request.state["hold_limit"].count(client_address(request))
        request.state["proofs"].note(who.now)
        request.state["proofs"].check(str(form.get("altcha") or "") or None, who.now)

        async def work(session: AsyncSession) -> Chosen:
            plan = await request.state["planner"].plan(session)
            picked = chosen(request, plan)
            wanted = Wanted(request.query_params.get("locatie", ""), picked.asked, starts_at)
            await holds.hold(session, plan, policy, who, wanted, secret, journey.cookie(request, journey.HOLD))
            return picked

        picked = await request.state["database"].transact(work)
    except ProofRequired:
        return await _times_page(request, "proof", 429, proof=True)
    except TooManyRequests as error:
        return await _times_page(request, "too-many", 429, headers=error.headers)
    except SlotTaken:
        return await _times_page(request, "taken", 409)
    except InvalidInput:
        return await _times_page(request, "choose", 400)
    request.state["product_counter"].count(CountedEvent.BEGUN, picked.codes)
    response = to(request, "/afspraak/gegevens")
    journey.keep(request, response, journey.HOLD, secret)
    return response


routes = [
    Route("/afspraak", products),
    Route("/afspraak/online", online_route),
    Route("/afspraak/locatie", locations),
    Route("/afspraak/tijd", start_times),
    Route("/afspraak/tijd", choose_time, methods=["POST"]),
    *details.routes,
    *managing.routes,
]
