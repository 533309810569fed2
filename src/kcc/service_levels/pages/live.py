"""`/rapport/live`: the wallboard, and the stream that keeps it up to date."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.responses import Response, StreamingResponse

from kcc.access.guard import serves, who
from kcc.access.roles import Role
from kcc.errors import Busy, FieldError, InvalidInput
from kcc.service_levels import words
from kcc.service_levels.live.board import Board, Choice, board
from kcc.service_levels.live.facts import Facts
from kcc.service_levels.pages.chosen import places_of
from kcc.service_levels.pages.report import PageRequest
from kcc.service_levels.phone.queries import known_queues
from kcc.service_levels.state import LEADS
from kcc.web.requests import Wire, read_query
from kcc.web.routing import Route
from kcc.web.templating import render

ADDRESS = "/rapport/live"
# It shows numbers and no names: whoever answers calls may see it too.
WATCHERS = LEADS | {Role.AGENT}
BEAT_SECONDS = 10.0  # a line now and then tells both sides that the connection still lives
PARTS = (
    *("warning", "level", "prospect", "queueing", "agents", "callbacks"),
    *("bars", "queues", "halls", "heard"),
)


class LiveQuery(Wire):
    """What the address asks for: a queue and a location, or all."""

    queue: str = Field("", alias="wachtrij", max_length=80)
    location: str = Field("", alias="locatie", max_length=60)

    @property
    def choice(self) -> Choice:
        """The same for the board."""
        return Choice(self.queue or None, self.location or None)


@dataclass(frozen=True, slots=True)
class Shown:
    """What screens show of a moment: each part as HTML in JSON, and how many wait."""

    waiting: int
    parts: Mapping[str, str]


def _board(request: PageRequest, facts: Facts, choice: Choice) -> Board:
    clock = request.state["clock"]
    return board(facts, choice, clock.now(), clock.timezone)


def _parts(request: PageRequest, shown: Board) -> dict[str, str]:
    macros: Any = request.state["templates"].get_template("service_levels/_live.html").module
    return {name: str(getattr(macros, name)(shown)).strip() for name in PARTS}


def _shown(request: PageRequest, facts: Facts, choice: Choice) -> Shown:
    made = _board(request, facts, choice)
    return Shown(made.waiting, {name: json.dumps(html) for name, html in _parts(request, made).items()})


def _second(moment: datetime | None, request: PageRequest) -> str:
    return f"{moment.astimezone(request.state['clock'].timezone):%H:%M:%S}" if moment else words.NO_DATA


async def _wrong(
    request: PageRequest, session: AsyncSession, choice: Choice, facts: Facts, places: Mapping[str, str]
) -> list[FieldError]:
    """What is asked for and is not there."""
    wrong = []
    if choice.queue is not None:
        queues = {*facts.queues, *(name for name, _ in facts.waiting), *await known_queues(session)}
        if choice.queue not in queues:
            names = ", ".join(sorted(queues)) or "er zijn nog geen gesprekken"
            text = f"Wachtrij ‘{choice.queue}’ is niet bekend. Bekend zijn: {names}."
            wrong.append(FieldError("query", "wachtrij", "unknown", text))
    if choice.location is not None and choice.location not in places:
        text = f"Locatie ‘{choice.location}’ is er niet (meer). Er zijn: {', '.join(places) or 'geen'}."
        wrong.append(FieldError("query", "locatie", "unknown", text))
    return wrong


async def _asked(request: PageRequest) -> tuple[Choice, Facts, list[FieldError], Mapping[str, str]]:
    facts = await request.state["live_watch"].current()
    if facts is None:
        raise Busy("De cijfers van nu zijn er even niet. Probeer het zo opnieuw.", headers={"Retry-After": "5"})
    choice = read_query(request, LiveQuery).choice
    async with request.state["database"].reading() as session:
        places = dict(places_of(await request.state["planner"].plan(session)))
        wrong = await _wrong(request, session, choice, facts, places)
    return choice, facts, wrong, places


def _address(choice: Choice, path: str = ADDRESS) -> str:
    chosen = {"wachtrij": choice.queue, "locatie": choice.location}
    query = urlencode({name: value for name, value in chosen.items() if value is not None})
    return f"{path}?{query}" if query else path


def _links(choice: Choice, facts: Facts, places: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    """Other choices: (label, address, whether it is this one)."""
    queues = [(f"Wachtrij {name}", Choice(name, choice.location)) for name in facts.queues]
    halls = [
        (f"Locatie {places[one.code]}", Choice(choice.queue, one.code)) for one in facts.halls if one.code in places
    ]
    found = [("Alles", Choice()), *(queues if len(queues) > 1 else ()), *(halls if len(halls) > 1 else ())]
    return [(label, _address(other), other == choice) for label, other in found]


@serves(WATCHERS)
async def live(request: PageRequest) -> Response:
    """How it goes now; the stream keeps it so. Unknown queues and locations are told, and all is shown."""
    choice, facts, wrong, places = await _asked(request)
    if wrong:
        choice = Choice()
    shown, clock = _board(request, facts, choice), request.state["clock"]
    named = filter(None, (choice.queue, places.get(choice.location or "")))
    lead = who(request).may(Role.TEAM_LEAD)
    context = {
        "parts": _parts(request, shown),
        "scope": ", ".join(named),
        "stream": _address(choice, f"{ADDRESS}/nu"),
        "here": _address(choice),
        "links": _links(choice, facts, places),
        "back": ("/rapport", "Naar het rapport") if lead else ("/werk", "Naar het werkblad"),
        "definition": shown.definition,
        "target": shown.target,
        "counters": shown.counters,
        "counter_version": shown.counter_version,
        "seen": _second(request.state["live_watch"].looked_at, request),
        "now": shown.now,
        "clock": f"{clock.local():%H:%M}",
        "zone": clock.timezone.key,
        "wrong": [error.detail for error in wrong],
    }
    return render(request, "service_levels/live.html", context, status=400 if wrong else 200)


@serves(WATCHERS)
async def stream(request: PageRequest) -> Response:
    """Server-sent events: the parts of the wallboard that changed, and a beat with the time of service and figures.

    The time of the figures is null while the service cannot see what is so now.
    """
    if "text/event-stream" not in request.headers.get("accept", ""):
        raise InvalidInput("Dit is een stroom gebeurtenissen: vraag erom met Accept: text/event-stream")
    choice, _, wrong, _ = await _asked(request)
    if wrong:
        raise InvalidInput(" ".join(error.detail for error in wrong), wrong)
    return StreamingResponse(
        _events(request, choice), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def _events(request: PageRequest, choice: Choice) -> AsyncIterator[str]:
    watch, clock = request.state["live_watch"], request.state["clock"]
    seen: Facts | None = None
    sent: dict[str, str] = {}
    yield "retry: 1000\n\n"
    until = monotonic() + watch.stream_seconds
    while monotonic() < until:
        facts = await watch.after(seen, BEAT_SECONDS)
        if watch.is_closing:
            return
        at = json.dumps(_second(watch.looked_at, request) if watch.sees else None)
        yield f'event: beat\ndata: {{"now": {clock.now().timestamp() * 1000:.0f}, "at": {at}}}\n\n'
        if facts is None:
            continue
        seen = facts
        shown = watch.rendered(facts, choice, lambda: _shown(request, facts, choice))  # noqa: B023  (called at once)
        changed = [f'"{name}": {html}' for name, html in shown.parts.items() if sent.get(name) != html]
        sent = dict(shown.parts)
        parts = ", ".join(changed)
        yield f'event: nu\ndata: {{"waiting": {shown.waiting}, "at": {at}, "parts": {{{parts}}}}}\n\n'


routes = [Route(ADDRESS, live), Route(f"{ADDRESS}/nu", stream)]
