"""The headers every response carries, whatever kind of response it is."""

import asyncio
import re
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from kcc.access.roles import Role
from kcc.settings import Settings
from kcc.web.assets import asset
from tests.conftest import browser_of
from tests.running import ONE_DATABASE, crashing_routes, running

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
FIXED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


async def _one_of_each(app: Starlette) -> dict[str, httpx.Response]:
    """Every kind of response there is."""
    big = {"content": b"x" * 20_000}
    async with browser_of(app) as client:
        return {
            "page": await client.get("/"),
            "head": await client.head("/"),
            "missing page": await client.get("/bestaat-niet"),
            "wrong method": await client.put("/"),
            "to the log-in page": await client.get("/werk"),
            "log in failed": await client.post("/inloggen", data={}),
            "another site's form": await client.post("/inloggen", headers={"Sec-Fetch-Site": "cross-site"}),
            "too large": await client.post("/inloggen", **big),
            "crashed page": await client.get("/kapot"),
            "NUL": await client.get("/antwoorden/%00"),
            "static file": await client.get(asset("theme.css")),
            "missing static file": await client.get("/static/bestaat-niet.css"),
            "health": await client.get("/healthz"),
            "text": await client.get("/robots.txt"),
            "moved": await client.get("/favicon.ico"),
            "API": await client.get("/api/v1/topics"),
            "API document": await client.get("/api/v1/openapi.json"),
            "API bad input": await client.get("/api/v1/topics?limit=0"),
            "API missing": await client.get("/api/v1/bestaat-niet"),
            "API wrong method": await client.delete("/api/v1/topics"),
            "API no token": await client.post("/api/v1/articles"),
            "API another site's": await client.post("/api/v1/articles", headers={"Origin": "https://evil.example"}),
            "API too large": await client.post("/api/v1/articles", **big),
            "API crashed": await client.get("/api/v1/kapot"),
            "API NUL": await client.get("/api/v1/articles?q=%00"),
        }


async def _collected(settings: Settings) -> dict[str, httpx.Response]:
    async with running(settings, *crashing_routes("geheim")) as app:
        return await _one_of_each(app)


@pytest.fixture(scope="module", params=["http", "https"])
def scheme(request: pytest.FixtureRequest) -> str:
    """How residents reach the service."""
    return str(request.param)


@pytest.fixture(scope="module")
def responses(
    scheme: str, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, httpx.Response]:
    """One response of each kind, collected once for all tests here."""
    folder = tmp_path_factory.mktemp("responses")
    shutil.copy(sqlite_template, folder / "kcc.sqlite3")
    settings = Settings(data_dir=folder, worker=False, base_url=f"{scheme}://kcc.test", max_body_bytes=10_000)
    return asyncio.run(_collected(settings))


def test_the_responses_are_what_they_are_called(responses: dict[str, httpx.Response]) -> None:
    expected = {
        "page": 200, "head": 200, "missing page": 404, "wrong method": 405, "to the log-in page": 303,
        "log in failed": 400, "another site's form": 403, "too large": 413, "crashed page": 500, "NUL": 400,
        "static file": 200, "missing static file": 404, "health": 200, "text": 200, "moved": 301,
        "API": 200, "API document": 200, "API bad input": 400, "API missing": 404, "API wrong method": 405,
        "API no token": 401, "API another site's": 403, "API too large": 413, "API crashed": 500, "API NUL": 400,
    }  # fmt: skip
    assert {kind: response.status_code for kind, response in responses.items()} == expected


def test_every_response_has_the_security_headers(responses: dict[str, httpx.Response]) -> None:
    for kind, response in responses.items():
        for name, value in FIXED.items():
            assert response.headers.get_list(name) == [value], (kind, name)


def test_every_response_has_a_strict_content_security_policy(responses: dict[str, httpx.Response]) -> None:
    for kind, response in responses.items():
        policies = response.headers.get_list("content-security-policy")
        assert len(policies) == 1, kind
        directives = dict(part.strip().partition(" ")[::2] for part in policies[0].split(";"))
        assert directives["default-src"] == "'self'", kind
        assert directives["frame-ancestors"] == directives["base-uri"] == directives["object-src"] == "'none'", kind
        assert directives["form-action"] == "'self'", kind
        assert not re.search(r"unsafe-|\*|https?:|data:|blob:", policies[0]), kind


def test_every_response_has_an_id_of_its_own(responses: dict[str, httpx.Response]) -> None:
    ids = [response.headers["x-request-id"] for response in responses.values()]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[0-9a-f]{16}", request_id) for request_id in ids)


def test_the_api_tells_its_version_and_pages_do_not(responses: dict[str, httpx.Response]) -> None:
    for kind, response in responses.items():
        if kind.startswith("API"):
            assert re.fullmatch(r"\d+\.\d+\.\d+", response.headers["api-version"]), kind
        else:
            assert "api-version" not in response.headers, kind


def test_errors_have_the_form_the_asker_reads(responses: dict[str, httpx.Response]) -> None:
    for kind, response in responses.items():
        if response.status_code >= 400 and kind != "head":
            expected = "application/problem+json" if kind.startswith("API") else "text/html; charset=utf-8"
            assert response.headers["content-type"] == expected, kind


def test_only_what_is_the_same_for_everyone_is_kept(responses: dict[str, httpx.Response]) -> None:
    kept = {kind for kind, response in responses.items() if response.headers["cache-control"] != "no-store"}
    assert kept == {"static file", "API document"}


def test_over_https_and_only_there_every_response_says_to_stay(
    scheme: str, responses: dict[str, httpx.Response]
) -> None:
    for kind, response in responses.items():
        values = response.headers.get_list("strict-transport-security")
        ages = [int(age) for value in values for age in re.findall(r"max-age=(\d+)", value)]
        assert len(values) == len(ages) == (scheme == "https"), kind
        assert all(age >= 31_536_000 for age in ages), kind


@ONE_DATABASE
async def test_a_request_id_that_was_sent_along_is_not_taken_over(client: httpx.AsyncClient) -> None:
    response = await client.get("/", headers={"X-Request-Id": "0123456789abcdef"})
    assert response.headers["x-request-id"] != "0123456789abcdef"


@ONE_DATABASE
async def test_pages_of_employees_are_not_kept_by_the_browser(kennisbank: None, sign_in: SignIn) -> None:
    agent = await sign_in(Role.AGENT)
    for address in ("/werk", "/werk?q=paspoort", "/werk?artikel=balie-instructie"):
        response = await agent.get(address)
        assert response.status_code == 200
        assert response.headers["cache-control"] == "no-store"


@ONE_DATABASE
async def test_a_static_file_is_kept_for_ever_only_under_an_address_with_its_version(client: httpx.AsyncClient) -> None:
    versioned, plain = await client.get(asset("theme.css")), await client.get("/static/theme.css")
    assert "immutable" in versioned.headers["cache-control"]
    assert "immutable" not in plain.headers["cache-control"]


@ONE_DATABASE
async def test_a_static_file_cannot_lie_outside_its_folder(client: httpx.AsyncClient) -> None:
    for address in (
        "/static/..%2fassets.py",
        "/static/%2e%2e/assets.py",
        "/static/....//assets.py",
        "/static//etc/passwd",
    ):
        response = await client.get(address)
        assert response.status_code == 404, address
        assert "import" not in response.text
