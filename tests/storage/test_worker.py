"""The worker: every entry is done, once, whatever fails, hangs or stops in between."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete
from sqlmodel import select

from kcc.clock import Clock
from kcc.storage import leases, outbox, worker
from kcc.storage.database import Database
from kcc.storage.leases import Lease
from kcc.storage.outbox import OutboxEntry
from kcc.storage.worker import OutboxWorker
from tests.conftest import NOW, SetClock

TOPIC = "test.mail"
Handler = Callable[[OutboxEntry], Awaitable[None]]


class Post:
    """A handler that counts what it did, and fails when told to."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.failing: dict[str, Exception] = {}

    async def __call__(self, entry: OutboxEntry) -> None:
        await asyncio.sleep(0)
        if entry.key in self.failing:
            raise self.failing[entry.key]
        self.done[entry.key] += 1


@pytest.fixture
def post() -> Post:
    return Post()


async def _append(database: Database, *keys: str) -> None:
    async with database.writing() as session:
        for key in keys:
            await outbox.append(session, TOPIC, key, NOW)


async def _entries(database: Database) -> dict[str, OutboxEntry]:
    async with database.reading() as session:
        return {entry.key: entry for entry in (await session.exec(select(OutboxEntry))).all()}


async def _holders(database: Database) -> list[str]:
    async with database.reading() as session:
        return [lease.holder for lease in (await session.exec(select(Lease))).all()]


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(240):
        while not condition():
            await asyncio.sleep(0.01)


