"""Following a log under rotation, truncation and kill −9: nothing is lost, nothing doubled."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kcc.contacts.telephony import place
from kcc.contacts.telephony.following import Follower, Taken
from kcc.storage import leases
from kcc.storage.database import Database
from tests.contacts.telephony.killing import WrittenLog, kill_followers
from tests.contacts.telephony.logs import KEYS, day, kept
from tests.contacts.telephony.test_importing import put

TIMES = 5


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log" / "queue_log"


@pytest.fixture
def exchange(log: Path) -> WrittenLog:
    log.parent.mkdir()
    return WrittenLog(log, day(30))


class Watcher:
    """Follows up to the end, each time in a follower of its own, as after a restart."""

    def __init__(self, database: Database, log: Path) -> None:
        self.database, self.log = database, log
        self.warned: list[str] = []
        self.refused: list[int] = []

    def follower(self) -> Follower:
        return Follower(
            self.database, "log", self.log, KEYS, lambda number, *_: self.refused.append(number), self.warned.append
        )

    async def catch_up(self) -> Follower:
        follower = self.follower()
        await follower.run(once=True, tell=lambda _: None)
        return follower


@pytest.fixture
def watcher(database: Database, log: Path) -> Watcher:
    return Watcher(database, log)


async def same_as_imported(database: Database) -> bool:
    """Whether what was followed is what importing the whole gives."""
    found = await kept(database)
    await put(database, day(30), code="whole")
    calls, events = await kept(database)
    return [row[1:] for row in calls if row[0] != "1"] == [row[1:] for row in found[0]] and [
        row[1:] for row in events if row[0] != "1"
    ] == [row[1:] for row in found[1]]


async def test_lines_as_they_come_and_half_lines_when_they_are_whole(
    database: Database, exchange: WrittenLog, watcher: Watcher
) -> None:
    await watcher.catch_up()  # there is no file yet
    while exchange.left:
        exchange.write(7, part=len(exchange.left) > 8)
        await watcher.catch_up()
    follower = await watcher.catch_up()
    assert (follower.progress.behind, watcher.warned, watcher.refused) == (0, [], [])
    assert await same_as_imported(database)


async def test_rotated_between_and_during_reading(database: Database, exchange: WrittenLog, watcher: Watcher) -> None:
    for number in range(4):
        exchange.write(9)
        if number != 2:
            await watcher.catch_up()
        exchange.rename()
        if number == 1:  # the exchange has not noticed yet
            with exchange.file.with_name("queue_log.1").open("a") as old:
                old.write(exchange.left.pop(0) + "\n")
            exchange.file.touch()
            await watcher.catch_up()
    exchange.write(len(exchange.left))
    await watcher.catch_up()
    assert watcher.warned == []
    assert await same_as_imported(database)


async def test_copied_and_truncated_with_lines_that_were_not_read_yet(
    database: Database, exchange: WrittenLog, watcher: Watcher
) -> None:
    for number in range(3):
        exchange.write(10)
        await watcher.catch_up()
        exchange.write(5)
        exchange.copy_and_truncate(f"2026112{number}")
        exchange.write(40 if number == 1 else 3)  # longer than what was there, and shorter
    exchange.write(len(exchange.left))
    await watcher.catch_up()
    assert watcher.warned == []
    assert await same_as_imported(database)


async def test_truncated_without_a_copy_says_so_and_goes_on(
    database: Database, exchange: WrittenLog, watcher: Watcher
) -> None:
    exchange.write(10)
    await watcher.catch_up()
    os.truncate(exchange.file, 0)
    await watcher.catch_up()
    exchange.write(len(exchange.left))
    await watcher.catch_up()
    assert len(watcher.warned) == 2  # by each of the two that began anew
    assert await same_as_imported(database)


async def test_garbage_is_told_once_with_its_number(exchange: WrittenLog, watcher: Watcher) -> None:
    exchange.write(3)
    await watcher.catch_up()
    exchange.left.insert(2, "rubbish")
    exchange.write(5)
    await watcher.catch_up()
    await watcher.catch_up()
    assert watcher.refused == [6]


async def test_a_line_without_end_stops_nothing(
    database: Database, exchange: WrittenLog, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "BLOCK_BYTES", 400)
    monkeypatch.setattr(place, "LINE_BYTES", 300)
    exchange.write(3)
    exchange.left.insert(0, "x" * 1000)
    exchange.write(len(exchange.left))
    await watcher.catch_up()
    assert len(watcher.refused) >= 1
    assert await same_as_imported(database)


async def test_one_follows_at_a_time(database: Database, exchange: WrittenLog, watcher: Watcher) -> None:
    exchange.write(5)
    first, second = watcher.follower(), watcher.follower()
    running = asyncio.create_task(first.run(once=False, tell=lambda _: None))
    while not first.progress.events:
        await asyncio.sleep(0.01)
    with pytest.raises(Taken):
        await second.run(once=True, tell=lambda _: None)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await second.run(once=True, tell=lambda _: None)
    assert second.progress.known == 0


async def test_who_stood_still_while_another_went_on_keeps_nothing_twice(
    database: Database, exchange: WrittenLog, watcher: Watcher
) -> None:
    exchange.write(20)
    slow, quick = watcher.follower(), watcher.follower()
    assert sorted(await asyncio.gather(slow.step(), quick.step())) == [False, True]
    exchange.write(len(exchange.left))
    assert await quick.step()
    assert slow.progress.events + quick.progress.events == len(day(30))
    assert await same_as_imported(database)


async def test_killed_five_times_while_the_log_is_written_and_rotated(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await kill_followers(database, database_url, tmp_path, TIMES)
    assert await leases.acquire(database, "calls:log", "test", datetime.now(UTC), timedelta(1))
    assert await same_as_imported(database)
