"""Tells screens that something changed in the database: at once in this process, within half a second in another.

One question a turn tells it for all screens of a process, and none is asked while nobody watches.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Generic, TypeVar

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.storage.database import Database

POLL_SECONDS = 0.5
log = structlog.get_logger("kcc.watch")
T = TypeVar("T")


class Watch(ABC, Generic[T]):
    """What one process knows by name, as of its last look; `absent` stands for a name that was not found.

    A stream to a screen ends by itself after `stream_seconds`: before proxies end it, and so that workers share them.
    """

    def __init__(self, database: Database, absent: T, stream_seconds: float) -> None:
        self.stream_seconds = stream_seconds
        self.is_closing = False
        self._database = database
        self._absent = absent
        self._known: Mapping[str, T] = {}
        self._first_look: asyncio.Task[None] | None = None
        self._news = asyncio.Condition()
        self._nudged = asyncio.Event()
        self._watching = 0
        self._listeners: list[Callable[[], None]] = []

    @abstractmethod
    async def read(self, session: AsyncSession) -> Mapping[str, T]:
        """What is true now."""

    def nudge(self) -> None:
        """Something was changed here: look now."""
        self._nudged.set()
        for listener in self._listeners:
            listener()

    def tell(self, listener: Callable[[], None]) -> None:
        """Call this at each nudge too: what changed here shows on other screens as well."""
        self._listeners.append(listener)

    def close(self) -> None:
        """The service is about to stop: streams end, so that it need not wait for them."""
        self.is_closing = True
        self._nudged.set()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._nudged.wait()
            self._nudged.clear()
            if self.is_closing:
                async with self._news:
                    self._news.notify_all()
            elif self._watching:
                await self._look()

    async def _look(self) -> None:
        try:
            async with self._database.reading() as session:
                found = await self.read(session)
        except Exception:  # screens keep what they show and hear of it later
            log.exception("watch.not_seen", of=type(self).__name__)
            return
        if found != self._known:
            async with self._news:
                self._known = found
                self._news.notify_all()

    async def looked(self) -> None:
        """Look for a screen that just came; all that come at once, as after a restart, share one look."""
        if self._first_look is None or self._first_look.done():
            self._first_look = asyncio.create_task(self._look())
        await asyncio.shield(self._first_look)

    @contextmanager
    def watching(self) -> Iterator[bool]:
        """Somebody watches as long as this lasts. Whether they are the first, so that nobody looked for a while."""
        self._watching += 1
        try:
            yield self._watching == 1
        finally:
            self._watching -= 1

    def last(self, name: str) -> T:
        """What was seen at the last look."""
        return self._known.get(name, self._absent)

    async def changes(self, name: str, seen: T, seconds: float) -> bool:
        """Whether it becomes another than was seen, within so many seconds and before the service is about to stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(lambda: self.is_closing or self.last(name) != seen)
                return not self.is_closing
        return False
