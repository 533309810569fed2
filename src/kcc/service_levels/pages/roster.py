"""`/rapport/rooster`: how many calls will come in a coming week, and how many agents that takes."""

from asyncio import to_thread
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from kcc.access.guard import serves
from kcc.service_levels import words
from kcc.service_levels.pages.chosen import in_address
from kcc.service_levels.pages.listing import file, table_of
from kcc.service_levels.pages.report import PageRequest
from kcc.service_levels.pages.roster_choice import WEEK, Asked, choose
from kcc.service_levels.pages.roster_view import (
    accuracy_cells,
    accuracy_rows,
    advice_rows,
    cells,
    quarters,
    special_rows,
    table,
)
from kcc.service_levels.pages.roster_words import (
    cause_rows,
    cause_summary,
    considered,
    summary,
    week_of,
)
from kcc.service_levels.phone.queries import known_queues
from kcc.service_levels.planning.accuracy import accuracy
from kcc.service_levels.planning.causes import past_week
from kcc.service_levels.planning.promise import Promise, promised
from kcc.service_levels.planning.week import Source, WeekPlan, plan_week
from kcc.service_levels.staffing.advice import Advice, advise, consider
from kcc.service_levels.staffing.forecast import LEAST_DAYS, LEAST_SAME_WEEKDAYS, State, likely
from kcc.service_levels.staffing.needs import level
from kcc.service_levels.state import LEADS
from kcc.web.routing import Route
from kcc.web.sheets import Sheet
from kcc.web.templating import render

ADDRESS = "/rapport/rooster"
HEADS: Mapping[str, Sequence[str]] = {
    "kwartieren": (
        *("datum", "begin", "verwacht", "minimaal", "maximaal", "nodig", "nodig als niemand ophangt", "ingeroosterd"),
        "verwacht op tijd (%)",
    ),
    "voorspellingen": (
        *("week vanaf", "dagen", "voorspeld", "gekomen", "fout per dag (%)", "fout per kwartier (%)"),
        *("daarvan door toeval (%)", "als u de week ervoor neemt (%)"),
    ),
}
NOTES = (
    "Verwacht: gesprekken in het kwartier; negen van de tien keer ligt het tussen minimaal en maximaal.",
    "Nodig: medewerkers aan de telefoon om de norm te halen (Erlang A), en als niemand ophangt (Erlang C).",
)
SAID = "Zoals ze ten hoogste zeven dagen vooraf zijn gedaan. De fout is een deel van de gesprekken die kwamen."
ESTIMATED = "Ingeroosterd is geschat: wie de laatste vier weken gesprekken aannam."


@serves(LEADS)
async def roster(request: PageRequest) -> Response:
    """A week of forecast, agents, advice; the cause of the last shortfall; how near past forecasts came."""
    state, today, zone = request.state, request.state["clock"].today(), request.state["clock"].timezone
    async with state["database"].reading() as session:
        sent = in_address(request)
        asked, filters, question = choose(sent, await known_queues(session), today)
        promise = await promised(session, state["settings"], asked.sunday, asked.queue)
        plan = await plan_week(session, zone, today, asked.monday, promise, asked.queue)
        last = today - timedelta(days=today.weekday() + 1)
        then = await promised(session, state["settings"], last)
        past = await past_week(session, zone, today, then)
        said = await accuracy(session, zone, today, queue=asked.queue)
    # Sums that take a while: others are served meanwhile.
    advice = await to_thread(advise, plan.slots, plan.work) if plan.work and plan.source else []
    effect = consider(plan.slots, asked.change, plan.work) if asked.change and plan.work and plan.source else None
    context: dict[str, Any] = {
        "filters": filters,
        "question": question,
        "asked": asked,
        "who": asked.queue or "alle wachtrijen",
        "kept": [(name, str(sent.get(name, ""))) for name in WEEK if sent.get(name)],
        "chosen": urlencode({"week": asked.monday.isoformat(), "wachtrij": asked.queue}),
        "empty": _empty(plan, asked, today),
        "summary": _summary(plan, advice, asked, promise, today),
        "special": special_rows(plan.expectation.special),
        "table": table(plan, advice),
        "advice": advice_rows(advice, promise.percent, asked.absent),
        "advice_total": _total(advice),
        "quarters": quarters(plan, promise.percent),
        "source": plan.source,
        "handling": plan.work and words.span(plan.work.handling),
        "patience": plan.work and plan.work.patience and words.span(plan.work.patience),
        "considered": effect and asked.change and considered(asked.change, effect, promise.percent),
        "nothing_then": asked.change is not None and plan.source is not None and effect is None,
        "causes": cause_rows(past),
        "cause": cause_summary(past, then.percent),
        "past": past,
        "accuracy": accuracy_rows(said),
        "within": promise.threshold,
        "target": words.target_percent(promise.percent),
    }
    wrong = bool(filters.errors or question.errors)
    return render(request, "service_levels/roster.html", context, status=400 if wrong else 200)


