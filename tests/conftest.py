"""Fixtures shared by all tests: both databases, a settable clock, the app and a client of it."""

import asyncio
import gc
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest
import structlog
from argon2 import PasswordHasher
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from starlette.applications import Starlette

from kcc.access import passwords
from kcc.access.accounts import put_account
from kcc.access.roles import Role
from kcc.access.tokens import create_token
from kcc.app import build_app
from kcc.clock import Clock
from kcc.knowledge.importing import import_path
from kcc.knowledge.indexing import rebuild
from kcc.settings import PREFIX, Settings
from kcc.storage import database as storage
from kcc.storage.database import Database
from kcc.storage.migrate import migrate
from tests.postgres import running_server, with_name

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PASSWORD = "een goed wachtwoord"
CONTENT = Path(__file__).parent / "content"
# The same examples each run, however long they take: a change is refused for what it changed, not for the hour it came.
# To look further, at random: `scripts/test --hypothesis-profile=default`.
hypothesis_settings.register_profile(
    "kcc", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("kcc")
_numbers = itertools.count()
# Processes that run tests side by side may share one server that KCC_TEST_POSTGRES_URL names.
_PREFIX = "kcc_" + os.environ.get("PYTEST_XDIST_WORKER", "main")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The file that takes longest goes first: nothing waits for it at the end."""
    items.sort(key=lambda item: item.path.name != "test_schemathesis.py")


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it for garbage again and again takes a tenth of the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def patient_database() -> Iterator[None]:
    """No test is about how soon a busy machine gives up waiting for the database; those that are, set it themselves."""
    pragmas = tuple(pragma for pragma in storage.SQLITE_PRAGMAS if not pragma.startswith("busy_timeout"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "SQLITE_PRAGMAS", (*pragmas, "busy_timeout=90000"))
        patch.setattr(storage, "POOL_SECONDS", 90)
        yield


@pytest.fixture(scope="session", autouse=True)
def plain_tracebacks() -> None:
    """structlog's own form of a crash shows every value on the way: that takes it a quarter of a minute."""
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()])


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """argon2id with the least work: with the real parameters, logging in is most of the time these tests take."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(autouse=True)
def own_variables() -> Iterator[None]:
    """`kcc serve` sets variables for its workers; run in a test, it sets them for no other test."""
    before = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
    yield
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    os.environ.update(before)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the test run."""
    with running_server() as server:
        yield server


