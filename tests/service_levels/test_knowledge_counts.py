"""Knowledge measures as SQL counts them are what the definitions say of every single question."""

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import insert, select

from kcc.catalogue import queries as catalogue
from kcc.catalogue.models import TopicMerge
from kcc.clock import Clock
from kcc.contacts.log.kinds import CallLink, Channel, Outcome, RequesterKind, Source
from kcc.contacts.log.models import Contact, Question, QuestionArticle
from kcc.knowledge import queries as knowledge
from kcc.service_levels.knowledge_definitions import Asked, Linking, helping, linking
from kcc.service_levels.knowledge_measures import Period, measures
from kcc.service_levels.periods import By, start_of, starts
from kcc.storage.database import Database
from kcc.storage.rows import table_of

FIRST, LAST = date(2026, 10, 12), date(2026, 11, 24)  # the clock moves on 25 October
MERGED = {"vermissing": "paspoort"}
SLUGS = ["paspoort-aanvragen", "verdwenen", "grofvuil-laten-ophalen"]
OUTCOMES = [*Outcome, Outcome.RESOLVED, Outcome.CALLBACK, Outcome.CALLBACK, None]


async def fill(database: Database, clock: Clock) -> None:
    """Contacts about few topics with few articles, many begun as one was first published, or a microsecond from it."""
    chance = random.Random(6)
    async with database.writing() as session:
        published = clock.now() - timedelta(days=20)
        for days, slug in ((20, SLUGS[0]), (25, SLUGS[2])):
            await knowledge.date_first_version(session, clock.now() - timedelta(days=days), slug)
        contacts, questions, links = [], [], []
        for number in range(1, 201):
            at = chance.choice([published, clock.now() - timedelta(days=43) * chance.random()])
            at += timedelta(microseconds=chance.choice([-1, 0, 0, 1]))
            asked = [
                (chance.choice(["paspoort", "vermissing", "inzameling", None]), chance.choice(OUTCOMES))
                for _ in range(2)
            ]
            is_open = any(outcome is None for _, outcome in asked)
            contacts.append(
                {
                    "id": number,
                    "agent": "anna",
                    "channel": chance.choice([Channel.PHONE, Channel.PHONE, Channel.EMAIL]),
                    "call_link": CallLink.LOOKING,
                    "requester": RequesterKind.RESIDENT,
                    "started_at": at,
                    "finished_at": None if is_open else at,
                    "is_open": is_open,
                    "version": 1,
                }
            )
            for position, (topic, outcome) in enumerate(asked, 1):
                id_ = 2 * number + position
                questions.append(
                    {
                        "id": id_,
                        "contact": number,
                        "contact_is_open": is_open,
                        "position": position,
                        "topic": topic or (None if outcome in (None, Outcome.DISCONNECTED) else "inzameling"),
                        "outcome": outcome,
                        "department": "burgerzaken" if outcome in (Outcome.TRANSFERRED, Outcome.CALLBACK) else None,
                        "reached": True if outcome is Outcome.TRANSFERRED else None,
                        "source": None if outcome is None else next(iter(Source)),
                        "asked_at": at,
                        "closed_at": None if outcome is None else at,
                        "searched": chance.random() < 0.5,
                    }
                )
                opened = chance.sample(SLUGS, chance.choice([0, 0, 1, 1, 2, 3]))
                links += [{"question": id_, "slug": slug, "opened_at": at} for slug in opened]
        merges = [
            {"topic": topic, "target": target, "merged_at": clock.now(), "merged_by": "anna"}
            for topic, target in MERGED.items()
        ]
        connection = await session.connection()
        for table, rows in ((Contact, contacts), (Question, questions), (QuestionArticle, links), (TopicMerge, merges)):
            await connection.execute(insert(table), rows)


class Logged(NamedTuple):
    """A question with what it is about now, and the articles that were opened."""

    question: Asked
    channel: Channel
    slugs: Sequence[str]


async def logged(database: Database) -> list[Logged]:
    """Every question with a topic, read one by one."""
    contact, question, link = (table_of(table).c for table in (Contact, Question, QuestionArticle))
    columns: Any = (contact.started_at, contact.channel, question.topic, question.outcome, question.searched)
    every = select(question.id, *columns).join_from(contact.id.table, question.id.table, question.contact == contact.id)
    async with database.reading() as session:
        known = await knowledge.first_published(session)
        connection = await session.connection()
        slugs = defaultdict[int, list[str]](list)
        for id_, slug in (await connection.execute(select(link.question, link.slug))).all():
            slugs[id_].append(slug)
        rows = (await connection.execute(every.where(question.topic.is_not(None)))).all()
    return [
        Logged(
            Asked(
                at,
                MERGED.get(topic, topic),
                outcome,
                [known[slug].at if slug in known else None for slug in slugs[id_]],
                searched,
            ),
            channel,
            slugs[id_],
        )
        for id_, at, channel, topic, outcome, searched in rows
    ]


async def within(database: Database, chosen: str | None) -> set[str]:
    async with database.reading() as session:
        return {topic.code for topic in await catalogue.topics(session) if chosen in (None, topic.code, topic.parent)}


@pytest.mark.usefixtures("kennisbank")
async def test_counted_as_defined(database: Database, clock: Clock) -> None:
    await fill(database, clock)
    everything, zone = await logged(database), clock.timezone
    seen = Linking(0, 0, 0, 0)
    for by in (By.DAY, By.WEEK, By.MONTH):
        for channel, topic in ((None, None), (Channel.PHONE, None), (None, "paspoort"), (None, "afval")):
            for first, last in ((FIRST, LAST), (date(2026, 10, 25), date(2026, 11, 5))):
                about = await within(database, topic)
                chosen = [
                    one
                    for one in everything
                    if first <= one.question.at.astimezone(zone).date() <= last
                    and channel in (None, one.channel)
                    and one.question.topic in about
                ]
                async with database.reading() as session:
                    found = await measures(session, Period(first, last, by, channel, topic), clock)
                assert found.whole == linking(one.question for one in chosen)
                assert list(found.rows) == [
                    (
                        start,
                        linking(one.question for one in chosen if start_of(one.question.at, by, first, zone) == start),
                    )
                    for start in starts(by, first, last, zone)
                ]
                assert {row.topic: row.figures for row in found.topics if row.figures.questions} == {
                    code: figures
                    for code in about
                    if (figures := linking(one.question for one in chosen if one.question.topic == code)).questions
                }
                assert {row.slug: row.figures for row in found.articles if row.figures.questions} == {
                    slug: helping(one.question.outcome for one in chosen if slug in one.slugs)
                    for slug in SLUGS
                    if any(slug in one.slugs and linking([one.question]).questions for one in chosen)
                }
                seen = found.whole if by is By.DAY and channel is topic is None and first == FIRST else seen
    assert min(seen.reused, seen.new, seen.none, seen.called_back) > 5, "each kind has to be there"
