"""`/rapport/kanalen`: how often people go online where they can, and by which channels questions come in."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import Field
from starlette.datastructures import FormData
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.appointments.availability.plan import Plan
from kcc.catalogue import topics as catalogue
from kcc.catalogue.models import Topic
from kcc.contacts.log.kinds import Channel
from kcc.contacts.log.labels import CHANNELS
from kcc.errors import DomainError
from kcc.service_levels import words
from kcc.service_levels.cases.questions import Asked as Behind
from kcc.service_levels.cases.questions import Counts
from kcc.service_levels.channels import Asked, Counted, counted, topics
from kcc.service_levels.definitions import share
from kcc.service_levels.digital_share import DIGITAL_SHARE_VERSION, Ways, digital, lowest_first
from kcc.service_levels.knowledge_definitions import FEWEST, enough
from kcc.service_levels.pages import period
from kcc.service_levels.pages.addresses import bookings_of, questions_of
from kcc.service_levels.pages.bars import chart
from kcc.service_levels.pages.chosen import Filters, in_address, product_name
from kcc.service_levels.pages.knowledge_words import percent
from kcc.service_levels.pages.listing import file, table_of
from kcc.service_levels.pages.report import PageRequest
from kcc.service_levels.pages.spans import Span
from kcc.service_levels.periods import By
from kcc.service_levels.state import LEADS
from kcc.web import forms
from kcc.web.dates import date_day
from kcc.web.fields import Day
from kcc.web.requests import Wire, checked
from kcc.web.routing import Route
from kcc.web.sheets import Cell, Format, Sheet
from kcc.web.templating import render

ADDRESS = "/rapport/kanalen"
MOST_TOPICS = 15
_WAYS = ("Digitaal aandeel (%)", "Online weg gekozen", "Afspraken", "Door inwoners geboekt", "Door medewerkers geboekt")
HEADS: Mapping[str, Sequence[str]] = {
    "perioden": ("Vanaf", *_WAYS),
    "producten": ("Product", *_WAYS),
    "kanalen": ("Vanaf", "Digitaal gevraagd (%)", "Vragen", *CHANNELS.values()),
    "onderwerpen": ("Onderwerp", "Digitaal gevraagd (%)", "Digitaal gevraagd", "Vragen"),
}
NOTES = (
    "Een afspraak telt op de dag waarop zij is geboekt, een vraag op de dag waarop het contact begon. Leeg: geen "
    "gegevens."
)
# Of a number of appointments the address of their list.
Bookings = Callable[[int, str], str | None]
Figure = tuple[str, str | None]


class ChannelFilters(Wire):
    """The fields of the form; one left empty is not given."""

    first: Day | None = Field(None, alias="van")
    last: Day | None = Field(None, alias="tot")
    by: Literal["day", "week", "month"] = Field("month", alias="per")


@serves(LEADS)
async def channels(request: PageRequest) -> Response:
    """The digital share and the channels of a period, beside the same a year earlier."""
    clock = request.state["clock"]
    asked, filters = _choose(in_address(request), clock.today())
    then = Span(asked.first, asked.last, asked.by, asked.first).year_before
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        now = await counted(session, plan, asked, clock)
        before = await counted(session, plan, replace(asked, first=then.first, last=then.last), clock)
        known = await catalogue.topics_by_code(session)
        about = await topics(session, asked, clock)
    lasts = period.lasts([one.start for one in now.intervals], asked.last)
    each = [(period.interval(one.start, asked.by), one, last) for one, last in zip(now.intervals, lasts, strict=True)]
    earlier = _a_year_before(now, before, asked.by)
    used = [channel for channel in CHANNELS if now.questions[channel] or before.questions[channel]]
    mixes = [_mix("Hele periode", now.questions, used, Behind(asked.first, asked.last))]
    if before.logged and before.logged <= then.first:
        mixes.append(_mix("Een jaar eerder", before.questions, used, Behind(then.first, then.last)))
    for name, one, last in reversed(each):
        if one.questions:
            mixes.append(_mix(name, one.questions, used, Behind(one.start, last)))
    context: dict[str, Any] = {
        "filters": filters,
        "asked": asked,
        "chosen": urlencode({name: value or "" for name, value in filters.values.items()}),
        "percent": words.percent(now.ways.percent),
        "facts": _facts(now.ways, bookings_of(asked.first, asked.last)),
        "summary": _summary(now, before, then, plan),
        "chart": chart([(one.ways.percent, None) for one in now.intervals], None),
        "drawn": _drawn(now, asked.by),
        "rows": [
            (name, *_way(one.ways, bookings_of(one.start, last)), earlier.get(one.start, "–"))
            for name, one, last in reversed(each)
            if one.ways.total
        ],
        "products": [
            (product_name(plan, code), *_way(now.products[code], bookings_of(asked.first, asked.last, code)))
            for code in lowest_first({code: (ways.online, ways.total) for code, ways in now.products.items()})
        ],
        "channels": [CHANNELS[channel] for channel in used],
        "mixes": mixes,
        "topics": _topics(about, known, asked),
        "more": max(0, len(about) - MOST_TOPICS),
        "by": asked.by,
        "interval": period.INTERVALS[asked.by],
        "fewest": FEWEST,
        "version": DIGITAL_SHARE_VERSION,
    }
    return render(request, "service_levels/channels.html", context, status=400 if filters.errors else 200)


def _choose(sent: FormData, today: date) -> tuple[Asked, Filters]:
    """What the address asks for: the year so far by month when nothing. Where it is wrong the form tells what is."""
    inputs = period.inputs()
    asked, errors = Asked(today.replace(month=1, day=1), today), dict[str, str]()
    try:
        filled = checked(ChannelFilters, forms.body(inputs, sent))
        days = period.days(filled.first, filled.last, today) if filled.first or filled.last else (asked.first, today)
        asked = Asked(*days, By(filled.by))
    except DomainError as error:
        errors = forms.errors_by_field(inputs, error)
    values = period.filled(forms.shown(inputs, sent), asked.first, asked.last, asked.by)
    return asked, Filters(inputs, values, errors)


def _facts(ways: Ways, at: Bookings) -> list[tuple[str, str, str | None]]:
    return [
        ("Online weg gekozen", words.whole(ways.online), None),
        ("Afspraken geboekt", words.whole(ways.booked), at(ways.booked, "")),
        ("Waarvan door inwoners zelf", words.whole(ways.by_resident), at(ways.by_resident, "inwoner")),
        ("Waarvan door medewerkers", words.whole(ways.by_staff), at(ways.by_staff, "medewerker")),
    ]


def _way(ways: Ways, at: Bookings) -> tuple[str, Sequence[Figure]]:
    """The share, and each of the facts with the address of what is behind it."""
    return percent(enough(ways.online, ways.total), ways.total), [fact[1:] for fact in _facts(ways, at)]


def _a_year_before(now: Counted, before: Counted, by: By) -> dict[date, str]:
    """By when an interval begins, the share a year earlier; by month only, as weeks begin on other days."""
    if by is not By.MONTH:
        return {}
    return {
        one.start: _way(then.ways, lambda *_: None)[0]
        for one, then in zip(now.intervals, before.intervals, strict=True)
        if before.since is not None and before.since <= then.start
    }


def _mix(name: str, questions: Counter[Channel], channels: Sequence[Channel], behind: Behind) -> dict[str, Any]:
    """A row of the questions by channel, with the addresses of those questions."""
    met, of = digital(questions)

    def figure(channel: Channel) -> Figure:
        at = questions_of(replace(behind, channel=channel))
        shown = words.percent(share(questions[channel], of)) if of else "–"
        return shown, at(questions[channel], Counts.ALL_ELIGIBLE)

    return {
        "name": name,
        "percent": words.percent(share(met, of)) if of else "–",
        "all": (words.whole(of), questions_of(behind)(of, Counts.ALL_ELIGIBLE)),
        "of": [figure(channel) for channel in channels],
    }


def _topics(about: Mapping[str, Counter[Channel]], known: Mapping[str, Topic], asked: Asked) -> list[dict[str, Any]]:
    """The topics that are asked about least by digital channels."""
    counts = {topic: digital(questions) for topic, questions in about.items()}
    names = catalogue.told_apart(known, counts)
    found = []
    for topic in lowest_first(counts)[:MOST_TOPICS]:
        met, of = counts[topic]
        at = questions_of(Behind(asked.first, asked.last, topic=topic))
        row = {"name": names[topic], "percent": percent(enough(met, of), of), "digital": words.whole(met)}
        found.append({**row, "all": (words.whole(of), at(of, Counts.ALL_ELIGIBLE))})
    return found


def _summary(now: Counted, before: Counted, then: Span, plan: Plan) -> list[str]:
    """What the page says, in a few sentences."""
    said, ways = [], now.ways
    if ways.percent is not None:
        said.append(
            f"Bij producten die ook online kunnen, is in {words.percent(ways.percent)} van de keren de online weg "
            f"gekozen: {words.whole(ways.online)} van {words.whole(ways.total)}."
        )
        said += _compared(ways.percent, before.ways.percent, before.since, then)
        worst = lowest_first({code: (one.online, one.total) for code, one in now.products.items()})
        lowest = now.products[worst[0]]
        if len(worst) > 1 and lowest.percent is not None and lowest.total >= FEWEST:
            name = product_name(plan, worst[0])
            said.append(
                f"Het minst online gaat {name[:1].lower()}{name[1:]}: {words.percent(lowest.percent)} van "
                f"{words.whole(lowest.total)} keer."
            )
    met, of = digital(now.questions)
    if of:
        asked = words.people(of, "vraag", "vragen")
        said.append(f"Van {asked} kwam {words.percent(share(met, of))} binnen via een digitaal kanaal.")
        said += _compared(100 * met / of, share(*digital(before.questions)), before.logged, then)
    return said


def _compared(now: float, before: float | None, since: date | None, then: Span) -> list[str]:
    """How much more or less it is than a year earlier, when all of that was recorded."""
    if before is None or since is None:
        return []
    if since > then.first:
        return [f"Een jaar eerder is pas vanaf {date_day(since)} vastgelegd en dus niet te vergelijken."]
    if abs(now - before) < 0.05:
        return ["Dat is evenveel als een jaar eerder."]
    more = "meer" if now > before else "minder"
    return [f"Dat is {words.number(abs(now - before))} punt {more} dan een jaar eerder."]


def _drawn(now: Counted, by: By) -> str:
    """The bars in words."""
    known = [(one.ways.percent, one.start) for one in now.intervals if one.ways.percent is not None]
    if not known:
        return words.NO_DATA
    (low, first), (high, last) = (choose(known, key=lambda pair: pair[0]) for choose in (min, max))
    return (
        f"Per {period.INTERVALS[by]}: het laagst {period.interval(first, by)} met {words.percent(low)}, "
        f"het hoogst {period.interval(last, by)} met {words.percent(high)}"
    )


@serves(LEADS)
async def channels_table(request: PageRequest) -> Response:
    """One of the tables of the page, to download. Raises InvalidInput for what cannot be chosen."""
    clock, table = request.state["clock"], table_of(request, HEADS)
    asked, filters = _choose(in_address(request), clock.today())
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        now = await counted(session, plan, asked, clock)
        names = {code: topic.name for code, topic in (await catalogue.topics_by_code(session)).items()}
        about = await topics(session, asked, clock)
    rows: Mapping[str, list[tuple[Cell, ...]]] = {
        "perioden": [(one.start, *_numbers(one.ways)) for one in now.intervals],
        "producten": [(product_name(plan, code), *_numbers(ways)) for code, ways in sorted(now.products.items())],
        "kanalen": [
            (one.start, share(met, of), of, *(one.questions[channel] for channel in CHANNELS))
            for one in now.intervals
            for met, of in (digital(one.questions),)
        ],
        "onderwerpen": [
            (names.get(topic, topic), share(met, of), met, of)
            for topic, questions in sorted(about.items())
            for met, of in (digital(questions),)
        ],
    }
    notes = [NOTES, f"Definitie: digital-share, versie {DIGITAL_SHARE_VERSION}."]
    sheet = Sheet(f"kanalen-{table}-{asked.first}-{asked.last}", HEADS[table], rows[table], notes, clock.timezone)
    return file(request, sheet, filters)


def _numbers(ways: Ways) -> tuple[Cell, ...]:
    return ways.percent, ways.online, ways.booked, ways.by_resident, ways.by_staff


routes = [Route(ADDRESS, channels), *(Route(f"{ADDRESS}.{how}", channels_table) for how in Format)]
