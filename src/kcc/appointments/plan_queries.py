"""SQL that reads the plan."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import update
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.models import (
    ClosingDay,
    Counter,
    CounterProduct,
    Location,
    LocationAddress,
    LocationProduct,
    OpeningRule,
    PlanVersion,
    Product,
    ProductCombination,
    ProductTerms,
)

_PLAN_VERSION = select(PlanVersion.version)  # put together once: every transaction asks for it


async def plan_version(session: AsyncSession) -> int:
    """How often the plan was changed."""
    return (await session.exec(_PLAN_VERSION)).first() or 0


async def next_plan_version(session: AsyncSession) -> None:
    """The plan changes in this transaction; others that change it wait for the end of it."""
    changed = await session.exec(update(PlanVersion).values(version=col(PlanVersion.version) + 1))
    if not changed.rowcount:
        session.add(PlanVersion(version=1))
        await session.flush()


async def everything(session: AsyncSession, table: type[Any], *order: Any) -> Sequence[Any]:
    """All rows of one of the plan's tables."""
    return (await session.exec(select(table).order_by(*order))).all()


async def closings_everywhere(session: AsyncSession) -> list[tuple[date, int, int]]:
    """The days on which every location is closed, each from when to when in minutes of the day."""
    query = select(ClosingDay).where(col(ClosingDay.location).is_(None)).order_by(col(ClosingDay.day))
    return [(row.day, row.opens_until, row.opens_again) for row in (await session.exec(query)).all()]


async def plan_rows(session: AsyncSession) -> dict[type[SQLModel], Sequence[Any]]:
    """All rows of the tables that make the plan, each in the order of the catalogue."""
    return {
        Product: await everything(session, Product, col(Product.position), Product.code),
        ProductTerms: await everything(session, ProductTerms, ProductTerms.product, col(ProductTerms.valid_from)),
        ProductCombination: await everything(session, ProductCombination),
        Location: await everything(session, Location, col(Location.position), Location.code),
        LocationAddress: await everything(session, LocationAddress, col(LocationAddress.valid_from)),
        LocationProduct: await everything(session, LocationProduct),
        Counter: await everything(session, Counter, col(Counter.position), Counter.code),
        CounterProduct: await everything(session, CounterProduct),
        OpeningRule: await everything(session, OpeningRule, col(OpeningRule.opens), col(OpeningRule.id)),
        ClosingDay: await everything(session, ClosingDay, col(ClosingDay.day), col(ClosingDay.id)),
    }
