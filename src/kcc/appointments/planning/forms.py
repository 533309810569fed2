"""The forms with which administrators change the plan: their fields, in Dutch, with the names they have on the wire."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from kcc.appointments.availability.plan import Plan
from kcc.appointments.models import LocationKind
from kcc.appointments.planning.kinds import CLOSINGS, COUNTERS, LOCATIONS, PRODUCTS, RULES, Kind
from kcc.appointments.planning.opening_schemas import ChosenClosing
from kcc.appointments.planning.product_schemas import ProductItem
from kcc.web.forms import Input
from kcc.web.requests import Wire

WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
KINDS_OF_PLACE = {
    LocationKind.PERMANENT: "vaste locatie",
    LocationKind.TEMPORARY: "tijdelijke locatie",
    LocationKind.HOME_VISIT: "huisbezoek",
}
Options = list[tuple[str, str]]
# No location's code.
EVERYWHERE = "*"


@dataclass(frozen=True)
class Choices:
    """What there is to choose from: codes with their names."""

    products: Options
    locations: Options


@dataclass(frozen=True)
class PlanForm:
    """A form for one kind of thing: what it is called, and its fields for a new one and for one that is there."""

    kind: Kind
    noun: str
    this: str
    new: Callable[[Choices], Sequence[Input]]
    change: Callable[[Choices], Sequence[Input]]
    # What people must fill in, where that is more than the API asks for.
    asks: type[Wire] | None = None


def choices(plan: Plan, item: Any = None) -> Choices:
    """What the plan offers to choose from, under the newest names; nothing is combined with itself."""
    own = item.code if isinstance(item, ProductItem) else None
    return Choices(
        products=[
            (code, product.terms[-1].name) for code, product in plan.products.items() if product.terms and code != own
        ],
        locations=[(code, place.name) for code, place in plan.places.items()],
    )


def _with_code(fields: Callable[[Choices], Sequence[Input]], example: str) -> Callable[[Choices], Sequence[Input]]:
    code = Input(
        "code",
        "Code",
        hint=f"Kort en blijvend, voor adressen en koppelingen: kleine letters en streepjes, zoals {example}.",
        required=True,
    )
    return lambda given: [code, *fields(given)]


def _product(given: Choices) -> Sequence[Input]:
    return [
        Input("name", "Naam", hint="Wat de inwoner komt doen, zoals Paspoort aanvragen.", required=True),
        Input("nameEn", "Naam in het Engels"),
        Input("upl", "UPL-naam", hint="Precies zoals in de Uniforme Productnamenlijst."),
        Input("durationMinutes", "Minuten voor de eerste persoon", "number", required=True),
        Input("furtherPersonMinutes", "Minuten voor elke volgende persoon", "number"),
        Input("preparationMinutes", "Minuten voorbereiding", "number", hint="Komen één keer bij de afspraak op."),
        Input("stepMinutes", "Begintijden om de … minuten", "number", hint="Leeg: zo lang als de afspraak duurt."),
        Input("maxPersons", "Meeste personen in één afspraak", "number"),
        Input("noticeMinutes", "Minuten vooraf", "number", hint="Zo lang van tevoren kan een inwoner nog boeken."),
        Input("horizonDays", "Dagen vooruit", "number", hint="Zo ver vooruit kan iemand boeken."),
        Input("leadTimeDays", "Norm: afspraak binnen … dagen", "number", hint="Voor de rapportage."),
        Input("bring", "Meenemen", "lines", hint="Elke regel één ding."),
        Input("bringEn", "Meenemen, in het Engels", "lines"),
        Input("costs", "Kosten", "line", hint="Een tarief tussen dubbele accolades, zoals {{paspoort-18-plus}}."),
        Input("costsEn", "Kosten, in het Engels", "line"),
        Input("onlineUrl", "Online regelen", "line", hint="Adres van het formulier waarmee het zonder afspraak kan."),
        Input("combinableWith", "Samen in één afspraak met", "choices", options=given.products),
        Input("staffOnly", "Alleen door medewerkers te boeken", "switch"),
        Input("position", "Plaats in de lijst", "number"),
        Input(
            "validFrom", "Geldt voor afspraken vanaf", "date", hint="Leeg: vandaag. Wat daarvoor gold, blijft bewaard."
        ),
        Input("withdrawnFrom", "Stopt op", "date", hint="Vanaf deze dag is het product niet meer te boeken."),
    ]


def _location(given: Choices) -> Sequence[Input]:
    return [
        Input("name", "Naam", required=True),
        Input("nameEn", "Naam in het Engels"),
        Input(
            "kind",
            "Soort",
            "choice",
            options=[(kind.value, name) for kind, name in KINDS_OF_PLACE.items()],
            required=True,
        ),
        Input(
            "addresses",
            "Adressen",
            "rows",
            hint="Verhuist de locatie? Zet het nieuwe adres erbij met de dag waarop het ingaat.",
            columns=[Input("validFrom", "Vanaf", "date"), Input("address", "Adres")],
        ),
        Input("directions", "Routebeschrijving", "line", hint="Eén regel, zoals: ingang aan de achterkant."),
        Input("directionsEn", "Routebeschrijving in het Engels", "line"),
        Input("walkIns", "Ook zonder afspraak: bezoekers kunnen een nummer nemen", "switch"),
        Input("travelMinutes", "Reistijd bij huisbezoek", "number", hint="Minuten, vóór en na elk bezoek."),
        Input("products", "Alleen deze producten", "choices", hint="Geen gekozen: alle.", options=given.products),
        Input("openFrom", "Open vanaf", "date"),
        Input("openUntil", "Open tot en met", "date"),
        Input("position", "Plaats in de lijst", "number"),
    ]


def _counter(given: Choices) -> Sequence[Input]:
    return [
        Input("location", "Locatie", "choice", options=given.locations, required=True),
        Input("name", "Naam", hint="Zoals op de wachtruimte staat: Balie 1.", required=True),
        Input("products", "Alleen deze producten", "choices", hint="Geen gekozen: alle.", options=given.products),
        Input("openFrom", "In gebruik vanaf", "date"),
        Input("openUntil", "In gebruik tot en met", "date"),
        Input("position", "Volgorde", "number", hint="De balies met de laagste nummers gaan het eerst open."),
    ]


def _rule(*days: Input) -> Callable[[Choices], Sequence[Input]]:
    def fields(given: Choices) -> Sequence[Input]:
        return [
            Input("location", "Locatie", "choice", options=given.locations, required=True),
            *days,
            Input(
                "date",
                "Of op één datum",
                "date",
                hint="Deze tijden vervangen die dag de weekdagen, ook op een feestdag.",
            ),
            Input("opens", "Open om", "time", hint="Zoals 08:30.", required=True),
            Input("closes", "Dicht om", "time", hint="Zoals 17:00; middernacht is 24:00.", required=True),
            Input(
                "breaks",
                "Pauzes",
                "rows",
                columns=[Input("from", "Van", "time"), Input("until", "Tot", "time")],
            ),
            Input("counters", "Aantal balies open", "number", hint="Leeg: alle."),
            Input(
                "staffOnly",
                "Alleen voor medewerkers en inloop",
                "switch",
                hint="Inwoners zien deze tijden niet online.",
            ),
            Input("validFrom", "Geldt vanaf", "date"),
            Input("validUntil", "Geldt tot en met", "date"),
        ]

    return fields


_DAYS = [(str(number), name) for number, name in enumerate(WEEKDAYS, start=1)]
_WEEKDAYS = Input("weekdays", "Elke week op", "numbers", options=_DAYS)
_WEEKDAY = Input("weekday", "Elke week op", "number", options=[("", "niet elke week"), *_DAYS])


def _closing(given: Choices) -> Sequence[Input]:
    return [
        Input(
            "location",
            "Locatie",
            "choice",
            options=[("", "Kies een locatie"), (EVERYWHERE, "Alle locaties"), *given.locations],
            required=True,
            null=EVERYWHERE,
        ),
        Input("date", "Dag", "date", required=True),
        Input("from", "Dicht vanaf", "time", hint="Leeg: het begin van de dag."),
        Input("until", "Weer open om", "time", hint="Leeg: die dag niet meer."),
        Input("reason", "Reden", hint="Voor medewerkers, zoals Medewerkersdag."),
    ]


PRODUCT = PlanForm(PRODUCTS, "product", "dit product", _with_code(_product, "paspoort"), _product)
LOCATION = PlanForm(LOCATIONS, "locatie", "deze locatie", _with_code(_location, "stadhuis"), _location)
COUNTER = PlanForm(COUNTERS, "balie", "deze balie", _with_code(_counter, "balie-1"), _counter)
RULE = PlanForm(RULES, "openingstijd", "deze openingstijd", _rule(_WEEKDAYS), _rule(_WEEKDAY))
CLOSING = PlanForm(CLOSINGS, "sluitingsdag", "deze sluitingsdag", _closing, _closing, ChosenClosing)


def for_form(item: Any, plan: Plan) -> dict[str, Any]:
    """What the API tells of a thing, as the form sends it back: with fees and steps as they were given."""
    stored: dict[str, Any] = item.model_dump(mode="json", by_alias=True)
    if "costsTemplate" in stored:
        terms = next(terms for terms in plan.products[item.code].terms if terms.valid_from == item.valid_from)
        stored |= {"costs": terms.costs, "costsEn": terms.costs_en, "stepMinutes": terms.step_minutes}
    return stored
