"""What a team lead asks of the simulation, from the address: which day, where, how many counters, which target."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import Field
from starlette.datastructures import FormData
from starlette.requests import Request

from kcc.appointments.availability.plan import Place, Plan
from kcc.errors import DomainError, FieldError, InvalidInput
from kcc.service_levels.advice import MOST_COUNTERS
from kcc.service_levels.figures import Targets
from kcc.service_levels.pages.chosen import TOO_FAR, Filters, in_address, places_of
from kcc.service_levels.periods import EARLIEST, LATEST
from kcc.service_levels.targets.history import Targets as Kept
from kcc.service_levels.targets.waiting import played
from kcc.web import forms
from kcc.web.dates import date_long
from kcc.web.fields import Code, Day, says
from kcc.web.forms import Input
from kcc.web.requests import Wire, checked

# So far is looked for a day on which a location is open.
LOOK_AHEAD_DAYS = 60
Counters = Annotated[
    int, Field(strict=True, ge=1, le=MOST_COUNTERS), says(f"vul een heel getal van 1 tot en met {MOST_COUNTERS} in")
]
Minutes = Annotated[int, Field(strict=True, ge=1, le=60), says("vul een heel getal van 1 tot en met 60 in")]
Percent = Annotated[int, Field(strict=True, ge=1, le=100), says("vul een heel getal van 1 tot en met 100 in")]


class AskedDay(Wire):
    """The fields of the form; one left empty is not given."""

    location: Code = Field(alias="locatie")
    day: Day = Field(alias="datum")
    counters: Counters | None = Field(None, alias="loketten")
    minutes: Minutes | None = Field(None, alias="minuten")
    percent: Percent | None = Field(None, alias="norm")


@dataclass(frozen=True)
class Question:
    """A day that can be played: the place is open on it."""

    place: Place
    day: date
    counters: int | None
    targets: Targets


def ask(request: Request[Any], plan: Plan, kept: Kept, today: date) -> tuple[Question | None, Filters]:
    """The question in the address and its form; no question yet when nothing was asked, or when it cannot be.

    What the address does not name is as usual; a field that was sent empty was emptied by somebody.
    """
    inputs = _inputs(plan)
    sent = in_address(request)
    usual = _usual(plan, kept, today, str(sent.get("locatie", "")), str(sent.get("datum", "")))
    if not any(item.name in sent for item in inputs):
        return None, Filters(inputs, usual, {})
    sent = FormData({**usual, **sent})
    values = forms.shown(inputs, sent)
    try:
        asked = _read(plan, kept, today, checked(AskedDay, forms.body(inputs, sent)))
    except DomainError as error:
        return None, Filters(inputs, values, forms.errors_by_field(inputs, error))
    filled = {name: value or usual[name] for name, value in values.items() if name != "loketten"}
    return asked, Filters(inputs, values | filled, {})


def _inputs(plan: Plan) -> list[Input]:
    return [
        Input("locatie", "Locatie", "choice", options=places_of(plan), required=True),
        Input("datum", "Dag", "date", required=True),
        Input("loketten", "Aantal loketten", "number", hint="Leeg: zoals gepland."),
        Input("minuten", "Op tijd is binnen (minuten)", "number", required=True),
        Input("norm", "Norm (procent op tijd)", "number", required=True),
    ]


def _usual(plan: Plan, kept: Kept, today: date, location: str, asked: str) -> Mapping[str, str]:
    """The next open day of this location; when it is none, of the first one that opens. The targets are of the day."""
    places = [plan.places[code] for code, _ in places_of(plan)]
    places = [place for place in places if place.code == location] or places
    opens = {place.code: next_open(plan, place, today) for place in places}
    first = next((place for place in places if opens[place.code]), places[0] if places else None)
    day = (opens[first.code] if first else None) or today
    promised = played(kept, _day(asked) or day, first.code if first else "")
    return {
        "locatie": first.code if first else "",
        "datum": day.isoformat(),
        "loketten": "",
        "minuten": str(promised.appointment_seconds // 60),
        "norm": f"{promised.percent:g}",
    }


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None


def next_open(plan: Plan, place: Place, since: date) -> date | None:
    """The first day from a day on when a place is open; None when it is not for a long time."""
    coming = (since + timedelta(days=ahead) for ahead in range(LOOK_AHEAD_DAYS))
    return next((day for day in coming if plan.opening(place, day).staff_stretches), None)


def _read(plan: Plan, kept: Kept, today: date, asked: AskedDay) -> Question:
    if asked.location not in dict(places_of(plan)):
        raise _wrong("locatie", "deze locatie is er niet (meer), of er wacht niemand; kies een andere")
    if not EARLIEST <= asked.day <= LATEST:
        raise _wrong("datum", TOO_FAR)
    place = plan.places[asked.location]
    if not plan.opening(place, asked.day).staff_stretches:
        later = next_open(plan, place, max(today, asked.day) if asked.day < LATEST - timedelta(days=365) else today)
        instead = f"; de eerstvolgende open dag is {date_long(later)}" if later else "; kies een andere dag"
        raise _wrong("datum", f"{place.name} is dan dicht{instead}")
    promised = played(kept, asked.day, place.code)
    targets = replace(
        promised,
        appointment_seconds=asked.minutes * 60 if asked.minutes else promised.appointment_seconds,
        percent=float(asked.percent or promised.percent),
    )
    return Question(place, asked.day, asked.counters, targets)


def _wrong(name: str, detail: str) -> InvalidInput:
    return InvalidInput("Deze vraag kan niet", [FieldError("body", f"/{name}", "impossible", detail)])
