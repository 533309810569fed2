"""Sessions: how they begin, how long they last, and everything that ends them."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import select
from starlette.applications import Starlette

from kcc.access.accounts import put_account
from kcc.access.models import Account, Session
from kcc.access.roles import Role
from kcc.clock import Clock
from kcc.settings import Settings
from kcc.storage.database import Database
from tests.conftest import PASSWORD, SetClock, browser_of
from tests.running import running

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def name(database: Database, clock: Clock) -> str:
    """The name of an agent's account."""
    async with database.writing() as session:
        await put_account(session, "anna", "Anna Agent", PASSWORD, [Role.AGENT], clock.now())
    return "anna"


async def _log_in(client: httpx.AsyncClient, name: str) -> str:
    """Sign in; returns the id in the cookie."""
    response = await client.post("/inloggen", data={"name": name, "password": PASSWORD})
    assert response.status_code == 303, response.text
    return next(iter(response.cookies.values()))


async def _is_in(client: httpx.AsyncClient) -> bool:
    return (await client.get("/werk")).status_code == 200


async def _opens(app: Starlette, secret: str, cookie: str = "kcc") -> bool:
    """Whether a browser with nothing but this cookie is let in."""
    async with browser_of(app, Cookie=f"{cookie}={secret}") as other:
        return await _is_in(other)


async def test_a_new_log_in_has_a_new_id_and_ends_the_old_session(
    app: Starlette, client: httpx.AsyncClient, name: str
) -> None:
    first = await _log_in(client, name)
    second = await _log_in(client, name)
    assert first != second
    assert await _opens(app, second)
    assert not await _opens(app, first)


async def test_an_id_that_somebody_planted_is_not_taken_over(app: Starlette, name: str) -> None:
    planted = "x" * 43
    async with browser_of(app, Cookie=f"kcc={planted}") as victim:
        given = await _log_in(victim, name)
    assert given != planted
    assert not await _opens(app, planted)


async def test_signing_in_elsewhere_leaves_the_first_session_alone(
    app: Starlette, client: httpx.AsyncClient, name: str
) -> None:
    first = await _log_in(client, name)
    async with browser_of(app) as other:
        await _log_in(other, name)
    assert await _opens(app, first)


async def test_half_an_hour_without_a_request_ends_the_session(
    client: httpx.AsyncClient, name: str, moment: SetClock
) -> None:
    await _log_in(client, name)
    moment.move(minutes=29)
    assert await _is_in(client)
    moment.move(minutes=29)
    assert await _is_in(client)
    moment.move(minutes=30)
    assert not await _is_in(client)


async def test_a_session_ends_after_ten_hours_however_busy(
    client: httpx.AsyncClient, name: str, moment: SetClock
) -> None:
    await _log_in(client, name)
    begun = moment.at
    while moment.at + timedelta(minutes=25) < begun + timedelta(hours=10):
        moment.move(minutes=25)
        assert await _is_in(client), moment.at - begun
    moment.at = begun + timedelta(hours=10)
    assert not await _is_in(client)


async def test_both_limits_are_settings(settings: Settings, name: str, moment: SetClock) -> None:
    short = settings.model_copy(update={"session_idle_minutes": 5, "session_max_hours": 1})
    async with running(short) as app, browser_of(app) as client:
        await _log_in(client, name)
        moment.move(minutes=5)
        assert not await _is_in(client)
        await _log_in(client, name)
        for _ in range(14):
            moment.move(minutes=4)
            assert await _is_in(client)
        moment.move(minutes=4)
        assert not await _is_in(client)


async def test_signing_out_ends_the_session_for_whoever_has_its_id(
    app: Starlette, client: httpx.AsyncClient, name: str
) -> None:
    secret = await _log_in(client, name)
    response = await client.post("/uitloggen")
    assert response.status_code == 303
    assert response.headers["location"] == "/inloggen"
    assert "kcc" not in client.cookies
    assert not await _opens(app, secret)


async def test_signing_out_twice_or_never_having_signed_in_is_no_error(client: httpx.AsyncClient) -> None:
    assert (await client.post("/uitloggen")).status_code == 303


