"""The visits of a day and what happened to each, with a way to put right what was recorded wrongly."""

import re
from datetime import date, datetime, time
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import principal_of, serves
from kcc.access.roles import Role
from kcc.appointments.hall import correcting, queries, visit_views
from kcc.appointments.hall.api import CLERKS, floor_of
from kcc.appointments.hall.floor import Floor
from kcc.appointments.hall.state import HallState
from kcc.appointments.hall.visit_api import visit_and_floor
from kcc.errors import DomainError, Forbidden, InvalidInput, NotFound
from kcc.web.routing import Route
from kcc.web.templating import render

PageRequest = Request[HallState]
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?", re.ASCII)


def _day(request: PageRequest, today: date) -> date:
    """The day that is asked for. Raises Forbidden for a clerk who asks for another than today."""
    asked = request.query_params.get("dag", "")
    if not asked:
        return today
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        raise InvalidInput("Kies een dag, zoals 2026-11-24") from None
    principal = principal_of(request)
    if day != today and not (principal and principal.may(Role.TEAM_LEAD)):
        raise Forbidden("Andere dagen dan vandaag kan alleen een teamleider inzien")
    return day


@serves(CLERKS)
async def listed(request: PageRequest) -> Response:
    """Everybody who came on a day."""
    async with request.state["database"].reading() as session:
        floor = floor_of(request, await request.state["planner"].plan(session), request.path_params["location"])
        floor = floor.on(_day(request, floor.day))
        visits = await queries.on_day(session, floor.location, floor.day)
    principal = principal_of(request)
    context = {
        "place": floor.place,
        "day": floor.day,
        "may_choose": bool(principal and principal.may(Role.TEAM_LEAD)),
        "rows": [visit_views.row(floor, visit) for visit in visits],
    }
    return render(request, "hall/visits.html", context)


async def _page(request: PageRequest, status: int = 200, **more: Any) -> Response:
    async with request.state["database"].reading() as session:
        visit, floor = await _asked(request, session)
        events = await queries.events_of(session, request.path_params["id"])
        mine = await queries.opened_by(session, [counter.code for counter in floor.place.counters], floor.by)
    context = {
        "place": floor.place,
        "visit": visit_views.row(floor, visit),
        "day": floor.day,
        "is_today": floor.day == request.state["clock"].today(),
        "moments": visit_views.moments(floor, events),
        "counter": floor.counter(mine) if mine else None,
        "done": request.query_params.get("gedaan") == "1",
        "wrong": None,
        "typed": {},
    }
    return render(request, "hall/visit.html", context | more, status=status)


async def _asked(request: PageRequest, session: AsyncSession) -> Any:
    visit, floor = await visit_and_floor(request, session, request.path_params["id"])
    if visit.location != request.path_params["location"]:
        raise NotFound("Dit bezoek is er niet")
    return visit, floor


@serves(CLERKS)
async def shown(request: PageRequest) -> Response:
    """A visit: each moment, and what to do when it ended by mistake."""
    return await _page(request)


def _moment(floor: Floor, typed: str) -> datetime:
    found = _CLOCK.fullmatch(typed.strip())
    try:
        hour, minute, second = (int(part or 0) for part in found.groups()) if found else (99, 0, 0)
        clock = time(hour, minute, second)
    except ValueError:
        raise InvalidInput("Vul een tijd in, zoals 9:05:30") from None
    return datetime.combine(floor.day, clock, floor.plan.zone)


@serves(CLERKS)
async def change(request: PageRequest) -> Response:
    """Correct a moment, or take back how the visit ended."""
    number = request.path_params["id"]
    async with request.form(max_files=0, max_fields=10) as sent:
        fields = {name: str(value) for name, value in sent.items()}

    async def work(session: AsyncSession) -> None:
        _, floor = await _asked(request, session)
        today = floor.on(request.state["clock"].today())
        match fields.get("do"):
            case "correct":
                event = fields.get("event", "")
                if not event.isascii() or not event.isdecimal() or len(event) > 9:
                    raise InvalidInput("Kies wat u wilt verbeteren")
                await correcting.correct(session, floor, number, int(event), _moment(floor, fields.get("time", "")))
            case "reopen":
                if not fields.get("counter"):
                    raise InvalidInput("Open eerst een loket op het scherm van de balie")
                await correcting.reopen(session, today, number, fields["counter"])
            case "back":
                await correcting.back(session, today, number)
            case _:
                raise NotFound("Deze knop is er niet (meer)")

    try:
        await request.state["database"].transact(work)
    except (Forbidden, NotFound):
        raise
    except DomainError as error:
        return await _page(request, error.status, wrong=str(error), typed=fields)
    request.state["hall_watch"].nudge()
    location = request.path_params["location"]
    if fields["do"] == "correct":
        return RedirectResponse(f"/balie/{location}/bezoeken/{number}?gedaan=1", 303)
    return RedirectResponse(f"/balie/{location}", 303)


routes = [
    Route("/balie/{location}/bezoeken", listed),
    Route("/balie/{location}/bezoeken/{id:int}", shown),
    Route("/balie/{location}/bezoeken/{id:int}", change, methods=["POST"]),
]
