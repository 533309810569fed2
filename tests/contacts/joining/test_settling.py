"""Contacts and the calls that they were about: whenever either came, and in whatever order."""

import itertools
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from kcc.contacts.joining.keeper import Joiner
from kcc.contacts.telephony.seats import sit_down, stand_up
from kcc.storage.database import Database
from tests.conftest import NOW, SetClock
from tests.contacts.conftest import Log
from tests.contacts.telephony.exchange import Exchange, event

AsAgent = Callable[..., Awaitable[Log]]
Day = dict[str, str]
DAY: Day = {"from": "2026-11-24", "to": "2026-11-24"}


def at(seconds: float) -> str:
    return (NOW + timedelta(seconds=seconds)).isoformat()


def call(name: str, begin: float, end: float, agent: str = "PJSIP/101", caller: str = "") -> list[dict[str, Any]]:
    """Events of a call that was answered."""
    return [
        event(f"{name}1", "entered", at(begin - 9), callId=name, caller=caller),
        event(f"{name}2", "answered", at(begin), callId=name, agent=agent),
        event(f"{name}3", "ended", at(end), callId=name),
    ]


class Place:
    """A contact centre of which the calls are told by the exchange."""

    def __init__(self, database: Database, exchange: Exchange, moment: SetClock, log: Log, lead: Log) -> None:
        self.database, self.exchange, self.moment, self.log, self.lead = database, exchange, moment, log, lead

    async def contact(self, begin: float, end: float, channel: str = "phone", **requester: str) -> dict[str, Any]:
        self.moment.at = NOW + timedelta(seconds=begin)
        contact = await self.log.start(channel, requester=requester)
        self.moment.at = NOW + timedelta(seconds=end)
        done = await self.log.finished(contact, topic="paspoort", outcome="resolved")
        self.moment.at = NOW
        return done

    async def sit(self, agent: str = "anna", phone: str = "101", since: float = -3600) -> None:
        async with self.database.writing() as session:
            await sit_down(session, agent, phone, NOW + timedelta(seconds=since))

    async def settle(self) -> None:
        await Joiner(self.database).settle()

    async def calls(self) -> dict[int, str]:
        response = await self.lead.client.get("/api/v1/calls", params=DAY)
        return {found["id"]: found["callId"] for found in response.json()["results"]}

    async def joined(self, *contacts: dict[str, Any]) -> list[str | None]:
        await self.settle()
        calls = await self.calls()
        found = [(await self.lead.read(contact))["callId"] for contact in contacts]
        return [calls[one] if one else None for one in found]

    async def unjoined(self, **query: str) -> dict[str, Any]:
        response = await self.lead.client.get("/api/v1/contacts/unjoined", params=DAY | query)
        assert response.status_code == 200, response.text
        return dict(response.json())


@pytest.fixture
async def place(database: Database, moment: SetClock, log: Log, lead: Log, exchange: Exchange) -> Place:
    return Place(database, exchange, moment, log, lead)


@pytest.mark.parametrize("order", list(itertools.permutations(["seat", "contact", "calls"])))
async def test_whichever_came_first(place: Place, order: tuple[str, ...]) -> None:
    contact: dict[str, Any] = {}
    for what in order:
        if what == "seat":
            await place.sit()
        elif what == "contact":
            contact = await place.contact(0, 300)
        else:
            told = call("a", -60, 100) + call("b", 120, 310) + call("other", 0, 300, "PJSIP/102")
            random.Random(7).shuffle(told)
            for one in told:
                await place.exchange.send(one)
        await place.settle()
    assert await place.joined(contact) == ["b"]


async def test_a_call_that_is_corrected_lets_go_and_takes_along(place: Place) -> None:
    await place.sit()
    contact = await place.contact(0, 300)
    await place.exchange.send(*call("a", 0, 100)[:2])
    assert await place.joined(contact) == ["a"]  # while the end is not told it goes on
    await place.exchange.send(call("a", 0, 100)[2], *call("b", 150, 290))
    assert await place.joined(contact) == ["b"]
    await place.exchange.send(*call("c", 150, 290))
    assert await place.joined(contact) == [None]
    assert [one["reason"] for one in (await place.unjoined())["contacts"]] == ["tie"]
    await place.exchange.send(*call("d", -10, 295))
    assert await place.joined(contact) == ["d"]
    await place.settle()
    assert await place.joined(contact) == ["d"]


