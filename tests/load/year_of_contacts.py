"""A year of contacts with a question each, straight into the tables, with articles and callbacks.

What reports of first contact, of knowledge and of callbacks read.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert

from kcc.catalogue.models import Department, Topic
from kcc.contacts.callbacks.kinds import Closing
from kcc.contacts.callbacks.models import Callback, CallbackAttempt
from kcc.contacts.log.kinds import CallLink, Channel, Outcome, RequesterKind, Source
from kcc.contacts.log.models import Contact, Question, QuestionArticle
from kcc.storage.database import Database
from tests.load import year_of_calls
from tests.load.year_of_calls import PORTION

GROUPS, TOPICS = 8, 5  # of which the first group does not count
KNOWN, CALLS_EACH = 0.6, 4  # the share of requesters that is known, and how often each calls in a year
ARTICLES, LINKED = 200, 0.7  # the share of questions for which an article was opened
OUTCOMES = [Outcome.RESOLVED] * 5 + [Outcome.TRANSFERRED] * 3 + [Outcome.CALLBACK, Outcome.DISCONNECTED]


def contacts(number: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """So many contacts, each with its question, at the moments of as many calls."""
    chance = random.Random(3)
    for id_, call in enumerate(year_of_calls.calls(number, seed=3), 1):
        at, outcome = call["entered_at"], chance.choice(OUTCOMES)
        yield (
            {
                "id": id_,
                "agent": f"medewerker-{chance.randrange(40)}",
                "channel": Channel.PHONE,
                "call_link": CallLink.LOOKING,
                "requester": RequesterKind.RESIDENT,
                "requester_key": f"{chance.randrange(number // CALLS_EACH):064}" if chance.random() < KNOWN else None,
                "started_at": at,
                "finished_at": at + timedelta(minutes=4),
                "is_open": False,
                "version": 1,
            },
            {
                "id": id_,
                "contact": id_,
                "contact_is_open": False,
                "position": 1,
                "topic": f"onderwerp-{chance.randrange(GROUPS)}-{chance.randrange(TOPICS)}",
                "outcome": outcome,
                "department": "meting" if outcome in (Outcome.TRANSFERRED, Outcome.CALLBACK) else None,
                "reached": True if outcome is Outcome.TRANSFERRED else None,
                "source": Source.OWN_KNOWLEDGE,
                "asked_at": at,
                "closed_at": at + timedelta(minutes=4),
            },
        )


async def fill(database: Database, number: int) -> None:
    """Write a year of so many contacts, and the topics that they are about."""
    async with database.writing() as session:
        session.add(Department(code="meting", name="Meting"))
        await session.flush()
        for group in range(GROUPS):
            code = f"onderwerp-{group}"
            session.add(Topic(code=code, name=code, department="meting", counts_for_first_contact=group > 0))
            await session.flush()
            for topic in (f"{code}-{one}" for one in range(TOPICS)):
                session.add(Topic(code=topic, name=topic, parent=code, department="meting"))
    rows = contacts(number)
    while portion := list(islice(rows, PORTION)):
        async with database.writing() as session:
            connection = await session.connection()
            for table, part in ((Contact, 0), (Question, 1)):
                await connection.execute(insert(table), [pair[part] for pair in portion])
            questions = [question for _, question in portion]
            await connection.execute(insert(QuestionArticle), list(_articles(questions)))
            callbacks = [_callback(one) for one in questions if one["outcome"] is Outcome.CALLBACK]
            await connection.execute(insert(Callback), callbacks)
            await connection.execute(insert(CallbackAttempt), [_attempt(one) for one in callbacks])


def _articles(questions: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in questions:
        if one["id"] % 100 < 100 * LINKED:
            yield {"question": one["id"], "slug": f"artikel-{one['id'] % ARTICLES}", "opened_at": one["asked_at"]}


def _callback(question: dict[str, Any]) -> dict[str, Any]:
    """A promise to call back within a day, kept four times out of five."""
    closed = question["asked_at"] + timedelta(hours=20 if question["id"] % 5 else 30)
    return {
        "id": question["id"],
        "contact": question["contact"],
        "question": question["id"],
        "department": "meting",
        "text": "Een vraag",
        "bsn_confirmed_not": False,
        "phone": "0612345678",
        "language": "nl",
        "agent": "medewerker",
        "asked_at": question["asked_at"],
        "due_at": question["asked_at"] + timedelta(hours=24),
        "handed_back_note": "",
        "closed_at": closed,
        "closed_by": "medewerker",
        "closed_as": Closing.DONE,
        "closing_note": "",
    }


def _attempt(callback: dict[str, Any]) -> dict[str, Any]:
    return {
        "callback": callback["id"],
        "at": callback["closed_at"],
        "by": "medewerker",
        "reached": True,
        "note": "",
        "bsn_confirmed_not": False,
    }
