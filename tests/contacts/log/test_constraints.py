"""What the database itself refuses, whoever writes to it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError

from kcc.contacts.log.models import Contact, Question, QuestionArticle
from kcc.storage.database import Database
from tests.conftest import NOW

LATER = NOW + timedelta(minutes=1)
CLOSED = {"topic": "paspoort", "outcome": "resolved", "source": "own-knowledge", "closed_at": LATER}


async def put(database: Database, row: Any) -> int:
    async with database.writing() as session:
        session.add(row)
        await session.flush()
        return int(row.id)


async def say(database: Database, statement: str) -> None:
    async with database.writing() as session:
        await session.exec(text(statement))  # type: ignore[call-overload]


def contact(**fields: Any) -> Contact:
    return Contact(**{"agent": "anna", "channel": "phone", "requester": "resident", "started_at": NOW} | fields)


@pytest.fixture
async def open_contact(kennisbank: None, database: Database) -> int:
    return await put(database, contact())


@pytest.mark.parametrize(
    "fields",
    [
        {"channel": "fax"},
        {"requester": "own-organisation"},
        {"requester": "resident", "department": "afval"},
        {"requester": "own-organisation", "department": "niemand"},
        {"finished_at": LATER},
        {"is_open": False},
    ],
)
async def test_a_contact_it_refuses(kennisbank: None, database: Database, fields: dict[str, Any]) -> None:
    with pytest.raises(StatementError):
        await put(database, contact(**fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"outcome": "resolved"},
        {"closed_at": LATER},
        CLOSED | {"topic": None},
        CLOSED | {"source": None},
        CLOSED | {"closed_at": None},
        CLOSED | {"outcome": "transferred", "reached": True},
        CLOSED | {"outcome": "transferred", "department": "afval"},
        CLOSED | {"outcome": "callback"},
        CLOSED | {"reached": True},
        {"reached": True},
        {"tried": True},
        CLOSED | {"tried": True},
        CLOSED | {"outcome": "transferred", "reached": False, "department": "burgerzaken", "tried": True},
        {"topic": "nergens"},
        {"contact_is_open": False},
    ],
)
async def test_a_question_it_refuses(open_contact: int, database: Database, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        await put(database, Question(contact=open_contact, position=1, asked_at=NOW, **fields))


async def test_a_finished_contact_has_no_open_question(open_contact: int, database: Database) -> None:
    question = await put(database, Question(contact=open_contact, position=1, asked_at=NOW))
    finishing = f"UPDATE contact SET finished_at = started_at, is_open = false WHERE id = {open_contact}"
    with pytest.raises(IntegrityError):
        await say(database, finishing)
    closing = "topic = 'paspoort', outcome = 'resolved', source = 'own-knowledge', closed_at = asked_at"
    await say(database, f"UPDATE question SET {closing} WHERE id = {question}")
    await say(database, finishing)
    opening = "outcome = NULL, source = NULL, closed_at = NULL"
    with pytest.raises(IntegrityError):
        await say(database, f"UPDATE question SET {opening} WHERE id = {question}")
    for is_open in (True, False):
        with pytest.raises(IntegrityError):
            row = Question(contact=open_contact, position=2, asked_at=NOW, contact_is_open=is_open)
            await put(database, row)


async def test_the_questions_go_with_their_contact(open_contact: int, database: Database) -> None:
    question = await put(database, Question(contact=open_contact, position=1, asked_at=NOW))
    async with database.writing() as session:
        session.add(QuestionArticle(question=question, slug="paspoort-aanvragen", opened_at=NOW))
    await say(database, f"DELETE FROM contact WHERE id = {open_contact}")
    async with database.reading() as session:
        for table in ("question", "question_article"):
            counted = await session.exec(text(f"SELECT count(*) FROM {table}"))  # type: ignore[call-overload]
            assert counted.scalar_one() == 0
