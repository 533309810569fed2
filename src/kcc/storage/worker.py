"""The worker that drains the outbox: one at a time over all processes, by a lease."""

import asyncio
import os
import socket
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from time import monotonic

import structlog

from kcc.clock import Clock
from kcc.storage import leases, outbox
from kcc.storage.database import Database
from kcc.storage.outbox import OutboxEntry

LEASE = "outbox"
LEASE_DURATION = timedelta(seconds=30)
RENEWED_SECONDS = 10.0  # a younger lease outlives the longest entry
MOST_REST_SECONDS = 0.1
POLL_SECONDS = 1.0
MAX_BACKOFF_SECONDS = 3600

Handler = Callable[[OutboxEntry], Awaitable[None]]
log = structlog.get_logger("kcc.outbox")


class OutboxWorker:
    """Calls the handler of each due entry; a failing one is tried again later, ever more seldom.

    An entry is done at least once: a handler must itself see to it that doing it twice does no harm.
    """

    def __init__(self, database: Database, clock: Clock, handlers: Mapping[str, Handler]) -> None:
        self._database = database
        self._clock = clock
        self._handlers = handlers
        self._leased_at = -LEASE_DURATION.total_seconds()
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"

    async def run(self) -> None:
        """Drain until cancelled, then give the lease back."""
        try:
            while True:
                try:
                    done = await self.drain()
                except Exception:
                    log.exception("outbox.unavailable")
                    done = 0
                await asyncio.sleep(0 if done else POLL_SECONDS)
        finally:
            await leases.release(self._database, LEASE, self._holder)

    async def drain(self) -> int:
        """Do what is due now, if this process has the lease. Returns the number of entries tried."""
        if not self._handlers:
            return 0
        if not await self._has_lease():
            return 0
        async with self._database.reading() as session:
            entries = await outbox.due(session, list(self._handlers), self._clock.now())
        for tried, entry in enumerate(entries):
            if not await self._kept_lease():
                return tried
            began = monotonic()
            await self._do(entry)
            # Requests come first, people wait for those: writing mail takes at most a quarter of the time.
            await asyncio.sleep(min(3 * (monotonic() - began), MOST_REST_SECONDS))
        return len(entries)

    async def _has_lease(self) -> bool:
        """Take the lease, or renew it when it is not young any more."""
        began = monotonic()
        if began - self._leased_at < RENEWED_SECONDS:
            return True
        # Leases run on real time: a simulated clock that runs fast would let them expire at once.
        mine = await leases.acquire(self._database, LEASE, self._holder, datetime.now(UTC), LEASE_DURATION)
        self._leased_at = began if mine else -LEASE_DURATION.total_seconds()
        return mine

    async def _kept_lease(self) -> bool:
        """Whether the lease was ours all the time. When not, others may have done what we read as open."""
        return monotonic() - self._leased_at < LEASE_DURATION.total_seconds() and await self._has_lease()

    async def _do(self, entry: OutboxEntry) -> None:
        async with self._database.reading() as session:
            if (await session.get_one(OutboxEntry, entry.id)).done_at is not None:
                return  # by another, while this process stood still
        error: str | None = None
        try:
            async with asyncio.timeout(LEASE_DURATION.total_seconds() / 2):
                await self._handlers[entry.topic](entry)
        except Exception as problem:
            error = _readable(problem)
            # Only its kind: what another system answers may name a person.
            kind = type(problem).__name__
            log.warning("outbox.failed", entry=entry.id, topic=entry.topic, attempt=entry.attempts + 1, error=kind)
        now = self._clock.now()
        async with self._database.writing() as session:
            stored = await session.get_one(OutboxEntry, entry.id)
            stored.attempts += 1
            stored.last_error = error
            if error is None:
                stored.done_at = now
            else:
                stored.available_at = now + timedelta(seconds=min(2 ** min(stored.attempts, 12), MAX_BACKOFF_SECONDS))


def _readable(problem: Exception) -> str:
    """What went wrong, in characters that every database takes."""
    text = f"{type(problem).__name__}: {problem}".replace("\x00", "")
    return text.encode("utf-8", "replace").decode()[:500]
