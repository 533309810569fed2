"""Weeks in which the same calls come every working day, so that what is expected can be told by hand."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from tests.appointments.conftest import AMSTERDAM
from tests.service_levels.phone.conftest import Phone, abandoned, answered, phone

__all__ = ["calls_of", "four_weeks", "phone"]
TODAY = date(2026, 11, 24)  # a Tuesday
HANDLING, AT_NINE, LATER = 180, 20, 4


def at(day: date, minutes: int) -> int:
    """So many minutes after nine on a day in Amsterdam, in seconds since 1970."""
    begin = datetime(day.year, day.month, day.day, 9, tzinfo=AMSTERDAM)
    return int(begin.timestamp()) + 60 * minutes


def calls_of(day: date, queue: str = "algemeen", times: int = 1) -> list[str]:
    """Twenty calls between nine and ten, one of them given up after a minute, and four between ten and eleven."""
    lines: list[str] = []
    for number in range(AT_NINE * times):
        moment, serial = at(day, 0) + number * 180 // times, number + (5000 if queue == "algemeen" else 6000)
        lines += abandoned(moment, serial, 60, queue) if number == 7 else answered(moment, serial, 10, HANDLING, queue)
    for number in range(LATER * times):
        lines += answered(at(day, 60) + number * 900 // times, 8000 + number, 10, HANDLING, queue)
    return lines


def working_days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        if (day := first + timedelta(days=number)).weekday() < 5:
            yield day


@pytest.fixture
async def four_weeks(phone: Phone) -> Phone:
    """Four weeks of such days up to yesterday, a Monday."""
    days = working_days(TODAY - timedelta(weeks=4), TODAY - timedelta(days=1))
    await phone.log(*(line for day in days for line in calls_of(day)))
    return phone
