"""First-contact resolution, by interval: as marked by agents, and as seen from who came back."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import queries as catalogue
from kcc.clock import Clock
from kcc.contacts.log.kinds import Channel
from kcc.errors import NotFound
from kcc.service_levels.definitions import AsMarked, AsSeen, share
from kcc.service_levels.first_contact_queries import asked as questions
from kcc.service_levels.periods import By, Start, day_of, even_days, starts


@dataclass(frozen=True, slots=True)
class Asked:
    """Which questions: from the first local date to the last, on one channel or all.

    `groups` are left out in place of those that the catalogue leaves out.
    """

    first: date
    last: date
    by: By = By.DAY
    channel: Channel | None = Channel.PHONE
    groups: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """An interval; `all_…` with the groups that are left out otherwise."""

    start: Start
    marked: AsMarked
    seen: AsSeen
    all_marked: AsMarked
    all_seen: AsSeen


_NUMBERS = ("eligible", "resolved", "known", "followed", "seen")


async def excluded_topics(session: AsyncSession, groups: Collection[str] | None) -> set[str]:
    """The topics that are left out: those in these groups, or that the catalogue says. Raises NotFound."""
    topics = {topic.code: topic for topic in await catalogue.topics(session)}
    if groups is None:
        groups = {code for code, topic in topics.items() if not topic.counts_for_first_contact}
    for code in groups:
        if code not in topics:
            raise NotFound(f"Onderwerp {code} bestaat niet")
    return {code for code, topic in topics.items() if code in groups or topic.parent in groups}


async def rows(session: AsyncSession, asked: Asked, clock: Clock, days: int | None) -> tuple[list[Row], set[str]]:
    """A row for every interval, empty ones too, and the topics that were left out. Raises NotFound.

    A question counts in the interval in which its contact began; `days` is how long nobody must come back;
    without it nothing is looked for among later contacts: `seen` then has no one whom enough days have passed for.
    """
    excluded = await excluded_topics(session, asked.groups)
    found: dict[tuple[Start, bool], Counter[str]] = defaultdict(Counter)
    now = clock.now()
    for length, first, last in even_days(asked.first, asked.last, clock.timezone):
        between = clock.bounds(first, last)
        for row in await questions(session, between, length, asked.channel, excluded, days, now):
            start = day_of(first + timedelta(days=row.part), asked.by, asked.first)
            for counts in {row.counts, False}:  # what counts is also among all
                found[start, counts].update(dict(zip(_NUMBERS, row[-len(_NUMBERS) :], strict=True)))
    return [
        Row(start, *_figures(found[start, True]), *_figures(found[start, False]))
        for start in starts(asked.by, asked.first, asked.last, clock.timezone)
    ], excluded


def _figures(of: Counter[str]) -> tuple[AsMarked, AsSeen]:
    eligible, resolved, known, followed, seen = (of[name] for name in _NUMBERS)
    return (
        AsMarked(eligible, resolved, share(resolved, eligible)),
        AsSeen(known, share(known, eligible), followed, seen, share(seen, followed)),
    )
