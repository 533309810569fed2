"""Section of the report: how many days ahead people book, and how soon there is a place, by product."""

from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.service_levels import words
from kcc.service_levels.cases.lead_times import Norm
from kcc.service_levels.lead_times import Total, rows, totals
from kcc.service_levels.pages.addresses import appointments_of
from kcc.service_levels.pages.chosen import Chosen
from kcc.service_levels.pages.target_form import form_address
from kcc.service_levels.targets.history import Metric, Scope, ScopeKind

TEMPLATE = "service_levels/_lead_times.html"


async def build(session: AsyncSession, chosen: Chosen) -> dict[str, Any]:
    """A row for every product that could be booked in the period."""
    last = min(chosen.last, chosen.today)
    found = [] if last < chosen.first else await rows(session, chosen.plan, chosen.first, last, chosen.product)
    return {"rows": [_shown(total, chosen, max(chosen.first, last)) for total in totals(found, chosen.location)]}


def _shown(total: Total, chosen: Chosen, day: date) -> dict[str, Any]:
    """The product sets within how many days; the target of a day, of how many of those who book."""
    scope = Scope(ScopeKind.PRODUCT, total.product)
    level = chosen.targets.on(day, Metric.LEAD_TIME, [scope]).norm.level
    promised = "" if level is None else f"{words.target_percent(level)} "
    at = appointments_of(chosen.first, day, total.product)
    free = "niets vrij" if total.first_free_days is None else days_away(total.first_free_days)
    return {
        "name": chosen.product_name(total.product),
        "booked": words.whole(total.booked),
        "booked_list": at(total.booked, None),
        "average": words.NO_DATA if total.average_days is None else f"{words.number(total.average_days)} dagen",
        "target": "geen norm" if total.target_days is None else f"{promised}binnen {_days(total.target_days)}",
        # Within how many days is set, but of how many bookings is not.
        "ask": None if level is not None or total.target_days is None else form_address(Metric.LEAD_TIME, scope),
        "percent": words.percent(total.percent_within, level) if total.target_days is not None else "–",
        "promised_list": at(total.percent_within is not None, Norm.PROMISED),
        "kept": None if level is None or total.percent_within is None else total.percent_within >= level,
        "free": free if total.recorded_on else words.NO_DATA,
        "late": None
        if total.target_days is None or total.recorded_on is None
        else total.first_free_days is None or total.first_free_days > total.target_days,
    }


def days_away(number: int) -> str:
    """`vandaag`, `over 3 dagen`."""
    return "vandaag" if number == 0 else f"over {_days(number)}"


def _days(number: int) -> str:
    return f"{number} dag" if number == 1 else f"{number} dagen"
