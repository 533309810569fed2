"""What today comes to by closing time at the present rate, and how many calls may still be late. Pure.

Until closing time as many calls are expected, and as many of them in time, as in the last hour: of the whole quarters
of an hour that lie in it. A forecast knows more of a day; this says what happens when nothing changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from math import floor

from kcc.service_levels.definitions import Counting
from kcc.service_levels.periods import HOUR, quarter_of

# From when to when it is open, in order.
Openings = Sequence[tuple[datetime, datetime]]


class Prospect(StrEnum):
    """Whether today's target will be reached: at this rate it is kept or endangered; lost is lost at any rate."""

    NO_DATA = "no-data"
    KEPT = "kept"
    ENDANGERED = "endangered"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Rate:
    """The calls that entered in so many minutes."""

    calls: Counting
    minutes: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """`percent` is what the day comes to, `expected` how many calls are still to come.

    Of those `may_be_late` can be, and the target is still reached; None when it is lost, or nothing is known.
    """

    prospect: Prospect
    percent: float | None = None
    expected: int | None = None
    may_be_late: int | None = None


def last_hour(quarters: Mapping[datetime, Counting], now: datetime, openings: Openings) -> Rate:
    """The calls of the whole quarters in the last hour of the opening that it is now; without one of no minutes."""
    end = quarter_of(now)
    begins = [begin for begin, closes in openings if begin <= now <= closes]
    if not begins:
        return Rate(Counting(0, 0), 0.0)
    # A quarter in which it opened halfway is no whole one.
    opened = quarter_of(begins[-1])
    if opened < begins[-1]:
        opened = quarter_of(begins[-1] + timedelta(minutes=15))
    begin = max(end - HOUR, opened)
    found = [calls for start, calls in quarters.items() if begin <= start < end]
    calls = Counting(sum(one.met for one in found), sum(one.of for one in found))
    return Rate(calls, max(0.0, (end - begin) / timedelta(minutes=1)))


def minutes_left(now: datetime, openings: Openings) -> float:
    """How long it will still be open today."""
    left = sum((max(timedelta(), closes - max(begin, now)) for begin, closes in openings), timedelta())
    return left / timedelta(minutes=1)


def outlook(so_far: Counting, rate: Rate, left: float, target: float) -> Outlook:
    """What the day comes to when the rate stays as it is for the `left` minutes, against a target in percent."""
    if left > 0 and not rate.minutes:
        return Outlook(Prospect.NO_DATA)
    expected = round(rate.calls.of / rate.minutes * left) if left > 0 else 0
    total = so_far.of + expected
    if not total:
        return Outlook(Prospect.NO_DATA)
    in_time = Fraction(so_far.met) + (Fraction(expected * rate.calls.met, rate.calls.of) if expected else 0)
    wanted = Fraction(target) / 100 * total
    may_be_late = floor(so_far.met + expected - wanted)
    percent = float(100 * in_time / total)
    if may_be_late < 0:
        return Outlook(Prospect.LOST, percent, expected)
    prospect = Prospect.KEPT if in_time >= wanted else Prospect.ENDANGERED
    return Outlook(prospect, percent, expected, min(may_be_late, expected))
