"""Keeps the tables of passing things small. Nothing depends on it: what has expired never counts, removed or not."""

import asyncio
from datetime import timedelta

from kcc.appointments import holds
from kcc.appointments.survey import inviting
from kcc.clock import Clock
from kcc.storage import idempotency
from kcc.storage.database import Database

EVERY_SECONDS = 600.0
PART = 100  # holds at a time: whoever books waits no longer than for those
# As long as a client may repeat a request whose answer it lost.
KEYS_KEPT = timedelta(days=7)


class Housekeeper:
    """Forgets expired holds, old idempotency keys, old links to the survey. Any number of processes may do so."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def tidy(self) -> None:
        """Once, now."""
        now, found = self._clock.now(), PART
        while found == PART:
            async with self._database.writing() as session:
                found = await holds.purge(session, now, PART)
        async with self._database.writing() as session:
            await idempotency.purge(session, now - KEYS_KEPT)
        async with self._database.writing() as session:
            await inviting.purge(session, self._clock.today())

    async def run(self) -> None:
        """Every ten minutes until cancelled."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await self.tidy()
