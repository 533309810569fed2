"""The outbox: written with what causes it, and read in the order in which it became visible."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from kcc.storage import outbox
from kcc.storage.database import Database
from kcc.storage.outbox import OutboxEntry
from tests.conftest import NOW

TOPIC = "test.topic"


async def _append(database: Database, key: str, topic: str = TOPIC) -> None:
    async with database.writing() as session:
        await outbox.append(session, topic, key, NOW)


async def _keys_since(database: Database, position: int) -> list[str]:
    async with database.reading() as session:
        return [entry.key for entry in await outbox.since(session, TOPIC, position)]


async def test_an_entry_keeps_what_it_was_given(database: Database) -> None:
    async with database.writing() as session:
        await outbox.append(session, TOPIC, "artikel", NOW, {"naam": "Café ☕", "aantal": 2})
    async with database.reading() as session:
        (entry,) = await outbox.since(session, TOPIC, 0)
    assert (entry.key, entry.payload) == ("artikel", {"naam": "Café ☕", "aantal": 2})
    assert (entry.created_at, entry.attempts, entry.done_at, entry.last_error) == (NOW, 0, None, None)


async def test_an_entry_shares_the_fate_of_its_transaction(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.writing() as session:
            await outbox.append(session, TOPIC, "undone", NOW)
            raise ZeroDivisionError
    assert await _keys_since(database, 0) == []


async def test_a_follower_reads_its_own_topic_from_where_it_was(database: Database) -> None:
    for key in ("a", "b", "c"):
        await _append(database, key)
        await _append(database, key + "-elsewhere", "test.other")
    async with database.reading() as session:
        first, *_ = await outbox.since(session, TOPIC, 0)
        assert [entry.key for entry in await outbox.since(session, TOPIC, 0, limit=2)] == ["a", "b"]
        last = await outbox.last_position(session, TOPIC)
    assert first.id is not None
    assert await _keys_since(database, first.id) == ["b", "c"]
    assert await _keys_since(database, last) == []


async def test_the_last_position_of_nothing_is_zero(database: Database) -> None:
    async with database.reading() as session:
        assert await outbox.last_position(session, TOPIC) == 0


async def test_a_position_is_never_given_twice(database: Database) -> None:
    """Also not after the newest entry was deleted: a follower would skip its successor."""
    await _append(database, "a")
    async with database.writing() as session:
        (entry,) = await outbox.since(session, TOPIC, 0)
        position = entry.id
        await session.delete(entry)
    assert position is not None
    await _append(database, "b")
    assert await _keys_since(database, position) == ["b"]


async def test_entries_become_visible_in_order_whoever_commits_first(database: Database) -> None:
    """A follower that reads while many append, each taking its time to commit, sees every entry once."""
    count = 40

    async def append(number: int) -> None:
        async with database.writing() as session:
            await outbox.append(session, TOPIC, str(number), NOW)
            await asyncio.sleep(0.001 * (number % 7))

    seen: list[str] = []
    position = 0

    async def follow() -> None:
        nonlocal position
        while len(seen) < count:
            async with database.reading() as session:
                for entry in await outbox.since(session, TOPIC, position):
                    seen.append(entry.key)
                    position = entry.id or position
            await asyncio.sleep(0)

    async with asyncio.timeout(240):
        await asyncio.gather(follow(), *(append(number) for number in range(count)))
    assert sorted(seen, key=int) == [str(number) for number in range(count)]


async def test_what_is_due_is_open_of_these_topics_and_not_later(database: Database) -> None:
    for key, topic in (("a", TOPIC), ("b", TOPIC), ("c", TOPIC), ("d", "test.other")):
        await _append(database, key, topic)
    async with database.writing() as session:
        first, second, _ = await outbox.since(session, TOPIC, 0)
        first.done_at = NOW
        second.available_at = NOW + timedelta(seconds=1)
    async with database.reading() as session:
        assert [entry.key for entry in await outbox.due(session, [TOPIC], NOW)] == ["c"]
        assert [entry.key for entry in await outbox.due(session, [TOPIC], NOW + timedelta(seconds=1))] == ["b", "c"]
        assert [entry.key for entry in await outbox.due(session, [TOPIC, "test.other"], NOW)] == ["c", "d"]
        assert await outbox.due(session, [], NOW) == []


async def test_entries_about_one_thing_are_done_in_order(database: Database) -> None:
    later = NOW + timedelta(minutes=5)
    entries = (
        (TOPIC, "a", "confirmation", NOW),
        (TOPIC, "a", "reminder", NOW + timedelta(days=1)),
        (TOPIC, "a", "change", NOW),
        (TOPIC, "b", "another", NOW),
        ("test.other", "a", "elsewhere", NOW),
    )
    async with database.writing() as session:
        for topic, key, what, moment in entries:
            session.add(OutboxEntry(topic=topic, key=key, payload={"what": what}, created_at=NOW, available_at=moment))
            await session.flush()

    async def due_at(moment: datetime) -> list[str]:
        async with database.reading() as session:
            return [entry.payload["what"] for entry in await outbox.due(session, [TOPIC, "test.other"], moment)]

    async def change(**values: Any) -> None:
        async with database.writing() as session:
            (first, *_) = await outbox.since(session, TOPIC, 0)
            first.sqlmodel_update(values)

    assert await due_at(NOW) == ["confirmation", "another", "elsewhere"]
    await change(attempts=3, available_at=later)  # it failed
    assert await due_at(NOW) == ["another", "elsewhere"]
    assert await due_at(later) == ["confirmation", "another", "elsewhere"]
    await change(attempts=outbox.MOST_ATTEMPTS_WAITED_FOR)  # it will never succeed
    assert await due_at(NOW) == ["change", "another", "elsewhere"]
    await change(done_at=NOW)
    assert await due_at(NOW) == ["change", "another", "elsewhere"]
    assert await due_at(NOW + timedelta(days=1)) == ["reminder", "another", "elsewhere"]
