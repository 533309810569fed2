"""The start page shows what resolves most contacts: as agents heard it, not as anyone clicks."""

import re
from collections.abc import Awaitable, Callable

import httpx

from kcc.access.roles import Role
from kcc.knowledge.popular import ENOUGH
from tests.knowledge.drafting import article_json

WithToken = Callable[[Role], Awaitable[httpx.AsyncClient]]


async def _shown(client: httpx.AsyncClient) -> list[str]:
    return re.findall(r'kcc-task"><a[^>]*href="/antwoorden/([a-z-]+)"', (await client.get("/")).text)


async def test_clicks_of_residents_do_not_choose_what_is_shown_first(
    kennisbank: None, client: httpx.AsyncClient, with_token: WithToken
) -> None:
    before = await _shown(client)
    assert before[0] != "grofvuil"
    for _ in range(ENOUGH):
        answer = await client.post("/antwoorden/grofvuil/reactie", data={"verdict": "resolved"})
        assert answer.status_code == 303
    assert await _shown(client) == before
    agent = await with_token(Role.AGENT)
    for _ in range(ENOUGH):
        answer = await agent.post("/api/v1/articles/grofvuil/feedback", json={"verdict": "resolved"})
        assert answer.status_code == 204
    assert (await _shown(client))[0] == "grofvuil"


async def test_a_fee_in_a_title_is_refused(kennisbank: None, with_token: WithToken) -> None:
    editor = await with_token(Role.EDITOR)
    for field, value in (("title", "Kost {{levertijd}}"), ("variants", ["kost {{levertijd}}"])):
        answer = await editor.post("/api/v1/articles", json=article_json(slug="fout") | {field: value})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["location"] == {"pointer": f"/{field}"}
