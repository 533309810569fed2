"""The promises to call back behind a figure. Nothing in them tells who is called, or who promised it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.clock import Clock
from kcc.contacts.callbacks import queries
from kcc.contacts.callbacks.queries import PromiseRow
from kcc.service_levels.definitions import InTime, in_time
from kcc.service_levels.rollups.callbacks import promised


class Kept(StrEnum):
    """Which callbacks, as figures count them; `called` in time or `late`. One that is not due yet is in none."""

    DUE = "due"
    CALLED = "called"
    LATE = "late"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which callbacks: due on local days; what is None is not asked for."""

    first: date
    last: date
    department: str | None = None
    kept: Kept | None = None


class Case(NamedTuple):
    """A callback, and what the definition says of it alone."""

    row: PromiseRow
    figures: InTime


_KEPT: Mapping[Kept, Callable[[InTime], bool]] = {
    Kept.DUE: lambda one: one.due == 1,
    Kept.CALLED: lambda one: one.called == 1,
    Kept.LATE: lambda one: one.due > one.called,
    Kept.CLOSED: lambda one: one.closed == 1,
    Kept.WITHDRAWN: lambda one: one.withdrawn == 1,
}


async def callbacks(session: AsyncSession, asked: Asked, clock: Clock) -> list[Case]:
    """These callbacks, those that were due last first."""
    now = clock.now()
    cases = [
        Case(row, in_time([promised(row)], now))
        for row in await queries.due_between(session, *clock.bounds(asked.first, asked.last))
        if asked.department in (None, row.department)
    ]
    wanted = [
        one
        for one in cases
        if (one.figures.due or one.figures.withdrawn) and (asked.kept is None or _KEPT[asked.kept](one.figures))
    ]
    return sorted(wanted, key=lambda one: (one.row.due_at, one.row.department), reverse=True)
