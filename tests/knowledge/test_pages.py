"""Residents' pages: the start page, what was found, an answer, and whether it was the answer."""

import re
from collections.abc import Awaitable, Callable

import httpx
import pytest
from bs4 import BeautifulSoup, Tag

from kcc.access.roles import Role
from tests.knowledge.drafting import article_json

WithToken = Callable[[Role], Awaitable[httpx.AsyncClient]]
IndexNow = Callable[[], Awaitable[None]]
ARTICLES = "/api/v1/articles"


async def page(client: httpx.AsyncClient, address: str, status: int = 200) -> BeautifulSoup:
    answer = await client.get(address)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return BeautifulSoup(answer.text, "html.parser")


def heading(seen: BeautifulSoup) -> str:
    (only,) = seen("h1")
    return str(only.get_text(strip=True))


def hits(seen: BeautifulSoup) -> list[str]:
    return [str(link["href"]) for link in seen.select("ol.kcc-results h2 a")]


async def test_the_start_page_asks_one_question_and_shows_what_is_asked_most(
    kennisbank: None, client: httpx.AsyncClient
) -> None:
    seen = await page(client, "/")
    assert heading(seen) == "Waar kunnen we u mee helpen?"
    form = seen.find("form")
    assert isinstance(form, Tag) and form["action"] == "/antwoorden"
    assert form.find("input", {"name": "q"}) is not None
    assert [link["href"] for link in seen.select(".kcc-task a")] == [
        "/antwoorden/paspoort-aanvragen",
        "/antwoorden/grofvuil",
    ]
    assert seen("script") == []


async def test_the_start_page_of_an_empty_kennisbank(client: httpx.AsyncClient) -> None:
    assert heading(await page(client, "/")) == "Waar kunnen we u mee helpen?"
    assert heading(await page(client, "/antwoorden")) == "Alle onderwerpen"


async def test_without_words_all_topics_with_their_articles(kennisbank: None, client: httpx.AsyncClient) -> None:
    for address in ("/antwoorden", "/antwoorden?q=", "/antwoorden?q=%20%20"):
        seen = await page(client, address)
        groups = {
            section.h2.get_text(): [link.get_text() for link in section("a")]
            for section in seen.select(".kcc-topics section")
            if section.h2
        }
        assert groups == {
            "Reisdocumenten": ["Paspoort aanvragen", "Paspoort kwijt of gestolen"],
            "Afval": ["Grofvuil laten ophalen"],
        }
    english = await page(client, "/antwoorden?lang=en")
    headings = english.select(".kcc-topics h2")
    assert [(item.get_text(), item.get("lang")) for item in headings] == [("Travel documents", None), ("Afval", "nl")]
    assert [item.get_text() for item in english.select(".kcc-jump a")] == ["Travel documents", "Afval"]
    assert {item.get("lang") for item in english.select(".kcc-topics ul")} == {"nl"}


async def test_what_was_found_best_first(kennisbank: None, client: httpx.AsyncClient) -> None:
    seen = await page(client, "/antwoorden?q=paspoort+kwijt")
    assert heading(seen) == "Gevonden antwoorden"
    assert hits(seen) == [
        "/antwoorden/paspoort-kwijt?q=paspoort+kwijt",
        "/antwoorden/paspoort-aanvragen?q=paspoort+kwijt",
    ]
    assert "2 antwoorden" in seen.get_text()
    assert seen.select("mark")
    field = seen.find("input", {"name": "q"})
    assert isinstance(field, Tag) and field["value"] == "paspoort kwijt"


async def test_a_typing_error_is_asked_about(kennisbank: None, client: httpx.AsyncClient) -> None:
    seen = await page(client, "/antwoorden?q=paspoord+kwijt")
    assert "Bedoelde u" in seen.get_text()
    assert seen.find("a", {"href": "/antwoorden?q=paspoort+kwijt"}) is not None


