"""A contact begins with a call that there is: by our number of it, or as its exchange calls it."""

import pytest
from starlette.applications import Starlette

from kcc.contacts.telephony.sources import new_secret
from kcc.storage.database import Database
from tests.contacts.conftest import Log, problem
from tests.contacts.telephony.exchange import Exchange, event


@pytest.fixture
async def told(exchange: Exchange) -> None:
    await exchange.send(
        event(1, "entered", caller="0612345678"),
        event(2, "answered", "2026-11-24T07:30:09Z", agent="anna"),
        event(3, "entered", "2026-11-24T07:40:00Z", queue="belastingen"),
        event(4, "abandoned", "2026-11-24T07:41:00Z", queue="belastingen"),
    )


async def test_by_number_or_by_the_name_at_the_exchange(told: None, log: Log, lead: Log) -> None:
    listed = await lead.client.get("/api/v1/calls", params={"from": "2026-11-24", "to": "2026-11-24"})
    answered_one, abandoned = (call["id"] for call in listed.json()["results"])
    for name in (answered_one, "c-1"):
        assert (await log.start(callId=name))["callId"] == answered_one
    assert (await log.start(callId="c-1", callSource="centrale"))["callId"] == answered_one
    assert (await log.start(callId=abandoned))["callId"] == abandoned


async def test_who_calls_is_known_again_by_the_call(told: None, log: Log) -> None:
    before = await log.asked({"topic": "paspoort", "outcome": "resolved"}, phone="0612345678")
    again = await log.start(callId="c-1")
    assert [one["contact"] for one in again["earlier"]] == [before["id"]]


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"callId": 4711}, ("/callId", "unknown")),
        ({"callId": "4711"}, ("/callId", "unknown")),
        ({"callId": "c-1", "callSource": "andere"}, ("/callId", "unknown")),
    ],
)
async def test_a_call_that_is_not_there_is_refused(
    told: None, log: Log, wrong: dict[str, object], where: tuple[str, str]
) -> None:
    assert problem(await log.post("", {"channel": "phone"} | wrong)) == (400, "invalid-input", [where])


async def test_a_name_at_two_exchanges_is_asked_about(
    told: None, exchange: Exchange, app: Starlette, database: Database, log: Log
) -> None:
    async with database.writing() as session:
        exchange.secret = await new_secret(session, "andere", app.state.lifespan["secret_key"])
    body = b'{"source": "andere", "events": [' + (
        b'{"id": "x", "callId": "c-1", "queue": "q", "kind": "entered", "at": "2026-11-24T07:30:00Z"}]}'
    )
    assert (await exchange.raw(body)).json()["accepted"] == 1
    response = await log.post("", {"channel": "phone", "callId": "c-1"})
    assert problem(response) == (400, "invalid-input", [("/callSource", "missing")])
    assert (await log.start(callId="c-1", callSource="andere"))["callId"]


async def test_a_contact_keeps_its_call_when_late_events_come(told: None, exchange: Exchange, log: Log) -> None:
    contact = await log.start(callId="c-1")
    await exchange.send(event(9, "ended", "2026-11-24T07:35:00Z"), event(10, "entered", "2026-11-24T07:29:58Z"))
    assert (await log.read(contact))["callId"] == contact["callId"]
