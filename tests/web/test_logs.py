"""What the service writes down about requests: enough to find a fault, nothing about a person."""

import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import redirect_stderr
from typing import Any

import httpx
import pytest
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from kcc.access.guard import public
from kcc.settings import Settings
from kcc.web import logs, problems
from kcc.web.routing import Route
from tests.conftest import browser_of
from tests.running import ONE_DATABASE, crashing_routes, running

SECRET = "burgerservicenummer"


def _configure(written: io.StringIO, log_format: str, level: str) -> None:
    with redirect_stderr(written):
        logs.configure(log_format, level)


@pytest.fixture
def stderr(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Where the logs go, as configured for machines; afterwards logging is as it was."""
    written = io.StringIO()
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = list(root.handlers), root.level
    # Loggers keep the configuration of their first line, so these are made anew.
    monkeypatch.setattr(logs, "log", structlog.get_logger("kcc.request"))
    monkeypatch.setattr(problems, "log", structlog.get_logger("kcc.web"))
    _configure(written, "json", "info")
    yield written
    structlog.configure(**before)
    root.handlers[:], root.level = handlers, level


def _lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


@public
async def _gone(request: Request[Any]) -> Response:
    raise ClientDisconnect


@pytest.fixture
async def client(settings: Settings, stderr: io.StringIO) -> AsyncIterator[httpx.AsyncClient]:
    routes = [*crashing_routes(SECRET), Route("/weg", _gone)]
    async with running(settings, *routes) as app, browser_of(app) as client:
        yield client


@ONE_DATABASE
async def test_one_line_a_request_with_its_id_route_and_status(client: httpx.AsyncClient, stderr: io.StringIO) -> None:
    response = await client.get("/antwoorden/bestaat-niet")
    (line,) = _lines(stderr)
    assert line["event"] == "request"
    assert line["request_id"] == response.headers["x-request-id"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/antwoorden/{slug}", 404)
    assert line["ms"] >= 0
    assert line["level"] == "info"
    assert line["timestamp"].endswith("Z")


@ONE_DATABASE
async def test_no_query_no_path_no_form_no_address_of_a_person(client: httpx.AsyncClient, stderr: io.StringIO) -> None:
    headers = {"User-Agent": SECRET, "Referer": f"http://kcc.test/{SECRET}", "Authorization": f"Bearer {SECRET}"}
    await client.get(f"/antwoorden?q={SECRET}", headers=headers)
    await client.get(f"/antwoorden/{SECRET}")
    await client.get(f"/{SECRET}")
    await client.get(f"/werk?q={SECRET}", headers={"Cookie": f"kcc={SECRET}"})
    await client.post("/inloggen", data={"name": SECRET, "password": SECRET})
    await client.get(f"/api/v1/articles?q={SECRET}&onbekend={SECRET}", headers=headers)
    await client.get(f"/api/v1/articles?q=%00{SECRET}")
    assert len(_lines(stderr)) == 7
    assert SECRET not in stderr.getvalue()
    assert "127.0.0.1" not in stderr.getvalue()


@ONE_DATABASE
async def test_a_crash_is_logged_with_its_traceback_and_the_id_the_reader_sees(
    client: httpx.AsyncClient, stderr: io.StringIO
) -> None:
    for address in ("/kapot", "/api/v1/kapot"):
        response = await client.get(f"{address}?q={SECRET}")
        crash, request = _lines(stderr)[-2:]
        assert crash["event"] == "request.crashed"
        assert crash["level"] == "error"
        assert "RuntimeError" in crash["exception"]
        assert crash["request_id"] == request["request_id"] == response.headers["x-request-id"]
        assert request["status"] == 500
    assert f"q={SECRET}" not in stderr.getvalue()


@ONE_DATABASE
async def test_the_error_page_shows_the_id_of_the_log_line(client: httpx.AsyncClient, stderr: io.StringIO) -> None:
    page = await client.get("/kapot")
    assert _lines(stderr)[0]["request_id"] in page.text


@ONE_DATABASE
async def test_a_reader_who_goes_away_is_no_crash(client: httpx.AsyncClient, stderr: io.StringIO) -> None:
    with pytest.raises(AssertionError):  # the transport waits for an answer that nobody would read
        await client.get("/weg")
    assert [line["event"] for line in _lines(stderr)] == ["request"]


@ONE_DATABASE
async def test_health_checks_do_not_bury_the_rest(client: httpx.AsyncClient, stderr: io.StringIO) -> None:
    await client.get("/healthz")
    await client.get("/readyz")
    assert stderr.getvalue() == ""


def test_what_other_libraries_log_has_the_same_form(stderr: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").warning("shutting %s", "down")
    (line,) = _lines(stderr)
    assert (line["event"], line["level"]) == ("shutting down", "warning")


def test_below_the_level_nothing_is_written(stderr: io.StringIO) -> None:
    _configure(stderr, "json", "error")
    structlog.get_logger("kcc.other").warning("not.serious")
    logging.getLogger("uvicorn.error").warning("not serious")
    structlog.get_logger("kcc.another").error("serious")
    assert [line["event"] for line in _lines(stderr)] == ["serious"]


def test_for_people_it_is_text(stderr: io.StringIO) -> None:
    _configure(stderr, "text", "info")
    structlog.get_logger("kcc.people").info("started", port=8000)
    assert "started" in stderr.getvalue()
    assert not stderr.getvalue().startswith("{")


def _fails_over(name: str) -> None:
    kept = {"name": name}
    raise RuntimeError(f"no counter for {len(kept)} visitors")


@pytest.mark.parametrize("log_format", ["text", "json"])
@pytest.mark.parametrize("colours", [False, True])
def test_a_traceback_tells_where_and_not_about_whom(
    stderr: io.StringIO, monkeypatch: pytest.MonkeyPatch, log_format: str, colours: bool
) -> None:
    monkeypatch.setattr(stderr, "isatty", lambda: colours)
    _configure(stderr, log_format, "info")
    try:
        _fails_over("".join(["Burger", "service", "nummer"]))
    except RuntimeError:
        structlog.get_logger("kcc.own").exception("own.crash")
        logging.getLogger("uvicorn.error").exception("another's crash")
    written = stderr.getvalue()
    for said in ("own.crash", "another's crash"):
        assert said in written
    assert written.count("no counter for 1 visitors") == 2
    assert written.count("in _fails_over") == 2
    assert "Burgerservicenummer" not in written
