"""The audit itself: it finds nothing in books that are right, and something in each way they can be wrong."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from kcc.storage.database import Database
from tests.appointments.auditing import findings
from tests.appointments.conftest import DAY, Desk, Hall, place, product

# Far enough away for a reminder.
LATER = DAY + timedelta(days=7)
TAMPERINGS = {
    "a cell is gone": "DELETE FROM occupied_cell WHERE cell IN (SELECT min(cell) FROM occupied_cell)",
    "another counter": "UPDATE appointment SET counter = 'stadhuis-2' WHERE code = :code",
    "cancelled without leaving": "UPDATE appointment SET status = 'cancelled', cancelled_at = created_at",
    "two at one time": "UPDATE appointment SET starts_at = (SELECT min(starts_at) FROM appointment)",
    "a hold with a hole": "DELETE FROM occupied_cell WHERE cell IN (SELECT max(cell) - 1 FROM occupied_cell)",
    "a hold without cells": "DELETE FROM occupied_cell WHERE hold IS NOT NULL",
    "a block that is behind": "UPDATE taken_block SET mask = mask - 1 WHERE mask % 2 = 1 OR mask > 1",
    "for nothing": "DELETE FROM appointment_product",
    "no letter": "DELETE FROM outbox_entry WHERE key = :code",
    "two letters": "INSERT INTO outbox_entry (topic, key, payload, created_at, available_at, attempts)"
    " SELECT topic, key, payload, created_at, available_at, attempts FROM outbox_entry",
    "a change nobody heard of": "UPDATE appointment SET sequence = 1",
    "a key to nothing": "UPDATE idempotency_key SET result = 'BCDFGHJK'",
}


@pytest.mark.parametrize("tampering", TAMPERINGS.values(), ids=TAMPERINGS.keys())
async def test_it_finds_what_was_tampered_with(hall: Hall, desk: Desk, database: Database, tampering: str) -> None:
    await hall(product("paspoort", 15), place(counters=2))
    booked = await desk.book("10:00", day=LATER, key="key")
    cancelled = await desk.book("10:00", day=LATER)
    await desk.manage(cancelled, "cancel")
    await desk.book("10:15", day=LATER)
    await desk.hold("10:30", day=LATER)
    assert await findings(database) == []
    async with database.writing() as session:
        statement = text(tampering)
        named = {"code": booked.json()["code"]} if ":code" in tampering else {}
        await session.exec(statement, params=named)  # type: ignore[call-overload]
    assert await findings(database) != []
