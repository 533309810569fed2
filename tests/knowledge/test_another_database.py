"""An index says which database it was read from: another, or the same before a restore, is not answered from."""

import shutil
from datetime import timedelta
from pathlib import Path

from kcc.clock import Clock
from kcc.knowledge.indexing import is_current, is_usable, rebuild, sole_writer
from kcc.settings import Settings
from kcc.storage import outbox
from kcc.storage.database import Database

TOPIC = "knowledge.article"


async def _change(database: Database, clock: Clock, times: int, later: timedelta = timedelta()) -> None:
    async with database.writing() as session:
        for number in range(times):
            await outbox.append(session, TOPIC, f"artikel-{number}", clock.now() + later)


async def test_an_index_ahead_of_its_database_is_not_current(
    database: Database, settings: Settings, clock: Clock
) -> None:
    await _change(database, clock, 3)
    await rebuild(database, settings.index_dir)
    assert await is_current(database, settings.index_dir)
    assert await is_usable(database, settings.index_dir)
    async with database.writing() as session:  # as after restoring a backup: the newest changes never were
        newest = await session.get_one(outbox.OutboxEntry, await outbox.last_position(session, TOPIC))
        await session.delete(newest)
    assert not await is_current(database, settings.index_dir)
    assert not await is_usable(database, settings.index_dir)


async def test_another_change_with_the_same_number_is_told_apart(
    database: Database, settings: Settings, clock: Clock
) -> None:
    await _change(database, clock, 1)
    await rebuild(database, settings.index_dir)
    async with database.writing() as session:
        entry = await session.get_one(outbox.OutboxEntry, await outbox.last_position(session, TOPIC))
        entry.created_at += timedelta(days=1)
    assert not await is_current(database, settings.index_dir)
    await rebuild(database, settings.index_dir)
    assert await is_current(database, settings.index_dir)


def test_removing_the_index_does_not_remove_the_lock_of_its_writer(tmp_path: Path) -> None:
    root = tmp_path / "index"
    with sole_writer(root) as mine:
        assert mine
        shutil.rmtree(root, ignore_errors=True)
        with sole_writer(root) as second:
            assert not second
    with sole_writer(root) as after:
        assert after
