"""The database itself refuses what cannot be."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from kcc.contacts.callbacks.kinds import Alert, Closing
from kcc.contacts.callbacks.models import Callback, CallbackAlert, CallbackNote
from kcc.storage.database import Database
from tests.conftest import NOW
from tests.contacts.conftest import Log, answered

GOOD: dict[str, Any] = {
    "department": "burgerzaken",
    "text": "Is de pas er al?",
    "phone": "+31612345678",
    "agent": "anna",
    "asked_at": NOW,
    "due_at": NOW,
}


async def _insert(database: Database, **more: Any) -> None:
    async with database.writing() as session:
        session.add(Callback(**GOOD | more))


@pytest.mark.parametrize(
    "wrong",
    [
        {"department": "nergens"},
        {"contact": 999},
        {"question": 1},
        {"text": ""},
        {"language": "de"},
        {"due_at": NOW - timedelta(minutes=1)},
        {"preferred_until": NOW},
        {"preferred_at": NOW, "preferred_until": NOW},
        {"closed_at": NOW},
        {"closed_as": Closing.DONE},
        {"closed_by": "anna"},
        {"closing_note": "klaar"},
        {"department_alerted_at": NOW},
        {"person_alerted_at": NOW, "lead_alerted_at": NOW},
    ],
)
async def test_it_refuses(log: Log, database: Database, wrong: dict[str, Any]) -> None:
    await _insert(database)
    with pytest.raises(IntegrityError):
        await _insert(database, **wrong)


async def test_a_question_has_one_promise_and_is_of_its_contact(log: Log, database: Database) -> None:
    first, second = await log.asked(answered("callback")), await log.asked(answered("callback"))
    about = {"contact": first["id"], "question": first["questions"][0]["id"]}
    await _insert(database, **about, closed_at=NOW, closed_as=Closing.WITHDRAWN)
    await _insert(database, **about)
    with pytest.raises(IntegrityError):
        await _insert(database, **about)
    with pytest.raises(IntegrityError):
        await _insert(database, contact=second["id"], question=first["questions"][0]["id"], closed_at=NOW)


async def test_a_note_says_something_and_an_alert_is_of_a_department(log: Log, database: Database) -> None:
    await _insert(database, id=1)
    for wrong in (
        CallbackNote(callback=1, at=NOW, text=""),
        CallbackNote(callback=2, at=NOW, text="klaar"),
        CallbackAlert(callback=1, at=NOW, alert=Alert.PERSON, department="nergens"),
    ):
        with pytest.raises(IntegrityError):
            async with database.writing() as session:
                session.add(wrong)
