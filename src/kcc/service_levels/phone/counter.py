"""Counts calls in the background, seconds after they changed. Any number of processes may do so."""

import asyncio
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.clock import Clock
from kcc.contacts.telephony.queries import is_changed
from kcc.service_levels.phone import counting
from kcc.storage.database import Database

EVERY_SECONDS = 2.0


class CallCounter:
    """Keeps the counts of calls in step with the calls."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._zone = clock.timezone

    async def settle(self) -> None:
        """Count all that changed until now."""
        async with self._database.reading() as session:
            more = await is_changed(session)
        while more:
            more = await self._database.transact(self._count)

    async def rebuild(self) -> int:
        """Count all calls anew, a day at a time. Returns how many days."""
        async with self._database.reading() as session:
            days = await counting.all_days(session, self._zone)
        for day in days:
            await self._database.transact(partial(counting.count_day, day=day, zone=self._zone))
        for month in counting.months_of(days):
            await self._database.transact(partial(counting.count_month, month=month))
        return len(days)

    async def _count(self, session: AsyncSession) -> bool:
        return await counting.count_changed(session, self._zone)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.settle()
            await asyncio.sleep(EVERY_SECONDS)
