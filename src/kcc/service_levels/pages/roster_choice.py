"""What a team lead asks of the roster, from the address: which week, which queue, and what to consider."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final

from pydantic import Field
from starlette.datastructures import FormData

from kcc.errors import DomainError, FieldError, InvalidInput
from kcc.service_levels.pages.chosen import Filters
from kcc.service_levels.pages.week import WEEKDAYS
from kcc.service_levels.periods import EARLIEST, LATEST
from kcc.service_levels.planning.schemas import Begins, Ends, Weekday, minutes
from kcc.service_levels.planning.week import QUARTER_MINUTES
from kcc.service_levels.staffing.advice import Change
from kcc.service_levels.staffing.limits import SHRINKAGE_PERCENT
from kcc.web import forms
from kcc.web.dates import date_short
from kcc.web.fields import WHOLE, Day, says
from kcc.web.forms import Input
from kcc.web.requests import Wire, checked

WEEKS_OFFERED: Final = 8
MOST_MORE: Final = 50
WEEK = ("week", "wachtrij", "afwezig")
WHAT_IF = ("dag", "begin", "eind", "erbij")
More = Annotated[
    int,
    Field(strict=True, ge=-MOST_MORE, le=MOST_MORE),
    WHOLE,
    says(f"vul een heel getal van -{MOST_MORE} tot en met {MOST_MORE} in; -1 is één minder"),
]
Absent = Annotated[
    int,
    Field(strict=True, ge=SHRINKAGE_PERCENT.least, le=SHRINKAGE_PERCENT.most),
    WHOLE,
    says(f"vul een heel percentage van {SHRINKAGE_PERCENT.least} tot en met {SHRINKAGE_PERCENT.most} in"),
]


class RosterFilters(Wire):
    """The fields of the form; one left empty is not given."""

    week: Day | None = None
    queue: str = Field("", alias="wachtrij", max_length=80)
    absent: Absent = Field(0, alias="afwezig")


class WhatIf(Wire):
    """The fields of the question."""

    weekday: Weekday = Field(alias="dag")
    begin: Begins
    end: Ends = Field(alias="eind")
    more: More = Field(alias="erbij")


@dataclass(frozen=True)
class Asked:
    """The week from a Monday, of a queue or all; the percentage of paid time that agents are not there."""

    monday: date
    queue: str = ""
    absent: int = 0
    change: Change | None = None

    @property
    def sunday(self) -> date:
        """The last day of the week."""
        return self.monday + timedelta(days=6)


def choose(sent: FormData, queues: Sequence[str], today: date) -> tuple[Asked, Filters, Filters]:
    """What the address asks for, the form, and the form of the question.

    Where that is wrong the usual is shown, the coming week, and the form tells what is wrong.
    """
    this = _monday(today)
    inputs, what_if = _inputs(queues, this), _what_if()
    asked, errors, wrong = Asked(this + timedelta(weeks=1)), dict[str, str](), dict[str, str]()
    try:
        asked = _read(checked(RosterFilters, forms.body(inputs, sent)), queues, this, asked.monday)
    except DomainError as error:
        errors = forms.errors_by_field(inputs, error)
    if any(str(sent.get(name, "")).strip() for name in ("begin", "eind", "erbij")):
        try:
            change = _change(checked(WhatIf, forms.body(what_if, sent)))
            asked = Asked(asked.monday, asked.queue, asked.absent, change)
        except DomainError as error:
            wrong = forms.errors_by_field(what_if, error)
    values = forms.shown(inputs, sent)
    if "week" not in errors:
        values["week"] = asked.monday.isoformat()
        if asked.monday < this:
            inputs[0] = _weeks([asked.monday, *_mondays(this)], this)
    return asked, Filters(inputs, values, errors), Filters(what_if, _shown(what_if, sent), wrong)


def _read(filled: RosterFilters, queues: Sequence[str], this: date, usual: date) -> Asked:
    problems = []
    monday = _monday(filled.week) if filled.week and EARLIEST < filled.week < LATEST else usual
    if filled.week and (not EARLIEST < filled.week < LATEST or monday > _mondays(this)[-1]):
        problems.append(_wrong("week", f"kies een week tot en met die van {date_short(_mondays(this)[-1])}"))
    if filled.queue and filled.queue not in queues:
        problems.append(_wrong("wachtrij", "deze wachtrij is er niet; kies een andere"))
    if problems:
        raise InvalidInput("Deze keuze kan niet", problems)
    return Asked(monday, filled.queue, filled.absent)


def _change(filled: WhatIf) -> Change:
    begin, end = minutes(filled.begin), minutes(filled.end)
    problems = []
    if end <= begin:
        problems.append(_wrong("eind", f"kies een tijd na {filled.begin}"))
    if not filled.more:
        problems.append(_wrong("erbij", "kies hoeveel medewerkers meer, of met een min ervoor minder"))
    if problems:
        raise InvalidInput("Deze vraag kan niet", problems)
    return Change(filled.weekday - 1, begin // QUARTER_MINUTES, end // QUARTER_MINUTES, filled.more)


def _inputs(queues: Sequence[str], this: date) -> list[Input]:
    options = [("", "Alle wachtrijen"), *((queue, queue) for queue in queues)]
    return [
        _weeks(_mondays(this), this),
        Input("wachtrij", "Wachtrij", "choice", options=options, required=True),
        Input("afwezig", "Afwezig in procenten", "number", hint="Verlof, ziekte, pauze, overleg"),
    ]


def _what_if() -> list[Input]:
    days = [(str(number), name) for number, name in enumerate(WEEKDAYS, 1)]
    return [
        Input("dag", "Dag", "number", options=days, required=True),
        Input("begin", "Van", "time", required=True),
        Input("eind", "Tot", "time", required=True),
        Input("erbij", "Medewerkers erbij", "number", required=True),
    ]


def _shown(inputs: Sequence[Input], sent: FormData) -> Mapping[str, str]:
    return forms.shown(inputs, sent) | {"dag": str(sent.get("dag", "")) or "1"}


def _weeks(mondays: Sequence[date], this: date) -> Input:
    options = [(monday.isoformat(), _named(monday, this)) for monday in mondays]
    return Input("week", "Week", "choice", options=options, required=True)


def _named(monday: date, this: date) -> str:
    when = {this: "deze week", this + timedelta(weeks=1): "volgende week"}
    return when.get(monday, f"vanaf {date_short(monday)}")


def _mondays(this: date) -> list[date]:
    return [this + timedelta(weeks=number) for number in range(WEEKS_OFFERED + 1)]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _wrong(name: str, detail: str) -> FieldError:
    return FieldError("body", f"/{name}", "impossible", detail)
