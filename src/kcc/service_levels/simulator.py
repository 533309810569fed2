"""Plays days beside the event loop: one at a time in a process, for it is nothing but computing."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from kcc.appointments.hall.queueing import Rules
from kcc.errors import Busy
from kcc.service_levels.comparison import Comparison, compare
from kcc.service_levels.figures import Targets
from kcc.service_levels.simulation import Day

PATIENCE_SECONDS = 5.0


class Simulator:
    """Whose turn it is to have a day played. Who waits longer than `patience` seconds is told so."""

    def __init__(self, patience: float = PATIENCE_SECONDS) -> None:
        self._patience = patience
        self._turn = asyncio.Lock()
        # One thread: who gave up waiting may leave work behind, and that goes on alone.
        self._thread = ThreadPoolExecutor(1, "simulator")

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """While we have our turn nobody else has a day played. Raises Busy."""
        try:
            await asyncio.wait_for(self._turn.acquire(), self._patience)
        except TimeoutError:
            text = "Er worden al andere dagen doorgerekend. Probeer het over een paar tellen opnieuw."
            raise Busy(text, headers={"Retry-After": "5"}) from None
        try:
            yield
        finally:
            self._turn.release()

    async def compare(self, day: Day, counters: int | None, targets: Targets, rules: Rules) -> Comparison:
        """As `comparison.compare`. Raises Busy."""
        async with self.turn():
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, compare, day, counters, targets, rules)

    def close(self) -> None:
        """Nothing more is played. The process ends when the day that is being played is over: seconds, no minutes."""
        self._thread.shutdown(wait=False, cancel_futures=True)
