"""SQL of changing the plan; what reads it is in `plan_queries`."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, exists, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.hall.models import ClerkProduct
from kcc.appointments.models import (
    Appointment,
    AppointmentProduct,
    ClosingDay,
    Counter,
    CounterProduct,
    LocationAddress,
    LocationProduct,
    OccupiedCell,
    OpeningRule,
    ProductCombination,
)


async def codes(session: AsyncSession, table: Any) -> set[str]:
    """The codes of all rows of a table."""
    return set((await session.exec(select(table.code))).all())


async def last_position(session: AsyncSession, table: Any) -> int:
    """The greatest position in a table; 0 when it is empty."""
    return (await session.exec(select(func.max(table.position)))).one() or 0


async def combine(session: AsyncSession, product: str, others: Collection[str]) -> None:
    """Make these the only products that one may be combined with, both ways."""
    either = (col(ProductCombination.first) == product) | (col(ProductCombination.second) == product)
    await session.exec(delete(ProductCombination).where(either))
    for other in sorted(set(others)):
        first, second = sorted((product, other))
        session.add(ProductCombination(first=first, second=second))
    await session.flush()


async def restrict(
    session: AsyncSession, table: type[LocationProduct | CounterProduct], owner: str, products: Collection[str]
) -> None:
    """Make these the only products of a location or counter, named by its code."""
    name = "location" if table is LocationProduct else "counter"
    await session.exec(delete(table).filter_by(**{name: owner}))
    session.add_all(table(**{name: owner, "product": product}) for product in sorted(set(products)))
    await session.flush()


async def put_addresses(session: AsyncSession, location: str, rows: Sequence[LocationAddress]) -> None:
    """Make these the only addresses of a location."""
    await session.exec(delete(LocationAddress).where(col(LocationAddress.location) == location))
    session.add_all(rows)
    await session.flush()


async def addresses(session: AsyncSession, location: str) -> Sequence[LocationAddress]:
    """The addresses of a location, oldest first."""
    query = select(LocationAddress).where(LocationAddress.location == location)
    return (await session.exec(query.order_by(col(LocationAddress.valid_from)))).all()


async def remove_hours(session: AsyncSession, location: str) -> None:
    """Remove the opening rules and closing days of a location."""
    await session.exec(delete(OpeningRule).where(col(OpeningRule.location) == location))
    await session.exec(delete(ClosingDay).where(col(ClosingDay.location) == location))


async def closings_on(session: AsyncSession, day: date) -> Sequence[ClosingDay]:
    """The closings of a day, of whichever location, as they were entered."""
    return (await session.exec(select(ClosingDay).where(ClosingDay.day == day).order_by(col(ClosingDay.id)))).all()


async def remove_expired_cells(session: AsyncSession, counter: str, now: datetime) -> None:
    """Remove what expired holds left at a counter."""
    await session.exec(
        delete(OccupiedCell).where(
            col(OccupiedCell.counter) == counter, col(OccupiedCell.hold).is_not(None), col(OccupiedCell.until) <= now
        )
    )


async def any_row(session: AsyncSession, condition: Any) -> bool:
    """Whether there is a row for which this holds."""
    return bool((await session.exec(select(exists().where(condition)))).one())


async def product_is_booked(session: AsyncSession, code: str) -> bool:
    """Whether any appointment, past ones too, is for a product."""
    return await any_row(session, AppointmentProduct.product == code)


async def restricted_to(session: AsyncSession, product: str) -> list[str]:
    """The locations, counters and clerks, by code or name, that name a product among the only ones they do."""
    places = select(LocationProduct.location).where(LocationProduct.product == product)
    counters = select(CounterProduct.counter).where(CounterProduct.product == product)
    clerks = select(ClerkProduct.clerk).where(ClerkProduct.product == product)
    return sorted({name for query in (places, counters, clerks) for name in (await session.exec(query)).all()})


async def products_of_clerks(session: AsyncSession) -> dict[str, list[str]]:
    """Of each clerk with a restriction, by log-in name, the only products they help with."""
    found: dict[str, list[str]] = {}
    for row in (await session.exec(select(ClerkProduct).order_by(ClerkProduct.product))).all():
        found.setdefault(row.clerk, []).append(row.product)
    return found


async def restrict_clerk(session: AsyncSession, clerk: str, products: Collection[str]) -> None:
    """Make these the only products of a clerk; none is every product."""
    await session.exec(delete(ClerkProduct).where(col(ClerkProduct.clerk) == clerk))
    session.add_all(ClerkProduct(clerk=clerk, product=product) for product in sorted(set(products)))
    await session.flush()


async def location_is_booked(session: AsyncSession, code: str) -> bool:
    """Whether any appointment, past ones too, is at a location."""
    return await any_row(session, Appointment.location == code)


async def counters_of(session: AsyncSession, location: str) -> Sequence[Counter]:
    """The counters of a location, in their order."""
    query = select(Counter).where(Counter.location == location).order_by(col(Counter.position), Counter.code)
    return (await session.exec(query)).all()


async def counter_is_booked(session: AsyncSession, code: str) -> bool:
    """Whether any appointment, past ones too, is at a counter."""
    return await any_row(session, Appointment.counter == code)
