"""Takes the cells of a visit at one of the counters that are free, and gives them back.

Which counter is free is read first, to choose well; that it is free is decided by the database, which refuses a
cell that is taken.
"""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments import cell_queries
from kcc.appointments.availability.cells import CELLS_A_DAY
from kcc.appointments.availability.offering import Asker, SlotTaken, counters_for
from kcc.appointments.availability.plan import Plan
from kcc.appointments.availability.visit import Visit

# The longest local day, on which the clock goes back an hour.
LONGEST_DAY = CELLS_A_DAY + 12


@dataclass(frozen=True, slots=True)
class Holder:
    """Who takes cells: a hold until a moment, or an appointment for good."""

    hold: int | None = None
    appointment: int | None = None
    until: datetime | None = None


async def free_counters(
    session: AsyncSession, plan: Plan, visit: Visit, asker: Asker, day: date, cell: int, own: int | None = None
) -> list[str]:
    """The counters where the visit can start at this cell, best first. Raises SlotTaken when there is none.

    `own` is an appointment whose own cells do not count.
    """
    first = plan.opening(visit.place, day).first_cell
    counters = [counter.code for counter in visit.place.counters]
    taken = await cell_queries.taken(
        session, counters, first, first + LONGEST_DAY, asker.now, staff=asker.staff, own=own
    )
    found = counters_for(plan, visit, asker, day, cell, taken)
    if not found:
        raise taken_error()
    return found


async def take(
    session: AsyncSession,
    counters: Sequence[str],
    visit: Visit,
    cell: int,
    holder: Holder,
    asker: Asker,
    own: int | None = None,
) -> str:
    """Take the cells at the first of these counters that lets us. Returns its code; raises SlotTaken."""
    first, end = cell - visit.travel, cell + visit.cells + visit.travel
    taken_by = asdict(holder)
    for counter in counters:
        if await cell_queries.insert_cells(session, counter, first, end, **taken_by):
            return counter
        cleared = await cell_queries.clear_stale(session, counter, first, end, asker.now, staff=asker.staff, own=own)
        if cleared and await cell_queries.insert_cells(session, counter, first, end, **taken_by):
            return counter
    raise taken_error()


async def leave(session: AsyncSession, appointment: int, now: datetime, release_delay: int) -> None:
    """An appointment leaves its cells: they return online after a random delay of at most so many seconds."""
    until = now + timedelta(seconds=1 + secrets.randbelow(release_delay)) if release_delay else None
    await cell_queries.leave_cells(session, appointment, until)


def taken_error() -> SlotTaken:
    """What somebody hears who was too late."""
    return SlotTaken("Deze tijd is niet (meer) vrij. Kies een andere tijd.")
