"""The application as a whole: whether it is alive and ready, what it says of itself, how it starts and stops."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from starlette.routing import Route

from kcc import site
from kcc.access.guard import access_of
from kcc.access.roles import Role
from kcc.app import NotMigrated
from kcc.clock import Clock
from kcc.routes import all_routes
from kcc.settings import Settings
from kcc.storage.database import Database
from kcc.storage.installation import mark_demonstration
from tests.conftest import browser_of
from tests.running import ONE_DATABASE, running

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
ARTICLE = {"slug": "nieuw", "title": "Bijenkorf melden", "topic": "inzameling", "shortAnswer": "Bel de imker."}


async def _run(database: Database, statement: str) -> None:
    async with database.writing() as session:
        await session.exec(text(statement))  # type: ignore[call-overload]


async def _readiness(client: httpx.AsyncClient) -> tuple[int, dict[str, str]]:
    response = await client.get("/readyz")
    body = response.json()
    assert (body["status"] == "ok") == (response.status_code == 200)
    return response.status_code, body["checks"]


async def _until_ready(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(240):
        while (await client.get("/readyz")).status_code != 200:
            await asyncio.sleep(0.05)


async def test_ready_when_everything_is_as_it_should_be(kennisbank: None, client: httpx.AsyncClient) -> None:
    assert await _readiness(client) == (200, {"database": "ok", "migrations": "ok", "index": "ok"})


async def test_not_ready_while_migrations_are_behind(
    kennisbank: None, client: httpx.AsyncClient, database: Database
) -> None:
    await _run(database, "UPDATE alembic_version SET version_num = '0000'")
    status, checks = await _readiness(client)
    assert status == 503
    assert "kcc migrate" in checks["migrations"]


async def test_not_ready_while_the_index_is_behind(
    kennisbank: None, client: httpx.AsyncClient, with_token: SignIn
) -> None:
    made = await (await with_token(Role.EDITOR)).post("/api/v1/articles", json=ARTICLE)
    assert made.status_code == 201
    status, checks = await _readiness(client)
    assert status == 503
    assert checks == {"database": "ok", "migrations": "ok", "index": "behind"}


async def test_not_ready_without_an_index(client: httpx.AsyncClient) -> None:
    status, checks = await _readiness(client)
    assert status == 503
    assert checks["index"] == "behind"


async def test_not_ready_while_the_database_is_away(
    kennisbank: None, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(database: Database) -> str:
        raise ConnectionRefusedError("postgresql://kcc:geheim@localhost")

    monkeypatch.setattr(site, "current_revision", away)
    assert await _readiness(client) == (503, {"database": "ConnectionRefusedError"})
    assert (await client.get("/healthz")).status_code == 200


async def test_background_work_brings_the_index_in_step_by_itself(
    kennisbank: None, settings: Settings, clock: Clock, database: Database
) -> None:
    async with running(settings.model_copy(update={"worker": True})) as app, browser_of(app) as client:
        await _until_ready(client)
        await _run(database, "UPDATE article SET title = 'Bijenkorf melden' WHERE slug = 'grofvuil'")
        await _run(
            database,
            "INSERT INTO outbox_entry (topic, key, payload, created_at, available_at, attempts) "
            "SELECT topic, 'grofvuil', payload, created_at, available_at, 0 FROM outbox_entry ORDER BY id LIMIT 1",
        )
        await _until_ready(client)
        found = (await client.get("/api/v1/articles", params={"q": "bijenkorf"})).json()
    assert [hit["slug"] for hit in found["results"]] == ["grofvuil"]


async def test_alive_says_nothing_of_the_rest(client: httpx.AsyncClient) -> None:
    response = await client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


async def test_it_does_not_start_on_a_database_of_another_version(settings: Settings, database: Database) -> None:
    await _run(database, "UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(NotMigrated, match="kcc migrate"):
        async with running(settings):
            pass


async def test_it_stops_whole_and_can_start_again(kennisbank: None, settings: Settings, database: Database) -> None:
    working = settings.model_copy(update={"worker": True})
    before = asyncio.all_tasks()
    for _ in range(2):
        async with running(working) as app, browser_of(app) as client:
            await _until_ready(client)
            assert len(asyncio.all_tasks()) > len(before)
        assert asyncio.all_tasks() == before
    async with database.reading() as session:
        leases = (await session.exec(text("SELECT name FROM lease"))).all()  # type: ignore[call-overload]
    assert leases == []


def _fields(content: str) -> dict[str, str]:
    lines = [line for line in content.splitlines() if not line.startswith("#")]
    return {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}


@ONE_DATABASE
async def test_security_txt_has_what_rfc_9116_asks(client: httpx.AsyncClient, settings: Settings) -> None:
    response = await client.get("/.well-known/security.txt")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text.endswith("\n")
    fields = _fields(response.text)
    assert fields["contact"] == settings.security_contact
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", fields["expires"])
    expires = datetime.fromisoformat(fields["expires"])
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)
    assert fields["preferred-languages"] == "nl, en"
    assert "canonical" not in fields  # it must be https


@ONE_DATABASE
async def test_security_txt_over_https_names_its_address(settings: Settings) -> None:
    async with running(settings.model_copy(update={"base_url": "https://kcc.test"})) as app, browser_of(app) as client:
        fields = _fields((await client.get("/.well-known/security.txt")).text)
    assert fields["canonical"] == "https://kcc.test/.well-known/security.txt"


@ONE_DATABASE
async def test_search_engines_are_kept_out_of_what_is_not_for_everyone(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    response = await client.get("/robots.txt")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    lines = response.text.splitlines()
    assert lines[0] == "User-agent: *"
    refused = [line.removeprefix("Disallow: ") for line in lines[1:]]
    for route in all_routes(settings):
        if isinstance(route, Route):
            closed = not access_of(route).public or route.path.startswith(
                ("/api/", "/afspraak/", "/enquete/", "/terugbellen/", "/vraag/", "/apparaat/")
            )
            assert any(route.path.startswith(start) for start in refused) == closed, route.path


@ONE_DATABASE
async def test_a_browser_finds_an_icon_where_it_always_looks(client: httpx.AsyncClient) -> None:
    response = await client.get("/favicon.ico", follow_redirects=True)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("image/svg+xml")


@ONE_DATABASE
async def test_a_municipality_brings_its_own_logo_theme_and_name(settings: Settings, tmp_path: Path) -> None:
    logo, theme = tmp_path / "logo.svg", tmp_path / "thema.css"
    logo.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    theme.write_text(".kcc-theme { --kleur: green; }")
    changes: dict[str, Any] = {
        "logo": logo,
        "theme": theme,
        "municipality_name": "Gemeente <Elders>",
        "municipality_phone": "14 0999",
    }
    async with running(settings.model_copy(update=changes)) as app, browser_of(app) as client:
        page = (await client.get("/")).text
        assert 'src="/merk/logo"' in page
        assert 'href="/merk/thema.css"' in page
        assert "Gemeente &lt;Elders&gt;" in page
        assert re.search(r"14\s0999", page)
        shown = await client.get("/merk/logo")
        assert (shown.headers["content-type"], shown.content) == ("image/svg+xml", logo.read_bytes())
        style = await client.get("/merk/thema.css")
        assert style.headers["content-type"].startswith("text/css")
        logo.unlink()
        assert (await client.get("/merk/logo")).status_code == 404


@ONE_DATABASE
async def test_without_marks_of_its_own_there_are_none(client: httpx.AsyncClient) -> None:
    assert (await client.get("/merk/logo")).status_code == 404
    assert (await client.get("/merk/thema.css")).status_code == 404
    assert "/merk/" not in (await client.get("/")).text


@ONE_DATABASE
async def test_a_demonstration_says_so_everywhere_and_nothing_else_does(settings: Settings, database: Database) -> None:
    addresses = ("/", "/privacy", "/toegankelijkheid", "/inloggen", "/antwoorden", "/bestaat-niet")
    for demonstration in (False, True):
        if demonstration:
            async with database.writing() as session:
                await mark_demonstration(session)
        async with running(settings) as app, browser_of(app) as client:
            for address in addresses:
                page = await client.get(address)
                assert ("emonstratie" in page.text) == demonstration, address
            log_in = await client.get("/inloggen")
            assert ("voorbeeld-demo" in log_in.text) == demonstration
            contact = await client.get("/.well-known/security.txt")
            assert contact.text.startswith("# A demonstration") == demonstration


@ONE_DATABASE
async def test_a_simulated_clock_is_shown_to_employees(
    kennisbank: None, settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = "Testklok: dinsdag 24 november 2026, 9.00 uur"
    async with running(settings) as app, browser_of(app) as client:
        assert shown not in (await client.get("/inloggen")).text
    simulated = Clock(clock.timezone, clock.now, simulated=True)
    monkeypatch.setattr(Settings, "make_clock", lambda self: simulated)
    async with running(settings) as app, browser_of(app) as client:
        assert shown in (await client.get("/inloggen")).text
        assert shown not in (await client.get("/")).text
