"""What a team lead chose to see, from the address: a period, a location, a product. Nothing chosen is the usual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from kcc.appointments.availability.plan import Plan
from kcc.clock import Clock
from kcc.errors import DomainError, FieldError, InvalidInput
from kcc.service_levels.periods import EARLIEST, LATEST
from kcc.service_levels.targets.history import Metric, Norm, Scope, Targets
from kcc.service_levels.targets.waiting import scopes, thresholds
from kcc.service_levels.targets.wording import changed
from kcc.service_levels.waits import Asked, Days, Thresholds, by_day
from kcc.web import forms
from kcc.web.fields import Day, FilterCode
from kcc.web.forms import Input
from kcc.web.requests import Wire, checked

# Periods that end today, by their name in the address.
SO_FAR = {"vandaag": "Vandaag", "maand": "Deze maand", "jaar": "Dit jaar"}
USUAL_DAYS, MOST_DAYS = 28, 366
TOO_FAR = f"kies een dag van {EARLIEST.year} tot en met {LATEST.year}"


class ChosenFilters(Wire):
    """The fields of the form; one left empty is not given."""

    location: FilterCode = Field("", alias="locatie")
    product: FilterCode = ""
    first: Day | None = Field(None, alias="van")
    last: Day | None = Field(None, alias="tot")
    so_far: Literal["", "vandaag", "maand", "jaar"] = Field("", alias="periode")


@dataclass(frozen=True)
class Chosen:
    """What a section shows, and against what. The days are local; `last` may be in the future, `today` is not."""

    plan: Plan
    targets: Targets
    now: datetime
    today: date
    first: date
    last: date
    location: str | None = None
    product: str | None = None
    so_far: str = "maand"
    _read: dict[tuple[date, date], Days] = field(default_factory=dict, compare=False, repr=False)

    async def days(self, session: AsyncSession, first: date, last: date) -> Days:
        """Everybody who came from a day on up to another, and maybe on other days: a longer reading serves a part."""
        known = next((read for (since, until), read in self._read.items() if since <= first and last <= until), None)
        if known is None:
            asked = Asked(first, last, location=self.location, product=self.product)
            known = self._read[first, last] = await by_day(session, self.plan, asked, self.thresholds, self.now)
        return known

    def thresholds(self, day: date) -> Thresholds:
        """Within how many seconds somebody is in time, by the targets of a day."""
        return thresholds(self.targets, day, self.scopes)

    def norm(self, metric: Metric, day: date) -> Norm:
        """What is promised on a day for the location and product that were chosen."""
        return self.targets.on(day, metric, self.scopes).norm

    def changed(self, metric: Metric, first: date, last: date) -> str | None:
        """That what is promised for them changed from one day to another, in words; None when it did not."""
        return changed(metric, self.targets.during(first, last, metric, self.scopes))

    @property
    def clock(self) -> Clock:
        """A clock that stands still: all of a page is of one moment."""
        return Clock(self.plan.zone, lambda: self.now)

    @property
    def everywhere(self) -> "Chosen":
        """The same at all locations, for all products."""
        return replace(self, location=None, product=None, _read={}) if self.location or self.product else self

    @property
    def scopes(self) -> Sequence[Scope]:
        """The location and product that were chosen, as what a target can be for."""
        return scopes(self.location, self.product)

    def product_name(self, code: str) -> str:
        """What a product is called by its newest terms."""
        return product_name(self.plan, code)

    @property
    def place_name(self) -> str:
        """The location that was chosen, in words."""
        return self.plan.places[self.location].name if self.location else "alle locaties"


@dataclass(frozen=True)
class Filters:
    """The form as it is shown: what was typed, and what is wrong with it by field."""

    inputs: Sequence[Input]
    values: Mapping[str, Any]
    errors: Mapping[str, str]


def product_name(plan: Plan, code: str) -> str:
    """What a product is called by its newest terms; one that is gone, or has none, by its code."""
    return plan.products[code].terms[-1].name if code in plan.products and plan.products[code].terms else code


def places_of(plan: Plan) -> list[tuple[str, str]]:
    """Where people wait: (code, name)."""
    return [(place.code, place.name) for place in plan.places.values() if not place.is_home_visit]


def in_address(request: Request[Any]) -> FormData:
    """The fields of a form that was sent by its address."""
    fields: list[tuple[str, str | UploadFile]] = list(request.query_params.multi_items())
    return FormData(fields)


def choose(request: Request[Any], plan: Plan, targets: Targets, now: datetime) -> tuple[Chosen, Filters]:
    """What the address asks for. Where that is wrong the usual is shown, and the form tells what is wrong."""
    inputs = _inputs(plan)
    today = now.astimezone(plan.zone).date()
    usual = Chosen(plan, targets, now, today, today - timedelta(days=USUAL_DAYS - 1), today)
    sent = in_address(request)
    errors: Mapping[str, str] = {}
    chosen = usual
    try:
        chosen = _read(usual, checked(ChosenFilters, forms.body(inputs, sent)))
    except DomainError as error:
        errors = forms.errors_by_field(inputs, error)
    values = forms.shown(inputs, sent)
    values["van"] = values["van"] or chosen.first.isoformat()
    values["tot"] = values["tot"] or chosen.last.isoformat()
    values["periode"] = chosen.so_far
    return chosen, Filters(inputs, values, errors)


def _inputs(plan: Plan) -> list[Input]:
    products = [(code, product.terms[-1].name) for code, product in plan.products.items() if product.terms]
    return [
        Input("locatie", "Locatie", "choice", options=[("", "Alle locaties"), *places_of(plan)], required=True),
        Input("product", "Product", "choice", options=[("", "Alle producten"), *products], required=True),
        Input("van", "Van", "date", required=True),
        Input("tot", "Tot en met", "date", required=True),
        Input("periode", "Periode", "choice", options=list(SO_FAR.items()), required=True),
    ]


def _read(usual: Chosen, asked: ChosenFilters) -> Chosen:
    plan, problems = usual.plan, []
    if asked.location and asked.location not in dict(places_of(plan)):
        problems.append(_wrong("locatie", "deze locatie is er niet (meer); kies een andere"))
    if asked.product and asked.product not in plan.products:
        problems.append(_wrong("product", "dit product is er niet (meer); kies een ander"))
    problems += [
        _wrong(name, TOO_FAR)
        for name, day in (("van", asked.first), ("tot", asked.last))
        if day is not None and not EARLIEST <= day <= LATEST
    ]
    if problems:
        raise InvalidInput("Deze keuze kan niet", problems)
    last = asked.last or usual.last
    first = asked.first or last - timedelta(days=USUAL_DAYS - 1)
    if last < first:
        problems.append(_wrong("tot", "deze dag ligt voor de eerste dag; kies een latere"))
    if (last - first).days >= MOST_DAYS:
        problems.append(_wrong("tot", f"kies ten hoogste {MOST_DAYS} dagen tegelijk"))
    if problems:
        raise InvalidInput("Deze periode kan niet", problems)
    return replace(
        usual,
        first=first,
        last=last,
        location=asked.location or None,
        product=asked.product or None,
        so_far=asked.so_far or usual.so_far,
        _read={},
    )


def _wrong(name: str, detail: str) -> FieldError:
    return FieldError("body", f"/{name}", "impossible", detail)
