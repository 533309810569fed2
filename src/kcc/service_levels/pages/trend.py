"""Section of the report: the waits of a period, day by day."""

from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.availability.plan import days
from kcc.service_levels import words
from kcc.service_levels.cases.visits import Went
from kcc.service_levels.pages.addresses import visits_of
from kcc.service_levels.pages.chosen import Chosen, places_of
from kcc.service_levels.targets.history import Metric
from kcc.service_levels.targets.wording import short
from kcc.service_levels.waits import Row

TEMPLATE = "service_levels/_trend.html"


async def build(session: AsyncSession, chosen: Chosen) -> dict[str, Any]:
    """A row for every day on which somebody came or could have come, the last one first, and their total."""
    last = min(chosen.last, chosen.today)
    if last < chosen.first:
        return {"rows": [], "total": None, "ahead": True, "changed": None}
    shown = [(day, _shown(row, chosen, day, day)) for day, row in await each_day(session, chosen)]
    found = await chosen.days(session, chosen.first, last)
    total = _shown(found.total(chosen.first, last), chosen, chosen.first, last) if shown else None
    changed = chosen.changed(Metric.COUNTER_WAIT, chosen.first, last)
    return {"rows": shown, "total": total, "ahead": False, "changed": changed}


async def each_day(session: AsyncSession, chosen: Chosen) -> list[tuple[date, Row]]:
    """The days of the period up to today on which somebody came or could have come, the last one first."""
    last = min(chosen.last, chosen.today)
    if last < chosen.first:
        return []
    by_date = (await chosen.days(session, chosen.first, last)).each()
    places = [place for code, place in chosen.plan.places.items() if code in _where(chosen)]
    return [
        (day, row)
        for day in reversed(days(chosen.first, last))
        if (row := by_date.get(day)) is not None
        and (_anybody(row) or any(chosen.plan.opening(place, day).staff_stretches for place in places))
    ]


def _where(chosen: Chosen) -> set[str]:
    return {chosen.location} if chosen.location else {code for code, _ in places_of(chosen.plan)}


def _anybody(row: Row) -> bool:
    apart = row.missed + row.no_shows + row.left_before_called + row.walk_ins_missed + row.walk_ins_left
    return bool(row.waits.visits or row.walk_ins.visits or apart)


def _shown(row: Row, chosen: Chosen, first: date, day: date) -> dict[str, Any]:
    """A figure is (text, address of the visits that it was counted from); a percentage has those it is a part of."""
    within, norm = row.waits.percent_within, chosen.norm(Metric.COUNTER_WAIT, day)
    walk_in, at = chosen.norm(Metric.WALK_IN_WAIT, day), visits_of(chosen, first, day)
    called, walked = at(row.waits.visits, Went.CALLED), at(row.walk_ins.visits, Went.WALK_IN)
    return {
        "percent": (words.percent(within, norm.level), called),
        "kept": None if within is None or norm.level is None else within >= norm.level,
        "norm": short(norm),
        "visits": (words.whole(row.waits.visits), called),
        "average": (words.span(row.waits.average_seconds) if row.waits.visits else "–", called),
        "median": (words.span(row.waits.median_seconds) if row.waits.visits else "–", called),
        "no_shows": (words.whole(row.no_shows), at(row.no_shows, Went.NO_SHOW)),
        "missed": (words.whole(row.missed), at(row.missed, Went.MISSED)),
        "left": (words.whole(row.left_before_called), at(row.left_before_called, Went.LEFT)),
        "walk_ins": (words.whole(row.walk_ins.visits), walked),
        "walk_ins_within": (
            words.percent(row.walk_ins.percent_within, walk_in.level) if row.walk_ins.visits else "–",
            walked,
        ),
        "walk_ins_missed": (words.whole(row.walk_ins_missed), at(row.walk_ins_missed, Went.WALK_IN_MISSED)),
        "walk_ins_left": (words.whole(row.walk_ins_left), at(row.walk_ins_left, Went.WALK_IN_LEFT)),
    }
