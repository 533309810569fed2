"""The door: what is not declared is closed; sessions open pages, tokens open the API, never the other way round."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount

from kcc.access.guard import guarded
from kcc.access.roles import Role
from kcc.web.routing import Route

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]


async def _forgotten(request: Request[Any]) -> Response:
    """An endpoint whose author forgot to say whom it serves."""
    return PlainTextResponse("secret")


@pytest.fixture
def forgetful_app(app: Starlette) -> Starlette:
    app.router.routes.extend(guarded([Route("/vergeten", _forgotten), Route("/api/v1/vergeten", _forgotten)]))
    return app


@pytest.mark.parametrize("role", Role)
async def test_an_endpoint_that_names_no_roles_serves_none(
    forgetful_app: Starlette, sign_in: SignIn, with_token: SignIn, role: Role
) -> None:
    page = await (await sign_in(role)).get("/vergeten")
    answer = await (await with_token(role)).get("/api/v1/vergeten")
    assert (page.status_code, answer.status_code) == (403, 403)
    assert "secret" not in page.text + answer.text


async def test_an_endpoint_that_names_no_roles_is_closed_to_nobody_in_particular(
    forgetful_app: Starlette, client: httpx.AsyncClient
) -> None:
    page, answer = await client.get("/vergeten"), await client.get("/api/v1/vergeten")
    assert page.status_code == 303
    assert answer.status_code == 401
    assert "secret" not in page.text + answer.text


def test_what_cannot_be_guarded_is_refused_at_start() -> None:
    with pytest.raises(TypeError, match="/achterdeur"):
        guarded([Mount("/achterdeur", routes=[Route("/", _forgotten)])])


async def test_a_session_does_not_open_the_api(kennisbank: None, sign_in: SignIn) -> None:
    editor = await sign_in(Role.EDITOR)
    response = await editor.get("/api/v1/articles/paspoort-aanvragen/revisions")
    assert response.status_code == 401
    agents_only = await editor.get("/api/v1/articles/balie-instructie")
    assert agents_only.status_code == 404


async def test_a_token_does_not_open_pages(with_token: SignIn) -> None:
    response = await (await with_token(Role.ADMINISTRATOR)).get("/werk")
    assert response.status_code == 303
    assert response.headers["location"] == "/inloggen?next=%2Fwerk"


async def test_who_is_sent_to_log_in_comes_back_to_the_whole_address(client: httpx.AsyncClient) -> None:
    response = await client.get("/werk?q=pas+kwijt&artikel=a")
    assert response.headers["location"] == "/inloggen?next=%2Fwerk%3Fq%3Dpas%2Bkwijt%26artikel%3Da"


async def test_a_form_sent_after_the_session_ended_is_told_so(client: httpx.AsyncClient) -> None:
    response = await client.post("/werk/reactie", data={"slug": "paspoort-aanvragen", "verdict": "resolved"})
    assert response.status_code == 401
    assert "niet (meer) ingelogd" in response.text


async def test_a_person_with_two_roles_may_what_either_may(kennisbank: None, sign_in: SignIn) -> None:
    both = await sign_in(Role.DEVICE, Role.EDITOR)
    assert (await both.get("/werk")).status_code == 200
    assert (await both.get("/redactie")).status_code == 200


async def test_the_host_header_does_not_turn_a_page_into_the_api(with_token: SignIn) -> None:
    client = await with_token(Role.ADMINISTRATOR)
    for host in ("x/api/", "kcc.test/api/?", "["):
        response = await client.get("/werk", headers={"Host": host})
        assert response.status_code == 303, host
