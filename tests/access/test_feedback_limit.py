"""Residents' verdicts are limited by address: nobody is signed in there."""

import httpx
from starlette.applications import Starlette

from kcc.settings import Settings
from tests.conftest import browser_of
from tests.running import ONE_DATABASE, Elsewhere, running

pytestmark = ONE_DATABASE
ADDRESS = "/antwoorden/paspoort-aanvragen/reactie"
LIMIT = 30


async def _judge(client: httpx.AsyncClient, times: int) -> list[int]:
    return [(await client.post(ADDRESS, data={"verdict": "resolved"})).status_code for _ in range(times)]


async def test_an_address_gives_thirty_verdicts_and_is_then_told_to_wait(kennisbank: None, app: Starlette) -> None:
    async with browser_of(Elsewhere(app, "192.0.2.1")) as client:
        assert await _judge(client, LIMIT + 1) == [303] * LIMIT + [429]
        refused = await client.post(ADDRESS, data={"verdict": "resolved"})
        assert 1 <= int(refused.headers["retry-after"]) <= 600
        assert "Wacht 10 minuten" in refused.text
        assert (await client.get("/antwoorden/paspoort-aanvragen")).status_code == 200
    async with browser_of(Elsewhere(app, "192.0.2.2")) as other:
        assert await _judge(other, 1) == [303]


async def test_the_setting_switches_the_limit_off(kennisbank: None, settings: Settings) -> None:
    without = settings.model_copy(update={"rate_limits": False})
    async with running(without) as app, browser_of(app) as client:
        assert await _judge(client, LIMIT + 2) == [303] * (LIMIT + 2)
