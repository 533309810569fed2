"""A year of calls, straight into the table: what a report reads, without the events that calls follow from.

Arrivals have the profile and the weekdays of the simulated exchange; waits are short but for two mornings a week.
"""

import asyncio
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from kcc.contacts.telephony.calls import CallOutcome
from kcc.contacts.telephony.models import Call, CallChange, CallSource
from kcc.contacts.telephony.simulating import OPENS, PROFILE, WEEKDAYS
from kcc.storage.database import Database

ZONE = ZoneInfo("Europe/Amsterdam")
FIRST, LAST = date(2025, 11, 24), date(2026, 11, 23)
QUEUES = ("algemeen", "burgerzaken", "belastingen", "sociaal-domein", "afval")
PORTION = 20_000


def calls(number: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """So many calls, in order of the day."""
    chance = random.Random(seed)
    days = [FIRST + timedelta(days=ahead) for ahead in range((LAST - FIRST).days + 1)]
    whole = sum(WEEKDAYS[day.weekday()] for day in days)
    made = 0.0
    for day in days:
        made += number * WEEKDAYS[day.weekday()] / whole
        due, made = int(made), made - int(made)
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
        for half_hour in chance.choices(range(len(PROFILE)), PROFILE, k=due):
            at = midnight + timedelta(seconds=OPENS * 60 + half_hour * 1800 + chance.randrange(1800))
            yield call(at.astimezone(UTC), is_busy=day.weekday() < 2 and 1 <= half_hour <= 4, chance=chance)


def call(at: datetime, *, is_busy: bool, chance: random.Random) -> dict[str, Any]:
    """A call that entered then; when it is busy people wait longer, and more of them hang up."""
    wait = int(chance.expovariate(1 / (70 if is_busy else 14)))
    patient = chance.expovariate(1 / 240)
    answered = wait <= patient
    talk = int(chance.lognormvariate(5, 0.7)) if answered else None
    waited = timedelta(seconds=wait if answered else int(patient))
    ended = at + waited + timedelta(seconds=talk or 0)
    return {
        "source": 1,
        "call_id": f"{at.timestamp():.0f}.{chance.randrange(10**9)}",
        "queue": chance.choice(QUEUES),
        "entered_at": at,
        "answered_at": at + waited if answered else None,
        "ended_at": ended,
        "wrapped_up_at": ended + timedelta(seconds=20) if answered else None,
        "wait_seconds": int(waited.total_seconds()),
        "talk_seconds": talk,
        "ring_ms": 0,
        "agent": f"SIP/{chance.randrange(40)}" if answered else "",
        "outcome": CallOutcome.ANSWERED if answered else CallOutcome.ABANDONED,
        "reason": "",
        "transferred_to": None,
        "caller": "",
    }


async def put(database: Database, rows: Iterator[dict[str, Any]], *, mark: bool) -> int:
    """Write calls, and when asked to mark them as what is still to be counted. Returns how many."""
    written = 0
    while portion := list(islice(rows, PORTION)):
        async with database.writing() as session:
            if not written:
                await session.merge(CallSource(id=1, code="meting"))
                await session.flush()
            await session.exec(insert(Call), params=portion)  # type: ignore[call-overload]
            if mark:
                await session.exec(insert(CallChange), params=_marks(portion))  # type: ignore[call-overload]
        written += len(portion)
    return written


def _marks(portion: Sequence[dict[str, Any]]) -> list[dict[str, int]]:
    return [{"quarter": int(row["entered_at"].timestamp()) // 900} for row in portion]


def fill(url: str, number: int) -> int:
    """Write a year of so many calls to a database."""

    async def work() -> int:
        database = Database(url)
        try:
            return await put(database, calls(number), mark=False)
        finally:
            await database.close()

    return asyncio.run(work())
