"""Counts per product and day what residents do before they book, without saying who did it."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments import queries
from kcc.appointments.models import CountedEvent
from kcc.clock import Clock
from kcc.storage.database import Database

FLUSH_SECONDS = 2.0
DAYS_SHOWN = 30
log = structlog.get_logger("kcc.product_counts")


class ProductCounter:
    """Counts in memory and writes every few seconds, so that no page waits for it; a crash loses those seconds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._counts: Counter[tuple[str, date, CountedEvent]] = Counter()
        self._writing = asyncio.Lock()

    def count(self, event: CountedEvent, products: Iterable[str]) -> None:
        """This happened once with each of these products."""
        today = self._clock.today()
        self._counts.update({(code, today, event) for code in products})

    async def flush(self) -> None:
        """Write what was counted; what could not be written is kept for the next time."""
        async with self._writing:
            await self._flush()

    async def _flush(self) -> None:
        counts, self._counts = self._counts, Counter()
        if not counts:
            return
        try:
            async with self._database.writing() as session:
                await queries.add_counts(session, [(*key, times) for key, times in counts.items()])
        except BaseException as error:
            self._counts += counts
            if not isinstance(error, Exception):  # being stopped: `run` writes once more
                raise
            log.exception("product_counts.not_written")

    async def run(self) -> None:
        """Write every few seconds until cancelled, and once more then."""
        try:
            while True:
                await asyncio.sleep(FLUSH_SECONDS)
                await self.flush()
        finally:
            await self.flush()


@dataclass(frozen=True, slots=True)
class Counted:
    """How often something happened with a product: opened, gone online instead, booking begun, booked."""

    opened: int
    online: int
    begun: int
    booked: int


async def counted(session: AsyncSession, clock: Clock, days: int = DAYS_SHOWN) -> dict[str, Counted]:
    """By product, over the last days up to today. Products with which nothing happened are left out."""
    first = clock.today() - timedelta(days=days - 1)
    counts = await queries.counts_since(session, first)
    booked = await queries.booked_since(session, datetime.combine(first, time(), clock.timezone).astimezone(UTC))
    return {
        code: Counted(
            opened=counts.get((code, CountedEvent.OPENED), 0),
            online=counts.get((code, CountedEvent.ONLINE_CHOSEN), 0),
            begun=counts.get((code, CountedEvent.BEGUN), 0),
            booked=booked.get(code, 0),
        )
        for code in sorted({code for code, _ in counts} | set(booked))
    }
