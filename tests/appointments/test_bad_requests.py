"""Requests about holds, keys, times and changes that cannot be met: which refusal, and that nothing is half-done."""

from datetime import timedelta
from typing import Any

import pytest

from kcc.storage.database import Database
from tests.appointments.conftest import DAY, VISITOR, Desk, Hall, appointments, at, places_of, problem, rule, token_of
from tests.appointments.planned import AUTUMN, SPRING
from tests.appointments.test_bad_input import INVALID, START, post, refused, send
from tests.running import ONE_DATABASE

TAKEN = (409, "slot-taken")


@pytest.mark.parametrize(
    "start",
    ["2026-11-24T12:00:00+01:00", "2026-11-24T13:00:00+01:00", "2026-11-25T00:00:00+01:00", "2029-01-01T10:00:00Z"],
)
async def test_well_formed_and_not_to_be_had(here: Desk, database: Database, start: str) -> None:
    for address in ("/api/v1/holds", "/api/v1/appointments"):
        assert problem(await send(here, {"startsAt": start}, address)) == TAKEN
    assert problem(await send(here, {"location": "elders"})) == TAKEN
    assert await appointments(database) == []


@pytest.mark.parametrize("start", ["9998-12-31T10:00:00Z", "2100-01-01T10:00:00Z"])
async def test_far_in_the_future(here: Desk, start: str) -> None:
    assert problem(await send(here, {"startsAt": start})) == TAKEN


async def test_days_on_which_the_clock_moves(here: Desk, hall: Hall) -> None:
    await hall(rule("1:00", "5:00", only_on=SPRING), rule("1:00", "5:00", only_on=AUTUMN))
    # 02:30 is not on the clock in spring: as a Dutch time it is an instant all the same, and a real one.
    assert (await send(here, {"startsAt": "2027-03-28T02:20:00+01:00"})).json()["startsAt"] == "2027-03-28T01:20:00Z"
    assert (await send(here, {"startsAt": "2027-03-28T03:00:00+02:00"})).json()["startsAt"] == "2027-03-28T01:00:00Z"
    # In autumn 02:20 comes twice: two visits.
    for hour in ("00", "01"):
        same = f"2027-10-31T{hour}:20:00Z"
        assert (await send(here, {"startsAt": same})).json()["startsAt"] == same
    for closed in ("2027-03-27T23:40:00Z", "2027-03-28T03:00:00Z", "2027-10-31T04:00:00Z"):
        assert problem(await send(here, {"startsAt": closed})) == TAKEN
    assert len((await here.days("paspoort", first=SPRING))[str(SPRING)]) == 3 * 3 - 2
    assert len((await here.days("paspoort", first=AUTUMN))[str(AUTUMN)]) == 5 * 3 - 2


async def test_a_key_for_another_request(here: Desk, database: Database) -> None:
    for address in ("/api/v1/holds", "/api/v1/appointments"):
        who = VISITOR if address.endswith("appointments") else {}
        first, other = here.visit("9:00") | who, here.visit("9:20") | who
        headers = {"Idempotency-Key": "sleutel-1"}
        answer = await here.client.post(address, json=first, headers=headers)
        assert (answer.status_code, problem(await here.client.post(address, json=other, headers=headers))) == (
            201, (409, "key-reused"),
        )  # fmt: skip
        assert (await here.client.post(address, json=first, headers=headers)).json() == answer.json()
        if address.endswith("holds"):
            await here.client.delete(f"{address}/{answer.json()['id']}")
    assert len(await appointments(database)) == 1


@ONE_DATABASE
async def test_a_key_that_is_none(here: Desk, database: Database) -> None:
    for address in ("/api/v1/holds", "/api/v1/appointments"):
        for key in ("", "   ", "k" * 201):
            body = here.visit(START) | (VISITOR if address.endswith("appointments") else {})
            answer = await here.client.post(address, json=body, headers={"Idempotency-Key": key})
            assert await refused(answer, database) == {"Idempotency-Key"}


async def test_the_longest_key(here: Desk) -> None:
    assert (await here.book("9:00", key="k" * 200)).status_code == 201


NONSENSE = ["x", "x" * 100, "../../etc/passwd", "' OR 1=1 --", "%00", "é", "null"]


