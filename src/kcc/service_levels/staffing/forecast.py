"""How many calls come in each quarter of an hour of the coming days. Pure.

The level of a weekday is its mean over six weeks; how a day is divided over its quarters is pooled over forty days, so
that few calls a quarter still give a smooth day. Planned events make days busier or quieter by a factor; what they did
in the past is taken out of the history first. With so few calls chance is most of the error: that is what the interval
around each quarter shows.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from kcc.service_levels.periods import QUARTER, bounds

WEEKS_OF_LEVEL: Final = 6
DAYS_OF_PROFILE: Final = 40
# With fewer days of a weekday, or fewer days in all, a forecast would be invented.
LEAST_SAME_WEEKDAYS: Final = 3
LEAST_DAYS: Final = 10
# So far after the last recorded day that what was measured no longer says much.
WEEKS_AHEAD: Final = 13
# Of a hundred quarters so many come within the interval, if the expectation is right.
INTERVAL_PERCENT: Final = 90

# Counts of a day: of each of its quarters from local midnight on. A day that is not there was closed or not recorded.
History = Mapping[date, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Event:
    """Something planned that makes people call: on these days, both included, so many times as much as usual."""

    name: str
    first: date
    last: date
    factor: float


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is known beforehand of days, past and to come.

    Nobody answers on `closed` days, such as Sundays, and on `holidays`. On the first open day after a holiday that was
    not closed anyway `after_holiday` times as many people call as usual.
    """

    zone: ZoneInfo
    closed: Collection[date] = ()
    holidays: Collection[date] = ()
    events: Sequence[Event] = ()
    after_holiday: float = 1.0

    def is_closed(self, day: date) -> bool:
        """Whether nobody answers that day."""
        return day in self.closed or day in self.holidays

    def factor(self, day: date) -> float:
        """How many times as much as usual."""
        factor = math.prod(event.factor for event in self.events if event.first <= day <= event.last)
        return factor * (self.after_holiday if self._follows_a_holiday(day) else 1)

    def _follows_a_holiday(self, day: date) -> bool:
        """Whether a holiday came since the last open day."""
        before = day - timedelta(days=1)
        while self.is_closed(before):
            if before in self.holidays and before not in self.closed:
                return True
            before -= timedelta(days=1)
        return False


class State(StrEnum):
    """Whether there is a forecast of a day, and why not."""

    FORECAST = "forecast"
    CLOSED = "closed"
    TOO_LITTLE_HISTORY = "too-little-history"


@dataclass(frozen=True, slots=True)
class Quarter:
    """Calls that are expected from an instant on, and between which numbers they come in nine of ten such quarters."""

    start: datetime
    expected: float
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class DayForecast:
    """A day: 92, 96 or 100 quarters; none when it is closed or too little is known of such days."""

    day: date
    state: State
    quarters: tuple[Quarter, ...] = ()

    @property
    def expected(self) -> float | None:
        """Calls in all; None without a forecast."""
        return math.fsum(one.expected for one in self.quarters) if self.state is State.FORECAST else None


def forecast(history: History, days: Iterable[date], calendar: Calendar) -> list[DayForecast]:
    """The days to come, in order, from what was recorded before the first of them.

    Raises ValueError when one of the last forty has another number of quarters than it had on the clock.
    """
    coming = sorted(set(days))
    if not coming:
        return []
    known = {
        day: counts
        for day, counts in sorted(history.items())
        if day < coming[0] and not calendar.is_closed(day) and calendar.factor(day) > 0
    }
    recent = list(known)[-DAYS_OF_PROFILE:]
    profile = _profile({day: known[day] for day in recent}, calendar.zone)
    last = max(known, default=date.min)
    by_weekday: dict[int, list[float]] = defaultdict(list)
    for day, counts in known.items():
        if last - day < timedelta(weeks=WEEKS_OF_LEVEL):
            by_weekday[day.weekday()].append(sum(counts) / calendar.factor(day))
    enough = len(known) >= LEAST_DAYS
    return [
        _day(day, by_weekday[day.weekday()] if enough and _is_near(day, last) else [], profile, calendar)
        for day in coming
    ]


def _is_near(day: date, last: date) -> bool:
    return day - last <= timedelta(weeks=WEEKS_AHEAD)


def _clock(day: date, quarters: int, zone: ZoneInfo) -> list[int]:
    """Of each quarter of a day, in order, which of the 96 on the clock it is: two days a year lack or repeat some."""
    found = [moment.astimezone(zone) for moment in _instants(day, zone)]
    if len(found) != quarters:
        raise ValueError(f"{day} has {len(found)} quarters of an hour, not {quarters}")
    return [moment.hour * 4 + moment.minute // 15 for moment in found]


def _instants(day: date, zone: ZoneInfo) -> list[datetime]:
    begin, end = bounds(day, day, zone)
    return [begin + number * QUARTER for number in range((end - begin) // QUARTER)]


def _profile(days: History, zone: ZoneInfo) -> list[float]:
    """The share of a day's calls in each of the 96 quarters on the clock.

    Calls in a quarter / calls on all days that had it, once for each time that they had it.
    """
    calls, of = [0] * 96, [0] * 96
    for day, counts in days.items():
        total = sum(counts)
        for quarter, count in zip(_clock(day, len(counts), zone), counts, strict=True):
            calls[quarter] += count
            of[quarter] += total
    return [found / whole if whole else 0.0 for found, whole in zip(calls, of, strict=True)]


def _day(day: date, before: Sequence[float], profile: Sequence[float], calendar: Calendar) -> DayForecast:
    factor = calendar.factor(day)
    if calendar.is_closed(day) or factor == 0:
        return DayForecast(day, State.CLOSED)
    if len(before) < LEAST_SAME_WEEKDAYS:
        return DayForecast(day, State.TOO_LITTLE_HISTORY)
    level = factor * sum(before) / len(before)
    instants = _instants(day, calendar.zone)
    expected = [level * profile[quarter] for quarter in _clock(day, len(instants), calendar.zone)]
    found = (Quarter(start, calls, *likely(calls)) for start, calls in zip(instants, expected, strict=True))
    return DayForecast(day, State.FORECAST, tuple(found))


@lru_cache(maxsize=8192)  # a week has some hundreds, and whoever asks next asks for the same
def likely(expected: float, percent: float = INTERVAL_PERCENT) -> tuple[int, int]:
    """Between which numbers a Poisson count of this mean comes in so many percent of cases or more: the middle ones."""
    tail = (1 - percent / 100) / 2
    number = max(0, math.floor(expected - 12 * math.sqrt(expected) - 12))  # less than that never comes
    total = _poisson(expected, number)
    while total <= tail:
        number += 1
        total += _poisson(expected, number)
    least = number
    while total < 1 - tail:
        number += 1
        total += _poisson(expected, number)
    return least, number


def _poisson(mean: float, number: int) -> float:
    if mean == 0:
        return float(number == 0)
    return math.exp(number * math.log(mean) - mean - math.lgamma(number + 1))


def weighted_error(pairs: Iterable[tuple[float, float]]) -> float | None:
    """WAPE of (came, expected): the errors, whatever their sign, as a share of what came; None of nothing."""
    found = list(pairs)
    came = math.fsum(actual for actual, _ in found)
    return math.fsum(abs(actual - expected) for actual, expected in found) / came if came else None
