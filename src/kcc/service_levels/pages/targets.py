"""`/rapport/normen`: what is promised now, what is coming and what was; and to promise something else from a day on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import serves, who
from kcc.errors import DomainError
from kcc.service_levels.pages.chosen import in_address
from kcc.service_levels.pages.report import PageRequest
from kcc.service_levels.pages.target_form import (
    ABOUT,
    ADDRESS,
    IN_USE,
    form_address,
    form_body,
    form_errors,
    form_inputs,
    form_values,
    in_use,
    scope_name,
)
from kcc.service_levels.state import LEADS
from kcc.service_levels.target_schemas import TargetContent
from kcc.service_levels.targets import keeping, reading
from kcc.service_levels.targets.history import (
    EVERYTHING,
    Metric,
    Norm,
    Scope,
    Targets,
)
from kcc.service_levels.targets.models import Target
from kcc.service_levels.targets.reading import Known
from kcc.service_levels.targets.wording import NAMES, origin, promise
from kcc.web.dates import date_day, moment_short
from kcc.web.requests import checked
from kcc.web.routing import Route
from kcc.web.templating import render

SAID = {"ingesteld": "De norm is ingesteld.", "ingetrokken": "De norm is ingetrokken."}


@dataclass(frozen=True)
class Line:
    """A target in a table, in words. `id` is given when it can be taken back."""

    promised: str
    since: str
    until: str | None
    by: str
    id: int | None


@dataclass
class Series:
    """All of a metric and scope: what holds (None while only a later one is set), what is coming, what was."""

    metric: Metric
    name: str
    scope: str
    address: str
    now: Line | None = None
    coming: list[Line] = field(default_factory=list)
    past: list[Line] = field(default_factory=list)


@serves(LEADS)
async def targets(request: PageRequest) -> Response:
    """The tables, and the form of the metric in the address."""
    asked = request.query_params.get("maatstaf", "")
    metric = Metric(asked) if asked in list(Metric) else None
    return await _page(request, metric, in_address(request), {})


@serves(LEADS)
async def put(request: PageRequest) -> Response:
    """Set a target. What was typed is shown again when it cannot be."""
    state, by = request.state, who(request).name
    async with request.form(max_files=0, max_fields=20) as sent:
        asked = str(sent.get("maatstaf", ""))
        metric = Metric(asked) if asked in list(Metric) else None
        if metric is None:
            return await _page(request, None, sent, {"maatstaf": "Kies een maatstaf"}, 400)

        async def work(session: AsyncSession) -> None:
            known = await reading.known(session, await state["planner"].plan(session))
            new = checked(TargetContent, form_body(metric, form_inputs(metric, known), sent)).kept
            await keeping.keep(session, new, known, state["clock"], by, replace=False)

        try:
            await state["database"].transact(work)
        except DomainError as error:
            return await _page(request, metric, sent, form_errors(metric, error), error.status)
    return RedirectResponse(f"{ADDRESS}?gelukt=ingesteld", 303)


@serves(LEADS)
async def remove(request: PageRequest) -> Response:
    """Take one back that no day that is over was judged by."""
    number, clock = request.path_params["id"], request.state["clock"]
    try:
        await request.state["database"].transact(lambda session: keeping.take_back(session, number, clock))
    except keeping.Past as error:
        return await _page(request, None, FormData(), {"": error.detail}, error.status)
    return RedirectResponse(f"{ADDRESS}?gelukt=ingetrokken", 303)


async def _page(
    request: PageRequest, metric: Metric | None, sent: FormData, errors: Mapping[str, str], status: int = 200
) -> Response:
    state = request.state
    async with state["database"].reading() as session:
        known = await reading.known(session, await state["planner"].plan(session))
        rows = await reading.listed(session)
        kept = await reading.targets(session, state["settings"])
    today = state["clock"].today()
    inputs = form_inputs(metric, known) if metric else []
    context: dict[str, Any] = {
        "series": _series(request, rows, kept, known, today),
        "metrics": [(one.value, NAMES[one]) for one in Metric],
        "metric": metric,
        "name": NAMES[metric] if metric else None,
        "about": ABOUT[metric].format(hours=state["settings"].callback_within_hours) if metric else None,
        "in_use": [in_use(metric, norm) for norm in IN_USE.get(metric, ())] if metric else [],
        "inputs": inputs,
        "values": form_values(metric, kept, today, inputs, sent) if metric else {},
        "errors": errors,
        "said": SAID.get(request.query_params.get("gelukt", "")),
        "today": today,
    }
    return render(request, "service_levels/targets.html", context, status=status)


def _series(
    request: PageRequest, rows: Sequence[tuple[Target, date | None]], kept: Targets, known: Known, today: date
) -> list[Series]:
    """Every metric, first for everything, also where only the settings promise something; then each scope."""
    found = {(metric, EVERYTHING): Series(metric, NAMES[metric], "alles", form_address(metric)) for metric in Metric}
    sizes: dict[tuple[Metric, Scope], int] = {}
    for row, _ in rows:
        at = row.metric, Scope(row.scope, row.code)
        sizes[at] = sizes.get(at, 0) + 1
        found.setdefault(at, Series(row.metric, NAMES[row.metric], scope_name(at[1], known), form_address(*at)))
    for row, until in rows:
        at = row.metric, Scope(row.scope, row.code)
        line, series = _line(request, row, until, sizes[at]), found[at]
        if row.valid_from > today:
            series.coming.insert(0, line)
        elif until is None or until >= today:
            series.now = line
        else:
            series.past.append(line)
    for (metric, scope), series in found.items():
        if scope == EVERYTHING and series.now is None:
            held = kept.on(today, metric)
            series.now = Line(promise(metric, held.norm), "", None, origin(metric, held) or "–", None)
    order = list(Metric)
    return sorted(found.values(), key=lambda one: (order.index(one.metric), one.scope != "alles", one.scope))


def _line(request: PageRequest, row: Target, until: date | None, siblings: int) -> Line:
    clock = request.state["clock"]
    said = moment_short(row.set_at.astimezone(clock.timezone))
    return Line(
        promised=promise(row.metric, Norm(row.level, row.threshold, row.variant)),
        since=date_day(row.valid_from),
        until=date_day(until) if until else None,
        by=f"{row.set_by}, {said}",
        id=row.id if keeping.is_open(row, siblings, clock) else None,
    )


routes = [
    Route(ADDRESS, targets),
    Route(ADDRESS, put, methods=["POST"]),
    Route(f"{ADDRESS}/{{id:int}}/intrekken", remove, methods=["POST"]),
]
