"""Events by the API: signed, each judged by itself, the first with an id stands; and the calls for team leads."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from kcc.access.roles import Role
from kcc.contacts.telephony.sources import new_secret
from kcc.storage.database import Database
from tests.conftest import SetClock
from tests.contacts.telephony.exchange import Exchange, event
from tests.contacts.telephony.logs import kept

SignIn = Callable[[Role], Awaitable[httpx.AsyncClient]]


async def test_a_call_from_its_events(exchange: Exchange, with_token: SignIn) -> None:
    events = [
        event(1, "entered", caller="0612345678"),
        event(2, "ringing", "2026-11-24T07:30:10Z", extension="101"),
        event(3, "answered", "2026-11-24T07:30:12.400Z", agent="jan", extension="101"),
        event(4, "transferred", "2026-11-24T08:31:00+01:00", target="2300"),
        event(5, "wrapped_up", "2026-11-24T07:31:30Z"),
        {"id": "a1", "kind": "agent_paused", "at": "2026-11-24T07:31:30Z", "agent": "jan", "reason": None},
    ]
    response = await exchange.send(*reversed(events))
    assert response.json() == {"accepted": 6, "duplicates": 0, "rejected": []}
    assert (await exchange.send(*events)).json() == {"accepted": 0, "duplicates": 6, "rejected": []}
    lead = await with_token(Role.TEAM_LEAD)
    found = (await lead.get("/api/v1/calls", params={"from": "2026-11-24", "to": "2026-11-24"})).json()
    (call,) = found["results"]
    assert found | {"results": []} == {"results": [], "total": 1, "next": None}
    assert call | {"id": 0} == {
        "id": 0,
        "source": "centrale",
        "callId": "c-1",
        "queue": "algemeen",
        "enteredAt": "2026-11-24T07:30:00Z",
        "answeredAt": "2026-11-24T07:30:12.400000Z",
        "endedAt": "2026-11-24T07:31:00Z",
        "wrappedUpAt": "2026-11-24T07:31:30Z",
        "waitSeconds": 12,
        "talkSeconds": 47,
        "ringMilliseconds": 0,
        "agent": "jan",
        "outcome": "answered",
        "reason": None,
        "transferredTo": "2300",
        "position": None,
    }


async def test_the_number_is_kept_nowhere(exchange: Exchange, database: Database) -> None:
    await exchange.send(event(1, "entered", caller="0612345678"))
    assert "12345678" not in str(await kept(database))


async def test_the_same_id_with_other_content_is_rejected_and_the_first_stands(
    exchange: Exchange, database: Database
) -> None:
    await exchange.send(event(1, "entered"))
    before = await kept(database)
    response = await exchange.send(
        event(2, "abandoned", "2026-11-24T07:30:09Z"), event(1, "entered", queue="x"), event(2, "answered")
    )
    answer = response.json()
    assert (answer["accepted"], answer["duplicates"]) == (1, 0)
    assert [one["index"] for one in answer["rejected"]] == [1, 2]
    assert "de eerste blijft staan" in answer["rejected"][0]["detail"]
    after = await kept(database)
    assert set(before[1]) < set(after[1])
    assert [row[11] for row in after[0]] == ["CallOutcome.ABANDONED"] or "abandoned" in str(after[0])


@pytest.mark.parametrize(
    "wrong",
    [
        "text",
        None,
        {},
        event(9, "sung"),
        event(9, "entered", at="yesterday"),
        event(9, "entered", at="2026-11-24T07:30:00"),
        event(9, "entered", at="1026-11-24T07:30:00Z"),
        event(9, "entered", callId=""),
        event(9, "entered", queue=None),
        event(9, "entered", caller="9" * 200),
        event(9, "entered", colour="red"),
        event(9, "entered") | {"id": ""},
        event(9, "entered") | {"id": 12},
    ],
)
async def test_one_wrong_event_stops_no_other(exchange: Exchange, wrong: Any) -> None:
    response = await exchange.send(event(1, "entered"), wrong, event(2, "abandoned"))
    assert response.status_code == 200
    answer = response.json()
    assert (answer["accepted"], [one["index"] for one in answer["rejected"]]) == (2, [1])
    assert answer["rejected"][0]["detail"]


@pytest.mark.parametrize("off", [-300, 300])
async def test_five_minutes_are_near_enough(exchange: Exchange, off: int) -> None:
    assert (await exchange.send(event(1, "entered"), off=off)).status_code == 200


async def test_what_is_not_signed_well_is_refused(exchange: Exchange, database: Database) -> None:
    good = "0" * 64
    for response in (
        await exchange.send(event(1, "entered"), off=301),
        await exchange.send(event(1, "entered"), off=-301),
        await exchange.send(event(1, "entered"), **{"x-kcc-signature": ""}),
        await exchange.send(event(1, "entered"), **{"x-kcc-timestamp": ""}),
        await exchange.send(event(1, "entered"), **{"x-kcc-timestamp": "now"}),
        await exchange.send(event(1, "entered"), **{"x-kcc-signature": f"sha256={good}"}),
        await exchange.raw(json.dumps({"source": "andere", "events": []}).encode()),
    ):
        assert (response.status_code, response.headers["content-type"]) == (401, "application/problem+json")
    body = json.dumps({"source": "centrale", "events": [event(1, "entered")]}).encode()
    exchange.secret = "other"
    assert (await exchange.raw(body)).status_code == 401
    assert await kept(database) == ([], [])


async def test_a_new_secret_ends_the_old_one(exchange: Exchange, app: Starlette, database: Database) -> None:
    async with database.writing() as session:
        secret = await new_secret(session, "centrale", app.state.lifespan["secret_key"])
    assert (await exchange.send()).status_code == 401
    exchange.secret = secret
    assert (await exchange.send()).status_code == 200


async def test_a_body_that_is_no_batch_is_malformed(exchange: Exchange) -> None:
    for body in (b"{", b"[]", b'{"events": []}', b'{"source": "centrale", "events": {}}', b'{"source": "A B"}'):
        assert (await exchange.raw(body)).status_code == 400


async def test_a_batch_that_is_too_large_is_refused(exchange: Exchange, database: Database) -> None:
    events = [event(number, "ringing") for number in range(1001)]
    refused = await exchange.send(*events)
    assert refused.status_code == 400
    assert "/events" in refused.text
    assert await kept(database) == ([], [])
    assert (await exchange.send(*events[:1000])).json()["accepted"] == 1000


async def test_the_same_events_at_the_same_time_are_one_call(exchange: Exchange, database: Database) -> None:
    events = [event(1, "entered"), event(2, "abandoned", "2026-11-24T07:30:09Z")]
    answers = await asyncio.gather(*(exchange.send(*events) for _ in range(5)))
    assert sum(answer.json()["accepted"] for answer in answers) == 2
    assert len((await kept(database))[0]) == 1


async def test_calls_by_local_day_and_queue_a_page_at_a_time(
    exchange: Exchange, with_token: SignIn, moment: SetClock
) -> None:
    await exchange.send(
        event(1, "entered", "2026-11-23T22:59:59Z", callId="before"),
        event(2, "entered", "2026-11-23T23:00:00Z", callId="first"),
        event(3, "entered", "2026-11-24T22:59:59Z", callId="last", queue="nacht"),
        event(4, "entered", "2026-11-24T23:00:00Z", callId="after"),
    )
    lead = await with_token(Role.TEAM_LEAD)
    day = {"from": "2026-11-24", "to": "2026-11-24"}

    async def ids(**query: str) -> list[str]:
        response = await lead.get("/api/v1/calls", params=day | query)
        return [call["callId"] for call in response.json()["results"]]

    assert await ids() == ["first", "last"]
    assert await ids(queue="nacht") == ["last"]
    assert await ids(limit="1") == ["first"]
    page = (await lead.get("/api/v1/calls", params=day | {"limit": "1"})).json()
    assert [call["callId"] for call in (await lead.get(page["next"])).json()["results"]] == ["last"]
    for query in ({"from": "2026-11-25", "to": "2026-11-24"}, {"from": "1026-11-25", "to": "2026-11-24"}, {}):
        assert (await lead.get("/api/v1/calls", params=query)).status_code == 400
