"""A call at the agent's telephone begins the contact, once."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from sqlmodel import col, select

from kcc.access.roles import Role
from kcc.contacts.log.models import Contact
from kcc.storage.database import Database
from tests.contacts.telephony.exchange import Exchange, event

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
RINGS = [
    event(1, "entered", "2026-11-24T07:59:50Z", caller="0612345678"),
    event(2, "ringing", "2026-11-24T07:59:55Z", agent="101", extension="101"),
]
ANSWERED = event(3, "answered", "2026-11-24T08:00:00Z", agent="101", extension="101")


@pytest.fixture
async def agent(sign_in: SignIn) -> httpx.AsyncClient:
    """Somebody who sits at telephone 101."""
    agent = await sign_in(Role.AGENT)
    assert (await agent.post("/werk/toestel", data={"extension": "101"})).status_code == 303
    return agent


async def contacts(database: Database) -> list[Contact]:
    async with database.reading() as session:
        return list((await session.exec(select(Contact).order_by(col(Contact.id)))).all())


async def test_who_sits_nowhere_hears_of_nothing(sign_in: SignIn) -> None:
    agent = await sign_in(Role.AGENT)
    assert (await agent.get("/werk/gesprekken/nu")).status_code == 204
    assert (await agent.post("/werk/gesprekken/1/contact")).status_code == 204


async def test_an_answered_call_begins_its_contact_once(
    agent: httpx.AsyncClient, exchange: Exchange, database: Database, sign_in: SignIn
) -> None:
    assert (await exchange.send(*RINGS)).status_code == 200
    assert (await agent.post("/werk/gesprekken/1/contact")).status_code == 204  # it still rings
    await exchange.send(ANSWERED)
    answers = [await agent.post("/werk/gesprekken/1/contact") for _ in range(2)]
    assert {answer.json()["next"] for answer in answers} == {"/werk?contact=1"}
    (contact,) = await contacts(database)
    assert contact.call == 1
    assert contact.requester_key  # whoever calls again is known again, without the number
    assert contact.phone is None
    other = await sign_in(Role.AGENT)
    await other.post("/werk/toestel", data={"extension": "102"})
    assert (await other.post("/werk/gesprekken/1/contact")).status_code == 204


async def test_begun_while_it_rings_it_is_the_same_contact(
    agent: httpx.AsyncClient, exchange: Exchange, database: Database
) -> None:
    await exchange.send(*RINGS)
    begun = await agent.post("/werk/contact", data={"do": "save", "call": "1"})
    assert begun.headers["location"] == "/werk?contact=1"
    await exchange.send(ANSWERED)
    assert (await agent.post("/werk/gesprekken/1/contact")).json() == {"next": "/werk?contact=1"}
    assert [contact.call for contact in await contacts(database)] == [1]


async def test_a_call_that_is_not_there(agent: httpx.AsyncClient, database: Database) -> None:
    assert (await agent.post("/werk/gesprekken/9/contact")).status_code == 204
    refused = await agent.post("/werk/contact", data={"do": "save", "call": "9"})
    assert refused.status_code == 400
    assert await contacts(database) == []
