"""Time in cells: a day at a counter is a row of 5-minute cells, numbered since 1970 in UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CELL_MINUTES = 5
CELL_SECONDS = CELL_MINUTES * 60
CELLS_A_DAY = 24 * 60 // CELL_MINUTES
_TIMES = [f"T{cell // 12:02}:{cell % 12 * 5:02}:00Z" for cell in range(CELLS_A_DAY)]
_EPOCH = date(1970, 1, 1)


def cells_for(minutes: int) -> int:
    """The cells that so many minutes take: a part of one counts as a whole."""
    return -(-minutes // CELL_MINUTES)


def cell_at(moment: datetime) -> int:
    """The cell a moment is in."""
    return int(moment.timestamp()) // CELL_SECONDS


def is_aligned(moment: datetime) -> bool:
    """Whether a moment is exactly the beginning of a cell."""
    return moment.microsecond == 0 and int(moment.timestamp()) % CELL_SECONDS == 0


def instant(cell: int) -> datetime:
    """The beginning of a cell, in UTC."""
    return datetime.fromtimestamp(cell * CELL_SECONDS, UTC)


def rfc3339(cell: int) -> str:
    """The beginning of a cell as `2026-11-24T08:30:00Z`."""
    day, of_day = divmod(cell, CELLS_A_DAY)
    return (_EPOCH + timedelta(days=day)).isoformat() + _TIMES[of_day]


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A local day's first moment and that of the next one, in UTC."""
    first, after = (datetime.combine(midnight, time(), zone) for midnight in (day, day + timedelta(days=1)))
    return first.astimezone(UTC), after.astimezone(UTC)


def local_cell(day: date, minutes: int, zone: ZoneInfo) -> int:
    """The cell at so many minutes (0 to 1440) on the clock of a local day.

    A time that the clock skips is the moment it skips to; of one that comes twice the first is meant, and at a
    closing time too.
    """
    extra, minutes = divmod(minutes, 24 * 60)
    clock = datetime.combine(day + timedelta(days=extra), time(minutes // 60, minutes % 60), zone)
    summer = clock.replace(fold=1)
    if summer.timestamp() >= clock.timestamp():
        return cell_at(clock)
    # Skipped: read with the offset of after the skip it is before it.
    cell = cell_at(summer)
    while instant(cell).astimezone(zone).utcoffset() != summer.utcoffset():
        cell += 1
    return cell
