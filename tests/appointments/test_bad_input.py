"""What people and programs send that is wrong: a clear refusal that names the field, and nothing booked."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from kcc.storage.database import Database
from tests.appointments.conftest import (
    VISITOR,
    Desk,
    appointments,
    at,
    places_of,
    problem,
)
from tests.running import ONE_DATABASE

START = "10:00"
BSN = "111222333"  # passes the eleven-test, and belongs to nobody
INVALID = (400, "invalid-input")


async def post(desk: Desk, address: str, body: dict[str, Any]) -> httpx.Response:
    """Send JSON, also what is no text (half of a surrogate pair)."""
    return await desk.client.post(address, content=json.dumps(body), headers={"Content-Type": "application/json"})


async def send(desk: Desk, change: dict[str, Any], address: str = "/api/v1/appointments") -> httpx.Response:
    """Send a booking that would be right but for this change; None leaves a field out."""
    body = desk.visit(START) | (VISITOR if address.endswith("appointments") else {}) | change
    return await post(desk, address, {name: value for name, value in body.items() if value is not None})


async def refused(answer: httpx.Response, database: Database) -> set[str]:
    """Check that it is bad input, that each error has a sentence, and that nothing came of it; returns where."""
    assert problem(answer) == INVALID, answer.text
    assert all(error["detail"] and error["code"] for error in answer.json()["errors"])
    assert await appointments(database) == []
    return places_of(answer)


async def test_what_is_changed_below_would_be_right(here: Desk) -> None:
    assert (await send(here, {}, "/api/v1/holds")).status_code == 201
    assert (await send(here, {"startsAt": at("9:00")})).status_code == 201


FAR_FROM = datetime(2026, 11, 24, 9, tzinfo=UTC)
WHEN_AND_WHERE: list[tuple[dict[str, Any], str]] = [
    ({"startsAt": "2026-11-24T10:00:00"}, "/startsAt"),
    ({"startsAt": "2026-11-24"}, "/startsAt"),
    ({"startsAt": "morgen"}, "/startsAt"),
    ({"startsAt": ""}, "/startsAt"),
    ({"startsAt": "2026-13-40T10:00:00Z"}, "/startsAt"),
    ({"startsAt": int(FAR_FROM.timestamp())}, "/startsAt"),
    ({"startsAt": str(int(FAR_FROM.timestamp()))}, "/startsAt"),
    ({"startsAt": True}, "/startsAt"),
    ({"startsAt": [at(START)]}, "/startsAt"),
    ({"startsAt": "0001-01-01T00:00:00+14:00"}, "/startsAt"),
    ({"startsAt": "9999-12-31T23:59:59-14:00"}, "/startsAt"),
    ({"startsAt": "2026-11-24T08:40:00+01:00"}, "/startsAt"),  # past
    ({"startsAt": "2025-11-24T10:00:00+01:00"}, "/startsAt"),
    ({"startsAt": "2026-11-24T10:05:00+01:00"}, "/startsAt"),  # off the step
    ({"startsAt": "2026-11-24T10:03:00+01:00"}, "/startsAt"),
    ({"startsAt": "2026-11-24T10:00:30+01:00"}, "/startsAt"),
    ({"startsAt": "2026-11-24T10:00:00.000001+01:00"}, "/startsAt"),
    ({"startsAt": None}, "/startsAt"),
    ({"location": "nergens"}, "/location"),
    ({"location": ""}, "/location"),
    ({"location": "x" * 61}, "/location"),
    ({"location": 1}, "/location"),
    ({"location": "\ud800"}, "/location"),
    ({"location": None}, "/location"),
    ({"products": None}, "/products"),
    ({"products": []}, "/products"),
    ({"products": "paspoort"}, "/products"),
    ({"products": ["paspoort"]}, "/products/0"),
    ({"products": [{"code": "paspoort"}, {"persons": 1}]}, "/products/1/code"),
    ({"products": [{"code": "onbekend"}]}, "/products"),
    ({"products": [{"code": "Paspoort"}]}, "/products"),
    ({"products": [{"code": ""}]}, "/products/0/code"),
    ({"products": [{"code": "paspoort", "persons": 0}]}, "/products"),
    ({"products": [{"code": "paspoort", "persons": -1}]}, "/products"),
    ({"products": [{"code": "paspoort", "persons": 100}]}, "/products"),
    ({"products": [{"code": "paspoort", "persons": 10**30}]}, "/products"),
    ({"products": [{"code": "rijbewijs", "persons": 2}]}, "/products"),
    ({"products": [{"code": "paspoort", "persons": 1.5}]}, "/products/0/persons"),
    ({"products": [{"code": "paspoort", "persons": "2"}]}, "/products/0/persons"),
    ({"products": [{"code": "paspoort", "persons": True}]}, "/products/0/persons"),
    ({"products": [{"code": "paspoort", "aantal": 2}]}, "/products/0/aantal"),
    ({"products": [{"code": "paspoort"}, {"code": "paspoort"}]}, "/products"),
    ({"products": [{"code": "paspoort"}, {"code": "huwelijk"}]}, "/products"),
    ({"products": [{"code": "paspoort"}] * 30}, "/products"),
    ({"products": [{"code": f"p{number}"} for number in range(10)]}, "/products"),
    ({"tijd": "10:00"}, "/tijd"),
    ({"starts_at": at(START)}, "/starts_at"),
]


@ONE_DATABASE
async def test_when_where_and_what_for(here: Desk, database: Database) -> None:
    for address in ("/api/v1/holds", "/api/v1/appointments"):
        for change, where in WHEN_AND_WHERE:
            answer = await send(here, change, address)
            assert (change, await refused(answer, database)) == (change, {where})
    # Not one of them is kept either.
    assert "10:00" in await here.starts("paspoort")


WHO: list[tuple[dict[str, Any], str]] = [
    ({"name": None}, "/name"),
    ({"name": ""}, "/name"),
    ({"name": "   "}, "/name"),
    ({"name": "12345"}, "/name"),
    ({"name": "a" * 101}, "/name"),
    ({"name": "a" * 100_000}, "/name"),
    ({"name": "A\u0000B"}, "/name"),
    ({"name": "\ud800"}, "/name"),
    ({"name": "Win nu! https://reclame.example"}, "/name"),
    ({"name": {"voornaam": "A"}}, "/name"),
    ({"email": "geen adres"}, "/email"),
    ({"email": "@voorbeeld.example"}, "/email"),
    ({"email": "a@b"}, "/email"),
    ({"email": "een@voorbeeld.example, twee@voorbeeld.example"}, "/email"),
    ({"email": "een@voorbeeld.example\r\nBcc: allen@voorbeeld.example"}, "/email"),
    ({"email": "Een <een@voorbeeld.example>"}, "/email"),
    ({"email": "a" * 300 + "@voorbeeld.example"}, "/email"),
    ({"email": 1}, "/email"),
    ({"phone": "12"}, "/phone"),
    ({"phone": "bel mij"}, "/phone"),
    ({"phone": "06123456789"}, "/phone"),
    ({"phone": "+31 6 1234"}, "/phone"),
    ({"phone": "0" * 1000}, "/phone"),
    ({"phone": 612345678}, "/phone"),
    ({"email": None}, "/phone"),
    ({"email": "", "phone": ""}, "/phone"),
    ({"language": "de"}, "/language"),
    ({"language": ""}, "/language"),
    ({"earlier": "misschien"}, "/earlier"),
    ({"address": "a" * 201}, "/address"),
    ({"address": "Markt\u0000 1"}, "/address"),
    ({"burgerservicenummer": "x"}, "/burgerservicenummer"),
]


@ONE_DATABASE
async def test_who_comes(here: Desk, database: Database) -> None:
    for change, where in WHO:
        answer = await send(here, change)
        assert (change, await refused(answer, database)) == (change, {where})


@ONE_DATABASE
async def test_a_hold_and_a_start_together(here: Desk, database: Database) -> None:
    answer = await send(here, {"hold": "een-hold"})
    assert await refused(answer, database) == {"/location", "/products", "/startsAt"}
    answer = await send(here, {"location": None, "products": None, "startsAt": None})
    assert await refused(answer, database) == {"/location", "/products", "/startsAt"}


@ONE_DATABASE
@pytest.mark.parametrize("number", [BSN, "111 222 333", "111.222.333", "1 1 1 2 2 2 3 3 3", "123456782"])
async def test_a_citizen_service_number_is_refused_wherever_it_stands(
    here: Desk, database: Database, number: str
) -> None:
    for field, value in (
        ("name", f"A. Voorbeeld {number}"),
        ("address", f"Markt 1, bsn {number}"),
        ("phone", number),
    ):
        answer = await send(here, {field: value})
        assert await refused(answer, database) == {f"/{field}"}
        assert "burgerservicenummer" in answer.json()["errors"][0]["detail"]
        assert number not in answer.text


@ONE_DATABASE
async def test_a_citizen_service_number_in_an_email_address(here: Desk, database: Database) -> None:
    assert await refused(await send(here, {"email": f"{BSN}@voorbeeld.example"}), database) == {"/email"}


async def test_numbers_that_are_no_citizen_service_number(here: Desk) -> None:
    harmless = {"name": "Kamer 111222334", "phone": "010 123 45 67", "email": None}
    assert (await send(here, harmless)).status_code == 201


@ONE_DATABASE
async def test_all_that_is_wrong_is_told_at_once(here: Desk, database: Database) -> None:
    wrong = {
        "name": BSN,
        "email": "nee",
        "phone": "nee",
        "startsAt": "nee",
        "products": [],
        "language": "de",
        "x": 1,
    }
    assert await refused(await send(here, wrong), database) == {
        "/name", "/email", "/phone", "/startsAt", "/products", "/language", "/x"
    }  # fmt: skip
    nobody = {"name": BSN, "email": None, "location": None}
    assert await refused(await send(here, nobody), database) == {"/name", "/phone", "/location"}


@ONE_DATABASE
@pytest.mark.parametrize("body", ["", "nee", "[]", "null", '"paspoort"', "{", '{"name": NaN}', "[" * 100_000, b"\xff"])
async def test_what_is_no_json_object(here: Desk, body: str | bytes) -> None:
    for address in ("/api/v1/holds", "/api/v1/appointments"):
        answer = await here.client.post(address, content=body, headers={"Content-Type": "application/json"})
        assert problem(answer) == INVALID


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", 'O\'Neill & "Zoon" <b>', "{{ naam }} ${naam} %s", "Ünal Ş. 王"]
)
async def test_a_name_is_text_whatever_is_in_it(here: Desk, name: str) -> None:
    booked = await send(here, {"name": name})
    assert booked.status_code == 201
    detail = await here.manage(booked)
    assert detail.json()["name"] == name
    assert detail.headers["content-type"] == "application/json"
