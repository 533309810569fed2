"""The simulated weeks of the demonstration: true to life, labelled, joined, and the same every time."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from sqlmodel import func, select

from kcc.access.roles import Role
from kcc.appointments.plan_queries import closings_everywhere
from kcc.catalogue import queries as catalogue
from kcc.catalogue.models import Department
from kcc.clock import Clock
from kcc.contacts import demonstration, demonstration_desk
from kcc.contacts.callbacks.rules import Rules, rules
from kcc.contacts.log.models import Contact, Question
from kcc.contacts.telephony.models import CallEvent
from kcc.contacts.telephony.simulating import SIMULATED
from kcc.knowledge import queries as knowledge
from kcc.settings import Settings
from kcc.storage.database import Database
from tests.conftest import SetClock
from tests.contacts.conftest import Log, WithToken

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # 10.00 hours, a Tuesday
DAYS = 28


@pytest.fixture
def callback_rules(settings: Settings, clock: Clock) -> Rules:
    return rules(settings, clock, closings_everywhere)


async def load(database: Database, rules: Rules) -> bool:
    async with database.writing() as session:
        articles = [(article.slug, article.topic) for article in await knowledge.published(session)]
        return await demonstration.load(session, rules, "s" * 40, "anna", articles, NOW, DAYS)


async def test_the_weeks_before(
    kennisbank: None, database: Database, callback_rules: Rules, lead: Log, log: Log
) -> None:
    assert await load(database, callback_rules)
    days = {"from": "2026-10-27", "to": "2026-11-23"}
    rows = (await lead.client.get("/api/v1/first-contact", params=days | {"by": "month"})).json()["rows"]
    eligible, resolved = (sum(row[name] for row in rows) for name in ("eligibleAll", "resolvedAll"))
    assert eligible > 800
    assert 0.36 < resolved / eligible < 0.48
    unjoined = (await lead.client.get("/api/v1/contacts/unjoined", params=days)).json()
    calls = (await lead.client.get("/api/v1/calls", params=days)).json()
    assert calls["total"] > 1000
    assert unjoined["contactsTotal"] == 0
    assert 0.01 < unjoined["callsTotal"] / calls["total"] < 0.1
    assert len(await log.listed(limit="100")) == 100
    assert {question["note"] for one in await log.listed() for question in one["questions"]} == {demonstration.NOTE}
    async with database.reading() as session:
        kinds = (await session.exec(select(CallEvent.kind).where(CallEvent.kind == SIMULATED))).all()
    assert kinds == [SIMULATED]


async def test_twice_is_once(kennisbank: None, database: Database, callback_rules: Rules) -> None:
    async def counted() -> list[int]:
        async with database.reading() as session:
            return [
                (await session.exec(select(func.count()).select_from(table))).one()
                for table in (Contact, Question, CallEvent)
            ]

    assert await load(database, callback_rules)
    before = await counted()
    assert not await load(database, callback_rules)
    assert await counted() == before


async def load_desk(database: Database, callback_rules: Rules, moment: SetClock) -> bool:
    async with database.writing() as session:
        slugs = {article.slug for article in await knowledge.published(session)}
        agent = ("anna", "Demo medewerker")
        return await demonstration_desk.load(session, callback_rules, "s" * 40, agent, slugs, moment.now())


async def test_what_waits_at_the_desk(
    kennisbank: None, database: Database, callback_rules: Rules, moment: SetClock, log: Log, with_token: WithToken
) -> None:
    editor = await with_token(Role.EDITOR)
    assert await load_desk(database, callback_rules, moment)

    async def listed(path: str, client: httpx.AsyncClient = log.client, **query: str) -> list[dict[str, Any]]:
        answer = await client.get(f"/api/v1/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["results"])

    callbacks = {state: await listed("callbacks", state=state) for state in ("open", "overdue", "closed")}
    assert len(callbacks["overdue"]) == 1
    assert {one["outcome"] for one in callbacks["closed"]} == {"done", "not-reached"}
    tried = [one for one in callbacks["open"] if one["id"] not in {late["id"] for late in callbacks["overdue"]}]
    assert {len(one["attempts"]) for one in tried} == {0, 2}
    assert all(one["email"] is None or one["email"].endswith("@voorbeeld.example") for one in callbacks["open"])
    current, ended = await listed("announcements"), await listed("announcements", state="ended")
    assert [(one["importance"], one["read"]) for one in current + ended] == [("important", False), ("normal", True)]
    questions = await listed("department-questions", editor)
    assert [one["answer"] is None for one in questions] in ([True, False], [False, True])
    (mailboxes,) = [row for row in await departments(database) if row.code == "afval"]
    assert (mailboxes.email, mailboxes.lead_email) == ("afval@voorbeeld.example", "hoofd-afval@voorbeeld.example")


async def departments(database: Database) -> Sequence[Department]:
    async with database.reading() as session:
        return await catalogue.departments(session)


async def test_the_desk_twice_is_once(
    kennisbank: None, database: Database, callback_rules: Rules, moment: SetClock, log: Log
) -> None:
    async with database.writing() as session:
        for row in await catalogue.departments(session):
            row.email = "eigen@voorbeeld.example"
    assert await load_desk(database, callback_rules, moment)
    moment.move(days=30)
    assert not await load_desk(database, callback_rules, moment)
    assert {row.email for row in await departments(database)} == {"eigen@voorbeeld.example"}
    assert (await log.client.get("/api/v1/announcements", params={"state": "ended"})).json()["total"] == 2


async def test_nothing_where_nothing_can_be_asked_about(database: Database, callback_rules: Rules) -> None:
    assert not await load(database, callback_rules)
