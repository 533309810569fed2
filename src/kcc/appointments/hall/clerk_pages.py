"""The clerk's screen: who is at the counter, who waits and how long, who is next. Works without JavaScript too."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import serves
from kcc.appointments.hall import clerk_view, queries
from kcc.appointments.hall.api import CLERKS, floor_of
from kcc.appointments.hall.clerk_buttons import press
from kcc.appointments.hall.state import HallState
from kcc.appointments.hall.visit_views import OUTCOMES
from kcc.errors import DomainError, NotFound
from kcc.web.routing import Route
from kcc.web.templating import render

PageRequest = Request[HallState]
SAID = {
    "open": "Het loket is open",
    "close": "Het loket is dicht",
    "arrived": "De bezoeker is aangemeld",
    "nobody": "Er wacht niemand die u kunt helpen",
    "missed": "Genoteerd: niet gekomen",
    "parked": "Het bezoek is geparkeerd. Uw loket is vrij.",
    "moved": "De bezoeker wacht op een ander loket en houdt de plaats",
    "mended": "De bezoeker die voor u staat, is nu aan de beurt. De ander houdt de plaats.",
    "left": "Genoteerd: weggegaan",
}


async def _page(
    request: PageRequest,
    status: int = 200,
    wrong: str | None = None,
    asked: str = "",
    typed: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    """The screen. `asked` is the name that somebody at the reception gave, `typed` a form that was refused."""
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        floor = floor_of(request, plan, request.path_params["location"])
        counter = await queries.opened_by(session, [item.code for item in floor.place.counters], floor.by)
        promised = await request.state["counter_promise"](session, floor.place.code, floor.day)
        found = await clerk_view.hall(session, floor, timedelta(minutes=promised.minutes), counter)
    products = [
        (code, terms.name)
        for code, product in plan.products.items()
        if (terms := product.on(floor.day)) and floor.place.offers(frozenset({code}))
    ]
    context: dict[str, Any] = {
        "hall": found,
        "place": floor.place,
        "counter_name": floor.counter(counter).name if counter else None,
        "products": products,
        "said": SAID.get(request.query_params.get("gedaan", "")),
        "wrong": wrong,
        "asked": asked,
        "typed": typed,
        "outcomes": [(outcome.value, text.capitalize()) for outcome, text in OUTCOMES.items()],
        "named": found.named(asked),
        "target_percent": promised.percent,
        "target_minutes": promised.minutes,
        "now": floor.now,
    }
    return render(request, "hall/clerk.html", context, status=status)


@serves(CLERKS)
async def clerk(request: PageRequest) -> Response:
    """The hall and the clerk's own counter."""
    return await _page(request)


@serves(CLERKS)
async def act(request: PageRequest) -> Response:
    """Do what a button says, and show the hall."""
    location = request.path_params["location"]
    async with request.form(max_files=0, max_fields=50) as sent:
        do = str(sent.get("do", ""))
        if do == "find":
            return await _page(request, asked=str(sent.get("name", "")).strip()[:200])

        async def work(session: AsyncSession) -> str:
            floor = floor_of(request, await request.state["planner"].plan(session), location)
            return await press(session, floor, do, sent)

        typed = {name: value for name, value in sent.items() if isinstance(value, str)}
        try:
            said = await request.state["database"].transact(work)
        except NotFound as error:
            if location not in (await _plan(request)).places:
                raise
            return await _page(request, error.status, str(error), typed=typed)
        except DomainError as error:
            return await _page(request, error.status, str(error), typed=typed)
    request.state["hall_watch"].nudge()
    return RedirectResponse(f"/balie/{location}" + (f"?gedaan={said}" if said else ""), 303)


async def _plan(request: PageRequest) -> Any:
    async with request.state["database"].reading() as session:
        return await request.state["planner"].plan(session)


@serves(CLERKS)
async def choose(request: PageRequest) -> Response:
    """Which location: straight on when there is one."""
    plan = await _plan(request)
    places = [place for place in plan.places.values() if place.counters and not place.is_home_visit]
    if len(places) == 1:
        return RedirectResponse(f"/balie/{places[0].code}", 303)
    return render(request, "hall/locations.html", {"places": places})


routes = [
    Route("/balie", choose),
    Route("/balie/{location}", clerk),
    Route("/balie/{location}", act, methods=["POST"]),
]