async def test_nothing_found_says_what_to_do(kennisbank: None, client: httpx.AsyncClient) -> None:
    seen = await page(client, "/antwoorden?q=zwembad")
    assert "We vonden geen antwoord over “zwembad”" in seen.get_text()
    assert seen.select('a[href^="tel:"]')


async def test_many_answers_come_in_pages(
    kennisbank: None, client: httpx.AsyncClient, with_token: WithToken, index_now: IndexNow
) -> None:
    editor = await with_token(Role.EDITOR)
    for number in range(12):
        await editor.post(ARTICLES, json=article_json(slug=f"walvis-{number}", title=f"Walvis {number}"))
    await index_now()
    first = await page(client, "/antwoorden?q=walvis")
    assert (len(hits(first)), first.select('a[rel="prev"]')) == (10, [])
    (onward,) = first.select('a[rel="next"]')
    second = await page(client, str(onward["href"]))
    assert (len(hits(second)), second.select('a[rel="next"]')) == (2, [])
    assert not set(hits(first)) & set(hits(second))
    (back,) = second.select('a[rel="prev"]')
    assert hits(await page(client, str(back["href"]))) == hits(first)
    for nonsense in ("-1", "x", "1.5", "%20", "99999", "9" * 500, "٣", "1e3", ""):
        assert hits(await page(client, f"/antwoorden?q=walvis&offset={nonsense}")) == hits(first), nonsense


async def test_an_answer_has_all_a_resident_needs(kennisbank: None, client: httpx.AsyncClient) -> None:
    seen = await page(client, "/antwoorden/paspoort-aanvragen?q=mijn+pas")
    assert heading(seen) == "Paspoort aanvragen"
    text = seen.get_text(" ", strip=True)
    assert "Het kost €\u00a086,85." in text
    assert [
        (item.dt.get_text(), item.dd.get_text()) for item in seen.select(".kcc-quick div") if item.dt and item.dd
    ] == [
        ("Kosten", "€\u00a086,85"),
        ("Klaar na", "5 werkdagen"),
    ]
    assert [item.get_text() for item in seen.select(".kcc-prose li")] == ["uw oude paspoort", "een pasfoto"]
    assert seen.select('a[href="/afspraak?product=paspoort"]')
    related = seen.find("section", {"aria-labelledby": "h-ook"})
    assert isinstance(related, Tag)
    assert [link["href"] for link in related("a")] == ["/antwoorden/paspoort-kwijt"]
    assert seen.select('a[href="/antwoorden?q=mijn+pas"]')  # back to what was found
    online = await page(client, "/antwoorden/paspoort-kwijt")
    assert online.select('a[href="https://formulieren.voorbeeld.example/paspoort-kwijt"]')


@pytest.mark.parametrize("slug", ["balie-instructie", "bestaat-niet", "Grofvuil", "x" * 300])
async def test_what_is_not_for_residents_is_not_there(kennisbank: None, client: httpx.AsyncClient, slug: str) -> None:
    seen = await page(client, f"/antwoorden/{slug}", 404)
    assert "404" in seen.get_text()
    assert "noodprocedure" not in str(seen)


async def test_pages_in_english_keep_english_and_say_that_the_answers_are_dutch(
    kennisbank: None, client: httpx.AsyncClient
) -> None:
    home = await page(client, "/?lang=en")
    assert (heading(home), home.html["lang"] if home.html else "") == ("What can we help you with?", "en")
    found = await page(client, "/antwoorden?q=paspoort&lang=en")
    assert heading(found) == "Answers found"
    assert all("lang=en" in address for address in hits(found))
    assert [item["lang"] for item in found.select("ol.kcc-results")] == ["nl"]
    answer = await page(client, "/antwoorden/grofvuil?lang=en")
    assert "Was this the answer?" in answer.get_text()
    assert [item["lang"] for item in answer("article")] == ["nl"]
    assert heading(await page(client, "/?lang=xx")) == "Waar kunnen we u mee helpen?"


