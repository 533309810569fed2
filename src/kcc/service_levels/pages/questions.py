"""`/rapport/vragen`: what people ask about most, by whom and when, and what helped them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import Field
from starlette.datastructures import FormData
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.catalogue import topics
from kcc.catalogue.models import Topic
from kcc.contacts.log.kinds import RequesterKind
from kcc.contacts.log.labels import REQUESTERS
from kcc.errors import DomainError, FieldError, InvalidInput
from kcc.service_levels import words
from kcc.service_levels.cases.questions import Asked, Counts
from kcc.service_levels.frequent_problems import Period, Problem, Problems, article_titles, problems
from kcc.service_levels.pages.addresses import questions_of
from kcc.service_levels.pages.chosen import MOST_DAYS, TOO_FAR, USUAL_DAYS, Filters, in_address
from kcc.service_levels.pages.listing import file, table_of
from kcc.service_levels.pages.pareto_chart import Chart, chart
from kcc.service_levels.pages.period import lasts
from kcc.service_levels.pages.report import PageRequest
from kcc.service_levels.periods import EARLIEST, LATEST, By
from kcc.service_levels.state import LEADS
from kcc.web import forms
from kcc.web.dates import date_day, date_long, date_short, month_name
from kcc.web.fields import Day
from kcc.web.forms import Input
from kcc.web.requests import Wire, checked
from kcc.web.routing import Route
from kcc.web.sheets import Cell, Format, Sheet
from kcc.web.templating import render

ADDRESS = "/rapport/vragen"
FEW = 80.0
WIDE, NARROW = 720, 300
INTERVALS = {By.DAY: "dag", By.WEEK: "week", By.MONTH: "maand"}
MOST_TOLD = 5
MOST_ARTICLES = 10
ALL_ARTICLES = "alle"
HEADS: Mapping[str, Sequence[str]] = {
    "onderwerpen": (
        *("Onderwerp", "Groep", "Vragen", "Aandeel (%)", "Opgeteld (%)", "Periode ervoor", "Stijgt"),
        *REQUESTERS.values(),
        *("Opgelost", "Opgelost (%)"),
    ),
    "artikelen": ("Onderwerp", "Artikel", "Vragen", "Opgelost"),
}
NOTE = (
    "Een vraag telt op de dag waarop het contact begon, op alle kanalen. De laatste kolommen tellen de vragen vanaf "
    "die dag. Leeg: geen gegevens."
)


class QuestionFilters(Wire):
    """The fields of the form; one left empty is not given."""

    requester: RequesterKind | Literal[""] = Field("", alias="vrager")
    first: Day | None = Field(None, alias="van")
    last: Day | None = Field(None, alias="tot")
    by: Literal["day", "week", "month"] = Field("week", alias="per")


@serves(LEADS)
async def questions(request: PageRequest) -> Response:
    """The topics of a period, the most frequent first."""
    today = request.state["clock"].today()
    period, filters = _choose(in_address(request), today)
    async with request.state["database"].reading() as session:
        found = await problems(session, period, request.state["clock"])
        titles = await article_titles(session, found)
        known = await topics.topics_by_code(session)
    everything = request.query_params.get("artikelen") == ALL_ARTICLES
    most = None if everything else _used_most(found)
    names = topics.told_apart(known, [row.ranked.topic for row in found.rows])
    drawn = [
        (
            names[row.ranked.topic],
            f"{words.whole(row.ranked.questions)} ({words.percent(row.ranked.percent)})",
            *_shares(row),
        )
        for row in found.rows
    ]
    charts: list[tuple[str, Chart]] = [("wide", chart(drawn, WIDE)), ("narrow", chart(drawn, NARROW))]
    context: dict[str, Any] = {
        "filters": filters,
        "chosen": urlencode({name: value for name, value in filters.values.items() if value}),
        "first": period.first,
        "last": period.last,
        "who": REQUESTERS[period.requester].lower() if period.requester else "iedereen",
        "summary": _summary(found, period, names),
        "charts": charts,
        "rows": [_row(row, names[row.ranked.topic], known, titles, period, most) for row in found.rows],
        "comparable": found.comparable,
        "all_articles": None if most is None or len(most) == _uses(found) else _with_all_articles(filters),
        "interval": INTERVALS[period.by],
        "starts": [_start(start, period.by) for start, _ in found.rows[0].times] if found.rows else [],
        "without_topic": found.without_topic,
    }
    return render(request, "service_levels/questions.html", context, status=400 if filters.errors else 200)


def _shares(row: Problem) -> tuple[float, float]:
    return row.ranked.percent, row.ranked.cumulative_percent


def _choose(sent: FormData, today: date) -> tuple[Period, Filters]:
    """What the address asks for. Where that is wrong the usual is shown, and the form tells what is wrong."""
    inputs = [
        Input(
            "vrager",
            "Wie vroeg het",
            "choice",
            options=[("", "Iedereen"), *((str(kind), label) for kind, label in REQUESTERS.items())],
            required=True,
        ),
        Input("van", "Van", "date", required=True),
        Input("tot", "Tot en met", "date", required=True),
        Input("per", "Per", "choice", options=[(str(by), name) for by, name in INTERVALS.items()], required=True),
    ]
    period, errors = Period(today - timedelta(days=USUAL_DAYS - 1), today), dict[str, str]()
    try:
        period = _read(checked(QuestionFilters, forms.body(inputs, sent)), today)
    except DomainError as error:
        errors = forms.errors_by_field(inputs, error)
    values = forms.shown(inputs, sent)
    values["van"] = values["van"] or period.first.isoformat()
    values["tot"] = values["tot"] or period.last.isoformat()
    values["per"] = values["per"] or str(period.by)
    return period, Filters(inputs, values, errors)


def _read(asked: QuestionFilters, today: date) -> Period:
    wrong = [
        _wrong(name, TOO_FAR)
        for name, day in (("van", asked.first), ("tot", asked.last))
        if day is not None and not EARLIEST <= day <= LATEST
    ]
    if wrong:
        raise InvalidInput("Deze keuze kan niet", wrong)
    last = asked.last or today
    first = asked.first or last - timedelta(days=USUAL_DAYS - 1)
    if last < first:
        raise InvalidInput(
            "Deze periode kan niet", [_wrong("tot", "deze dag ligt voor de eerste dag; kies een latere")]
        )
    if (last - first).days >= MOST_DAYS:
        raise InvalidInput("Deze periode kan niet", [_wrong("tot", f"kies ten hoogste {MOST_DAYS} dagen tegelijk")])
    return Period(first, last, By(asked.by), RequesterKind(asked.requester) if asked.requester else None)


def _wrong(name: str, detail: str) -> FieldError:
    return FieldError("body", f"/{name}", "impossible", detail)


def _summary(found: Problems, period: Period, names: Mapping[str, str]) -> list[str]:
    """What the chart and table say, in a few sentences."""
    if not found.rows:
        return []
    most = found.rows[0]
    days = f"Van {date_long(period.first)} tot en met {date_long(period.last)}"
    asked = words.people(found.questions, "vraag", "vragen")
    said = [
        f"{days} telden we {asked} met een onderwerp.",
        f"Het meest gevraagd is {names[most.ranked.topic]}: {words.people(most.ranked.questions, 'keer', 'keer')}.",
    ]
    few = 1 + sum(row.ranked.cumulative_percent < FEW for row in found.rows)
    if 1 < few < len(found.rows):
        share = words.percent(found.rows[few - 1].ranked.cumulative_percent)
        said.append(f"De {few} onderwerpen bovenaan zijn samen {share} van alle vragen.")
    if not found.comparable and found.since:
        return [
            *said,
            f"Geen vergelijking met de periode ervoor: voor {date_day(found.since)} is er niets gelogd.",
        ]
    rising = [row for row in found.rows if row.ranked.rising]
    told = ", ".join(
        f"{names[row.ranked.topic]} (van {row.ranked.before} naar {row.ranked.questions})" for row in rising[:MOST_TOLD]
    )
    more = f" en nog {len(rising) - MOST_TOLD}" if len(rising) > MOST_TOLD else ""
    said.append(
        f"Duidelijk vaker dan in de periode ervoor: {told}{more}."
        if rising
        else "Geen onderwerp wordt duidelijk vaker gevraagd dan in de periode ervoor."
    )
    return said


def _start(start: date, by: By) -> str:
    return month_name(start) if by is By.MONTH else date_short(start)


def _uses(found: Problems) -> int:
    return sum(len(row.articles) for row in found.rows)


def _used_most(found: Problems) -> set[tuple[str, str]]:
    """(topic, slug) of the articles that were used most, each for one topic."""
    uses = [(-use.questions, row.ranked.topic, use.slug) for row in found.rows for use in row.articles]
    return {(topic, slug) for _, topic, slug in sorted(uses)[:MOST_ARTICLES]}


def _with_all_articles(filters: Filters) -> str:
    return f"{ADDRESS}?{urlencode({**filters.values, 'artikelen': ALL_ARTICLES})}#h-onderwerpen"


def _row(
    row: Problem,
    name: str,
    known: Mapping[str, Topic],
    titles: Mapping[str, str],
    period: Period,
    most: set[tuple[str, str]] | None,
) -> dict[str, Any]:
    one = row.ranked
    shown = [use for use in row.articles if most is None or (one.topic, use.slug) in most]
    left_out = len(row.articles) - len(shown)
    at = questions_of(Asked(period.first, period.last, None, one.topic, period.requester))
    articles: Sequence[tuple[str, str, str]] = [
        (
            use.slug if use.slug in titles else "",
            titles.get(use.slug, use.slug),
            f"{use.questions} keer, {use.resolved} opgelost",
        )
        for use in shown
    ]
    group = known.get(row.group or "")
    return {
        "name": name,
        "group": group.name if group else "–",
        "list": at(one.questions, None),
        "questions": (words.whole(one.questions), at(one.questions, None)),
        "percent": words.percent(one.percent),
        "cumulative": words.percent(one.cumulative_percent),
        "before": words.whole(one.before),
        "rising": one.rising,
        "requesters": [
            (REQUESTERS[kind], words.whole(number), _by(kind, one.topic, period)(number, None))
            for kind, number in row.requesters.items()
        ],
        "resolved": (words.percent(row.percent_resolved), at(row.percent_resolved is not None, Counts.ENDED)),
        "articles": articles,
        "left_out": _left_out(left_out, others=bool(shown)),
        "times": [
            (words.whole(number), questions_of(Asked(start, last, None, one.topic, period.requester))(number, None))
            for (start, number), last in zip(
                row.times, lasts([start for start, _ in row.times], period.last), strict=True
            )
        ],
    }


def _by(kind: RequesterKind, topic: str, period: Period) -> Callable[[int, Counts | None], str | None]:
    return questions_of(Asked(period.first, period.last, None, topic, kind))


def _left_out(number: int, *, others: bool) -> str:
    """Of articles that are not named: `en 2 andere artikelen`, or `2 artikelen` when none is."""
    if not number:
        return ""
    if others:
        return f"en {number} {'ander artikel' if number == 1 else 'andere artikelen'}"
    return words.people(number, "artikel", "artikelen")


@serves(LEADS)
async def question_table(request: PageRequest) -> Response:
    """The topics of the period, or the articles that were opened for them, to download. Raises InvalidInput."""
    clock, table = request.state["clock"], table_of(request, HEADS)
    period, filters = _choose(in_address(request), clock.today())
    async with request.state["database"].reading() as session:
        found = await problems(session, period, clock)
        titles = await article_titles(session, found)
        known = await topics.topics_by_code(session)
    names = topics.told_apart(known, [row.ranked.topic for row in found.rows])
    starts = [start.isoformat() for start, _ in found.rows[0].times] if found.rows else []
    cells: Sequence[Sequence[Cell]]
    if table == "artikelen":
        cells = [
            (names[row.ranked.topic], titles.get(use.slug, use.slug), use.questions, use.resolved)
            for row in found.rows
            for use in row.articles
        ]
    else:
        cells = [_cells(row, names[row.ranked.topic], known, comparable=found.comparable) for row in found.rows]
    who = REQUESTERS[period.requester].lower() if period.requester else "iedereen"
    sheet = Sheet(
        name=f"vragen-{table}-{period.first}-{period.last}",
        heads=[*HEADS[table], *(starts if table == "onderwerpen" else [])],
        rows=cells,
        notes=[f"{NOTE} Wie vroeg het: {who}. Zonder onderwerp: {found.without_topic}."],
        zone=clock.timezone,
    )
    return file(request, sheet, filters)


def _cells(row: Problem, name: str, known: Mapping[str, Topic], *, comparable: bool) -> Sequence[Cell]:
    one, group = row.ranked, known.get(row.group or "")
    return (
        *(name, group.name if group else None, one.questions, one.percent, one.cumulative_percent),
        *(one.before if comparable else None, "ja" if one.rising else "nee"),
        *(row.requesters.get(kind, 0) for kind in REQUESTERS),
        *(row.resolved, row.percent_resolved),
        *(number for _, number in row.times),
    )


routes = [Route(ADDRESS, questions), *(Route(f"{ADDRESS}.{how}", question_table) for how in Format)]
