"""Making, changing and removing topics and departments over the API."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from kcc.access.roles import Role

WithToken = Callable[[Role], Awaitable[httpx.AsyncClient]]
TOPICS, DEPARTMENTS = "/api/v1/topics", "/api/v1/departments"
TOPIC = {"code": "hond", "name": "Hond", "nameEn": "Dogs", "parent": "afval", "department": "afval"}


@pytest.fixture
async def admin(kennisbank: None, with_token: WithToken) -> httpx.AsyncClient:
    return await with_token(Role.ADMINISTRATOR)


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rsplit("/", 1)[1]


def pointers(answer: httpx.Response) -> list[str]:
    return [error["location"]["pointer"] for error in answer.json()["errors"]]


async def codes(client: httpx.AsyncClient, address: str = TOPICS) -> list[str]:
    return [item["code"] for item in (await client.get(address)).json()["results"]]


async def test_a_topic_is_made_and_stands_with_its_group(admin: httpx.AsyncClient) -> None:
    answer = await admin.post(TOPICS, json=TOPIC | {"parent": "reisdocumenten", "countsForFirstContact": False})
    expected = TOPIC | {"parent": "reisdocumenten", "countsForFirstContact": False}
    assert (answer.status_code, answer.json()) == (201, expected)
    assert await codes(admin) == ["reisdocumenten", "paspoort", "vermissing", "hond", "afval", "inzameling"]
    await admin.post(TOPICS, json={"code": "dieren", "name": "Dieren", "department": "afval", "position": 0})
    assert (await codes(admin))[0] == "dieren"


async def test_a_topic_is_changed_and_its_articles_follow(admin: httpx.AsyncClient) -> None:
    assert (await admin.get("/api/v1/articles/grofvuil")).json()["department"] == "afval"
    body = {"name": "Inzameling", "nameEn": "Collection", "parent": "reisdocumenten", "department": "burgerzaken"}
    answer = await admin.put(f"{TOPICS}/inzameling", json=body)
    assert (answer.status_code, answer.json()) == (200, body | {"code": "inzameling", "countsForFirstContact": True})
    assert (await admin.get("/api/v1/articles/grofvuil")).json()["department"] == "burgerzaken"
    revisions = (await admin.get("/api/v1/articles/grofvuil/revisions")).json()["results"]
    assert [row["changedBy"] for row in revisions] == ["test", "import"]


REFUSED: list[tuple[dict[str, Any], int, str, list[str]]] = [
    ({"code": "paspoort"}, 409, "conflict", ["/code"]),
    ({"parent": "weg", "department": "weg"}, 409, "unknown-reference", ["/parent", "/department"]),
    ({"parent": "paspoort"}, 409, "conflict", ["/parent"]),
    ({"code": "Hond-", "name": "", "position": -1}, 400, "invalid-input", ["/name", "/position", "/code"]),
    ({"kleur": "bruin"}, 400, "invalid-input", ["/kleur"]),
]


async def test_what_a_topic_cannot_be(admin: httpx.AsyncClient, subtests: pytest.Subtests) -> None:
    for fields, status, kind, places in REFUSED:
        with subtests.test(**fields):
            answer = await admin.post(TOPICS, json=TOPIC | fields)
            assert (*problem(answer), pointers(answer)) == (status, kind, places)
    before = await codes(admin)
    assert "hond" not in before


async def test_a_group_with_topics_stays_a_group(admin: httpx.AsyncClient) -> None:
    for parent in ("reisdocumenten", "afval"):
        body = {"name": "Afval", "parent": parent, "department": "afval"}
        assert problem(await admin.put(f"{TOPICS}/afval", json=body)) == (409, "conflict")


async def test_what_something_is_about_stays(admin: httpx.AsyncClient) -> None:
    for address in (f"{TOPICS}/afval", f"{TOPICS}/inzameling", f"{DEPARTMENTS}/afval"):
        answer = await admin.delete(address)
        assert problem(answer) == (409, "in-use"), address
        assert "eerst" in answer.json()["detail"]
    assert await codes(admin, DEPARTMENTS) == ["afval", "burgerzaken"]


async def test_what_nothing_is_about_goes(admin: httpx.AsyncClient) -> None:
    await admin.post(DEPARTMENTS, json={"code": "groen", "name": "Groen"})
    await admin.post(TOPICS, json=TOPIC | {"department": "groen"})
    for address in (f"{TOPICS}/hond", f"{DEPARTMENTS}/groen"):
        assert (await admin.delete(address)).status_code == 204
        assert (await admin.delete(address)).status_code == 404
    assert await codes(admin, DEPARTMENTS) == ["afval", "burgerzaken"]


async def test_departments_are_made_and_renamed(admin: httpx.AsyncClient) -> None:
    made = await admin.post(DEPARTMENTS, json={"code": "groen", "name": "Groen"})
    without = {"email": None, "leadEmail": None}
    assert (made.status_code, made.json()) == (201, {"code": "groen", "name": "Groen", **without})
    again = await admin.post(DEPARTMENTS, json={"code": "groen", "name": "Groen"})
    assert (again.status_code, pointers(again)) == (409, ["/code"])
    renamed = await admin.put(f"{DEPARTMENTS}/groen", json={"name": "Groen en water"})
    assert renamed.json() == {"code": "groen", "name": "Groen en water", **without}
    for address, body in (
        (f"{DEPARTMENTS}/weg", {"name": "W"}),
        (f"{TOPICS}/weg", {"name": "W", "department": "afval"}),
    ):
        assert (await admin.put(address, json=body)).status_code == 404


async def test_the_same_key_makes_one_thing(admin: httpx.AsyncClient) -> None:
    for address, body in ((TOPICS, TOPIC), (DEPARTMENTS, {"code": "groen", "name": "Groen"})):
        first = await admin.post(address, json=body, headers={"Idempotency-Key": "k"})
        again = await admin.post(address, json=body, headers={"Idempotency-Key": "k"})
        assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
        other = await admin.post(address, json=body | {"name": "Anders"}, headers={"Idempotency-Key": "k"})
        assert problem(other) == (409, "key-reused")
