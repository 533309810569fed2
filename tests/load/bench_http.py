"""The kennisbank over HTTP, beside a bare Starlette JSON route in the same run.

    python -m tests.load.bench_http [--sizes 1000,10000] [--rates 25,50,100,200]

Server and client are processes of their own on 127.0.0.1. Every search and completion differs from all before it
(uncached), unless the row says repeated. Ratios are to the bare route at the same rate.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, perf_counter, sleep
from urllib.parse import quote

import psutil

from kcc.access.roles import Role
from kcc.access.tokens import create_token
from kcc.catalogue.models import Department, Topic
from kcc.knowledge import index
from kcc.knowledge.documents import load_lexicon
from kcc.knowledge.models import Article, Audience, Status
from kcc.storage.database import Database
from kcc.storage.migrate import migrate
from tests.load.generated import Generator
from tests.load.open_loop import percentile
from tests.relevance.baselines import Fts5

SEARCH, COMPLETE = "/api/v1/articles?limit=10&q=", "/api/v1/suggestions?q="
REQUESTS = 600
PORT_BARE, PORT_KCC = 8461, 8462


async def fill(folder: Path, documents: Sequence[index.Document]) -> str:
    """A database and an index with these articles, in `folder`. Returns an editor's token."""
    database = Database(f"sqlite:///{folder / 'kcc.sqlite3'}")
    await migrate(database)
    now = datetime.now(UTC)
    async with database.writing() as session:
        departments = {document.department for document in documents}
        session.add_all(Department(code=code, name=code) for code in sorted(departments))
        await session.flush()
        topics = {document.topic: document.department for document in documents}
        session.add_all(Topic(code=code, name=code, department=department) for code, department in topics.items())
        await session.flush()
        session.add_all(_row(document, now) for document in documents)
        token = await create_token(session, "bench", Role.EDITOR, now)
    async with database.reading() as session:
        lexicon = await load_lexicon(session)
    index.build(folder / "index", documents, lexicon=lexicon, position=0)
    await database.close()
    return token


def _row(document: index.Document, now: datetime) -> Article:
    return Article(
        slug=document.slug,
        title=document.title[:200],
        upl="UPL-naam nog niet beschikbaar",
        topic=document.topic,
        department=document.department,
        audience=Audience(document.audience),
        status=Status.PUBLISHED,
        short_answer=document.short_answer[:600],
        body=document.body,
        internal=document.internal,
        variants=list(document.variants),
        synonyms=list(document.synonyms),
        created_at=now,
        updated_at=now,
    )


@contextmanager
def serving(command: Sequence[str], environment: dict[str, str], port: int, ready: str) -> Iterator[tuple[int, float]]:
    """Run a server; yields its process id and the seconds from its start to the first good answer."""
    started = perf_counter()
    process = subprocess.Popen([sys.executable, *command], env=os.environ | environment, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{ready}", timeout=5) as response:
                    if response.status == 200:
                        break
            except (urllib.error.URLError, ConnectionError):
                if process.poll() is not None or perf_counter() - started > 120:
                    raise RuntimeError(f"{command} did not start") from None
                sleep(0.01)
        yield process.pid, perf_counter() - started
    finally:
        process.terminate()
        process.wait(30)


def load(port: int, rate: float, paths: Sequence[str]) -> dict[str, float]:
    """Latencies in milliseconds at this rate, measured by a process of its own."""
    command = [sys.executable, "-m", "tests.load.open_loop", str(port), str(rate)]
    done = subprocess.run(command, input="\n".join(paths), text=True, capture_output=True, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def beginnings(queries: Sequence[str]) -> list[str]:
    """Every query cut off in its last word, as while typing; no two alike."""
    return list(dict.fromkeys(query[: max(3, len(query) - 2)] for query in queries))


class Asked:
    """Hands out queries that nobody asked before."""

    def __init__(self, generator: Generator, documents: list[index.Document], number: int) -> None:
        self._searches = iter(generator.queries(documents, number))
        self._beginnings = iter(beginnings(generator.queries(documents, number)))

    def searches(self, number: int) -> list[str]:
        return [SEARCH + quote(next(self._searches)) for _ in range(number)]

    def completions(self, number: int) -> list[str]:
        return [COMPLETE + quote(next(self._beginnings)) for _ in range(number)]


def publish_to_found(token: str) -> float:
    """Seconds from the answer to a new article to the first search that finds it."""
    body = {
        "slug": "zeldzaam-woord",
        "title": "Quxzeldwoord regelen",
        "topic": "onderwerp-1",
        "shortAnswer": "Zo.",
        "body": "Zo.",
    }
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT_KCC}/api/v1/articles",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    urllib.request.urlopen(request).close()
    published = monotonic()
    while monotonic() - published < 30:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT_KCC}{SEARCH}quxzeldwoord") as response:
            if json.load(response)["total"]:
                return monotonic() - published
        sleep(0.01)
    raise RuntimeError("the new article was not found within 30 s")


