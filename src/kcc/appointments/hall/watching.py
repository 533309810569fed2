"""Tells screens that something changed in a hall: at once in this process, within half a second in another.

The version of a hall in the database is the truth.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.hall import queries
from kcc.clock import Clock
from kcc.storage.database import Database
from kcc.storage.watch import Watch


class HallWatch(Watch[int]):
    """The versions of the halls of one process, as of the last look."""

    def __init__(self, database: Database, clock: Clock, stream_seconds: float = 600) -> None:
        super().__init__(database, 0, stream_seconds)
        self._clock = clock
        self._day = clock.today()
        self._shown: dict[str, tuple[int, asyncio.Task[str]]] = {}

    async def read(self, session: AsyncSession) -> Mapping[str, int]:
        """How often each hall changed today."""
        today = self._clock.today()
        found = await queries.versions(session, today)
        if today != self._day:  # versions begin again
            self._day, self._shown = today, {}
        return found

    async def after(self, location: str, seen: int | None, seconds: float) -> int | None:
        """The version of a hall once it is another than was seen; None when that takes longer than so many seconds.

        When the service is about to stop it is None at once.
        """
        with self.watching():
            if seen is None:
                await self.looked()
                return self.last(location)
            return self.last(location) if await self.changes(location, seen, seconds) else None

    async def shown(self, location: str, version: int, make: Callable[[AsyncSession], Awaitable[str]]) -> str:
        """What screens show of this version of a hall: made once, however many screens ask for it at the same time."""
        known = self._shown.get(location)
        if known is None or known[0] != version or _failed(known[1]):
            known = (version, asyncio.create_task(self._made(make)))
            self._shown[location] = known
        return await asyncio.shield(known[1])  # a screen that goes away does not stop it for the others

    async def _made(self, make: Callable[[AsyncSession], Awaitable[str]]) -> str:
        async with self._database.reading() as session:
            return await make(session)


def _failed(task: asyncio.Task[str]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
