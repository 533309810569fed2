"""Asking a department: whom, what it may say, and what comes of it."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from kcc.storage.database import Database
from tests.conftest import SetClock
from tests.contacts.conftest import Log, problem
from tests.contacts.department_questions.conftest import ADDRESS, Asker, Post, set_mailbox

NUMBER = "dossier 111222333"


async def test_asked_answered_and_closed(agent: Asker, editor: Asker, moment: SetClock) -> None:
    item = await agent.asks()
    assert (item["state"], item["department"], item["askedBy"]) == ("waiting", "burgerzaken", "anna")
    assert (item["askedAt"], item["topic"]) == ("2026-11-24T08:00:00Z", None)
    moment.move(hours=2)
    answered = (await agent.does(item, "answer", {"answer": "Nee,\r\nalleen aan de balie."})).json()
    assert (answered["state"], answered["answer"]) == ("answered", "Nee,\nalleen aan de balie.")
    assert (answered["answeredBy"], answered["answeredAt"]) == ("anna", "2026-11-24T10:00:00Z")
    closed = (await editor.does(item, "close")).json()
    assert (closed["state"], closed["closedBy"]) == ("closed", "redacteur")
    assert await agent.reads(item) == closed
    assert (await editor.does(item, "close")).json() == closed  # twice is once


async def test_about_a_topic_its_department_is_asked(agent: Asker, database: Database) -> None:
    await set_mailbox(database, "afval", "afval@voorbeeld.example")
    item = await agent.asks(article=None, topic="inzameling")
    assert (item["article"], item["topic"], item["department"]) == (None, "inzameling", "afval")
    other = await agent.asks(department="afval")
    assert (other["article"], other["department"]) == ("paspoort-aanvragen", "afval")


@pytest.mark.parametrize(
    ("question", "status", "kind", "wrong"),
    [
        ({"article": None}, 400, "invalid-input", [("/topic", "value-error")]),
        ({"topic": "paspoort"}, 400, "invalid-input", [("/topic", "value-error")]),
        ({"question": " "}, 400, "invalid-input", [("/question", "value-error")]),
        ({"question": "x" * 1001}, 400, "invalid-input", [("/question", "value-error")]),
        ({"question": "a\x07b"}, 400, "invalid-input", [("/question", "value-error")]),
        ({"article": "bestaat-niet"}, 409, "unknown-reference", [("/article", "unknown")]),
        ({"article": None, "topic": "niets"}, 409, "unknown-reference", [("/topic", "unknown")]),
        (
            {"article": "bestaat-niet", "department": "niemand"},
            409,
            "unknown-reference",
            [("/article", "unknown"), ("/department", "unknown")],
        ),
        ({"department": "afval"}, 409, "no-address", [("/department", "no-address")]),
        ({"question": NUMBER}, 400, "bsn-suspected", [("/question", "bsn-suspected")]),
    ],
)
async def test_what_cannot_be_asked(
    agent: Asker, post: Post, question: dict[str, Any], status: int, kind: str, wrong: list[Any]
) -> None:
    assert problem(await agent.ask(**question)) == (status, kind, wrong)
    assert await agent.listed() == []
    assert await post.deliver() == []


async def test_a_number_is_asked_about_once(agent: Asker) -> None:
    item = await agent.asks(question=NUMBER, bsnConfirmedNot=True)
    assert item["bsnConfirmedNot"] is True
    repeated = await agent.does(item, "answer", {"answer": f"Over {NUMBER}: ja"})
    assert repeated.json()["state"] == "answered"
    other = await agent.asks()
    assert other["bsnConfirmedNot"] is False
    refused = await agent.does(other, "answer", {"answer": NUMBER})
    assert problem(refused) == (400, "bsn-suspected", [("/answer", "bsn-suspected")])
    confirmed = await agent.does(other, "answer", {"answer": NUMBER, "bsnConfirmedNot": True})
    assert confirmed.json()["bsnConfirmedNot"] is True


async def test_an_answer_is_not_overwritten(agent: Asker) -> None:
    item = await agent.asks()
    first = (await agent.does(item, "answer", {"answer": "Ja"})).json()
    assert (await agent.does(item, "answer", {"answer": "Ja"})).json() == first
    assert problem(await agent.does(item, "answer", {"answer": "Nee"})) == (409, "already-answered", [])
    await agent.does(item, "close")
    other = await agent.asks()
    await agent.does(other, "close")
    assert problem(await agent.does(other, "answer", {"answer": "Nee"})) == (409, "already-closed", [])


async def test_who_asked_and_who_edits_close_it_and_another_agent_does_not(
    agent: Asker, editor: Asker, as_agent: Callable[..., Awaitable[Log]]
) -> None:
    item = await agent.asks()
    other = Asker((await as_agent("bram")).client)
    assert problem(await other.does(item, "close")) == (403, "forbidden", [])
    assert (await agent.does(item, "close")).status_code == 200


async def test_everybody_sees_what_was_asked(agent: Asker, editor: Asker, database: Database, moment: SetClock) -> None:
    await set_mailbox(database, "afval", "afval@voorbeeld.example")
    first = await agent.asks()
    moment.move(minutes=1)
    second = await editor.asks(department="afval")
    moment.move(minutes=1)
    third = await agent.asks(article=None, topic="inzameling")
    await agent.does(first, "answer", {"answer": "Ja"})
    one, two, three = first["id"], second["id"], third["id"]
    assert await agent.listed() == [three, two, one]
    assert await agent.listed(mine="true") == [three, one]
    assert await agent.listed(department="afval", article="") == [three, two]
    assert await agent.listed(article="paspoort-aanvragen", state="waiting") == [two]
    assert await agent.listed(state="answered") == [one]
    assert await agent.listed(limit="1", offset="1") == [two]
    assert problem(await agent.client.get(f"{ADDRESS}/999")) == (404, "not-found", [])


async def test_sent_again_with_the_same_key_it_is_asked_once(agent: Asker, post: Post) -> None:
    body = {"article": "paspoort-aanvragen", "question": "Eén keer"}
    answers: list[httpx.Response] = [
        await agent.client.post(ADDRESS, json=body, headers={"Idempotency-Key": "k"}) for _ in range(2)
    ]
    assert [answer.json()["id"] for answer in answers] == [answers[0].json()["id"]] * 2
    assert len(await post.deliver()) == 1
