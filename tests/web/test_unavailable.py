"""A database that is locked, full or gone: "busy, try again" and not a crash, and nothing personal in the log."""

import io
import json
import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from typing import Any

import httpx
import pytest
import structlog
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kcc.access.guard import public
from kcc.access.roles import Role
from kcc.settings import Settings
from kcc.storage import database as storage
from kcc.storage.database import Database
from kcc.storage.installation import InstallationFact
from kcc.web import logs, problems
from kcc.web.routing import Route
from tests.conftest import SetClock, browser_of
from tests.running import ONE_DATABASE, running

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
SECRET = "burgerservicenummer"
POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@public
async def _write(request: Request[Any]) -> Response:
    async with request.state["database"].writing() as session:
        session.add(InstallationFact(name="x", value="x"))
    return PlainTextResponse("written")


@public
async def _write_twice(request: Request[Any]) -> Response:
    """A mistake of ours: a row that is there already."""
    for _ in range(2):
        async with request.state["database"].writing() as session:
            session.add(InstallationFact(name=SECRET, value=SECRET))
    return PlainTextResponse("")


@public
async def _mistaken(request: Request[Any]) -> Response:
    async with request.state["database"].reading() as session:
        await session.exec(text("SELECT * FROM there_is_no_such_table"))
    return PlainTextResponse("")


@public
async def _lose_connection(request: Request[Any]) -> Response:
    async with request.state["database"].reading() as session:
        await session.exec(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    return PlainTextResponse("")


@public
async def _nowhere(request: Request[Any]) -> Response:
    folder = request.state["settings"].data_dir
    async with Database(f"postgresql://kcc@/kcc?host={folder}").reading() as session:
        await session.exec(text("SELECT 1"))
    return PlainTextResponse("")


@public
async def _all_in_use(request: Request[Any]) -> Response:
    database = request.state["database"]
    async with database.writing() as one, database.writing() as another:
        await one.exec(text("SELECT 1"))
        await another.exec(text("SELECT 1"))
    return PlainTextResponse("")


ENDPOINTS = {
    "schrijf": _write,
    "dubbel": _write_twice,
    "fout": _mistaken,
    "verbroken": _lose_connection,
    "nergens": _nowhere,
    "bezet": _all_in_use,
}
ROUTES = [Route(f"{prefix}/{name}", endpoint) for name, endpoint in ENDPOINTS.items() for prefix in ("", "/api/v1")]


@pytest.fixture
def stderr(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Where the logs go, as configured for machines; afterwards logging is as it was."""
    written = io.StringIO()
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = list(root.handlers), root.level
    monkeypatch.setattr(logs, "log", structlog.get_logger("kcc.request"))
    monkeypatch.setattr(problems, "log", structlog.get_logger("kcc.web"))
    with redirect_stderr(written):
        logs.configure("json", "info")
    yield written
    structlog.configure(**before)
    root.handlers[:], root.level = handlers, level


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a lock or a connection hardly at all."""
    monkeypatch.setattr(storage, "SQLITE_PRAGMAS", ("journal_mode=WAL", "busy_timeout=10", "foreign_keys=ON"))
    monkeypatch.setattr(storage, "POOL_SECONDS", 0.05, raising=False)


@pytest.fixture
async def client(impatient: None, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with running(settings, *ROUTES) as app, browser_of(app) as client:
        yield client


@contextmanager
def _locked(settings: Settings) -> Iterator[None]:
    """Another process is writing."""
    other = sqlite3.connect(settings.database.removeprefix("sqlite:///"), isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
    finally:
        other.close()


async def _is_busy(client: httpx.AsyncClient, path: str) -> bool:
    """Whether the page and the API both say that trying again helps."""
    page, answer = await client.get(f"/{path}"), await client.get(f"/api/v1/{path}")
    for response in (page, answer):
        assert response.status_code == 503, response.text
        assert int(response.headers["retry-after"]) > 0
    assert answer.headers["content-type"] == "application/problem+json"
    return "Even bezig" in page.text and str(answer.json()["type"]).endswith("/busy")


@ONE_DATABASE
async def test_a_locked_database_is_busy_until_the_lock_is_gone(client: httpx.AsyncClient, settings: Settings) -> None:
    with _locked(settings):
        assert await _is_busy(client, "schrijf")
    assert (await client.get("/schrijf")).text == "written"


@ONE_DATABASE
async def test_no_free_connection_is_busy(client: httpx.AsyncClient) -> None:
    assert await _is_busy(client, "bezet")


@POSTGRESQL
async def test_a_lost_connection_is_busy_and_the_next_request_has_a_new_one(client: httpx.AsyncClient) -> None:
    assert await _is_busy(client, "verbroken")
    assert (await client.get("/schrijf")).text == "written"


@ONE_DATABASE
async def test_a_server_that_is_not_there_is_busy(client: httpx.AsyncClient) -> None:
    assert await _is_busy(client, "nergens")


async def test_a_mistake_of_ours_stays_a_crash(client: httpx.AsyncClient) -> None:
    for path in ("/fout", "/dubbel"):
        assert (await client.get(path)).status_code == 500, path


@ONE_DATABASE
async def test_the_log_tells_of_a_busy_database_in_one_line_with_the_id_of_the_request(
    client: httpx.AsyncClient, settings: Settings, stderr: io.StringIO
) -> None:
    with _locked(settings):
        response = await client.get("/schrijf")
    line, request = [json.loads(line) for line in stderr.getvalue().splitlines()]
    assert (line["event"], line["level"]) == ("database.unavailable", "error")
    assert "locked" in line["reason"]
    assert line["request_id"] == request["request_id"] == response.headers["x-request-id"]
    assert request["status"] == 503


async def test_values_of_a_failed_statement_stay_out_of_the_log(client: httpx.AsyncClient, stderr: io.StringIO) -> None:
    await client.get("/dubbel")
    (crash, _) = [json.loads(line) for line in stderr.getvalue().splitlines()]
    assert "IntegrityError" in crash["exception"]
    assert "installation_fact" in crash["exception"]
    assert SECRET not in stderr.getvalue()


@ONE_DATABASE
async def test_a_session_that_cannot_be_noted_as_used_is_let_in_all_the_same(
    impatient: None, sign_in: SignIn, settings: Settings, moment: SetClock
) -> None:
    agent = await sign_in(Role.AGENT)
    moment.move(minutes=5)
    with _locked(settings):
        assert (await agent.get("/werk")).status_code == 200
    moment.move(minutes=26)
    assert (await agent.get("/werk")).status_code == 303  # nothing was noted, so this is half an hour idle
