"""Every line that is written during a request carries its id."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr
from typing import Any

import pytest
import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kcc.access.guard import public
from kcc.settings import Settings
from kcc.web import logs
from kcc.web.routing import Route
from tests.conftest import browser_of
from tests.running import ONE_DATABASE, running


@pytest.fixture
def stderr(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Where the logs go, as configured for machines; afterwards logging is as it was."""
    written = io.StringIO()
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = list(root.handlers), root.level
    monkeypatch.setattr(logs, "log", structlog.get_logger("kcc.request"))
    with redirect_stderr(written):
        logs.configure("json", "info")
    yield written
    structlog.configure(**before)
    root.handlers[:], root.level = handlers, level


@public
async def _talkative(request: Request[Any]) -> Response:
    structlog.get_logger("kcc.test").info("ours")
    logging.getLogger("library").warning("of a library")
    return PlainTextResponse("")


@ONE_DATABASE
async def test_lines_of_ours_and_of_libraries_carry_the_id_of_their_request(
    settings: Settings, stderr: io.StringIO
) -> None:
    async with running(settings, Route("/praat", _talkative)) as app, browser_of(app) as client:
        ids = [(await client.get("/praat")).headers["x-request-id"] for _ in range(2)]
        structlog.get_logger("kcc.test").info("after")
    lines = [json.loads(line) for line in stderr.getvalue().splitlines()]
    assert [line.get("request_id") for line in lines] == [ids[0]] * 3 + [ids[1]] * 3 + [None]
    assert [line["event"] for line in lines[:3]] == ["ours", "of a library", "request"]
