"""Searches are counted in memory and merged in the database: nothing is lost, nothing counted twice."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from sqlmodel import select
from starlette.applications import Starlette

from kcc.access.roles import Role
from kcc.clock import Clock
from kcc.knowledge import search_counts
from kcc.knowledge.models import SearchChannel, SearchCount, Verdict
from kcc.knowledge.search_counts import SearchCounter
from kcc.storage.database import Database
from tests.conftest import SetClock

DESK, RESIDENT = SearchChannel.DESK, SearchChannel.RESIDENT
SignIn = Callable[..., Awaitable[httpx.AsyncClient]]


async def counted(database: Database) -> dict[tuple[str, str], tuple[int, int, int, int, int]]:
    """By channel and words: searches, without result, opened, resolved, not the answer."""
    async with database.reading() as session:
        rows = (await session.exec(select(SearchCount))).all()
    return {
        (row.channel, row.query): (row.searches, row.without_result, row.opened, row.resolved, row.not_the_answer)
        for row in rows
    }


async def test_parallel_flushes_of_several_processes_add_up(database: Database, clock: Clock) -> None:
    words = [f"woord {number}" for number in range(40)]
    counters = [SearchCounter(database, clock) for _ in range(6)]
    for _ in range(4):
        for index, counter in enumerate(counters):
            for word in words if index % 2 else reversed(words):  # in another order: a deadlock waits here
                counter.searched(RESIDENT, word, 0)
        await asyncio.gather(*(counter.flush() for counter in counters))
    assert await counted(database) == {("resident", word): (24, 24, 0, 0, 0) for word in words}


async def test_all_that_can_happen_to_a_search_is_counted(database: Database, clock: Clock, moment: SetClock) -> None:
    counter = SearchCounter(database, clock)
    counter.searched(DESK, "Paspoort  KWIJT", 3)
    counter.searched(DESK, "paspoort kwijt", 0)
    counter.opened(DESK, "paspoort kwijt")
    counter.judged(DESK, "paspoort kwijt", Verdict.RESOLVED)
    counter.judged(DESK, "paspoort kwijt", Verdict.NOT_THE_ANSWER)
    counter.judged(DESK, "paspoort kwijt", Verdict.WRONG)
    counter.searched(RESIDENT, "paspoort kwijt", 1)
    counter.searched(DESK, "  ", 0)
    await counter.flush()
    await counter.flush()
    assert await counted(database) == {
        ("desk", "paspoort kwijt"): (2, 1, 1, 1, 1),
        ("resident", "paspoort kwijt"): (1, 0, 0, 0, 0),
    }
    moment.move(days=1)
    counter.searched(DESK, "paspoort kwijt", 1)
    await counter.flush()
    async with database.reading() as session:
        assert len((await session.exec(select(SearchCount))).all()) == 3


async def test_no_number_of_different_searches_is_too_many(database: Database, clock: Clock) -> None:
    counter = SearchCounter(database, clock)
    for number in range(4_200):
        counter.searched(RESIDENT, f"x{number % 1000}y{number // 1000}", 1)
    await counter.flush()
    assert len(await counted(database)) == 4_200


class Unreliable:
    """A database that fails or stands still for a while."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.failing = False
        self.stuck: asyncio.Event | None = None

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Any]:
        async with self._database.writing() as session:
            yield session
            if self.stuck is not None:
                self.stuck.set()
                self.stuck = None
                await asyncio.Event().wait()
            if self.failing:
                raise OSError("the disk is full")


async def test_a_flush_that_fails_loses_nothing(database: Database, clock: Clock) -> None:
    unreliable = Unreliable(database)
    counter = SearchCounter(unreliable, clock)  # type: ignore[arg-type]
    unreliable.failing = True
    for number in range(3):
        counter.searched(DESK, "paspoort", number)
        await counter.flush()
    assert await counted(database) == {}
    unreliable.failing = False
    await counter.flush()
    assert await counted(database) == {("desk", "paspoort"): (3, 1, 0, 0, 0)}


async def test_being_stopped_in_the_middle_of_a_flush_loses_nothing(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_counts, "FLUSH_SECONDS", 0)
    unreliable = Unreliable(database)
    counter = SearchCounter(unreliable, clock)  # type: ignore[arg-type]
    counter.searched(DESK, "paspoort", 1)
    stuck = unreliable.stuck = asyncio.Event()
    task = asyncio.create_task(counter.run())
    await stuck.wait()
    counter.searched(DESK, "rijbewijs", 1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await counted(database) == {("desk", "paspoort"): (1, 0, 0, 0, 0), ("desk", "rijbewijs"): (1, 0, 0, 0, 0)}


async def test_what_residents_and_agents_do_is_counted_when_it_says_something(
    kennisbank: None, app: Starlette, client: httpx.AsyncClient, sign_in: SignIn, database: Database
) -> None:
    await client.get("/antwoorden", params={"q": "Grofvuil"})
    await client.get("/antwoorden", params={"q": "grofvuil", "offset": "10"})  # the same search, further on
    await client.get("/antwoorden/grofvuil", params={"q": "grofvuil"})
    await client.post("/antwoorden/grofvuil/reactie", data={"verdict": "not-the-answer", "query": "grofvuil"})
    await client.get("/antwoorden/grofvuil", params={"q": "grofvuil", "reactie": "bedankt"})  # where that leads to
    await client.get("/api/v1/articles", params={"q": "machine"})  # a program, not a person
    agent = await sign_in(Role.AGENT)
    typing = {"HX-Target": "section#gevonden"}
    for words in ("g", "gr", "gro"):
        assert (await agent.get("/werk", params={"q": words}, headers=typing)).status_code == 200
    await agent.post("/werk/zoekvraag", data={"query": "groffuil", "found": "0"})
    await agent.get("/werk", params={"q": "zonder script"})
    await agent.get("/werk", params={"q": "groffuil", "artikel": "grofvuil"}, headers={"HX-Target": "div#artikel"})
    await agent.post("/werk/reactie", data={"verdict": "resolved", "query": "groffuil", "slug": "grofvuil"})
    await app.state.lifespan["counter"].flush()
    assert await counted(database) == {
        ("resident", "grofvuil"): (1, 0, 1, 0, 1),
        ("desk", "groffuil"): (1, 1, 1, 1, 0),
        ("desk", "zonder script"): (1, 1, 0, 0, 0),
    }
