"""The intervals of a report. Pure.

A week begins on Monday. Of a week or a month only the days that are asked for are counted.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)


class By(StrEnum):
    """How long an interval is."""

    QUARTER_HOUR = "quarter-hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


# An instant in UTC for a quarter of an hour, otherwise the first local date that is counted.
Start = date | datetime


def start_of(moment: datetime, by: By, first: date, zone: ZoneInfo) -> Start:
    """The start of the interval that a moment is in, of a report from the local date `first` on."""
    if by is By.QUARTER_HOUR:
        # Every time zone in use today differs whole quarters from UTC.
        utc = moment.astimezone(UTC)
        return utc.replace(minute=utc.minute // 15 * 15, second=0, microsecond=0)
    return _day_of(moment.astimezone(zone).date(), by, first)


def starts(by: By, first: date, last: date, zone: ZoneInfo) -> Iterator[Start]:
    """The start of every interval from the local date `first` up to and including `last`, in order."""
    if by is By.QUARTER_HOUR:
        moment, end = (_midnight(day, zone) for day in (first, last + timedelta(days=1)))
        while moment < end:  # 92 or 100 a day when the clock moves
            yield moment
            moment += QUARTER
        return
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    yield from dict.fromkeys(_day_of(day, by, first) for day in days)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _day_of(day: date, by: By, first: date) -> date:
    begins = day
    if by is By.WEEK:
        begins = day - timedelta(days=day.weekday())
    elif by is By.MONTH:
        begins = day.replace(day=1)
    return max(begins, first)
