"""What the database itself refuses of questions to departments."""

from typing import Any

import pytest
from sqlalchemy.exc import StatementError

from kcc.contacts.department_questions.models import DepartmentQuestion
from kcc.storage.database import Database
from tests.conftest import NOW

FIELDS: dict[str, Any] = {
    "article": "grofvuil",
    "department": "afval",
    "question": "?",
    "asked_by": "anna",
    "asker": "Anna",
    "asked_at": NOW,
    "seed": "s",
    "token_hash": "h",
}


async def put(database: Database, **fields: Any) -> None:
    async with database.writing() as session:
        session.add(DepartmentQuestion(**FIELDS | fields))
        await session.flush()


@pytest.mark.parametrize(
    "fields",
    [
        {"topic": "inzameling"},
        {"article": None},
        {"department": "niemand"},
        {"article": None, "topic": "niets"},
        {"answer": "ja"},
        {"answered_at": NOW, "answered_by": "Sam"},
        {"closed_at": NOW},
        {"seen_at": NOW},
    ],
)
async def test_it_refuses(kennisbank: None, database: Database, fields: dict[str, Any]) -> None:
    with pytest.raises(StatementError):
        await put(database, **fields)


async def test_a_link_leads_to_one_question(kennisbank: None, database: Database) -> None:
    await put(database)
    with pytest.raises(StatementError):
        await put(database)
