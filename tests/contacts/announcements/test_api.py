"""Announcements by the API: written, read, ended, and who may do which."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from kcc.access.roles import Role
from tests.conftest import SetClock
from tests.contacts.conftest import Log, problem

ADDRESS = "/api/v1/announcements"
AsAgent = Callable[..., Awaitable[Log]]


class News:
    """Somebody who reads or writes announcements by the API."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def post(self, **content: Any) -> httpx.Response:
        return await self.client.post(ADDRESS, json={"title": "Storing", "text": "Het *werkt* niet.", **content})

    async def writes(self, **content: Any) -> dict[str, Any]:
        response = await self.post(**content)
        assert response.status_code == 201, response.text
        assert response.headers["etag"] == '"1"'
        return dict(response.json())

    async def replace(self, item: dict[str, Any], **content: Any) -> httpx.Response:
        kept = {name: item[name] for name in ("title", "text", "importance", "from", "until")}
        headers = {"If-Match": f'"{item["version"]}"'}
        return await self.client.put(f"{ADDRESS}/{item['id']}", json=kept | content, headers=headers)

    async def reads(self, item: dict[str, Any]) -> httpx.Response:
        return await self.client.post(f"{ADDRESS}/{item['id']}/read")

    async def sees(self, **query: str) -> list[dict[str, Any]]:
        response = await self.client.get(ADDRESS, params=query)
        assert response.status_code == 200, response.text
        assert response.headers["cache-control"] == "no-store"
        found = response.json()
        assert found["total"] >= len(found["results"])
        return list(found["results"])

    async def titles(self, **query: str) -> list[str]:
        return [item["title"] for item in await self.sees(**query)]


@pytest.fixture
async def lead(as_agent: AsAgent) -> News:
    return News((await as_agent("teamleider", Role.TEAM_LEAD)).client)


@pytest.fixture
async def agent(as_agent: AsAgent) -> News:
    return News((await as_agent("anna")).client)


async def test_it_is_shown_from_one_moment_up_to_another(lead: News, agent: News, moment: SetClock) -> None:
    await lead.writes(**{"title": "Later", "from": "2026-11-24T09:00:00+01:00", "until": "2026-11-24T10:00:00+01:00"})
    assert await agent.titles() == ["Later"]  # it is nine o'clock in Amsterdam
    moment.move(minutes=59)
    assert await agent.titles() == ["Later"]
    moment.move(minutes=1)
    assert await agent.titles() == []
    assert await agent.titles(state="ended") == ["Later"]


async def test_what_is_still_to_come_is_for_who_writes(lead: News, agent: News, moment: SetClock) -> None:
    planned = await lead.writes(**{"from": "2026-11-25T09:00:00Z"})
    assert await agent.titles() == []
    assert await lead.titles(state="planned") == ["Storing"]
    response = await agent.client.get(ADDRESS, params={"state": "planned"})
    assert problem(response) == (403, "forbidden", [])
    assert (await agent.reads(planned)).status_code == 404
    moment.move(days=2)
    assert (await agent.reads(planned)).json()["read"] is True


async def test_unread_comes_first_then_the_most_important_then_the_newest(
    lead: News, agent: News, moment: SetClock
) -> None:
    for title, importance in (("a", "urgent"), ("b", "normal"), ("c", "important"), ("d", "normal"), ("e", "urgent")):
        await lead.writes(title=title, importance=importance)
        moment.move(minutes=1)
    assert await agent.titles() == ["e", "a", "c", "d", "b"]
    for item in await agent.sees():
        if item["title"] in "ec":
            await agent.reads(item)
    assert [(item["title"], item["read"]) for item in await agent.sees()] == [
        ("a", False),
        ("d", False),
        ("b", False),
        ("e", True),
        ("c", True),
    ]
    assert await lead.titles() == ["e", "a", "c", "d", "b"]
    assert await agent.titles(limit="2", offset="1") == ["d", "b"]


