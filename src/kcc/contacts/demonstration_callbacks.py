"""The callbacks of a demonstration's year: what became of each question that ended in one. Labelled as simulated.

Most departments call back in time; one of them does not, and that is what a team lead should see.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.callbacks import queries
from kcc.contacts.callbacks.business_time import BusinessTime
from kcc.contacts.callbacks.kinds import Closing
from kcc.contacts.callbacks.models import Callback, CallbackAttempt
from kcc.storage.rows import insert_rows

TEXT = "Gesimuleerd terugbelverzoek, voor de demonstratie."
PHONE = "+31612345678"
IN_TIME, LATE_DEPARTMENTS = 0.9, {"vergunningen": 0.55, "belastingen": 0.75}
REACHED = 0.93
# When a callback is done, in shares of the time that was promised: in time, and too late.
EARLY, LATE = (0.05, 0.95), (1.05, 2.5)


async def load(
    session: AsyncSession,
    business: BusinessTime,
    within: timedelta,
    questions: Mapping[int, Mapping[str, Any]],
    now: datetime,
    chance: Random,
) -> None:
    """A callback for each of these questions by id (`contact`, `department`, `agent`, `closed_at`).

    Open where it would be done after `now`.
    """
    made = [_callback(number, question, business, within, now, chance) for number, question in questions.items()]
    if made:
        await insert_rows(session, Callback, made)
        await insert_rows(session, CallbackAttempt, _attempts(made, await queries.ids_by_question(session)))


def _callback(
    number: int,
    question: Mapping[str, Any],
    business: BusinessTime,
    within: timedelta,
    now: datetime,
    chance: Random,
) -> dict[str, Any]:
    asked = question["closed_at"]
    in_time = chance.random() < LATE_DEPARTMENTS.get(question["department"], IN_TIME)
    done = business.after(asked, within * chance.uniform(*(EARLY if in_time else LATE)))
    ending = Closing.DONE if chance.random() < REACHED else Closing.NOT_REACHED
    return {
        "contact": question["contact"],
        "question": number,
        "department": question["department"],
        "text": TEXT,
        "phone": PHONE,
        "agent": question["agent"],
        "asked_at": asked,
        "due_at": business.after(asked, within),
        "closed_at": done if done <= now else None,
        "closed_as": ending if done <= now else None,
    }


def _attempts(made: Sequence[Mapping[str, Any]], ids: Mapping[int, int]) -> list[dict[str, Any]]:
    return [
        {
            "callback": ids[callback["question"]],
            "at": callback["closed_at"],
            "reached": callback["closed_as"] is Closing.DONE,
        }
        for callback in made
        if callback["closed_at"] is not None
    ]
