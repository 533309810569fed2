"""What SQLite gives for nothing and PostgreSQL must be asked for: transactions that take turns."""

from sqlalchemy import func
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession


def is_sqlite(session: AsyncSession) -> bool:
    """Whether this transaction is on SQLite."""
    return session.get_bind().dialect.name == "sqlite"


async def take_turn(session: AsyncSession, about: int) -> None:
    """Wait until no other transaction holds the turn about this number (63 bits); it is ours until this one ends.

    SQLite has one writer at a time anyway.
    """
    if not is_sqlite(session):
        await session.exec(select(func.pg_advisory_xact_lock(about)))


async def try_turn(session: AsyncSession, about: int) -> bool:
    """Take the turn as `take_turn` does when it is free now. Returns whether it was."""
    return is_sqlite(session) or bool((await session.exec(select(func.pg_try_advisory_xact_lock(about)))).one())
