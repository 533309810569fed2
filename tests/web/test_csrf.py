"""Another site's page cannot make a signed-in browser change something here."""

from collections.abc import Awaitable, Callable

import httpx

from kcc.access.roles import Role
from tests.running import ONE_DATABASE

pytestmark = ONE_DATABASE
SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
FROM_ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "onzin"},
    {"Sec-Fetch-Site": ""},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://kcc.test"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://evil.kcc.test"},
    {"Origin": "http://kcc.test.evil.example"},
    {"Origin": "http://kcc.test:8080"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://["},
    {"Origin": "kcc.test"},
]
FROM_HERE: list[dict[str, str]] = [
    {},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "http://kcc.test"},
    {"Origin": "http://kcc.test"},
    {"Origin": "http://kcc.test:8000", "Host": "kcc.test:8000"},
]


async def test_a_form_on_another_site_is_refused_and_changes_nothing(sign_in: SignIn) -> None:
    agent = await sign_in(Role.AGENT)
    for headers in FROM_ELSEWHERE:
        response = await agent.post("/uitloggen", headers=headers)
        assert response.status_code == 403, headers
        assert "een andere website" in response.text
        assert (await agent.get("/werk")).status_code == 200, headers


async def test_a_form_of_our_own_is_taken(sign_in: SignIn) -> None:
    agent = await sign_in(Role.AGENT)
    form = {"query": "paspoort", "found": "1"}
    for headers in FROM_HERE:
        response = await agent.post("/werk/zoekvraag", data=form, headers=headers)
        assert response.status_code == 204, headers


async def test_every_method_that_changes_something_is_refused(with_token: SignIn) -> None:
    editor = await with_token(Role.EDITOR)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        response = await editor.request(
            method, "/api/v1/articles/paspoort-aanvragen", headers={"Origin": "https://evil.example"}
        )
        assert response.status_code == 403, method
        assert response.json()["type"].endswith("/forbidden")


async def test_a_link_on_another_site_may_lead_here(client: httpx.AsyncClient) -> None:
    for headers in FROM_ELSEWHERE:
        assert (await client.get("/", headers=headers)).status_code == 200, headers
        assert (await client.head("/", headers=headers)).status_code == 200, headers
