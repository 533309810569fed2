"""Fixtures shared by all tests: both databases, a settable clock, the app and a client of it."""

import asyncio
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
from argon2 import PasswordHasher
from starlette.applications import Starlette

from kcc.access import passwords
from kcc.access.accounts import put_account
from kcc.access.roles import Role
from kcc.access.tokens import create_token
from kcc.app import build_app
from kcc.clock import Clock
from kcc.knowledge.importing import import_path
from kcc.knowledge.indexing import rebuild
from kcc.settings import Settings
from kcc.storage.database import Database
from kcc.storage.migrate import migrate
from tests.postgres import running_server, with_name

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PASSWORD = "een goed wachtwoord"
CONTENT = Path(__file__).parent / "content"
_numbers = itertools.count()
# Processes that run tests side by side may share one server that KCC_TEST_POSTGRES_URL names.
_PREFIX = "kcc_" + os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """argon2id with the least work: with the real parameters, logging in is most of the time these tests take."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_hasher", quick)
        patch.setattr(passwords, "_NOBODY", quick.hash("niemand"))
        yield


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


async def _migrated(url: str) -> None:
    database = Database(url)
    await migrate(database)
    await database.close()


def _apart(work: Coroutine[Any, Any, None]) -> None:
    """Run in a thread of its own: these fixtures may be made while a test's event loop is running."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a migrated, empty database to copy."""
    name = f"{_PREFIX}_template"
    _apart(_postgres(postgres_server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    _apart(_postgres(postgres_server, f"CREATE DATABASE {name}"))
    _apart(_migrated(with_name(postgres_server, name)))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file to copy."""
    path = tmp_path_factory.mktemp("template") / "kcc.sqlite3"
    _apart(_migrated(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a fresh, migrated database; a test that uses it runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "data" / "kcc.sqlite3"
        path.parent.mkdir()
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server, template = request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_template")
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
async def kennisbank(database: Database, settings: Settings, clock: Clock) -> None:
    """The small kennisbank in tests/content, imported and indexed."""
    report = await import_path(database, CONTENT, clock.now())
    assert not report.problems
    await rebuild(database, settings.index_dir)


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
