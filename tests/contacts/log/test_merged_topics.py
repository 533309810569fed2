"""A topic that became part of another: nobody is offered it, and its history counts as about the other."""

from typing import Any

import httpx
import pytest

from kcc.access.roles import Role
from tests.contacts.conftest import Log, WithToken, answered, problem

TODAY = {"from": "2026-11-24", "to": "2026-11-24"}


@pytest.fixture
async def administrator(kennisbank: None, with_token: WithToken) -> httpx.AsyncClient:
    return await with_token(Role.ADMINISTRATOR)


async def merge(administrator: httpx.AsyncClient, topic: str, target: str) -> httpx.Response:
    return await administrator.post(f"/api/v1/topics/{topic}/merge", json={"target": target})


async def codes(client: httpx.AsyncClient) -> list[str]:
    return [topic["code"] for topic in (await client.get("/api/v1/topics")).json()["results"]]


async def topics_asked(client: httpx.AsyncClient) -> dict[str, int]:
    rows = (await client.get("/api/v1/frequent-problems", params=TODAY)).json()["rows"]
    return {row["topic"]: row["questions"] for row in rows}


async def test_history_and_articles_follow(administrator: httpx.AsyncClient, log: Log) -> None:
    before = await log.asked(answered(topic="vermissing"), phone="0612345678")
    await log.asked(answered())
    response = await merge(administrator, "vermissing", "paspoort")
    assert (response.status_code, response.json()["code"]) == (200, "paspoort")
    assert "vermissing" not in await codes(administrator)
    assert await topics_asked(administrator) == {"paspoort": 2}
    assert len(await log.listed(topic="paspoort")) == len(await log.listed(topic="vermissing")) == 2
    assert (await log.read(before))["questions"][0]["topic"] == "vermissing"  # as it was logged
    after = await log.start(requester={"phone": "0612345678"}, questions=[{"topic": "vermissing"}])
    assert after["questions"][0]["topic"] == "paspoort"
    assert [one["sameTopic"] for one in after["earlier"]] == [True]
    articles = (await administrator.get("/api/v1/articles", params={"topic": "vermissing"})).json()
    assert articles["total"] == 0


async def test_merging_on(administrator: httpx.AsyncClient, log: Log) -> None:
    await log.asked(answered(topic="vermissing"))
    await merge(administrator, "vermissing", "paspoort")
    assert (await merge(administrator, "paspoort", "inzameling")).status_code == 200
    assert await topics_asked(administrator) == {"inzameling": 1}
    assert len(await log.listed(topic="afval")) == 1
    again = await merge(administrator, "vermissing", "inzameling")
    assert again.status_code == 404


async def test_an_open_question_about_it_can_still_be_transferred(administrator: httpx.AsyncClient, log: Log) -> None:
    contact = await log.start(questions=[{"topic": "vermissing"}])
    await merge(administrator, "vermissing", "inzameling")
    done = await log.finished(contact, outcome="transferred")
    assert done["questions"][0]["department"] == "afval"


async def test_a_moved_topic_takes_its_history_along(administrator: httpx.AsyncClient, log: Log) -> None:
    await log.asked(answered())
    topic = {"name": "Paspoort", "parent": "afval", "department": "burgerzaken"}
    assert (await administrator.put("/api/v1/topics/paspoort", json=topic)).status_code == 200
    assert len(await log.listed(topic="afval")) == 1
    (row,) = (await administrator.get("/api/v1/first-contact", params=TODAY)).json()["rows"]
    assert (row["eligible"], row["eligibleAll"]) == (0, 1)


async def test_what_is_refused(administrator: httpx.AsyncClient, log: Log) -> None:
    contact = await log.asked(answered())
    assert problem(await merge(administrator, "paspoort", "nergens"))[:2] == (409, "unknown-reference")
    assert problem(await merge(administrator, "paspoort", "paspoort"))[0] == 409
    assert problem(await merge(administrator, "reisdocumenten", "afval"))[:2] == (409, "in-use")
    assert (await merge(administrator, "nergens", "paspoort")).status_code == 404
    new: dict[str, Any] = {"code": "los", "name": "Los", "parent": "afval", "department": "afval"}
    assert (await administrator.post("/api/v1/topics", json=new)).status_code == 201
    await log.asked(answered(topic="los"))
    assert problem(await administrator.delete("/api/v1/topics/los"))[:2] == (409, "in-use")
    assert (await merge(administrator, "los", "paspoort")).status_code == 200
    assert (await administrator.post("/api/v1/topics", json=new)).status_code == 409  # the code stays its own
    assert (await log.client.post("/api/v1/topics/paspoort/merge", json={"target": "afval"})).status_code == 403
    assert contact["questions"][0]["topic"] == "paspoort"
