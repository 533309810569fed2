"""Section of the report: the promises side by side, so far today, this month or this year, beside a year earlier."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.service_levels.pages import promised, spans
from kcc.service_levels.pages.chosen import SO_FAR, Chosen
from kcc.service_levels.pages.verdict import summary

TEMPLATE = "service_levels/_overview.html"
THEN = "vorig jaar"


async def build(session: AsyncSession, chosen: Chosen) -> dict[str, Any]:
    """Of all locations and products: what is chosen below is about the counters only."""
    span = spans.so_far(chosen.so_far, chosen.today)
    cards, (verdicts,) = await promised.build(session, chosen.everywhere, span, [(THEN, span.year_before)])
    return {
        "cards": cards,
        "summary": summary(verdicts, THEN),
        "span": span,
        "title": SO_FAR[chosen.so_far],
    }
