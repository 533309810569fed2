"""What people ask about most: by topic, by who asks, in time; and what helps them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import queries as catalogue
from kcc.catalogue.models import Topic
from kcc.clock import Clock
from kcc.contacts.log import figure_queries as log
from kcc.contacts.log.figure_queries import AskedRow
from kcc.contacts.log.kinds import RequesterKind
from kcc.knowledge import queries as knowledge
from kcc.service_levels.definitions import ANSWERED, BROKEN_OFF, share
from kcc.service_levels.pareto import Ranked, ranked
from kcc.service_levels.periods import By, Start, months, start_of, starts


@dataclass(frozen=True, slots=True)
class Period:
    """From the first local date to the last, by interval; of one kind of requester or all."""

    first: date
    last: date
    by: By = By.WEEK
    requester: RequesterKind | None = None

    @property
    def before(self) -> tuple[date, date]:
        """The first and last date of as many days just before."""
        length = self.last - self.first + timedelta(days=1)
        return self.first - length, self.last - length


@dataclass(frozen=True, slots=True)
class ArticleUse:
    """An article, in how many questions it was opened, and how many of those were answered."""

    slug: str
    questions: int
    resolved: int


@dataclass(frozen=True, slots=True)
class Problem:
    """A topic with who asked about it, when, and what came of it.

    `percent_resolved` leaves out what was broken off or is still open.
    """

    ranked: Ranked
    name: str
    group: str | None
    requesters: Mapping[RequesterKind, int]
    times: Sequence[tuple[Start, int]]
    resolved: int
    percent_resolved: float | None
    articles: Sequence[ArticleUse]


@dataclass(frozen=True, slots=True)
class Problems:
    """The topics, the most frequent first; `questions` are all that have one, `without_topic` all others.

    `since`: the first local day of which anything was logged. `comparable`: all of the period before was logged.
    """

    questions: int
    without_topic: int
    rows: Sequence[Problem]
    since: date | None
    comparable: bool


async def problems(session: AsyncSession, period: Period, clock: Clock) -> Problems:
    """What was asked in a period, on all channels."""
    merges = await catalogue.topic_merges(session)
    topics = {topic.code: topic for topic in await catalogue.topics(session)}
    rows = await _asked(session, period, (period.first, period.last), clock)
    before = Counter(_merged(row.topic, merges) for row in await _asked(session, period, period.before, clock))
    first = await log.first_began(session)
    since = clock.local_date(first) if first else None
    comparable = since is not None and since <= period.before[0]
    by_topic: dict[str, list[AskedRow]] = defaultdict(list)
    for row in rows:
        if row.topic is not None:
            by_topic[merges.get(row.topic, row.topic)].append(row)
    about = [topic for topic, asked in by_topic.items() for _ in asked]
    articles = await _articles(session, period, merges, clock)
    found = [
        _problem(one, topics.get(one.topic), by_topic[one.topic], articles.get(one.topic, []), period, clock)
        for one in ranked(about, {topic: number for topic, number in before.items() if topic}, comparable=comparable)
    ]
    return Problems(len(about), len(rows) - len(about), found, since, comparable)


async def article_titles(session: AsyncSession, found: Problems) -> dict[str, str]:
    """The titles of the articles that were opened; one that is gone has none."""
    return await knowledge.all_titles(session, {use.slug for row in found.rows for use in row.articles})


def _merged(topic: str | None, merges: Mapping[str, str]) -> str | None:
    return topic and merges.get(topic, topic)


async def _asked(session: AsyncSession, period: Period, days: tuple[date, date], clock: Clock) -> list[AskedRow]:
    found: list[AskedRow] = []
    for first, last in months(*days):
        rows = await log.asked(session, *clock.bounds(first, last))
        found += [row for row in rows if period.requester in (None, row.requester)]
    return found


async def _articles(
    session: AsyncSession, period: Period, merges: Mapping[str, str], clock: Clock
) -> dict[str, list[ArticleUse]]:
    used: dict[str, Counter[str]] = defaultdict(Counter)
    helped: dict[str, Counter[str]] = defaultdict(Counter)
    begin, end = clock.bounds(period.first, period.last)
    for topic, slug, outcome, number in await log.article_uses(session, begin, end, period.requester):
        about = merges.get(topic, topic)
        used[about][slug] += number
        if outcome in ANSWERED:
            helped[about][slug] += number
    return {
        topic: [
            ArticleUse(slug, number, helped[topic][slug])
            for slug, number in sorted(slugs.items(), key=lambda item: (-item[1], item[0]))
        ]
        for topic, slugs in used.items()
    }


def _problem(
    one: Ranked,
    topic: Topic | None,
    asked: Sequence[AskedRow],
    articles: Sequence[ArticleUse],
    period: Period,
    clock: Clock,
) -> Problem:
    times = dict.fromkeys(starts(period.by, period.first, period.last, clock.timezone), 0)
    for row in asked:
        times[start_of(row.at, period.by, period.first, clock.timezone)] += 1
    kinds = Counter(row.requester for row in asked)
    ended = [row.outcome for row in asked if row.outcome not in (None, BROKEN_OFF)]
    resolved = sum(outcome in ANSWERED for outcome in ended)
    return Problem(
        ranked=one,
        name=topic.name if topic else one.topic,
        group=topic.parent if topic else None,
        requesters={kind: kinds[kind] for kind in RequesterKind},
        times=list(times.items()),
        resolved=resolved,
        percent_resolved=share(resolved, len(ended)),
        articles=articles,
    )
