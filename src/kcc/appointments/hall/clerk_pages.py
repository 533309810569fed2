"""The clerk's screen: who is at the counter, who waits and how long, who is next. Works without JavaScript too."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import serves
from kcc.appointments.hall import arriving, calling, counters, queries, serving, showing
from kcc.appointments.hall.api import CLERKS, floor_of
from kcc.appointments.hall.floor import Floor
from kcc.appointments.hall.models import Outcome
from kcc.appointments.hall.rules import rules
from kcc.appointments.hall.state import HallState
from kcc.appointments.links import typed_code
from kcc.errors import DomainError, InvalidInput, NotFound
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
Work = Callable[[AsyncSession, Floor, FormData], Awaitable[str]]


def _number(sent: FormData, name: str = "visit") -> int:
    value = str(sent.get(name, ""))
    if not value.isascii() or not value.isdecimal() or len(value) > 9:
        raise InvalidInput("Kies een bezoeker")
    return int(value)


def _counter(sent: FormData) -> str:
    counter = str(sent.get("counter", ""))
    if not counter:
        raise InvalidInput("Open eerst een loket")
    return counter


def _products(sent: FormData) -> list[tuple[str, int]]:
    code, persons = str(sent.get("product", "")), str(sent.get("persons") or "1")
    if not code:
        raise InvalidInput("Kies waarvoor de bezoeker komt")
    if not persons.isascii() or not persons.isdecimal() or len(persons) > 2:
        raise InvalidInput("Vul het aantal personen in als getal")
    return [(code, int(persons))]


async def _open(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await counters.open_counter(session, floor, _counter(sent))
    return "open"


async def _close(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await counters.close_counter(session, floor, _counter(sent))
    return "close"


async def _finish_only(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    outcome = str(sent.get("outcome") or Outcome.DONE)
    if outcome not in {item.value for item in Outcome}:
        raise InvalidInput("Kies hoe het bezoek is afgelopen")
    note = str(sent.get("note") or "").strip()
    if len(note) > 200:
        raise InvalidInput("Een notitie heeft ten hoogste 200 tekens")
    await serving.finish(session, floor, _number(sent), Outcome(outcome), note)
    return ""


async def _finish_and_close(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await _finish_only(session, floor, sent)
    return await _close(session, floor, sent)


async def _start(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await serving.start(session, floor, _number(sent))
    return ""


async def _call(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await calling.call(session, floor, _number(sent), _counter(sent))
    return ""


async def _recall(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    visit = await calling.recall(session, floor, _number(sent))
    return "missed" if visit.finished_at else ""


async def _park(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await serving.park(session, floor, _number(sent))
    return "parked"


async def _resume(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await serving.resume(session, floor, _number(sent), _counter(sent))
    return ""


async def _transfer(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await serving.transfer(session, floor, _number(sent), _products(sent) if sent.get("product") else None)
    return "moved"


async def _change_products(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await serving.change_products(session, floor, _number(sent), _products(sent))
    return ""


async def _missed(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await serving.missed(session, floor, _number(sent))
    return "missed"


async def _left(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await serving.left(session, floor, _number(sent))
    return "left"


async def _wrong_ticket(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await calling.wrong_ticket(session, floor, _number(sent), _number(sent, "here"))
    return "mended"


async def _check_in(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await arriving.check_in(session, floor, await arriving.by_code(session, typed_code(str(sent.get("code", "")))))
    return "arrived"


async def _walk_in(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await arriving.walk_in(session, floor, _products(sent))
    return "arrived"


WORK: dict[str, Work] = {
    "open": _open,
    "close": _close,
    "start": _start,
    "finish-only": _finish_only,
    "finish-close": _finish_and_close,
    "call": _call,
    "recall": _recall,
    "park": _park,
    "resume": _resume,
    "transfer": _transfer,
    "products": _change_products,
    "missed": _missed,
    "left": _left,
    "wrong-ticket": _wrong_ticket,
    "check-in": _check_in,
    "walk-in": _walk_in,
}


async def _next(session: AsyncSession, floor: Floor, sent: FormData, request: PageRequest) -> str:
    """Finish who is here, if anybody, and call the next."""
    if sent.get("visit"):
        await _finish_only(session, floor, sent)
    called = await calling.call_next(session, floor, rules(request.state["settings"]), _counter(sent))
    return "" if called else "nobody"


async def _own_counter(session: AsyncSession, floor: Floor) -> str | None:
    """The counter that the clerk has open here."""
    opened = await queries.open_sessions(session, [counter.code for counter in floor.place.counters])
    return next((code for code, found in opened.items() if found.clerk == floor.by), None)


async def _page(request: PageRequest, status: int = 200, wrong: str | None = None) -> Response:
    settings = request.state["settings"]
    target = timedelta(minutes=settings.counter_target_minutes)
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        floor = floor_of(request, plan, request.path_params["location"])
        counter = await _own_counter(session, floor)
        found = await showing.hall(session, floor, rules(settings), target, counter)
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
        "target_percent": settings.counter_target_percent,
        "target_minutes": settings.counter_target_minutes,
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

        async def work(session: AsyncSession) -> str:
            floor = floor_of(request, await request.state["planner"].plan(session), location)
            if do == "next":
                return await _next(session, floor, sent, request)
            if do not in WORK:
                raise NotFound("Deze knop is er niet (meer)")
            return await WORK[do](session, floor, sent)

        try:
            said = await request.state["database"].transact(work)
        except NotFound as error:
            if location not in (await _plan(request)).places:
                raise
            return await _page(request, error.status, str(error))
        except DomainError as error:
            return await _page(request, error.status, str(error))
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
