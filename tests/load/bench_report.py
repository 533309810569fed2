"""Reports of a year of calls, beside a bare Starlette JSON route and beside DuckDB over the calls themselves.

    python -m tests.load.bench_report [--databases sqlite,postgresql] [--calls 1000000] [--requests 200] [--late 10000]
        [--questions 92000]

The calls and the contacts are synthetic. What is asked goes over HTTP, one client, in turn with the bare route; DuckDB
runs in this process, with all cores, over a table of its own with the columns that it needs, and its answer must be
ours. The aim: faster than DuckDB, and at most 20 x the bare route.
"""

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import httpx
import psutil
import pyarrow

from kcc.access.roles import Role
from kcc.access.tokens import create_token
from kcc.clock import Clock
from kcc.service_levels.phone.counter import CallCounter
from kcc.service_levels.rollups.counter import DayCounter
from kcc.storage.database import Database
from tests.appointments.hall_server import HallServer, hall_server
from tests.load import year_of_calls, year_of_contacts, year_of_visits
from tests.load.bench_booking import BARE, PORT_BARE, database_at, port_of
from tests.load.bench_http import serving
from tests.load.closed_loop import get, send_all
from tests.load.open_loop import percentile

YEAR = (year_of_calls.FIRST, year_of_calls.LAST)
ASKED: dict[str, tuple[date, date, str, str]] = {
    "a year by month": (*YEAR, "month", ""),
    "a year by month, queues apart": (*YEAR, "month", "queue"),
    "a month by day": (date(2026, 10, 1), date(2026, 10, 31), "day", ""),
    "a day by quarter": (date(2026, 11, 23), date(2026, 11, 23), "quarter", ""),
    "a year by day, queues apart": (*YEAR, "day", "queue"),
}
NOW = "2026-11-24T08:00:00Z"  # of the service, the morning after the year
REPEAT_DAYS = 7  # the setting that the service has
OF_A_YEAR, OF_A_MONTH = f"from={YEAR[0]}&to={YEAR[1]}", "from=2026-10-01&to=2026-10-31"
OTHERS = {
    "first contact, a year by month": f"/api/v1/first-contact?{OF_A_YEAR}&by=month",
    "first contact, a month by day": f"/api/v1/first-contact?{OF_A_MONTH}&by=day",
    "waits, a year by month": f"/api/v1/waits?{OF_A_YEAR}&by=month",
    "waits, a month by day": f"/api/v1/waits?{OF_A_MONTH}&by=day",
    "waits, a day by quarter": "/api/v1/waits?from=2026-11-23&to=2026-11-23&by=quarter",
    "lead times, a year by day": f"/api/v1/lead-times?{OF_A_YEAR}",
    "lead times, a year by month": f"/api/v1/lead-times?{OF_A_YEAR}&by=month",
    "lead times, a month by day": f"/api/v1/lead-times?{OF_A_MONTH}",
    "callbacks, a year by month": f"/api/v1/callbacks/in-time?{OF_A_YEAR}&by=month",
    "callbacks, a month by day": f"/api/v1/callbacks/in-time?{OF_A_MONTH}&by=day",
    "knowledge, a year by month": f"/api/v1/knowledge-measures?{OF_A_YEAR}&by=month",
    "knowledge, a month by day": f"/api/v1/knowledge-measures?{OF_A_MONTH}&by=day",
    "targets, all": "/api/v1/targets",
    "forecast of a week": "/api/v1/forecast?from=2026-11-24&to=2026-11-30",
    "staffing, one quarter": "/api/v1/staffing?calls=80&per=60&aht=300",
}
PARTS = {
    "month": "date_trunc('month', local)::date",
    "day": "local::date",
    "quarter": "time_bucket('15 minutes', local)",
}
EVERYTHING = """
SELECT {start} AS start, {queue} AS queue, count(*) FILTER (outcome = 'answered') AS answered,
    count(*) FILTER (outcome = 'answered' AND wait <= 30) AS in_time,
    count(*) FILTER (outcome = 'abandoned') AS abandoned,
    count(*) FILTER (outcome = 'abandoned' AND wait <= 30) AS gone,
    count(*) FILTER (outcome = 'abandoned' AND wait <= 5) AS short, sum(wait) FILTER (outcome = 'answered') AS waited,
    sum(talk) AS talked
FROM (SELECT *, timezone('Europe/Amsterdam', entered_at) AS local FROM call)
WHERE entered_at >= ? AND entered_at < ? GROUP BY ALL ORDER BY ALL
"""


