"""The questions behind a figure of the contact log. Nothing in them tells who asked or answered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import queries as catalogue
from kcc.clock import Clock
from kcc.contacts.log import figure_queries as log
from kcc.contacts.log.figure_queries import AskedRow
from kcc.contacts.log.kinds import Channel, RequesterKind
from kcc.knowledge import queries as knowledge
from kcc.service_levels.definitions import Askings, AsSeen, Question, as_marked, as_seen, eligible
from kcc.service_levels.first_contact import excluded_topics
from kcc.service_levels.knowledge_definitions import Asked as Linkable
from kcc.service_levels.knowledge_definitions import Linking, linking
from kcc.service_levels.periods import months


class Counts(StrEnum):
    """Which questions, as figures count them.

    `eligible` ones count for first-contact resolution, and `resolved` ones are those as marked; `all_…` with the groups
    that are left out otherwise. Of the eligible whose requester is `known` enough days have passed for those
    `followed`; of these `stayed` were not asked again. `ended` ones have an outcome and were not broken off; of
    those `ended_resolved` were resolved, and the next ones are as `Linking` has them. For some a department was called,
    and maybe reached.
    """

    ELIGIBLE = "eligible"
    RESOLVED = "resolved"
    ALL_ELIGIBLE = "all-eligible"
    ALL_RESOLVED = "all-resolved"
    KNOWN = "known"
    FOLLOWED = "followed"
    STAYED = "stayed"
    AGAIN = "again"
    ENDED = "ended"
    ENDED_RESOLVED = "ended-resolved"
    LINKED = "article"
    REUSED = "article-there"
    NEW = "article-later"
    UNLINKED = "no-article"
    CALLED_BACK = "searched-called-back"
    DEPARTMENT_CALLED = "department-called"
    DEPARTMENT_REACHED = "department-reached"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which questions: of contacts that began on local days; what is None is not asked for."""

    first: date
    last: date
    channel: Channel | None = None
    topic: str | None = None
    requester: RequesterKind | None = None
    counts: Counts | None = None
    department: str | None = None
    article: str | None = None


class Case(NamedTuple):
    """A question. `eligible`: it counts, but maybe not its group (`counting`).

    `seen` and `linking` are as the definitions have them; `articles` were opened, by slug.
    """

    row: AskedRow
    topic: str | None
    eligible: bool
    counting: bool
    resolved: bool
    seen: AsSeen
    articles: Sequence[str]
    linking: Linking


_COUNTS: Mapping[Counts, Callable[[Case], bool]] = {
    Counts.ELIGIBLE: lambda one: one.counting,
    Counts.RESOLVED: lambda one: one.counting and one.resolved,
    Counts.ALL_ELIGIBLE: lambda one: one.eligible,
    Counts.ALL_RESOLVED: lambda one: one.eligible and one.resolved,
    Counts.KNOWN: lambda one: one.counting and one.seen.known == 1,
    Counts.FOLLOWED: lambda one: one.counting and one.seen.followed == 1,
    Counts.STAYED: lambda one: one.counting and one.seen.resolved == 1,
    Counts.AGAIN: lambda one: one.counting and one.seen.followed > one.seen.resolved,
    Counts.DEPARTMENT_CALLED: lambda one: one.row.reached is not None,
    Counts.DEPARTMENT_REACHED: lambda one: one.row.reached is True,
    Counts.ENDED: lambda one: one.linking.questions == 1,
    Counts.ENDED_RESOLVED: lambda one: one.linking.questions == 1 and one.resolved,
    Counts.LINKED: lambda one: one.linking.linked == 1,
    Counts.REUSED: lambda one: one.linking.reused == 1,
    Counts.NEW: lambda one: one.linking.new == 1,
    Counts.UNLINKED: lambda one: one.linking.none == 1,
    Counts.CALLED_BACK: lambda one: one.linking.called_back == 1,
}


async def questions(session: AsyncSession, asked: Asked, clock: Clock, days: int) -> list[Case]:
    """These questions, those of the newest contact first; `days` is how long nobody must come back."""
    excluded, merges = await excluded_topics(session, None), await catalogue.topic_merges(session)
    published = {slug: one.at for slug, one in (await knowledge.first_published(session)).items()}
    found: list[tuple[AskedRow, Question]] = []
    articles: dict[int, list[str]] = {}
    for first, last in months(asked.first, asked.last):
        between = clock.bounds(first, last)
        found += [(row, _question(row, merges)) for row in await log.asked(session, *between)]
        articles |= await log.opened(session, *between)
    end = clock.bounds(asked.last, asked.last)[1]
    after = await log.asked(session, end, end + timedelta(days=days))
    askings = Askings([*(one for _, one in found), *(_question(row, merges) for row in after)])
    now: datetime = clock.now()

    def case(row: AskedRow, one: Question) -> Case:
        opened = articles.get(row.id, [])
        known = [published.get(slug) for slug in opened]
        return Case(
            row=row,
            topic=one.topic,
            eligible=eligible(one, None, ()),
            counting=eligible(one, None, excluded),
            resolved=as_marked([one]).resolved == 1,
            seen=as_seen([one], askings, days, now),
            articles=opened,
            linking=linking([Linkable(one.at, one.topic or "", one.outcome, known, row.searched)]),
        )

    cases = [
        case(row, one)
        for row, one in found
        if asked.channel in (None, row.channel)
        and asked.requester in (None, row.requester)
        and asked.topic in (None, one.topic)
        and asked.department in (None, row.department)
        and (asked.article is None or asked.article in articles.get(row.id, ()))
    ]
    wanted = [one for one in cases if asked.counts is None or _COUNTS[asked.counts](one)]
    return sorted(wanted, key=lambda one: (one.row.at, one.row.contact), reverse=True)


async def article_titles(session: AsyncSession) -> dict[str, str]:
    """What each article that there is, or was, is called, by slug."""
    found = await knowledge.first_published(session)
    return {slug: one.title for slug, one in sorted(found.items(), key=lambda item: item[1].title.lower())}


def _question(row: AskedRow, merges: Mapping[str, str]) -> Question:
    """A logged question as the definitions have it, under the topic that its own is part of now."""
    return Question(
        contact=row.contact,
        at=row.at,
        channel=row.channel.value,
        topic=row.topic and merges.get(row.topic, row.topic),
        outcome=row.outcome and row.outcome.value,
        outside=row.requester is not RequesterKind.OWN_ORGANISATION,
        requester=row.key,
    )
