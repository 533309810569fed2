"""Counts days in the background. Any number of processes may do so."""

import asyncio
from collections.abc import Sequence
from functools import partial

from kcc.clock import Clock
from kcc.service_levels.rollups.callbacks import Callbacks
from kcc.service_levels.rollups.counting import Family, Step, forget, step
from kcc.service_levels.rollups.questions import Questions
from kcc.service_levels.rollups.visits import Visits
from kcc.storage.database import Database

EVERY_SECONDS = 30.0
PAUSE_SECONDS = 0.02  # between two steps, so that nobody waits for a year of them
BUSY_SECONDS = 0.2  # before a step is tried again


class DayCounter:
    """Keeps the counts of days in step with questions, callbacks and visits.

    `repeat_days` is how long nobody must come back for a question to be answered at the first contact.
    """

    def __init__(self, database: Database, clock: Clock, repeat_days: int) -> None:
        self._database = database
        self._clock = clock
        self._families: Sequence[Family] = (Questions(repeat_days), Callbacks(), Visits())

    async def settle(self, pause: float = 0) -> int:
        """Count all that changed, and every day that is over. Returns in how many steps."""
        steps = 0
        for family in self._families:
            while (done := await self._step(family)) is not Step.SETTLED:
                steps += done is Step.COUNTED
                await asyncio.sleep(pause if done is Step.COUNTED else BUSY_SECONDS)
        return steps

    async def _step(self, family: Family) -> Step:
        return await self._database.transact(partial(step, family=family, clock=self._clock))

    async def rebuild(self) -> int:
        """Count all days anew. Returns in how many steps."""
        for family in self._families:
            await self._database.transact(partial(forget, family=family))
        return await self.settle()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.settle(PAUSE_SECONDS)
            await asyncio.sleep(EVERY_SECONDS)
