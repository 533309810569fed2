"""A department's mailboxes: an administrator's to set, and nobody else's to see."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from kcc.clock import Clock
from kcc.knowledge.importing import import_path
from kcc.storage.database import Database
from tests.conftest import CONTENT

WithToken = Callable[[Role], Awaitable[httpx.AsyncClient]]
DEPARTMENT = "/api/v1/departments/burgerzaken"
MAILBOXES = {"email": "burgerzaken@voorbeeld.example", "leadEmail": "hoofd@voorbeeld.example"}


@pytest.fixture
async def administrator(kennisbank: None, with_token: WithToken) -> httpx.AsyncClient:
    client = await with_token(Role.ADMINISTRATOR)
    changed = await client.put(DEPARTMENT, json={"name": "Burgerzaken", **MAILBOXES})
    assert changed.json() == {"code": "burgerzaken", "name": "Burgerzaken", **MAILBOXES}
    return client


async def test_only_administrators_see_them(administrator: httpx.AsyncClient, client: httpx.AsyncClient) -> None:
    for reader in (client, administrator):
        assert "voorbeeld.example" not in (await reader.get("/api/v1/departments")).text
    seen = await administrator.get(DEPARTMENT)
    assert (seen.json()["email"], seen.headers["cache-control"]) == (MAILBOXES["email"], "no-store")
    assert (await administrator.get("/api/v1/departments/nergens")).status_code == 404


async def test_an_import_leaves_them_alone(administrator: httpx.AsyncClient, database: Database, clock: Clock) -> None:
    report = await import_path(database, CONTENT, clock.now())
    assert not report.problems
    assert (await administrator.get(DEPARTMENT)).json()["leadEmail"] == MAILBOXES["leadEmail"]


async def test_what_is_no_address_is_told(administrator: httpx.AsyncClient) -> None:
    wrong = await administrator.put(DEPARTMENT, json={"name": "Burgerzaken", "email": "geen"})
    assert wrong.status_code == 400
    assert [error["location"]["pointer"] for error in wrong.json()["errors"]] == ["/email"]
    assert (await administrator.put(DEPARTMENT, json={"name": "Burgerzaken"})).json()["email"] is None


async def test_they_are_set_on_the_page(
    administrator: httpx.AsyncClient, sign_in: Callable[..., Awaitable[httpx.AsyncClient]]
) -> None:
    browser, page = await sign_in(Role.ADMINISTRATOR), "/beheer/vakafdelingen/burgerzaken"
    fields = BeautifulSoup((await browser.get(page)).text, "html.parser")
    found = {name: fields.select_one(f"[name={name}]") for name in ("email", "leadEmail")}
    assert {name: field and field["value"] for name, field in found.items()} == MAILBOXES
    wrong = await browser.post(page, data={"name": "Burgerzaken", "email": "geen"})
    assert (wrong.status_code, 'value="geen"' in wrong.text) == (400, True)
    saved = await browser.post(page, data={"name": "Burgerzaken", "email": "nieuw@voorbeeld.example"})
    assert saved.status_code == 303
    assert (await administrator.get(DEPARTMENT)).json()["email"] == "nieuw@voorbeeld.example"
