"""The views in PostgreSQL say what the files say, and who may only read them reads nothing else."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kcc.service_levels.export.exporting import Written, described
from kcc.service_levels.export.views import READER, drop_views, make_views
from kcc.storage.database import Database

ZONE = "Europe/Amsterdam"


# SQLite has no users who may only read: it has no views.
pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def told(folder: Path, table: str) -> list[tuple[Any, ...]]:
    """The rows of a table in the files."""
    rows: Iterator[Path] = iter(sorted((folder / table).glob("*.parquet")))
    return [tuple(row.values()) for file in rows for row in parquet.read_table(file).to_pylist()]


def comparable(rows: list[tuple[Any, ...]]) -> list[tuple[str, ...]]:
    return sorted(
        tuple(str(value.astimezone(UTC) if isinstance(value, datetime) else value) for value in row) for row in rows
    )


async def test_the_same_as_the_files(
    filled: None, exported: Callable[..., Awaitable[dict[str, Written]]], database: Database, tmp_path: Path
) -> None:
    await exported()
    await make_views(database, ZONE)
    await make_views(database, ZONE)
    for table, _, columns in described():
        names = ", ".join(column.name for column in columns)
        query = f"SELECT {names} FROM reporting.{table}"
        if table == "dim_date":
            query += " WHERE year = 2026"
        async with database.reading() as session:
            found = [tuple(row) for row in (await session.exec(text(query))).all()]  # type: ignore[call-overload]
        assert found, table
        assert comparable(found) == comparable(told(tmp_path / "star", table)), table


async def test_a_reader_reads_the_views_and_nothing_else(filled: None, database: Database) -> None:
    async with database.writing() as session:
        await session.exec(text(f"CREATE ROLE {READER}"))  # type: ignore[call-overload]
    try:
        await make_views(database, ZONE)
        async with database.reading() as session:
            await session.exec(text(f"SET LOCAL ROLE {READER}"))  # type: ignore[call-overload]
            ((calls,),) = (await session.exec(text("SELECT count(*) FROM reporting.fact_call"))).all()  # type: ignore[call-overload]
            assert calls == 42
            with pytest.raises(DBAPIError, match="permission denied"):
                await session.exec(text("SELECT * FROM contact"))  # type: ignore[call-overload]
    finally:
        async with database.writing() as session:
            await session.exec(text(f"DROP OWNED BY {READER}"))  # type: ignore[call-overload]
            await session.exec(text(f"DROP ROLE {READER}"))  # type: ignore[call-overload]


async def test_gone_before_tables_change(filled: None, database: Database) -> None:
    await make_views(database, ZONE)
    await drop_views(database)
    async with database.writing() as session:
        await session.exec(text("ALTER TABLE call ALTER COLUMN reason TYPE text"))  # type: ignore[call-overload]
    await make_views(database, ZONE)
