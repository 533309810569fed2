"""Errors as they leave the service: one shape for machines, a page for people, and never the insides."""

import re
from collections.abc import Awaitable, Callable

import httpx
import jsonschema
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from kcc.access.roles import Role
from kcc.settings import Settings
from kcc.web.openapi import PROBLEM_SCHEMA
from tests.conftest import browser_of
from tests.running import ONE_DATABASE, crashing_routes, running

pytestmark = ONE_DATABASE
SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
SECRET = "wachtwoord123 van de database"


def _problem(response: httpx.Response) -> dict[str, object]:
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, object] = response.json()
    jsonschema.validate(problem, PROBLEM_SCHEMA | {"additionalProperties": False})
    assert problem["status"] == response.status_code
    return problem


@pytest.mark.parametrize(
    ("method", "address", "status", "kind"),
    [
        ("GET", "/api/v1/bestaat-niet", 404, "not-found"),
        ("GET", "/api/", 404, "not-found"),
        ("GET", "/api/v1/articles/bestaat-niet", 404, "not-found"),
        ("GET", "/api/v1/topics/", 404, "not-found"),
        ("DELETE", "/api/v1/articles", 405, "method-not-allowed"),
        ("POST", "/api/v1/articles", 401, "unauthenticated"),
        ("GET", "/api/v1/articles?limit=0", 400, "invalid-input"),
    ],
)
async def test_the_api_answers_errors_as_problem_details(
    kennisbank: None, client: httpx.AsyncClient, method: str, address: str, status: int, kind: str
) -> None:
    problem = _problem(await client.request(method, address))
    assert problem["status"] == status
    assert str(problem["type"]).endswith("/" + kind)


async def test_only_bad_input_lists_errors(client: httpx.AsyncClient) -> None:
    assert "errors" in _problem(await client.get("/api/v1/articles?limit=0"))
    assert "errors" not in _problem(await client.get("/api/v1/bestaat-niet"))


async def test_a_wrong_method_is_told_every_right_one(app: Starlette, client: httpx.AsyncClient) -> None:
    allowed: dict[str, set[str]] = {}
    for route in app.routes:
        if isinstance(route, Route):
            address = re.sub(r"{\w+(:int)?}", lambda found: "1" if found[1] else "a", route.path)
            allowed.setdefault(address, set()).update(route.methods or set())
    assert allowed["/inloggen"] == {"GET", "HEAD", "POST"}
    for address, methods in allowed.items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} - methods:
            response = await client.request(method, address)
            assert response.status_code == 405, (method, address)
            assert set(response.headers["allow"].split(", ")) == methods, (method, address)


async def test_a_static_file_is_only_read(client: httpx.AsyncClient) -> None:
    for address in ("/static/theme.css", "/static/inloggen", "/static/bestaat-niet.css"):
        response = await client.post(address)
        assert response.status_code == 405, address
        assert response.headers.get_list("allow") == ["GET, HEAD"], address


async def test_what_nobody_foresaw_shows_nothing_of_the_inside(settings: Settings) -> None:
    async with running(settings, *crashing_routes(SECRET)) as app, browser_of(app) as client:
        answer, page = await client.get("/api/v1/kapot"), await client.get("/kapot")
    problem = _problem(answer)
    assert answer.status_code == page.status_code == 500
    assert str(problem["type"]).endswith("/internal-error")
    for text in (answer.text, page.text):
        assert SECRET not in text
        assert "RuntimeError" not in text
        assert "Traceback" not in text


async def test_an_error_page_says_what_to_do_and_names_the_request(client: httpx.AsyncClient) -> None:
    response = await client.get("/bestaat-niet")
    assert response.status_code == 404
    assert "Niet gevonden" in response.text
    assert 'href="/"' in response.text
    assert response.headers["x-request-id"] in response.text


async def test_an_error_page_is_dutch_to_the_last_word(client: httpx.AsyncClient) -> None:
    response = await client.delete("/werk")
    assert response.status_code == 405
    assert "Method Not Allowed" not in response.text


async def test_an_error_page_repeats_nothing_as_html(client: httpx.AsyncClient) -> None:
    response = await client.get("/<script>alert(1)</script>?q=<script>alert(2)</script>")
    assert response.status_code == 404
    assert "<script>alert" not in response.text


async def test_no_address_makes_a_page_link_to_another_site(client: httpx.AsyncClient) -> None:
    for path in ("//evil.example/", "/%5Cevil.example/", "/%5C/evil.example", "/.//evil.example"):
        response = await client.get(httpx.URL("http://kcc.test", raw_path=path.encode()))
        assert response.status_code == 404
        assert 'href="//' not in response.text, path
        assert 'href="/\\' not in response.text, path


async def test_a_strange_host_header_does_not_crash(client: httpx.AsyncClient) -> None:
    for host in ("[", "x/api/", "", "é", "a b"):
        for address in ("/", "/api/v1/topics", "/werk", "/bestaat-niet", "/api/v1/bestaat-niet"):
            response = await client.get(address, headers={"Host": host.encode("latin-1")})  # type: ignore[dict-item]
            assert response.status_code < 500, (host, address)
            problem = response.headers.get("content-type") == "application/problem+json"
            assert problem == (address == "/api/v1/bestaat-niet"), (host, address)


async def test_a_role_that_may_not_is_told_so_on_a_page_and_in_the_api(sign_in: SignIn, with_token: SignIn) -> None:
    page = await (await sign_in(Role.AGENT)).get("/redactie")
    problem = _problem(await (await with_token(Role.AGENT)).post("/api/v1/articles"))
    assert page.status_code == problem["status"] == 403
    assert "Uw rol geeft geen toegang" in page.text
    assert "Uw rol geeft geen toegang" in str(problem["detail"])