async def test_a_contact_that_began_with_a_call_keeps_it(place: Place) -> None:
    await place.sit()
    await place.exchange.send(*call("a", -60, 5), *call("b", 10, 300))
    contact = await place.log.start(callId="a")
    place.moment.move(minutes=5)
    done = await place.log.finished(contact, topic="paspoort", outcome="resolved")
    await place.exchange.send(*call("c", 0, 400))
    assert await place.joined(done) == ["a"]


async def test_other_channels_and_open_contacts_have_no_call(place: Place) -> None:
    await place.sit()
    await place.exchange.send(*call("a", -60, 400))
    mail = await place.contact(0, 300, "email")
    place.moment.at = NOW
    open_one = await place.log.start()
    assert await place.joined(mail, open_one) == [None, None]
    assert (await place.unjoined())["contactsTotal"] == 0


async def test_a_contact_that_is_opened_again_looks_again(place: Place) -> None:
    await place.sit()
    await place.exchange.send(*call("a", 0, 60), *call("b", 100, 300))
    contact = await place.contact(0, 90)
    assert await place.joined(contact) == ["a"]
    place.moment.at = NOW + timedelta(seconds=300)
    assert (await place.log.post(f"/{contact['id']}/reopen")).status_code == 200
    await place.log.finished(await place.log.read(contact))
    assert await place.joined(contact) == ["b"]


async def test_who_called_is_known_by_the_call(place: Place) -> None:
    await place.sit()
    first = await place.contact(0, 100)
    named = await place.contact(200, 300, phone="0687654321")
    await place.exchange.send(*call("a", 0, 100, caller="0612345678"), *call("b", 200, 300, caller="0612345678"))
    assert await place.joined(first, named) == ["a", "b"]
    again = await place.log.start(requester={"phone": "0612345678"})
    assert [one["contact"] for one in again["earlier"]] == [first["id"]]


async def test_who_sits_elsewhere_now_joins_there(place: Place, as_agent: AsAgent) -> None:
    await place.sit()
    contact = await place.contact(0, 100)
    await place.exchange.send(*call("a", 0, 100), *call("b", 0, 100, "102"))
    assert await place.joined(contact) == ["a"]
    await place.sit(phone="102", since=-5)  # told late: it was another desk
    assert await place.joined(contact) == ["b"]
    async with place.database.writing() as session:
        await stand_up(session, "anna", NOW - timedelta(seconds=5))
    assert await place.joined(contact) == [None]


async def test_the_list_of_what_was_not_joined(place: Place) -> None:
    await place.sit()
    alone = await place.contact(1000, 1100)
    joined = await place.contact(0, 100)
    await place.exchange.send(
        *call("a", 0, 100), *call("b", 500, 600), *call("c", 700, 800), event("x", "entered", at(50), callId="x")
    )
    assert await place.joined(alone, joined) == [None, "a"]
    listed = await place.unjoined()
    assert [(one["id"], one["agent"], one["reason"]) for one in listed["contacts"]] == [(alone["id"], "anna", "none")]
    assert [one["callId"] for one in listed["calls"]] == ["b", "c"]
    assert (listed["contactsTotal"], listed["callsTotal"], listed["next"]) == (1, 2, None)
    page = await place.unjoined(limit="1")
    assert [one["callId"] for one in page["calls"]] == ["b"]
    rest = (await place.lead.client.get(page["next"])).json()
    assert ([one["callId"] for one in rest["calls"]], rest["contacts"]) == (["c"], [])
    for wrong in ({"to": "2026-11-23"}, {"from": "x"}, {"from": "1000-01-01"}):
        assert (await place.lead.client.get("/api/v1/contacts/unjoined", params=DAY | wrong)).status_code == 400


async def test_more_than_a_part_at_a_time(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from kcc.contacts.joining import settling

    monkeypatch.setattr(settling, "PART", 2)
    await place.sit()
    contacts = [await place.contact(100 * number, 100 * number + 50) for number in range(5)]
    told = [one for number in range(5) for one in call(f"c{number}", 100 * number, 100 * number + 60)]
    await place.settle()
    await place.exchange.send(*told)
    assert await place.joined(*contacts) == [f"c{number}" for number in range(5)]
