"""Limits on log-in attempts: by account, by address, also when many come at once."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette

from kcc.access.accounts import put_account
from kcc.access.roles import Role
from kcc.clock import Clock
from kcc.settings import Settings
from kcc.storage.database import Database
from tests.conftest import PASSWORD, browser_of
from tests.running import Elsewhere, running

WRONG = "verkeerd wachtwoord"
PER_ACCOUNT = 5
PER_ADDRESS = 20


@pytest.fixture
async def name(database: Database, clock: Clock) -> str:
    """The name of an agent's account."""
    async with database.writing() as session:
        await put_account(session, "anna", "Anna Agent", PASSWORD, [Role.AGENT], clock.now())
    return "anna"


async def _try(client: httpx.AsyncClient, name: str, password: str = WRONG) -> httpx.Response:
    return await client.post("/inloggen", data={"name": name, "password": password})


async def _statuses(client: httpx.AsyncClient, names: list[str]) -> list[int]:
    return [(await _try(client, name)).status_code for name in names]


async def test_an_account_takes_five_wrong_passwords(client: httpx.AsyncClient, name: str) -> None:
    assert await _statuses(client, [name] * 6) == [401] * PER_ACCOUNT + [429]


async def test_then_the_right_password_must_wait_too_and_the_answer_says_how_long(
    client: httpx.AsyncClient, name: str
) -> None:
    await _statuses(client, [name] * PER_ACCOUNT)
    response = await _try(client, name, PASSWORD)
    assert response.status_code == 429
    assert 1 <= int(response.headers["retry-after"]) <= 300
    assert "Te veel pogingen. Wacht 5 minuten" in response.text
    assert "set-cookie" not in response.headers


async def test_an_unknown_account_is_limited_alike(client: httpx.AsyncClient) -> None:
    assert await _statuses(client, ["niemand"] * 6) == [401] * PER_ACCOUNT + [429]


async def test_another_way_to_write_the_name_is_the_same_account(client: httpx.AsyncClient, name: str) -> None:
    assert await _statuses(client, ["anna", "ANNA", " anna", "Anna", "anna ", "aNNa"]) == [401] * PER_ACCOUNT + [429]


async def test_the_account_is_limited_from_every_address_together(app: Starlette, name: str) -> None:
    statuses = []
    for number in range(6):
        async with browser_of(Elsewhere(app, f"192.0.2.{number}")) as client:
            statuses += await _statuses(client, [name])
    assert statuses == [401] * PER_ACCOUNT + [429]


async def test_an_address_takes_twenty_wrong_passwords_over_all_accounts(app: Starlette, name: str) -> None:
    async with browser_of(Elsewhere(app, "192.0.2.1")) as client:
        names = [f"account-{number}" for number in range(PER_ADDRESS)]
        assert await _statuses(client, names) == [401] * PER_ADDRESS
        assert (await _try(client, name, PASSWORD)).status_code == 429
    async with browser_of(Elsewhere(app, "192.0.2.2")) as client:
        assert (await _try(client, name, PASSWORD)).status_code == 303


async def test_many_attempts_at_once_are_not_more_attempts(client: httpx.AsyncClient, name: str) -> None:
    responses = await asyncio.gather(*(_try(client, name) for _ in range(30)))
    statuses = sorted(response.status_code for response in responses)
    assert set(statuses) == {401, 429}
    assert statuses.count(401) <= PER_ACCOUNT


async def test_right_passwords_are_not_counted(client: httpx.AsyncClient, name: str) -> None:
    for _ in range(PER_ACCOUNT + 2):
        assert (await _try(client, name, PASSWORD)).status_code == 303
    assert await _statuses(client, [name] * 6) == [401] * PER_ACCOUNT + [429]


async def test_forms_that_are_not_filled_in_are_not_counted(client: httpx.AsyncClient, name: str) -> None:
    for _ in range(PER_ACCOUNT + 2):
        assert (await client.post("/inloggen", data={"name": name})).status_code == 400
    assert (await _try(client, name, PASSWORD)).status_code == 303


async def test_the_setting_switches_the_limits_off(settings: Settings, name: str) -> None:
    async with running(settings.model_copy(update={"rate_limits": False})) as app, browser_of(app) as client:
        assert await _statuses(client, [name] * (PER_ACCOUNT + 3)) == [401] * (PER_ACCOUNT + 3)
