"""Booking over HTTP, beside a bare Starlette JSON route in the same run, on SQLite and PostgreSQL.

    python -m tests.load.bench_booking [--parts availability,bookings,races,kills] [--databases sqlite,postgresql]
        [--rates 25,50] [--bookings 400] [--rounds 200] [--kills 100]

Everything that was acknowledged is on disk: SQLite with synchronous=FULL, PostgreSQL with fsync and
synchronous_commit on. Servers and, where rates are given, clients are processes of their own. Letters are written
meanwhile. Ratios are to the bare route: of latency, of rate, and of the server's processor time for a request.
"""

import argparse
import asyncio
import itertools
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import uvloop

from kcc.storage.database import Database
from tests.appointments.auditing import findings
from tests.appointments.conftest import DAY, VISITOR, at, place, product, put
from tests.appointments.flooding import Flood
from tests.appointments.hall_server import HallServer, hall_server, migrated
from tests.appointments.racing import hall
from tests.load.bench_http import PORT_BARE, load, serving
from tests.load.booked import CLOSES, OPENS, PRODUCT, WEEKDAYS, fill, working_days
from tests.load.closed_loop import Measured, get, post, send_all
from tests.load.open_loop import percentile
from tests.postgres import running_server, with_name

REQUESTS = 300
BARE_REQUESTS = 10_000
CLIENTS = (1, 8)
RACERS = 50
WORKERS = {"sqlite": 1, "postgresql": 3}
BARE = ["-m", "uvicorn", "tests.load.bare:app", "--port", str(PORT_BARE), "--no-access-log", "--log-level", "error"]
HALLS = [(counters, share) for counters in (6, 20) for share in (0.0, 0.8)]
_numbers = itertools.count(1)


@contextmanager
def database_at(kind: str, folder: Path) -> Iterator[str]:
    """A fresh, migrated, durable database."""
    if kind == "sqlite":
        yield migrated(f"sqlite:///{folder / 'kcc.sqlite3'}")
        return
    with running_server(durable=True) as server:
        name = asyncio.run(_new_database(server))
        yield migrated(with_name(server, name))


async def _new_database(server: str) -> str:
    """The name of a new database on a server that keeps what it acknowledged."""
    connection = await asyncpg.connect(with_name(server, "postgres"))
    durable = [await connection.fetchval(f"SHOW {name}") for name in ("fsync", "synchronous_commit")]
    if durable != ["on", "on"]:
        raise RuntimeError(f"fsync and synchronous_commit are {durable}: what is measured would not be durable")
    name = f"kcc_bench_{random.randrange(10**9)}"
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return name


def port_of(server: HallServer) -> int:
    """Where it listens."""
    return int(server.url.rpartition(":")[2])


def name_of(counters: int, share: float) -> str:
    """The code of a location."""
    return f"hal-{counters}-{'vol' if share else 'leeg'}"


async def furnish(url: str) -> None:
    """A product, and locations of 6 and of 20 counters, empty and 80 % full."""
    database = Database(url)
    halls = [
        place(name_of(counters, share), counters, [(OPENS, CLOSES)], weekdays=WEEKDAYS) for counters, share in HALLS
    ]
    race = place("race", 1, [(OPENS, CLOSES)], weekdays=WEEKDAYS)
    await put(database, *itertools.chain(product(PRODUCT, 10), race, *halls))
    for counters, share in HALLS:
        if share:
            await fill(database, name_of(counters, share), counters, working_days(DAY, 45), share)
    await _settle(database)
    await database.close()


async def _settle(database: Database) -> None:
    """What PostgreSQL does by itself within a minute after so many rows."""
    if not database.is_sqlite:
        async with database.engine.connect() as connection:
            await (await connection.execution_options(isolation_level="AUTOCOMMIT")).exec_driver_sql("VACUUM ANALYZE")


