"""Limits on log-in attempts, by address and by account."""

from math import ceil
from time import time

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from kcc.errors import TooManyRequests

# By account, so that guessing one password from many addresses is slow; by address, so that trying one
# password on many accounts is. Counted per serving process.
PER_ACCOUNT = parse("5 per 5 minutes")
PER_ADDRESS = parse("20 per 5 minutes")


class LoginLimits:
    """Counts failed attempts. A right password is not counted, so nobody locks themselves out by working."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def _keys(self, address: str, account: str) -> list[tuple[RateLimitItem, str]]:
        return [(PER_ADDRESS, f"address:{address}"), (PER_ACCOUNT, f"account:{account}")]

    async def check(self, address: str, account: str) -> None:
        """Raise TooManyRequests, with Retry-After, when there were too many failures."""
        if not self._enabled:
            return
        for limit, key in self._keys(address, account):
            if not await self._limiter.test(limit, key):
                window = await self._limiter.get_window_stats(limit, key)
                wait = max(1, ceil(window.reset_time - time()))
                minutes = f"{ceil(wait / 60)} {'minuut' if wait <= 60 else 'minuten'}"
                detail = f"Te veel pogingen. Wacht {minutes} en probeer het opnieuw."
                raise TooManyRequests(detail, headers={"Retry-After": str(wait)})

    async def failed(self, address: str, account: str) -> None:
        """Count a failed attempt."""
        for limit, key in self._keys(address, account):
            await self._limiter.hit(limit, key)
