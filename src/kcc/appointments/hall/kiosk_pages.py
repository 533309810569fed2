"""The kiosk: check in with a code or its QR, or take a number. Shows nothing of anybody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.appointments.hall import arriving, estimating, queries
from kcc.appointments.hall.api import AT_THE_DOOR, floor_of
from kcc.appointments.hall.floor import Floor
from kcc.appointments.hall.models import Visit
from kcc.appointments.hall.rules import rules
from kcc.appointments.hall.state import HallState
from kcc.appointments.links import new_secret, typed_code
from kcc.appointments.menu import Menu
from kcc.catalogue.models import Topic
from kcc.errors import DomainError, InvalidInput, NotFound
from kcc.storage import idempotency
from kcc.web.dates import time_of_day
from kcc.web.i18n import language_of
from kcc.web.routing import Route
from kcc.web.templating import render

PageRequest = Request[HallState]
PAGE_MAX = 100
# Of more people than this the reception makes an appointment, or gives more numbers.
MOST_PERSONS = 8
FIRST = "vaak"
STEPS = ("inloop", "personen")


@dataclass(frozen=True, slots=True)
class Choice:
    """A product to take a number for, by its name in the language of the page, and for how many at most."""

    code: str
    title: str
    most: int


async def _floor(request: PageRequest, session: AsyncSession) -> Floor:
    return floor_of(request, await request.state["planner"].plan(session), request.path_params["location"])


async def _wait(session: AsyncSession, floor: Floor, visit: Visit | None) -> int | None:
    if not floor.place.walk_ins:
        return None
    return await estimating.walk_in_wait(session, floor, visit.id if visit else None)


async def _page(request: PageRequest, status: int = 200, visit: Visit | None = None, **more: Any) -> Response:
    language = language_of(request)
    async with request.state["database"].reading() as session:
        floor = await _floor(request, session)
        wait = await _wait(session, floor, visit)
        menu = await request.state["menu"].menu(session)
    choices = _choices(floor, language)
    context = {
        "place": floor.place,
        "name": floor.place.title(language),
        "groups": _groups(menu, choices),
        "product": choices.get(request.query_params.get("product", "")),
        "wait": wait,
        "asks": request.state["settings"].survey,
        "step": "begin",
        "wrong": None,
        "where": "",
        "page": new_secret(),
        "visit": visit,
        "planned": _planned(floor, visit, language),
        "late": _is_late(request, visit),
    }
    return render(request, "hall/kiosk.html", context | more, status=status)


def _choices(floor: Floor, language: str) -> dict[str, Choice]:
    """What a number can be taken for, by code."""
    return {
        code: Choice(code, terms.title(language), min(terms.max_persons, MOST_PERSONS))
        for code, product in floor.plan.products.items()
        if (terms := product.on(floor.day)) and not terms.staff_only and floor.place.offers(frozenset({code}))
    }


def _groups(menu: Menu, choices: dict[str, Choice]) -> Sequence[tuple[str | Topic | None, list[Choice]]]:
    """The products under headings, each once: those chosen most first, then the groups of the menu."""
    first = [code for code in menu.often if code in choices]
    rest = menu.grouped([code for code in choices if code not in first])
    groups: list[tuple[str | Topic | None, list[str]]] = [(FIRST, first), *rest] if first else [*rest]
    return [(heading, [choices[code] for code in codes]) for heading, codes in groups]


def _planned(floor: Floor, visit: Visit | None, language: str) -> str:
    """The time of the appointment, as people read it; empty for who has none."""
    if visit is None or visit.planned_at is None:
        return ""
    return time_of_day(visit.planned_at.astimezone(floor.plan.zone), language)


def _is_late(request: PageRequest, visit: Visit | None) -> bool:
    """Whether somebody came so late that the place in the hall is not that of the appointment."""
    if visit is None or visit.planned_at is None:
        return False
    return visit.arrived_at - visit.planned_at > rules(request.state["settings"]).late_after


def _why(error: DomainError, asked: str) -> str:
    """What is wrong, by a word for which the page has a sentence in each language."""
    if isinstance(error, arriving.NotArriving):
        return error.why
    if isinstance(error, NotFound):
        return "unknown"
    return "other" if asked else "no-code"


@serves(AT_THE_DOOR)
async def kiosk(request: PageRequest) -> Response:
    """Where everybody begins: with an appointment, or without; then what for, and with how many."""
    step = request.query_params.get("stap", "")
    return await _page(request, step=step if step in STEPS else "begin")


async def _number(session: AsyncSession, floor: Floor, product: str, persons: int, page: str) -> Visit:
    """A number for who has no appointment; of one page one, however often its buttons are pressed."""
    scope, key = f"kiosk {floor.location}", f"{page} {product}"
    if known := await idempotency.begin(session, scope, key, product, floor.now):
        found = await queries.visit(session, int(known))
        assert found is not None
        return found
    visit = await arriving.walk_in(session, floor, [(product, persons)], staff=False)
    await idempotency.finish(session, scope, key, str(visit.id))
    return visit


def _persons(typed: str) -> int:
    """For how many. Raises InvalidInput for what no button says; the product's own limit is looked at later."""
    if typed not in {str(number) for number in range(1, MOST_PERSONS + 1)}:
        raise InvalidInput(f"Kies 1 tot en met {MOST_PERSONS} personen")
    return int(typed)


@serves(AT_THE_DOOR)
async def arrive(request: PageRequest) -> Response:
    """Check in, or take a number."""
    async with request.form(max_files=0, max_fields=5) as sent:
        code, product = str(sent.get("code", "")).strip(), str(sent.get("product", ""))
        page = str(sent.get("page", ""))[:PAGE_MAX] or new_secret()
        persons = str(sent.get("persons", "1"))

    async def work(session: AsyncSession) -> Visit:
        floor = await _floor(request, session)
        if product:
            return await _number(session, floor, product, _persons(persons), page)
        if not code:
            raise InvalidInput("Vul de code van uw afspraak in, of houd de QR-code voor de scanner")
        return await arriving.check_in(session, floor, await arriving.by_code(session, typed_code(code)))

    try:
        visit = await request.state["database"].transact(work)
    except DomainError as error:
        return await _page(request, error.status, wrong=_why(error, code or product), where=getattr(error, "where", ""))
    request.state["hall_watch"].nudge()
    return await _page(request, step="klaar", visit=visit)


routes = [Route("/kiosk/{location}", kiosk), Route("/kiosk/{location}", arrive, methods=["POST"])]
