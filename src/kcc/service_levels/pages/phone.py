"""`/rapport/telefoon`: are calls answered in time, is that getting better, and where in the week is it lost."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Literal, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.errors import DomainError, InvalidInput
from kcc.service_levels import words
from kcc.service_levels.cases.calls import SIDES, Ended
from kcc.service_levels.cases.calls import Asked as Behind
from kcc.service_levels.definitions import SERVICE_LEVEL_VERSION
from kcc.service_levels.pages import period
from kcc.service_levels.pages.addresses import calls_of
from kcc.service_levels.pages.chosen import Filters, in_address
from kcc.service_levels.pages.promises import promise
from kcc.service_levels.pages.report import PageRequest
from kcc.service_levels.pages.week import told, week
from kcc.service_levels.periods import By
from kcc.service_levels.phone.levels import Asked, Level, levels, together
from kcc.service_levels.phone.pattern import Stretch, grid, stretches
from kcc.service_levels.phone.queries import first_day, known_queues
from kcc.service_levels.state import LEADS
from kcc.service_levels.targets.history import Metric, Targets
from kcc.service_levels.targets.judging import Judged, day_judged, judged, scopes_of
from kcc.service_levels.targets.reading import targets
from kcc.service_levels.targets.wording import VARIANTS, changed, short, within
from kcc.service_levels.targets.wording import promise as worded
from kcc.web import forms
from kcc.web.fields import Day
from kcc.web.forms import Input
from kcc.web.requests import Wire, checked
from kcc.web.routing import Route
from kcc.web.sheets import Cell, Format, Sheet, download
from kcc.web.templating import render

ADDRESS, METRIC = "/rapport/telefoon", Metric.SERVICE_LEVEL
MOST_TOLD = 3
HEADS = (
    *("Vanaf", "Op tijd (%)", "Norm (%)", "Norm (seconden)", "Aangeboden", "Opgenomen", "Binnen de norm opgenomen"),
    *("Opgehangen", "Waarvan binnen 5 seconden", "Weggestuurd", "Einde onbekend", "Doorverbonden"),
    *("Gemiddeld gewacht (seconden)", "Gemiddelde duur (seconden)"),
)
NOTE = "Een gesprek telt in het kwartier waarin de beller in de wachtrij kwam. Leeg: geen gegevens."


class PhoneFilters(Wire):
    """The fields of the form; one left empty is not given."""

    queue: str = Field("", alias="wachtrij", max_length=80)
    first: Day | None = Field(None, alias="van")
    last: Day | None = Field(None, alias="tot")
    by: Literal["day", "week", "month"] = Field("day", alias="per")


@serves(LEADS)
async def phone(request: PageRequest) -> Response:
    """The calls of a period against the target."""
    state, today = request.state, request.state["clock"].today()
    settings, zone = state["settings"], state["clock"].timezone
    async with state["database"].reading() as session:
        kept = await targets(session, settings)
        asked, filters = _choose(in_address(request), await known_queues(session), today)
        found = await figures(session, asked, kept, today, zone)
    context: dict[str, Any] = {
        "filters": filters,
        "asked": asked,
        "chosen": urlencode({name: filters.values[name] or "" for name in ("wachtrij", "van", "tot", "per")}),
        "who": asked.queues[0] if asked.queues else "alle wachtrijen",
        **found,
    }
    return render(request, "service_levels/phone.html", context, status=400 if filters.errors else 200)


async def figures(session: AsyncSession, asked: Asked, kept: Targets, today: date, zone: ZoneInfo) -> dict[str, Any]:
    """What the page says of the calls that were asked for, in words. Raises InvalidInput for an unknown queue."""
    rows, end = await judged(session, asked, kept, today, zone)
    whole, norm = end.level, end.norm
    at_end = replace(asked, rules=whole.rules)
    earlier = _before(at_end)
    since = await first_day(session)
    comparable = since is not None and since <= earlier.first
    before = together(await levels(session, earlier, zone)).percent if comparable else None
    quarters = await levels(session, replace(at_end, by=By.QUARTER), zone)
    target = norm.level or 0.0
    cells = grid(((cast(datetime, row.start), row.sides[1], row.sides[0]) for row in quarters), zone)
    parts = kept.during(asked.first, day_judged(asked.first, asked.last, today), METRIC, scopes_of(asked))
    behind = Behind(asked.first, asked.last, asked.queues[0] if asked.queues else None, threshold=whole.rules.threshold)
    lasts = period.lasts([row.level.start for row in rows], asked.last)
    return {
        "promise": promise(whole.percent, target),
        "facts": _facts(whole, behind),
        "summary": _summary(whole, before, stretches(cells, target), target),
        "week": week(cells, target),
        "calls_at": lambda weekday, quarter: calls_of(replace(behind, weekday=weekday, quarter=quarter))(
            cells[weekday, quarter].offered, SIDES[whole.rules.variant][1]
        ),
        "rows": [
            (period.interval(row.level.start, asked.by), _shown(row, replace(behind, first=row.level.start, last=last)))
            for row, last in reversed(list(zip(rows, lasts, strict=True)))
            if row.level.offered or row.level.sent_away
        ],
        "interval": period.INTERVALS[asked.by],
        "within": within(whole.rules.threshold),
        "of_which": VARIANTS[whole.rules.variant],
        "norm": worded(METRIC, norm),
        "changed": changed(METRIC, parts),
        "variant": whole.rules.variant,
        "version": SERVICE_LEVEL_VERSION,
    }


def _before(asked: Asked) -> Asked:
    first, last = period.before(asked.first, asked.last)
    return replace(asked, first=first, last=last)


def _choose(sent: FormData, queues: Sequence[str], today: date) -> tuple[Asked, Filters]:
    """What the address asks for. Where that is wrong the usual is shown, and the form tells what is wrong."""
    inputs = [
        Input(
            "wachtrij",
            "Wachtrij",
            "choice",
            options=[("", "Alle wachtrijen"), *((queue, queue) for queue in queues)],
            required=True,
        ),
        *period.inputs(),
    ]
    asked = Asked(*period.usual(today))
    errors: dict[str, str] = {}
    try:
        asked = _read(checked(PhoneFilters, forms.body(inputs, sent)), queues, today)
    except DomainError as error:
        errors = forms.errors_by_field(inputs, error)
    values = period.filled(forms.shown(inputs, sent), asked.first, asked.last, asked.by)
    return asked, Filters(inputs, values, errors)


def _read(filled: PhoneFilters, queues: Sequence[str], today: date) -> Asked:
    unknown = [period.wrong("wachtrij", "deze wachtrij is er niet; kies een andere")]
    others = unknown if filled.queue and filled.queue not in queues else []
    first, last = period.days(filled.first, filled.last, today, others)
    return Asked(first, last, By(filled.by), (filled.queue,) if filled.queue else ())


def _summary(whole: Level, before: float | None, worst: Sequence[Stretch], target: float) -> list[str]:
    """What the page says, in a few sentences; `before` is the percentage of as many days just before."""
    if whole.percent is None:
        return []
    in_time = f"binnen {within(whole.rules.threshold)} opgenomen"
    calls, apart = words.people(whole.sides[1], "gesprek", "gesprekken"), words.distance(whole.percent, target).lower()
    said = [f"Van {calls} is {words.percent(whole.percent, target)} {in_time}: {apart}."]
    if before is not None:
        said.append(period.compared(whole.percent - before))
    for number, stretch in enumerate(worst[:MOST_TOLD]):
        share = words.percent(stretch.percent, target, 0)
        gone = "gaat het het meest mis" if number == 0 and len(worst) > 1 else "gaat het mis" if number == 0 else "ook"
        said.append(
            f"Op {told(stretch)} {gone}: {share} op tijd, van {words.people(stretch.offered, 'gesprek', 'gesprekken')}."
        )
    if not worst:
        said.append(
            "Geen deel van de week blijft duidelijk onder de norm."
            if whole.percent >= target
            else "Geen deel van de week springt eruit."
        )
    return said


def _facts(level: Level, behind: Behind) -> list[tuple[str, str, str | None]]:
    at = _addresses(level, behind)
    met, of = level.sides
    gone = f"{words.whole(level.abandoned)} ({words.percent(level.percent_abandoned)})"
    return [
        ("Op tijd", f"{words.whole(met)} van {words.whole(of)}", at(met, SIDES[level.rules.variant][0])),
        ("Aangeboden", words.whole(level.offered), at(level.offered, Ended.OFFERED)),
        ("Opgenomen", words.whole(level.answered), at(level.answered, Ended.ANSWERED)),
        ("Opgehangen voor het opnemen", gone, at(level.abandoned, Ended.ABANDONED)),
        ("Waarvan binnen 5 seconden", words.whole(level.short_abandoned), at(level.short_abandoned, Ended.SHORT)),
        ("Weggestuurd door de centrale", words.whole(level.sent_away), at(level.sent_away, Ended.SENT_AWAY)),
        ("Einde onbekend", words.whole(level.unknown), at(level.unknown, Ended.UNKNOWN)),
        ("Gemiddeld gewacht", words.span(level.average_speed), at(level.answered, Ended.ANSWERED)),
        ("Gemiddelde duur", words.span(level.average_handling), at(level.answered, Ended.ANSWERED)),
        ("Doorverbonden", words.percent(level.percent_transferred), at(level.transferred, Ended.TRANSFERRED)),
    ]


def _addresses(level: Level, behind: Behind) -> Callable[[int, Ended], str | None]:
    return calls_of(replace(behind, threshold=level.rules.threshold, short=level.rules.short))


def _shown(row: Judged, behind: Behind) -> dict[str, Any]:
    """A figure is (text, address of the calls that it was counted from); a percentage has those it is a part of."""
    level, at = row.level, _addresses(row.level, behind)
    of = at(level.sides[1], SIDES[level.rules.variant][1])
    answered = at(level.answered, Ended.ANSWERED)
    return {
        "percent": (words.percent(level.percent, row.norm.level), of),
        "kept": row.kept,
        "norm": short(row.norm),
        "offered": (words.whole(level.offered), at(level.offered, Ended.OFFERED)),
        "answered": (words.whole(level.answered), answered),
        "within": (words.whole(level.answered_within), at(level.answered_within, Ended.IN_TIME)),
        "abandoned": (words.whole(level.abandoned), at(level.abandoned, Ended.ABANDONED)),
        "sent_away": (words.whole(level.sent_away), at(level.sent_away, Ended.SENT_AWAY)),
        "speed": ("–" if level.average_speed is None else words.span(level.average_speed), answered),
        "handling": ("–" if level.average_handling is None else words.span(level.average_handling), answered),
    }


@serves(LEADS)
async def phone_table(request: PageRequest) -> Response:
    """The intervals of the page, to download. Raises InvalidInput for a period or queue that cannot be."""
    state, today, zone = request.state, request.state["clock"].today(), request.state["clock"].timezone
    async with state["database"].reading() as session:
        kept = await targets(session, state["settings"])
        asked, filters = _choose(in_address(request), await known_queues(session), today)
        if filters.errors:
            raise InvalidInput("; ".join(f"{name}: {detail}" for name, detail in filters.errors.items()))
        rows, _ = await judged(session, asked, kept, today, zone)
    sheet = Sheet(
        name=f"telefoon-{asked.first}-{asked.last}",
        heads=HEADS,
        rows=[_cells(row) for row in rows],
        notes=[
            NOTE,
            f"Wachtrij: {asked.queues[0] if asked.queues else 'alle'}. Definitie: versie {SERVICE_LEVEL_VERSION}.",
        ],
        zone=zone,
    )
    return download(sheet, Format(request.url.path.rpartition(".")[2]))


def _cells(row: Judged) -> tuple[Cell, ...]:
    level, norm = row.level, row.norm
    counts = (level.offered, level.answered, level.answered_within, level.abandoned, level.short_abandoned)
    apart = (level.sent_away, level.unknown, level.transferred)
    means = (level.average_speed, level.average_handling)
    return (level.start, level.percent, norm.level, level.rules.threshold, *counts, *apart, *means)


routes = [
    Route(ADDRESS, phone),
    Route(f"{ADDRESS}.csv", phone_table),
    Route(f"{ADDRESS}.xlsx", phone_table),
]
