"""All SQL of the catalogue."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue.models import Department, Fee, FeeKind, FeeValue, Topic, TopicMerge, UplName
from kcc.storage.rows import table_of
from kcc.storage.sqlite_connection import few


async def departments(session: AsyncSession) -> Sequence[Department]:
    """All departments by name."""
    return (await session.exec(select(Department).order_by(Department.name))).all()


async def topics(session: AsyncSession, *, merged: bool = False) -> Sequence[Topic]:
    """All topics and groups in the order of the catalogue: each group with its topics after it.

    With `merged` also those that became part of another.
    """
    group = aliased(Topic)
    query = (
        select(Topic)
        .join(group, col(Topic.parent) == group.code, isouter=True)
        .order_by(
            func.coalesce(group.position, Topic.position),
            func.coalesce(Topic.parent, Topic.code),
            col(Topic.parent).is_not(None),
            col(Topic.position),
            Topic.code,
        )
    )
    if not merged:
        query = query.where(col(Topic.code).not_in(select(TopicMerge.topic)))
    return (await session.exec(query)).all()


async def first_contact_topics(session: AsyncSession) -> Sequence[tuple[str, str | None, bool]]:
    """(code, group, whether it counts for first-contact resolution) of each topic and group that is in no other."""
    return [(code, parent, counts) for code, parent, counts in (await session.exec(_first_contact_topics())).all()]


@cache
def _first_contact_topics() -> Any:
    of = table_of(Topic).c
    query = select_columns(of.code, of.parent, of.counts_for_first_contact)
    return few(query.where(of.code.not_in(select_columns(table_of(TopicMerge).c.topic))))


async def topic_merges(session: AsyncSession) -> dict[str, str]:
    """Of each topic that became part of another the code of that one, which itself is in no other."""
    return dict((await session.exec(select(TopicMerge.topic, TopicMerge.target))).all())


async def merge_topic(session: AsyncSession, merge: TopicMerge) -> None:
    """Make a topic part of another, with all that became part of it before."""
    await session.exec(update(TopicMerge).where(col(TopicMerge.target) == merge.topic).values(target=merge.target))
    session.add(merge)
    await session.flush()


async def topics_among(session: AsyncSession, codes: Collection[str]) -> Sequence[Topic]:
    """Those of these topics and groups that there are."""
    return (await session.exec(select(Topic).where(col(Topic.code).in_(codes)))).all()


async def departments_among(session: AsyncSession, codes: Collection[str]) -> set[str]:
    """Those of these departments that there are."""
    return set((await session.exec(select(Department.code).where(col(Department.code).in_(codes)))).all())


async def topic(session: AsyncSession, code: str) -> Topic | None:
    """One topic or group."""
    return await session.get(Topic, code)


async def department(session: AsyncSession, code: str) -> Department | None:
    """One department."""
    return await session.get(Department, code)


async def upl_uri(session: AsyncSession, name: str) -> str | None:
    """The URI of a UPL name; None when the list has no such name."""
    found = await session.get(UplName, name)
    return found.uri if found else None


async def fee_values(session: AsyncSession, today: date) -> Sequence[tuple[str, FeeKind, str]]:
    """(code, kind, value) of every fee as it is today. A fee without a value yet is left out."""
    newest = (
        select(FeeValue.fee, func.max(FeeValue.valid_from).label("valid_from"))
        .where(FeeValue.valid_from <= today)
        .group_by(FeeValue.fee)
        .subquery()
    )
    query = (
        select(Fee.code, Fee.kind, FeeValue.value)
        .join(FeeValue, col(FeeValue.fee) == Fee.code)
        .join(newest, (newest.c.fee == FeeValue.fee) & (newest.c.valid_from == FeeValue.valid_from))
    )
    return [(code, FeeKind(kind), value) for code, kind, value in (await session.exec(query)).all()]


async def fee_codes(session: AsyncSession) -> set[str]:
    """The codes of all fees."""
    return set((await session.exec(select(Fee.code))).all())


async def fees(session: AsyncSession) -> Sequence[Fee]:
    """All fees, without their values."""
    return (await session.exec(select(Fee))).all()


async def all_fee_values(session: AsyncSession) -> dict[str, dict[date, str]]:
    """Of each fee what it is, by the day from which."""
    found: dict[str, dict[date, str]] = {}
    query = select(col(FeeValue.fee), col(FeeValue.valid_from), col(FeeValue.value))
    for code, since, value in (await session.exec(query)).all():
        found.setdefault(code, {})[since] = value
    return found


async def upl_names(session: AsyncSession) -> Sequence[UplName]:
    """The whole list of UPL names."""
    return (await session.exec(select(UplName))).all()


async def upl_names_among(session: AsyncSession, names: Collection[str]) -> set[str]:
    """Those of these names that are in the UPL."""
    return set((await session.exec(select(UplName.name).where(col(UplName.name).in_(names)))).all())


async def add(session: AsyncSession, rows: Sequence[SQLModel]) -> None:
    """Insert these rows, which are not there yet."""
    session.add_all(rows)
    await session.flush()


async def merge(session: AsyncSession, rows: Sequence[SQLModel]) -> None:
    """Insert each row, or update the one with the same primary key."""
    for row in rows:
        await session.merge(row)
    await session.flush()


async def replace_fee_values(session: AsyncSession, codes: Collection[str], values: Sequence[FeeValue]) -> None:
    """Make these the only values of these fees."""
    await session.exec(delete(FeeValue).where(col(FeeValue.fee).in_(codes)))
    session.add_all(values)
    await session.flush()
