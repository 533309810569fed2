"""SQL of counts, of whatever kind."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_
from sqlalchemy import select as select_columns
from sqlmodel import SQLModel, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.service_levels.rollups.models import Span
from kcc.service_levels.rollups.pieces import Run
from kcc.storage.rows import insert_rows, table_of

# The columns of a count by name.
Row = Mapping[str, Any]


def keys(table: type[SQLModel]) -> list[str]:
    """What counts of the same interval differ in."""
    return [column.name for column in table_of(table).primary_key if column.name not in ("span", "start")]


def within(table: type[SQLModel], runs: int) -> ColumnElement[bool]:
    """The counts in any of so many runs, one or more. A statement with it is made once, and given their `values`."""
    of = table_of(table).c
    return or_(
        *(
            and_(
                of.span == bindparam(f"span_{number}"),
                of.start >= bindparam(f"first_{number}"),
                of.start <= bindparam(f"last_{number}"),
            )
            for number in range(runs)
        )
    )


def values(runs: Sequence[Run]) -> dict[str, Any]:
    """What `within` asks for."""
    return {f"{name}_{number}": value for number, run in enumerate(runs) for name, value in run._asdict().items()}


async def rows(session: AsyncSession, table: type[SQLModel], first: date, last: date) -> list[Row]:
    """The counts of each day from the first to the last, without `span`."""
    columns = [column for column in table_of(table).c if column.name != "span"]
    query: Any = select_columns(*columns).where(within(table, 1))
    return [row._mapping for row in (await session.exec(query, params=values([Run(Span.DAY, first, last)]))).all()]


async def put(
    session: AsyncSession, table: type[SQLModel], span: Span, first: date, last: date, found: Sequence[Row]
) -> None:
    """The counts of these days or months, from the first to the last, are now these, and no others."""
    of = table_of(table).c
    await session.exec(delete(table).where(of.span == span, of.start >= first, of.start <= last))
    if found:
        await insert_rows(session, table, [{"span": span, **row} for row in found])


async def clear(session: AsyncSession, table: type[SQLModel]) -> None:
    """Remove all."""
    await session.exec(delete(table))
