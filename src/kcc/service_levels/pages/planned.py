"""What a team lead plans: `/rapport/rooster/gebeurtenissen` and `/rapport/rooster/medewerkers`."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import serves, who
from kcc.errors import DomainError, FieldError, InvalidInput, NotFound
from kcc.service_levels import words
from kcc.service_levels.pages.chosen import Filters
from kcc.service_levels.pages.report import PageRequest
from kcc.service_levels.pages.week import WEEKDAYS
from kcc.service_levels.phone.queries import known_queues
from kcc.service_levels.planning import editing, queries
from kcc.service_levels.planning.models import PlannedEvent, RosterStretch
from kcc.service_levels.planning.schemas import EventContent, StretchContent, clock_time
from kcc.service_levels.state import LEADS
from kcc.web import forms
from kcc.web.dates import date_day
from kcc.web.forms import Input
from kcc.web.once import key_shown, once_sent
from kcc.web.requests import checked
from kcc.web.routing import Route
from kcc.web.templating import render

EVENTS, ROSTER = "/rapport/rooster/gebeurtenissen", "/rapport/rooster/medewerkers"
SAVED = {"opgeslagen": "Opgeslagen", "verwijderd": "Verwijderd"}
MOST_FIELDS = 30
Errors = Mapping[str, str]


def _event_inputs(queues: Sequence[str]) -> list[Input]:
    every = [("", "Alle wachtrijen"), *((queue, queue) for queue in queues)]
    return [
        Input("name", "Naam", hint="Zoals: aanslagen gemeentebelastingen", required=True),
        Input("from", "Eerste dag", "date", required=True),
        Input("to", "Laatste dag", "date", required=True),
        Input("factor", "Keer zo veel gesprekken", hint="1,5 is anderhalf keer zo veel; 0,8 is minder", required=True),
        Input("queue", "Wachtrij", "choice", options=every, required=True),
    ]


def _queues(known: Sequence[str], row: PlannedEvent | None) -> list[str]:
    """With that of the event itself: also when nobody calls it any more."""
    return sorted({*known, *([row.queue] if row and row.queue else [])})


def _stored(row: PlannedEvent) -> dict[str, Any]:
    return {
        "name": row.name,
        "from": row.first_day.isoformat(),
        "to": row.last_day.isoformat(),
        "factor": f"{row.factor:g}".replace(".", ","),
        "queue": row.queue,
    }


@serves(LEADS)
async def events(request: PageRequest) -> Response:
    """All events, and a form for a new one."""
    if request.method == "GET":
        return await _events(request, FormData(), {})
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as sent:
        now, author = request.state["clock"].now(), who(request)
        fields = {name: str(value) for name, value in sent.items()}
        try:
            content = _event(sent)

            async def work(session: AsyncSession) -> None:
                async def make() -> str:
                    return str((await editing.create_event(session, content)).id)

                await once_sent(session, f"{EVENTS} {author.key}", fields.get("sleutel", ""), fields, now, make)

            await request.state["database"].transact(work)
        except DomainError as error:
            return await _events(request, sent, forms.errors_by_field(_event_inputs([]), error), error)
    return RedirectResponse(f"{EVENTS}?gelukt=opgeslagen", 303)


def _event(sent: FormData) -> EventContent:
    body = forms.body(_event_inputs([]), sent)
    with suppress(ValueError):  # said with all else that is wrong
        body["factor"] = float(str(body.get("factor", "")).replace(",", "."))
    return checked(EventContent, body)


async def _events(request: PageRequest, sent: FormData, errors: Errors, error: DomainError | None = None) -> Response:
    clock = request.state["clock"]
    async with request.state["database"].reading() as session:
        inputs = _event_inputs(await known_queues(session))
        rows = await queries.events(session)
        found = await editing.measured(session, clock.timezone, clock.today(), rows)
    context = {
        "form": Filters(inputs, forms.shown(inputs, sent), errors),
        "key": key_shown(str(sent.get("sleutel", "")), error),
        "rows": [_shown(row, found.get(row.id or 0)) for row in rows],
        "saved": SAVED.get(request.query_params.get("gelukt", "")),
    }
    return render(request, "service_levels/events.html", context, status=error.status if error else 200)


def _shown(row: PlannedEvent, measured: float | None) -> dict[str, Any]:
    days = date_day(row.first_day)
    return {
        "id": row.id,
        "name": row.name,
        "days": days if row.last_day == row.first_day else f"{days} – {date_day(row.last_day)}",
        "factor": f"× {row.factor:g}".replace(".", ","),
        "queue": row.queue or "alle",
        "measured": "–" if measured is None else f"× {words.number(measured, 2)}",
    }


@serves(LEADS)
async def event(request: PageRequest) -> Response:
    """Change one event."""
    number = request.path_params["id"]
    async with request.state["database"].reading() as session:
        row = await editing.event(session, number)
        inputs = _event_inputs(_queues(await known_queues(session), row))
    if request.method == "GET":
        return _event_form(request, row, Filters(inputs, forms.filled(inputs, _stored(row)), {}))
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as sent:
        try:
            content = _event(sent)
            await request.state["database"].transact(lambda session: editing.change_event(session, number, content))
        except NotFound:
            raise
        except DomainError as error:
            shown = Filters(inputs, forms.shown(inputs, sent), forms.errors_by_field(inputs, error))
            return _event_form(request, row, shown, error.status)
    return RedirectResponse(f"{EVENTS}?gelukt=opgeslagen", 303)


def _event_form(request: PageRequest, row: PlannedEvent, form: Filters, status: int = 200) -> Response:
    return render(request, "service_levels/event.html", {"row": row, "form": form}, status=status)


@serves(LEADS)
async def remove_event(request: PageRequest) -> Response:
    """It counts no more."""
    async with request.state["database"].writing() as session:
        await editing.remove_event(session, request.path_params["id"])
    return RedirectResponse(f"{EVENTS}?gelukt=verwijderd", 303)


def _roster_inputs() -> list[Input]:
    days = [(str(number), name) for number, name in enumerate(WEEKDAYS, 1)]
    return [
        Input("weekdays", "Dagen", "numbers", options=days, required=True),
        Input("from", "Van", "time", hint="Op een heel kwartier, zoals 8.30", required=True),
        Input("until", "Tot", "time", hint="Zoals 17.00", required=True),
        Input("agents", "Medewerkers aan de telefoon", "number", required=True),
    ]


@serves(LEADS)
async def roster(request: PageRequest) -> Response:
    """Who is at the telephone in an ordinary week, and a form for more."""
    inputs = _roster_inputs()
    if request.method == "GET":
        return await _roster(request, Filters(inputs, forms.shown(inputs, FormData()), {}))
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as sent:
        try:
            stretches = _stretches(forms.body(inputs, sent))
            await request.state["database"].transact(lambda session: _add(session, stretches))
        except DomainError as error:
            shown = Filters(inputs, forms.shown(inputs, sent), forms.errors_by_field(inputs, error))
            return await _roster(request, shown, error.status)
    return RedirectResponse(f"{ROSTER}?gelukt=opgeslagen", 303)


def _stretches(body: dict[str, Any]) -> list[StretchContent]:
    """One for each day that was chosen. Raises InvalidInput with all that is wrong."""
    weekdays = body.pop("weekdays")
    problems = [] if weekdays else [FieldError("body", "/weekdays", "missing", "kies een of meer dagen")]
    try:
        found = [checked(StretchContent, body | {"weekday": day}) for day in weekdays or [1]]
    except InvalidInput as error:
        found_at = {"/weekday": "/weekdays"}
        problems += [
            replace(problem, location=found_at.get(problem.location, problem.location)) for problem in error.errors
        ]
        raise InvalidInput(error.detail, problems) from None
    if problems:
        raise InvalidInput("Kies een of meer dagen", problems)
    return found


async def _add(session: AsyncSession, stretches: Sequence[StretchContent]) -> None:
    for stretch in stretches:
        await editing.add_stretch(session, stretch)


async def _roster(request: PageRequest, form: Filters, status: int = 200) -> Response:
    async with request.state["database"].reading() as session:
        rows = await queries.roster(session)
    context = {
        "form": form,
        "rows": [_line(row) for row in rows],
        "hours": words.number(sum((row.ends - row.begins) * row.agents for row in rows) / 60, 0),
        "saved": SAVED.get(request.query_params.get("gelukt", "")),
    }
    return render(request, "service_levels/roster_lines.html", context, status=status)


def _line(row: RosterStretch) -> dict[str, Any]:
    begins, ends = (clock_time(moment).removeprefix("0").replace(":", ".") for moment in (row.begins, row.ends))
    return {"id": row.id, "day": WEEKDAYS[row.weekday], "hours": f"{begins}–{ends} uur", "agents": str(row.agents)}


@serves(LEADS)
async def remove_stretch(request: PageRequest) -> Response:
    """They are on the roster no more."""
    async with request.state["database"].writing() as session:
        await editing.remove_stretch(session, request.path_params["id"])
    return RedirectResponse(f"{ROSTER}?gelukt=verwijderd", 303)


BOTH = ["GET", "POST"]
routes = [
    Route(EVENTS, events, methods=BOTH),
    Route(f"{EVENTS}/{{id:int}}", event, methods=BOTH),
    Route(f"{EVENTS}/{{id:int}}/verwijderen", remove_event, methods=["POST"]),
    Route(ROSTER, roster, methods=BOTH),
    Route(f"{ROSTER}/{{id:int}}/verwijderen", remove_stretch, methods=["POST"]),
]