def fts5(documents: Sequence[index.Document], queries: Sequence[str]) -> tuple[float, float]:
    """p50 and p99 of SQLite FTS5 in process, in milliseconds, on queries of the same kind."""
    search = Fts5(documents)
    times = []
    for query in queries:
        started = perf_counter()
        search.search(query)
        times.append((perf_counter() - started) * 1000)
    return percentile(times, 0.5), percentile(times, 0.99)


def row(label: str, rate: float, ours: dict[str, float], bare: dict[str, float]) -> None:
    """Print one line, the ratio first."""
    ratio = ours["p50"] / bare["p50"]
    print(
        f"{label:22}{rate:6.0f}/s{ratio:8.1f} x{ours['p50']:10.2f}{ours['p99']:10.2f}"
        f"{bare['p50']:10.2f}{bare['p99']:10.2f}{ours['errors']:10.0f}",
        flush=True,
    )


def measure(size: int, rates: Sequence[float]) -> None:
    """All rows for one number of articles."""
    generator = Generator()
    documents = list(generator.articles(size))
    asked = Asked(generator, documents, 2 * REQUESTS * (len(rates) + 2))
    with tempfile.TemporaryDirectory(prefix="kcc-bench-") as name:
        folder = Path(name)
        token = asyncio.run(fill(folder, documents))
        environment = {"KCC_DATA_DIR": name, "KCC_RATE_LIMITS": "off", "KCC_LOG_LEVEL": "warning"}
        kcc = ["-m", "kcc", "serve", "--port", str(PORT_KCC)]
        bare = [
            "-m",
            "uvicorn",
            "tests.load.bare:app",
            "--port",
            str(PORT_BARE),
            "--no-access-log",
            "--log-level",
            "error",
        ]
        with (
            serving(bare, {}, PORT_BARE, "/"),
            serving(kcc, environment, PORT_KCC, SEARCH + quote(documents[0].title.split()[0])) as (pid, first_answer),
        ):
            print(
                f"\n{size} articles                        ratio       p50       p99  bare p50  bare p99  errors  (ms)"
            )
            load(PORT_KCC, 50, asked.searches(100) + asked.completions(100))  # warm up
            load(PORT_BARE, 200, ["/"] * 200)
            for rate in rates:
                yardstick = load(PORT_BARE, rate, ["/"] * REQUESTS)
                row("search, uncached", rate, load(PORT_KCC, rate, asked.searches(REQUESTS)), yardstick)
                row("completion, uncached", rate, load(PORT_KCC, rate, asked.completions(REQUESTS)), yardstick)
                row("search, repeated", rate, load(PORT_KCC, rate, asked.searches(1) * REQUESTS), yardstick)
            memory = psutil.Process(pid).memory_info().rss / 1e6
            found = publish_to_found(token)
        p50, p99 = fts5(documents, generator.queries(documents, REQUESTS))
    print(f"SQLite FTS5 in process, same kind of queries: p50 {p50:.2f} ms, p99 {p99:.2f} ms")
    print(
        f"start to first answer {first_answer:.2f} s; published to found {found:.2f} s; serving worker {memory:.0f} MB"
    )


def main() -> None:
    """Measure what the arguments say."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--rates", default="25,50,100,200")
    arguments = parser.parse_args()
    for size in arguments.sizes.split(","):
        measure(int(size), [float(rate) for rate in arguments.rates.split(",")])


if __name__ == "__main__":
    main()