async def _postgres(server: str, statement: str) -> None:
    connection = await asyncpg.connect(with_name(server, "postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _migrated(url: str, index: Path | None = None) -> None:
    """Make the tables; with `index` fill in the small kennisbank, and make its index there."""
    database = Database(url)
    await migrate(database)
    if index:
        report = await import_path(database, CONTENT, NOW)
        assert not report.problems
        await rebuild(database, index)
    await database.close()


def _apart(work: Coroutine[Any, Any, None]) -> None:
    """Run in a thread of its own: these fixtures may be made while a test's event loop is running."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def _postgres_template(server: str, name: str, index: Path | None = None) -> str:
    _apart(_postgres(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    _apart(_postgres(server, f"CREATE DATABASE {name}"))
    _apart(_migrated(with_name(server, name), index))
    return name


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a migrated, empty database to copy."""
    return _postgres_template(postgres_server, f"{_PREFIX}_template")


@pytest.fixture(scope="session")
def postgres_kennisbank(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The name of a database with the small kennisbank, and its index, to copy."""
    index = tmp_path_factory.mktemp("kennisbank") / "index"
    return _postgres_template(postgres_server, f"{_PREFIX}_kennisbank", index), index


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file to copy."""
    path = tmp_path_factory.mktemp("template") / "kcc.sqlite3"
    _apart(_migrated(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def sqlite_kennisbank(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A database file with the small kennisbank, and its index, to copy."""
    folder = tmp_path_factory.mktemp("kennisbank")
    _apart(_migrated(f"sqlite:///{folder / 'kcc.sqlite3'}", folder / "index"))
    return folder / "kcc.sqlite3", folder / "index"


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a fresh, migrated database; a test that uses it runs on both kinds.

    For a test that asks for `kennisbank` that is in it already.
    """
    filled = "kennisbank" in request.fixturenames
    data = tmp_path / "data"
    data.mkdir()
    kind = "sqlite" if request.param == "sqlite" else "postgres"
    template = request.getfixturevalue(f"{kind}_{'kennisbank' if filled else 'template'}")
    if filled:
        template, index = template
        shutil.copytree(index, data / "index")
    if request.param == "sqlite":
        shutil.copy(template, data / "kcc.sqlite3")
        yield f"sqlite:///{data / 'kcc.sqlite3'}"
        return
    server = request.getfixturevalue("postgres_server")
    name = f"{_PREFIX}_{next(_numbers)}"
    await _postgres(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield with_name(server, name)
    await _postgres(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh, migrated database."""
    database = Database(database_url)
    yield database
    await database.close()


@dataclass
class SetClock:
    """A clock that stands still until a test moves it."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def move(self, **delta: float) -> None:
        """Move on by e.g. `minutes=5`."""
        self.at += timedelta(**delta)


@pytest.fixture
def moment() -> SetClock:
    """Moves the clock of the app."""
    return SetClock()


@pytest.fixture
def clock(moment: SetClock) -> Clock:
    """The clock that `moment` moves."""
    return Clock(ZoneInfo("Europe/Amsterdam"), moment.now)


@pytest.fixture
def settings(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Settings:
    """Settings of a service under test; background work is off unless a test turns it on."""
    monkeypatch.setattr(Settings, "make_clock", lambda self: clock)
    return Settings(
        data_dir=tmp_path / "data",
        database_url=database_url,
        worker=False,
        base_url="http://kcc.test",
        log_level="error",
    )


@pytest.fixture
def kennisbank(database_url: str) -> None:
    """The small kennisbank in tests/content, imported and indexed at NOW: `database_url` fills it in."""


@pytest.fixture
async def app(settings: Settings, database: Database) -> AsyncIterator[Starlette]:
    """The application, started. Ask for `kennisbank` before it when there must be articles."""
    app = build_app(settings)
    async with app.router.lifespan_context(app) as state:
        app.state.lifespan = state
        yield app


class _WithState:
    """ASGITransport has no lifespan: hands the lifespan state to each request as a server would."""

    def __init__(self, app: Starlette) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        await self.app({**scope, "state": dict(self.app.state.lifespan)}, receive, send)


def browser_of(app: Starlette, **headers: str) -> httpx.AsyncClient:
    """A client with cookies of its own."""
    transport = httpx.ASGITransport(_WithState(app), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://kcc.test", headers=headers)


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who is not signed in."""
    async with browser_of(app) as client:
        yield client


@pytest.fixture
async def sign_in(app: Starlette, database: Database, clock: Clock) -> AsyncIterator[Callable[..., object]]:
    """`await sign_in(Role.EDITOR)` gives a client that is signed in with that role."""
    clients: list[httpx.AsyncClient] = []

    async def sign_in(*roles: Role) -> httpx.AsyncClient:
        name = f"user-{next(_numbers)}"
        async with database.writing() as session:
            await put_account(session, name, f"Test {name}", PASSWORD, roles, clock.now())
        client = browser_of(app)
        clients.append(client)
        response = await client.post("/inloggen", data={"name": name, "password": PASSWORD})
        assert response.status_code == 303, response.text
        return client

    yield sign_in
    for client in clients:
        await client.aclose()


@pytest.fixture
async def with_token(app: Starlette, database: Database, clock: Clock) -> AsyncIterator[Callable[..., object]]:
    """`await with_token(Role.EDITOR)` gives a client of the API with a token of that role."""
    clients: list[httpx.AsyncClient] = []

    async def with_token(role: Role) -> httpx.AsyncClient:
        async with database.writing() as session:
            token = await create_token(session, "test", role, clock.now())
        client = browser_of(app, Authorization=f"Bearer {token}")
        clients.append(client)
        return client

    yield with_token
    for client in clients:
        await client.aclose()


@contextmanager
def empty_postgres(server: str) -> Iterator[str]:
    """The address of a database in which nothing was ever done."""
    name = f"{_PREFIX}_{next(_numbers)}"
    _apart(_postgres(server, f"CREATE DATABASE {name}"))
    try:
        yield with_name(server, name)
    finally:
        _apart(_postgres(server, f"DROP DATABASE {name} WITH (FORCE)"))
