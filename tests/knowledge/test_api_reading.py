"""Listing, searching and reading articles through the API."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import httpx
import pytest

from kcc.access.roles import Role
from tests.knowledge.drafting import article_json

WithToken = Callable[[Role], Awaitable[httpx.AsyncClient]]
ARTICLES, SUGGESTIONS = "/api/v1/articles", "/api/v1/suggestions"


def slugs(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["slug"] for row in answer.json()["results"]]


async def test_without_words_articles_are_listed_by_title(kennisbank: None, client: httpx.AsyncClient) -> None:
    answer = await client.get(ARTICLES)
    assert slugs(answer) == ["grofvuil", "paspoort-aanvragen", "paspoort-kwijt"]
    assert {name: answer.json()[name] for name in ("total", "next", "suggestion")} == {
        "total": 3,
        "next": None,
        "suggestion": None,
    }
    assert answer.json()["results"][1] | {"updatedAt": ""} == {
        "slug": "paspoort-aanvragen",
        "title": "Paspoort aanvragen",
        "upl": "paspoort",
        "shortAnswer": "U vraagt een paspoort aan bij de balie. Het kost €\u00a086,85.",
        "snippet": "U vraagt een paspoort aan bij de balie. Het kost €\u00a086,85.",
        "score": 0.0,
        "topic": "paspoort",
        "department": "burgerzaken",
        "audience": "public",
        "sourceId": None,
        "updatedAt": "",
    }


async def test_words_search_best_first_with_marked_snippets(kennisbank: None, client: httpx.AsyncClient) -> None:
    answer = await client.get(ARTICLES, params={"q": "paspoort kwijt"})
    assert slugs(answer) == ["paspoort-kwijt", "paspoort-aanvragen"]
    first, second = answer.json()["results"]
    assert first["score"] > second["score"] > 0
    assert "<mark>paspoort</mark>" in first["snippet"]
    assert set(first) == set((await client.get(ARTICLES)).json()["results"][0])
    assert first["updatedAt"].endswith("Z")


async def test_a_typing_error_is_found_and_a_suggestion_made(kennisbank: None, client: httpx.AsyncClient) -> None:
    answer = await client.get(ARTICLES, params={"q": "paspoord kwijt"})
    assert slugs(answer)[0] == "paspoort-kwijt"
    assert answer.json()["suggestion"] == "paspoort kwijt"


async def test_filters_narrow_the_list_and_the_search(
    kennisbank: None, client: httpx.AsyncClient, subtests: pytest.Subtests
) -> None:
    for filters, expected in (
        ({"topic": "vermissing"}, ["paspoort-kwijt"]),
        ({"topic": "reisdocumenten"}, ["paspoort-aanvragen", "paspoort-kwijt"]),
        ({"department": "afval"}, ["grofvuil"]),
        ({"audience": "public"}, ["grofvuil", "paspoort-aanvragen", "paspoort-kwijt"]),
        ({"audience": "agents"}, []),
        ({"topic": "bestaat-niet"}, []),
        ({"topic": "afval", "department": "burgerzaken"}, []),
        ({"language": "en"}, []),
    ):
        with subtests.test(filters):
            listed = await client.get(ARTICLES, params=filters)
            assert slugs(listed) == expected
            assert listed.json()["total"] == len(expected)
            found = await client.get(ARTICLES, params=filters | {"q": "paspoort grofvuil"})
            assert sorted(slugs(found)) == expected


@pytest.mark.parametrize("words", ["", "paspoort grofvuil"])
async def test_following_next_gives_everything_once(kennisbank: None, client: httpx.AsyncClient, words: str) -> None:
    at: str | None = f"{ARTICLES}?limit=1&q={words}"
    seen: list[str] = []
    while at:
        answer = await client.get(at)
        assert answer.json()["total"] == 3
        seen += slugs(answer)
        at = answer.json()["next"]
        if at:
            assert (urlsplit(at).scheme, urlsplit(at).path) == ("", ARTICLES)
    assert sorted(seen) == ["grofvuil", "paspoort-aanvragen", "paspoort-kwijt"]


async def test_next_keeps_the_words_and_the_filters(kennisbank: None, client: httpx.AsyncClient) -> None:
    answer = await client.get(ARTICLES, params={"q": "één & paspoort", "limit": 1, "topic": "reisdocumenten"})
    following = httpx.URL(answer.json()["next"]).params
    assert dict(following) == {"q": "één & paspoort", "limit": "1", "topic": "reisdocumenten", "offset": "1"}


async def test_an_offset_past_the_end_is_an_empty_page(kennisbank: None, client: httpx.AsyncClient) -> None:
    for words in ("", "paspoort"):
        answer = await client.get(ARTICLES, params={"q": words, "offset": 10_000})
        assert (slugs(answer), answer.json()["next"]) == ([], None)
        assert answer.json()["total"] > 0


async def test_the_same_question_again_gets_the_same_answer(kennisbank: None, client: httpx.AsyncClient) -> None:
    answers = [(await client.get(ARTICLES, params={"q": "grofvuil"})).json() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]


async def test_what_is_typed_is_completed(kennisbank: None, client: httpx.AsyncClient) -> None:
    answer = await client.get(SUGGESTIONS, params={"q": "grofv"})
    assert answer.json()["results"][0] == {"text": "Grofvuil laten ophalen", "slug": "grofvuil"}
    assert slugs(await client.get(SUGGESTIONS, params={"q": "pas", "limit": 1})) in (
        ["paspoort-aanvragen"],
        ["paspoort-kwijt"],
    )
    for nothing in ("", "  ", "qqqqqqqq"):
        assert slugs(await client.get(SUGGESTIONS, params={"q": nothing})) == []


async def test_reading_an_article_fills_in_fees(kennisbank: None, client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{ARTICLES}/paspoort-aanvragen")
    article = answer.json()
    assert answer.headers["ETag"] == '"1"'
    assert article["shortAnswer"].endswith("€\u00a086,85.")
    assert article["facts"] == {"Kosten": "€\u00a086,85", "Klaar na": "5 werkdagen"}
    assert article["uplUri"] == "http://standaarden.overheid.nl/owms/terms/paspoort"
    assert article["product"] == "paspoort"


async def test_an_editor_reads_the_placeholders_and_the_drafts(
    kennisbank: None, client: httpx.AsyncClient, with_token: WithToken
) -> None:
    editor = await with_token(Role.EDITOR)
    assert "{{paspoort-18-plus}}" in (await editor.get(f"{ARTICLES}/paspoort-aanvragen")).json()["shortAnswer"]
    draft = article_json(slug="hond", status="draft")
    assert (await editor.post(ARTICLES, json=draft)).status_code == 201
    assert (await editor.get(f"{ARTICLES}/hond")).json()["status"] == "draft"
    assert (await (await with_token(Role.AGENT)).get(f"{ARTICLES}/hond")).status_code == 404
    assert (await client.get(f"{ARTICLES}/hond")).status_code == 404


async def test_listing_and_reading_go_on_without_an_index(client: httpx.AsyncClient, with_token: WithToken) -> None:
    assert slugs(await client.get(ARTICLES)) == []
    for address in (f"{ARTICLES}?q=x", f"{SUGGESTIONS}?q=x"):
        answer = await client.get(address)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
        assert answer.json()["type"].endswith("/busy")


async def test_what_is_not_there_is_a_problem(with_token: WithToken) -> None:
    editor = await with_token(Role.EDITOR)
    for path in (f"{ARTICLES}/bestaat-niet", f"{ARTICLES}/bestaat-niet/revisions", "/api/v1/nergens", "/api/"):
        answer = await editor.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == 404


async def test_a_method_an_address_does_not_know(client: httpx.AsyncClient) -> None:
    answer = await client.delete(f"{ARTICLES}/grofvuil")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, PUT")
    answer = await client.patch(ARTICLES)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, POST")


async def test_head_is_get_without_a_body(kennisbank: None, client: httpx.AsyncClient) -> None:
    answer = await client.head(f"{ARTICLES}/grofvuil")
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"')


async def test_a_wrong_token_is_told_even_where_none_is_needed(kennisbank: None, client: httpx.AsyncClient) -> None:
    for header in ("Bearer kcc_onzin", "Bearer", "Basic YTpi", "kcc_onzin"):
        answer = await client.get(ARTICLES, headers={"Authorization": header})
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
