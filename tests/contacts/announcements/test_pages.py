"""Announcements on the screen: the bar above every page, reading with one click, writing."""

import re
from collections.abc import Awaitable, Callable

import httpx
import pytest
from bs4 import BeautifulSoup, Tag

from kcc.access.roles import Role
from tests.conftest import SetClock

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
LIST = "/werk/berichten"
FORM = {"title": "Markt op het plein", "text": "Zaterdag **geen** parkeren.", "importance": "normal"}


async def page(client: httpx.AsyncClient, address: str = LIST) -> BeautifulSoup:
    response = await client.get(address)
    assert response.status_code == 200, response.text
    return BeautifulSoup(response.text, "html.parser")


def under(soup: BeautifulSoup, heading: str) -> list[str]:
    """The titles of the announcements under a heading."""
    found = soup.find("h2", string=heading)
    if found is None:
        return []
    section = found.find_parent("section")
    assert isinstance(section, Tag)
    return [title.get_text(" ", strip=True) for title in section.select("h3")]


def words(soup: BeautifulSoup, selector: str) -> str:
    found = soup.select_one(selector)
    return " ".join(found.get_text(" ").split()) if found else ""


async def mark(client: httpx.AsyncClient, number: int, version: int = 1, **fields: str) -> httpx.Response:
    """Mark one as read, as a page does that showed this version of it."""
    return await client.post(f"{LIST}/{number}/gelezen", data={"version": str(version)} | fields)


async def write(client: httpx.AsyncClient, **fields: str) -> httpx.Response:
    return await client.post(f"{LIST}/nieuw", data=FORM | fields)