def raw(number: int) -> duckdb.DuckDBPyConnection:
    """DuckDB with the same calls in a table of its own."""
    connection = duckdb.connect()
    rows = list(year_of_calls.calls(number))
    table = pyarrow.table(
        {
            "entered_at": pyarrow.array([row["entered_at"] for row in rows], pyarrow.timestamp("s", tz="UTC")),
            "queue": [row["queue"] for row in rows],
            "outcome": [str(row["outcome"]) for row in rows],
            "wait": [row["wait_seconds"] for row in rows],
            "talk": [row["talk_seconds"] for row in rows],
        }
    )
    connection.register("arrow", table)
    connection.execute("CREATE TABLE call AS SELECT * FROM arrow")
    return connection


def scanned(connection: duckdb.DuckDBPyConnection, asked: tuple[date, date, str, str]) -> tuple[list[Any], float]:
    """What DuckDB says of it, and in how many milliseconds."""
    first, last, by, split = asked
    clock = Clock(year_of_calls.ZONE)
    query = EVERYTHING.format(start=PARTS[by], queue="queue" if split else "NULL")
    began = time.perf_counter()
    rows = connection.execute(query, [str(moment) for moment in clock.bounds(first, last)]).fetchall()
    return rows, 1000 * (time.perf_counter() - began)


def address(asked: tuple[date, date, str, str]) -> str:
    """What is asked, of our service."""
    first, last, by, split = asked
    return f"/api/v1/service-levels?from={first}&to={last}&by={by}" + (f"&split={split}" if split else "")


def compare(server: HallServer, token: str, asked: tuple[date, date, str, str], rows: Sequence[Any]) -> None:
    """Raise when ours and DuckDB's are not the same."""
    answer = httpx.get(server.url + address(asked), headers={"Authorization": f"Bearer {token}"}, timeout=60)
    answer.raise_for_status()
    ours = [
        (row["answered"], row["answeredWithin"], row["abandoned"]) for row in answer.json()["rows"] if row["offered"]
    ]
    theirs = [(row[2], row[3], row[4]) for row in rows if row[2] + row[4]]
    if sorted(ours) != sorted(theirs):
        raise RuntimeError(f"{asked}: DuckDB says otherwise")


