"""Questions to departments on the screens of agents and editors."""

import httpx
import pytest

from kcc.access.roles import Role
from kcc.storage.database import Database
from tests.contacts.department_questions.conftest import ARTICLE, Post, SignIn, link_in, said, set_mailbox, soup

LIST = "/werk/vragen"
NEW = f"{LIST}/nieuw"
QUESTION = {"article": ARTICLE, "question": "Mag het ook digitaal?"}


@pytest.fixture
async def browser(centre: None, sign_in: SignIn) -> httpx.AsyncClient:
    """An agent."""
    return await sign_in(Role.AGENT)


async def test_from_the_article_to_the_answer(
    browser: httpx.AsyncClient, client: httpx.AsyncClient, post: Post
) -> None:
    desk = await browser.get(f"/werk?artikel={ARTICLE}")
    (to,) = [link for link in soup(desk).select("a") if link.text.strip() == "Vraag aan de afdeling"]
    form = await browser.get(str(to["href"]))
    assert "Over het artikel: Paspoort aanvragen" in said(form)
    assert soup(form).select_one("#afdeling [selected]")["value"] == "burgerzaken"  # type: ignore[index]
    sent = await browser.post(NEW, data=QUESTION | {"department": "burgerzaken"})
    assert sent.headers["location"] == f"{LIST}?gelukt=gesteld"
    assert "Wacht op antwoord" in said(await browser.get(LIST))
    (mail,) = await post.deliver()
    await client.post(link_in(mail), data={"answer": "Nee, helaas.", "name": "Sam"})
    home = await browser.get("/werk")
    assert said(home, "a[href='/werk/berichten']") == "Berichten 1 nieuw"
    answered = await browser.get(LIST)
    assert "Nieuw antwoord" in said(answered)
    assert "Nee, helaas. Antwoord van Sam" in said(answered)
    assert said(answered, "[aria-label=Hoofdmenu] [aria-current]") == "Berichten 1 nieuw"
    (button,) = soup(answered).select("[aria-keyshortcuts='Alt+G']")
    form_of_it = button.find_parent("form")
    assert form_of_it is not None
    assert (await browser.post(str(form_of_it["action"]))).headers["location"] == LIST
    assert "Nieuw antwoord" not in said(await browser.get(LIST))
    assert said(await browser.get("/werk"), "a[href='/werk/berichten']") == "Berichten"


async def test_editors_see_which_articles_need_work(browser: httpx.AsyncClient, sign_in: SignIn) -> None:
    editor = await sign_in(Role.EDITOR)
    assert "Geen open vragen" in said(await editor.get("/redactie"))
    for _ in range(2):
        await browser.post(NEW, data=QUESTION)
    assert "Paspoort aanvragen 2 vragen, nog geen beantwoord" in said(await editor.get("/redactie"))
    about = await editor.get(f"{LIST}?artikel={ARTICLE}")
    assert len(soup(about).select("article")) == 2
    for number in (1, 2):
        closed = await editor.post(f"{LIST}/{number}/afgehandeld")
        assert closed.headers["location"] == f"{LIST}?gelukt=afgehandeld&wie=alle"
    assert "Geen open vragen" in said(await editor.get("/redactie"))


async def test_ones_own_questions_or_everybodys(browser: httpx.AsyncClient, sign_in: SignIn) -> None:
    other = await sign_in(Role.AGENT)
    await other.post(NEW, data=QUESTION)
    assert "Nog geen vragen" in said(await browser.get(LIST))
    everybody = await browser.get(f"{LIST}?wie=alle")
    assert "Mag het ook digitaal?" in said(everybody)
    assert soup(everybody).select("form[action$=afgehandeld]") == []
    assert (await browser.post(f"{LIST}/1/afgehandeld")).status_code == 403
    assert (await browser.post(f"{LIST}/1/gelezen")).status_code == 404


async def test_what_was_asked_before_about_the_article_is_shown(browser: httpx.AsyncClient) -> None:
    await browser.post(NEW, data=QUESTION)
    assert "Al gevraagd over dit artikel Mag het ook digitaal?" in said(await browser.get(f"{NEW}?artikel={ARTICLE}"))
    assert (await browser.get(f"{NEW}?artikel=bestaat-niet")).status_code == 404


async def test_a_topic_without_an_article(browser: httpx.AsyncClient, database: Database) -> None:
    await set_mailbox(database, "afval", "afval@voorbeeld.example")
    asked = {"topic": "inzameling", "question": "Wanneer komt de wagen?"}
    form = await browser.get(NEW)
    assert soup(form).select("#onderwerp option[value=inzameling]") != []
    assert (await browser.post(NEW, data=asked)).status_code == 303
    assert "Wanneer komt de wagen?" in said(await browser.get(LIST))


async def test_wrong_input_is_told_at_its_field_and_loses_nothing(browser: httpx.AsyncClient) -> None:
    nothing = await browser.post(NEW, data={"article": "", "topic": "", "question": ""})
    assert nothing.status_code == 400
    assert [link["href"] for link in soup(nothing).select("#fouten a")] == ["#onderwerp", "#vraag"]
    number = await browser.post(NEW, data=QUESTION | {"question": "Gaat het om 111222333?"})
    assert (number.status_code, len(soup(number).select("[name=bsn]"))) == (400, 1)
    assert soup(number).select_one("textarea").text.strip() == "Gaat het om 111222333?"  # type: ignore[union-attr]
    assert soup(number).select_one("[name=article]")["value"] == ARTICLE  # type: ignore[index]
    no_mailbox = await browser.post(NEW, data=QUESTION | {"department": "afval"})
    assert no_mailbox.status_code == 409
    assert "heeft nog geen e-mailadres" in said(no_mailbox)
    assert soup(no_mailbox).select_one("#afdeling [selected]")["value"] == "afval"  # type: ignore[index]
    assert "Nog geen vragen" in said(await browser.get(LIST))
    confirmed = await browser.post(NEW, data=QUESTION | {"question": "Gaat het om 111222333?", "bsn": "nee"})
    assert confirmed.status_code == 303


async def test_sent_twice_it_is_asked_once(browser: httpx.AsyncClient, post: Post) -> None:
    form = soup(await browser.get(NEW, params={"artikel": ARTICLE}))
    key = str(form.select_one("[name=key]")["value"])  # type: ignore[index]
    for _ in range(2):
        sent = await browser.post(NEW, data=QUESTION | {"key": key})
        assert sent.headers["location"] == f"{LIST}?gelukt=gesteld"
    assert len(await post.deliver()) == 1
    other = await browser.post(NEW, data={"article": ARTICLE, "question": "Iets anders?", "key": key})
    assert other.status_code == 409
    assert "al opgeslagen" in said(other) and "Iets anders?" in said(other)
    fresh = str(soup(other).select_one("[name=key]")["value"])  # type: ignore[index]
    again = await browser.post(NEW, data={"article": ARTICLE, "question": "Iets anders?", "key": fresh})
    assert again.status_code == 303
    assert len(await post.deliver()) == 1
