"""Transactions on both databases: all or nothing, and none lost when many write at once."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from kcc.access.models import Account, AccountRole
from kcc.access.roles import Role
from kcc.storage import database as storage
from kcc.storage.database import Database
from kcc.storage.installation import InstallationFact, is_demonstration, mark_demonstration
from kcc.storage.sqlite_connection import few
from tests.running import ONE_DATABASE

COUNTER = "counter"
CREATED = datetime(2026, 11, 24, 8, 0, 0, 123456, tzinfo=UTC)


async def _put(database: Database, value: str) -> None:
    async with database.writing() as session:
        await session.merge(InstallationFact(name=COUNTER, value=value))


async def _value(database: Database) -> str | None:
    async with database.reading() as session:
        found = await session.get(InstallationFact, COUNTER)
        return found.value if found else None


async def test_what_was_written_is_there_for_the_next_transaction(database: Database) -> None:
    await _put(database, "1")
    assert await _value(database) == "1"


async def test_an_exception_undoes_the_whole_transaction(database: Database) -> None:
    await _put(database, "1")
    with pytest.raises(ZeroDivisionError):
        async with database.writing() as session:
            (await session.get_one(InstallationFact, COUNTER)).value = "2"
            session.add(InstallationFact(name="another", value="x"))
            await session.flush()
            raise ZeroDivisionError
    assert await _value(database) == "1"
    async with database.reading() as session:
        assert await session.get(InstallationFact, "another") is None


async def test_after_a_refused_row_the_next_transaction_works(database: Database) -> None:
    await _put(database, "1")
    with pytest.raises(IntegrityError):
        async with database.writing() as session:
            session.add(InstallationFact(name=COUNTER, value="again"))
    await _put(database, "2")
    assert await _value(database) == "2"


async def test_a_reading_transaction_keeps_nothing(database: Database) -> None:
    async with database.reading() as session:
        session.add(InstallationFact(name=COUNTER, value="1"))
        await session.flush()
    assert await _value(database) is None


async def test_nobody_sees_what_is_not_committed(database: Database) -> None:
    async with database.writing() as session:
        session.add(InstallationFact(name=COUNTER, value="1"))
        await session.flush()
        assert await _value(database) is None
    assert await _value(database) == "1"


async def _increment(database: Database) -> None:
    """Read, then write what follows from it, as a verb does that takes the row for itself."""
    async with database.writing() as session:
        query = select(InstallationFact).where(InstallationFact.name == COUNTER).with_for_update()
        fact = (await session.exec(query)).one()
        await asyncio.sleep(0)
        fact.value = str(int(fact.value) + 1)


async def test_fifty_who_read_and_then_write_lose_nothing(database: Database) -> None:
    await _put(database, "0")
    await asyncio.gather(*(_increment(database) for _ in range(50)))
    assert await _value(database) == "50"


async def test_two_processes_that_read_and_then_write_lose_nothing(database: Database, database_url: str) -> None:
    await _put(database, "0")
    others = [Database(database_url) for _ in range(4)]  # each with connections of its own, as processes have
    await asyncio.gather(*(_increment(other) for other in others for _ in range(12)))
    for other in others:
        await other.close()
    assert await _value(database) == "48"


async def test_readers_go_on_while_somebody_writes(database: Database) -> None:
    await _put(database, "1")
    async with database.writing() as session:
        (await session.get_one(InstallationFact, COUNTER)).value = "2"
        await session.flush()
        assert await asyncio.gather(*(_value(database) for _ in range(20))) == ["1"] * 20


async def test_more_readers_at_once_than_connections_wait_their_turn(database: Database) -> None:
    await _put(database, "1")
    assert await asyncio.gather(*(_value(database) for _ in range(100))) == ["1"] * 100


async def test_a_cancelled_transaction_leaves_nothing_and_blocks_nobody(database: Database) -> None:
    await _put(database, "1")
    inside = asyncio.Event()

    async def slow() -> None:
        async with database.writing() as session:
            (await session.get_one(InstallationFact, COUNTER)).value = "2"
            await session.flush()
            inside.set()
            await asyncio.sleep(3600)

    task = asyncio.create_task(slow())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await _put(database, "3")
    assert await _value(database) == "3"


async def test_a_transaction_cancelled_at_any_moment_blocks_nobody(database: Database) -> None:
    await _put(database, "0")
    kept = []  # as a log or a waiting task would: with what was being done inside
    for steps in range(1, 60):
        task = asyncio.create_task(_increment(database))
        for _ in range(steps):
            await asyncio.sleep(0.0001)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError as error:
            kept.append(error)
        await _put(database, str(steps))
        assert await _value(database) == str(steps)
    assert kept


async def test_reading_cancelled_at_any_moment_blocks_nobody(database: Database) -> None:
    await _put(database, "1")
    kept = []
    for steps in range(1, 60):
        task = asyncio.create_task(_value(database))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError as error:
            kept.append(error)
        assert await _value(database) == "1"
    assert kept


@ONE_DATABASE
async def test_what_sqlite_reads_in_a_transaction_stays_the_same_until_it_ends(database: Database) -> None:
    query = few(select(InstallationFact.value).where(InstallationFact.name == COUNTER))
    for value in ("1", "2"):
        await _put(database, value)
        async with database.reading() as session:
            before = (await session.exec(query)).one()
            await _put(database, "another")
            assert before == (await session.exec(query)).one() == value
            assert before == (await session.get_one(InstallationFact, COUNTER)).value


@pytest.mark.parametrize("unused_seconds", [-1, 3600], ids=["asked", "not asked"])
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_connections_that_the_server_ended_are_replaced(
    database: Database, database_url: str, unused_seconds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "UNUSED_SECONDS", unused_seconds)
    await _put(database, "1")
    assert await asyncio.gather(*(_value(database) for _ in range(5))) == ["1"] * 5
    other = Database(database_url)
    async with other.reading() as session:
        query = (
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        ended = (await session.exec(text(query))).all()  # type: ignore[call-overload]
    await other.close()
    assert len(ended) >= 5
    assert await asyncio.gather(*(_value(database) for _ in range(5))) == ["1"] * 5


async def test_moments_come_back_in_utc_to_the_microsecond(database: Database) -> None:
    async with database.writing() as session:
        session.add(Account(name="anna", display_name="Anna", password_hash="x", created_at=CREATED))
    async with database.reading() as session:
        stored = (await session.exec(select(Account))).one().created_at
    assert stored == CREATED
    assert stored.utcoffset() == CREATED.utcoffset()


async def test_a_row_cannot_name_what_is_not_there(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.writing() as session:
            session.add(AccountRole(account_id=4711, role=Role.AGENT))


async def test_the_database_refuses_a_role_that_is_none(database: Database) -> None:
    async with database.writing() as session:
        account = Account(name="anna", display_name="Anna", password_hash="x", created_at=CREATED)
        session.add(account)
        await session.flush()
        number = account.id
    with pytest.raises(IntegrityError):
        async with database.writing() as session:
            statement = text("INSERT INTO account_role (account_id, role) VALUES (:number, 'king')")
            await session.exec(statement, params={"number": number})  # type: ignore[call-overload]


@ONE_DATABASE
async def test_sqlite_brings_every_commit_to_the_disk_and_lets_readers_read_meanwhile(database: Database) -> None:
    async with database.writing() as session:
        found = [
            (await session.exec(text(f"PRAGMA {pragma}"))).scalar_one()  # type: ignore[call-overload]
            for pragma in ("synchronous", "journal_mode", "foreign_keys")
        ]
    assert found == [2, "wal", 1]  # 2 is FULL


async def test_the_installation_remembers_that_it_is_a_demonstration(database: Database) -> None:
    async with database.writing() as session:
        assert not await is_demonstration(session)
        await mark_demonstration(session)
        await mark_demonstration(session)
    async with database.reading() as session:
        assert await is_demonstration(session)
