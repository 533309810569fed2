"""Telephony: import, events over HTTP, followers that are killed.

    python -m tests.load.bench_calls [--parts import,events,kills] [--databases sqlite,postgresql]
        [--lines 1000000] [--events 20000] [--kills 100]

The import is beside a bare sqlite3 `executemany` of the rows that came of it, into the same tables with their indexes,
in the same run; the ratio is of processor time. Everything that was acknowledged is on disk: SQLite with
synchronous=FULL, PostgreSQL with fsync on. After the kills the calls are compared with those of one import.
"""

import argparse
import asyncio
import hashlib
import hmac
import json
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from kcc.contacts.telephony.simulating import Plan, queue_log
from kcc.contacts.telephony.sources import new_secret
from kcc.storage.database import Database
from tests.appointments.hall_server import HallServer, hall_server
from tests.contacts.telephony.killing import kill_followers
from tests.contacts.telephony.logs import kept
from tests.contacts.telephony.test_importing import put
from tests.load.bench_booking import database_at, port_of, processor
from tests.load.closed_loop import post, send_all
from tests.load.import_calls import prepare

PATH = "/api/v1/calls/events"
BATCHES = (1, 10, 100)
CLIENTS = 4
SECRET_KEY = "b" * 40
CALLS_A_DAY, LINES_A_CALL = 4000, 3


def run(*arguments: object) -> dict[str, Any]:
    """What a process of its own measured."""
    command = [sys.executable, "-m", "tests.load.import_calls", *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def imports(folder: Path, lines: int) -> None:
    """A simulated log of so many lines, and the rows that came of it."""
    log = folder / "queue_log"
    days = 2 + 7 * lines // (5 * CALLS_A_DAY * LINES_A_CALL)
    plan = Plan(date(2024, 1, 1), days, 1, ZoneInfo("Europe/Amsterdam"), CALLS_A_DAY, 70)
    with log.open("w") as file:
        written = sum(bool(file.write(line + "\n")) for _, line in zip(range(lines), queue_log(plan), strict=False))
    for name in ("ours", "bare"):
        prepare(folder / f"{name}.sqlite3")
    ours = run(log, folder / "ours.sqlite3")
    bare = run("--bare", folder / "ours.sqlite3", folder / "bare.sqlite3")
    print(
        f"\n  import of {written} lines: {ours['processor'] / bare['processor']:.2f} x a bare executemany"
        f" ({ours['processor']:.1f} s of processor time against {bare['processor']:.1f} s; {ours['seconds']:.1f} s on"
        f" the clock against {bare['seconds']:.1f} s), peak {ours['megabytes']:.0f} MB",
        flush=True,
    )


def events_over_http(server: HallServer, secret: str, number: int) -> None:
    """Events of calls, signed, so many at once; each request on its own transaction."""
    for size in BATCHES:
        requests = [_signed(secret, size, at) for at in range(0, max(number * size // BATCHES[-1], size), size)]
        before = processor(server.pid)
        measured = asyncio.run(send_all(port_of(server), requests, CLIENTS))
        assert set(measured.statuses) == {200}, measured.statuses
        many = size * len(requests)
        work = 1000 * (processor(server.pid) - before) / many
        print(
            f"  {size:4} at once{many:8} events{many / measured.seconds:9.0f} /s{work:9.3f} ms of processor time each",
            flush=True,
        )


def _signed(secret: str, size: int, first: int) -> bytes:
    kinds = ("entered", "ringing", "answered", "ended")
    events = [
        {
            "id": f"{size}-{number}",
            "callId": f"{size}-{number // 4}",
            "queue": "algemeen",
            "kind": kinds[number % 4],
            "at": f"2026-11-16T{7 + number // 3600 % 10:02}:{number // 60 % 60:02}:{number % 60:02}Z",
            "agent": "101",
            "extension": "101",
            "caller": f"060000{number // 4 % 10000:04}",
        }
        for number in range(first, first + size)
    ]
    content = {"source": "bench", "events": events}
    now = str(int(time.time()))
    signature = hmac.new(secret.encode(), now.encode() + b"." + json.dumps(content).encode(), hashlib.sha256)
    return post(PATH, content, X_KCC_Timestamp=now, X_KCC_Signature=f"sha256={signature.hexdigest()}")


def events(kind: str, folder: Path, number: int) -> None:
    """A server of its own."""
    with database_at(kind, folder) as url:

        async def secret() -> str:
            database = Database(url)
            async with database.writing() as session:
                made = await new_secret(session, "bench", SECRET_KEY)
            await database.close()
            return made

        with hall_server(url, folder / "data", KCC_SECRET_KEY=SECRET_KEY) as server:
            while httpx.get(f"{server.url}/readyz").status_code != 200:  # the index is being made
                time.sleep(0.1)
            print(f"\n  events over HTTP, {kind}, {CLIENTS} clients")
            events_over_http(server, asyncio.run(secret()), number)


def kills(kind: str, folder: Path, times: int) -> None:
    """The audit: the calls and events are those of one import of all that was written."""

    async def work(url: str) -> None:
        database = Database(url)
        lines = await kill_followers(database, url, folder, times)
        followed = await kept(database)
        await put(database, lines, code="whole")
        both = await kept(database)
        whole = [sorted(set(rows) - set(had)) for rows, had in zip(both, followed, strict=True)]
        # All columns but the source.
        same = [[row[1:] for row in had] == [row[1:] for row in one] for had, one in zip(followed, whole, strict=True)]
        await database.close()
        assert same == [True, True], "calls or events differ from those of one import"
        print(f"\n  {times} kills -9, {kind}: {len(lines)} lines, nothing lost, nothing doubled", flush=True)

    with database_at(kind, folder) as url:
        asyncio.run(work(url))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--parts", default="import,events,kills")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=100)
    asked = parser.parse_args()
    parts = asked.parts.split(",")
    if "import" in parts:
        with tempfile.TemporaryDirectory() as folder:
            imports(Path(folder), asked.lines)
    for kind in asked.databases.split(","):
        for name, part, number in (("events", events, asked.events), ("kills", kills, asked.kills)):
            if name in parts:
                with tempfile.TemporaryDirectory() as folder:
                    Path(folder).chmod(0o755)
                    part(kind, Path(folder), number)


if __name__ == "__main__":
    main()
