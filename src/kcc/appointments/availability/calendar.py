"""A month as a calendar shows it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of the month; `free` is the number of free starts, `present` the day of the appointment that may move."""

    date: date
    free: int
    today: bool
    chosen: bool
    present: bool = False


def month_after(first: date, months: int = 1) -> date:
    """The first day of the month so many months later (or earlier)."""
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def last_of(first: date) -> date:
    """The last day of the month that begins with `first`."""
    return month_after(first) - timedelta(days=1)


def weeks(
    first: date, free: Mapping[date, int], today: date, chosen: date | None, present: date | None = None
) -> list[list[CalendarDay | None]]:
    """The month in weeks from Monday to Sunday, with None for days of other months."""
    found: list[list[CalendarDay | None]] = []
    day, last = first, last_of(first)
    week: list[CalendarDay | None] = [None] * first.weekday()
    while day <= last:
        week.append(CalendarDay(day, free.get(day, 0), day == today, day == chosen, day == present))
        if len(week) == 7:
            found.append(week)
            week = []
        day += timedelta(days=1)
    if week:
        found.append(week + [None] * (7 - len(week)))
    return found


def month_of(text: str, lowest: date, highest: date) -> date:
    """`2026-12` as the first day of that month, or the nearest month there is to choose."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        month = lowest
    return min(max(month, lowest.replace(day=1)), highest.replace(day=1))


def day_of(text: str) -> date | None:
    """`2026-12-24` as a date; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
