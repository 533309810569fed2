"""A real `kcc serve`, in a process of its own, for a real browser to visit."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path

START_SECONDS = 240
STOP_SECONDS = 90


@dataclass(frozen=True)
class Site:
    """A running service: its address, its data folder and where its log goes."""

    url: str
    data: Path
    log: Path

    def errors(self) -> list[str]:
        """What the service logged as an error."""
        return [line for line in self.log.read_text().splitlines() if '"level": "error"' in line]


def _environment(data: Path, **more: str) -> dict[str, str]:
    """The settings of a service in this folder, and none that happen to be set here."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("KCC_")}
    return own | {"KCC_DATA_DIR": str(data), "KCC_RATE_LIMITS": "off"} | more


def kcc(data: Path, *arguments: str, **more: str) -> str:
    """What a `kcc` command in this folder says on stdout."""
    command = [sys.executable, "-m", "kcc", *arguments]
    done = subprocess.run(command, env=_environment(data, **more), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def load_demonstration(data: Path) -> None:
    """`kcc demo` in this folder, with some weeks of history, and nobody in the queue or the hall whatever the hour."""
    evening = datetime.now(UTC) - timedelta(days=1)
    kcc(data, "demo", "--days", "28", KCC_CLOCK=f"{evening:%Y-%m-%d}T20:00:00Z")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_ready(url: str, path: str) -> bool:
    """Whether the service answers there, and well."""
    # Not with httpx: each of its clients reads all certificates first, which costs the service its start.
    connection = HTTPConnection(url.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (HTTPException, OSError):
        return False
    finally:
        connection.close()


@contextmanager
def serving(data: Path, *options: str, until: str = "/readyz", **more: str) -> Iterator[Site]:
    """`kcc serve` on this data folder, from the moment that `until` answers well. `more` are other settings."""
    port = _free_port()
    site = Site(f"http://127.0.0.1:{port}", data, data.with_suffix(f".{port}.log"))
    command = [sys.executable, "-m", "kcc", "serve", "--port", str(port), *options]
    with site.log.open("w") as log:
        process = subprocess.Popen(
            command, env=_environment(data, KCC_BASE_URL=site.url, **more), stdout=log, stderr=subprocess.STDOUT
        )
        try:
            deadline = time.monotonic() + START_SECONDS
            while not is_ready(site.url, until):
                assert process.poll() is None, site.log.read_text()
                assert time.monotonic() < deadline, site.log.read_text()
                time.sleep(0.1)
            yield site
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)