async def test_holds_that_are_not_there(here: Desk) -> None:
    held = (await here.hold("9:00")).json()["id"]
    for hold in NONSENSE:
        assert problem(await here.confirm(hold)) == (409, "hold-expired")
        assert (await here.hold(START, replaces=hold)).status_code in (201, 409)
    for hold in ("x", "é", "%27", "x" * 3000):
        assert (await here.client.delete(f"/api/v1/holds/{hold}")).status_code == 204
    assert (await here.confirm(held)).status_code == 201


@ONE_DATABASE
async def test_holds_that_cannot_be(here: Desk, database: Database) -> None:
    for hold in ("x" * 101, 1, ["x"], "\ud800"):
        answer = await post(here, "/api/v1/appointments", VISITOR | {"hold": hold})
        assert await refused(answer, database) == {"/hold"}
        answer = await post(here, "/api/v1/holds", here.visit(START) | {"replaces": hold})
        assert await refused(answer, database) == {"/replaces"}


RANGE = {"location": "stadhuis", "product": "paspoort", "from": str(DAY), "to": str(DAY)}
QUERIES: list[tuple[dict[str, Any], str]] = [
    ({"location": None}, "location"),
    ({"location": ""}, "location"),
    ({"location": "nergens"}, "location"),
    ({"location": ["stadhuis", "elders"]}, "location"),
    ({"product": None}, "product"),
    ({"product": ""}, "product"),
    ({"product": "onbekend"}, "product"),
    ({"product": "paspoort:0"}, "product"),
    ({"product": "paspoort:-1"}, "product"),
    ({"product": "paspoort:100"}, "product"),
    ({"product": "paspoort:veel"}, "product"),
    ({"product": "paspoort:1:2"}, "product"),
    ({"product": "paspoort:" + "9" * 5000}, "product"),
    ({"product": "paspoort:²"}, "product"),
    ({"product": ["paspoort", "paspoort"]}, "product"),
    ({"product": ["paspoort", "huwelijk"]}, "product"),
    ({"product": ["paspoort"] * 30}, "product"),
    ({"from": None}, "from"),
    ({"to": None}, "to"),
    ({"from": "gisteren"}, "from"),
    ({"from": "2026-11-31"}, "from"),
    ({"from": "24-11-2026"}, "from"),
    ({"from": "2026-11-24T10:00:00Z"}, "from"),
    ({"from": "1795478400"}, "from"),
    ({"from": "0001-01-01", "to": "0001-01-02"}, "from"),
    ({"from": "9999-12-30", "to": "9999-12-31"}, "from"),
    ({"from": "2026-11-25"}, "to"),
    ({"to": "9999-12-31"}, "to"),
    ({"to": str(DAY + timedelta(days=100))}, "to"),
    ({"persons": "2"}, "persons"),
]


@ONE_DATABASE
async def test_where_and_when_to_look(here: Desk) -> None:
    for change, where in QUERIES:
        query = {name: value for name, value in (RANGE | change).items() if value is not None}
        answer = await here.client.get("/api/v1/availability", params=query)
        assert (change, problem(answer), places_of(answer)) == (change, INVALID, {where})
    longest = {"to": str(DAY + timedelta(days=99))}
    assert len((await here.client.get("/api/v1/availability", params=RANGE | longest)).json()["days"]) == 100


@ONE_DATABASE
async def test_where_an_appointment_cannot_move(here: Desk) -> None:
    booked = await here.book("9:20")
    moves: list[tuple[dict[str, Any], str]] = [
        ({}, "/startsAt"),
        ({"startsAt": "2026-11-24T10:00:00"}, "/startsAt"),
        ({"startsAt": "2026-11-24T10:05:00+01:00"}, "/startsAt"),
        ({"startsAt": "2026-11-23T10:00:00+01:00"}, "/startsAt"),
        ({"startsAt": "0001-01-01T00:00:00+14:00"}, "/startsAt"),
        ({"startsAt": at(START), "location": "nergens"}, "/location"),
        ({"startsAt": at(START), "products": []}, "/products"),
    ]
    for change, where in moves:
        headers = {"Authorization": f"Bearer {token_of(booked.json())}"}
        address = f"/api/v1/appointments/{booked.json()['code']}/reschedule"
        answer = await here.client.post(address, json=change, headers=headers)
        assert (change, problem(answer), places_of(answer)) == (change, INVALID, {where})
    assert (await here.manage(booked)).json()["startsAt"] == "2026-11-24T08:20:00Z"
