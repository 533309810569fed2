"""Many at once: nothing is lost, nothing is there twice."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

from tests.contacts.conftest import Log, answered

AsAgent = Callable[..., Awaitable[Log]]
AGENTS = 50


async def test_finishing_twice_at_once_finishes_once(log: Log) -> None:
    contact = await log.start(questions=[{"topic": "paspoort"}])
    responses = await asyncio.gather(*(log.finish(contact, outcome="resolved") for _ in range(8)))
    assert {response.status_code for response in responses} == {200}
    assert len({response.text for response in responses}) == 1
    assert (await log.read(contact))["version"] == contact["version"] + 1


async def test_of_different_outcomes_at_once_one_stands(log: Log) -> None:
    contact = await log.start(questions=[{"topic": "paspoort"}])
    outcomes = ["resolved", "referred", "appointment-made", "disconnected"]
    responses = await asyncio.gather(*(log.finish(contact, outcome=outcome) for outcome in outcomes))
    assert sorted(response.status_code for response in responses) == [200, 409, 409, 409]
    (kept,) = [response.json() for response in responses if response.status_code == 200]
    assert (await log.read(contact))["questions"] == kept["questions"]


async def test_of_changes_of_one_version_at_once_one_stands(log: Log) -> None:
    contact = await log.start()
    responses = await asyncio.gather(*(log.change(contact, caseNumber=str(number)) for number in range(8)))
    assert sorted(response.status_code for response in responses) == [200] + [412] * 7
    (kept,) = [response.json() for response in responses if response.status_code == 200]
    assert (await log.read(contact))["caseNumber"] == kept["caseNumber"]


async def test_finishing_while_a_question_comes_in_leaves_no_open_question_behind(log: Log) -> None:
    for _ in range(5):
        contact = await log.start(questions=[answered()])
        changed, finished = await asyncio.gather(
            log.change(contact, questions=[{"topic": "vermissing"}]), log.finish(contact)
        )
        assert sorted([changed.status_code, finished.status_code]) in ([200, 409], [200, 412])
        after = await log.read(contact)
        assert (after["finishedAt"] is None) == any(one["outcome"] is None for one in after["questions"])


async def test_the_same_key_at_once_begins_one_contact(log: Log) -> None:
    body = {"channel": "phone"}
    responses = await asyncio.gather(*(log.post("", body, **{"Idempotency-Key": "a"}) for _ in range(8)))
    assert {response.status_code for response in responses} == {201}
    assert len({response.json()["id"] for response in responses}) == 1
    assert len(await log.listed()) == 1


async def test_fifty_agents_log_at_once(as_agent: AsAgent, lead: Log) -> None:
    agents = [await as_agent(f"agent-{number}") for number in range(AGENTS)]

    async def works(agent: Log) -> None:
        first, second = await asyncio.gather(agent.start(), agent.start("chat"))  # two contacts side by side
        first = await agent.changed(first, questions=[{"articles": ["paspoort-aanvragen"]}])
        await asyncio.gather(
            agent.finished(first, outcome="resolved"), agent.finished(second, topic="inzameling", outcome="transferred")
        )

    await asyncio.gather(*(works(agent) for agent in agents))
    found = [one for offset in ("0", "100") for one in await lead.listed(limit="100", offset=offset)]
    assert Counter(one["agent"] for one in found) == {f"agent-{number}": 2 for number in range(AGENTS)}
    assert all(one["finishedAt"] for one in found)
    ended = Counter((one["channel"], *((q["topic"], q["source"]) for q in one["questions"])) for one in found)
    assert ended == {
        ("phone", ("paspoort", "article")): AGENTS,
        ("chat", ("inzameling", "department-reached")): AGENTS,
    }
