"""The hall over HTTP, beside bare Starlette routes in the same run, on SQLite and PostgreSQL.

    python -m tests.load.bench_hall [--parts calls,pages,screens,reconnects] [--databases sqlite,postgresql]
        [--calls 300] [--pages 200] [--screens 200] [--rate 2] [--seconds 60] [--reconnects 100]

300 people wait, and stay 300: for each who is served somebody takes a number. One serving process; everything that
was acknowledged is on disk. Server and clients are processes of their own. Ratios are to the bare route, or to a bare
stream that sends a number to as many screens. The tables can be pasted into docs/benchmarks.md.
"""

import argparse
import asyncio
import itertools
import os
import tempfile
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import psutil
import uvloop

from tests.appointments.hall_server import HallServer, hall_server
from tests.load.bench_booking import database_at, port_of, processor
from tests.load.bench_http import serving
from tests.load.booked import PRODUCT
from tests.load.closed_loop import get, post
from tests.load.full_hall import COUNTERS, HALL, WAITING, Keys, furnish
from tests.load.keep_alive import Answer, Connection
from tests.load.open_loop import percentile
from tests.load.screens import Screens

PORT_BARE = 8463  # not that of the other benchmarks, which may run beside it
BARE = ["-m", "uvicorn", "tests.load.bare:app", "--port", str(PORT_BARE), "--no-access-log", "--log-level", "error"]
VERBS = ("call-next", "start", "finish", "walk-in")
SETTLE_SECONDS = 2
# Between what one counter does, so that the changes of a call are spread over the time until the next.
STEP_SECONDS = 0.1


@dataclass
class Times:
    """Latencies in milliseconds by what was asked, and what the server's processor did for it."""

    of: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    seconds: float = 0.0
    work: float = 0.0

    def add(self, what: str, answer: Answer, expected: int = 200) -> Answer:
        """Raises RuntimeError for another answer than should come: it must not look quick."""
        if answer.status != expected:
            raise RuntimeError(f"{what}: {answer.status} {answer.body.decode()}")
        self.of[what].append(answer.milliseconds)
        return answer

    def p(self, what: str, share: float) -> float:
        """A percentile."""
        return percentile(self.of[what], share)


@dataclass
class Counter:
    """A counter and the clerk at it, who calls, serves and finishes."""

    code: str
    connection: Connection
    token: str
    times: Times

    async def post(self, what: str, path: str, expected: int = 200, **body: Any) -> Answer:
        request = post(f"/api/v1/{path}", body, Authorization=self.token)
        return self.times.add(what, await self.connection.ask(request), expected)

    async def call(self) -> Answer:
        """The next one is called."""
        return await self.post("call-next", f"counters/{self.code}/call-next")

    async def serve(self, visit: int, pause: float = 0.0) -> None:
        """Who was called is served and goes; somebody else comes in."""
        await asyncio.sleep(pause)
        await self.post("start", f"visits/{visit}/start")
        await asyncio.sleep(pause)
        await self.post("finish", f"visits/{visit}/finish", outcome="done")
        await asyncio.sleep(pause)
        await self.post("walk-in", "visits", 201, location=HALL, products=[{"code": PRODUCT, "persons": 1}])

    async def cycle(self) -> None:
        """A whole visit."""
        await self.serve((await self.call()).json["id"])


async def at_counters(server: HallServer, keys: Keys, times: Times) -> list[Counter]:
    """A clerk with a connection at each counter."""
    return [Counter(code, Connection(port_of(server)), keys.token, times) for code in COUNTERS]


async def timed(pid: int, clients: Sequence[Callable[[], Awaitable[None]]], number: int, times: Times) -> Times:
    """Let these do their thing so many times together, each again when it has done it."""
    todo = iter(range(number))

    async def client(once: Callable[[], Awaitable[None]]) -> None:
        for _ in todo:
            await once()

    before, began = processor(pid), perf_counter()
    await asyncio.gather(*map(client, clients))
    times.seconds, times.work = perf_counter() - began, 1000 * (processor(pid) - before) / number
    return times


async def cycles(server: HallServer, keys: Keys, number: int, *, at_once: bool) -> Times:
    """Call, start, finish and take a number: at the six counters in turn, or at once."""
    times = Times()
    counters = await at_counters(server, keys, times)
    turn = itertools.cycle(counters)

    async def in_turn() -> None:
        await next(turn).cycle()

    return await timed(server.pid, [counter.cycle for counter in counters] if at_once else [in_turn], number, times)


