"""Limits on log-in attempts, by address and by account, and on what is sent by people who are not signed in."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import ceil
from time import time

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from kcc.errors import TooManyRequests, Unauthenticated

# By account, so that guessing one password from many addresses is slow; by address, so that trying one
# password on many accounts is. Counted per serving process.
PER_ACCOUNT = parse("5 per 5 minutes")
PER_ADDRESS = parse("20 per 5 minutes")
FEEDBACK = parse("30 per 10 minutes")
# Residents book without signing in: by address, generous since a library or a school shares one; by contact
# detail, so that many addresses cannot fill the agenda in one name; by address for who guesses codes.
HOLDS = parse("60 per 10 minutes")
BOOKINGS_PER_CONTACT = parse("20 per hour")
LOOKUPS = parse("20 per 10 minutes")
Key = tuple[RateLimitItem, str]


class LoginLimits:
    """Counts failed attempts. A right password is not counted, so nobody locks themselves out by working."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        # Attempts still being checked: each may fail, so many at once are no way around the limit.
        self._pending: Counter[Key] = Counter()

    @asynccontextmanager
    async def attempt(self, address: str, account: str) -> AsyncIterator[None]:
        """One attempt; it counts when Unauthenticated leaves it.

        Raises TooManyRequests, with Retry-After, when there were too many failures.
        """
        keys = [(PER_ADDRESS, f"address:{address}"), (PER_ACCOUNT, f"account:{account}")] if self._enabled else []
        self._pending.update(keys)
        try:
            await self._check(keys)
            yield
        except Unauthenticated:
            for limit, key in keys:
                await self._limiter.hit(limit, key)
            raise
        finally:
            self._pending -= Counter(keys)

    async def _check(self, keys: list[Key]) -> None:
        for limit, key in keys:
            if not await self._limiter.test(limit, key, cost=self._pending[limit, key]):
                raise await _too_many(self._limiter, limit, key)


class AddressLimit:
    """Counts what one network address sends, per serving process; or what is sent about any other key.

    A key that is a contact detail is a keyed hash (`contact_details.keyed`), so that none stays in memory.
    """

    def __init__(self, limit: RateLimitItem, *, enabled: bool) -> None:
        self._enabled = enabled
        self._limit = limit
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def count(self, address: str) -> None:
        """Count one. Raises TooManyRequests, with Retry-After, when there were too many."""
        if self._enabled and not await self._limiter.hit(self._limit, address):
            raise await _too_many(self._limiter, self._limit, address)


async def _too_many(limiter: MovingWindowRateLimiter, limit: RateLimitItem, key: str) -> TooManyRequests:
    window = await limiter.get_window_stats(limit, key)
    wait = max(1, ceil(window.reset_time - time()))
    minutes = f"{ceil(wait / 60)} {'minuut' if wait <= 60 else 'minuten'}"
    detail = f"Te veel pogingen. Wacht {minutes} en probeer het opnieuw."
    return TooManyRequests(detail, headers={"Retry-After": str(wait)})
