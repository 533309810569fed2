"""The wallboard: from an event of the exchange to what a hundred viewers have, beside a bare stream in the same run.

    python -m tests.load.bench_wallboard [--databases sqlite,postgresql] [--viewers 100] [--rate 5] [--seconds 30]
        [--calls 400]

One serving process with its background work, and a day of calls behind it. Each event is a caller who enters, so that
the number that waits tells which event a viewer has. The event is told by the API, signed, in a transaction of its
own. Ratios are to a bare stream that sends a number to as many viewers. The table can be pasted into
docs/benchmarks.md.
"""

import argparse
import asyncio
import hashlib
import hmac
import json
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import httpx
import psutil
import uvloop

from kcc.access import sessions
from kcc.access.accounts import put_account
from kcc.access.queries import account_by_name
from kcc.access.roles import Role
from kcc.contacts.telephony.simulating import Plan, queue_log
from kcc.contacts.telephony.sources import new_secret
from kcc.storage.database import Database
from tests.appointments.hall_server import HallServer, hall_server, migrated
from tests.conftest import NOW
from tests.contacts.telephony.test_importing import put
from tests.load.bench_booking import database_at, port_of, processor
from tests.load.bench_hall import BARE, PORT_BARE, head, row
from tests.load.bench_http import serving
from tests.load.closed_loop import get, post
from tests.load.keep_alive import Connection
from tests.load.open_loop import percentile

PATH = "/api/v1/calls/events"
SECRET_KEY = "b" * 40
CLOCK = "2026-11-24T08:00:00Z"
SETTLE_SECONDS = 3
OURS = re.compile(rb'"waiting": (\d+)')
THEIRS = re.compile(rb'"number": "(\d+)"')


