"""Leases: one holder at a time, however many ask at once."""

import asyncio
from datetime import timedelta

from kcc.storage import leases
from kcc.storage.database import Database
from tests.conftest import NOW

NAME = "test"
MINUTE = timedelta(minutes=1)


async def _ask(database: Database, holder: str, after: float = 0, name: str = NAME) -> bool:
    return await leases.acquire(database, name, holder, NOW + timedelta(seconds=after), MINUTE)


async def test_one_of_two_has_it(database: Database) -> None:
    assert await _ask(database, "a")
    assert not await _ask(database, "b")
    assert await _ask(database, "b", name="something else")


async def test_the_holder_renews_it(database: Database) -> None:
    assert await _ask(database, "a")
    assert await _ask(database, "a", after=50)
    assert not await _ask(database, "b", after=100)


async def test_it_ends_when_it_is_not_renewed(database: Database) -> None:
    assert await _ask(database, "a")
    assert not await _ask(database, "b", after=59.9)
    assert await _ask(database, "b", after=60)
    assert not await _ask(database, "a", after=60)


async def test_who_gives_it_back_makes_room_at_once(database: Database) -> None:
    assert await _ask(database, "a")
    await leases.release(database, NAME, "a")
    assert await _ask(database, "b")


async def test_nobody_gives_back_what_another_has(database: Database) -> None:
    assert await _ask(database, "a")
    await leases.release(database, NAME, "b")
    assert not await _ask(database, "b")


async def test_of_many_first_takers_exactly_one_gets_it(database: Database) -> None:
    taken = await asyncio.gather(*(_ask(database, f"holder {number}") for number in range(20)))
    assert taken.count(True) == 1


async def test_of_many_who_take_over_exactly_one_gets_it(database: Database) -> None:
    assert await _ask(database, "gone")
    taken = await asyncio.gather(*(_ask(database, f"holder {number}", after=61) for number in range(20)))
    assert taken.count(True) == 1
