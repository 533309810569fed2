"""The days and the quarters of an hour that facts join. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from kcc.catalogue.holidays import public_holidays
from kcc.service_levels.export.columns import Column, Kind

DATE_NAME, QUARTER_NAME = "dim_date", "dim_quarter"
DATE_COLUMNS = (
    Column("date", Kind.DATE, ""),
    Column("year", Kind.INTEGER, ""),
    Column("month", Kind.INTEGER, "1 to 12"),
    Column("day", Kind.INTEGER, "of the month"),
    Column("weekday", Kind.INTEGER, "1 is Monday, 7 is Sunday"),
    Column("iso_year", Kind.INTEGER, "year of the ISO week"),
    Column("iso_week", Kind.INTEGER, ""),
    Column("holiday", Kind.TEXT, "Dutch name of a public holiday"),
)
QUARTER_COLUMNS = (
    Column("quarter", Kind.INTEGER, "0 to 95"),
    Column("begins", Kind.TEXT, "on the clock, as 09:15"),
    Column("hour", Kind.INTEGER, "0 to 23"),
)


def days(years: Iterable[int]) -> Iterator[tuple[date, int, int, int, int, int, int, str | None]]:
    """A row for each day of these years, in the order of DATE_COLUMNS."""
    for year in years:
        holidays = public_holidays(year)
        day = date(year, 1, 1)
        while day.year == year:
            week = day.isocalendar()
            yield day, day.year, day.month, day.day, week.weekday, week.year, week.week, holidays.get(day)
            day += timedelta(days=1)


def quarters() -> Iterator[tuple[int, str, int]]:
    """A row for each of the 96, in the order of QUARTER_COLUMNS."""
    for quarter in range(96):
        yield quarter, f"{quarter // 4:02}:{quarter % 4 * 15:02}", quarter // 4
