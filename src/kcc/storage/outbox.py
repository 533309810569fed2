"""The outbox: work that must not be lost, written in the transaction that causes it.

Two ways to consume it. A *handler* does an entry once for the whole service (mail, another system): the
worker that holds the lease calls it and marks the entry done. A *follower* keeps something of its own in
step (the search index of this host) and remembers itself how far it has read.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, exists, func, text, update
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

import kcc.storage.types  # noqa: F401  (naming convention before the first table)
from kcc.storage import turns
from kcc.storage.rows import insert_rows

# Any number will do; it only has to be the same in every process.
_APPEND_LOCK = 0x6B6363
# An entry that failed so often (some four days) is at fault itself: those after it no longer wait for it.
MOST_ATTEMPTS_WAITED_FOR = 100


class OutboxEntry(SQLModel, table=True):
    """One piece of work: what (`topic`), about what (`key`), and whatever else the consumer needs."""

    __tablename__ = "outbox_entry"
    __table_args__ = (
        Index(
            "ix_outbox_entry_open",
            "topic",  # first: entries that are only followed are never done, and stay in here
            "available_at",
            postgresql_where=text("done_at IS NULL"),
            sqlite_where=text("done_at IS NULL"),
        ),
        Index(
            "ix_outbox_entry_open_key",
            "topic",
            "key",
            postgresql_where=text("done_at IS NULL"),
            sqlite_where=text("done_at IS NULL"),
        ),
        Index("ix_outbox_entry_topic_id", "topic", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    topic: str = Field(max_length=60)
    key: str = Field(max_length=200)
    payload: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created_at: datetime
    available_at: datetime
    attempts: int = 0
    last_error: str | None = Field(default=None, max_length=500)
    done_at: datetime | None = None


async def take_turn(session: AsyncSession) -> None:
    """Wait until no other transaction is appending, and let the others wait until this one ends.

    On PostgreSQL appending transactions take turns, so that ids become visible in order and a follower never
    steps over one that commits late. (SQLite has one writer anyway.) Whoever decides by what it reads what to
    append takes its turn before it reads: then what it read still holds, and two of them cannot lock each
    other out.
    """
    await turns.take_turn(session, _APPEND_LOCK)


async def append(
    session: AsyncSession, topic: str, key: str, now: datetime, payload: dict[str, Any] | None = None
) -> None:
    """Add an entry for followers in the caller's transaction, in its turn."""
    await take_turn(session)
    await enqueue(session, topic, key, now, (payload or {}, now))


async def enqueue(
    session: AsyncSession,
    topic: str,
    key: str,
    now: datetime,
    *payloads: tuple[dict[str, Any], datetime],
) -> None:
    """Add entries for a handler in the caller's transaction: each with its payload, to be done from a moment on.

    Handlers look for what is open, not for what is new, so that transactions need not take turns.
    """
    same = {"topic": topic, "key": key, "created_at": now, "attempts": 0}
    await insert_rows(
        session, OutboxEntry, [same | {"payload": payload, "available_at": moment} for payload, moment in payloads]
    )


async def hasten(session: AsyncSession, topic: str, key: str, now: datetime) -> None:
    """Do the open entries of this topic about this key now instead of later."""
    await session.exec(
        update(OutboxEntry)
        .where(col(OutboxEntry.topic) == topic, col(OutboxEntry.key) == key, col(OutboxEntry.done_at).is_(None))
        .values(available_at=now)
    )


async def open_entries(session: AsyncSession, topic: str, key: str) -> Sequence[OutboxEntry]:
    """The entries of a topic about this key that are to be done, now or later; oldest first."""
    query = select(OutboxEntry).where(
        OutboxEntry.topic == topic, OutboxEntry.key == key, col(OutboxEntry.done_at).is_(None)
    )
    return (await session.exec(query.order_by(col(OutboxEntry.id)))).all()


async def since(session: AsyncSession, topic: str, position: int, limit: int = 500) -> Sequence[OutboxEntry]:
    """The entries of a topic after `position`, oldest first."""
    query = (
        select(OutboxEntry)
        .where(OutboxEntry.topic == topic, col(OutboxEntry.id) > position)
        .order_by(col(OutboxEntry.id))
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def stamp(session: AsyncSession, entry_id: int) -> str:
    """What tells this entry from one with the same id in another database; empty when there is none."""
    created = (await session.exec(select(OutboxEntry.created_at).where(OutboxEntry.id == entry_id))).first()
    return created.isoformat() if created else ""


async def last_position(session: AsyncSession, topic: str) -> int:
    """The id of the newest entry of a topic; 0 when there is none."""
    query = select(func.max(OutboxEntry.id)).where(OutboxEntry.topic == topic)
    return (await session.exec(query)).one() or 0


async def due(session: AsyncSession, topics: Sequence[str], now: datetime, limit: int = 50) -> Sequence[OutboxEntry]:
    """The open entries of these topics that may be tried now, oldest first.

    Of one topic and key they are done in order: none while an earlier one is due, or has failed and is tried again
    later. One that was never due yet, such as a reminder, holds nothing up.
    """
    earlier = aliased(OutboxEntry)
    waits = exists().where(
        col(earlier.topic) == OutboxEntry.topic,
        col(earlier.key) == OutboxEntry.key,
        col(earlier.id) < col(OutboxEntry.id),
        col(earlier.done_at).is_(None),
        (col(earlier.available_at) <= now) | col(earlier.attempts).between(1, MOST_ATTEMPTS_WAITED_FOR - 1),
    )
    query = (
        select(OutboxEntry)
        .where(
            col(OutboxEntry.done_at).is_(None),
            col(OutboxEntry.topic).in_(topics),
            OutboxEntry.available_at <= now,
            ~waits,
        )
        .order_by(col(OutboxEntry.id))
        .limit(limit)
    )
    return (await session.exec(query)).all()