async def _stop(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_is_due_is_done_in_order_and_marked(database: Database, clock: Clock) -> None:
    order = []

    async def handler(entry: OutboxEntry) -> None:
        order.append(entry.key)

    await _append(database, "a", "b", "c")
    assert await OutboxWorker(database, clock, {TOPIC: handler}).drain() == 3
    assert order == ["a", "b", "c"]
    assert all(entry.done_at == NOW and entry.attempts == 1 for entry in (await _entries(database)).values())


async def test_what_is_done_is_not_done_again(database: Database, clock: Clock, post: Post) -> None:
    await _append(database, "a")
    work = OutboxWorker(database, clock, {TOPIC: post})
    assert [await work.drain() for _ in range(3)] == [1, 0, 0]
    assert post.done == {"a": 1}


async def test_a_topic_without_a_handler_is_left_for_who_has_one(database: Database, clock: Clock, post: Post) -> None:
    await _append(database, "a")
    assert await OutboxWorker(database, clock, {"test.other": post}).drain() == 0
    assert await OutboxWorker(database, clock, {}).drain() == 0
    assert (await _entries(database))["a"].done_at is None


async def test_what_fails_is_tried_again_ever_more_seldom(
    database: Database, clock: Clock, post: Post, moment: SetClock
) -> None:
    await _append(database, "a")
    post.failing["a"] = ConnectionError("mail server down")
    work = OutboxWorker(database, clock, {TOPIC: post})
    waits = []
    for attempt in range(1, 16):
        assert await work.drain() == 1
        entry = (await _entries(database))["a"]
        assert entry.attempts == attempt
        assert entry.last_error == "ConnectionError: mail server down"
        waits.append(entry.available_at - moment.at)
        moment.at = entry.available_at - timedelta(seconds=1)
        assert await work.drain() == 0
        moment.move(seconds=1)
    assert waits[:4] == [timedelta(seconds=seconds) for seconds in (2, 4, 8, 16)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)
    del post.failing["a"]
    assert await work.drain() == 1
    entry = (await _entries(database))["a"]
    assert (entry.done_at, entry.last_error) == (moment.at, None)
    assert post.done == {"a": 1}


async def test_one_that_fails_does_not_hold_up_the_others(database: Database, clock: Clock, post: Post) -> None:
    await _append(database, "a", "b", "c")
    post.failing["a"] = ValueError("broken")
    await OutboxWorker(database, clock, {TOPIC: post}).drain()
    assert post.done == {"b": 1, "c": 1}


async def test_any_words_in_a_failure_can_be_kept(database: Database, clock: Clock, post: Post) -> None:
    await _append(database, "nul", "surrogate", "long", "fine")
    post.failing |= {
        "nul": ValueError("answer was \x00\x01"),
        "surrogate": ValueError("answer was \ud800"),
        "long": ValueError("x" * 10_000),
    }
    assert await OutboxWorker(database, clock, {TOPIC: post}).drain() == 4
    assert post.done == {"fine": 1}
    entries = await _entries(database)
    assert all((entries[key].last_error or "").startswith("ValueError") for key in post.failing)


async def test_a_handler_that_hangs_is_given_up_and_the_next_gets_its_turn(
    database: Database, clock: Clock, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LEASE_DURATION", timedelta(seconds=2))

    async def handler(entry: OutboxEntry) -> None:
        if entry.key == "hangs":
            await asyncio.sleep(3600)
        await post(entry)

    await _append(database, "hangs", "b")
    await OutboxWorker(database, clock, {TOPIC: handler}).drain()
    assert post.done == {"b": 1}
    entry = (await _entries(database))["hangs"]
    assert (entry.done_at, entry.attempts) == (None, 1)
    assert "TimeoutError" in (entry.last_error or "")


async def test_of_two_workers_one_works(database: Database, clock: Clock, post: Post) -> None:
    await _append(database, "a")
    first, second = (OutboxWorker(database, clock, {TOPIC: post}) for _ in range(2))
    assert await first.drain() == 1
    await _append(database, "b")
    assert await second.drain() == 0
    assert await first.drain() == 1


async def test_a_worker_that_died_is_succeeded_when_its_lease_is_over(
    database: Database, clock: Clock, post: Post
) -> None:
    await _append(database, "a")
    now = datetime.now(UTC)
    await leases.acquire(database, worker.LEASE, "dead", now, timedelta(hours=1))
    work = OutboxWorker(database, clock, {TOPIC: post})
    assert await work.drain() == 0
    await leases.acquire(database, worker.LEASE, "dead", now - timedelta(hours=2), timedelta(hours=1))
    assert await work.drain() == 1


async def test_a_worker_that_lost_its_lease_stops_in_the_middle(
    database: Database, clock: Clock, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "RENEWED_SECONDS", 0)  # as after an entry that took long

    async def robbed(entry: OutboxEntry) -> None:
        await post(entry)
        async with database.writing() as session:
            (await session.get_one(Lease, worker.LEASE)).holder = "another"

    await _append(database, "a", "b")
    assert await OutboxWorker(database, clock, {TOPIC: robbed}).drain() == 1
    assert post.done == {"a": 1}


async def test_what_another_did_meanwhile_is_not_done_again(
    database: Database, clock: Clock, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This process stood still for so long that another took over, did the rest and stopped."""

    async def overtaken(entry: OutboxEntry) -> None:
        await post(entry)
        if entry.key == "a":
            async with database.writing() as session:
                await session.exec(delete(Lease))
            assert await OutboxWorker(database, clock, {TOPIC: post}).drain() == 3

    await _append(database, "a", "b", "c")
    await OutboxWorker(database, clock, {TOPIC: overtaken}).drain()
    assert (post.done["b"], post.done["c"]) == (1, 1)


async def test_who_lost_the_lease_reads_anew_what_is_open(
    database: Database, clock: Clock, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LEASE_DURATION", timedelta(0))
    await _append(database, "a", "b")
    assert await OutboxWorker(database, clock, {TOPIC: post}).drain() == 0  # nobody can say that it was held
    assert post.done == {}


async def test_one_that_never_succeeds_does_not_hold_up_the_others(
    database: Database, clock: Clock, moment: SetClock
) -> None:
    async def handle(entry: OutboxEntry) -> None:
        if entry.payload == {}:
            raise ConnectionError

    drain = OutboxWorker(database, clock, {TOPIC: handle}).drain
    await _append(database, "broken")
    for _ in range(outbox.MOST_ATTEMPTS_WAITED_FOR):
        moment.move(hours=1, seconds=1)
        assert await drain() == 1
    async with database.writing() as session:
        await outbox.enqueue(session, TOPIC, "broken", moment.at, ({"after": "it"}, moment.at))
    await drain()
    async with database.reading() as session:
        broken, later = await outbox.since(session, TOPIC, 0)
    assert (broken.attempts, broken.done_at, later.done_at) == (outbox.MOST_ATTEMPTS_WAITED_FOR, None, moment.at)


async def test_two_running_workers_do_every_entry_exactly_once(
    database: Database, database_url: str, clock: Clock, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "POLL_SECONDS", 0.01)
    elsewhere = Database(database_url)
    tasks = [asyncio.create_task(OutboxWorker(at, clock, {TOPIC: post}).run()) for at in (database, elsewhere)]
    keys = [str(number) for number in range(60)]
    for start in range(0, 60, 10):
        await _append(database, *keys[start : start + 10])
    await _until(lambda: len(post.done) == 60)
    assert set(post.done.values()) == {1}
    # Whichever has the lease: when one stops in mid-work, the other does what is left, at least once.
    await _append(database, *(f"later {number}" for number in range(20)))
    await _until(lambda: post.done["later 3"] == 1)
    await _stop(tasks[0])
    async with asyncio.timeout(240):  # done comes before marked as done
        while not all(entry.done_at for entry in (await _entries(database)).values()):
            await asyncio.sleep(0.02)
    await _stop(tasks[1])
    await elsewhere.close()
    assert len(post.done) == 80


async def test_who_stops_gives_the_lease_back(
    database: Database, clock: Clock, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "POLL_SECONDS", 0.01)
    task = asyncio.create_task(OutboxWorker(database, clock, {TOPIC: post}).run())
    await _append(database, "a")
    await _until(lambda: post.done["a"] == 1)
    assert len(await _holders(database)) == 1
    await _stop(task)
    assert await _holders(database) == []


async def test_what_was_being_done_at_a_stop_is_not_lost(database: Database, clock: Clock, post: Post) -> None:
    begun = asyncio.Event()

    async def slow(entry: OutboxEntry) -> None:
        begun.set()
        await asyncio.sleep(3600)

    await _append(database, "a")
    task = asyncio.create_task(OutboxWorker(database, clock, {TOPIC: slow}).run())
    await begun.wait()
    await _stop(task)
    assert await _holders(database) == []
    assert await OutboxWorker(database, clock, {TOPIC: post}).drain() == 1
    assert post.done == {"a": 1}


async def test_a_database_that_is_away_for_a_while_ends_nothing(
    database: Database, clock: Clock, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "POLL_SECONDS", 0.01)
    failures = 0
    acquire = leases.acquire

    async def sometimes(*args: object) -> bool:
        nonlocal failures
        if failures < 3:
            failures += 1
            raise ConnectionRefusedError("no database")
        return await acquire(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(leases, "acquire", sometimes)
    await _append(database, "a")
    task = asyncio.create_task(OutboxWorker(database, clock, {TOPIC: post}).run())
    await _until(lambda: post.done["a"] == 1)
    await _stop(task)
    assert failures == 3
