"""Time in which people are called back: opening hours, without public holidays and closing days. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kcc.office_hours import Day

# Whoever is closed longer than this has no opening hours.
MOST_DAYS = 400


@dataclass(frozen=True, slots=True)
class BusinessTime:
    """The hours of Monday up to and including Sunday, in a time zone, on days that are no holidays.

    `closed` is from when to when it is closed on single days besides, in minutes of the local day.
    A moment is open from the beginning of an opening up to, not at, its end. Instants are given back in UTC.
    """

    week: tuple[Day, ...]
    zone: ZoneInfo
    is_holiday: Callable[[date], bool]
    closed: Mapping[date, Sequence[tuple[int, int]]] = field(default_factory=dict)

    def openings(self, day: date) -> list[tuple[datetime, datetime]]:
        """From when to when it is open on a local day."""
        if self.is_holiday(day):
            return []
        pieces = [(_minute(begin), _minute(end)) for begin, end in self.week[day.weekday()]]
        for closing in self.closed.get(day, ()):
            pieces = [left for piece in pieces for left in _without(piece, closing)]
        return [(self._instant(day, begin), self._instant(day, end)) for begin, end in pieces]

    def is_open(self, moment: datetime) -> bool:
        """Whether people are called back at a moment."""
        return any(begin <= moment < end for begin, end in self.openings(self.local_date(moment)))

    def after(self, moment: datetime, duration: timedelta) -> datetime:
        """When so much business time has gone by since a moment; with none of it, the first open moment from it on.

        That may be the end of an opening, at which it is closed again. Raises ValueError when it never comes.
        """
        left = duration
        for begin, end in self._openings_from(moment):
            start = max(begin, moment)
            if left <= end - start and start < end:
                return (start + left).astimezone(UTC)
            left -= max(end - start, timedelta())
        raise ValueError("never open")

    def next_open(self, moment: datetime) -> datetime:
        """The first open moment from this one on."""
        return self.after(moment, timedelta())

    def next_day(self, day: date) -> date:
        """The first local day after this one on which it is open."""
        return next(one for number in range(1, MOST_DAYS) if self.openings(one := day + timedelta(days=number)))

    def local_date(self, moment: datetime) -> date:
        """The local day that a moment is on."""
        return moment.astimezone(self.zone).date()

    def _openings_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        today = self.local_date(moment)
        quiet = 0
        while quiet < MOST_DAYS:
            found = self.openings(today)
            quiet = 0 if found else quiet + 1
            yield from found
            today += timedelta(days=1)

    def _instant(self, day: date, minute: int) -> datetime:
        return datetime.combine(day, time(*divmod(minute, 60)), self.zone).astimezone(UTC)


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _without(piece: tuple[int, int], closing: tuple[int, int]) -> list[tuple[int, int]]:
    (begin, end), (closes, opens) = piece, closing
    return [(first, last) for first, last in ((begin, min(end, closes)), (max(begin, opens), end)) if first < last]
