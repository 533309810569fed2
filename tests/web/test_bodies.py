"""Request bodies have a limit, also when they do not say how large they are."""

from collections.abc import AsyncIterator

import httpx
import pytest

from kcc.access.roles import Role
from kcc.access.tokens import create_token
from kcc.clock import Clock
from kcc.settings import Settings
from kcc.storage.database import Database
from tests.conftest import browser_of
from tests.running import ONE_DATABASE, running

pytestmark = ONE_DATABASE
LIMIT = 10_000
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def editor(settings: Settings, database: Database, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    """An editor's client of a service that takes bodies of 10,000 bytes at most."""
    async with database.writing() as session:
        token = await create_token(session, "test", Role.EDITOR, clock.now())
    small = settings.model_copy(update={"max_body_bytes": LIMIT})
    async with running(small) as app, browser_of(app, Authorization=f"Bearer {token}") as client:
        yield client


async def _in_pieces(size: int) -> AsyncIterator[bytes]:
    """A body without a Content-Length."""
    for start in range(0, size, 1000):
        yield b"x" * min(1000, size - start)


async def test_on_the_api_too_large_is_a_problem(editor: httpx.AsyncClient) -> None:
    for content in (b"x" * (LIMIT + 1), _in_pieces(LIMIT + 1)):
        response = await editor.post("/api/v1/articles", content=content, headers=JSON)
        assert response.status_code == 413
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["type"].endswith("/too-large")
        assert "10000 bytes" in response.json()["detail"]


async def test_elsewhere_too_large_is_a_page(editor: httpx.AsyncClient) -> None:
    for address in ("/inloggen", "/antwoorden/paspoort-aanvragen/reactie"):
        for content in (b"x" * (LIMIT + 1), _in_pieces(LIMIT + 1)):
            response = await editor.post(address, content=content, headers=FORM)
            assert response.status_code == 413, address
            assert response.headers["content-type"].startswith("text/html")
            assert "<h1" in response.text


async def test_a_body_of_exactly_the_limit_is_read(editor: httpx.AsyncClient) -> None:
    for content in (b"x" * LIMIT, _in_pieces(LIMIT)):
        response = await editor.post("/api/v1/articles", content=content, headers=JSON)
        assert response.status_code == 400
        assert response.json()["errors"][0]["code"] == "json-invalid"


async def test_a_length_that_is_announced_is_refused_before_anything_is_sent(editor: httpx.AsyncClient) -> None:
    async def nothing() -> AsyncIterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    for length in (str(LIMIT + 1), "9" * 30, "9" * 5000):
        headers = JSON | {"Content-Length": length}
        response = await editor.post("/api/v1/articles", content=nothing(), headers=headers)
        assert response.status_code == 413, length[:10]
        assert response.headers["connection"] == "close"


async def test_a_length_that_is_no_number_does_not_crash(editor: httpx.AsyncClient) -> None:
    for length in ("-1", "²", "onzin", ""):
        headers = httpx.Headers([(b"Content-Length", length.encode("latin-1")), (b"Content-Type", b"application/json")])
        response = await editor.post("/api/v1/articles", content=b"{", headers=headers)
        assert response.status_code == 400, length


async def test_a_form_with_a_file_or_with_very_many_fields_is_refused(editor: httpx.AsyncClient) -> None:
    with_file = await editor.post("/inloggen", files={"name": ("a.txt", b"anna")})
    assert with_file.status_code == 400
    many = "&".join(f"f{number}=x" for number in range(1000))
    response = await editor.post("/inloggen", content=many, headers=FORM)
    assert response.status_code == 400


async def test_a_form_that_cannot_be_read_is_refused(editor: httpx.AsyncClient) -> None:
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x"):
        response = await editor.post("/inloggen", content=b"--y\r\nonzin", headers={"Content-Type": kind})
        assert response.status_code == 400, kind
