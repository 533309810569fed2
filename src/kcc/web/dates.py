"""Dates as people read them, in the language of the page."""

from datetime import date, datetime

from babel.dates import format_date, format_datetime


def date_long(value: date, language: str = "nl") -> str:
    """`dinsdag 24 november 2026`."""
    return format_date(value, "EEEE d MMMM y", locale=language)


def date_day(value: date, language: str = "nl") -> str:
    """`24 november 2026`."""
    return format_date(value, "d MMMM y", locale=language)


def date_short(value: date, language: str = "nl") -> str:
    """`24 november`."""
    return format_date(value, "d MMMM", locale=language)


def month_long(value: date, language: str = "nl") -> str:
    """`November 2026`, as a heading."""
    text = format_date(value, "LLLL y", locale=language)
    return text[:1].upper() + text[1:]


def month_name(value: date, language: str = "nl") -> str:
    """`november`."""
    return format_date(value, "LLLL", locale=language)


def time_of_day(value: datetime, language: str = "nl") -> str:
    """`8.30`; `value` is local time."""
    return format_datetime(value, "H.mm" if language == "nl" else "H:mm", locale=language)


def moment(value: datetime, language: str = "nl") -> str:
    """`dinsdag 24 november 2026, 8.30 uur`; `value` is local time."""
    pattern = "EEEE d MMMM y, H.mm 'uur'" if language == "nl" else "EEEE d MMMM y, H:mm"
    return format_datetime(value, pattern, locale=language)


def moment_short(value: datetime, language: str = "nl") -> str:
    """`24 november, 8.30 uur`; `value` is local time."""
    pattern = "d MMMM, H.mm 'uur'" if language == "nl" else "d MMMM, H:mm"
    return format_datetime(value, pattern, locale=language)
