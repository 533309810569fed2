"""Keeps the wallboards of one process up to date: one look and one rendering for all who watch."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.clock import Clock
from kcc.service_levels.live.facts import FactFinder, Facts
from kcc.storage.database import Database
from kcc.storage.watch import Watch

NOW = ""  # the only name: all of it is looked at together
MOST_KEPT = 100  # renderings, of which each is for a choice of queue and location
T = TypeVar("T")


class LiveWatch(Watch[Facts | None]):
    """What is so now, as of the last look that succeeded, at `looked_at`; `sees` is whether the very last one did."""

    def __init__(self, database: Database, clock: Clock, finder: FactFinder, stream_seconds: float = 600) -> None:
        super().__init__(database, None, stream_seconds)
        self._clock = clock
        self._finder = finder
        self._rendered: tuple[Facts | None, dict[object, object]] = None, {}
        self.looked_at: datetime | None = None
        self.sees = False
        self._looks = 0

    async def read(self, session: AsyncSession) -> Mapping[str, Facts | None]:
        """What is so now."""
        found = await self._finder.find(session)
        self.looked_at = self._clock.now()
        self._looks += 1
        return {NOW: found}

    async def _look(self) -> None:
        before = self._looks
        await super()._look()
        self.sees = self._looks != before

    async def current(self) -> Facts | None:
        """What is so now for a screen that just came; None when the database could not be asked."""
        await self.looked()
        return self.last(NOW) if self.sees else None

    async def after(self, seen: Facts | None, seconds: float) -> Facts | None:
        """What is so once it is another than was seen; None when that takes longer than so many seconds.

        When the service is about to stop it is None at once.
        """
        with self.watching():
            if seen is None:
                await self.looked()
            return self.last(NOW) if await self.changes(NOW, seen, seconds) else None

    def rendered(self, facts: Facts, choice: object, make: Callable[[], T]) -> T:
        """What is shown of these facts for a choice: made once, however many screens show it."""
        if self._rendered[0] is not facts or len(self._rendered[1]) >= MOST_KEPT:
            self._rendered = facts, {}
        kept = self._rendered[1]
        if choice not in kept:
            kept[choice] = make()
        return kept[choice]  # type: ignore[return-value]