def endpoints(server: HallServer, token: str, connection: duckdb.DuckDBPyConnection, requests: int) -> None:
    """The table of endpoints."""
    header = f"{'to bare':>10}{'to DuckDB':>11}{'p50':>9}{'p99':>9}{'bare p50':>10}{'bare p99':>10}"
    print(f"\n  {'service levels, ms':31}{header}{'DuckDB p50':>12}{'DuckDB p99':>12}")
    for label, asked in ASKED.items():
        ours, bare, scans = [], [], []
        request = get(address(asked), Authorization=f"Bearer {token}")
        compare(server, token, asked, scanned(connection, asked)[0])
        for _ in range(requests // 20):  # in turn, so that what else the machine does hits all three
            ours += asyncio.run(send_all(port_of(server), [request] * 20, 1)).latencies
            bare += asyncio.run(send_all(PORT_BARE, [get("/")] * 20, 1)).latencies
            scans += [scanned(connection, asked)[1] for _ in range(5)]
        p50, p99 = percentile(ours, 0.5), percentile(ours, 0.99)
        bare50, scan50 = percentile(bare, 0.5), percentile(scans, 0.5)
        print(
            f"  {label:31}{p50 / bare50:8.1f} x{p50 / scan50:9.2f} x{p50:9.2f}{p99:9.2f}{bare50:10.2f}"
            f"{percentile(bare, 0.99):10.2f}{scan50:12.2f}{percentile(scans, 0.99):12.2f}",
            flush=True,
        )


def others(server: HallServer, token: str, requests: int) -> None:
    """The table of what DuckDB is not asked."""
    print(f"\n  {'ms':31}{'to bare':>10}{'p50':>11}{'p99':>9}{'bare p50':>10}{'bare p99':>10}")
    for label, path in OTHERS.items():
        authorization = {"Authorization": f"Bearer {token}"}
        httpx.get(server.url + path, headers=authorization, timeout=60).raise_for_status()
        ours, bare = [], []
        for _ in range(requests // 20):
            ours += asyncio.run(send_all(port_of(server), [get(path, **authorization)] * 5, 1)).latencies
            bare += asyncio.run(send_all(PORT_BARE, [get("/")] * 5, 1)).latencies
        p50, bare50 = percentile(ours, 0.5), percentile(bare, 0.5)
        print(
            f"  {label:31}{p50 / bare50:8.1f} x{p50:11.2f}{percentile(ours, 0.99):9.2f}{bare50:10.2f}"
            f"{percentile(bare, 0.99):10.2f}",
            flush=True,
        )


async def asking(url: str, questions: int) -> None:
    """A year of contacts and of visits beside the calls; their days counted, and what that took."""
    database = Database(url)
    await year_of_contacts.fill(database, questions)
    await year_of_visits.fill(database)
    morning = datetime.fromisoformat(NOW)
    counter = DayCounter(database, Clock(year_of_calls.ZONE, lambda: morning), REPEAT_DAYS)
    began = time.perf_counter()
    steps = await counter.settle()
    print(f"  all days of questions, callbacks, visits: {time.perf_counter() - began:.1f} s, {steps} steps", flush=True)
    await database.close()


async def counting(url: str, late: int) -> None:
    """Count all from nothing, then what comes late; print what each took."""
    database = Database(url)
    counter = CallCounter(database, Clock(year_of_calls.ZONE))
    began = time.perf_counter()
    days = await counter.rebuild()
    print(f"\n  all calls counted anew: {time.perf_counter() - began:.1f} s, {days} days", flush=True)
    chance = random.Random(2)
    span = (YEAR[1] - YEAR[0]).days * 86_400
    start = datetime(YEAR[0].year, YEAR[0].month, YEAR[0].day, tzinfo=UTC)
    moments = (start + timedelta(seconds=chance.randrange(span)) for _ in range(late))
    rows = (year_of_calls.call(moment, is_busy=False, chance=chance) for moment in moments)
    await year_of_calls.put(database, rows, mark=True)
    began = time.perf_counter()
    await counter.settle()
    print(f"  {late} calls that came late, all over the year: {time.perf_counter() - began:.1f} s", flush=True)
    async with database.writing() as session:  # away again, for DuckDB does not have them
        await (await session.connection()).exec_driver_sql(
            f"DELETE FROM call WHERE id > (SELECT max(id) - {late} FROM call)"
        )
    await counter.rebuild()
    await database.close()


def exports(url: str, folder: Path) -> None:
    """The star schema, whole and as every night; print what each took."""
    for label, since in (("everything", ()), ("two months, as every night", ("--from", "2026-10-01"))):
        command = [sys.executable, "-m", "kcc", "export", str(folder / "star"), *since, "--quiet"]
        environment = os.environ | {"KCC_DATABASE_URL": url, "KCC_DATA_DIR": str(folder)}
        began = time.perf_counter()
        process = subprocess.Popen(command, env=environment)
        most = max(_memory(process), default=0.0)
        if process.returncode:
            raise RuntimeError("the export failed")
        print(f"  export of {label}: {time.perf_counter() - began:.1f} s, at most {most:.0f} MB", flush=True)


def _memory(process: "subprocess.Popen[bytes]") -> Iterator[float]:
    while process.poll() is None:
        try:
            yield psutil.Process(process.pid).memory_info().rss / 2**20
        except psutil.NoSuchProcess:
            return
        time.sleep(0.05)


async def token_of(url: str) -> str:
    """Of a team lead."""
    database = Database(url)
    async with database.writing() as session:
        token = await create_token(session, "meting", Role.TEAM_LEAD, datetime.now(UTC))
    await database.close()
    return token


def measure(kind: str, arguments: argparse.Namespace, connection: duckdb.DuckDBPyConnection) -> None:
    """All tables of one database."""
    with tempfile.TemporaryDirectory() as folder, database_at(kind, Path(folder)) as url:
        began = time.perf_counter()
        written = year_of_calls.fill(url, arguments.calls)
        print(f"\n{kind}: {written} calls over a year (written in {time.perf_counter() - began:.0f} s)")
        asyncio.run(counting(url, arguments.late))
        exports(url, Path(folder))
        asyncio.run(asking(url, arguments.questions))
        token = asyncio.run(token_of(url))
        with (
            hall_server(url, Path(folder) / "data", KCC_WORKER="off", KCC_CLOCK=NOW) as server,
            serving(BARE, {}, PORT_BARE, "/"),
        ):
            endpoints(server, token, connection, arguments.requests)
            others(server, token, arguments.requests)
            used = psutil.Process(server.pid).memory_info().rss / 2**20
            print(f"\n  memory of the service after that: {used:.0f} MB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--late", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=92_000)
    arguments = parser.parse_args()
    connection = raw(arguments.calls)
    for kind in arguments.databases.split(","):
        measure(kind, arguments, connection)


if __name__ == "__main__":
    main()
