"""SQL of the star schema."""

import secrets
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Date, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.log.models import Contact
from kcc.contacts.telephony.models import Call
from kcc.service_levels.export.dimensions import Dimension
from kcc.service_levels.export.facts import FACTS, Fact
from kcc.service_levels.export.models import AgentAlias, AgentKind
from kcc.service_levels.phone.models import CallQuarter


async def fact_rows(
    session: AsyncSession, fact: Fact, first: date, last: date, bounds: tuple[datetime, datetime], zone: ZoneInfo
) -> Iterator[tuple[Any, ...]]:
    """The rows of a fact from the first local day to the last: between `bounds`. In the order of its columns."""
    begin, end = bounds
    between = (fact.when >= begin, fact.when < end)
    if isinstance(fact.when.type, Date):
        between = (fact.when >= first, fact.when <= last)
    found: Any = await session.exec(fact.query.where(*between).order_by(fact.order))
    return (
        tuple(row[one.name] if one.derived is None else one.derived.of(row, zone) for one in fact.columns)
        for row in found.mappings()
    )


async def quarters(session: AsyncSession, begin: datetime, end: datetime) -> Sequence[CallQuarter]:
    """The counted calls from one moment up to, not at, another, in order of time and queue."""
    query: Any = select(CallQuarter).where(col(CallQuarter.start) >= begin, col(CallQuarter.start) < end)
    found: Sequence[CallQuarter] = (
        (await session.exec(query.order_by(CallQuarter.start, CallQuarter.queue))).scalars().all()
    )
    return found


async def dimension_rows(session: AsyncSession, dimension: Dimension) -> list[tuple[Any, ...]]:
    """All rows of a dimension."""
    query: Any = dimension.query
    return [tuple(row) for row in (await session.exec(query)).all()]


async def reach(session: AsyncSession, zone: ZoneInfo) -> tuple[date, date] | None:
    """The first and the last local day of which there are facts; None when there are none."""
    days: list[date] = []
    for fact in FACTS:
        query: Any = select(func.min(fact.when), func.max(fact.when))
        for found in (await session.exec(query)).one():
            if found is not None:
                days.append(found.astimezone(zone).date() if isinstance(found, datetime) else found)
    return (min(days), max(days)) if days else None


async def put_aliases(session: AsyncSession) -> None:
    """A pseudonym for every agent that has none."""
    of: Any = AgentAlias
    for kind, name in ((AgentKind.TELEPHONE, col(Call.agent)), (AgentKind.ACCOUNT, col(Contact.agent))):
        known = select(of.name).where(of.kind == kind)
        query: Any = select(name).where(name != "", name.not_in(known)).distinct().order_by(name)
        for unnamed in (await session.exec(query)).scalars().all():
            session.add(AgentAlias(kind=kind, name=unnamed, alias=secrets.token_hex(6)))
    await session.flush()
