"""Moments as people read them, on screens and in mail. Pure."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

_TIME = {"nl": "H.mm", "en": "H:mm"}
_AT = {"nl": "{day} om {time} uur", "en": "{day} at {time}"}
_BETWEEN = {"nl": "{day} tussen {begin} en {end} uur", "en": "{day} between {begin} and {end}"}
_FROM = {"nl": "{day} vanaf {begin} uur", "en": "{day} from {begin}"}


def moment(instant: datetime, zone: ZoneInfo, language: str = "nl") -> str:
    """`dinsdag 24 november om 16.30 uur`."""
    local = instant.astimezone(zone)
    return _AT[language].format(day=_day(local.date(), language), time=_time(local, language))


def window(start: datetime, until: datetime | None, zone: ZoneInfo, language: str = "nl") -> str:
    """`woensdag 25 november tussen 8.30 en 12.00 uur`, or without an end `… vanaf 8.30 uur`."""
    local = start.astimezone(zone)
    pattern = _BETWEEN if until else _FROM
    end = _time(until.astimezone(zone), language) if until else ""
    return pattern[language].format(day=_day(local.date(), language), begin=_time(local, language), end=end)


def on_screen(instant: datetime, now: datetime, zone: ZoneInfo) -> str:
    """`vandaag 16.30 uur`, `morgen 9.00 uur`, `gisteren 9.00 uur`, otherwise `donderdag 26 november, 9.00 uur`."""
    local, today = instant.astimezone(zone), now.astimezone(zone).date()
    near = {-1: "gisteren", 0: "vandaag", 1: "morgen"}.get((local.date() - today) // timedelta(days=1))
    return f"{near} {_time(local, 'nl')} uur" if near else f"{_day(local.date(), 'nl')}, {_time(local, 'nl')} uur"


def due(due_at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """`bel uiterlijk morgen 9.00 uur`; of one that is overdue `te laat: uiterlijk gisteren 9.00 uur beloofd`."""
    when = on_screen(due_at, now, zone)
    return f"te laat: uiterlijk {when} beloofd" if due_at <= now else f"bel uiterlijk {when}"


def _day(day: date, language: str) -> str:
    return format_date(day, "EEEE d MMMM", locale=language)


def _time(local: datetime, language: str) -> str:
    return format_datetime(local, _TIME[language], locale=language)
