"""All SQL of the service levels."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.hall.models import Outcome, Visit, VisitKind


async def walk_ins_by_day(session: AsyncSession, location: str, since: date, until: date) -> dict[date, int]:
    """How many walked in on each day from `since` up to, not on, `until`; a day without visits is not in it."""
    walk_ins: Any = func.sum(case((col(Visit.kind) == VisitKind.WALK_IN, 1), else_=0))
    query: Any = (
        select(col(Visit.day), walk_ins)
        .where(Visit.location == location, Visit.day >= since, Visit.day < until)
        .group_by(col(Visit.day))
    )
    return {day: int(number) for day, number in (await session.exec(query)).all()}


async def walk_in_seconds(session: AsyncSession, location: str, since: date, until: date) -> Sequence[int]:
    """How long each walk-in was served that was done, in seconds."""
    query: Any = select(Visit.served_seconds).where(
        Visit.location == location,
        Visit.day >= since,
        Visit.day < until,
        Visit.kind == VisitKind.WALK_IN,
        Visit.outcome == Outcome.DONE,
    )
    return list((await session.exec(query)).all())


async def arrivals(
    session: AsyncSession, location: str, since: date, until: date
) -> Sequence[tuple[datetime, datetime]]:
    """(planned, arrived) of each visit by appointment."""
    query: Any = select(Visit.planned_at, Visit.arrived_at).where(
        Visit.location == location,
        Visit.day >= since,
        Visit.day < until,
        col(Visit.planned_at).is_not(None),
    )
    return [(planned, arrived) for planned, arrived in (await session.exec(query)).all()]
