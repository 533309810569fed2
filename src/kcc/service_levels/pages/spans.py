"""Periods of the overview: today, a month or a year so far, and the same a year earlier. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from kcc.service_levels.periods import By

# A day alone shows no trend: beside today stand the days before it.
TREND_DAYS = 14


@dataclass(frozen=True, slots=True)
class Span:
    """From the first day to the last; beside it its trend by interval, from `since` on, which may be earlier."""

    first: date
    last: date
    by: By
    since: date

    @property
    def year_before(self) -> "Span":
        """The same days a year earlier. 29 February is 28 February then; a whole month stays a whole month."""
        first, last = _year_before(self.first), _year_before(self.last)
        if self.last.day == _days_in(self.last) and self.first.day == 1:
            last = last.replace(day=_days_in(last))
        return Span(first, last, self.by, first)


def so_far(name: str, today: date) -> Span:
    """`vandaag`, `maand` or `jaar`, up to and including today."""
    if name == "vandaag":
        return Span(today, today, By.DAY, today - timedelta(days=TREND_DAYS - 1))
    first = today.replace(day=1) if name == "maand" else today.replace(month=1, day=1)
    return Span(first, today, By.DAY if name == "maand" else By.MONTH, first)


def month(first: date, today: date, by: By = By.DAY) -> Span:
    """The month that begins on a day, or what there is of it until today."""
    return Span(first, min(today, first.replace(day=_days_in(first))), by, first)


def month_before(first: date) -> date:
    """When the month before the one that begins on a day begins."""
    return (first - timedelta(days=1)).replace(day=1)


def _year_before(day: date) -> date:
    year = day.year - 1
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


def _days_in(day: date) -> int:
    return monthrange(day.year, day.month)[1]
