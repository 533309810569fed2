"""Visits, and appointments to which nobody came, of days that are over."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.clock import Clock
from kcc.service_levels import queries
from kcc.service_levels.attendance import Attendance
from kcc.service_levels.histograms import packed, unpacked
from kcc.service_levels.rollups.counts import Row, values, within
from kcc.service_levels.rollups.models import Kind, VisitCount
from kcc.service_levels.rollups.pieces import Run
from kcc.storage.rows import table_of
from kcc.storage.sqlite_connection import few

ANY = ""  # for whatever product
_NUMBERS = ("missed", "no_shows", "left_before_called", "walk_ins_missed", "walk_ins_left")
_MICROSECOND = timedelta(microseconds=1)


class Visits:
    """As the waits at the counters count them."""

    kind = Kind.VISITS
    table = VisitCount
    reach = 0

    async def began(self, session: AsyncSession) -> datetime | None:
        """When the first appointment was, or the first visit."""
        return await queries.first_attendance(session)

    async def count(self, session: AsyncSession, clock: Clock, first: date, last: date) -> list[Row]:
        """Who came on each day, or should have, by location: for any product, and for each."""
        found: dict[tuple[date, str, str], Attendance] = defaultdict(Attendance)
        for one in await queries.visits(session, first, last, None):
            day = clock.local_date(one.planned_at or one.arrived_at)
            if first <= day <= last:
                for product in (ANY, *one.products):
                    found[day, one.location, product].count(one)
        for location, moment, products in await queries.absent_for(session, *clock.bounds(first, last)):
            for product in (ANY, *products):
                found[clock.local_date(moment), location, product].no_shows += 1
        return [
            {"start": day, "location": location, "product": product, **_columns(attendance)}
            for (day, location, product), attendance in sorted(found.items(), key=lambda item: item[0])
        ]


def _columns(attendance: Attendance) -> dict[str, Any]:
    return {
        "waits": packed(attendance.waits),
        "walk_in_waits": packed(attendance.walk_in_waits),
        "late_microseconds": attendance.late // _MICROSECOND,
        **{name: getattr(attendance, name) for name in _NUMBERS},
    }


class Counted(NamedTuple):
    """Who came to a location on a day or in a month."""

    start: date
    location: str
    attendance: Attendance


async def counted(
    session: AsyncSession, runs: Sequence[Run], location: str | None, product: str | None
) -> list[Counted]:
    """What these counts tell of one location and product, or all."""
    if not runs:
        return []
    given = {**values(runs), "product": product or ANY, **({"location": location} if location else {})}
    statement = _statement(len(runs), of_location=location is not None)
    rows = (await session.exec(statement, params=given)).all()
    return [
        Counted(start, place, Attendance(unpacked(waits), late * _MICROSECOND, unpacked(walk_ins), *numbers))
        for start, place, waits, late, walk_ins, *numbers in rows
    ]


@cache
def _statement(runs: int, *, of_location: bool) -> Any:
    of = table_of(VisitCount).c
    columns = [of.waits, of.late_microseconds, of.walk_in_waits, *(of[name] for name in _NUMBERS)]
    query = select_columns(of.start, of.location, *columns).where(within(VisitCount, runs))
    query = query.where(of.product == bindparam("product"))
    return few(query.where(of.location == bindparam("location")) if of_location else query)
