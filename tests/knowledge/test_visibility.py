"""Residents never see what is not meant for them, or not now: not by any road."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from kcc.access.roles import Role
from tests.conftest import SetClock
from tests.knowledge.drafting import article_json

WithToken = Callable[[Role], Awaitable[httpx.AsyncClient]]
IndexNow = Callable[[], Awaitable[None]]
ARTICLES, SUGGESTIONS = "/api/v1/articles", "/api/v1/suggestions"

# Words that stand in hidden places only, so that seeing one anywhere is seeing too much.
HIDDEN: dict[str, dict[str, Any]] = {
    "voor-medewerkers": {
        "title": "Kluiscode vernieuwen", "audience": "agents", "shortAnswer": "Bel de kluisbeheerder.",
        "body": "De kluisprocedure.", "variants": ["kluisdeur klemt"], "synonyms": ["kluissleutel"],
    },
    "concept": {"title": "Conceptregeling", "status": "draft", "variants": ["concepttekst"]},
    "ingetrokken": {"title": "Intrekregeling", "status": "withdrawn", "variants": ["intrektekst"]},
    "later": {"title": "Toekomstregeling", "validFrom": "2026-12-01", "variants": ["toekomsttekst"]},
    "voorbij": {"title": "Verlederegeling", "validUntil": "2026-11-23", "variants": ["verledentekst"]},
}  # fmt: skip
SECRETS = (
    "kluiscode", "kluisbeheerder", "kluisprocedure", "kluisdeur", "kluissleutel", "conceptregeling", "concepttekst",
    "intrekregeling", "intrektekst", "toekomstregeling", "toekomsttekst", "verlederegeling", "verledentekst",
    "sluiproute", "voor-medewerkers", "concept", "ingetrokken", "later-", "voorbij", "geheimtoestel", "noodprocedure",
)  # fmt: skip


@pytest.fixture
async def hidden(kennisbank: None, with_token: WithToken, index_now: IndexNow) -> None:
    """Hidden articles, and a public one with an agents' part that refers to all of them."""
    editor = await with_token(Role.EDITOR)
    for slug, fields in HIDDEN.items():
        answer = await editor.post(ARTICLES, json=article_json(slug=slug, **fields))
        assert answer.status_code == 201, answer.text
    open_article = article_json(
        slug="hond", internal="Vraag eerst naar de sluiproute.", related=[*HIDDEN, "balie-instructie", "grofvuil"]
    )
    assert (await editor.post(ARTICLES, json=open_article)).status_code == 201
    await index_now()


