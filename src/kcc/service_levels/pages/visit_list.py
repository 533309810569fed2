"""`/rapport/bezoeken`: the visits that a figure of the counters was counted from."""

from collections.abc import Mapping

from starlette.responses import Response

from kcc.access.guard import serves
from kcc.service_levels.attendance import Fate
from kcc.service_levels.cases.visits import Case, Went, visits
from kcc.service_levels.pages import listing
from kcc.service_levels.pages.addresses import VISITS
from kcc.service_levels.pages.chosen import Chosen, Filters, choose, product_name
from kcc.service_levels.pages.listing import Listing
from kcc.service_levels.pages.report import PageRequest
from kcc.service_levels.state import LEADS
from kcc.service_levels.targets.reading import targets
from kcc.service_levels.targets.wording import within
from kcc.service_levels.waits import Asked, Thresholds
from kcc.web.dates import date_long
from kcc.web.forms import Input
from kcc.web.sheets import Cell, Sheet

WENT: Mapping[Went, str] = {
    Went.CALLED: "Met afspraak opgeroepen",
    Went.IN_TIME: "Met afspraak op tijd opgeroepen",
    Went.LATE: "Met afspraak te laat opgeroepen",
    Went.NO_SHOW: "Niet verschenen",
    Went.MISSED: "Niet gekomen na oproep",
    Went.LEFT: "Weggegaan voor de oproep",
    Went.WALK_IN: "Inloop opgeroepen",
    Went.WALK_IN_IN_TIME: "Inloop op tijd opgeroepen",
    Went.WALK_IN_LATE: "Inloop te laat opgeroepen",
    Went.WALK_IN_MISSED: "Inloop niet gekomen na oproep",
    Went.WALK_IN_LEFT: "Inloop weggegaan voor de oproep",
}
_FATES = {
    Fate.MISSED: "Niet gekomen na oproep",
    Fate.LEFT: "Weggegaan voor de oproep",
    Fate.NO_SHOW: "Niet verschenen",
}
HEADS = (
    *("Afspraaktijd of aanmelding", "Locatie", "Producten", "Hoe", "Aangemeld", "Opgeroepen", "Gewacht (seconden)"),
    "Uitkomst",
)


@serves(LEADS)
async def visit_list(request: PageRequest) -> Response:
    """The visits, the newest first. Raises InvalidInput for a file of what cannot be chosen."""
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        kept = await targets(session, request.state["settings"])
        chosen, filters = choose(request, plan, kept, request.state["clock"].now())
        went, filters = _narrowed(request.query_params.get("uitkomst", ""), filters)
        asked = Asked(chosen.first, chosen.last, location=chosen.location, product=chosen.product)
        thresholds = chosen.thresholds(max(chosen.first, min(chosen.last, chosen.today)))
        found = await visits(session, plan, asked, thresholds, chosen.now, went)
    limit, offset = listing.window(request)
    rows = [_row(case, chosen) for case in found[offset : offset + limit]]
    notes = [*_notes(chosen, went, thresholds), *listing.cut_off(len(found))]
    shown = Listing(
        address=VISITS,
        title="Bezoeken aan de balie",
        period=f"{date_long(chosen.first)} tot en met {date_long(chosen.last)}, {chosen.place_name}",
        noun=("bezoek", "bezoeken"),
        back=("/rapport", "Terug naar het overzicht"),
        filters=filters,
        sheet=Sheet(f"bezoeken-{chosen.first}-{chosen.last}", HEADS, rows, notes, plan.zone),
        total=len(found),
    )
    return listing.answer(request, shown)


def _narrowed(sent: str, filters: Filters) -> tuple[Went | None, Filters]:
    options = [("", "Alle"), *((str(went), label) for went, label in WENT.items())]
    known = sent in dict(options)
    errors = filters.errors if known else {**filters.errors, "uitkomst": "Kies een uitkomst uit de lijst"}
    inputs = [*filters.inputs, Input("uitkomst", "Uitkomst", "choice", options=options, required=True)]
    return (Went(sent) if sent and known else None), Filters(inputs, {**filters.values, "uitkomst": sent}, errors)


def _row(case: Case, chosen: Chosen) -> tuple[Cell, ...]:
    plan = chosen.plan
    names = sorted(product_name(plan, code) for code in case.products)
    said = _FATES.get(case.fate) or ("Op tijd opgeroepen" if case.in_time else "Te laat opgeroepen")
    place = plan.places[case.location].name if case.location in plan.places else case.location
    how = "Inloop" if case.walk_in else "Afspraak"
    return (case.at, place, ", ".join(names), how, case.arrived_at, case.called_at, case.wait, said)


def _notes(chosen: Chosen, went: Went | None, thresholds: Thresholds) -> list[str]:
    return [
        f"Uitkomst: {WENT[went].lower() if went else 'alle'}. Op tijd: met een afspraak binnen "
        f"{within(thresholds.appointment)}, inloop binnen {within(thresholds.walk_in)} (de norm van de laatste dag).",
        "De wachttijd loopt vanaf de afspraaktijd, of vanaf het aanmelden als dat later is, tot de eerste oproep. "
        "Van wie niet verscheen, staan er geen producten bij. Wie nog wacht, staat er niet bij.",
    ]


routes = listing.routes(VISITS, visit_list)