def processor(pid: int) -> float:
    """Seconds of processor time that a serving process and its children, over or not, have used; not PostgreSQL's."""
    first = psutil.Process(pid)
    return sum(sum(one.cpu_times()[:4]) for one in (first, *first.children()))


def availability(server: HallServer, bare_pid: int, rates: Sequence[float]) -> None:
    """A month at one location, as a resident's browser asks for it."""
    until = DAY + timedelta(days=30)
    print(
        "\n  a month of starts, ms         ratio       p50       p99  bare p50  bare p99    errors   processor, ratio"
    )
    for rate in rates:
        before = processor(bare_pid)
        bare = load(PORT_BARE, rate, ["/"] * REQUESTS)
        bare_work = processor(bare_pid) - before
        for counters, share in HALLS:
            path = f"/api/v1/availability?location={name_of(counters, share)}&product={PRODUCT}&from={DAY}&to={until}"
            load(port_of(server), rate, [path] * 30)  # warm up
            before = processor(server.pid)
            ours = load(port_of(server), rate, [path] * REQUESTS)
            work = processor(server.pid) - before
            print(
                f"  {f'{counters} counters, {share:.0%} full':23}{rate:4.0f}/s{ours['p50'] / bare['p50']:6.1f} x"
                f"{ours['p50']:10.2f}{ours['p99']:10.2f}{bare['p50']:10.2f}{bare['p99']:10.2f}{ours['errors']:10.0f}"
                f"{1000 * work / REQUESTS:10.2f}{work / bare_work:6.1f} x",
                flush=True,
            )


def starts(counters: int, share: float, first: date) -> Iterator[dict[str, Any]]:
    """Visits at starts that are all different, from a day on."""
    for day in working_days(first, 300):
        for clock in (f"{hour}:{minute:02}" for hour in range(9, 17) for minute in range(0, 60, 10)):
            products = [{"code": PRODUCT, "persons": 1}]
            yield {"location": name_of(counters, share), "products": products, "startsAt": at(clock, day)}


def visitor() -> dict[str, Any]:
    """Somebody who never booked before."""
    return VISITOR | {"email": f"bezoeker-{next(_numbers)}@voorbeeld.example"}


def bookings(server: HallServer, bare_pid: int, number: int) -> None:
    """Bookings and holds a second, on starts that are all different: nobody waits for somebody else's start."""
    visits = starts(6, 0.0, DAY + timedelta(days=60))
    print("\n  all on disk, ms                   ratio   a second     p50     p99   bare a second   processor, ratio")
    for clients in CLIENTS:
        made = [post("/api/v1/appointments", next(visits) | visitor()) for _ in range(number)]
        keyed = [
            post("/api/v1/appointments", next(visits) | visitor(), Idempotency_Key=f"key-{next(_numbers)}")
            for _ in range(number)
        ]
        held = [post("/api/v1/holds", next(visits)) for _ in range(number)]
        for what, requests in (("bookings", made), ("bookings with a key", keyed), ("holds", held)):
            bare, bare_work = run(PORT_BARE, bare_pid, [get("/")] * BARE_REQUESTS, clients)
            ours, work = run(port_of(server), server.pid, requests, clients)
            unexpected = {status: times for status, times in ours.statuses.items() if status != 201}
            print(
                f"  {f'{what}, {clients} at a time':32}1/{bare.rate / ours.rate:<5.1f}{ours.rate:9.0f}/s"
                f"{percentile(ours.latencies, 0.5):8.1f}{percentile(ours.latencies, 0.99):8.1f}{bare.rate:14.0f}/s"
                f"{work:11.2f}{work / bare_work:7.1f} x  {unexpected or ''}",
                flush=True,
            )


def run(port: int, pid: int, requests: Sequence[bytes], clients: int) -> tuple[Measured, float]:
    """Send all of these, by so many clients; also gives the server's processor time for one, in milliseconds."""
    before = processor(pid)
    measured = uvloop.run(send_all(port, requests, clients))
    return measured, 1000 * (processor(pid) - before) / len(requests)


