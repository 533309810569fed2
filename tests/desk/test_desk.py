"""The agent's desk: search while typing, the answer with the agents' part, filters, the parts htmx asks for."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup, Tag
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access.roles import Role
from kcc.catalogue import queries

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def agent(kennisbank: None, sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in(Role.AGENT)


async def desk(agent: httpx.AsyncClient, *, part: str = "", status: int = 200, **query: str) -> BeautifulSoup:
    """The desk, or the part of it that htmx asks for."""
    answer = await agent.get("/werk", params=query, headers={"HX-Request": "true", "HX-Target": part} if part else {})
    assert answer.status_code == status, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def hits(seen: BeautifulSoup) -> list[str]:
    return [str(link.get_text()) for link in seen.select("ol.kcc-hits li > a")]


async def test_who_is_not_signed_in_is_asked_to_and_comes_back(kennisbank: None, client: httpx.AsyncClient) -> None:
    answer = await client.get("/werk?q=paspoort&artikel=grofvuil")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/inloggen?next=%2Fwerk%3Fq%3Dpaspoort%26artikel%3Dgrofvuil"


async def test_the_empty_desk_shows_what_is_asked_most_and_what_to_do(agent: httpx.AsyncClient) -> None:
    seen = await desk(agent)
    assert hits(seen) == ["Paspoort aanvragen", "Grofvuil laten ophalen"]
    assert "Waar gaat de vraag over?" in seen.get_text()
    field = seen.find("input", {"name": "q"})
    assert isinstance(field, Tag) and field.has_attr("autofocus")
    assert seen.find("form", {"action": "/werk/reactie"}) is None


async def test_topics_and_departments_are_read_once_for_a_page(
    agent: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(name: str) -> Any:
        really = getattr(queries, name)

        async def reading(session: AsyncSession) -> Any:
            read.append(name)
            return await really(session)

        return reading

    for name in ("topics", "departments"):
        monkeypatch.setattr(queries, name, counted(name))
    await desk(agent, q="paspoort", artikel="paspoort-aanvragen")
    assert sorted(read) == ["departments", "topics"]


async def test_a_whole_page_for_who_has_no_script(agent: httpx.AsyncClient) -> None:
    seen = await desk(agent, q="paspoort kwijt", artikel="paspoort-aanvragen")
    assert hits(seen)[0] == "Paspoort kwijt of gestolen"
    (current,) = seen.select('a[aria-current="true"]')
    assert current.get_text() == "Paspoort aanvragen"
    assert [item["id"] for item in seen.select("#gevonden, #artikel, #reactie")] == ["gevonden", "artikel", "reactie"]


async def test_an_unfinished_word_is_found(agent: httpx.AsyncClient) -> None:
    for typed in ("gr", "grof", "grofvu", "Grofvuil"):
        assert hits(await desk(agent, part="section#gevonden", q=typed)) == ["Grofvuil laten ophalen"], typed
    misspelt = await desk(agent, part="section#gevonden", q="groffuil ophalen")
    assert hits(misspelt) == ["Grofvuil laten ophalen"]
    (meant,) = misspelt.select("a[data-query]")
    assert meant["data-query"] == "grofvuil ophalen"


async def test_nothing_found_says_so_and_offers_a_way_on(agent: httpx.AsyncClient) -> None:
    seen = await desk(agent, part="gevonden", q="zwembad")
    assert "Geen artikel over “zwembad”" in seen.get_text()
    narrowed = await desk(agent, part="gevonden", q="grofvuil", onderwerp="paspoort")
    (out,) = narrowed.select('a[href="/werk?q=grofvuil"]')
    assert out.get_text() == "Zonder filters"


async def test_htmx_gets_the_part_it_names(agent: httpx.AsyncClient) -> None:
    for target in ("gevonden", "section#gevonden"):
        part = await desk(agent, part=target, q="paspoort")
        assert (part.html, part.find(id="artikel")) == (None, None)
        assert "Paspoort aanvragen" in hits(part)
    for target in ("artikel", "div#artikel"):
        part = await desk(agent, part=target, q="paspoort", artikel="grofvuil")
        assert (part.html, part.find(id="gevonden")) == (None, None)
        (article,) = part("article")
        assert article["data-title"] == "Grofvuil laten ophalen"
        beside = part.find(id="reactie")
        assert isinstance(beside, Tag) and beside["data-hx-swap-oob"] == "true"
        contact = part.find(id="contact")
        assert isinstance(contact, Tag) and contact["data-hx-swap-oob"] == "true"
    assert (await desk(agent, part="iets-anders", q="paspoort")).html is not None


async def test_an_open_article_has_all_an_agent_needs(agent: httpx.AsyncClient) -> None:
    seen = await desk(agent, artikel="paspoort-aanvragen", q="pas")
    (article,) = seen("article")
    text = article.get_text(" ", strip=True)
    assert "Het kost €\u00a086,85." in text
    assert "geheimtoestel" in text
    assert "UPL: paspoort" in text
    assert "Burgerzaken" in text
    (internal,) = article.select("section.kcc-internal")
    assert "Vraag:" in internal.get_text()
    (book,) = article.select('a[href="/werk/afspraak?product=paspoort&artikel=paspoort-aanvragen&q=pas"]')
    assert "Afspraak maken" in book.get_text()
    assert [link["href"] for link in article.select("nav a")] == [
        "/werk?q=pas&artikel=paspoort-kwijt",
        "/werk?q=pas&artikel=balie-instructie",
    ]
    headings = [tag.name for tag in article.find_all(["h1", "h2", "h3", "h4"])]
    assert headings[0] == "h2" and "h1" not in headings
    online = await desk(agent, artikel="paspoort-kwijt")
    assert online.select('a[href="https://formulieren.voorbeeld.example/paspoort-kwijt"]')


async def test_agents_read_what_is_for_them_alone(agent: httpx.AsyncClient) -> None:
    seen = await desk(agent, q="noodprocedure", artikel="balie-instructie")
    assert hits(seen) == ["Instructie noodprocedure balie"]
    assert "alleen voor medewerkers" in seen.select("ol.kcc-hits")[0].get_text()
    assert "Volg de stappen" in seen("article")[0].get_text()


async def test_an_article_that_is_not_there(agent: httpx.AsyncClient) -> None:
    for slug in ("bestaat-niet", "../grofvuil", "x" * 400):
        for part in ("", "div#artikel"):
            await desk(agent, part=part, status=404, q="paspoort", artikel=slug)


async def test_filters_narrow_the_search_and_the_list(agent: httpx.AsyncClient, subtests: pytest.Subtests) -> None:
    for chosen, expected, told in (
        ({"onderwerp": "vermissing"}, {"Paspoort kwijt of gestolen"}, "Vermissing"),
        (
            {"onderwerp": "reisdocumenten"},
            {"Instructie noodprocedure balie", "Paspoort aanvragen", "Paspoort kwijt of gestolen"},
            "Reisdocumenten",
        ),
        ({"afdeling": "afval"}, {"Grofvuil laten ophalen"}, "Afval"),
        ({"doelgroep": "agents"}, {"Instructie noodprocedure balie"}, "Alleen medewerkers"),
        ({"doelgroep": "public", "afdeling": "afval"}, {"Grofvuil laten ophalen"}, "Afval, Voor iedereen"),
        ({"taal": "en"}, set(), "Engels"),
    ):
        for query in ({}, {"q": "paspoort grofvuil noodprocedure"}):
            with subtests.test(chosen=chosen, query=query):
                seen = await desk(agent, **query, **chosen)
                assert set(hits(seen)) == expected
                assert f"Alleen: {told}" in seen.get_text()
                assert {str(option["value"]) for option in seen.select("#filters option[selected]")} == set(
                    chosen.values()
                )
                for link in seen.select("ol.kcc-hits li > a"):
                    assert chosen.items() <= dict(httpx.URL(str(link["href"])).params).items()


async def test_filters_that_name_nothing_are_ignored(agent: httpx.AsyncClient) -> None:
    nonsense = {"onderwerp": "weg", "afdeling": "<b>", "doelgroep": "iedereen", "taal": "Klingon"}
    seen = await desk(agent, q="grofvuil", **nonsense)
    assert hits(seen) == ["Grofvuil laten ophalen"]
    assert seen.select("#filters option[selected]") == []


async def test_what_is_typed_is_shown_as_text(agent: httpx.AsyncClient) -> None:
    evil = "<img src=x onerror=alert(1)>\"'"
    for part in ("", "gevonden"):
        seen = await desk(agent, part=part, q=evil)
        assert seen("img", {"src": "x"}) == []
        assert evil in seen.get_text() or part == ""


async def test_the_desk_is_for_staff(kennisbank: None, sign_in: SignIn) -> None:
    device = await sign_in(Role.DEVICE)
    assert (await device.get("/werk")).status_code == 403
    for role in (Role.COUNTER_CLERK, Role.EDITOR, Role.TEAM_LEAD):
        assert (await (await sign_in(role)).get("/werk")).status_code == 200
