"""Columns of the star schema, and those that follow from others: in Python for files, in SQL for views. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from zoneinfo import ZoneInfo

Row = Mapping[str, Any]
_MINUTES = 15


class Kind(StrEnum):
    """What a column holds. Instants are in UTC; flags are whole numbers, 0 or 1, so that they add up."""

    TEXT = "text"
    INTEGER = "integer"
    INSTANT = "instant"
    DATE = "date"


class Derived(Protocol):
    """A column that follows from others of its row."""

    def of(self, row: Row, zone: ZoneInfo) -> Any:
        """Its value."""

    def sql(self, zone: str) -> str:
        """The same in PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column by name. One that is not `derived` is told by the query of its table."""

    name: str
    kind: Kind
    about: str
    derived: Derived | None = None


@dataclass(frozen=True, slots=True)
class LocalDate:
    """The date of an instant where the municipality is."""

    instant: str

    def of(self, row: Row, zone: ZoneInfo) -> date | None:
        """None of no instant."""
        moment: datetime | None = row[self.instant]
        return moment and moment.astimezone(zone).date()

    def sql(self, zone: str) -> str:
        """A date."""
        return f"({_local(self.instant, zone)})::date"


@dataclass(frozen=True, slots=True)
class LocalQuarter:
    """The quarter of an hour on the clock there: 0 begins at midnight, 95 at 23:45."""

    instant: str

    def of(self, row: Row, zone: ZoneInfo) -> int:
        """0 to 95."""
        local = row[self.instant].astimezone(zone)
        return int(local.hour * 4 + local.minute // _MINUTES)

    def sql(self, zone: str) -> str:
        """A number."""
        local = _local(self.instant, zone)
        return f"(extract(hour from {local}) * 4 + floor(extract(minute from {local}) / {_MINUTES}))::integer"


@dataclass(frozen=True, slots=True)
class Seconds:
    """Whole seconds from one instant to another; `least` in place of fewer."""

    begin: str
    end: str
    least: int | None = None

    def of(self, row: Row, zone: ZoneInfo) -> int | None:
        """None when one of the two is not known."""
        begin: datetime | None = row[self.begin]
        end: datetime | None = row[self.end]
        if begin is None or end is None:
            return None
        seconds = (end - begin) // timedelta(seconds=1)
        return seconds if self.least is None else max(self.least, seconds)

    def sql(self, zone: str) -> str:
        """A number."""
        seconds = f"floor(extract(epoch from ({self.end} - {self.begin})))"
        known = f"{self.begin} IS NOT NULL AND {self.end} IS NOT NULL"
        least = seconds if self.least is None else f"greatest({self.least}, {seconds})"
        return f"CASE WHEN {known} THEN {least} END::integer"


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds from the planned start or the arrival, whichever came last, to the first call; at least 0."""

    def of(self, row: Row, zone: ZoneInfo) -> int | None:
        """None when nobody called."""
        called: datetime | None = row["first_called_at"]
        if called is None:
            return None
        since: datetime = max(row["arrived_at"], row["planned_at"] or row["arrived_at"])
        return max(0, (called - since) // timedelta(seconds=1))

    def sql(self, zone: str) -> str:
        """A number."""
        waited = "floor(extract(epoch from (first_called_at - greatest(arrived_at, planned_at))))"
        return f"CASE WHEN first_called_at IS NOT NULL THEN greatest(0, {waited}) END::integer"


@dataclass(frozen=True, slots=True)
class DaysBetween:
    """Calendar days from the local date of one instant to that of another."""

    begin: str
    end: str

    def of(self, row: Row, zone: ZoneInfo) -> int:
        """Negative when the second comes first."""
        begin, end = (row[name].astimezone(zone).date() for name in (self.begin, self.end))
        return int((end - begin).days)

    def sql(self, zone: str) -> str:
        """A number."""
        return f"(({_local(self.end, zone)})::date - ({_local(self.begin, zone)})::date)"


def _local(instant: str, zone: str) -> str:
    return f"{instant} AT TIME ZONE '{zone}'"
