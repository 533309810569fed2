"""First-contact resolution, by interval: as marked by agents, and as seen from who came back."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import queries as catalogue
from kcc.clock import Clock
from kcc.contacts.log import figure_queries as log
from kcc.contacts.log.figure_queries import AskedRow
from kcc.contacts.log.kinds import Channel, RequesterKind
from kcc.errors import NotFound
from kcc.service_levels.definitions import (
    ANSWERED,
    Askings,
    AsMarked,
    AsSeen,
    Question,
    as_marked,
    as_seen,
    eligible,
    share,
)
from kcc.service_levels.periods import By, Start, months, start_of, starts


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


@dataclass(slots=True)
class _Tally:
    counting: list[Question] = field(default_factory=list)
    everything: list[Question] = field(default_factory=list)


async def excluded_topics(session: AsyncSession, groups: Collection[str] | None) -> set[str]:
    """The topics that are left out: those in these groups, or that the catalogue says. Raises NotFound."""
    topics = {topic.code: topic for topic in await catalogue.topics(session)}
    if groups is None:
        groups = {code for code, topic in topics.items() if not topic.counts_for_first_contact}
    for code in groups:
        if code not in topics:
            raise NotFound(f"Onderwerp {code} bestaat niet")
    return {code for code, topic in topics.items() if code in groups or topic.parent in groups}


async def rows(session: AsyncSession, asked: Asked, clock: Clock, days: int) -> tuple[list[Row], set[str]]:
    """A row for every interval, empty ones too, and the topics that were left out. Raises NotFound.

    A question counts in the interval in which its contact began; `days` is how long nobody must come back.
    """
    excluded = await excluded_topics(session, asked.groups)
    merges = await catalogue.topic_merges(session)
    channel = asked.channel and asked.channel.value
    tallies = {start: _Tally() for start in starts(asked.by, asked.first, asked.last, clock.timezone)}
    later: list[Question] = []
    for first, last in months(asked.first, asked.last):
        begin, end = clock.bounds(first, last)
        for row in await log.asked(session, begin, end):
            question = _question(row, merges)
            if question.requester is not None:
                later.append(question)
            if eligible(question, channel, ()):
                tally = tallies[start_of(row.at, asked.by, asked.first, clock.timezone)]
                tally.everything.append(question)
                if eligible(question, channel, excluded):
                    tally.counting.append(question)
    end = clock.bounds(asked.last, asked.last)[1]
    after = await log.asked(session, end, end + timedelta(days=days), with_key=True)
    later += [_question(row, merges) for row in after]
    askings, now = Askings(later), clock.now()
    return [_row(start, tally, askings, days, now) for start, tally in tallies.items()], excluded


class Marked(NamedTuple):
    """An interval, as marked only; `everything` with the groups that are left out otherwise."""

    start: date
    counting: AsMarked
    everything: AsMarked


async def marked(session: AsyncSession, asked: Asked, clock: Clock) -> list[Marked]:
    """The same as `rows` as far as agents marked it, for intervals of a day or more. Raises NotFound.

    The database counts: nothing of a single question is read, so that a year costs no more than a day.
    """
    excluded = await excluded_topics(session, asked.groups)
    merges = await catalogue.topic_merges(session)
    begins = list(starts(asked.by, asked.first, asked.last, clock.timezone))
    cuts = [clock.bounds(start, start)[0] for start in begins] + [clock.bounds(asked.last, asked.last)[1]]
    channel = asked.channel and asked.channel.value
    tallies = [(Counter[bool](), Counter[bool]()) for _ in begins]
    for row in await log.outcomes(session, cuts, asked.channel):
        topic, outcome = row.topic and merges.get(row.topic, row.topic), row.outcome and row.outcome.value
        question = Question(0, cuts[row.interval], channel or "", topic, outcome)
        for tally, left_out in zip(tallies[row.interval], (excluded, ()), strict=True):
            if eligible(question, channel, left_out):
                tally[outcome in ANSWERED] += row.questions
    return [Marked(start, *map(_as_marked, pair)) for start, pair in zip(begins, tallies, strict=True)]


def _as_marked(tally: Counter[bool]) -> AsMarked:
    return AsMarked(tally.total(), tally[True], share(tally[True], tally.total()))


def _row(start: Start, tally: _Tally, askings: Askings, days: int, now: datetime) -> Row:
    return Row(
        start,
        as_marked(tally.counting),
        as_seen(tally.counting, askings, days, now),
        as_marked(tally.everything),
        as_seen(tally.everything, askings, days, now),
    )


def _question(row: AskedRow, merges: Mapping[str, str]) -> Question:
    return Question(
        contact=row.contact,
        at=row.at,
        channel=row.channel.value,
        topic=row.topic and merges.get(row.topic, row.topic),
        outcome=row.outcome and row.outcome.value,
        outside=row.requester is not RequesterKind.OWN_ORGANISATION,
        requester=row.key,
    )
