"""`/targets`: what is set, replaced, taken back and refused. Days that are over keep what they were judged by."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kcc.storage.database import Database
from tests.service_levels.phone.conftest import answered
from tests.service_levels.targets.conftest import PATH, TODAY, TOMORROW, YESTERDAY, Lead

AT = 1_795_507_200  # 24 November 2026, 9.00 in Amsterdam
PHONE = "service-level"


async def test_nothing_was_set_yet(lead: Lead) -> None:
    answer = (await lead.client.get(PATH)).json()
    assert (answer["total"], answer["results"]) == (0, [])
    assert {one["metric"]: (one["level"], one["threshold"], one["variant"]) for one in answer["defaults"]} == {
        PHONE: (80, 30, "offered"),
        "first-contact": (80, None, None),
        "callbacks-in-time": (100, None, None),
        "counter-wait": (95, 300, None),
        "walk-in-wait": (None, 900, None),
    }
    assert (await lead.client.get(PATH)).headers["Cache-Control"] == "no-store"


async def test_a_target_with_its_history(lead: Lead) -> None:
    first = await lead.set(PHONE, "2025-01-01", 70, 30)
    assert first == {
        "id": first["id"],
        "metric": PHONE,
        "scope": dict.fromkeys(("queue", "topic", "department", "product", "location")),
        "validFrom": "2025-01-01",
        "until": None,
        "level": 70,
        "threshold": 30,
        "variant": "offered",
        "setBy": first["setBy"],
        "setAt": first["setAt"],
    }
    assert first["setBy"]
    await lead.set(PHONE, "2027-01-01", 80, 20)
    await lead.set(PHONE, TODAY, 80, 25, variant="answered")
    await lead.set("counter-wait", TOMORROW, 95, 300, scope={"location": "stadhuis"})
    found = [(one["validFrom"], one["until"], one["threshold"]) for one in await lead.listed(metric=PHONE)]
    assert found == [
        ("2027-01-01", None, 20),
        (TODAY, "2026-12-31", 25),
        ("2025-01-01", YESTERDAY, 30),
    ]
    assert len(await lead.listed()) == 4
    page = (await lead.client.get(PATH, params={"limit": "1", "offset": "1"})).json()
    assert (len(page["results"]), page["total"]) == (1, 4)
    assert "offset=2" in page["next"]


async def test_once_more_replaces(lead: Lead) -> None:
    before = await lead.set(PHONE, TOMORROW, 80, 30)
    assert await lead.set(PHONE, TOMORROW, 80, 30) == before
    assert (await lead.set(PHONE, TOMORROW, 85, 20))["id"] == before["id"]
    ((level, threshold),) = [(one["level"], one["threshold"]) for one in await lead.listed()]
    assert (level, threshold) == (85, 20)


async def test_many_at_once_are_one(lead: Lead) -> None:
    answers = await asyncio.gather(*(lead.put(PHONE, TOMORROW, 80 + number, 30) for number in range(6)))
    assert [answer.status_code for answer in answers] == [200] * 6
    assert len(await lead.listed()) == 1


def problem(answer: Any) -> tuple[int, str, list[str]]:
    body = answer.json()
    return answer.status_code, body["type"].rpartition("/")[2], [one["location"]["pointer"] for one in body["errors"]]


async def test_what_was_judged_is_never_changed(lead: Lead, moment: Any) -> None:
    row = await lead.set(PHONE, YESTERDAY, 80, 30)  # the first of its kind: writes down what held
    await lead.set(PHONE, YESTERDAY, 80, 25)  # and may be mended that day
    moment.move(days=1)
    past = (409, "target-in-the-past", ["/validFrom"])
    assert problem(await lead.put(PHONE, YESTERDAY, 70, 30)) == past
    assert problem(await lead.put(PHONE, TODAY, 70, 30)) == past  # that is yesterday by now
    assert problem(await lead.put(PHONE, "2020-01-01", 70, 30)) == past
    gone = await lead.client.delete(f"{PATH}/{row['id']}")
    assert (gone.status_code, gone.json()["type"].rpartition("/")[2]) == (409, "target-in-the-past")
    assert [(one["validFrom"], one["threshold"]) for one in await lead.listed()] == [(YESTERDAY, 25)]
    await lead.set(PHONE, TOMORROW, 70, 30)  # today by now


async def test_of_each_scope_the_first_may_be_in_the_past(lead: Lead) -> None:
    await lead.set("counter-wait", "2026-01-01", 95, 300)
    await lead.set("counter-wait", "2026-02-01", 90, 300, scope={"product": "paspoort"})
    answer = await lead.put("counter-wait", "2026-03-01", 90, 300, scope={"product": "paspoort"})
    assert problem(answer) == (409, "target-in-the-past", ["/validFrom"])


async def test_one_to_come_can_be_taken_back(lead: Lead) -> None:
    await lead.set(PHONE, "2026-01-01", 80, 30)
    today, later = [await lead.set(PHONE, day, 80, 20) for day in (TODAY, "2027-01-01")]
    for row in (later, today):
        assert (await lead.client.delete(f"{PATH}/{row['id']}")).status_code == 204
        assert (await lead.client.delete(f"{PATH}/{row['id']}")).status_code == 404
    ((since, until),) = [(one["validFrom"], one["until"]) for one in await lead.listed()]
    assert (since, until) == ("2026-01-01", None)


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"metric": "happiness"}, ["/metric"]),
        ({"metric": PHONE, "level": 0, "threshold": 30}, ["/level"]),
        ({"metric": PHONE, "level": 101, "threshold": 30}, ["/level"]),
        ({"metric": PHONE, "level": 79.5, "threshold": 30}, ["/level"]),
        ({"metric": PHONE, "level": "80", "threshold": 30}, ["/level"]),
        ({"metric": PHONE}, ["/threshold"]),
        ({"metric": PHONE, "threshold": 0}, ["/threshold"]),
        ({"metric": PHONE, "threshold": 3601}, ["/threshold"]),
        ({"metric": PHONE, "threshold": 30, "variant": "best"}, ["/variant"]),
        ({"metric": PHONE, "threshold": 30, "validFrom": "1850-01-01"}, ["/validFrom"]),
        ({"metric": PHONE, "threshold": 30, "validFrom": "morgen"}, ["/validFrom"]),
        ({"metric": PHONE, "threshold": 30, "validTo": "2027-01-01"}, ["/validTo"]),
        ({"metric": PHONE, "threshold": 30, "scope": {"queue": "nergens"}}, ["/scope/queue"]),
        ({"metric": PHONE, "threshold": 30, "scope": {"location": "stadhuis"}}, ["/scope/location"]),
        ({"metric": PHONE, "threshold": 30, "scope": {"queue": "a", "product": "paspoort"}}, ["/scope"]),
        ({"metric": "first-contact", "scope": {"topic": "nergens"}}, ["/scope/topic"]),
        ({"metric": "first-contact", "threshold": 30, "variant": "offered"}, ["/threshold", "/variant"]),
        ({"metric": "counter-wait", "threshold": 90}, ["/threshold"]),
        ({"metric": "counter-wait", "threshold": 3660}, ["/threshold"]),
        ({"metric": "counter-wait", "threshold": 300, "scope": {"product": "niets"}}, ["/scope/product"]),
        ({"metric": "walk-in-wait", "threshold": 7260}, ["/threshold"]),
        ({"metric": "walk-in-wait", "threshold": 600, "scope": {"location": "nergens"}}, ["/scope/location"]),
        ({"metric": "callbacks-in-time", "scope": {"department": "nergens"}}, ["/scope/department"]),
        ({"metric": "lead-time", "threshold": 7200, "scope": {"product": "paspoort"}}, ["/threshold"]),
        ({"metric": "lead-time", "scope": {"product": "niets"}}, ["/scope/product"]),
    ],
)
async def test_bad_input_is_told_at_its_place(lead: Lead, body: dict[str, Any], pointers: list[str]) -> None:
    answer = await lead.client.put(PATH, json={"validFrom": TOMORROW, "level": 80, **body})
    assert problem(answer) == (400, "invalid-input", pointers)
    assert await lead.listed() == []


async def test_an_unknown_metric_cannot_be_asked_for(lead: Lead) -> None:
    answer = await lead.client.get(PATH, params={"metric": "happiness"})
    assert (answer.status_code, answer.json()["errors"][0]["location"]) == (400, {"name": "metric"})


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ("", "metric"),  # the same once more
        ("level = 101", "level"),
        ("threshold = NULL", "threshold_fits"),
        ("threshold = 0", "threshold"),
        ("variant = NULL", "variant_fits"),
        ("code = 'x'", "code"),
        ("scope = 'planet', code = 'mars'", "target_scope"),
    ],
)
async def test_the_database_refuses_it_too(lead: Lead, database: Database, wrong: str, constraint: str) -> None:
    await lead.set(PHONE, TOMORROW, 80, 30)
    columns = "metric, scope, code, valid_from, level, threshold, variant, set_by, set_at"
    change = text(
        f"UPDATE target SET {wrong}" if wrong else f"INSERT INTO target ({columns}) SELECT {columns} FROM target"
    )
    with pytest.raises(IntegrityError, match=constraint):
        async with database.writing() as session:
            await session.exec(change)  # type: ignore[call-overload]


async def test_a_service_level_is_asked_by_the_target(lead: Lead) -> None:
    await lead.phone.log(
        *answered(AT, 1, 10), *answered(AT, 2, 25), *answered(AT, 3, 10, queue="belastingen"), *answered(AT, 4, 60)
    )
    await lead.set(PHONE, "2026-01-01", 80, 20, variant="answered")
    await lead.set(PHONE, "2026-01-01", 70, 60, scope={"queue": "belastingen"})
    await lead.set(PHONE, TOMORROW, 80, 5)

    async def definition(**query: Any) -> tuple[str, int, int]:
        answer = (await lead.phone.ask(TODAY, "2026-11-30", by="month", **query)).json()
        (row,) = answer["rows"]
        return answer["definition"]["variant"], answer["definition"]["thresholdSeconds"], row["answeredWithin"]

    assert await definition() == ("answered", 20, 2)
    assert await definition(queue="belastingen") == ("offered", 60, 1)
    assert await definition(threshold=60) == ("answered", 60, 4)
    assert await definition(threshold=0, variant="offered") == ("offered", 0, 0)
    assert await definition(queue=["algemeen", "belastingen"]) == ("answered", 20, 2)
