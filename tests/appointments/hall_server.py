"""A real `kcc serve`, in processes of its own, to be raced against and killed; tests may look into its database."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from kcc.storage.database import Database
from kcc.storage.migrate import migrate
from tests.appointments.conftest import put
from tests.journeys.serving import is_ready

# Eight days before DAY, so that a reminder belongs to every appointment on it.
CLOCK = "2026-11-16T08:00:00Z"
START_SECONDS = 240
STOP_SECONDS = 90
ANSWER_SECONDS = 180


@dataclass
class HallServer:
    """`kcc serve` on one database. Between `start` and `kill` it answers at `url`."""

    database_url: str
    data: Path
    workers: int
    settings: dict[str, str]
    url: str = field(init=False)
    _processes: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Choose a port, which stays the same after a restart; make the folder."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        self.data.mkdir(parents=True, exist_ok=True)

    @property
    def log(self) -> Path:
        """Where the processes write their log, over all restarts."""
        return self.data / "serve.log"

    @property
    def pid(self) -> int:
        """The first process; the workers are its children."""
        assert self._processes is not None
        return self._processes.pid

    def _environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("KCC_")}
        return own | {
            "KCC_DATA_DIR": str(self.data),
            "KCC_DATABASE_URL": self.database_url,
            "KCC_BASE_URL": self.url,
            "KCC_RATE_LIMITS": "off",
            "KCC_RELEASE_DELAY": "0",
            "KCC_CLOCK": CLOCK,
            "KCC_LOG_LEVEL": "error",
            **self.settings,
        }

    def start(self) -> None:
        """Start serving, and wait for the first good answer."""
        port = self.url.rpartition(":")[2]
        command = [sys.executable, "-m", "kcc", "serve", "--port", port, "--workers", str(self.workers)]
        with self.log.open("ab") as log:
            self._processes = subprocess.Popen(
                command, env=self._environment(), stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        deadline = time.monotonic() + START_SECONDS
        while not is_ready(self.url, "/healthz"):  # the search index is of no concern here
            assert self._processes.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def kill(self) -> None:
        """`kill -9` for the process and all its workers, at once: nobody gets to finish anything."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Let everyone finish; kill what does not."""
        if self._processes is not None:
            self._processes.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._processes.wait(STOP_SECONDS)
            self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        assert self._processes is not None
        with suppress(ProcessLookupError):
            os.killpg(self._processes.pid, how)
        self._processes.wait()
        self._processes = None

    def errors(self) -> list[str]:
        """What the service logged as an error."""
        return [line for line in self.log.read_text().splitlines() if '"level": "error"' in line]

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        """A look into the database from outside."""
        database = Database(self.database_url)
        try:
            yield database
        finally:
            await database.close()

    async def furnish(self, *rows: Any) -> None:
        """Write rows of the plan; lists and tuples of rows too. The service sees them at its next request."""
        async with self.database() as database:
            await put(database, *_flat(rows))

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        """Many residents at once, each request on a connection of its own: an idle one may have been killed."""
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=0)
        async with httpx.AsyncClient(base_url=self.url, limits=limits, timeout=ANSWER_SECONDS, verify=False) as client:
            yield client


def _flat(rows: Sequence[Any]) -> list[Any]:
    return [item for row in rows for item in (_flat(row) if isinstance(row, list | tuple) else [row])]


def migrated(database_url: str) -> str:
    """Bring a database up to date, from wherever: in a thread, for an event loop may be running here."""

    async def work() -> None:
        database = Database(database_url)
        await migrate(database)
        await database.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work()).result()
    return database_url


@contextmanager
def hall_server(database_url: str, data: Path, *, workers: int = 0, **settings: str) -> Iterator[HallServer]:
    """Serve, and stop at the end. SQLite gets one worker and PostgreSQL two, unless told otherwise.

    SQLite is brought up to date by serving, PostgreSQL must be already (`migrated`).
    `settings` are more `KCC_*` variables.
    """
    server = HallServer(database_url, data, workers or (1 if database_url.startswith("sqlite") else 2), settings)
    try:
        server.start()
        yield server
    finally:
        server.stop()
