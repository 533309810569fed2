"""Inserting rows without the unit of work of an ORM, whose bookkeeping takes longer than the statement."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table, insert, inspect
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession


async def insert_row(session: AsyncSession, row: SQLModel) -> int:
    """Insert a row that has no `id` yet; returns the one it got. The row does not become part of the session."""
    values = {name: getattr(row, name) for name in _columns(type(row)) if name != "id"}
    return int((await session.exec(_insert_one(type(row)), params=values)).scalar_one())


async def insert_rows(session: AsyncSession, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, each with a value for every column that has no default in the database."""
    await session.exec(insert(table_of(table)), params=list(rows))


@cache
def table_of(of: type[SQLModel]) -> Table:
    """For statements about rows as they are: the ORM looks at each of them once more."""
    found: Any = inspect(of)
    table: Table = found.local_table
    return table


@cache
def _columns(of: type[SQLModel]) -> tuple[str, ...]:
    return tuple(column.key for column in table_of(of).columns)


@cache
def _insert_one(of: type[SQLModel]) -> Any:
    table = table_of(of)
    return insert(table).returning(table.c.id)
