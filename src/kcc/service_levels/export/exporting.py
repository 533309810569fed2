"""Write the star schema to a folder: a file a month for each fact, one for each dimension, and what they are."""

import fcntl
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.clock import Clock
from kcc.service_levels import definitions
from kcc.service_levels.export import calendar, files, queries, queue_quarters
from kcc.service_levels.export.columns import Column
from kcc.service_levels.export.dimensions import DIMENSIONS
from kcc.service_levels.export.facts import FACTS
from kcc.service_levels.periods import months
from kcc.service_levels.phone.counter import CallCounter
from kcc.storage.database import Database

# Raised when a column or a row comes to mean something else.
STAR_VERSION = 1
MANIFEST, DONE, LOCK = "manifest.json", ".done", ".lock"
NOTE = (
    "Counts that add up, never percentages. Durations in whole seconds, instants in UTC, dates of the municipality's"
    " time zone. No number, name or address of anybody."
)


class NotOurs(Exception):
    """The folder holds something else; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Written:
    """A table that was written: from a month to a month for a fact, and in how many of its files something changed."""

    table: str
    rows: int
    files: int
    changed: int


async def export(
    database: Database, folder: Path, clock: Clock, first: date | None, last: date | None
) -> list[Written]:
    """Write the months in which these days lie; without days those of all there is. Dimensions are written whole.

    Twice is once. Raises NotOurs when the folder has files that are not of an export.
    """
    with _alone(folder):
        await CallCounter(database, clock).settle()
        async with database.writing() as session:
            await queries.put_aliases(session)
        async with database.reading() as session:
            reach = await queries.reach(session, clock.timezone) or (clock.today(), clock.today())
            first, last = first or reach[0], last or max(reach[1], clock.today())
            done = await _facts(session, folder, clock, first, last)
            done += await _dimensions(session, folder, range(reach[0].year, max(reach[1], clock.today()).year + 1))
        files.put_text(folder / MANIFEST, _manifest(folder, clock))
        return done


async def _facts(session: AsyncSession, folder: Path, clock: Clock, first: date, last: date) -> list[Written]:
    tables = {name: columns for name, _, columns in described() if name.startswith("fact_")}
    counts: dict[str, list[int]] = {name: [0, 0, 0] for name in tables}
    for begins, ends in _whole_months(first, last):
        async for name, rows in _month(session, clock, begins, ends):
            path = folder / name / f"{name}-{begins:%Y-%m}"
            changed = files.put(path, tables[name], rows) if rows else files.remove(path)
            counts[name] = [a + b for a, b in zip(counts[name], (len(rows), bool(rows), changed), strict=True)]
    return [Written(name, *numbers) for name, numbers in counts.items()]


async def _month(
    session: AsyncSession, clock: Clock, first: date, last: date
) -> AsyncIterator[tuple[str, list[tuple[Any, ...]]]]:
    bounds = clock.bounds(first, last)
    for fact in FACTS:
        yield fact.name, list(await queries.fact_rows(session, fact, first, last, bounds, clock.timezone))
    counted = await queries.quarters(session, *bounds)
    yield queue_quarters.NAME, list(queue_quarters.rows(counted, clock.timezone))


def _whole_months(first: date, last: date) -> Iterator[tuple[date, date]]:
    following = (last.replace(day=1) + timedelta(days=31)).replace(day=1)
    return months(first.replace(day=1), following - timedelta(days=1))


async def _dimensions(session: AsyncSession, folder: Path, years: range) -> list[Written]:
    found: list[tuple[str, Sequence[Column], list[tuple[Any, ...]]]] = [
        (one.name, one.columns, await queries.dimension_rows(session, one)) for one in DIMENSIONS
    ]
    found.append((calendar.DATE_NAME, calendar.DATE_COLUMNS, list(calendar.days(years))))
    found.append((calendar.QUARTER_NAME, calendar.QUARTER_COLUMNS, list(calendar.quarters())))
    return [
        Written(name, len(rows), 1, files.put(folder / name / name, columns, rows)) for name, columns, rows in found
    ]


def described() -> Iterator[tuple[str, str, Sequence[Column]]]:
    """Every table: its name, what it is, and its columns."""
    for fact in FACTS:
        yield fact.name, fact.about, fact.columns
    yield queue_quarters.NAME, queue_quarters.ABOUT, queue_quarters.COLUMNS
    for dimension in DIMENSIONS:
        yield dimension.name, dimension.about, dimension.columns
    yield calendar.DATE_NAME, "Days", calendar.DATE_COLUMNS
    yield calendar.QUARTER_NAME, "Quarters of an hour", calendar.QUARTER_COLUMNS


def _manifest(folder: Path, clock: Clock) -> str:
    """What is in the folder. It tells no time of writing: the same data give the same manifest."""
    tables = []
    for name, about, columns in described():
        found = sorted((folder / name).glob(f"{name}*{files.PARQUET}"))
        tables.append(
            {
                "name": name,
                "about": about,
                "columns": [{"name": one.name, "kind": one.kind, "about": one.about} for one in columns],
                "files": [
                    {
                        "parquet": f"{name}/{file.name}",
                        "csv": f"{name}/{file.with_suffix(files.CSV).name}",
                        "rows": files.length(file),
                        "sha256": {
                            end[1:]: files.checksum(file.with_suffix(end)) for end in (files.PARQUET, files.CSV)
                        },
                    }
                    for file in found
                ],
            }
        )
    manifest = {
        "star": STAR_VERSION,
        "note": NOTE,
        "timeZone": clock.timezone.key,
        "definitions": {
            "serviceLevel": definitions.SERVICE_LEVEL_VERSION,
            "firstContact": definitions.FIRST_CONTACT_VERSION,
            "callback": definitions.CALLBACK_VERSION,
            "counterWait": definitions.COUNTER_WAIT_VERSION,
            "leadTime": definitions.LEAD_TIME_VERSION,
        },
        "tables": tables,
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """In a folder that is empty or of an export, one after the other."""
    if folder.exists() and not folder.is_dir():
        raise NotOurs(f"{folder} is a file; name a folder")
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / MANIFEST).exists() and not (folder / LOCK).exists() and any(folder.iterdir()):
        raise NotOurs(f"{folder} holds other files; name an empty folder, or one of an earlier export")
    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def previous_month(day: date) -> date:
    """The first day of the month before."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)
