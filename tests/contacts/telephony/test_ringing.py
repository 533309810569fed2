"""What rings at a telephone: where the exchange last said so, until it is answered, rings elsewhere or is over."""

import asyncio
import random
from datetime import timedelta
from typing import Any

import pytest
from starlette.applications import Starlette

from kcc.clock import Clock
from kcc.contacts.telephony.ringing import Ringing, ringing
from kcc.contacts.telephony.seats import phone_name, phone_of, sit_down, stand_up
from kcc.contacts.telephony.watching import RingWatch
from kcc.errors import InvalidInput
from kcc.storage.database import Database
from tests.conftest import NOW, SetClock
from tests.contacts.conftest import Log, answered
from tests.contacts.telephony.exchange import Exchange, event
from tests.contacts.telephony.logs import KEYS

LONG = 30.0


def at(seconds: float) -> str:
    return (NOW + timedelta(seconds=seconds)).isoformat()


async def rings(database: Database, extension: str = "101", after: float = 0) -> Ringing | None:
    async with database.reading() as session:
        return await ringing(session, extension, NOW + timedelta(seconds=after))


async def test_what_rings_and_who_calls(exchange: Exchange, log: Log, database: Database, app: Starlette) -> None:
    await exchange.send(event(1, "entered", at(-20), caller="0612345678"))
    assert await rings(database) is None
    await exchange.send(event(2, "ringing", at(-3), extension="101"))
    found = await rings(database)
    assert found is not None
    assert (found.source, found.call_id, found.queue) == ("centrale", "c-1", "algemeen")
    assert (found.since, found.known) == (NOW - timedelta(seconds=3), False)
    await log.asked(answered(), phone="06 1234 5678")
    again = await rings(database, "PJSIP/101-0000002a")
    assert again is not None
    assert (again.call, again.caller, again.known) == (found.call, found.caller, True)
    assert await rings(database, "102") is None


async def test_who_withholds_the_number_is_unknown(exchange: Exchange, log: Log, database: Database) -> None:
    await log.asked(answered())
    await exchange.send(event(1, "entered", at(-5)), event(2, "ringing", at(-3), extension="101"))
    found = await rings(database)
    assert found is not None
    assert (found.caller, found.known) == (None, False)


@pytest.mark.parametrize("kind", ["answered", "abandoned", "sent_away", "ended", "transferred"])
async def test_it_rings_until_it_is_answered_or_over(exchange: Exchange, database: Database, kind: str) -> None:
    await exchange.send(event(1, "entered", at(-9)), event(2, "ringing", at(-5), extension="101"))
    assert await rings(database) is not None
    await exchange.send(event(3, kind, at(-1), extension="101"))
    assert await rings(database) is None


async def test_it_rings_where_it_rang_last_or_at_all_of_a_group(exchange: Exchange, database: Database) -> None:
    told = [
        event(1, "entered", at(-60)),
        event(2, "ringing", at(-40), extension="101"),
        event(3, "ringing", at(-20), extension="102"),
        event(4, "ringing", at(-19), extension="103"),
    ]
    random.Random(1).shuffle(told)
    await exchange.send(*told)
    assert [await rings(database, one) is not None for one in ("101", "102", "103")] == [False, True, True]


async def test_the_newest_call_rings(exchange: Exchange, database: Database) -> None:
    for number, seconds in (("b", -5), ("a", -9)):
        await exchange.send(
            event(f"1{number}", "entered", at(-30), callId=number),
            event(f"2{number}", "ringing", at(seconds), extension="101", callId=number),
        )
    found = await rings(database)
    assert found is not None
    assert found.call_id == "b"


async def test_it_does_not_ring_for_ever_nor_from_a_visit_before(exchange: Exchange, database: Database) -> None:
    await exchange.send(event(1, "entered", at(-200)), event(2, "ringing", at(-100), extension="101"))
    assert [await rings(database, after=seconds) is not None for seconds in (20, 21)] == [True, False]
    await exchange.send(event(3, "sent_away", at(-90)), event(4, "entered", at(-80)))
    assert await rings(database) is None
    await exchange.send(event(5, "ringing", at(-70), extension="101"))
    assert await rings(database) is not None


