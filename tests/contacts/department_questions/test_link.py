"""The mail to the department, and the page behind its link."""

import httpx
from sqlmodel import select

from kcc.contacts.department_questions.models import DepartmentQuestion
from kcc.storage.database import Database
from tests.conftest import SetClock
from tests.contacts.department_questions.conftest import MAILBOX, Asker, Post, content, link_in, said, set_mailbox, soup


async def link(agent: Asker, post: Post) -> str:
    await agent.asks()
    (mail,) = await post.deliver()
    return link_in(mail)


async def test_the_mail_has_the_question_and_a_link_that_the_database_does_not_hold(
    agent: Asker, post: Post, database: Database
) -> None:
    await agent.asks(question="Mag het\n<b>ook</b> digitaal?")
    (mail,) = await post.deliver()
    assert (mail["To"], mail["Subject"]) == (MAILBOX, "Vraag van het KCC over: Paspoort aanvragen")
    assert "anna van het klantcontactcentrum" in content(mail)
    assert "Mag het\n  <b>ook</b> digitaal?" in content(mail)
    assert "&lt;b&gt;ook&lt;/b&gt;" in content(mail, "html")
    token = link_in(mail).rpartition("/")[2]
    async with database.reading() as session:
        row = (await session.exec(select(DepartmentQuestion))).one()
    assert token not in str(row.model_dump())
    assert await post.deliver() == []


async def test_the_department_answers_and_who_asked_sees_it(
    agent: Asker, post: Post, client: httpx.AsyncClient
) -> None:
    address = await link(agent, post)
    page = await client.get(address)
    assert (page.headers["x-robots-tag"], page.headers["cache-control"]) == ("noindex", "no-store")
    assert "Mag het ook digitaal?" in said(page)
    sent = await client.post(address, data={"answer": "Alleen aan de balie.", "name": "Sam"})
    assert (sent.status_code, sent.headers["location"]) == (303, address)
    shown = await client.get(address)
    assert "Alleen aan de balie." in said(shown)
    assert soup(shown).select("form") == []
    item = await agent.reads({"id": 1})
    assert (item["state"], item["answer"], item["answeredBy"]) == ("answered", "Alleen aan de balie.", "Sam")
    again = await client.post(address, data={"answer": "Alleen aan de balie.", "name": "Sam"})
    assert again.status_code == 303  # a double click


async def test_a_colleague_who_is_later_loses_nothing_and_overwrites_nothing(
    agent: Asker, post: Post, client: httpx.AsyncClient
) -> None:
    address = await link(agent, post)
    await client.post(address, data={"answer": "Eerst", "name": "Sam"})
    late = await client.post(address, data={"answer": "Daarna", "name": "Kim"})
    assert late.status_code == 409
    assert "Eerst" in said(late)
    assert "Wat u schreef, is niet verstuurd Daarna" in said(late)
    assert (await agent.reads({"id": 1}))["answer"] == "Eerst"


async def test_wrong_input_is_told_at_its_field_and_loses_nothing(
    agent: Asker, post: Post, client: httpx.AsyncClient
) -> None:
    address = await link(agent, post)
    empty = await client.post(address, data={"answer": " ", "name": ""})
    assert (empty.status_code, len(soup(empty).select("#fouten li"))) == (400, 2)
    number = {"answer": "Zie 111222333", "name": "Sam"}
    asked = await client.post(address, data=number)
    assert asked.status_code == 400
    assert "een nummer dat een BSN kan zijn" in said(asked)
    assert soup(asked).select_one("textarea").text.strip() == "Zie 111222333"  # type: ignore[union-attr]
    assert soup(asked).select("[name=bsn]") != []
    assert (await client.post(address, data=number | {"bsn": "nee"})).status_code == 303
    long = await client.post(address, data={"answer": "x" * 4001, "name": "Sam"})
    assert long.status_code == 400


async def test_once_closed_there_is_nothing_to_answer(agent: Asker, post: Post, client: httpx.AsyncClient) -> None:
    address = await link(agent, post)
    await agent.does({"id": 1}, "close")
    page = await client.get(address)
    assert "Een antwoord is niet meer nodig" in said(page)
    late = await client.post(address, data={"answer": "Toch", "name": "Sam"})
    assert (late.status_code, "Wat u schreef, is niet verstuurd Toch" in said(late)) == (409, True)


async def test_another_link_tells_nothing(agent: Asker, post: Post, client: httpx.AsyncClient) -> None:
    address = await link(agent, post)
    for wrong in (address[:-1] + ("A" if address[-1] != "A" else "B"), "/vraag/1", "/vraag/%ff%00x"):
        for response in (await client.get(wrong), await client.post(wrong, data={"answer": "x", "name": "x"})):
            assert response.status_code in (400, 404), wrong
            assert "digitaal" not in response.text
    assert (await agent.reads({"id": 1}))["state"] == "waiting"


async def test_a_question_that_was_closed_before_the_mail_went_is_not_mailed(agent: Asker, post: Post) -> None:
    await agent.does(await agent.asks(), "close")
    assert await post.deliver() == []


async def test_mail_that_cannot_be_delivered_is_told(agent: Asker, post: Post, database: Database) -> None:
    post.refuses = True
    refused = await agent.asks()
    assert (await post.deliver(), (await agent.reads(refused))["undelivered"]) == ([], True)
    post.refuses = False
    without = await agent.asks()
    await set_mailbox(database, "burgerzaken", None)
    assert (await post.deliver(), (await agent.reads(without))["undelivered"]) == ([], True)


async def test_a_link_ends(agent: Asker, post: Post, client: httpx.AsyncClient, moment: SetClock) -> None:
    await agent.asks()
    (mail,) = await post.deliver()
    assert "De link werkt tot en met 23 januari 2027." in " ".join(content(mail).split())
    address = link_in(mail)
    assert "tot en met 23 januari 2027" in said(await client.get(address))
    moment.move(days=60)
    assert "Verstuur het antwoord" in said(await client.get(address))
    moment.move(days=1)
    ended = await client.get(address)
    assert (ended.status_code, soup(ended).select("form")) == (410, [])
    assert "Deze link is verlopen" in said(ended) and "Bel het KCC" in said(ended)
    assert "digitaal" not in said(ended)
    late = await client.post(address, data={"answer": "Te laat <b>getypt</b>", "name": "Sam"})
    assert (late.status_code, late.headers["cache-control"]) == (410, "no-store")
    assert "Wat u schreef, is niet verstuurd Te laat <b>getypt</b>" in said(late)
    assert (await agent.reads({"id": 1}))["state"] == "waiting"
    heard = await agent.does({"id": 1}, "answer", {"answer": "Per telefoon gehoord"})
    assert heard.json()["state"] == "answered"


async def test_an_answer_is_not_shown_by_a_link_that_ended(
    agent: Asker, post: Post, client: httpx.AsyncClient, moment: SetClock
) -> None:
    address = await link(agent, post)
    await client.post(address, data={"answer": "Alleen aan de balie.", "name": "Sam"})
    moment.move(days=61)
    ended = await client.get(address)
    assert (ended.status_code, "balie" in said(ended)) == (410, False)
