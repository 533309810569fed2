"""The one source of the present moment, so that tests and demonstrations can set it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SPEC = re.compile(r"(?P<instant>\S+)(?:\s+x(?P<speed>\d+(?:\.\d+)?))?")

# Bounds within which the clock can run for weeks without leaving the calendar.
YEARS = range(1900, 2200)
MAX_SPEED = 86_400


def _real_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Clock:
    """Tells the present moment in UTC and the local date in the municipality's time zone."""

    timezone: ZoneInfo
    now: Callable[[], datetime] = _real_now
    simulated: bool = False

    def today(self) -> date:
        """The local calendar date."""
        return self.now().astimezone(self.timezone).date()

    def local_date(self, moment: datetime) -> date:
        """The local calendar date of a moment."""
        return moment.astimezone(self.timezone).date()

    def bounds(self, first: date, last: date) -> tuple[datetime, datetime]:
        """The first moment of a local day, and the one at which another is over, in UTC."""
        begin, end = (datetime.combine(day, time(), self.timezone) for day in (first, last + timedelta(days=1)))
        return begin.astimezone(UTC), end.astimezone(UTC)

    def local(self) -> datetime:
        """The present moment as local wall-clock time."""
        return self.now().astimezone(self.timezone)


def parse_spec(spec: str) -> tuple[datetime, float]:
    """Read `INSTANT[ xSPEED]`, e.g. `2026-11-24T07:30:00Z x60`.

    Returns the instant in UTC and the speed (simulated seconds per real second).
    Raises ValueError with a sentence that says what is wrong.
    """
    match = _SPEC.fullmatch(spec.strip())
    if match is None:
        raise ValueError(f"{spec!r} is not INSTANT[ xSPEED], e.g. 2026-11-24T07:30:00Z x60")
    try:
        instant = datetime.fromisoformat(match["instant"])
    except ValueError:
        raise ValueError(f"{match['instant']!r} is not an RFC 3339 instant, e.g. 2026-11-24T07:30:00Z") from None
    if instant.tzinfo is None:
        raise ValueError(f"{match['instant']!r} has no offset; add Z or e.g. +01:00")
    if instant.year not in YEARS:
        raise ValueError(f"{match['instant']!r} is too far away; use a year from {YEARS[0]} to {YEARS[-1]}")
    speed = float(match["speed"] or 1)
    if speed > MAX_SPEED:
        raise ValueError(f"x{match['speed']} is too fast; use at most x{MAX_SPEED}")
    return instant.astimezone(UTC), speed


def simulated_clock(timezone: ZoneInfo, spec: str, origin: datetime) -> Clock:
    """A clock that stood at the instant in `spec` at the real moment `origin` and runs at its speed.

    All workers of one service share `origin`, so that they agree on the time.
    """
    instant, speed = parse_spec(spec)

    def now() -> datetime:
        elapsed = (_real_now() - origin).total_seconds()
        return instant + timedelta(seconds=elapsed * speed)

    return Clock(timezone, now, simulated=True)
