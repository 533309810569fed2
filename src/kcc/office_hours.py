"""Opening hours of an office by weekday, as a setting writes them: `mon-fri 8:30-17:00, sat 9:00-12:00`. Pure."""

import re
from datetime import time
from itertools import pairwise

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# So that nobody is called or mailed at night, and no clock change falls within an opening.
EARLIEST, LATEST = time(6), time(22)
_PART = re.compile(r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?(?P<hours>(?:\s+\d{1,2}:\d{2}-\d{1,2}:\d{2})+)")

# From when to when, in order.
Day = tuple[tuple[time, time], ...]


def parse_week(text: str) -> tuple[Day, ...]:
    """The hours of Monday up to and including Sunday. Raises ValueError with a sentence that says what is wrong."""
    found: list[list[tuple[time, time]]] = [[] for _ in DAYS]
    for part in text.split(","):
        match = _PART.fullmatch(part.strip().lower())
        if match is None:
            raise ValueError(f"{part.strip()!r} is not days and hours, e.g. mon-fri 8:30-17:00")
        hours = [_hours(piece) for piece in match["hours"].split()]
        for day in _days(match["first"], match["last"] or match["first"]):
            found[day] += hours
    for name, openings in zip(DAYS, found, strict=True):
        openings.sort()
        if any(begin < end for (_, end), (begin, _) in pairwise(openings)):
            raise ValueError(f"the hours of {name} overlap")
    return tuple(tuple(openings) for openings in found)


def _days(first: str, last: str) -> range:
    if first not in DAYS or last not in DAYS or DAYS.index(last) < DAYS.index(first):
        raise ValueError(f"{first}-{last} are no days; use {', '.join(DAYS)}, the first before the last")
    return range(DAYS.index(first), DAYS.index(last) + 1)


def _hours(text: str) -> tuple[time, time]:
    try:
        begin, end = (time.fromisoformat(moment.zfill(len("00:00"))) for moment in text.split("-"))
    except ValueError:
        raise ValueError(f"{text} are no times of the day") from None
    if not EARLIEST <= begin < end <= LATEST:
        raise ValueError(f"{text} must begin before it ends, and lie within {EARLIEST:%H:%M}-{LATEST:%H:%M}")
    return begin, end
