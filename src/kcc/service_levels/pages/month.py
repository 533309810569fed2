"""`/rapport/maand`: a month on paper. Every figure comes from the part of the report that it belongs to."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.catalogue import topics
from kcc.service_levels import first_contact, words
from kcc.service_levels.frequent_problems import Period, problems
from kcc.service_levels.pages import first_contact as asking
from kcc.service_levels.pages import lead_times, phone, promised, satisfaction, trend
from kcc.service_levels.pages.chosen import Chosen, Filters, in_address
from kcc.service_levels.pages.report import PageRequest
from kcc.service_levels.pages.spans import Span, month, month_before
from kcc.service_levels.pages.verdict import summary
from kcc.service_levels.periods import EARLIEST, By
from kcc.service_levels.phone import levels
from kcc.service_levels.state import LEADS
from kcc.service_levels.targets.reading import targets
from kcc.web import forms
from kcc.web.dates import month_long, month_name
from kcc.web.forms import Input
from kcc.web.routing import Route
from kcc.web.templating import render

ADDRESS = "/rapport/maand"
MOST_TOPICS = 10
INPUTS = (Input("maand", "Maand", required=True, hint="jaar en maand, zoals 2026-10"),)
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


@serves(LEADS)
async def month_report(request: PageRequest) -> Response:
    """The promises of a month beside the month and the year before, and what lies behind them."""
    state, clock = request.state, request.state["clock"]
    today = clock.today()
    first, filters = _choose(request, today)
    span = month(first, today)
    earlier = month_before(first)
    names = "vorig jaar", month_name(earlier)
    async with state["database"].reading() as session:
        kept = await targets(session, state["settings"])
        chosen = Chosen(await state["planner"].plan(session), kept, clock.now(), today, span.first, span.last)
        others = list(zip(names, (span.year_before, month(earlier, today)), strict=True))
        cards, (by_year, by_month) = await promised.build(session, chosen, span, others)
        days, zone = state["settings"].repeat_days, clock.timezone
        calls = await phone.figures(session, levels.Asked(span.first, span.last, By.WEEK), kept, today, zone)
        questions = first_contact.Asked(span.first, span.last, By.WEEK)
        context: dict[str, Any] = {
            "filters": filters,
            "span": span,
            "chosen": chosen,
            "title": month_long(first),
            "earlier": f"{ADDRESS}?maand={earlier:%Y-%m}" if earlier >= EARLIEST else None,
            "later": _later(span, today),
            "unfinished": span.last == today,
            "made": today,
            "cards": cards,
            "summary": [*summary(by_year, names[0]), *summary(by_month, names[1])[1:]],
            "calls": calls,
            "asked": await asking.figures(session, questions, kept, clock, days),
            "topics": await _topics(session, chosen),
            "waits": (await trend.build(session, chosen))["total"],
            "lead_times": await lead_times.build(session, chosen),
            "satisfaction": await satisfaction.build(session, chosen),
        }
    return render(request, "service_levels/month.html", context, status=400 if filters.errors else 200)


def _choose(request: PageRequest, today: date) -> tuple[date, Filters]:
    """When the month in the address begins: the last whole one when none is, or when it cannot be."""
    usual = month_before(today.replace(day=1))
    values = forms.shown(INPUTS, in_address(request))
    typed = values["maand"].strip()
    found = _MONTH.fullmatch(typed)
    wrong = None
    if typed and found is None:
        wrong = "Vul een jaar en een maand in, zoals 2026-10"
    elif found and not EARLIEST.year <= int(found[1]) <= today.year:
        wrong = f"Kies een maand van {EARLIEST.year} tot en met nu"
    elif found and date(int(found[1]), int(found[2]), 1) > today:
        wrong = "Deze maand moet nog komen; kies een eerdere"
    first = date(int(found[1]), int(found[2]), 1) if found and not wrong else usual
    return first, Filters(INPUTS, {"maand": typed or f"{first:%Y-%m}"}, {"maand": wrong} if wrong else {})


def _later(span: Span, today: date) -> str | None:
    following = date(span.first.year + span.first.month // 12, span.first.month % 12 + 1, 1)
    return f"{ADDRESS}?maand={following:%Y-%m}" if following <= today else None


async def _topics(session: AsyncSession, chosen: Chosen) -> Sequence[dict[str, str]]:
    """What was asked about most, on all channels; `before` is of as many days just before, a dash when unknown."""
    found = await problems(session, Period(chosen.first, chosen.last, By.MONTH), chosen.clock)
    known = await topics.topics_by_code(session)
    names = topics.told_apart(known, [row.ranked.topic for row in found.rows])
    return [
        {
            "name": names[row.ranked.topic],
            "questions": words.whole(row.ranked.questions),
            "percent": words.percent(row.ranked.percent),
            "before": words.whole(row.ranked.before) if found.comparable else "–",
            "resolved": words.percent(row.percent_resolved),
        }
        for row in found.rows[:MOST_TOPICS]
    ]


routes = [Route(ADDRESS, month_report)]
