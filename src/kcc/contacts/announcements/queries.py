"""All SQL of announcements."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, func
from sqlalchemy import select as select_columns
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.announcements.models import Announcement, AnnouncementRead, Importance
from kcc.contacts.announcements.schemas import State


async def announcement(session: AsyncSession, number: int, *, lock: bool = False) -> Announcement | None:
    """One announcement; locked until the end of the transaction when it is going to change."""
    query = select(Announcement).where(Announcement.id == number)
    if lock:  # what was read before the lock may be old by now
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).first()


async def add(session: AsyncSession, row: Announcement) -> None:
    """Insert an announcement that is not there yet."""
    session.add(row)
    await session.flush()


async def remove(session: AsyncSession, row: Announcement) -> None:
    """Remove an announcement with its marks."""
    await session.delete(row)
    await session.flush()


def _in_state(state: State, now: datetime) -> list[Any]:
    ended, begun = col(Announcement.ends_at) <= now, col(Announcement.starts_at) <= now
    goes_on = or_(col(Announcement.ends_at).is_(None), col(Announcement.ends_at) > now)
    return {State.CURRENT: [begun, goes_on], State.PLANNED: [~begun, goes_on], State.ENDED: [ended]}[state]


def _read_by(reader: str) -> Any:
    mark = (AnnouncementRead.announcement == Announcement.id, AnnouncementRead.reader == reader)
    return select(AnnouncementRead.announcement).where(*mark).exists()


def _rank() -> Any:
    return case({one.value: one.rank for one in Importance}, value=col(Announcement.importance))


def _newest() -> tuple[Any, Any]:
    return col(Announcement.starts_at).desc(), col(Announcement.id).desc()


async def page(
    session: AsyncSession, state: State, reader: str, now: datetime, limit: int, offset: int
) -> tuple[int, Sequence[tuple[Announcement, bool]]]:
    """How many there are in a state, and a part of them, each with whether this reader has read it.

    What is shown now and unread comes first, then the most important, then the newest; ended ones by when they ended.
    """
    conditions = _in_state(state, now)
    count: Any = select_columns(func.count()).select_from(Announcement).where(*conditions)
    total = int((await session.exec(count)).scalar_one())
    read = _read_by(reader)
    order = {
        State.CURRENT: (read, _rank().desc(), *_newest()),
        State.PLANNED: (col(Announcement.starts_at), col(Announcement.id)),
        State.ENDED: (col(Announcement.ends_at).desc(), col(Announcement.id).desc()),
    }[state]
    query: Any = select_columns(Announcement, read).where(*conditions).order_by(*order).limit(limit).offset(offset)
    return total, [(row, bool(is_read)) for row, is_read in (await session.exec(query)).all()]


async def unread(session: AsyncSession, reader: str, now: datetime) -> dict[Importance, int]:
    """How many announcements are shown now that this reader has not read, by importance."""
    conditions = [*_in_state(State.CURRENT, now), ~_read_by(reader)]
    query: Any = (
        select_columns(Announcement.importance, func.count())  # type: ignore[call-overload]
        .where(*conditions)
        .group_by(Announcement.importance)
    )
    return {Importance(importance): count for importance, count in (await session.exec(query)).all()}


async def pressing(session: AsyncSession, reader: str, now: datetime, limit: int) -> tuple[int, Sequence[Announcement]]:
    """How many unread ones cannot wait, and the first of them: the most important, then the newest."""
    conditions = [*_in_state(State.CURRENT, now), ~_read_by(reader)]
    conditions.append(Announcement.importance != Importance.NORMAL)
    count: Any = select_columns(func.count()).select_from(Announcement).where(*conditions)
    total = int((await session.exec(count)).scalar_one())
    query = select(Announcement).where(*conditions).order_by(_rank().desc(), *_newest()).limit(limit)
    return total, (await session.exec(query)).all()


async def is_read(session: AsyncSession, number: int, reader: str) -> bool:
    """Whether this reader has read an announcement."""
    return await session.get(AnnouncementRead, (number, reader)) is not None


async def mark(session: AsyncSession, number: int, reader: str, now: datetime) -> None:
    """Note that somebody read an announcement; the first time counts."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {"announcement": number, "reader": reader, "read_at": now}
    await session.exec(insert(AnnouncementRead).values(row).on_conflict_do_nothing())


async def forget_marks(session: AsyncSession, number: int) -> None:
    """Nobody has read it, as it is now."""
    await session.exec(delete(AnnouncementRead).where(col(AnnouncementRead.announcement) == number))


async def read_counts(session: AsyncSession, numbers: Collection[int], readers: Collection[str]) -> dict[int, int]:
    """By how many of these readers each announcement was read; those that none did are left out."""
    query = (
        select(AnnouncementRead.announcement, func.count())
        .where(col(AnnouncementRead.announcement).in_(numbers), col(AnnouncementRead.reader).in_(readers))
        .group_by(col(AnnouncementRead.announcement))
    )
    return dict((await session.exec(query)).all())
