"""Tells screens that something changed in a hall: at once in this process, within half a second in another.

The version of a hall in the database is the truth. One question a turn tells it for all locations and all screens of
a process, and none is asked while nobody watches.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.hall import queries
from kcc.clock import Clock
from kcc.storage.database import Database

POLL_SECONDS = 0.5
log = structlog.get_logger("kcc.hall")


class HallWatch:
    """The halls of one process, as of the last look."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._versions: dict[str, int] = {}
        self._shown: dict[str, tuple[int, str]] = {}
        self._news = asyncio.Condition()
        self._nudged = asyncio.Event()
        self._watching = 0

    def nudge(self) -> None:
        """Something was changed here: look now."""
        self._nudged.set()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._nudged.wait()
            self._nudged.clear()
            if self._watching:
                await self._look()

    async def _look(self) -> None:
        try:
            async with self._database.reading() as session:
                found = await queries.versions(session, self._clock.today())
        except Exception:  # screens keep what they show and hear of it later
            log.exception("hall.not_seen")
            return
        if found != self._versions:
            async with self._news:
                self._versions = found
                self._news.notify_all()

    async def after(self, location: str, seen: int | None, seconds: float) -> int | None:
        """The version of a hall once it is another than was seen; None when that takes longer than so many seconds."""
        self._watching += 1
        try:
            if seen is None:
                await self._look()
                return self._versions.get(location, 0)
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds), self._news:
                    await self._news.wait_for(lambda: self._versions.get(location, 0) != seen)
                    return self._versions.get(location, 0)
            return None
        finally:
            self._watching -= 1

    async def shown(self, location: str, version: int, make: Callable[[AsyncSession], Awaitable[str]]) -> str:
        """What screens show of this version of a hall: made once, however many screens there are."""
        known = self._shown.get(location)
        if known is None or known[0] != version:
            async with self._database.reading() as session:
                known = (version, await make(session))
            self._shown[location] = known
        return known[1]