def roads(word: str) -> list[str]:
    """Every address a resident can ask with a word, with half of it and with a typing error."""
    half, typo = word[: len(word) // 2 + 2], word[:-2] + word[-1] + word[-2]
    return [
        *(f"{ARTICLES}?q={query}&limit=100" for query in (word, half, typo)),
        *(f"{SUGGESTIONS}?q={query}&limit=20" for query in (word, half)),
        *(f"/antwoorden?q={query}" for query in (word, typo)),
    ]


async def test_residents_find_no_trace_of_what_is_hidden(hidden: None, client: httpx.AsyncClient) -> None:
    asked = [road for word in SECRETS for road in roads(word)]
    lists = [f"{ARTICLES}?limit=100", f"{ARTICLES}?audience=agents", "/", "/antwoorden"]
    for road in [*lists, f"{ARTICLES}/hond", "/antwoorden/hond", *asked]:
        answer = await client.get(road)
        assert answer.status_code == 200, road
        text = answer.text.lower()
        if road.startswith("/antwoorden?"):  # a page repeats what was asked
            text = text.replace(httpx.URL(road).params["q"], "")
        assert [secret for secret in SECRETS if secret in text] == [], road


async def test_residents_cannot_read_what_is_hidden(hidden: None, client: httpx.AsyncClient) -> None:
    for slug in (*HIDDEN, "balie-instructie"):
        for road in (f"{ARTICLES}/{slug}", f"/antwoorden/{slug}"):
            assert (await client.get(road)).status_code == 404, road
        for road in (f"/antwoorden/{slug}/reactie", f"/antwoorden/{slug}/reactie?lang=en"):
            assert (await client.post(road, data={"verdict": "resolved"})).status_code == 404, road


async def test_residents_get_no_agents_part(hidden: None, client: httpx.AsyncClient) -> None:
    article = (await client.get(f"{ARTICLES}/hond")).json()
    assert article["internal"] == ""
    assert article["related"] == ["grofvuil"]


async def test_agents_see_what_is_theirs_and_valid_today(hidden: None, with_token: WithToken) -> None:
    agent = await with_token(Role.AGENT)
    article = (await agent.get(f"{ARTICLES}/hond")).json()
    assert article["internal"] == "Vraag eerst naar de sluiproute."
    assert article["related"] == ["voor-medewerkers", "balie-instructie", "grofvuil"]
    found = {
        word: (await agent.get(ARTICLES, params={"q": word})).json()["results"] for word in ("sluiproute", "kluiscode")
    }
    assert [row["slug"] for row in found["sluiproute"]] == ["hond"]
    assert "<mark>sluiproute</mark>" in found["sluiproute"][0]["snippet"]
    assert [row["slug"] for row in found["kluiscode"]] == ["voor-medewerkers"]
    suggested = (await agent.get(SUGGESTIONS, params={"q": "kluisco"})).json()["results"]
    assert suggested == [{"text": "Kluiscode vernieuwen", "slug": "voor-medewerkers"}]
    for slug in ("concept", "ingetrokken", "later", "voorbij"):
        assert (await agent.get(f"{ARTICLES}/{slug}")).status_code == 404
        title = HIDDEN[slug]["title"]
        found_titles = [row["title"] for row in (await agent.get(ARTICLES, params={"q": title})).json()["results"]]
        assert title not in found_titles
    listed = (await agent.get(ARTICLES)).json()["results"]
    assert {row["slug"] for row in listed if row["audience"] == "agents"} == {"voor-medewerkers", "balie-instructie"}


async def test_an_article_comes_and_goes_on_its_dates(
    hidden: None, client: httpx.AsyncClient, moment: SetClock
) -> None:
    async def readable(slug: str, word: str) -> bool:
        read = (await client.get(f"{ARTICLES}/{slug}")).status_code == 200
        found = [row["slug"] for row in (await client.get(ARTICLES, params={"q": word})).json()["results"]]
        listed = [row["slug"] for row in (await client.get(ARTICLES)).json()["results"]]
        completed = [row["slug"] for row in (await client.get(SUGGESTIONS, params={"q": word})).json()["results"]]
        assert (slug in found) == (slug in listed) == (slug in completed) == read
        return read

    assert not await readable("later", "toekomstregeling")
    moment.move(days=6, hours=14, minutes=59)  # 30 November, 23:59 in Amsterdam
    assert not await readable("later", "toekomstregeling")
    moment.move(minutes=2)
    assert await readable("later", "toekomstregeling")
    moment.move(days=-8)  # 23 November: the last day of the other one
    assert await readable("voorbij", "verlederegeling")
    assert not await readable("later", "toekomstregeling")
    moment.move(days=1)
    assert not await readable("voorbij", "verlederegeling")


async def test_a_machine_without_office_work_sees_what_residents_see(hidden: None, with_token: WithToken) -> None:
    device = await with_token(Role.DEVICE)
    assert (await device.get(f"{ARTICLES}/voor-medewerkers")).status_code == 404
    assert (await device.get(f"{ARTICLES}/hond")).json()["internal"] == ""
    assert (await device.get(ARTICLES, params={"q": "kluiscode"})).json()["total"] == 0


async def test_answers_kept_for_one_reader_are_not_given_to_another(
    hidden: None, client: httpx.AsyncClient, with_token: WithToken
) -> None:
    agent = await with_token(Role.AGENT)
    for _ in range(2):
        assert (await agent.get(ARTICLES, params={"q": "kluiscode"})).json()["total"] == 1
        assert (await client.get(ARTICLES, params={"q": "kluiscode"})).json()["total"] == 0