async def test_a_new_password_ends_every_session_of_the_account(
    app: Starlette, client: httpx.AsyncClient, database: Database, clock: Clock, name: str, sign_in: SignIn
) -> None:
    colleague = await sign_in(Role.AGENT)
    first = await _log_in(client, name)
    async with browser_of(app) as other:
        second = await _log_in(other, name)
    async with database.writing() as session:
        await put_account(session, name, "Anna Agent", "een heel ander wachtwoord", [Role.AGENT], clock.now())
    assert not await _opens(app, first)
    assert not await _opens(app, second)
    assert await _is_in(colleague)
    refused = await client.post("/inloggen", data={"name": name, "password": PASSWORD})
    assert refused.status_code == 401


async def test_an_account_that_was_stopped_is_out_at_once_and_does_not_come_back(
    client: httpx.AsyncClient, database: Database, name: str
) -> None:
    await _log_in(client, name)
    async with database.writing() as session:
        account = (await session.exec(select(Account).where(Account.name == name))).one()
        account.active = False
    assert not await _is_in(client)
    refused = await client.post("/inloggen", data={"name": name, "password": PASSWORD})
    assert refused.status_code == 401


async def test_a_role_that_was_taken_away_is_gone_at_the_next_request(
    client: httpx.AsyncClient, database: Database, name: str
) -> None:
    await _log_in(client, name)
    async with database.writing() as session:
        await session.exec(text("DELETE FROM account_role"))  # type: ignore[call-overload]
    assert (await client.get("/werk")).status_code == 403


async def test_the_database_holds_a_hash_of_the_id_and_not_the_id(
    client: httpx.AsyncClient, database: Database, name: str
) -> None:
    secret = await _log_in(client, name)
    async with database.reading() as session:
        rows = (await session.exec(select(Session))).all()
    assert [row.id_hash for row in rows] == [hashlib.sha256(secret.encode()).hexdigest()]
    assert secret not in repr([row.model_dump() for row in rows])


async def test_an_id_is_long_and_never_the_same(client: httpx.AsyncClient, name: str) -> None:
    ids = {await _log_in(client, name) for _ in range(3)}
    assert len(ids) == 3
    assert all(len(secret) >= 43 for secret in ids)  # 256 bits in base64


async def test_sessions_that_are_over_are_cleared_away(
    app: Starlette, client: httpx.AsyncClient, database: Database, name: str, moment: SetClock
) -> None:
    await _log_in(client, name)
    moment.move(hours=11)
    async with browser_of(app) as other:
        await _log_in(other, name)
    async with database.reading() as session:
        assert len((await session.exec(select(Session))).all()) == 1


async def _cookie_attributes(client: httpx.AsyncClient, name: str) -> tuple[str, set[str]]:
    response = await client.post("/inloggen", data={"name": name, "password": PASSWORD})
    first, *attributes = response.headers["set-cookie"].split(";")
    return first.partition("=")[0], {attribute.strip().lower() for attribute in attributes}


async def test_the_cookie_over_plain_http(client: httpx.AsyncClient, name: str) -> None:
    cookie, attributes = await _cookie_attributes(client, name)
    assert cookie == "kcc"
    assert attributes == {"httponly", "samesite=lax", "path=/", "max-age=36000"}


async def test_the_cookie_over_https_is_bound_to_this_host(settings: Settings, name: str) -> None:
    async with running(settings.model_copy(update={"base_url": "https://kcc.test"})) as app, browser_of(app) as client:
        client.base_url = "https://kcc.test"
        cookie, attributes = await _cookie_attributes(client, name)
        assert cookie == "__Host-kcc"
        assert attributes == {"httponly", "samesite=lax", "path=/", "max-age=36000", "secure"}
        assert await _is_in(client)
        secret = client.cookies["__Host-kcc"]
        assert await _opens(app, secret, "__Host-kcc")
        assert not await _opens(app, secret, "kcc")
        out = await client.post("/uitloggen")
        assert "secure" in out.headers["set-cookie"].lower()
        assert not await _opens(app, secret, "__Host-kcc")


async def test_a_made_up_id_opens_nothing(client: httpx.AsyncClient) -> None:
    for made_up in ("", "x", "é" * 50, "a" * 5000, "' OR 1=1 --"):
        response = await client.get("/werk", headers={"Cookie": f"kcc={made_up}".encode("latin-1")})
        assert response.status_code == 303, made_up[:50]
