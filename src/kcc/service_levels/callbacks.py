"""Whether people are called back in time: by interval and department."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.clock import Clock
from kcc.contacts.callbacks import queries
from kcc.contacts.callbacks.kinds import Closing
from kcc.contacts.callbacks.queries import PromiseRow
from kcc.service_levels.definitions import InTime, Promised, in_time
from kcc.service_levels.periods import By, Start, placing, starts


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
    begin, end = clock.bounds(first, last)
    found: dict[str, dict[Start, list[Promised]]] = defaultdict(lambda: defaultdict(list))
    now, placed = clock.now(), placing(by, first, last, clock.timezone)
    for row in await queries.due_between(session, begin, end):
        if department in (None, row.department):
            found[row.department][placed(row.due_at)].append(promised(row))
    return [
        Row(start, code, in_time(found[code].get(start, ()), now))
        for start in starts(by, first, last, clock.timezone)
        for code in sorted(found)
    ]


def promised(row: PromiseRow) -> Promised:
    """A callback as the definition has it."""
    return Promised(row.due_at, row.first_attempt_at, row.closed_at, row.closed_as is Closing.WITHDRAWN)
