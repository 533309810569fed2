"""`/rapport/vragen/lijst`: the questions that a figure of first contact, or of what is asked most, was counted from."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from pydantic import Field
from starlette.datastructures import FormData
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.catalogue import topics
from kcc.catalogue.models import Topic
from kcc.catalogue.topics import path_of
from kcc.contacts.log.kinds import Channel, RequesterKind
from kcc.contacts.log.labels import CHANNELS, OUTCOMES, REQUESTERS
from kcc.service_levels.cases.questions import Asked, Case, Counts, article_titles, questions
from kcc.service_levels.pages import listing, period
from kcc.service_levels.pages.addresses import QUESTIONS
from kcc.service_levels.pages.chosen import Filters, in_address
from kcc.service_levels.pages.listing import Listing
from kcc.service_levels.pages.report import PageRequest
from kcc.service_levels.state import LEADS
from kcc.web.dates import date_long
from kcc.web.fields import Day, FilterCode
from kcc.web.forms import Input
from kcc.web.requests import Wire, checked
from kcc.web.sheets import Cell, Sheet

COUNTS: Mapping[Counts, str] = {
    Counts.ELIGIBLE: "Telt mee voor eerste contact",
    Counts.RESOLVED: "In het eerste contact afgehandeld",
    Counts.ALL_ELIGIBLE: "Telt mee, met alle groepen",
    Counts.ALL_RESOLVED: "Afgehandeld, met alle groepen",
    Counts.KNOWN: "Bekend wie het vroeg",
    Counts.FOLLOWED: "Bekend, en lang genoeg geleden",
    Counts.STAYED: "Vroeg niet opnieuw",
    Counts.AGAIN: "Vroeg opnieuw",
    Counts.DEPARTMENT_CALLED: "Vakafdeling gebeld",
    Counts.DEPARTMENT_REACHED: "Vakafdeling bereikt",
    Counts.ENDED: "Met een resultaat, niet verbroken",
    Counts.ENDED_RESOLVED: "Met een resultaat, opgelost",
    Counts.LINKED: "Met een artikel",
    Counts.REUSED: "Met een artikel dat er al was",
    Counts.NEW: "Met een artikel dat erna is geschreven",
    Counts.UNLINKED: "Zonder artikel",
    Counts.CALLED_BACK: "Gezocht, zonder artikel teruggebeld",
}
HEADS = (
    *("Begin", "Kanaal", "Onderwerp", "Uitkomst", "Vakafdeling", "Wie vroeg het"),
    *("Artikelen", "Telt mee", "In één keer", "Opnieuw", "Contact"),
)


class QuestionListFilters(Wire):
    """The fields of the form; one left empty is not given."""

    first: Day | None = Field(None, alias="van")
    last: Day | None = Field(None, alias="tot")
    channel: Channel | Literal[""] = Field("", alias="kanaal")
    topic: FilterCode = Field("", alias="onderwerp")
    requester: RequesterKind | Literal[""] = Field("", alias="vrager")
    counts: Counts | Literal[""] = Field("", alias="telt")
    department: FilterCode = Field("", alias="afdeling")
    article: FilterCode = Field("", alias="artikel")


class Known(NamedTuple):
    """What can be chosen, by code; articles by slug."""

    topics: Mapping[str, Topic]
    departments: Mapping[str, str]
    articles: Mapping[str, str]


@serves(LEADS)
async def question_list(request: PageRequest) -> Response:
    """The questions, the newest first. Raises InvalidInput for a file of what cannot be chosen."""
    clock, days = request.state["clock"], request.state["settings"].repeat_days
    async with request.state["database"].reading() as session:
        known = await topics.topics_by_code(session)
        names, titles = await topics.department_names(session), await article_titles(session)
        asked, filters = _choose(in_address(request), Known(known, names, titles), clock.today())
        found = await questions(session, asked, clock, days)
    limit, offset = listing.window(request)
    rows = [_row(case, known, names) for case in found[offset : offset + limit]]
    notes = [
        f"Kanaal: {CHANNELS[asked.channel].lower() if asked.channel else 'alle'}. "
        f"Vakafdeling: {names[asked.department] if asked.department else 'alle'}. "
        f"Artikel: {titles[asked.article] if asked.article else 'alle'}. "
        f"Welke vragen: {COUNTS[asked.counts].lower() if asked.counts else 'alle'}.",
        "Een vraag telt op de dag waarop het contact begon. Opnieuw: of dezelfde vrager binnen "
        f"{days} dagen weer over hetzelfde onderwerp contact zocht; dat is alleen bekend van wie bekend was.",
        *listing.cut_off(len(found)),
    ]
    shown = Listing(
        address=QUESTIONS,
        title="Vragen",
        period=f"{date_long(asked.first)} tot en met {date_long(asked.last)}",
        noun=("vraag", "vragen"),
        back=("/rapport/eerste-contact", "Naar het eerste contact"),
        filters=filters,
        sheet=Sheet(f"vragen-{asked.first}-{asked.last}", HEADS, rows, notes, clock.timezone),
        total=len(found),
        contacts=len(HEADS) - 1,
    )
    return listing.answer(request, shown)


def _row(case: Case, known: Mapping[str, Topic], names: Mapping[str, str]) -> tuple[Cell, ...]:
    row = case.row
    topic = " – ".join(path_of(known, case.topic)) if case.topic else "Zonder onderwerp"
    outcome = OUTCOMES[row.outcome] if row.outcome else "Nog open"
    department = names.get(row.department, row.department) if row.department else None
    if department and row.reached is not None:
        department += " (nam op)" if row.reached else " (nam niet op)"
    counting = "ja" if case.counting else "nee, uitgezonderde groep" if case.eligible else "nee"
    once = ("ja" if case.resolved else "nee") if case.eligible else None
    again = ("nee" if case.seen.resolved else "ja") if case.seen.followed and case.eligible else None
    return (
        row.at,
        CHANNELS[row.channel],
        topic,
        outcome,
        department,
        REQUESTERS[row.requester],
        len(case.articles),
        counting,
        once,
        again,
        row.contact,
    )


def _choose(sent: FormData, known: Known, today: date) -> tuple[Asked, Filters]:
    """What the address asks for. Where that is wrong the usual is shown, and the form tells what is wrong."""
    about = [(code, topic.name if topic.parent is None else f"– {topic.name}") for code, topic in known.topics.items()]
    choices = (
        ("kanaal", "Kanaal", "Alle kanalen", [(str(kind), label) for kind, label in CHANNELS.items()]),
        ("onderwerp", "Onderwerp", "Alle onderwerpen", about),
        ("vrager", "Wie vroeg het", "Iedereen", [(str(kind), label) for kind, label in REQUESTERS.items()]),
        ("afdeling", "Vakafdeling", "Alle vakafdelingen", list(known.departments.items())),
        ("artikel", "Artikel", "Alle artikelen", list(known.articles.items())),
        ("telt", "Welke vragen", "Alle", [(str(counts), label) for counts, label in COUNTS.items()]),
    )
    inputs = [
        Input("van", "Van", "date", required=True),
        Input("tot", "Tot en met", "date", required=True),
        *(
            Input(name, label, "choice", options=[("", every), *options], required=True)
            for name, label, every, options in choices
        ),
    ]
    usual = Asked(*period.usual(today))
    return listing.choose(inputs, sent, usual, lambda body: _read(checked(QuestionListFilters, body), known, today))


def _read(filled: QuestionListFilters, known: Known, today: date) -> Asked:
    gone = [
        period.wrong(name, what)
        for name, code, codes, what in (
            ("onderwerp", filled.topic, known.topics, "dit onderwerp is er niet (meer); kies een ander"),
            ("afdeling", filled.department, known.departments, "deze afdeling is er niet (meer); kies een andere"),
            ("artikel", filled.article, known.articles, "dit artikel is er niet (meer); kies een ander"),
        )
        if code and code not in codes
    ]
    first, last = period.days(filled.first, filled.last, today, gone)
    return Asked(
        first,
        last,
        channel=filled.channel or None,
        topic=filled.topic or None,
        requester=filled.requester or None,
        counts=filled.counts or None,
        department=filled.department or None,
        article=filled.article or None,
    )


routes = listing.routes(QUESTIONS, question_list)
