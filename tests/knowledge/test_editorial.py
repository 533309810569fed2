"""What use teaches, on the editors' page: gaps, proposals that an editor nods at, what is said to be wrong."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import httpx
import pytest
from bs4 import BeautifulSoup
from starlette.applications import Starlette

from kcc.access.roles import Role
from tests.conftest import SetClock
from tests.knowledge.drafting import article_json

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
WithToken = Callable[[Role], Awaitable[httpx.AsyncClient]]
IndexNow = Callable[[], Awaitable[None]]
ARTICLES = "/api/v1/articles"


@pytest.fixture
async def editor(kennisbank: None, sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in(Role.EDITOR)


@pytest.fixture
async def agent(kennisbank: None, with_token: WithToken) -> httpx.AsyncClient:
    return await with_token(Role.AGENT)


async def yes(agent: httpx.AsyncClient, words: str, slug: str = "grofvuil") -> None:
    """An agent heard that this article, found with these words, was the answer."""
    answer = await agent.post(f"{ARTICLES}/{slug}/feedback", json={"verdict": "resolved", "query": words})
    assert answer.status_code == 204


async def page(editor: httpx.AsyncClient, address: str = "/redactie") -> BeautifulSoup:
    answer = await editor.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


async def gaps(editor: httpx.AsyncClient) -> list[list[str]]:
    """The rows of the table: words, how often, last day, what happened, best article."""
    section = (await page(editor)).find("section", {"aria-labelledby": "h-zonder"})
    assert section is not None
    return [[cell.get_text(strip=True) for cell in row(["th", "td"])] for row in section("tr")[1:]]  # type: ignore[operator]


async def proposals(editor: httpx.AsyncClient) -> dict[str, str]:
    """Learned words → address to decide at."""
    section = (await page(editor)).find("section", {"aria-labelledby": "h-geleerd"})
    assert section is not None
    items = section("li")  # type: ignore[operator]
    return {item.p.get_text(strip=True).strip("“”"): item.form["action"] for item in items}


async def decide(editor: httpx.AsyncClient, address: str, decision: str) -> httpx.Response:
    return await editor.post(address, data={"decision": decision})


async def test_searches_without_a_good_answer_are_listed(
    editor: httpx.AsyncClient, agent: httpx.AsyncClient, client: httpx.AsyncClient, app: Starlette, moment: SetClock
) -> None:
    for _ in range(3):
        await client.get("/antwoorden", params={"q": "zwembad"})
    await client.get("/antwoorden", params={"q": "grofvuil"})
    await client.post("/antwoorden/grofvuil/reactie", data={"verdict": "not-the-answer", "query": "grofvuil"})
    for _ in range(2):
        await client.get("/antwoorden", params={"q": "paspoort kwijt"})
        await client.get("/antwoorden", params={"q": "paspoort aanvragen"})
    await client.get("/antwoorden/paspoort-aanvragen", params={"q": "paspoort aanvragen"})
    await app.state.lifespan["counter"].flush()
    assert await gaps(editor) == [
        ["zwembad", "3", "24 november", "Niets gevonden", "–"],
        ["paspoort kwijt", "2", "24 november", "Niets geopend", "Paspoort kwijt of gestolen"],
        ["grofvuil", "1", "24 november", "Niet het antwoord", "Grofvuil laten ophalen"],
    ]
    await agent.post(f"{ARTICLES}/grofvuil/feedback", json={"verdict": "resolved", "query": "grofvuil"})
    await app.state.lifespan["counter"].flush()
    assert [row[0] for row in await gaps(editor)] == ["zwembad", "paspoort kwijt"]
    moment.move(days=31)
    later = await editor.get("/redactie")
    assert later.headers["location"].startswith("/inloggen")  # a session does not last that long


async def test_gaps_of_long_ago_are_not_listed(
    kennisbank: None, client: httpx.AsyncClient, app: Starlette, sign_in: SignIn, moment: SetClock
) -> None:
    await client.get("/antwoorden", params={"q": "zwembad"})
    await app.state.lifespan["counter"].flush()
    moment.move(days=31)
    assert await gaps(await sign_in(Role.TEAM_LEAD)) == []


async def test_words_that_led_to_the_answer_become_a_variant_after_a_nod(
    editor: httpx.AsyncClient, agent: httpx.AsyncClient, client: httpx.AsyncClient, index_now: IndexNow
) -> None:
    assert (await client.get(ARTICLES, params={"q": "schoorsteenkap"})).json()["total"] == 0
    for _ in range(3):
        await yes(agent, "Schoorsteenkap  weg")
    found = await proposals(editor)
    assert list(found) == ["schoorsteenkap weg"]
    assert "3 keer" in (await page(editor)).get_text()
    done = await decide(editor, found["schoorsteenkap weg"], "accept")
    assert (done.status_code, done.headers["location"]) == (303, "/redactie?gelukt=accept")
    assert "Toegevoegd aan het artikel" in (await page(editor, done.headers["location"])).get_text()
    assert await proposals(editor) == {}
    article = (await client.get(f"{ARTICLES}/grofvuil")).json()
    assert (article["variants"], article["version"]) == (["mijn oude bank moet weg", "schoorsteenkap weg"], 2)
    await index_now()
    results = (await client.get(ARTICLES, params={"q": "schoorsteenkap"})).json()["results"]
    assert [row["slug"] for row in results] == ["grofvuil"]
    await yes(agent, "schoorsteenkap weg")
    assert await proposals(editor) == {}


async def test_an_accepted_variant_leaves_a_revision_by_the_editor(
    editor: httpx.AsyncClient, agent: httpx.AsyncClient, with_token: WithToken
) -> None:
    await yes(agent, "schoorsteenkap weg")
    await decide(editor, (await proposals(editor))["schoorsteenkap weg"], "accept")
    machine = await with_token(Role.EDITOR)
    revisions = (await machine.get(f"{ARTICLES}/grofvuil/revisions")).json()["results"]
    assert [row["version"] for row in revisions] == [2, 1]
    assert revisions[0]["changedBy"].startswith("Test user-")
    assert "schoorsteenkap weg" in revisions[0]["content"]["variants"]


async def test_rejected_words_stay_away(editor: httpx.AsyncClient, agent: httpx.AsyncClient) -> None:
    await yes(agent, "iets anders")
    address = (await proposals(editor))["iets anders"]
    assert (await decide(editor, address, "reject")).headers["location"] == "/redactie?gelukt=reject"
    await yes(agent, "iets anders")
    assert await proposals(editor) == {}
    assert (await agent.get(f"{ARTICLES}/grofvuil")).json()["version"] == 1
    assert (await decide(editor, address, "accept")).status_code == 404


async def test_a_residents_yes_teaches_nothing(editor: httpx.AsyncClient, client: httpx.AsyncClient) -> None:
    answer = await client.post("/antwoorden/grofvuil/reactie", data={"verdict": "resolved", "query": "mijn kat"})
    assert answer.status_code == 303
    assert await proposals(editor) == {}


async def test_what_an_article_says_already_is_not_proposed(
    editor: httpx.AsyncClient, agent: httpx.AsyncClient
) -> None:
    for words in ("Grofvuil laten ophalen", "MIJN OUDE BANK MOET WEG", "", "   "):
        await yes(agent, words)
    for verdict in ("not-the-answer", "wrong"):
        body = {"verdict": verdict, "query": "nee hoor", "note": "klopt niet"}
        await agent.post(f"{ARTICLES}/grofvuil/feedback", json=body)
    assert await proposals(editor) == {}


async def test_proposals_hold_nothing_of_a_person(editor: httpx.AsyncClient, agent: httpx.AsyncClient) -> None:
    await yes(agent, "grofvuil voor 06-12345678 jan@voorbeeld.example bsn 123456782")
    assert list(await proposals(editor)) == ["grofvuil voor # @ bsn #"]


async def test_several_nods_at_one_moment_are_all_kept(editor: httpx.AsyncClient, agent: httpx.AsyncClient) -> None:
    words = [f"bankstel nummer {number}" for number in range(6)]
    for each in words:
        await yes(agent, each)
    addresses = await proposals(editor)
    answers = await asyncio.gather(*(decide(editor, addresses[each], "accept") for each in words))
    assert {answer.status_code for answer in answers} == {303}
    assert set(words) <= set((await agent.get(f"{ARTICLES}/grofvuil")).json()["variants"])


async def test_of_two_nods_at_the_same_words_one_counts(editor: httpx.AsyncClient, agent: httpx.AsyncClient) -> None:
    await yes(agent, "bankstel")
    address = (await proposals(editor))["bankstel"]
    answers = await asyncio.gather(*(decide(editor, address, "accept") for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [303, 404, 404, 404]
    assert (await agent.get(f"{ARTICLES}/grofvuil")).json()["version"] == 2


async def test_an_article_that_can_take_no_more_variants_says_so(
    editor: httpx.AsyncClient, agent: httpx.AsyncClient, with_token: WithToken
) -> None:
    full = article_json(topic="inzameling", variants=[f"vraag {number}" for number in range(100)])
    machine = await with_token(Role.EDITOR)
    assert (await machine.put(f"{ARTICLES}/grofvuil", json=full, headers={"If-Match": '"1"'})).status_code == 200
    await yes(agent, "nog een vraag")
    refused = await decide(editor, (await proposals(editor))["nog een vraag"], "accept")
    assert refused.status_code == 409
    assert "100" in refused.text
    assert list(await proposals(editor)) == ["nog een vraag"]
    assert len((await agent.get(f"{ARTICLES}/grofvuil")).json()["variants"]) == 100


async def test_words_for_an_article_that_is_no_longer_there_to_read_can_be_decided(
    editor: httpx.AsyncClient, agent: httpx.AsyncClient, with_token: WithToken
) -> None:
    await yes(agent, "bankstel")
    machine = await with_token(Role.EDITOR)
    gone = article_json(topic="inzameling", status="withdrawn")
    await machine.put(f"{ARTICLES}/grofvuil", json=gone, headers={"If-Match": '"1"'})
    assert (await decide(editor, (await proposals(editor))["bankstel"], "accept")).status_code == 303


async def test_decisions_that_cannot_be(editor: httpx.AsyncClient, agent: httpx.AsyncClient) -> None:
    await yes(agent, "bankstel")
    address = (await proposals(editor))["bankstel"]
    for decision in ("", "misschien", "ACCEPT"):
        assert (await decide(editor, address, decision)).status_code == 400
    assert (await editor.post(address)).status_code == 400
    for number in ("0", "999", "2147483648", "9" * 30, "9" * 5_000):
        assert (await decide(editor, f"/redactie/voorstellen/{number}", "accept")).status_code == 404
        assert (await editor.post(f"/redactie/meldingen/{number}")).status_code == 404
    for odd in ("-1", "x", "1.0", "%00"):
        assert (await decide(editor, f"/redactie/voorstellen/{odd}", "accept")).status_code in {400, 404}
    assert list(await proposals(editor)) == ["bankstel"]


async def flags(editor: httpx.AsyncClient) -> dict[str, str]:
    section = (await page(editor)).find("section", {"aria-labelledby": "h-meldingen"})
    assert section is not None
    return {item("p")[1].get_text(strip=True): item.form["action"] for item in section("li")}  # type: ignore[operator]


async def test_what_is_said_to_be_wrong_is_listed_until_it_is_handled(
    editor: httpx.AsyncClient, agent: httpx.AsyncClient
) -> None:
    wrong = {"verdict": "wrong", "note": "Het bedrag <b>klopt</b> niet."}
    await agent.post(f"{ARTICLES}/grofvuil/feedback", json=wrong)
    await agent.post(f"{ARTICLES}/grofvuil/feedback", json={"verdict": "wrong"})
    listed = await flags(editor)
    assert list(listed) == ["Het bedrag <b>klopt</b> niet.", "Zonder toelichting"]
    first = listed["Het bedrag <b>klopt</b> niet."]
    assert (await editor.post(first)).headers["location"] == "/redactie?gelukt=handled"
    assert list(await flags(editor)) == ["Zonder toelichting"]
    assert (await editor.post(first)).status_code == 303  # once more does no harm


async def test_a_verdict_that_is_no_flag_cannot_be_handled(editor: httpx.AsyncClient, agent: httpx.AsyncClient) -> None:
    await yes(agent, "bankstel")
    assert (await editor.post("/redactie/meldingen/1")).status_code == 404


async def test_a_team_lead_sees_it_all_and_decides_nothing(
    kennisbank: None, agent: httpx.AsyncClient, sign_in: SignIn
) -> None:
    await yes(agent, "bankstel")
    await agent.post(f"{ARTICLES}/grofvuil/feedback", json={"verdict": "wrong", "note": "fout"})
    lead = await sign_in(Role.TEAM_LEAD)
    seen = await page(lead)
    assert "bankstel" in seen.get_text() and "fout" in seen.get_text()
    assert seen("form", {"action": re.compile("^/redactie")}) == []
    assert (await decide(lead, "/redactie/voorstellen/1", "accept")).status_code == 403


async def test_words_and_notes_are_shown_as_text(
    editor: httpx.AsyncClient, agent: httpx.AsyncClient, client: httpx.AsyncClient, app: Starlette
) -> None:
    evil = "<script>alert(1)</script>"
    await yes(agent, evil)
    await client.get("/antwoorden", params={"q": f"{evil}zwembad"})
    await app.state.lifespan["counter"].flush()
    seen = await page(editor)
    assert evil in await proposals(editor)
    assert [script for script in seen("script") if "alert" in script.get_text()] == []


async def test_what_is_asked_most_comes_first_once_it_is_asked_enough(
    kennisbank: None, agent: httpx.AsyncClient, client: httpx.AsyncClient, moment: SetClock
) -> None:
    async def most_asked() -> list[str]:
        return re.findall(r'class="kcc-task"><a[^>]*href="/antwoorden/([^"?]*)', (await client.get("/")).text)

    assert await most_asked() == ["paspoort-aanvragen", "grofvuil"]
    for _ in range(19):
        await yes(agent, "bankstel")
    assert await most_asked() == ["paspoort-aanvragen", "grofvuil"]
    await yes(agent, "bankstel")
    for _ in range(20):
        await yes(agent, "noodprocedure", "balie-instructie")
    assert await most_asked() == ["grofvuil", "paspoort-aanvragen"]
    moment.move(days=91)
    assert await most_asked() == ["paspoort-aanvragen", "grofvuil"]
