"""Whether people are called back in time: by interval and department."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.clock import Clock
from kcc.contacts.callbacks import queries
from kcc.service_levels.definitions import InTime, in_time
from kcc.service_levels.periods import By, Start, day_of, placing, starts
from kcc.service_levels.rollups import callbacks as rollups
from kcc.service_levels.rollups import seals
from kcc.service_levels.rollups.callbacks import promised
from kcc.service_levels.rollups.models import Kind


@dataclass(frozen=True, slots=True)
class Row:
    """An interval of one department."""

    start: Start
    department: str
    figures: InTime


async def rows(
    session: AsyncSession, first: date, last: date, by: By, department: str | None, clock: Clock
) -> list[Row]:
    """Every interval of each department that had a callback due in the period, by the day on which it was due."""
    found: dict[str, dict[Start, InTime]] = defaultdict(lambda: defaultdict(InTime))
    sealed = await seals.sealed(session, Kind.CALLBACKS, clock)
    pieces = sealed.pieces(first, last, by_month=by in (By.MONTH, By.YEAR))
    for one in await rollups.counted(session, pieces.runs, department):
        found[one.department][day_of(one.start, by, first)] += one.figures
    now, placed = clock.now(), placing(by, first, last, clock.timezone)
    for since, until in pieces.rest:
        for row in await queries.due_between(session, *clock.bounds(since, until)):
            if department in (None, row.department):
                found[row.department][placed(row.due_at)] += in_time([promised(row)], now)
    return [
        Row(start, code, found[code][start])
        for start in starts(by, first, last, clock.timezone)
        for code in sorted(found)
    ]
