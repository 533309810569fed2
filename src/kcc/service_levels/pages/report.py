"""`/rapport`: do we keep our promises? One section below the other, each in a file of its own."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.service_levels.pages import lead_times, overview, promises, satisfaction, trend
from kcc.service_levels.pages.chosen import SO_FAR, Chosen, choose
from kcc.service_levels.state import LEADS, ServiceLevelState
from kcc.service_levels.targets.reading import targets
from kcc.web.routing import Route
from kcc.web.templating import render

PageRequest = Request[ServiceLevelState]
Build = Callable[[AsyncSession, Chosen], Awaitable[dict[str, Any]]]
# From top to bottom: the template of a section, and what fills it (`section` in that template); the overview is above.
SECTIONS: tuple[tuple[str, Build], ...] = (
    (promises.TEMPLATE, promises.build),
    (trend.TEMPLATE, trend.build),
    (lead_times.TEMPLATE, lead_times.build),
    (satisfaction.TEMPLATE, satisfaction.build),
)


@serves(LEADS)
async def report(request: PageRequest) -> Response:
    """The figures against their targets, for a location and product or all, and a period day by day."""
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        kept = await targets(session, request.state["settings"])
        chosen, filters = choose(request, plan, kept, request.state["clock"].now())
        top = await overview.build(session, chosen)
        sections = [(template, await build(session, chosen)) for template, build in SECTIONS]
    asked = dict(request.query_params)
    periods = [(name, label, f"?{urlencode({**asked, 'periode': name})}") for name, label in SO_FAR.items()]
    context = {
        "chosen": chosen,
        "filters": filters,
        "overview": top,
        "sections": sections,
        "periods": periods,
        "query": urlencode({name: value for name, value in filters.values.items() if value}),
    }
    return render(request, "service_levels/report.html", context, status=400 if filters.errors else 200)


routes = [Route("/rapport", report)]