async def test_each_reads_for_themselves_and_twice_is_once(lead: News, agent: News, as_agent: AsAgent) -> None:
    item = await lead.writes()
    other = News((await as_agent("bram")).client)
    assert [(await agent.reads(item)).status_code for _ in range(2)] == [200, 200]
    assert [seen["read"] for seen in await agent.sees()] == [True]
    assert [seen["read"] for seen in await other.sees()] == [False]


async def test_how_many_agents_read_it_is_told_to_who_writes(
    lead: News, agent: News, sign_in: Callable[..., Awaitable[httpx.AsyncClient]]
) -> None:
    first, _ = await sign_in(Role.AGENT), await sign_in(Role.AGENT)
    clerk = await sign_in(Role.COUNTER_CLERK)
    item = await lead.writes()
    assert (item["readBy"], item["agents"]) == (0, 2)
    for reader in (first, clerk):
        assert (await reader.post(f"/werk/berichten/{item['id']}/gelezen", data={"version": "1"})).status_code == 303
    assert [(seen["readBy"], seen["agents"]) for seen in await lead.sees()] == [(1, 2)]
    assert [(seen["readBy"], seen["agents"]) for seen in await agent.sees()] == [(None, None)]


async def test_changed_it_stays_read_unless_it_is_to_be_read_again(lead: News, agent: News, moment: SetClock) -> None:
    item = await lead.writes()
    await agent.reads(item)
    moment.move(minutes=5)
    changed = (await lead.replace(item, title="Storing voorbij", importance="normal")).json()
    assert (changed["version"], changed["title"], changed["from"]) == (2, "Storing voorbij", item["from"])
    assert [seen["read"] for seen in await agent.sees()] == [True]
    again = await lead.replace(changed, text="Toch niet.", unread=True)
    assert again.headers["etag"] == '"3"'
    assert [(seen["text"], seen["read"]) for seen in await agent.sees()] == [("Toch niet.", False)]


async def test_who_is_late_does_not_overwrite_anothers_change(lead: News) -> None:
    item = await lead.writes()
    assert (await lead.replace(item, title="Eerst")).status_code == 200
    assert problem(await lead.replace(item, title="Daarna")) == (412, "edited-meanwhile", [])
    response = await lead.client.put(f"{ADDRESS}/{item['id']}", json={"title": "x", "text": "x"})
    assert response.status_code == 428
    assert await lead.titles() == ["Eerst"]


async def test_removed_it_is_gone_with_its_marks(lead: News, agent: News) -> None:
    item = await lead.writes()
    await agent.reads(item)
    assert (await lead.client.delete(f"{ADDRESS}/{item['id']}")).status_code == 204
    assert (await lead.client.delete(f"{ADDRESS}/{item['id']}")).status_code == 404
    assert (await agent.reads(item)).status_code == 404
    assert (await lead.replace(item)).status_code == 404


async def test_sent_again_with_the_same_key_it_is_made_once(lead: News) -> None:
    for _ in range(2):
        response = await lead.client.post(
            ADDRESS, json={"title": "Eén", "text": "keer"}, headers={"Idempotency-Key": "k1"}
        )
        assert response.status_code == 201
    assert await lead.titles() == ["Eén"]


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ({"title": ""}, [("/title", "value-error")]),
        ({"title": "een\ntwee"}, [("/title", "value-error")]),
        ({"text": " \n "}, [("/text", "value-error")]),
        ({"text": "x" * 5001}, [("/text", "value-error")]),
        ({"importance": "heel erg"}, [("/importance", "value-error")]),
        ({"from": "morgen"}, [("/from", "value-error")]),
        ({"from": "2026-11-24T09:00:00"}, [("/from", "value-error")]),
        ({"from": "2026-11-24T09:00:00Z", "until": "2026-11-24T10:00:00+01:00"}, [("/until", "value-error")]),
        ({"until": "2026-11-24T07:59:00Z"}, [("/until", "reversed")]),
        ({"kleur": "rood", "title": ""}, [("/title", "value-error"), ("/kleur", "extra-forbidden")]),
    ],
)
async def test_what_cannot_be_an_announcement(lead: News, content: dict[str, Any], wrong: list[Any]) -> None:
    assert problem(await lead.post(**content)) == (400, "invalid-input", wrong)
    assert await lead.titles() == []
