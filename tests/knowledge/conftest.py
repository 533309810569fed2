"""What tests of the kennisbank share."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from starlette.applications import Starlette

from kcc.clock import Clock
from kcc.knowledge.importing import Report, import_path
from kcc.knowledge.indexing import Indexer
from kcc.settings import Settings
from kcc.storage.database import Database

BringIn = Callable[[Path], Awaitable[Report]]


@pytest.fixture
def bring_in(database: Database, clock: Clock) -> BringIn:
    """`await bring_in(path)` imports a file or folder as the command does."""

    async def bring_in(path: Path) -> Report:
        return await import_path(database, path, clock.now())

    return bring_in


@pytest.fixture
def index_now(database: Database, settings: Settings, app: Starlette) -> Callable[[], Awaitable[None]]:
    """`await index_now()` brings the index in step, as the background work does, and the service's search with it."""
    indexer = Indexer(database, settings.index_dir)

    async def step() -> None:
        await indexer.step()
        for _ in range(300):  # another thread may be opening it; in some tests there is nothing usable to open
            if app.state.lifespan["searcher"].is_current():
                return
            await asyncio.sleep(0.01)

    return step


async def until(look: Callable[[], Awaitable[object]], expected: object) -> None:
    """Wait until looking shows what is expected; fails with what was seen last when it stays away."""
    seen: object = None
    for _ in range(5000):
        seen = await look()
        if seen == expected:
            return
        await asyncio.sleep(0.02)
    assert seen == expected
