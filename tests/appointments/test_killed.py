"""Case 27: the process is killed in the middle of booking; then either the whole booking is there or nothing."""

import asyncio
import random
import time
from pathlib import Path

from sqlalchemy import update
from sqlmodel import select

from kcc.storage.leases import Lease
from kcc.storage.outbox import OutboxEntry
from tests.appointments.auditing import books, expected_letters
from tests.appointments.flooding import Flood
from tests.appointments.hall_server import HallServer, hall_server
from tests.appointments.racing import hall

TIMES = 5
COUNTERS = 4
MAIL_SECONDS = 240


async def test_case_27_killed_in_the_middle_of_booking(database_url: str, tmp_path: Path) -> None:
    chance = random.Random(27)
    emails: list[str] = []
    with hall_server(database_url, tmp_path / "data", workers=1) as server:
        for number in range(TIMES):
            async with hall(server, COUNTERS, ("8:00", "18:00")) as here:
                flood = Flood(here, COUNTERS, seed=number)
                await flood.until_killed(answers=chance.randint(15, 40))
                server.start()
                assert await here.disagreements() == []
                await flood.check()
                assert await here.disagreements() == []
                emails += [attempt.email for attempt in flood.attempts]
        await _mail_is_out(server)
        await _check_mail(server, emails)


async def _mail_is_out(server: HallServer) -> None:
    """Wait for the worker; it need not wait until the lease of the one that was killed runs out."""
    async with server.database() as database:
        async with database.writing() as session:
            held = (await session.exec(select(Lease))).all()
            await session.exec(update(Lease).values(holder="killed", expires_at=held[0].expires_at.replace(year=2000)))
        until = time.monotonic() + MAIL_SECONDS
        while True:
            async with database.reading() as session:
                entries = (await session.exec(select(OutboxEntry).where(OutboxEntry.done_at == None))).all()  # noqa: E711
            if all(entry.payload.get("letter") == "reminder" for entry in entries):
                return
            assert time.monotonic() < until, entries
            await asyncio.sleep(0.2)


async def _check_mail(server: HallServer, emails: list[str]) -> None:
    """Everybody has one appointment, and one mail about everything that happened to it."""
    async with server.database() as database:
        read = await books(database)
    assert sorted(row.email or "" for row in read.appointments) == sorted(emails)
    letters = {
        f"{entry.id}.{entry.key}.{entry.payload['sequence']}"
        for entry in read.letters
        if entry.payload["letter"] != "reminder"
    }
    assert len(letters) == sum(len(expected_letters(row)) for row in read.appointments)
    assert {path.stem for path in (server.data / "mail").glob("*.eml")} == letters
