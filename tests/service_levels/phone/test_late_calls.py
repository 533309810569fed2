"""Calls that come late: each day is counted once, today's before a backlog, and none is lost among writers."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from kcc.clock import Clock
from kcc.contacts.telephony.queries import is_changed
from kcc.service_levels.periods import QUARTER, runs
from kcc.service_levels.phone.counter import CallCounter
from kcc.service_levels.phone.counting import count_changed
from tests.contacts.telephony.test_importing import put
from tests.service_levels.phone.conftest import Phone, abandoned, answered
from tests.service_levels.phone.test_service_levels import AT, counted, numbers, raw

DAY_SECONDS = 86_400


async def days_counted(phone: Phone) -> dict[str, int]:
    """How many calls were counted of each day of November."""
    return {str(row["start"]): row["answered"] for row in await phone.rows("2026-11-01", "2026-11-30")}


async def test_today_is_counted_with_the_first_of_a_backlog(phone: Phone, clock: Clock) -> None:
    for ago in (9, 5, 7, 0, 9):
        await put(phone.database, answered(AT - ago * DAY_SECONDS, 10 + ago, 5))
    assert await phone.database.transact(partial(count_changed, zone=clock.timezone))
    found = await days_counted(phone)
    assert (found["2026-11-24"], found["2026-11-15"], found["2026-11-19"]) == (1, 1, 0)
    await phone.counter.settle()
    assert sum((await days_counted(phone)).values()) == 4
    async with phone.database.reading() as session:
        assert not await is_changed(session)


async def test_a_stream_of_new_calls_does_not_hold_up_the_others(phone: Phone, clock: Clock) -> None:
    for ago in range(1, 6):
        await put(phone.database, answered(AT - ago * DAY_SECONDS, ago, 5))
    for number in range(5):
        await put(phone.database, answered(AT + number, 100 + number, 5))
        await phone.database.transact(partial(count_changed, zone=clock.timezone))
    assert sum((await days_counted(phone)).values()) == 10


async def test_writers_and_counters_at_once_lose_nothing(phone: Phone, clock: Clock) -> None:
    chance = random.Random(4)
    lines = [
        (answered if number % 3 else abandoned)(AT - ago * DAY_SECONDS + chance.randrange(7200), number, 20)
        for number, ago in enumerate(chance.choices(range(4), k=60))
    ]
    writing = True

    async def write(mine: list[list[str]]) -> None:
        for call in mine:  # its end first: then it is corrected
            await put(phone.database, call[1:], call[:1])

    async def count() -> None:
        counter = CallCounter(phone.database, clock)
        while writing:
            await counter.settle()
            await asyncio.sleep(0)

    counters = [asyncio.create_task(count()) for _ in range(2)]
    await asyncio.gather(*(write(lines[number::3]) for number in range(3)))
    writing = False
    await asyncio.gather(*counters)
    await phone.counter.settle()
    rows = await phone.rows("2026-11-20", "2026-11-24")
    assert [tuple(map(sum, zip(*numbers(rows), strict=True)))] == await raw(phone.database)
    before = await counted(phone.database)
    async with phone.database.writing() as session:
        connection = await session.connection()
        for table in ("call_quarter", "call_day", "call_month"):
            await connection.execute(text(f"DELETE FROM {table}"))
    await phone.counter.rebuild()
    assert await counted(phone.database) == before


@given(st.sets(st.integers(0, 60)))
def test_runs_are_the_quarters_and_no_two_of_them_touch(quarters: set[int]) -> None:
    first = datetime(2026, 11, 24, tzinfo=UTC)
    found = runs(first + number * QUARTER for number in quarters)
    assert {(begin - first) // QUARTER + more for begin, end in found for more in range((end - begin) // QUARTER)} == (
        quarters
    )
    assert all(later[0] - earlier[1] > timedelta() for earlier, later in pairwise(found))