async def test_saying_whether_it_was_the_answer_without_script(kennisbank: None, client: httpx.AsyncClient) -> None:
    seen = await page(client, "/antwoorden/grofvuil?q=oude+bank&lang=en")
    form = seen.find("form", {"action": "/antwoorden/grofvuil/reactie"})
    assert isinstance(form, Tag)
    fields = {str(field["name"]): str(field["value"]) for field in form("input")}
    assert fields == {"query": "oude bank", "lang": "en"}
    assert [button["value"] for button in form("button")] == ["resolved", "not-the-answer"]
    sent = await client.post(str(form["action"]), data=fields | {"verdict": "resolved"})
    assert sent.status_code == 303
    assert sent.headers["location"] == "/antwoorden/grofvuil?reactie=bedankt&q=oude+bank&lang=en#reactie"
    thanks = await page(client, sent.headers["location"])
    assert "Thank you for your feedback" in thanks.get_text()
    assert thanks.find("form", {"action": "/antwoorden/grofvuil/reactie"}) is None


async def test_feedback_that_cannot_be(kennisbank: None, client: httpx.AsyncClient) -> None:
    address = "/antwoorden/grofvuil/reactie"
    for fields in (
        {},
        {"verdict": "ja"},
        {"verdict": "wrong", "note": "alleen voor medewerkers"},
        {"verdict": "resolved", "query": "x" * 501},
        {"verdict": "resolved", "bsn": "123456782"},
    ):
        answer = await client.post(address, data=fields)
        assert (answer.status_code, answer.headers["content-type"]) == (400, "text/html; charset=utf-8"), fields
    for body, content_type in (
        (b"\xff\xfe=\x00", "application/x-www-form-urlencoded"),
        (b"--x\r\n\r\n", "multipart/form-data; boundary=x"),
        (b"x", "multipart/form-data"),
        (b"{}", "application/json"),
        (b"verdict=resolved" + b"&x=1" * 5_000, "application/x-www-form-urlencoded"),
    ):
        answer = await client.post(address, content=body, headers={"Content-Type": content_type})
        assert answer.status_code == 400, body[:20]
    assert (await client.get(address)).status_code == 405


async def test_what_editors_and_residents_write_is_shown_as_text(
    kennisbank: None, client: httpx.AsyncClient, with_token: WithToken, index_now: IndexNow
) -> None:
    evil = "<script>alert('x')</script> & \"q\""
    editor = await with_token(Role.EDITOR)
    article = article_json(
        slug="evil", title=f"Walvis {evil}", shortAnswer=f"Kort {evil}", variants=[evil], related=["evil"],
        body=f"Tekst {evil}\n\n[x](javascript:alert(1))", facts={evil[:40]: evil},
        form="https://x.example/?a='%22%3E%3Cb%3E",
    )  # fmt: skip
    assert (await editor.post(ARTICLES, json=article)).status_code == 201
    await index_now()
    query = httpx.QueryParams({"q": f"walvis {evil}"})
    for address in (
        "/antwoorden",
        f"/antwoorden?{query}",
        f"/antwoorden/evil?{query}",
        f"/antwoorden?{query}zwembad&lang=en",
    ):
        seen = await page(client, address)
        assert seen("script") == []
        assert [link for link in seen("a") if str(link.get("href")).startswith("javascript")] == []
        assert f"Walvis {evil}" in seen.get_text() or "zwembad" in address
    found = (await client.get(f"{ARTICLES}?{query}")).json()["results"][0]["snippet"]
    assert set(re.findall(r"</?(\w+)", found)) <= {"mark"}


async def test_residents_pages_are_the_same_for_everyone(
    kennisbank: None, client: httpx.AsyncClient, sign_in: Callable[..., Awaitable[httpx.AsyncClient]]
) -> None:
    agent = await sign_in(Role.AGENT)
    for address in ("/", "/antwoorden?q=paspoort", "/antwoorden/paspoort-aanvragen"):
        assert (await agent.get(address)).text == (await client.get(address)).text
    assert (await agent.get("/antwoorden/balie-instructie")).status_code == 404
