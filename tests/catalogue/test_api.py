"""The catalogue over the API: topics and departments, page by page."""

from typing import Any

import httpx


async def _all(client: httpx.AsyncClient, address: str) -> list[dict[str, Any]]:
    """Every item of a list, by following `next`."""
    found: list[dict[str, Any]] = []
    following: str | None = address
    while following:
        page = (await client.get(following)).json()
        assert set(page) == {"total", "next", "results"}
        found += page["results"]
        following = page["next"]
    assert len(found) == page["total"]
    return found


async def test_topics_come_in_their_order_each_group_before_its_topics(
    kennisbank: None, client: httpx.AsyncClient
) -> None:
    topics = (await client.get("/api/v1/topics")).json()["results"]
    assert [topic["code"] for topic in topics] == ["reisdocumenten", "paspoort", "vermissing", "afval", "inzameling"]
    assert topics[1] == {
        "code": "paspoort",
        "name": "Paspoort",
        "nameEn": "",
        "parent": "reisdocumenten",
        "department": "burgerzaken",
        "countsForFirstContact": True,
    }
    assert topics[0]["nameEn"] == "Travel documents"
    assert [topic["countsForFirstContact"] for topic in topics] == [True, True, True, False, False]


async def test_departments_come_by_name(kennisbank: None, client: httpx.AsyncClient) -> None:
    departments = (await client.get("/api/v1/departments")).json()
    assert departments == {
        "total": 2,
        "next": None,
        "results": [{"code": "afval", "name": "Afval"}, {"code": "burgerzaken", "name": "Burgerzaken"}],
    }


async def test_following_next_gives_everything_once(kennisbank: None, client: httpx.AsyncClient) -> None:
    whole = (await client.get("/api/v1/topics")).json()["results"]
    for limit in (1, 2, 5, 100):
        assert await _all(client, f"/api/v1/topics?limit={limit}") == whole


async def test_a_page_past_the_end_is_empty(kennisbank: None, client: httpx.AsyncClient) -> None:
    page = (await client.get("/api/v1/topics?offset=5")).json()
    assert page == {"total": 5, "next": None, "results": []}


async def test_next_keeps_what_was_asked(kennisbank: None, client: httpx.AsyncClient) -> None:
    page = (await client.get("/api/v1/articles?limit=1&topic=reisdocumenten&language=nl")).json()
    assert page["next"] == "/api/v1/articles?limit=1&topic=reisdocumenten&language=nl&offset=1"
    assert len(await _all_articles(client, page["next"])) == page["total"] - 1


async def _all_articles(client: httpx.AsyncClient, address: str) -> list[str]:
    found: list[str] = []
    following: str | None = address
    while following:
        page = (await client.get(following)).json()
        found += [item["slug"] for item in page["results"]]
        following = page["next"]
    return found
