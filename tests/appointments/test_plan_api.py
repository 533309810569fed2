"""Administration of the plan over the API: what is made, changed and removed, what is refused, whom it touches."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from kcc.access.roles import Role
from kcc.catalogue.models import Fee, FeeKind, FeeValue, UplName
from kcc.storage.database import Database
from tests.appointments.conftest import DAY, LONG_AGO, Desk, place, product
from tests.conftest import SetClock

WithToken = Callable[[Role], Awaitable[httpx.AsyncClient]]
Hall = Callable[..., Awaitable[None]]
V1 = "/api/v1"
PRODUCT = {"code": "hond", "name": "Hond aanmelden", "durationMinutes": 8}
LOCATION = {"code": "noord", "name": "Servicepunt Noord", "address": "Noordplein 2, Voorbeeld"}
COUNTER = {"code": "noord-1", "location": "noord", "name": "Balie 1"}
RULE = {"location": "stadhuis", "weekday": 1, "opens": "13:00", "closes": "17:00"}


@pytest.fixture
async def admin(database: Database, with_token: WithToken) -> httpx.AsyncClient:
    async with database.writing() as session:
        session.add(UplName(name="hond aanmelden", uri="http://standaarden.overheid.nl/owms/terms/hond"))
        session.add(Fee(code="hondenbelasting", label="Hond", kind=FeeKind.MONEY))
        await session.flush()
        session.add(FeeValue(fee="hondenbelasting", valid_from=LONG_AGO, value="70.5"))
    return await with_token(Role.ADMINISTRATOR)


@pytest.fixture
async def town(hall: Hall) -> None:
    """A town hall with two counters that is open every morning, for passports and driving licences."""
    await hall(product("paspoort"), product("rijbewijs"), place(counters=2))


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rsplit("/", 1)[1]


def pointers(answer: httpx.Response) -> set[str]:
    return {error["location"]["pointer"] for error in answer.json()["errors"]}


async def codes(client: httpx.AsyncClient, kind: str) -> list[str]:
    return [item["code"] for item in (await client.get(f"{V1}/{kind}")).json()["results"]]


async def test_a_product_is_made_and_everyone_reads_it(
    town: None, admin: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    everything = PRODUCT | {
        "nameEn": "Register a dog", "upl": "hond aanmelden", "furtherPersonMinutes": 2, "preparationMinutes": 3,
        "maxPersons": 4, "noticeMinutes": 30, "horizonDays": 90, "bring": ["De hond"], "bringEn": ["The dog"],
        "costs": "{{hondenbelasting}} per jaar", "costsEn": "{{ hondenbelasting }} a year", "staffOnly": False,
        "onlineUrl": "https://www.voorbeeld.example/hond", "leadTimeDays": 2, "combinableWith": ["paspoort"],
        "withdrawnFrom": None, "position": 7.0,
    }  # fmt: skip
    answer = await admin.post(f"{V1}/products", json=everything)
    assert (answer.status_code, answer.headers["Location"]) == (201, f"{V1}/products/hond")
    assert answer.json()["touched"] == []
    read = (await client.get(f"{V1}/products/hond")).json()
    assert answer.json() == read | {"touched": []}
    assert read == everything | {
        "stepMinutes": 10, "costs": "€\xa070,50 per jaar", "costsEn": "€70.50 a year",
        "costsTemplate": everything["costs"], "costsTemplateEn": everything["costsEn"],
        "locations": ["stadhuis"], "validFrom": "2026-11-24",
    }  # fmt: skip
    assert (await client.get(f"{V1}/products/paspoort")).json()["combinableWith"] == ["hond"]
    assert await codes(client, "products") == ["paspoort", "rijbewijs", "hond"]


async def test_what_a_product_cannot_be_is_told_at_once_in_dutch(admin: httpx.AsyncClient) -> None:
    wrong = {
        "code": "Hond-", "name": " ", "durationMinutes": 0, "stepMinutes": 7, "maxPersons": 21, "horizonDays": 731,
        "bring": ["goed", ""], "onlineUrl": "javascript:x", "combinableWith": ["a--b"], "validFrom": "morgen",
        "staffOnly": "ja", "kleur": "bruin", "noticeMinutes": True, "furtherPersonMinutes": "5",
    }  # fmt: skip
    answer = await admin.post(f"{V1}/products", json=wrong)
    assert problem(answer) == (400, "invalid-input")
    assert pointers(answer) == {
        "/code", "/name", "/durationMinutes", "/stepMinutes", "/maxPersons", "/horizonDays", "/bring/1", "/onlineUrl",
        "/combinableWith/0", "/validFrom", "/staffOnly", "/kleur", "/noticeMinutes", "/furtherPersonMinutes",
    }  # fmt: skip
    assert not any("should" in error["detail"].lower() for error in answer.json()["errors"])


async def test_what_does_not_exist_is_a_conflict(town: None, admin: httpx.AsyncClient) -> None:
    body = PRODUCT | {"upl": "Hond aanmelden", "costs": "{{weg}}", "combinableWith": ["paspoort", "weg"]}
    answer = await admin.post(f"{V1}/products", json=body)
    assert problem(answer) == (409, "unknown-reference")
    assert pointers(answer) == {"/upl", "/costs", "/combinableWith/1"}
    for kind, new, pointer in (
        ("locations", LOCATION | {"products": ["weg"]}, "/products/0"),
        ("counters", COUNTER, "/location"),
        ("opening-rules", RULE | {"location": "weg"}, "/location"),
        ("closing-days", {"date": "2026-12-24", "location": "weg"}, "/location"),
    ):
        answer = await admin.post(f"{V1}/{kind}", json=new)
        assert (*problem(answer), pointers(answer)) == (409, "unknown-reference", {pointer}), kind


@pytest.mark.parametrize(
    ("kind", "new"),
    [
        ("products", PRODUCT | {"code": "paspoort"}),
        ("locations", LOCATION | {"code": "stadhuis"}),
        ("counters", COUNTER | {"code": "stadhuis-1", "location": "stadhuis"}),
    ],
)
async def test_a_code_that_is_taken(town: None, admin: httpx.AsyncClient, kind: str, new: dict[str, Any]) -> None:
    answer = await admin.post(f"{V1}/{kind}", json=new)
    assert (answer.status_code, pointers(answer)) == (409, {"/code"})


async def test_a_change_holds_from_its_day_and_history_stays(town: None, admin: httpx.AsyncClient, desk: Desk) -> None:
    content = {"name": "Paspoort", "durationMinutes": 30, "horizonDays": 60}
    answer = await admin.put(f"{V1}/products/paspoort", json=content | {"validFrom": "2026-11-26"})
    assert (answer.status_code, answer.json()["durationMinutes"]) == (200, 30)
    days = await desk.days("paspoort", last=DAY.replace(day=26))
    assert [len(days[day]) for day in ("2026-11-25", "2026-11-26")] == [18, 6]
    assert (await admin.get(f"{V1}/products/paspoort")).json()["durationMinutes"] == 10
    late = await admin.put(f"{V1}/products/paspoort", json=content | {"validFrom": "2026-11-23"})
    assert (late.status_code, pointers(late)) == (409, {"/validFrom"})


async def test_a_withdrawn_product_is_no_longer_shown_or_booked(
    town: None, admin: httpx.AsyncClient, client: httpx.AsyncClient, desk: Desk
) -> None:
    content = {"name": "Paspoort", "durationMinutes": 10, "withdrawnFrom": "2026-11-24"}
    assert (await admin.put(f"{V1}/products/paspoort", json=content)).status_code == 200
    assert await codes(client, "products") == ["rijbewijs"]
    assert (await client.get(f"{V1}/products/paspoort")).status_code == 404
    assert await codes(admin, "products") == ["paspoort", "rijbewijs"]
    assert (await desk.book("9:00", "paspoort")).status_code == 400


async def test_a_location_is_made_with_counters_and_hours_and_booked(
    town: None, admin: httpx.AsyncClient, client: httpx.AsyncClient, desk: Desk
) -> None:
    made = await admin.post(f"{V1}/locations", json=LOCATION | {"nameEn": "North", "products": ["paspoort"]})
    assert made.status_code == 201, made.text
    assert (await admin.post(f"{V1}/counters", json=COUNTER)).status_code == 201
    rules = {"location": "noord", "weekdays": [2, 4, 2], "opens": "08:00", "closes": "10:00", "counters": 1}
    answer = await admin.post(f"{V1}/opening-rules", json=rules | {"breaks": [{"from": "09:00", "until": "09:15"}]})
    assert (answer.status_code, len(answer.json()["ids"]), answer.json()["id"]) == (201, 2, answer.json()["ids"][0])
    assert await desk.starts("paspoort", location="noord") == [
        "09:15",
        "09:25",
        "09:35",
        "09:45",
    ]  # fmt: skip  (it is nine o'clock)
    read = (await client.get(f"{V1}/locations/noord")).json()
    assert (read["address"], read["openCounters"], read["products"]) == ("Noordplein 2, Voorbeeld", 0, ["paspoort"])
    assert (await client.get(f"{V1}/products/rijbewijs")).json()["locations"] == ["stadhuis"]
    listed = (await admin.get(f"{V1}/opening-rules", params={"location": "noord"})).json()
    assert [(rule["weekday"], rule["opens"], rule["breaks"]) for rule in listed["results"]] == [
        (2, "08:00", [{"from": "09:00", "until": "09:15"}]),
        (4, "08:00", [{"from": "09:00", "until": "09:15"}]),
    ]


async def test_open_counters_are_those_at_this_moment(town: None, client: httpx.AsyncClient, moment: SetClock) -> None:
    async def open_now() -> int:
        return int((await client.get(f"{V1}/locations/stadhuis")).json()["openCounters"])

    assert await open_now() == 2
    moment.move(hours=3)
    assert await open_now() == 0


async def test_an_address_holds_from_its_day(
    town: None, admin: httpx.AsyncClient, client: httpx.AsyncClient, moment: SetClock
) -> None:
    moves = {"validFrom": "2026-11-26", "address": "Nieuwe Markt 9, Voorbeeld"}
    old = {"validFrom": "2020-01-01", "address": "Markt 1, Voorbeeld"}
    body = {"name": "Stadhuis", "addresses": [moves, old]}
    assert (await admin.put(f"{V1}/locations/stadhuis", json=body)).json()["addresses"] == [old, moves]
    moment.move(days=2)
    assert (await client.get(f"{V1}/locations/stadhuis")).json()["address"] == "Nieuwe Markt 9, Voorbeeld"
    body = {"name": "Stadhuis", "address": "Plein 3, Voorbeeld"}
    answer = (await admin.put(f"{V1}/locations/stadhuis", json=body)).json()
    assert answer["addresses"] == [old, {"validFrom": "2026-11-26", "address": "Plein 3, Voorbeeld"}]
    nowhere = await admin.put(f"{V1}/locations/stadhuis", json={"name": "Stadhuis", "addresses": []})
    assert (nowhere.status_code, pointers(nowhere)) == (409, {"/addresses"})
    home = {"name": "Thuis", "addresses": [], "kind": "home-visit", "travelMinutes": 20}
    assert (await admin.put(f"{V1}/locations/stadhuis", json=home)).status_code == 200


RULES: list[tuple[dict[str, Any], str]] = [
    ({"opens": "09:03"}, "/opens"),
    ({"opens": "24:00"}, "/opens"),
    ({"opens": 900}, "/opens"),
    ({"closes": "13:00"}, "/closes"),
    ({"closes": "24:05"}, "/closes"),
    ({"breaks": [{"from": "14:00", "until": "14:00"}]}, "/breaks/0/until"),
    ({"breaks": [{"from": "12:00", "until": "14:00"}]}, "/breaks"),
    ({"breaks": [{"from": "14:00"}]}, "/breaks/0/until"),
    ({"counters": 0}, "/counters"),
    ({"weekday": 8}, "/weekday"),
    ({"weekday": None}, "/weekday"),
    ({"date": "2026-12-24"}, "/weekday"),
    ({"weekday": None, "date": "2026-12-24", "validFrom": "2026-12-01"}, "/validFrom"),
    ({"validFrom": "2026-12-02", "validUntil": "2026-12-01"}, "/validUntil"),
    ({"date": "2026-02-30"}, "/date"),
]


async def test_what_an_opening_rule_cannot_be(town: None, admin: httpx.AsyncClient, subtests: pytest.Subtests) -> None:
    made = (await admin.post(f"{V1}/opening-rules", json=RULE | {"closes": "24:00"})).json()
    assert made["closes"] == "24:00"
    for fields, pointer in RULES:
        for method, address in (("POST", "opening-rules"), ("PUT", f"opening-rules/{made['id']}")):
            with subtests.test(method=method, **fields):
                answer = await admin.request(method, f"{V1}/{address}", json=RULE | fields)
                assert (*problem(answer), pointers(answer)) == (400, "invalid-input", {pointer})
    several = await admin.put(f"{V1}/opening-rules/{made['id']}", json=RULE | {"weekdays": [1]})
    assert pointers(several) == {"/weekdays"}


async def test_closing_days_between_two_dates(town: None, admin: httpx.AsyncClient, desk: Desk) -> None:
    for new in (
        {"date": "2026-12-24", "from": "10:00", "reason": "Kerstavond"},
        {"date": "2026-11-25", "location": "stadhuis"},
    ):
        assert (await admin.post(f"{V1}/closing-days", json=new)).status_code == 201
    listed = (await admin.get(f"{V1}/closing-days", params={"from": "2026-12-01", "to": "2026-12-24"})).json()
    assert [item | {"id": 0} for item in listed["results"]] == [
        {"id": 0, "location": None, "date": "2026-12-24", "from": "10:00", "until": "24:00", "reason": "Kerstavond"}
    ]
    assert (await admin.get(f"{V1}/closing-days", params={"location": "stadhuis"})).json()["total"] == 2
    days = await desk.days("paspoort", last=DAY.replace(day=26))
    assert [bool(days[day]) for day in ("2026-11-25", "2026-11-26")] == [False, True]
    wrong = await admin.post(f"{V1}/closing-days", json={"date": "2026-12-24", "from": "12:00", "until": "11:00"})
    assert pointers(wrong) == {"/until"}


async def booked(desk: Desk, start: str, *products: str) -> str:
    answer = await desk.book(start, *products)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["code"])


async def test_a_closing_tells_whom_it_touches_and_cancels_nothing(
    town: None, admin: httpx.AsyncClient, agent: Desk, desk: Desk
) -> None:
    early, late = await booked(desk, "9:20"), await booked(desk, "11:50")
    closing = {"date": "2026-11-24", "location": "stadhuis", "from": "11:55"}
    dry = await admin.post(f"{V1}/closing-days", params={"dryRun": "true"}, json=closing)
    expected = [{"code": late, "startsAt": "2026-11-24T10:50:00Z", "location": "stadhuis"}]
    assert (dry.status_code, dry.json()["touched"]) == (200, expected)
    assert (await admin.get(f"{V1}/closing-days")).json()["total"] == 0
    assert "11:40" in await desk.starts("paspoort")
    done = await admin.post(f"{V1}/closing-days", json=closing)
    assert done.json()["touched"] == expected
    assert (await agent.client.get(f"{V1}/appointments/{late}")).json()["status"] == "booked"
    more = await admin.put(f"{V1}/closing-days/{done.json()['id']}", json=closing | {"from": "09:00"})
    assert [item["code"] for item in more.json()["touched"]] == [early]  # of the other one it was told before
    gone = await admin.delete(f"{V1}/closing-days/{done.json()['id']}")
    assert (gone.status_code, gone.json()) == (200, {"touched": []})


async def test_every_kind_of_change_can_touch(town: None, admin: httpx.AsyncClient, desk: Desk) -> None:
    code = await booked(desk, "10:00")
    rules = (await admin.get(f"{V1}/opening-rules")).json()["results"]
    tuesday = next(rule["id"] for rule in rules if rule["weekday"] == 2)
    for method, address, body in (
        ("PUT", "products/paspoort", {"name": "P", "durationMinutes": 10, "withdrawnFrom": "2026-11-24"}),
        ("PUT", "locations/stadhuis", {"name": "S", "products": ["rijbewijs"]}),
        ("PUT", "locations/stadhuis", {"name": "S", "openUntil": "2026-11-23"}),
        ("PUT", "counters/stadhuis-1", {"name": "B", "location": "stadhuis", "products": ["rijbewijs"]}),
        ("PUT", "counters/stadhuis-1", {"name": "B", "location": "stadhuis", "openFrom": "2026-11-25"}),
        ("PUT", f"opening-rules/{tuesday}", RULE | {"weekday": 2}),
        ("DELETE", f"opening-rules/{tuesday}", None),
        ("POST", "opening-rules", {"location": "stadhuis", "date": "2026-11-24", "opens": "11:00", "closes": "12:00"}),
        ("POST", "closing-days", {"date": "2026-11-24"}),
    ):
        answer = await admin.request(method, f"{V1}/{address}", params={"dryRun": "true"}, json=body)
        assert [item["code"] for item in answer.json()["touched"]] == [code], (method, address, answer.text)
    for method, address, body in (
        ("PUT", "products/paspoort", {"name": "P", "durationMinutes": 60}),
        (
            "PUT",
            f"opening-rules/{tuesday}",
            RULE | {"weekday": 2, "opens": "09:00", "closes": "12:00", "staffOnly": True},
        ),
        ("PUT", "counters/stadhuis-2", {"name": "B", "location": "stadhuis", "products": ["rijbewijs"]}),
    ):
        answer = await admin.request(method, f"{V1}/{address}", params={"dryRun": "true"}, json=body)
        assert (answer.status_code, answer.json()["touched"]) == (200, []), (method, address)


async def test_a_dry_run_changes_nothing(town: None, admin: httpx.AsyncClient) -> None:
    dry = {"dryRun": "true"}
    key = {"Idempotency-Key": "k"}
    tried = await admin.post(f"{V1}/products", params=dry, json=PRODUCT, headers=key)
    assert (tried.status_code, tried.json()["code"], "Location" in tried.headers) == (200, PRODUCT["code"], False)
    content = {"name": "Anders", "durationMinutes": 10}
    answer = await admin.put(f"{V1}/products/paspoort", params=dry, json=content)
    assert answer.json()["name"] == "Anders"
    assert (await admin.delete(f"{V1}/products/paspoort", params=dry)).status_code == 200
    listed = (await admin.get(f"{V1}/products")).json()["results"]
    assert [item["name"] for item in listed] == ["Paspoort", "Rijbewijs"]
    assert (await admin.post(f"{V1}/products", json=PRODUCT, headers=key)).status_code == 201
    assert (await admin.post(f"{V1}/products", params={"dryRun": "misschien"}, json=PRODUCT)).status_code == 400


async def test_the_same_key_makes_one_thing(town: None, admin: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "0d5b0c5e"}
    first = await admin.post(f"{V1}/opening-rules", json=RULE | {"weekdays": [3]}, headers=key)
    again = await admin.post(f"{V1}/opening-rules", json=RULE | {"weekdays": [3]}, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert len(first.json()["ids"]) == 2
    other = await admin.post(f"{V1}/opening-rules", json=RULE, headers=key)
    assert problem(other) == (409, "key-reused")
    assert (await admin.get(f"{V1}/opening-rules")).json()["total"] == 9
    assert (
        await admin.post(f"{V1}/opening-rules", json=RULE, headers={"Idempotency-Key": "x" * 201})
    ).status_code == 400


async def test_what_is_in_use_stays_and_says_what_can_be_done(town: None, admin: httpx.AsyncClient, desk: Desk) -> None:
    await booked(desk, "10:00")
    for address, advice in (
        ("products/paspoort", "withdrawnFrom"),
        ("locations/stadhuis", "openUntil"),
        ("counters/stadhuis-1", "openUntil"),
    ):
        answer = await admin.delete(f"{V1}/{address}")
        assert problem(answer) == (409, "in-use"), address
        assert advice in answer.json()["detail"]


async def test_a_restriction_never_turns_into_every_product(town: None, admin: httpx.AsyncClient) -> None:
    body = {"name": "B", "location": "stadhuis", "products": ["rijbewijs"]}
    assert (await admin.put(f"{V1}/counters/stadhuis-2", json=body)).json()["products"] == ["rijbewijs"]
    answer = await admin.delete(f"{V1}/products/rijbewijs")
    assert problem(answer) == (409, "in-use")
    assert "stadhuis-2" in answer.json()["detail"]


async def test_what_is_not_in_use_goes(town: None, admin: httpx.AsyncClient, desk: Desk, moment: SetClock) -> None:
    held = await desk.hold("9:00", "paspoort")
    busy = await admin.delete(f"{V1}/counters/stadhuis-1")
    assert problem(busy) == (409, "in-use")
    assert held.status_code == 201
    moment.move(minutes=30)
    assert problem(await admin.delete(f"{V1}/locations/stadhuis")) == (409, "in-use")  # counters
    for address in ("counters/stadhuis-1", "counters/stadhuis-2", "locations/stadhuis", "products/paspoort"):
        answer = await admin.delete(f"{V1}/{address}")
        assert (answer.status_code, answer.json()) == (200, {"touched": []}), address
        assert (await admin.get(f"{V1}/{address}")).status_code == 404
    assert (await admin.get(f"{V1}/opening-rules")).json()["total"] == 0


async def test_what_is_not_there(town: None, admin: httpx.AsyncClient) -> None:
    contents = {
        "products/weg": {"name": "W", "durationMinutes": 5},
        "locations/weg": {"name": "W", "address": "A"},
        "counters/weg": {"name": "W", "location": "stadhuis"},
        "opening-rules/999": RULE,
        "closing-days/999": {"date": "2026-12-24"},
    }
    for address, content in contents.items():
        assert (await admin.get(f"{V1}/{address}")).status_code == 404
        assert (await admin.put(f"{V1}/{address}", json=content)).status_code == 404
        assert (await admin.delete(f"{V1}/{address}")).status_code == 404


async def test_combining_goes_both_ways(town: None, admin: httpx.AsyncClient) -> None:
    async def combinable(code: str) -> list[str]:
        return list((await admin.get(f"{V1}/products/{code}")).json()["combinableWith"])

    content = {"name": "Paspoort", "durationMinutes": 10}
    await admin.put(f"{V1}/products/paspoort", json=content | {"combinableWith": ["rijbewijs", "paspoort"]})
    assert (await combinable("paspoort"), await combinable("rijbewijs")) == (["rijbewijs"], ["paspoort"])
    await admin.put(f"{V1}/products/rijbewijs", json={"name": "Rijbewijs", "durationMinutes": 10})
    assert (await combinable("paspoort"), await combinable("rijbewijs")) == ([], [])
