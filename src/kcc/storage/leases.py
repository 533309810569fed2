"""Leases: which of several processes does a piece of background work now.

The row is the lock: whoever wrote the newest unexpired `holder` has the lease until `expires_at`.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, SQLModel, col, or_
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.storage.database import Database


class Lease(SQLModel, table=True):
    """Who does the work called `name`, and until when unless renewed."""

    name: str = Field(primary_key=True, max_length=100)
    holder: str = Field(max_length=100)
    expires_at: datetime


async def acquire(database: Database, name: str, holder: str, now: datetime, duration: timedelta) -> bool:
    """Take or renew the lease; False when another holder has it."""
    try:
        async with database.writing() as session:
            return await _take(session, name, holder, now, now + duration)
    except IntegrityError:  # two first takers at the same moment: the other one was first
        return False


async def _take(session: AsyncSession, name: str, holder: str, now: datetime, until: datetime) -> bool:
    taken = await session.exec(
        update(Lease)
        .where(col(Lease.name) == name, or_(col(Lease.holder) == holder, col(Lease.expires_at) <= now))
        .values(holder=holder, expires_at=until)
    )
    if taken.rowcount:
        return True
    if await session.get(Lease, name) is not None:
        return False
    await session.exec(insert(Lease).values(name=name, holder=holder, expires_at=until))
    return True


async def release(database: Database, name: str, holder: str) -> None:
    """Give the lease back, so that another process need not wait for it to expire."""
    async with database.writing() as session:
        await session.exec(delete(Lease).where(col(Lease.name) == name, col(Lease.holder) == holder))
