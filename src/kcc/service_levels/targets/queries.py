"""SQL of targets."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.service_levels.targets.history import Kept, Metric, Norm, Scope, ScopeKind
from kcc.service_levels.targets.models import Target
from kcc.storage.rows import table_of
from kcc.storage.sqlite_connection import few


async def kept(session: AsyncSession) -> list[Kept]:
    """What each target says; most reports begin with it."""
    return [
        Kept(metric, Scope(scope, code), valid_from, Norm(*norm))
        for metric, scope, code, valid_from, *norm in (await session.exec(_kept())).all()
    ]


@cache
def _kept() -> Any:
    target = table_of(Target).c
    norm = (target[name] for name in Norm._fields)
    return few(select_columns(target.metric, target.scope, target.code, target.valid_from, *norm))


async def targets(session: AsyncSession, metric: Metric | None = None) -> Sequence[Target]:
    """All targets, or those of a metric: by metric and scope, the newest first."""
    query = select(Target)
    if metric is not None:
        query = query.where(col(Target.metric) == metric)
    order = (col(Target.metric), col(Target.scope), col(Target.code), col(Target.valid_from).desc())
    return (await session.exec(query.order_by(*order))).all()


async def series(session: AsyncSession, metric: Metric, scope: Scope) -> Sequence[Target]:
    """The targets of a metric and scope, the oldest first."""
    query = select(Target).where(Target.metric == metric, Target.scope == scope.kind, Target.code == scope.code)
    return (await session.exec(query.order_by(col(Target.valid_from)))).all()


async def target(session: AsyncSession, number: int) -> Target | None:
    """One target."""
    return await session.get(Target, number)


async def put(session: AsyncSession, row: Target) -> None:
    """A new target, or one as it is now."""
    session.add(row)
    await session.flush()


async def remove(session: AsyncSession, row: Target) -> None:
    """A target less."""
    await session.delete(row)
    await session.flush()


async def move_queue(session: AsyncSession, old: str, new: str) -> None:
    """The targets of a queue are another's, unless that has its own."""
    of_queue = col(Target.scope) == ScopeKind.QUEUE
    if (await session.exec(select(Target.id).where(of_queue, Target.code == new).limit(1))).first() is None:
        await session.exec(update(Target).where(of_queue, col(Target.code) == old).values(code=new))
