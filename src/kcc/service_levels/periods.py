"""The intervals of a report. Pure.

A week begins on Monday. Of a week, a month or a year only the days that are asked for are counted.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
# Days that can be asked for.
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


class By(StrEnum):
    """How long an interval is."""

    QUARTER = "quarter"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    @property
    def of_clock(self) -> bool:
        """Whether it is shorter than a day."""
        return self in (By.QUARTER, By.HOUR)


# An instant in UTC for a quarter of an hour or an hour, otherwise the first local date that is counted.
Start = date | datetime


def start_of(moment: datetime, by: By, first: date, zone: ZoneInfo) -> Start:
    """The start of the interval that a moment is in, of a report from the local date `first` on."""
    if by is By.QUARTER:
        return quarter_of(moment)
    local = moment.astimezone(zone)
    if by is By.HOUR:
        return quarter_of(moment) - timedelta(minutes=local.minute // 15 * 15)
    return day_of(local.date(), by, first)


def placing(by: By, first: date, last: date, zone: ZoneInfo) -> Callable[[datetime], Start]:
    """`start_of` for many moments of the local dates from `first` to `last`: it looks them up."""
    found = list(starts(by, first, last, zone))
    instants = [start if isinstance(start, datetime) else _midnight(start, zone) for start in found]
    end = bounds(first, last, zone)[1]

    def start(moment: datetime) -> Start:
        if instants[0] <= moment < end:
            return found[bisect_right(instants, moment) - 1]
        return start_of(moment, by, first, zone)

    return start


def starts(by: By, first: date, last: date, zone: ZoneInfo) -> Iterator[Start]:
    """The start of every interval from the local date `first` up to and including `last`, in order."""
    if by.of_clock:
        moment, end = bounds(first, last, zone)
        while moment < end:  # 92 or 100 quarters a day when the clock moves
            yield moment
            moment += QUARTER if by is By.QUARTER else HOUR
        return
    day = first
    while day <= last:
        yield day
        day = _following(day, by)


def bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants at which the local date `first` begins and `last` ends."""
    return _midnight(first, zone), _midnight(last + timedelta(days=1), zone)


def quarter_of(moment: datetime) -> datetime:
    """When the quarter of an hour begins that a moment is in, in UTC: time zones differ whole quarters from it."""
    utc = moment.astimezone(UTC)
    return utc.replace(minute=utc.minute // 15 * 15, second=0, microsecond=0)


def runs(quarters: Iterable[datetime]) -> list[tuple[datetime, datetime]]:
    """When each run of these quarters of an hour begins and ends, in order: those that follow each other are one."""
    found: list[tuple[datetime, datetime]] = []
    for start in sorted(quarters):
        begin = found.pop()[0] if found and found[-1][1] == start else start
        found.append((begin, start + QUARTER))
    return found


def days_of(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last; none when the last comes before it."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The days from the first to the last, cut where a month begins: (first, last) of each piece."""
    while first <= last:
        following = next_month(first)
        yield first, min(last, following - DAY)
        first = following


def whole_months(first: date, last: date) -> tuple[date, date]:
    """Of the whole months from the first day to the last: when they begin, and the day after; the same when none."""
    begin = next_month(first - DAY)
    return begin, max(begin, (last + DAY).replace(day=1))


def even_days(first: date, last: date, zone: ZoneInfo) -> Iterator[tuple[timedelta, date, date]]:
    """The days from the first to the last, cut where the clock moves: (how long each is, first, last) of each piece."""

    def length(day: date) -> timedelta:
        begin, end = bounds(day, day, zone)
        return end - begin

    for hours, piece in groupby(days_of(first, last), key=length):
        alike = list(piece)
        yield hours, alike[0], alike[-1]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _following(day: date, by: By) -> date:
    """When the interval begins that comes after the one that a local date is in."""
    if by is By.WEEK:
        return day + timedelta(days=7 - day.weekday())
    if by is By.MONTH:
        return next_month(day)
    if by is By.YEAR:
        return date(day.year + 1, 1, 1)
    return day + DAY


def next_month(day: date) -> date:
    """The first day of the month that comes after the one that a local date is in."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def day_of(day: date, by: By, first: date) -> date:
    """The first date that is counted of the interval that a local date is in."""
    begins = day
    if by is By.WEEK:
        begins = day - timedelta(days=day.weekday())
    elif by is By.MONTH:
        begins = day.replace(day=1)
    elif by is By.YEAR:
        begins = day.replace(month=1, day=1)
    return max(begins, first)
