"""Joins contacts and calls in the background, a second after they are there. Any number of processes may do so."""

import asyncio

from kcc.contacts.joining import queries, settling
from kcc.storage.database import Database

EVERY_SECONDS = 1.0


class Joiner:
    """Keeps contacts joined to their calls."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def settle(self) -> None:
        """Join all that is to be joined now."""
        async with self._database.reading() as session:
            if not await queries.is_unsettled(session):
                return
        for part in (settling.settle_touched, settling.settle_looking):
            more = True
            while more:
                more = await self._database.transact(part)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.settle()
            await asyncio.sleep(EVERY_SECONDS)
