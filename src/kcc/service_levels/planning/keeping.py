"""Keeps forecasts as they are made, so that it can be told later how near they came."""

import asyncio
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.clock import Clock
from kcc.service_levels.phone.counter import CallCounter
from kcc.service_levels.phone.queries import known_queues
from kcc.service_levels.phone.tallies import ALL
from kcc.service_levels.planning import queries
from kcc.service_levels.planning.expecting import expect
from kcc.service_levels.planning.models import ForecastDay
from kcc.storage.database import Database
from kcc.storage.turns import take_turn

EVERY_SECONDS = 600.0
TURN = 0x6B63632D666F7265  # whoever keeps forecasts does so alone
WEEKS_KEPT: Final = 4
DECIMALS: Final = 3


class ForecastKeeper:
    """Says once a day what is expected of the coming four weeks. Any number of processes may do so at once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def record(self) -> int:
        """What was not said today yet. Returns how many days' forecasts were kept, over all queues.

        Each queue in a transaction of its own, so that nobody waits for all of them.
        """
        today, zone = self._clock.today(), self._clock.timezone
        # What is said stands: not from calls of which half is counted, as after an import.
        await CallCounter(self._database, self._clock).settle()
        async with self._database.reading() as session:
            queues = [ALL, *await known_queues(session)]
            missing = {queue: await _missing(session, today, queue) for queue in queues}
        kept = 0
        for queue, days in missing.items():
            if days:
                async with self._database.reading() as session:
                    rows = await _made(session, zone, today, days, queue)
                if rows:
                    kept += await self._keep(today, queue, rows)
        return kept

    async def _keep(self, today: date, queue: str, rows: list[ForecastDay]) -> int:
        async def work(session: AsyncSession) -> int:
            await take_turn(session, TURN)
            still = set(await _missing(session, today, queue))
            new = [ForecastDay(**row.model_dump()) for row in rows if row.day in still]
            await queries.add(session, *new)
            return len(new)

        return await self._database.transact(work)

    async def run(self) -> None:
        """Every ten minutes until cancelled: the first time after midnight it is a new day's forecast."""
        while True:
            await self.record()
            await asyncio.sleep(EVERY_SECONDS)


def weeks_ahead(today: date, day: date) -> int:
    """1 for the coming seven days, 2 for the seven after those."""
    return -((today - day).days // 7)


async def _missing(session: AsyncSession, today: date, queue: str) -> list[date]:
    """The coming days of which nothing was said so far ahead."""
    days = [today + timedelta(days=number) for number in range(1, 7 * WEEKS_KEPT + 1)]
    known = {
        (row.day, row.weeks) for row in await queries.said(session, days[0], days[-1], range(1, WEEKS_KEPT + 1), queue)
    }
    return [day for day in days if (day, weeks_ahead(today, day)) not in known]


async def _made(session: AsyncSession, zone: ZoneInfo, today: date, days: list[date], queue: str) -> list[ForecastDay]:
    found = await expect(session, zone, today, days, queue)
    return [
        ForecastDay(
            day=one.day,
            queue=queue,
            weeks=weeks_ahead(today, one.day),
            made_on=today,
            quarters=[round(quarter.expected, DECIMALS) for quarter in one.quarters],
        )
        for one in found.days
        if one.quarters
    ]
