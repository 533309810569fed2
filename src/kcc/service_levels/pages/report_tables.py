"""The tables of `/rapport`, to download: waits by day, lead times by product, satisfaction by answer."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.service_levels import lead_times as leads
from kcc.service_levels import words
from kcc.service_levels.definitions import COUNTER_WAIT_VERSION, SATISFACTION_VERSION, SCORES, Satisfaction, share
from kcc.service_levels.pages import trend
from kcc.service_levels.pages.chosen import Chosen, choose
from kcc.service_levels.pages.listing import file, table_of
from kcc.service_levels.pages.report import PageRequest
from kcc.service_levels.satisfaction import total
from kcc.service_levels.state import LEADS
from kcc.service_levels.targets.reading import targets
from kcc.service_levels.waits import Asked, Row
from kcc.web.routing import Route
from kcc.web.sheets import Cell, Format, Sheet

Rows = Sequence[Sequence[Cell]]
HEADS: Mapping[str, Sequence[str]] = {
    "dagen": (
        *("Dag", "Op tijd (%)", "Afspraken", "Op tijd", "Gemiddeld gewacht (s)", "Mediaan (s)", "Niet verschenen"),
        *("Niet gekomen na oproep", "Weggegaan voor oproep", "Inloop op tijd (%)", "Inloop", "Inloop op tijd"),
        *("Inloop niet gekomen na oproep", "Inloop weggegaan voor oproep"),
    ),
    "doorlooptijden": (
        *("Product", "Geboekt", "Gemiddeld (dagen)", "Norm (dagen)", "Binnen de norm (%)"),
        *("Eerste vrije tijd vastgelegd op", "Eerste vrije tijd (dagen)"),
    ),
    "tevredenheid": ("Hoe", "Score", "Antwoord", "Aantal", "Aandeel (%)"),
}
NOTES = {
    "dagen": f"Dagen waarop alles dicht was, staan er niet bij. Definitie: wachttijd, versie {COUNTER_WAIT_VERSION}.",
    "doorlooptijden": "Geboekt telt op alle locaties. Kalenderdagen van boeken tot de afspraak; vandaag is 0.",
    "tevredenheid": f"Zonder toelichtingen. Definitie: tevredenheid, versie {SATISFACTION_VERSION}.",
}


async def _waits(session: AsyncSession, chosen: Chosen) -> Rows:
    return [_day(day, row) for day, row in await trend.each_day(session, chosen)]


def _day(day: date, row: Row) -> Sequence[Cell]:
    waits, walk_ins = row.waits, row.walk_ins
    return (
        *(day, waits.percent_within, waits.visits, waits.within, waits.average_seconds, waits.median_seconds),
        *(row.no_shows, row.missed, row.left_before_called),
        *(walk_ins.percent_within, walk_ins.visits, walk_ins.within, row.walk_ins_missed, row.walk_ins_left),
    )


async def _lead_times(session: AsyncSession, chosen: Chosen) -> Rows:
    last = min(chosen.last, chosen.today)
    found = [] if last < chosen.first else await leads.rows(session, chosen.plan, chosen.first, last, chosen.product)
    return [
        (
            *(chosen.product_name(one.product), one.booked, one.average_days, one.target_days, one.percent_within),
            *(one.recorded_on, one.first_free_days),
        )
        for one in leads.totals(found, chosen.location)
    ]


async def _satisfaction(session: AsyncSession, chosen: Chosen) -> Rows:
    asked = Asked(chosen.first, chosen.last, location=chosen.location, product=chosen.product)
    found = await total(session, chosen.plan, asked)
    ways = [("Per e-mail", found.given), *([("Aan de kiosk", found.kiosk.given)] if found.kiosk else [])]
    return [row for how, given in ways for row in _scores(how, given)]


def _scores(how: str, given: Satisfaction) -> Rows:
    return [
        (how, score, words.score(score), number, share(number, given.answered))
        for score, number in zip(SCORES, given.distribution, strict=True)
    ]


TABLES: Mapping[str, Callable[[AsyncSession, Chosen], Awaitable[Rows]]] = {
    "dagen": _waits,
    "doorlooptijden": _lead_times,
    "tevredenheid": _satisfaction,
}


@serves(LEADS)
async def report_table(request: PageRequest) -> Response:
    """One of the tables of the page. Raises InvalidInput for what cannot be chosen."""
    clock, table = request.state["clock"], table_of(request, HEADS)
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        kept = await targets(session, request.state["settings"])
        chosen, filters = choose(request, plan, kept, clock.now())
        rows = [] if filters.errors else await TABLES[table](session, chosen)
    product = chosen.product_name(chosen.product) if chosen.product else "alle"
    sheet = Sheet(
        name=f"balies-{table}-{chosen.first}-{chosen.last}",
        heads=HEADS[table],
        rows=rows,
        notes=[f"{NOTES[table]} Leeg: geen gegevens.", f"Locatie: {chosen.place_name}. Product: {product}."],
        zone=clock.timezone,
    )
    return file(request, sheet, filters)


routes = [Route(f"/rapport.{how}", report_table) for how in Format]
