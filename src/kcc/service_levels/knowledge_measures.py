"""How knowledge is used in a period: by interval, by topic, by article; and what is said to be wrong with it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import queries as catalogue
from kcc.catalogue.models import Topic
from kcc.clock import Clock
from kcc.contacts.log.kinds import Channel
from kcc.errors import NotFound
from kcc.knowledge import queries as articles
from kcc.knowledge.queries import Published
from kcc.service_levels.knowledge_definitions import NOTHING, Flag, Flags, Helping, Linking, flags, together
from kcc.service_levels.knowledge_queries import Which, helped, linked
from kcc.service_levels.periods import DAY, By, Start, day_of, even_days, starts


@dataclass(frozen=True, slots=True)
class Period:
    """Which questions: from the first local date to the last, on one channel or all, of a topic or group or all.

    `by` is a day or longer.
    """

    first: date
    last: date
    by: By = By.MONTH
    channel: Channel | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class OfTopic:
    """A topic with its questions; `published`: articles about it that were first published in the period."""

    topic: str
    name: str
    group: str | None
    figures: Linking
    published: int


@dataclass(frozen=True, slots=True)
class OfArticle:
    """An article that was used, with what came of it; `flags` stand open at the end of the period."""

    slug: str
    title: str
    topic: str | None
    figures: Helping
    flags: int


@dataclass(frozen=True, slots=True)
class Measures:
    """A row for every interval, empty ones too; topics with the most questions first, articles by use."""

    whole: Linking
    rows: Sequence[tuple[Start, Linking]]
    topics: Sequence[OfTopic]
    articles: Sequence[OfArticle]
    flags: Flags


async def measures(session: AsyncSession, period: Period, clock: Clock) -> Measures:
    """The figures of a period. Raises NotFound for a topic that nobody knows."""
    topics = {topic.code: topic for topic in await catalogue.topics(session)}
    within = _within(topics, period.topic)
    known = await articles.first_published(session)
    begin, end = clock.bounds(period.first, period.last)
    which = Which(begin, end, period.channel, within if period.topic is not None else None)
    uses = await helped(session, which)
    used = {slug: known[slug].at for slug in uses if slug in known}
    by_start, by_topic = await _counted(session, period, which, used, clock)
    about = {slug for slug, one in known.items() if one.topic in within}
    raised = [Flag(*row) for row in await articles.flags(session, begin, end) if row[0] in about]
    wrong = flags(raised, begin, end, clock.now())
    published = Counter(one.topic for one in known.values() if one.topic in within and begin <= one.at < end)
    return Measures(
        whole=together(by_start.values()),
        rows=list(by_start.items()),
        topics=_by_topic(by_topic, published, topics),
        articles=_by_article(uses, known, Counter(flag.slug for flag, _ in wrong.still_open)),
        flags=wrong,
    )


def _within(topics: Mapping[str, Topic], chosen: str | None) -> set[str]:
    """The topics that count: all, or those of a group, or one."""
    if chosen is not None and chosen not in topics:
        raise NotFound(f"Onderwerp {chosen} bestaat niet")
    return {code for code, topic in topics.items() if chosen in (None, code, topic.parent)}


async def _counted(
    session: AsyncSession, period: Period, which: Which, used: Mapping[str, datetime], clock: Clock
) -> tuple[dict[Start, Linking], dict[str, Linking]]:
    """The figures of every interval, and of each topic that was asked about; `used`: when each article first was."""
    by_start = {start: [NOTHING] for start in starts(period.by, period.first, period.last, clock.timezone)}
    by_topic: dict[str, list[Linking]] = defaultdict(list)
    for length, first, last in even_days(period.first, period.last, clock.timezone):
        begin, end = clock.bounds(first, last)
        later = {slug: at for slug, at in used.items() if at > begin}
        for part, topic, figures in await linked(session, replace(which, begin=begin, end=end), length, later):
            if part is not None:
                by_start[day_of(first + part * DAY, period.by, period.first)].append(figures)
            if topic is not None:
                by_topic[topic].append(figures)
    return (
        {start: together(figures) for start, figures in by_start.items()},
        {topic: together(figures) for topic, figures in by_topic.items()},
    )


def _by_topic(asked: Mapping[str, Linking], published: Mapping[str, int], topics: Mapping[str, Topic]) -> list[OfTopic]:
    rows = [
        OfTopic(code, topics[code].name, topics[code].parent, asked.get(code, NOTHING), published.get(code, 0))
        for code in {*asked, *published}
    ]
    return sorted(rows, key=lambda row: (-row.figures.questions, row.name, row.topic))


def _by_article(
    uses: Mapping[str, Helping], known: Mapping[str, Published], wrong: Mapping[str, int]
) -> list[OfArticle]:
    rows = [
        OfArticle(
            slug,
            known[slug].title if slug in known else slug,
            known[slug].topic if slug in known else None,
            uses.get(slug, Helping(0, 0)),
            wrong.get(slug, 0),
        )
        for slug in {*uses, *wrong}
    ]
    return sorted(rows, key=lambda row: (-row.figures.questions, row.title, row.slug))