async def test_without_an_extension_it_rings_at_the_agents(exchange: Exchange, database: Database) -> None:
    await exchange.send(event(1, "entered", at(-9)), event(2, "ringing", at(-5), agent="SIP/101"))
    assert await rings(database) is not None


async def test_a_screen_hears_of_it(app: Starlette, exchange: Exchange) -> None:
    """The intake nudges the screens of its own process."""
    watch: RingWatch = app.state.lifespan["ring_watch"]
    first = asyncio.create_task(watch.after("101", None, LONG))
    other = asyncio.create_task(watch.after("102", None, LONG))
    await exchange.send(event(1, "entered", at(-5)), event(2, "ringing", at(-3), extension="101"))
    found = await asyncio.wait_for(first, LONG)
    assert found is not None
    assert found.call_id == "c-1"
    assert await watch.after("101", None, LONG) == found
    assert not other.done()
    ending = asyncio.create_task(watch.after("101", found, LONG))
    await exchange.send(event(3, "answered", at(-1), extension="101"))
    assert await asyncio.wait_for(ending, LONG) is None
    other.cancel()


async def test_another_process_hears_of_it_by_looking(
    app: Starlette, exchange: Exchange, database: Database, clock: Clock
) -> None:
    watch = RingWatch(database, clock)
    running = asyncio.create_task(watch.run())
    waiting = asyncio.create_task(watch.after("101", None, LONG))
    await exchange.send(event(1, "entered", at(-5)), event(2, "ringing", at(-3), extension="101"))
    found = await asyncio.wait_for(waiting, LONG)
    assert found is not None
    assert await watch.after("101", found, 0.01) == found
    held = asyncio.create_task(watch.after("101", found, LONG))
    await asyncio.sleep(0)
    watch.close()
    assert await asyncio.wait_for(held, LONG) == found
    running.cancel()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *((one, "101") for one in ("101", " 101 ", "PJSIP/101", "SIP/101-0000abcd", "Local/101@agents/n")),
        *(("Jan de Vries", "jan de vries"), ("", ""), ("PJSIP/", "")),
    ],
)
def test_a_telephone_by_any_of_its_names(text: str, name: str) -> None:
    assert phone_name(text) == name


async def test_who_sits_down_takes_the_place(database: Database, moment: SetClock) -> None:
    async def seats(*told: tuple[str, str]) -> list[Any]:
        async with database.writing() as session:
            for agent, phone in told:
                await sit_down(session, agent, phone, moment.now())
            return [await phone_of(session, agent) for agent in ("anna", "bas")]

    assert await seats(("anna", "101"), ("bas", "PJSIP/102")) == ["101", "102"]
    moment.move(minutes=5)
    assert await seats(("bas", "101")) == [None, "101"]
    assert await seats(("bas", "101"), ("bas", "103"), ("anna", "103")) == ["103", None]
    async with database.writing() as session:
        await stand_up(session, "anna", moment.now() + timedelta(minutes=1))
        assert await phone_of(session, "anna") is None
        for wrong in ("", "PJSIP/", "x" * 61, "1\n2"):
            with pytest.raises(InvalidInput):
                await sit_down(session, "anna", wrong, moment.now())


async def test_two_who_sit_down_at_once(database: Database) -> None:
    async def sit(agent: str) -> None:
        async with database.writing() as session:
            await sit_down(session, agent, "101", NOW)

    await asyncio.gather(*(sit(agent) for agent in ("anna", "bas", "cor")))
    async with database.reading() as session:
        there = [await phone_of(session, agent) for agent in ("anna", "bas", "cor")]
    assert sorted(there, key=str) == ["101", None, None]


def test_the_callers_key_is_that_of_a_contact() -> None:
    from kcc.contacts.log.requesters import requester_key

    assert KEYS.caller("0612345678") == requester_key("s" * 40, None, "+31612345678")
