"""Which calls belong to which days. Pure."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kcc.errors import FieldError, InvalidInput

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


def bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants at which the local day `first` begins and `last` ends. Raises InvalidInput."""
    if last < first:
        raise InvalidInput(
            "De periode klopt niet: to ligt voor from", [FieldError("query", "to", "reversed", "ligt voor from")]
        )
    if first < EARLIEST or last > LATEST:
        years = f"kies dagen van {EARLIEST.year} tot en met {LATEST.year}"
        raise InvalidInput(f"De periode klopt niet: {years}", [FieldError("query", "from", "too-far", years)])
    return _midnight(first, zone), _midnight(last + timedelta(days=1), zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
