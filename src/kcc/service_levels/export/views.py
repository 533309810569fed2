"""The star schema as views in PostgreSQL, in the schema `reporting`, for who may only read."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy.dialects import postgresql

from kcc.service_levels.export import calendar, queue_quarters
from kcc.service_levels.export.columns import Column
from kcc.service_levels.export.dimensions import DIMENSIONS
from kcc.service_levels.export.facts import FACTS
from kcc.storage.database import Database

SCHEMA, READER = "reporting", "kcc_reporting"
YEARS = range(2015, 2051)


async def drop_views(database: Database) -> None:
    """Take the views away, so that tables under them can be changed. The schema stays, with what may be read in it."""
    if database.is_sqlite:
        return
    async with database.engine.begin() as connection:
        found = await connection.exec_driver_sql(
            "SELECT table_name FROM information_schema.views WHERE table_schema = $1", (SCHEMA,)
        )
        for (name,) in found.all():
            await connection.exec_driver_sql(f'DROP VIEW IF EXISTS {SCHEMA}."{name}" CASCADE')


async def make_views(database: Database, zone: str) -> None:
    """Make all views, with local days in this time zone; the role kcc_reporting may read them when there is one."""
    if database.is_sqlite:
        return
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        for name, about, select in statements(zone):
            await connection.exec_driver_sql(f"CREATE OR REPLACE VIEW {SCHEMA}.{name} AS {select}")
            await connection.exec_driver_sql(f"COMMENT ON VIEW {SCHEMA}.{name} IS {_text(about)}")
        reader = await connection.exec_driver_sql("SELECT 1 FROM pg_roles WHERE rolname = $1", (READER,))
        if reader.first():
            await connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {READER}")
            await connection.exec_driver_sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {READER}")


def statements(zone: str) -> Iterator[tuple[str, str, str]]:
    """(name, what it is, SELECT) of each view, in the order in which they can be made."""
    for fact in FACTS:
        yield fact.name, fact.about, _derived(fact.columns, _sql(fact.query), zone)
    calls = f"{SCHEMA}.{FACTS[0].name}"
    yield queue_quarters.NAME, queue_quarters.ABOUT, queue_quarters.view(calls, zone)
    for dimension in DIMENSIONS:
        yield dimension.name, dimension.about, _sql(dimension.query)
    yield calendar.DATE_NAME, "Days", _days()
    quarters = ", ".join(f"({quarter}, {_text(begins)}, {hour})" for quarter, begins, hour in calendar.quarters())
    yield calendar.QUARTER_NAME, "Quarters of an hour", _values(quarters, calendar.QUARTER_COLUMNS)


def _derived(columns: Sequence[Column], query: str, zone: str) -> str:
    selected = (one.name if one.derived is None else f"{one.derived.sql(zone)} AS {one.name}" for one in columns)
    return f"SELECT {', '.join(selected)} FROM ({query}) fact"  # noqa: S608  (all of it is ours)


def _sql(query: Any) -> str:
    dialect: Any = postgresql.asyncpg.dialect
    compiled = query.compile(dialect=dialect(), compile_kwargs={"literal_binds": True})
    return str(compiled)


def _days() -> str:
    holidays = ", ".join(f"(DATE '{day}', {_text(name)})" for day, *_, name in calendar.days(YEARS) if name is not None)
    first, last = date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)
    return (
        "SELECT day::date AS date, extract(year from day)::integer AS year, extract(month from day)::integer AS month,"  # noqa: S608
        " extract(day from day)::integer AS day, extract(isodow from day)::integer AS weekday,"
        " extract(isoyear from day)::integer AS iso_year, extract(week from day)::integer AS iso_week,"
        " holiday.name AS holiday"
        f" FROM generate_series(TIMESTAMP '{first}', TIMESTAMP '{last}', INTERVAL '1 day') day"
        f" LEFT JOIN (VALUES {holidays}) holiday(date, name) ON holiday.date = day::date"
    )


def _values(rows: str, columns: Sequence[Column]) -> str:
    names = ", ".join(one.name for one in columns)
    return f"SELECT {names} FROM (VALUES {rows}) row({names})"  # noqa: S608


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