@pytest.fixture
async def lead(kennisbank: None, sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in(Role.TEAM_LEAD)


@pytest.fixture
async def agent(kennisbank: None, sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in(Role.AGENT)


async def test_an_agent_reads_one_after_another_with_one_click_each(
    lead: httpx.AsyncClient, agent: httpx.AsyncClient
) -> None:
    assert "U hebt alles gelezen" in words(await page(agent), "main")
    await write(lead)
    await write(lead, title="Loket dicht", importance="urgent")
    soup = await page(agent)
    assert under(soup, "Nog niet gelezen") == ["Dringend Loket dicht", "Markt op het plein"]
    assert words(soup, "nav[aria-label=Hoofdmenu] a[aria-current]") == "Berichten 2 nieuw"
    assert len(soup.select("strong")) >= 1
    for left in (["Markt op het plein"], []):
        # The key presses the button of the first one.
        (button,) = (await page(agent)).select("[aria-keyshortcuts='Alt+G']")
        form = button.find_parent("form")
        assert isinstance(form, Tag)
        fields = {str(one["name"]): str(one["value"]) for one in form.select("input")}
        response = await agent.post(str(form["action"]), data=fields)
        assert response.headers["location"] == LIST
        assert under(await page(agent), "Nog niet gelezen") == left
    assert under(await page(agent), "Gelezen") == ["Dringend Loket dicht", "Markt op het plein"]
    assert words(await page(agent), "nav[aria-label=Hoofdmenu] a[aria-current]") == "Berichten"


async def test_what_cannot_wait_stands_above_every_page_until_it_is_read(
    lead: httpx.AsyncClient, agent: httpx.AsyncClient, sign_in: SignIn
) -> None:
    await write(lead)
    assert words(await page(agent, "/werk"), ".kcc-pressing") == ""
    await write(lead, importance="important")
    told = "U hebt een belangrijk bericht nog niet gelezen. Lees het"
    assert words(await page(agent, "/werk/contacten"), ".kcc-pressing") == told
    await write(lead, importance="urgent")
    told = "U hebt 2 belangrijke berichten nog niet gelezen, waarvan 1 dringend. Lees ze"
    clerk = await sign_in(Role.COUNTER_CLERK)
    for client, address in ((agent, "/werk/terugbellen"), (clerk, "/balie"), (lead, "/rapport")):
        assert words(await page(client, address), ".kcc-pressing") == told, address
    assert words(await page(agent), ".kcc-pressing") == ""  # here they are themselves
    part = await agent.get("/werk?q=paspoort", headers={"HX-Request": "true", "HX-Target": "gevonden"})
    assert "kcc-pressing" not in part.text
    for number in (2, 3):
        await mark(agent, number)
    assert words(await page(agent, "/werk"), ".kcc-pressing") == ""


async def test_who_does_not_read_announcements_is_not_bothered(lead: httpx.AsyncClient, sign_in: SignIn) -> None:
    await write(lead, importance="urgent")
    officer = await sign_in(Role.PRIVACY_OFFICER)
    soup = await page(officer, "/werk")
    assert (words(soup, ".kcc-pressing"), soup.select(f"a[href='{LIST}']")) == ("", [])


async def test_written_with_days_and_times_of_here(lead: httpx.AsyncClient, agent: httpx.AsyncClient) -> None:
    times = {"from-day": "2026-11-24", "from-time": "8.30", "until-day": "2026-11-24", "until-time": "17:00"}
    response = await write(lead, **times)
    assert response.headers["location"] == f"{LIST}?gelukt=opgeslagen"
    assert "vanaf 24 november, 8.30 uur tot 24 november, 17.00 uur" in words(await page(agent), "article")
    soup = await page(lead, f"{LIST}/1/wijzigen")
    assert {field["name"]: field.get("value") for field in soup.select("[type=date], [type=text]")} == {
        "title": FORM["title"],
        "from-day": "2026-11-24",
        "from-time": "08:30",
        "until-day": "2026-11-24",
        "until-time": "17:00",
    }


async def test_the_writer_sees_how_many_agents_read_it_and_an_agent_does_not(
    lead: httpx.AsyncClient, agent: httpx.AsyncClient
) -> None:
    await write(lead)
    await mark(agent, 1)
    assert "1 van 1 KCC-medewerkers heeft dit gelezen" in words(await page(lead), "article")
    assert "KCC-medewerkers" not in words(await page(agent), "article")


async def test_wrong_input_is_told_at_its_field_and_loses_nothing(lead: httpx.AsyncClient) -> None:
    typed = {"title": "", "text": "Lange <b>tekst</b>", "importance": "urgent", "from-day": "2026-11-24"}
    typed |= {"from-time": "25:00", "until-day": "", "until-time": "9.00"}
    response = await write(lead, **typed)
    assert response.status_code == 400
    soup = BeautifulSoup(response.text, "html.parser")
    assert [link.text for link in soup.select("#fouten a")] == [
        "Titel: Vul dit in",
        "Vanaf: Vul een dag en een tijd in, zoals 9.30",
        "Tot: Vul een dag en een tijd in, zoals 9.30",
    ]
    for link in soup.select("#fouten a"):
        assert soup.select(str(link["href"])), link
    assert soup.select_one("textarea").text.strip() == typed["text"]  # type: ignore[union-attr]
    assert soup.select_one("[name=importance][checked]")["value"] == "urgent"  # type: ignore[index]
    assert soup.select_one("[name=from-time]")["value"] == "25:00"  # type: ignore[index]
    assert under(await page(lead), "Nog niet gelezen") == []


async def test_changed_by_two_the_second_is_told(lead: httpx.AsyncClient) -> None:
    await write(lead)
    first, second = (FORM | {"version": "1", "title": title} for title in ("Eerst", "Daarna"))
    assert (await lead.post(f"{LIST}/1/wijzigen", data=first)).status_code == 303
    refused = await lead.post(f"{LIST}/1/wijzigen", data=second)
    assert refused.status_code == 412
    assert "intussen gewijzigd" in refused.text
    assert "Daarna" in refused.text
    assert under(await page(lead), "Nog niet gelezen") == ["Eerst"]


async def test_ended_it_goes_to_the_archive(
    lead: httpx.AsyncClient, agent: httpx.AsyncClient, moment: SetClock
) -> None:
    await write(lead)
    moment.move(minutes=1)
    assert (await lead.post(f"{LIST}/1/beeindigen")).headers["location"] == f"{LIST}?gelukt=beeindigd"
    assert under(await page(agent), "Nog niet gelezen") == []
    assert under(await page(agent, f"{LIST}/archief"), "Berichten van eerder") == ["Markt op het plein"]
    assert (await lead.post(f"{LIST}/1/verwijderen")).status_code == 303
    assert under(await page(agent, f"{LIST}/archief"), "Berichten van eerder") == []


async def test_the_archive_has_pages(lead: httpx.AsyncClient, moment: SetClock) -> None:
    for number in range(21):
        moment.move(minutes=1)
        await write(lead, title=f"Bericht {number}")
        await lead.post(f"{LIST}/{number + 1}/beeindigen")
    newest = await page(lead, f"{LIST}/archief")
    assert under(newest, "Berichten van eerder")[0] == "Bericht 20"
    following = newest.select_one("a[rel=next]")
    assert following is not None
    assert under(await page(lead, str(following["href"])), "Berichten van eerder") == ["Bericht 0"]


async def test_planned_it_is_removed_rather_than_ended(lead: httpx.AsyncClient, agent: httpx.AsyncClient) -> None:
    await write(lead, **{"from-day": "2026-11-30", "from-time": "9.00"})
    assert under(await page(lead), "Gepland") == ["Markt op het plein"]
    assert under(await page(agent), "Gepland") == []
    refused = await lead.post(f"{LIST}/1/beeindigen")
    assert refused.status_code == 409
    assert "nog niet te zien" in refused.text
    await lead.post(f"{LIST}/1/verwijderen")
    assert under(await page(lead), "Gepland") == []


async def test_markdown_is_rendered_and_harmless(lead: httpx.AsyncClient, agent: httpx.AsyncClient) -> None:
    await write(lead, text="# Kop\n\n- een\n\n[klik](javascript:alert(1)) <script>alert(1)</script>")
    article = (await page(agent)).select_one("article .kcc-prose")
    assert article is not None
    assert [tag.name for tag in article.find_all(re.compile("^(h\\d|li|script|a)$"))] == ["h4", "li"]


async def test_a_version_that_nobody_saw_is_not_marked_as_read(
    lead: httpx.AsyncClient, agent: httpx.AsyncClient
) -> None:
    await write(lead)
    await page(agent)
    await lead.post(f"{LIST}/1/wijzigen", data=FORM | {"version": "1", "title": "Markt verplaatst"})
    late = await mark(agent, 1)
    assert late.status_code == 412
    soup = BeautifulSoup(late.text, "html.parser")
    assert "gewijzigd nadat u deze pagina opende" in words(soup, "[role=alert]")
    assert under(soup, "Nog niet gelezen") == ["Markt verplaatst"]
    for nonsense in ("", "x", "9" * 30):
        assert (await agent.post(f"{LIST}/1/gelezen", data={"version": nonsense})).status_code == 412
    assert (await mark(agent, 1, 2)).status_code == 303
    assert under(await page(agent), "Gelezen") == ["Markt verplaatst"]
    assert (await mark(agent, 1, 2)).status_code == 303  # a double click


async def test_what_cannot_wait_is_listed_on_the_desk_and_marked_there(
    lead: httpx.AsyncClient, agent: httpx.AsyncClient
) -> None:
    def listed(soup: BeautifulSoup) -> list[str]:
        return [" ".join(one.get_text(" ").split()) for one in soup.select("#dringend summary")]

    await write(lead)
    for number in (2, 3, 4, 5):
        await write(lead, title=f"Bericht {number}", importance="urgent" if number == 3 else "important")
    soup = await page(agent, "/werk")
    assert listed(soup) == ["Dringend Bericht 3", "Belangrijk Bericht 5", "Belangrijk Bericht 4"]
    assert soup.select(f"#dringend a[href='{LIST}']")
    in_place = {"HX-Request": "true", "HX-Target": "aside#dringend"}
    answer = await agent.post(f"{LIST}/3/gelezen", data={"version": "1"}, headers=in_place)
    part = BeautifulSoup(answer.text, "html.parser")
    assert (answer.status_code, part.html, part.select_one("#dringend")) == (200, None, None)
    assert "Bericht 2" in part.get_text() and "Bericht 3" not in part.get_text()
    (count,) = part.select("#ongelezen[data-hx-swap-oob]")
    assert count.get_text().split() == ["4", "nieuw"] and count.select(".kcc-badge--late") == []
    assert soup.select_one("#ongelezen").get_text().split() == ["5", "nieuw"]  # type: ignore[union-attr]
    await lead.post(f"{LIST}/5/wijzigen", data=FORM | {"version": "1", "title": "Vijf", "importance": "urgent"})
    late = await agent.post(f"{LIST}/5/gelezen", data={"version": "1"}, headers=in_place)
    assert late.status_code == 200
    assert "gewijzigd nadat u deze pagina opende" in late.text and "Vijf" in late.text
    back = await mark(agent, 5, 2, terug="/werk?q=paspoort")  # without script
    assert back.headers["location"] == "/werk?q=paspoort"
    assert (await mark(agent, 4, 1, terug="https://elders.example/")).headers["location"] == LIST
    assert listed(await page(agent, "/werk")) == ["Belangrijk Bericht 2"]
    await mark(agent, 2)
    assert (await page(agent, "/werk")).select("#dringend") == []


async def test_sent_twice_it_is_announced_once(lead: httpx.AsyncClient) -> None:
    key = str((await page(lead, f"{LIST}/nieuw")).select_one("[name=key]")["value"])  # type: ignore[index]
    for _ in range(2):
        assert (await write(lead, key=key)).headers["location"] == f"{LIST}?gelukt=opgeslagen"
    assert under(await page(lead), "Nog niet gelezen") == ["Markt op het plein"]
    other = await write(lead, key=key, title="Nog een markt")
    assert (other.status_code, "al opgeslagen" in other.text, "Nog een markt" in other.text) == (409, True, True)
    fresh = str(BeautifulSoup(other.text, "html.parser").select_one("[name=key]")["value"])  # type: ignore[index]
    assert (await write(lead, key=fresh, title="Nog een markt")).status_code == 303
    assert len(under(await page(lead), "Nog niet gelezen")) == 2
