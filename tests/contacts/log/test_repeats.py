"""Who asked before is known at once, and looked for by POST only."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import text

from kcc.storage.database import Database
from tests.conftest import SetClock
from tests.contacts.conftest import Log, answered, problem

AsAgent = Callable[..., Awaitable[Log]]
PHONE = {"phone": "0612345678"}


async def test_what_somebody_asked_in_the_week_before_stands_with_their_contact(
    log: Log, as_agent: AsAgent, moment: SetClock
) -> None:
    await log.asked(answered(), **PHONE)
    moment.move(days=1)
    other = await as_agent("bas")
    before = await other.asked(answered("callback"), answered(topic="vermissing"), channel="chat", **PHONE)
    await other.asked(answered(), phone="0687654321")
    moment.move(days=6, minutes=1)
    contact = await log.start(requester=PHONE, questions=[{"topic": "paspoort"}])
    at = "2026-11-25T08:00:00Z"
    assert contact["earlier"] == [
        {
            "contact": before["id"],
            "startedAt": at,
            "channel": "chat",
            "topic": topic,
            "outcome": outcome,
            "sameTopic": same,
        }
        for topic, outcome, same in (("paspoort", "callback", True), ("vermissing", "resolved", False))
    ]
    assert (await log.start())["earlier"] == []


async def test_a_requester_given_later_is_known_again_and_one_taken_back_is_not(log: Log) -> None:
    await log.asked(answered(), email="Iemand@voorbeeld.example")
    contact = await log.changed(await log.start(), requester={"email": "iemand@VOORBEELD.example"})
    assert len(contact["earlier"]) == 1
    contact = await log.changed(contact, requester={"kind": "resident"})
    assert contact["earlier"] == []


async def test_looking_for_somebody(log: Log, lead: Log, as_agent: AsAgent) -> None:
    other = await as_agent("bas")
    contact, of_bas = await log.asked(answered(), **PHONE), await other.asked(answered(), **PHONE)
    await log.asked(answered(), phone="0687654321")

    async def found(who: Log, **body: Any) -> list[int]:
        response = await who.post("/search", body)
        assert response.status_code == 200, response.text
        assert response.headers["cache-control"] == "no-store"
        return [one["id"] for one in response.json()["results"]]

    assert await found(log, phone="+31612345678") == [contact["id"]]
    assert await found(lead, phone="06-12345678") == [of_bas["id"], contact["id"]]
    assert await found(lead, email="niemand@voorbeeld.example") == []
    for body in ({}, {"phone": "1"}, {"phone": "0612345678", "email": "iemand@voorbeeld.example"}):
        assert problem(await log.post("/search", body))[0] == 400
    assert (await log.client.get("/api/v1/contacts", params={"phone": "0612345678"})).status_code == 400


async def test_the_key_of_a_requester_does_not_tell_who_it_is(log: Log, database: Database) -> None:
    await log.asked(answered(), **PHONE)
    async with database.reading() as session:
        (key,) = (await session.exec(text("SELECT requester_key FROM contact"))).one()  # type: ignore[call-overload]
    assert len(key) == 64
    assert "12345678" not in key
