"""Who comes back is recognised: seldom noted, never signed out while working, without keeping readers waiting."""

import asyncio
import threading
from collections.abc import Awaitable, Callable

import httpx
import pytest
from starlette.applications import Starlette

from kcc.access import passwords
from kcc.access.accounts import put_account
from kcc.access.roles import Role
from kcc.clock import Clock
from kcc.settings import Settings
from kcc.storage.database import Database
from tests.conftest import PASSWORD, SetClock, browser_of
from tests.running import ONE_DATABASE, running

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def name(database: Database, clock: Clock) -> str:
    """The name of an agent's account."""
    async with database.writing() as session:
        await put_account(session, "anna", "Anna Agent", PASSWORD, [Role.AGENT], clock.now())
    return "anna"


@ONE_DATABASE
async def test_who_works_every_forty_seconds_stays_in_with_an_idle_limit_of_a_minute(
    settings: Settings, name: str, moment: SetClock
) -> None:
    short = settings.model_copy(update={"session_idle_minutes": 1})
    async with running(short) as app, browser_of(app) as client:
        await client.post("/inloggen", data={"name": name, "password": PASSWORD})
        for _ in range(6):
            moment.move(seconds=40)
            assert (await client.get("/werk")).status_code == 200
        moment.move(seconds=60)
        assert (await client.get("/werk")).status_code == 303


@ONE_DATABASE
async def test_head_is_sent_to_log_in_as_get_is(client: httpx.AsyncClient) -> None:
    response = await client.head("/werk?q=pas")
    assert response.status_code == 303
    assert response.headers["location"] == "/inloggen?next=%2Fwerk%3Fq%3Dpas"


@ONE_DATABASE
async def test_checking_passwords_keeps_nobody_from_reading(
    app: Starlette, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite has four reading connections; four people whose password is being checked hold none of them."""
    checked = threading.Event()
    started = threading.Semaphore(0)

    def slow(stored: str | None, password: str) -> bool:
        started.release()
        checked.wait(120)
        return stored is not None

    monkeypatch.setattr(passwords, "_verify", slow)
    clients = [browser_of(app) for _ in range(4)]
    attempts = [
        asyncio.create_task(client.post("/inloggen", data={"name": name, "password": PASSWORD})) for client in clients
    ]
    try:
        for _ in attempts:
            assert await asyncio.to_thread(started.acquire, timeout=120)
        async with browser_of(app) as reader, asyncio.timeout(90):
            assert (await reader.get("/")).status_code == 200
    finally:
        checked.set()
        answers = await asyncio.gather(*attempts)
        for client in clients:
            await client.aclose()
    assert [answer.status_code for answer in answers] == [303] * 4
