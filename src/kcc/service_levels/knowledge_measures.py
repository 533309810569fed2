"""How knowledge is used in a period: by interval, by topic, by article; and what is said to be wrong with it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import queries as catalogue
from kcc.catalogue.models import Topic
from kcc.clock import Clock
from kcc.contacts.log import figure_queries as log
from kcc.contacts.log.figure_queries import LinkRow
from kcc.contacts.log.kinds import Channel
from kcc.errors import NotFound
from kcc.knowledge import queries as articles
from kcc.knowledge.queries import Published
from kcc.service_levels.knowledge_definitions import Asked, Flag, Flags, Helping, Linking, flags, helping, linking
from kcc.service_levels.periods import By, Start, months, placing, starts


@dataclass(frozen=True, slots=True)
class Period:
    """Which questions: from the first local date to the last, on one channel or all, of a topic or group or all."""

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
    asked, uses = await _asked(session, period, within, known, clock)
    begin, end = clock.bounds(period.first, period.last)
    about = {slug for slug, one in known.items() if one.topic in within}
    raised = [Flag(*row) for row in await articles.flags(session, begin, end) if row[0] in about]
    wrong = flags(raised, begin, end, clock.now())
    published = Counter(one.topic for one in known.values() if one.topic in within and begin <= one.at < end)
    return Measures(
        whole=linking(asked),
        rows=_by_interval(asked, period, clock),
        topics=_by_topic(asked, published, topics),
        articles=_by_article(uses, known, Counter(flag.slug for flag, _ in wrong.still_open)),
        flags=wrong,
    )


def _within(topics: Mapping[str, Topic], chosen: str | None) -> set[str]:
    """The topics that count: all, or those of a group, or one."""
    if chosen is not None and chosen not in topics:
        raise NotFound(f"Onderwerp {chosen} bestaat niet")
    return {code for code, topic in topics.items() if chosen in (None, code, topic.parent)}


async def _asked(
    session: AsyncSession, period: Period, within: Collection[str], known: Mapping[str, Published], clock: Clock
) -> tuple[list[Asked], dict[str, list[str | None]]]:
    """The questions, and of each article that was used in them how they ended."""
    merges = await catalogue.topic_merges(session)
    questions, uses = list[Asked](), defaultdict[str, list[str | None]](list)
    for first, last in months(period.first, period.last):
        rows: dict[int, list[LinkRow]] = defaultdict(list)
        for row in await log.links(session, *clock.bounds(first, last), period.channel):
            rows[row.question].append(row)
        for one, *more in rows.values():
            topic = merges.get(one.topic, one.topic)
            if topic not in within:
                continue
            slugs = [row.slug for row in (one, *more) if row.slug is not None]
            published = [known[slug].at if slug in known else None for slug in slugs]
            questions.append(Asked(one.at, topic, one.outcome, published, one.searched))
            for slug in slugs:
                uses[slug].append(one.outcome)
    return questions, uses


def _by_interval(asked: Iterable[Asked], period: Period, clock: Clock) -> list[tuple[Start, Linking]]:
    found: dict[Start, list[Asked]] = {
        start: [] for start in starts(period.by, period.first, period.last, clock.timezone)
    }
    placed = placing(period.by, period.first, period.last, clock.timezone)
    for one in asked:
        found[placed(one.at)].append(one)
    return [(start, linking(questions)) for start, questions in found.items()]


def _by_topic(asked: Iterable[Asked], published: Mapping[str, int], topics: Mapping[str, Topic]) -> list[OfTopic]:
    found: dict[str, list[Asked]] = {code: [] for code in published}
    for one in asked:
        found.setdefault(one.topic, []).append(one)
    rows = [
        OfTopic(code, topics[code].name, topics[code].parent, linking(questions), published.get(code, 0))
        for code, questions in found.items()
    ]
    counted = [row for row in rows if row.figures.questions or row.published]
    return sorted(counted, key=lambda row: (-row.figures.questions, row.name, row.topic))


def _by_article(
    uses: Mapping[str, Sequence[str | None]], known: Mapping[str, Published], wrong: Mapping[str, int]
) -> list[OfArticle]:
    rows = [
        OfArticle(
            slug,
            known[slug].title if slug in known else slug,
            known[slug].topic if slug in known else None,
            helping(uses.get(slug, ())),
            wrong.get(slug, 0),
        )
        for slug in {*uses, *wrong}
    ]
    counted = [row for row in rows if row.figures.questions or row.flags]
    return sorted(counted, key=lambda row: (-row.figures.questions, row.title, row.slug))
