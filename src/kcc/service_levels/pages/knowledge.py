"""`/rapport/kennis`: is there an article for what people ask, and is it right; never who used how many."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.catalogue import topics
from kcc.catalogue.models import Topic
from kcc.contacts.log.figure_queries import first_began
from kcc.contacts.log.kinds import Channel
from kcc.contacts.log.labels import CHANNELS
from kcc.errors import DomainError
from kcc.service_levels import words
from kcc.service_levels.cases.questions import Asked as Behind
from kcc.service_levels.cases.questions import Counts
from kcc.service_levels.knowledge_definitions import FEWEST, KNOWLEDGE_VERSION, Linking
from kcc.service_levels.knowledge_measures import Measures, OfArticle, OfTopic, Period, measures
from kcc.service_levels.pages import period as days
from kcc.service_levels.pages.addresses import questions_of
from kcc.service_levels.pages.chosen import Filters, in_address
from kcc.service_levels.pages.knowledge_words import age, percent, summary
from kcc.service_levels.pages.listing import file, table_of
from kcc.service_levels.pages.report import PageRequest
from kcc.service_levels.periods import By, Start
from kcc.service_levels.state import LEADS
from kcc.web import forms
from kcc.web.fields import Day, FilterCode
from kcc.web.forms import Input
from kcc.web.requests import Wire, checked
from kcc.web.routing import Route
from kcc.web.sheets import Cell, Sheet
from kcc.web.templating import render

Addresses = Callable[[int, Counts | None], str | None]
ADDRESS = "/rapport/kennis"
MOST_ARTICLES, ALL_ARTICLES = 15, "alle"
COUNTED = (
    *("Vragen", "Met artikel", "Met artikel (%)", "Artikel was er al", "Artikel was er al (%)"),
    *("Artikel erna geschreven", "Zonder artikel", "Gezocht en teruggebeld"),
)
HEADS = {
    "onderwerpen": ("Onderwerp", "Groep", *COUNTED, "Nieuwe artikelen"),
    "perioden": ("Vanaf", *COUNTED),
    "artikelen": ("Artikel", "Vragen", "Opgelost", "Opgelost (%)", "Open meldingen"),
}
NOTE = (
    "Een vraag telt op de dag waarop haar contact begon, als zij een onderwerp en een resultaat heeft en niet is "
    f"verbroken. Van minder dan {FEWEST} is er geen percentage: leeg."
)


class KnowledgeFilters(Wire):
    """The fields of the form; one left empty is not given."""

    group: FilterCode = Field("", alias="groep")
    channel: Channel | Literal[""] = Field("", alias="kanaal")
    first: Day | None = Field(None, alias="van")
    last: Day | None = Field(None, alias="tot")
    by: Literal["day", "week", "month"] = Field("week", alias="per")


@serves(LEADS)
async def knowledge(request: PageRequest) -> Response:
    """How knowledge was used in a period, against as many days before."""
    clock = request.state["clock"]
    async with request.state["database"].reading() as session:
        known = await topics.topics_by_code(session)
        asked, filters = _choose(in_address(request), known, clock.today())
        found = await measures(session, asked, clock)
        before = await _before(session, request, asked)
    names = topics.told_apart(known, [row.topic for row in found.topics])
    everything = request.query_params.get("artikelen") == ALL_ARTICLES
    chosen = urlencode({name: value or "" for name, value in filters.values.items()})
    lasts = days.lasts([start for start, _ in found.rows], asked.last)

    def at(first: Start, last: date) -> Addresses:
        """Of all questions of some days; of a group of topics there is no list."""
        return (
            _nowhere if asked.topic or isinstance(first, datetime) else questions_of(Behind(first, last, asked.channel))
        )

    context: dict[str, Any] = {
        "filters": filters,
        "asked": asked,
        "chosen": chosen,
        "about": known[asked.topic].name if asked.topic else "alle onderwerpen",
        "channel": CHANNELS[asked.channel].lower() if asked.channel else "alle kanalen",
        "percent": percent(found.whole.percent_linked, found.whole.questions),
        "facts": _facts(found, at(asked.first, asked.last)),
        "summary": summary(found, before, names),
        "rows": [
            (days.interval(start, asked.by), _counts(figures, at(start, last)))
            for (start, figures), last in reversed(list(zip(found.rows, lasts, strict=True)))
            if isinstance(start, date) and figures.questions
        ],
        "interval": days.INTERVALS[asked.by],
        "topics": [_topic(row, names[row.topic], known, asked) for row in found.topics],
        "articles": [
            _article(row, asked) for row in (found.articles if everything else found.articles[:MOST_ARTICLES])
        ],
        "more": 0 if everything else max(0, len(found.articles) - MOST_ARTICLES),
        "flags": [_flag(flag.slug, found, seconds) for flag, seconds in found.flags.still_open],
        "fewest": FEWEST,
        "version": KNOWLEDGE_VERSION,
    }
    return render(request, "service_levels/knowledge.html", context, status=400 if filters.errors else 200)


async def _before(session: AsyncSession, request: PageRequest, asked: Period) -> Linking | None:
    """The questions of as many days just before; None when not all of those were logged."""
    clock, since = request.state["clock"], await first_began(session)
    first, last = days.before(asked.first, asked.last)
    if since is None or clock.local_date(since) > first:
        return None
    return (await measures(session, replace(asked, first=first, last=last, by=By.MONTH), clock)).whole


def _choose(sent: FormData, known: Mapping[str, Topic], today: date) -> tuple[Period, Filters]:
    """What the address asks for. Where that is wrong the usual is shown, and the form tells what is wrong."""
    groups = [(code, topic.name) for code, topic in known.items() if topic.parent is None]
    inputs = [
        Input("groep", "Onderwerpen", "choice", options=[("", "Alle onderwerpen"), *groups], required=True),
        Input(
            "kanaal",
            "Kanaal",
            "choice",
            options=[("", "Alle kanalen"), *((str(channel), name) for channel, name in CHANNELS.items())],
            required=True,
        ),
        *days.inputs(),
    ]
    asked, errors = Period(*days.usual(today), By.WEEK), dict[str, str]()
    try:
        asked = _read(checked(KnowledgeFilters, forms.body(inputs, sent)), {code for code, _ in groups}, today)
    except DomainError as error:
        errors = forms.errors_by_field(inputs, error)
    values = days.filled(forms.shown(inputs, sent), asked.first, asked.last, asked.by)
    return asked, Filters(inputs, values, errors)


def _read(filled: KnowledgeFilters, groups: set[str], today: date) -> Period:
    unknown = [days.wrong("groep", "deze groep is er niet; kies een andere")]
    first, last = days.days(
        filled.first, filled.last, today, unknown if filled.group and filled.group not in groups else []
    )
    return Period(first, last, By(filled.by), Channel(filled.channel) if filled.channel else None, filled.group or None)


def _nowhere(_number: int, _counts: Counts | None) -> None:
    return None


def _facts(found: Measures, at: Addresses) -> list[tuple[str, str, str | None]]:
    whole, flags = found.whole, found.flags
    return [
        ("Vragen die meetellen", words.whole(whole.questions), at(whole.questions, Counts.ENDED)),
        ("Met een artikel dat er al was", words.whole(whole.reused), at(whole.reused, Counts.REUSED)),
        ("Met een artikel dat erna is geschreven", words.whole(whole.new), at(whole.new, Counts.NEW)),
        ("Zonder artikel", words.whole(whole.none), at(whole.none, Counts.UNLINKED)),
        (
            "Gezocht, zonder artikel teruggebeld",
            words.whole(whole.called_back),
            at(whole.called_back, Counts.CALLED_BACK),
        ),
        ("Meldingen die openstaan", words.whole(len(flags.still_open)), None),
        ("Melding verwerkt na", words.NO_DATA if flags.median_seconds is None else age(flags.median_seconds), None),
    ]


def _counts(figures: Linking, at: Addresses) -> dict[str, tuple[str, str | None]]:
    """A figure is (text, address of the questions that it was counted from); a percentage has those it is a part of."""
    every = at(figures.questions, Counts.ENDED)
    return {
        "questions": (words.whole(figures.questions), every),
        "percent": (percent(figures.percent_linked, figures.questions), every),
        "reused": (words.whole(figures.reused), at(figures.reused, Counts.REUSED)),
        "new": (words.whole(figures.new), at(figures.new, Counts.NEW)),
        "none": (words.whole(figures.none), at(figures.none, Counts.UNLINKED)),
        "called_back": (words.whole(figures.called_back), at(figures.called_back, Counts.CALLED_BACK)),
    }


def _topic(row: OfTopic, name: str, known: Mapping[str, Topic], asked: Period) -> dict[str, Any]:
    query = {"onderwerp": row.topic, "van": asked.first.isoformat(), "tot": asked.last.isoformat()}
    if asked.channel:
        query["kanaal"] = asked.channel
    return {
        "name": name,
        "group": known[row.group].name if row.group else "–",
        "contacts": f"/werk/contacten?{urlencode(query)}",
        "published": words.whole(row.published),
        **_counts(row.figures, questions_of(Behind(asked.first, asked.last, asked.channel, row.topic))),
    }


def _article(row: OfArticle, asked: Period) -> dict[str, Any]:
    """Of an article that is gone there is no list, nor of the questions about a group of topics."""
    at: Addresses = _nowhere
    if row.topic and not asked.topic:
        at = questions_of(Behind(asked.first, asked.last, asked.channel, article=row.slug))
    every = at(row.figures.questions, Counts.ENDED)
    return {
        "slug": row.slug if row.topic else "",
        "title": row.title,
        "questions": (words.whole(row.figures.questions), every),
        "resolved": (words.whole(row.figures.resolved), at(row.figures.resolved, Counts.ENDED_RESOLVED)),
        "percent": (percent(row.figures.percent, row.figures.questions), every),
        "flags": words.whole(row.flags),
    }


def _flag(slug: str, found: Measures, seconds: float) -> tuple[str, str, str]:
    return slug, next(row.title for row in found.articles if row.slug == slug), age(seconds)


@serves(LEADS)
async def knowledge_table(request: PageRequest) -> Response:
    """One of the tables of the page, to download. Raises InvalidInput for what cannot be chosen."""
    clock, table = request.state["clock"], table_of(request, HEADS)
    async with request.state["database"].reading() as session:
        known = await topics.topics_by_code(session)
        asked, filters = _choose(in_address(request), known, clock.today())
        found = await measures(session, asked, clock)
    group = known[asked.topic].name if asked.topic else "alle"
    channel = CHANNELS[asked.channel] if asked.channel else "alle"
    sheet = Sheet(
        name=f"kennis-{table}-{asked.first}-{asked.last}",
        heads=HEADS[table],
        rows=_cells(table, found, known),
        notes=[NOTE, f"Onderwerpen: {group}. Kanaal: {channel}. Definitie: versie {KNOWLEDGE_VERSION}."],
        zone=clock.timezone,
    )
    return file(request, sheet, filters)


def _cells(table: str, found: Measures, known: Mapping[str, Topic]) -> list[tuple[Cell, ...]]:
    if table == "perioden":
        return [(start, *_numbers(figures)) for start, figures in found.rows]
    if table == "artikelen":
        return [
            (row.title, row.figures.questions, row.figures.resolved, row.figures.percent, row.flags)
            for row in found.articles
        ]
    return [
        (row.name, known[row.group].name if row.group else None, *_numbers(row.figures), row.published)
        for row in found.topics
    ]


def _numbers(figures: Linking) -> tuple[Cell, ...]:
    linked = (figures.questions, figures.linked, figures.percent_linked)
    return (*linked, figures.reused, figures.percent_reused, figures.new, figures.none, figures.called_back)


routes = [
    Route(ADDRESS, knowledge),
    Route(f"{ADDRESS}.csv", knowledge_table),
    Route(f"{ADDRESS}.xlsx", knowledge_table),
]