async def pages(port: int, pid: int, request: bytes, number: int, clients: int) -> Times:
    """Ask the same so many times, by so many clients."""
    times = Times()

    def client(connection: Connection) -> Callable[[], Awaitable[None]]:
        async def once() -> None:
            times.add("get", await connection.ask(request))

        return once

    return await timed(pid, [client(Connection(port)) for _ in range(clients)], number, times)


def row(*cells: str) -> None:
    """A line of a table."""
    print(f"| {' | '.join(cells)} |", flush=True)


def head(*cells: str) -> None:
    """The first two lines of a table."""
    print()
    row(*cells)
    row(*["---"] * len(cells))


async def calls(server: HallServer, keys: Keys, bare: int, number: int) -> None:
    """What a clerk's button costs."""
    head(
        "300 waiting, 6 counters", "× bare, p50", "p50", "p99 ms", "cycles a second", "processor ms a cycle", "bare p50"
    )
    await cycles(server, keys, 30, at_once=True)  # warm up
    for name, at_once in (("in turn", False), ("at once", True)):
        yardstick = await pages(PORT_BARE, bare, get("/"), 2000, len(COUNTERS) if at_once else 1)
        times = await cycles(server, keys, number, at_once=at_once)
        bare_p50 = yardstick.p("get", 0.5)
        for what in VERBS:
            of_all = (f"{number / times.seconds:.0f}", f"{times.work:.1f}") if what == VERBS[0] else ("", "")
            p50, p99 = times.p(what, 0.5), times.p(what, 0.99)
            row(f"{what}, {name}", f"{p50 / bare_p50:.1f}", f"{p50:.1f}", f"{p99:.1f}", *of_all, f"{bare_p50:.2f}")


async def clerk_page(server: HallServer, keys: Keys, bare: int, number: int) -> None:
    """The clerk's screen as it is fetched after each change."""
    request = get(f"/balie/{HALL}", Cookie=keys.clerk)
    connection = Connection(port_of(server))
    first = Times().add("get", await connection.ask(request))
    shown = first.body.count(b"<tr")
    head(f"clerk's page, {len(first.body) / 1000:.0f} kB, {shown} rows", "× bare, p50", "p50", "p99 ms", "processor ms")
    await pages(port_of(server), server.pid, request, 20, 1)  # warm up
    for name, clients in (("1 client", 1), ("6 at once", len(COUNTERS))):
        yardstick = await pages(PORT_BARE, bare, get("/"), 2000, clients)
        times = await pages(port_of(server), server.pid, request, number, clients)
        p50 = times.p("get", 0.5)
        cells = (f"{p50 / yardstick.p('get', 0.5):.0f}", f"{p50:.1f}", f"{times.p('get', 0.99):.1f}")
        row(name, *cells, f"{times.work:.1f}")


@dataclass
class Shown:
    """How long after each call was asked for each screen showed it, in ms; what that cost the server."""

    delays: list[float]
    missed: int
    lost: int
    events: float
    bytes_a_screen: float
    before: float
    processor: float


async def watched(
    port: int,
    pid: int,
    path: str,
    headers: dict[str, str],
    number: int,
    asks: Callable[[int], Awaitable[Answer]],
    rate: float,
    seconds: float,
) -> Shown:
    """Open so many screens, then ask for calls at a rate."""
    memory = psutil.Process(pid).memory_info
    before = memory().rss
    screens = Screens(port, path, **headers)
    await screens.open(number)
    await asyncio.sleep(SETTLE_SECONDS)
    opened = memory().rss
    began, work = perf_counter() + 0.1, processor(pid)
    asked = []
    for call in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + call / rate - perf_counter()))
        asked.append(asyncio.create_task(asks(call)))  # type: ignore[arg-type]
    answers = [await one for one in asked]
    await asyncio.sleep(SETTLE_SECONDS)
    spent, took = processor(pid) - work, perf_counter() - began
    await screens.close()
    seen = [(screens.shown[answer.json["number"]], answer.sent) for answer in answers]
    return Shown(
        delays=[(moment - sent) * 1000 for shown, sent in seen for moment in shown.values()],
        missed=sum(number - len(shown) for shown, _ in seen),
        lost=screens.lost,
        events=screens.events / took / number,
        bytes_a_screen=(opened - before) / number,
        before=before,
        processor=spent / took,
    )