def _empty(plan: WeekPlan, asked: Asked, today: date) -> tuple[str, str] | None:
    """Why there is no forecast of this week."""
    if any(slot.calls for slot in plan.slots):
        return None
    if asked.sunday < today:
        return (
            "Deze week is voorbij",
            "Kies een week die nog komt. Hoe goed eerdere voorspellingen waren, staat onderaan.",
        )
    if not plan.expectation.recorded:
        return "Geen gegevens", "Er zijn nog geen gesprekken geteld waar een voorspelling op kan rusten."
    if all(one.state is State.CLOSED for one in plan.expectation.days):
        return "Gesloten", "Op de dagen die deze week nog komen is het contactcentrum niet bereikbaar."
    return (
        "Te weinig gegevens",
        f"Voor een voorspelling zijn ten minste {LEAST_DAYS} dagen met gesprekken nodig, waarvan {LEAST_SAME_WEEKDAYS} "
        f"keer dezelfde weekdag in de laatste zes weken. Er zijn nu {plan.expectation.recorded} dagen.",
    )


def _summary(plan: WeekPlan, advice: list[Advice], asked: Asked, promise: Promise, today: date) -> list[str]:
    calls = sum(slot.calls for slot in plan.slots)
    if not calls:
        return []
    week = week_of(asked.monday, today)
    least, most = likely(calls)
    said = [
        f"{week} worden {words.people(round(calls), 'gesprek', 'gesprekken')} verwacht; door toeval alleen "
        f"kunnen het er {words.whole(least)} tot {words.whole(most)} worden."
    ]
    missing = [one.day for one in plan.expectation.days if one.state is State.TOO_LITTLE_HISTORY]
    if missing:
        said.append(
            f"Van {len(missing)} dag{'en' if len(missing) > 1 else ''} is te weinig bekend; die tellen niet mee."
        )
    if plan.work is None:
        said.append(
            "Hoe lang een gesprek duurt is niet bekend. Daarom staat er niet bij hoeveel medewerkers nodig zijn."
        )
    elif plan.source is None:
        why = "Medewerkers nemen gesprekken van alle wachtrijen aan" if asked.queue else "Er is geen rooster ingevuld"
        said.append(f"{why}; daarom staat hier alleen hoeveel er nodig zijn.")
    else:
        whole = level(((slot.calls, slot.agents) for slot in plan.slots), plan.work)
        said += summary(advice, week, whole, promise.percent, plan.source or Source.ESTIMATED)
    return said


def _total(advice: list[Advice]) -> str:
    """How many hours to add and to take away."""
    more = sum(one.more * (one.end - one.begin) for one in advice if one.more > 0) / 4
    less = -sum(one.more * (one.end - one.begin) for one in advice if one.more < 0) / 4
    if more and less >= more:
        return f"schuif {words.number(more, 0)} uur in de week naar drukke tijden"
    parts = [f"{words.number(more, 0)} uur in de week erbij" if more else ""]
    parts.append(f"{words.number(less, 0)} uur in de week is over" if less else "")
    return ", ".join(part for part in parts if part)


@serves(LEADS)
async def roster_table(request: PageRequest) -> Response:
    """One of the tables of the page, to download. Raises InvalidInput for what cannot be chosen."""
    which, today, zone = table_of(request, HEADS), request.state["clock"].today(), request.state["clock"].timezone
    async with request.state["database"].reading() as session:
        asked, filters, _ = choose(in_address(request), await known_queues(session), today)
        if which == "voorspellingen":
            said = await accuracy(session, zone, today, queue=asked.queue)
            rows, notes = [accuracy_cells(one) for one in said], [SAID]
        else:
            promise = await promised(session, request.state["settings"], asked.sunday, asked.queue)
            plan = await plan_week(session, zone, today, asked.monday, promise, asked.queue)
            rows = [cells(slot, plan) for slot in plan.slots]
            notes = [f"Norm: {words.target_percent(promise.percent)} binnen {promise.threshold} seconden.", *NOTES]
            notes += [ESTIMATED] if plan.source is Source.ESTIMATED else []
    name = f"rooster-{asked.monday}" if which == "kwartieren" else f"voorspellingen-{today}"
    return file(request, Sheet(name, HEADS[which], rows, notes, zone), filters)


routes = [
    Route(ADDRESS, roster),
    Route(f"{ADDRESS}.csv", roster_table),
    Route(f"{ADDRESS}.xlsx", roster_table),
]