class Viewers:
    """So many streams. What a browser does with what comes is left out: the client must cost little."""

    def __init__(self, port: int, request: bytes, mark: re.Pattern[bytes]) -> None:
        self._port, self._request, self._mark = port, request, mark
        self._tasks: list[asyncio.Task[None]] = []
        self.seen: list[list[tuple[int, float]]] = []  # of each viewer (number, when)
        self.bytes = 0
        self.lost = 0

    async def open(self, number: int) -> None:
        """Open so many, and wait until each has something."""
        first = [asyncio.get_running_loop().create_future() for _ in range(number)]
        self.seen = [[] for _ in first]
        self._tasks = [asyncio.create_task(self._watch(viewer, future)) for viewer, future in enumerate(first)]
        await asyncio.gather(*first)

    async def _watch(self, viewer: int, first: "asyncio.Future[None]") -> None:
        while True:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=2**20)
            writer.write(self._request)
            try:
                while line := await reader.readline():
                    self.bytes += len(line)
                    if found := self._mark.search(line[:200]):
                        self.seen[viewer].append((int(found[1]), perf_counter()))
                        if not first.done():
                            first.set_result(None)
            finally:
                writer.close()
            self.lost += 1
            await asyncio.sleep(1)

    def delays(self, sent: dict[int, float]) -> tuple[list[float], int]:
        """How long after each event was sent each viewer had it or a later one, in ms; and how often one never had."""
        found, missed = [], 0
        for seen in self.seen:
            news = iter(sorted(seen, key=lambda one: one[1]))
            number, moment = next(news)
            for event, asked in sent.items():
                while number < event:
                    number, moment = next(news, (10**9, 0.0))
                if moment:
                    found.append(max(0.0, moment - asked) * 1000)
                else:
                    missed += 1
        return found, missed

    async def close(self) -> None:
        """Close all."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task


@dataclass(frozen=True)
class Keys:
    """What lets the exchange and the viewers in."""

    secret: str
    cookie: str


async def furnish(url: str, calls: int) -> Keys:
    """A day of calls up to now and as many of the days before, a team lead, and an exchange."""
    database = Database(url)
    lines = list(queue_log(Plan(date(2026, 11, 20), 5, 1, ZoneInfo("Europe/Amsterdam"), calls, 8)))
    await put(database, [line for line in lines if int(line.split("|")[0]) < NOW.timestamp()])
    async with database.writing() as session:
        await put_account(session, "lead", "Lead", "een goed wachtwoord", [Role.TEAM_LEAD], NOW)
        account = await account_by_name(session, "lead")
        assert account is not None and account.id is not None
        cookie = await sessions.sign_in(session, account.id, NOW, timedelta(days=1))
        secret = await new_secret(session, "bench", SECRET_KEY)
    await database.close()
    return Keys(secret, f"kcc={cookie}")


def entering(secret: str, number: int) -> bytes:
    """The request that tells that one caller more entered."""
    told = {"id": f"w{number}", "callId": f"w{number}", "queue": "algemeen", "kind": "entered", "at": CLOCK}
    content = {"source": "bench", "events": [told]}
    now = str(int(time.time()))
    digest = hmac.new(secret.encode(), now.encode() + b"." + json.dumps(content).encode(), hashlib.sha256)
    return post(PATH, content, X_KCC_Timestamp=now, X_KCC_Signature=f"sha256={digest.hexdigest()}")


@dataclass
class Measured:
    """Delays in ms, and what it cost the server."""

    delays: list[float]
    missed: int
    lost: int
    answers: list[float]
    kilobytes: float
    before: float
    grown: float
    processor: float


async def measure(
    port: int, pid: int, viewers: Viewers, requests: Iterator[bytes], first: int, asked: argparse.Namespace
) -> Measured:
    """Open the viewers, then tell events at a rate."""
    memory = psutil.Process(pid).memory_info
    before = memory().rss / 1e6
    await viewers.open(asked.viewers)
    await asyncio.sleep(SETTLE_SECONDS)
    opened, bytes_before = memory().rss / 1e6, viewers.bytes
    teller, sent, answers = Connection(port), dict[int, float](), []
    began, work = perf_counter(), processor(pid)
    number = int(asked.rate * asked.seconds)
    for event in range(first, first + number):
        await asyncio.sleep(max(0.0, began + (event - first) / asked.rate - perf_counter()))
        answer = await teller.ask(next(requests))
        assert answer.status == 200, answer.body
        sent[event], _ = answer.sent, answers.append(answer.milliseconds)
    await asyncio.sleep(SETTLE_SECONDS)
    took, spent = perf_counter() - began, processor(pid) - work
    await viewers.close()
    delays, missed = viewers.delays(sent)
    kilobytes = (viewers.bytes - bytes_before) / 1000 / asked.viewers / number
    return Measured(delays, missed, viewers.lost, answers, kilobytes, before, opened - before, spent / took)


async def both(server: HallServer, keys: Keys, bare: int, asked: argparse.Namespace) -> None:
    """Ours, beside the bare stream."""
    port = port_of(server)
    request = get("/rapport/live/nu", Cookie=keys.cookie, Accept="text/event-stream")
    told = (entering(keys.secret, number) for number in range(1, 10**6))
    ours = await measure(port, server.pid, Viewers(port, request, OURS), told, 1, asked)
    calls = (post("/call", {}) for _ in iter(int, 1))
    number = json.loads((await Connection(PORT_BARE).ask(post("/call", {}))).body)["number"]
    watching = Viewers(PORT_BARE, get("/stream"), THEIRS)
    theirs = await measure(PORT_BARE, bare, watching, calls, int(number) + 1, asked)
    head(
        f"{asked.viewers} viewers, {asked.rate:g} events a second for {asked.seconds:g} s",
        *("p50", "p99", "longest ms", "not shown", "streams lost", "answer to the event, p50 / p99 ms"),
        *("kB a viewer an event", "server before, MB", "MB more with viewers", "share of a processor"),
    )
    ratios = (f"{percentile(ours.delays, part) / percentile(theirs.delays, part):.1f}" for part in (0.5, 0.99))
    row("ratio to bare", *ratios, *[""] * 8)
    for name, found in (("kcc, from event to viewer", ours), ("bare stream", theirs)):
        delays = (f"{percentile(found.delays, part):.0f}" for part in (0.5, 0.99, 1.0))
        answers = " / ".join(f"{percentile(found.answers, part):.0f}" for part in (0.5, 0.99))
        sizes = (f"{found.kilobytes:.2f}", f"{found.before:.0f}", f"{found.grown:.1f}", f"{found.processor:.2f}")
        row(name, *delays, f"{found.missed}", f"{found.lost}", answers, *sizes)


@contextmanager
def fresh(kind: str, calls: int) -> Iterator[tuple[HallServer, Keys]]:
    """A service with calls."""
    with tempfile.TemporaryDirectory(prefix="kcc-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with database_at(kind, folder) as url:
            keys = asyncio.run(furnish(migrated(url), calls))
            settings = {"KCC_SECRET_KEY": SECRET_KEY, "KCC_CLOCK": CLOCK}
            with hall_server(url, folder / "data", workers=1, **settings) as server:
                while httpx.get(f"{server.url}/readyz").status_code != 200:  # the index is being made
                    time.sleep(0.1)
                time.sleep(SETTLE_SECONDS)  # the calls are being counted
                yield server, keys


def main() -> None:
    """Measure what the arguments say."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--viewers", type=int, default=100)
    parser.add_argument("--rate", type=float, default=5)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--calls", type=int, default=400)
    asked = parser.parse_args()
    print(f"load average before: {os.getloadavg()[0]:.2f}")
    for kind in asked.databases.split(","):
        print(f"\n{kind}")
        with fresh(kind, asked.calls) as (server, keys), serving(BARE, {}, PORT_BARE, "/") as (bare, _):
            uvloop.run(both(server, keys, bare, asked))
            for line in server.errors():
                print(line)


if __name__ == "__main__":
    main()
