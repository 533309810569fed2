"""Was this the answer? Said at the desk, with and without script."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from bs4 import BeautifulSoup, Tag
from sqlmodel import select

from kcc.access.roles import Role
from kcc.knowledge.models import ArticleFeedback
from kcc.storage.database import Database

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
HTMX = {"HX-Request": "true", "HX-Target": "div#reactie"}


@pytest.fixture
async def agent(kennisbank: None, sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in(Role.AGENT, Role.EDITOR)


def given(verdict: str, **fields: str) -> dict[str, str]:
    return {"slug": "grofvuil", "query": "oude bank", "verdict": verdict} | fields


async def editors_page(agent: httpx.AsyncClient) -> str:
    return BeautifulSoup((await agent.get("/redactie")).text, "html.parser").get_text(" ", strip=True)


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("resolved", "Opgeslagen: opgelost"),
        ("not-the-answer", "Opgeslagen: niet het antwoord"),
        ("wrong", "Melding opgeslagen"),
    ],
)
async def test_a_verdict_is_kept_and_the_panel_says_so(agent: httpx.AsyncClient, verdict: str, said: str) -> None:
    answer = await agent.post("/werk/reactie", data=given(verdict, note="Bedrag klopt niet"), headers=HTMX)
    assert answer.status_code == 200
    panel = BeautifulSoup(answer.text, "html.parser")
    assert panel.html is None
    assert said in panel.get_text()
    forms = {str(button["value"]) for button in panel("button")}
    assert forms == ({"wrong"} if verdict != "wrong" else {"not-the-answer"})  # solved is said with the contact
    assert ("“oude bank”" in await editors_page(agent)) == (verdict == "resolved")
    assert ("Bedrag klopt niet" in await editors_page(agent)) == (verdict == "wrong")


@pytest.mark.parametrize("verdict", ["resolved", "wrong"])
async def test_sent_twice_it_teaches_once(agent: httpx.AsyncClient, database: Database, verdict: str) -> None:
    desk = BeautifulSoup((await agent.get("/werk?artikel=grofvuil&q=oude+bank")).text, "html.parser")
    keys = {str(one["value"]) for one in desk.select("#reactie [name=key]")}
    assert len(desk.select("#reactie [name=key]")) == len(desk.select("#reactie form"))
    sent = given(verdict, note="Bedrag klopt niet", key=keys.pop())
    first, again = [await agent.post("/werk/reactie", data=sent) for _ in range(2)]
    assert (first.status_code, again.headers["location"]) == (303, first.headers["location"])
    async with database.reading() as session:
        assert len((await session.exec(select(ArticleFeedback))).all()) == 1


async def test_a_contact_that_is_sent_twice_teaches_once(agent: httpx.AsyncClient, database: Database) -> None:
    sent = {"article": "grofvuil", "q": "oude bank", "do": "resolved", "key": "een"}
    for _ in range(2):
        assert (await agent.post("/werk/contact", data=sent)).status_code == 303
    async with database.reading() as session:
        assert len((await session.exec(select(ArticleFeedback))).all()) == 1


async def test_without_script_it_leads_back_to_the_desk(agent: httpx.AsyncClient) -> None:
    answer = await agent.post("/werk/reactie", data=given("resolved"))
    assert answer.status_code == 303
    assert answer.headers["location"] == "/werk?artikel=grofvuil&q=oude+bank&opgeslagen=resolved"
    seen = BeautifulSoup((await agent.get(answer.headers["location"])).text, "html.parser")
    assert "Opgeslagen: opgelost" in seen.get_text()
    plain = await agent.post("/werk/reactie", data={"slug": "grofvuil", "verdict": "resolved"})
    assert plain.headers["location"] == "/werk?artikel=grofvuil&q=&opgeslagen=resolved"


async def test_a_saved_verdict_in_the_address_that_is_none_is_ignored(agent: httpx.AsyncClient) -> None:
    answer = await agent.get("/werk", params={"artikel": "grofvuil", "opgeslagen": "<b>"})
    assert "Opgeslagen" not in answer.text


@pytest.mark.parametrize("note", ["", "   "])
async def test_saying_that_it_is_wrong_needs_a_note(agent: httpx.AsyncClient, note: str) -> None:
    for headers, status in ((HTMX, 200), ({}, 400)):
        answer = await agent.post("/werk/reactie", data=given("wrong", note=note), headers=headers)
        assert answer.status_code == status
        seen = BeautifulSoup(answer.text, "html.parser")
        alert = seen.find(role="alert", string=None)
        assert "Schrijf op wat er niet klopt" in seen.get_text()
        assert isinstance(alert, Tag)
        assert seen.select("details[open] textarea")
        assert (seen.html is None) == (headers == HTMX)
    assert "Geen open meldingen" in await editors_page(agent)


async def test_a_verdict_that_cannot_be(agent: httpx.AsyncClient) -> None:
    for fields in (
        {"verdict": "ja"},
        {"verdict": ""},
        {"slug": ""},
        {"slug": "Geen Slug"},
        {"query": "x" * 501},
        {"note": "x" * 1001},
        {"note": "\x00"},
        {"note": "\x07"},
        {"bsn": "123456782"},
    ):
        for headers in (HTMX, {}):
            answer = await agent.post("/werk/reactie", data=given("resolved") | fields, headers=headers)
            assert answer.status_code == 400, fields
    assert "Geen voorstellen" in await editors_page(agent)


async def test_a_verdict_on_what_is_not_there(agent: httpx.AsyncClient) -> None:
    for headers in (HTMX, {}):
        answer = await agent.post("/werk/reactie", data=given("resolved", slug="bestaat-niet"), headers=headers)
        assert answer.status_code == 404


async def test_the_note_is_kept_as_it_was_typed(agent: httpx.AsyncClient) -> None:
    note = "Regel een.\r\nRegel <b>twee</b> & meer."
    assert (await agent.post("/werk/reactie", data=given("wrong", note=note))).status_code == 303
    assert "Regel een. Regel <b>twee</b> & meer." in " ".join((await editors_page(agent)).split())


async def test_settled_words_that_cannot_be(agent: httpx.AsyncClient) -> None:
    for good in ({"query": "x"}, {"query": "x", "found": "3"}, {"query": "x", "found": "-5"}, {"query": "x" * 5_000}):
        assert (await agent.post("/werk/zoekvraag", data=good)).status_code == 204, good
    for bad in ({}, {"query": " "}, {"query": "x", "found": "veel"}, {"query": "x", "found": "9" * 5_000}, {"q": "x"}):
        assert (await agent.post("/werk/zoekvraag", data=bad)).status_code == 400, bad


async def test_who_was_signed_out_meanwhile_is_told(kennisbank: None, client: httpx.AsyncClient) -> None:
    for address in ("/werk/reactie", "/werk/zoekvraag"):
        answer = await client.post(address, data=given("resolved"))
        assert answer.status_code == 401
        assert "Log in" in answer.text


async def test_another_site_cannot_answer_for_an_agent(agent: httpx.AsyncClient) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elders.example"}):
        answer = await agent.post("/werk/reactie", data=given("resolved"), headers=headers)
        assert answer.status_code == 403