def races(server: HallServer, rounds: int) -> None:
    """In each round fifty people post for one start that one counter has."""

    async def all_rounds() -> Counter[str]:
        tally: Counter[str] = Counter()
        for visit in itertools.islice(starts(6, 0.0, DAY), rounds):
            requests = [post("/api/v1/appointments", visit | visitor() | {"location": "race"}) for _ in range(RACERS)]
            granted, refused = itemgetter(201, 409)((await send_all(port_of(server), requests, RACERS)).statuses)
            tally["granted"] += granted
            tally["surplus"] += max(0, granted - 1)
            tally["nobody"] += granted == 0
            tally["strange"] += RACERS - granted - refused
        return tally

    tally = uvloop.run(all_rounds())
    wrong = asyncio.run(_audit(server))
    print(
        f"\n  {rounds} rounds of {RACERS} people for one start: {tally['surplus']} surplus bookings;"
        f" {tally['granted']} granted, {tally['nobody']} rounds without a winner,"
        f" {tally['strange']} answers other than 201 and 409; the audit finds {len(wrong)}",
        *wrong[:5],
        flush=True,
    )


async def _audit(server: HallServer) -> list[str]:
    async with server.database() as database:
        return [*await findings(database), *server.errors()]


async def kills(server: HallServer, times: int) -> None:
    """Flood, kill -9 in the middle, restart, audit, ask again for what was not answered."""
    chance = random.Random(27)
    wrong: list[str] = []
    tally: Counter[str] = Counter()
    for number in range(times):
        async with hall(server, 4, ("8:00", "18:00")) as here:
            flood = Flood(here, 4, seed=number)
            await flood.until_killed(answers=chance.randint(5, 60))
            server.start()
            wrong += await here.disagreements()
            tally["acknowledged"] += sum(one.answer is not None for one in flood.attempts)
            tally["unanswered"] += sum(one.answer is None for one in flood.attempts)
            await flood.check()
            wrong += await here.disagreements()
    print(
        f"\n  killed {times} times with {tally['acknowledged']} bookings acknowledged and {tally['unanswered']} not:"
        f" all acknowledged ones are there, each unanswered key gave one booking; the audits find {len(wrong)}",
        *wrong[:5],
        flush=True,
    )


def measure(kind: str, arguments: argparse.Namespace) -> None:
    """All parts on one kind of database."""
    print(f"\n{kind}")
    parts = arguments.parts.split(",")
    if {"availability", "bookings"} & set(parts):
        with fresh(kind, workers=1) as server, serving(BARE, {}, PORT_BARE, "/") as (bare, _):
            load(PORT_BARE, 200, ["/"] * 200)  # warm up
            if "availability" in parts:
                availability(server, bare, [float(rate) for rate in arguments.rates.split(",")])
            if "bookings" in parts:
                bookings(server, bare, arguments.bookings)
    if {"races", "kills"} & set(parts):
        with fresh(kind, workers=WORKERS[kind]) as server:
            if "races" in parts:
                races(server, arguments.rounds)
            if "kills" in parts:
                asyncio.run(kills(server, arguments.kills))


@contextmanager
def fresh(kind: str, workers: int) -> Iterator[HallServer]:
    """A service on a new database with the locations in it."""
    with tempfile.TemporaryDirectory(prefix="kcc-bench-") as name:
        folder = Path(name)
        with database_at(kind, folder) as url:
            asyncio.run(furnish(url))
            with hall_server(url, folder / "data", workers=workers) as server:
                yield server


def main() -> None:
    """Measure what the arguments say."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parts", default="availability,bookings,races,kills")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--rates", default="25,50")
    parser.add_argument("--bookings", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--kills", type=int, default=100)
    arguments = parser.parse_args()
    for kind in arguments.databases.split(","):
        measure(kind, arguments)


if __name__ == "__main__":
    main()