async def screens(server: HallServer, keys: Keys, bare: int, arguments: argparse.Namespace) -> None:
    """From the clerk's button to the waiting room."""
    number, rate, seconds = arguments.screens, arguments.rate, arguments.seconds
    counters = await at_counters(server, keys, Times())
    served: dict[int, asyncio.Task[None]] = {}

    async def call(turn: int) -> Answer:
        place = turn % len(counters)
        if place in served:
            await served[place]
        answer = await counters[place].call()
        served[place] = asyncio.create_task(counters[place].serve(answer.json["id"], STEP_SECONDS))
        return answer

    teller = Connection(PORT_BARE)

    async def tell(_turn: int) -> Answer:
        return await teller.ask(post("/call", {}))

    bare_shown = await watched(PORT_BARE, bare, "/stream", {}, number, tell, rate, min(seconds, 30))
    path, cookie = f"/wachtruimte/{HALL}/nu", {"Cookie": keys.screen}
    ours = await watched(port_of(server), server.pid, path, cookie, number, call, rate, seconds)
    await asyncio.gather(*served.values())
    head(
        f"{number} screens, {rate:g} calls a second for {seconds:g} s",
        "p50",
        "p99",
        "longest ms",
        "not shown",
        "streams lost",
        "events a second a screen",
        "kB a screen",
        "server before, MB",
        "share of a processor",
    )
    ratios = (f"{percentile(ours.delays, share) / percentile(bare_shown.delays, share):.1f}" for share in (0.5, 0.99))
    row("ratio to bare", *ratios, *[""] * 4, f"{ours.bytes_a_screen / bare_shown.bytes_a_screen:.1f}", "", "")
    for name, found in (("kcc, from call to shown", ours), ("bare stream", bare_shown)):
        delays = (f"{percentile(found.delays, share):.0f}" for share in (0.5, 0.99, 1.0))
        counts = (f"{found.missed}", f"{found.lost}", f"{found.events:.1f}", f"{found.bytes_a_screen / 1000:.1f}")
        row(name, *delays, *counts, f"{found.before / 1e6:.0f}", f"{found.processor:.2f}")


async def reconnects(server: HallServer, keys: Keys, number: int, times: int) -> None:
    """All screens lose their connection and come back, again and again."""
    process = psutil.Process(server.pid)
    head(f"{number} screens that reconnect", "memory, MB", "open files and sockets", "threads")
    for time in range(times + 1):
        if time in (0, 1, times // 2, times):
            await asyncio.sleep(SETTLE_SECONDS)
            memory = process.memory_info().rss / 1e6
            row(f"after {time} times", f"{memory:.0f}", f"{process.num_fds()}", f"{process.num_threads()}")
        screens = Screens(port_of(server), f"/wachtruimte/{HALL}/nu", Cookie=keys.screen)
        await screens.open(number)
        await screens.close()


@contextmanager
def fresh(kind: str) -> Iterator[tuple[HallServer, Keys]]:
    """A service in whose hall 300 people wait."""
    with tempfile.TemporaryDirectory(prefix="kcc-bench-") as name, database_at(kind, Path(name)) as url:
        keys = asyncio.run(furnish(url))
        with hall_server(url, Path(name) / "data", workers=1) as server:
            yield server, keys


async def measure(server: HallServer, keys: Keys, bare: int, arguments: argparse.Namespace) -> None:
    """All parts on one kind of database."""
    parts = arguments.parts.split(",")
    if "calls" in parts:
        await calls(server, keys, bare, arguments.calls)
    if "pages" in parts:
        await clerk_page(server, keys, bare, arguments.pages)
    if "screens" in parts:
        await screens(server, keys, bare, arguments)
    if "reconnects" in parts:
        await reconnects(server, keys, arguments.screens, arguments.reconnects)


def main() -> None:
    """Measure what the arguments say."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parts", default="calls,pages,screens,reconnects")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--screens", type=int, default=200)
    parser.add_argument("--rate", type=float, default=2)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--reconnects", type=int, default=100)
    arguments = parser.parse_args()
    print(f"load average before: {os.getloadavg()[0]:.2f}; {WAITING} waiting")
    for kind in arguments.databases.split(","):
        print(f"\n{kind}")
        with fresh(kind) as (server, keys), serving(BARE, {}, PORT_BARE, "/") as (bare, _):
            uvloop.run(measure(server, keys, bare, arguments))
            for line in server.errors():
                print(line)


if __name__ == "__main__":
    main()
