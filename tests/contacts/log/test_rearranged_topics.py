"""However topics are moved and merged, every question that was logged is counted once."""

import itertools
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kcc.access.roles import Role
from tests.contacts.conftest import Log, WithToken

TODAY = {"from": "2026-11-24", "to": "2026-11-24"}
GROUPS, TOPICS = 2, 4
_numbers = itertools.count()
things = st.integers(0, GROUPS + TOPICS - 1)
steps = st.lists(st.tuples(st.sampled_from(["move", "merge"]), things, things), max_size=8)


async def rearrange(administrator: httpx.AsyncClient, codes: list[str], step: tuple[str, int, int]) -> int:
    what, one, other = step
    address = f"/api/v1/topics/{codes[one]}"
    if what == "merge":
        return (await administrator.post(f"{address}/merge", json={"target": codes[other]})).status_code
    content = {"name": codes[one], "parent": codes[other], "department": "afval"}
    return (await administrator.put(address, json=content)).status_code


async def groups_and_topics(administrator: httpx.AsyncClient) -> list[dict[str, Any]]:
    return list((await administrator.get("/api/v1/topics", params={"limit": 100})).json()["results"])


async def check_totals(administrator: httpx.AsyncClient, lead: Log, logged: int) -> None:
    found = (await lead.client.get("/api/v1/frequent-problems", params=TODAY)).json()
    assert (found["questions"], found["withoutTopic"]) == (logged, 0)
    assert sum(row["questions"] for row in found["rows"]) == logged
    assert sum(row["before"] for row in found["rows"]) == 0
    rows = await groups_and_topics(administrator)
    assert {row["topic"] for row in found["rows"]} <= {row["code"] for row in rows}
    groups = [row["code"] for row in rows if row["parent"] is None]
    assert {row["parent"] for row in rows} - {None} <= set(groups)
    by_group = [
        (await lead.client.get("/api/v1/contacts", params={"topic": code, "limit": 1})).json()["total"]
        for code in groups
    ]
    assert sum(by_group) == logged
    (first,) = (await lead.client.get("/api/v1/first-contact", params={**TODAY, "channel": "all"})).json()["rows"]
    assert first["eligibleAll"] == logged


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=steps)
async def test_totals_stay_the_same(
    log: Log, lead: Log, with_token: WithToken, asked: list[tuple[str, int, int]]
) -> None:
    administrator = await with_token(Role.ADMINISTRATOR)
    before = (await lead.client.get("/api/v1/contacts", params={"limit": 1})).json()["total"]
    name = f"x{next(_numbers)}"  # topics of its own: what was done before is no part of an example
    codes = [f"{name}-{number}" for number in range(GROUPS + TOPICS)]
    for number, code in enumerate(codes):
        parent = codes[number % GROUPS] if number >= GROUPS else None
        new = {"code": code, "name": code, "parent": parent, "department": "afval"}
        assert (await administrator.post("/api/v1/topics", json=new)).status_code == 201
    questions = [{"channel": "email", "topic": code} for number, code in enumerate(codes) for _ in range(number)]
    assert (await log.post("/quick", {"questions": questions})).status_code == 201
    for step in asked:
        assert await rearrange(administrator, codes, step) in (200, 404, 409), step
    await check_totals(administrator, lead, before + len(questions))
