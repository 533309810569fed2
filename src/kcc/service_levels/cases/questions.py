"""The questions behind a figure of the contact log. Nothing in them tells who asked or answered."""

from collections.abc import Callable, Mapping
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
from kcc.service_levels.definitions import BROKEN_OFF, Askings, AsSeen, Question, as_marked, as_seen, eligible
from kcc.service_levels.first_contact import excluded_topics
from kcc.service_levels.periods import months


class Counts(StrEnum):
    """Which questions, as figures count them.

    `eligible` ones count for first-contact resolution, and `resolved` ones are those as marked; `all_…` with the groups
    that are left out otherwise. Of the eligible whose requester is `known` enough days have passed for those
    `followed`; of these `stayed` were not asked again. `ended` ones have an outcome and were not broken off. For some
    a department was called, and maybe reached.
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


class Case(NamedTuple):
    """A question. `eligible`: it counts, but maybe not its group (`counting`); `seen` is as the definition has it."""

    row: AskedRow
    topic: str | None
    eligible: bool
    counting: bool
    resolved: bool
    seen: AsSeen


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
    Counts.ENDED: lambda one: one.row.outcome is not None and one.row.outcome.value != BROKEN_OFF,
}


async def questions(session: AsyncSession, asked: Asked, clock: Clock, days: int) -> list[Case]:
    """These questions, those of the newest contact first; `days` is how long nobody must come back."""
    excluded, merges = await excluded_topics(session, None), await catalogue.topic_merges(session)
    found: list[tuple[AskedRow, Question]] = []
    for first, last in months(asked.first, asked.last):
        found += [(row, _question(row, merges)) for row in await log.asked(session, *clock.bounds(first, last))]
    end = clock.bounds(asked.last, asked.last)[1]
    after = await log.asked(session, end, end + timedelta(days=days))
    askings = Askings([*(one for _, one in found), *(_question(row, merges) for row in after)])
    now: datetime = clock.now()

    def case(row: AskedRow, one: Question) -> Case:
        counts, counting = eligible(one, None, ()), eligible(one, None, excluded)
        return Case(
            row, one.topic, counts, counting, as_marked([one]).resolved == 1, as_seen([one], askings, days, now)
        )

    cases = [
        case(row, one)
        for row, one in found
        if asked.channel in (None, row.channel)
        and asked.requester in (None, row.requester)
        and asked.topic in (None, one.topic)
        and asked.department in (None, row.department)
    ]
    wanted = [one for one in cases if asked.counts is None or _COUNTS[asked.counts](one)]
    return sorted(wanted, key=lambda one: (one.row.at, one.row.contact), reverse=True)


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
