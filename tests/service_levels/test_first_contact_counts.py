"""First-contact resolution as SQL counts it is what the definitions say of every single question."""

import random
from collections.abc import Collection, Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from kcc.catalogue.models import TopicMerge
from kcc.clock import Clock
from kcc.contacts.log.figure_queries import AskedRow
from kcc.contacts.log.figure_queries import asked as logged
from kcc.contacts.log.kinds import CallLink, Channel, Outcome, RequesterKind, Source
from kcc.contacts.log.models import Contact
from kcc.contacts.log.models import Question as QuestionTable
from kcc.service_levels.definitions import Askings, Question, as_marked, as_seen, eligible
from kcc.service_levels.first_contact import Asked, Row, excluded_topics, rows
from kcc.service_levels.periods import By, start_of, starts
from kcc.storage.database import Database

FIRST, LAST, DAYS = date(2026, 10, 12), date(2026, 11, 24), 7  # the clock moves on 25 October
MERGED = {"vermissing": "paspoort"}
OUTCOMES = [*Outcome, Outcome.RESOLVED, Outcome.RESOLVED, None]


async def fill(database: Database, clock: Clock) -> None:
    """Contacts of few requesters about few topics, many of them exactly the days apart, or a microsecond from it."""
    chance = random.Random(6)
    contacts, questions = [], []
    last_day = timedelta(days=(LAST - FIRST).days)
    for number in range(1, 161):
        at = clock.now() - chance.choice([last_day * chance.random(), timedelta(days=chance.randrange(43))])
        at += timedelta(microseconds=chance.choice([-1, 0, 0, 1]))
        requester = chance.choice([RequesterKind.RESIDENT] * 4 + [RequesterKind.OWN_ORGANISATION])
        asked = [
            (chance.choice(["paspoort", "vermissing", "inzameling", None]), chance.choice(OUTCOMES)) for _ in range(2)
        ]
        is_open = any(outcome is None for _, outcome in asked)
        contacts.append(
            {
                "id": number,
                "agent": "anna",
                "channel": chance.choice([Channel.PHONE, Channel.PHONE, Channel.EMAIL]),
                "call_link": CallLink.LOOKING,
                "requester": requester,
                "department": "burgerzaken" if requester is RequesterKind.OWN_ORGANISATION else None,
                "requester_key": chance.choice(["a", "b", "c", None]),
                "started_at": at,
                "finished_at": None if is_open else at,
                "is_open": is_open,
                "version": 1,
            }
        )
        for position, (topic, outcome) in enumerate(asked, 1):
            named = topic or (None if outcome in (None, Outcome.DISCONNECTED) else "inzameling")
            questions.append(
                {
                    "contact": number,
                    "contact_is_open": is_open,
                    "position": position,
                    "topic": named,
                    "outcome": outcome,
                    "department": "burgerzaken" if outcome in (Outcome.TRANSFERRED, Outcome.CALLBACK) else None,
                    "reached": True if outcome is Outcome.TRANSFERRED else None,
                    "source": None if outcome is None else next(iter(Source)),
                    "asked_at": at,
                    "closed_at": None if outcome is None else at,
                }
            )
    merges = [
        {"topic": topic, "target": target, "merged_at": clock.now(), "merged_by": "anna"}
        for topic, target in MERGED.items()
    ]
    async with database.writing() as session:
        connection = await session.connection()
        await connection.execute(insert(Contact), contacts)
        await connection.execute(insert(QuestionTable), questions)
        await connection.execute(insert(TopicMerge), merges)


def question(row: AskedRow) -> Question:
    topic = row.topic and MERGED.get(row.topic, row.topic)
    outside = row.requester is not RequesterKind.OWN_ORGANISATION
    return Question(row.contact, row.at, row.channel, topic, row.outcome, outside, row.key)


def defined(everything: Sequence[Question], asked: Asked, excluded: Collection[str], clock: Clock) -> list[Row]:
    """The same by the definitions, from every question."""
    askings, zone, found = Askings(everything), clock.timezone, []
    for start in starts(asked.by, asked.first, asked.last, zone):
        sides = [
            [
                one
                for one in everything
                if asked.first <= one.at.astimezone(zone).date() <= asked.last
                and start_of(one.at, asked.by, asked.first, zone) == start
                and eligible(one, asked.channel, without)
            ]
            for without in (excluded, ())
        ]
        figures = [figure for of in sides for figure in (as_marked(of), as_seen(of, askings, DAYS, clock.now()))]
        found.append(Row(start, *figures))  # type: ignore[arg-type]
    return found


@pytest.mark.usefixtures("kennisbank")
async def test_counted_as_defined(database: Database, clock: Clock) -> None:
    await fill(database, clock)
    async with database.reading() as session:
        everything = [question(row) for row in await logged(session, *clock.bounds(FIRST, LAST))]
        repeats = 0
        for by in (By.DAY, By.WEEK, By.MONTH):
            for channel in (Channel.PHONE, None):
                for first, last in ((FIRST, LAST), (date(2026, 10, 25), date(2026, 10, 26))):
                    asked = Asked(first, last, by, channel, {"afval"})
                    found, excluded = await rows(session, asked, clock, DAYS)
                    assert excluded == await excluded_topics(session, {"afval"})
                    assert found == defined(everything, asked, excluded, clock)
                    repeats += sum(row.all_seen.followed - row.all_seen.resolved for row in found)
        assert repeats > 100
