"""The cases in docs/developer/booking.md that are about many people at once, against real servers.

PostgreSQL is raced by two serving processes, SQLite by one: that is how they are run.
"""

import asyncio
import random
from collections.abc import Iterator

import pytest
from sqlalchemy import update
from sqlmodel import col

from kcc.appointments.models import LocationKind, OpeningRule
from kcc.appointments.plan_queries import next_plan_version
from tests.appointments.conftest import minutes
from tests.appointments.hall_server import HallServer, hall_server, migrated
from tests.appointments.racing import BOOKED, MOVED, TAKEN, Hall, at_once, hall, outcome, outcomes
from tests.conftest import empty_postgres

MANY = 50
EXPIRED = (409, "hold-expired")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HallServer]:
    """One service for all these tests: each has a location of its own."""
    data = tmp_path_factory.mktemp("races")
    if request.param == "sqlite":
        with hall_server(f"sqlite:///{data / 'kcc.sqlite3'}", data) as running:
            yield running
    else:
        with (
            empty_postgres(request.getfixturevalue("postgres_server")) as database_url,
            hall_server(migrated(database_url), data) as running,
        ):
            yield running


@pytest.mark.parametrize("counters", [1, 3])
async def test_case_9_fifty_people_want_one_start(server: HallServer, counters: int) -> None:
    async with hall(server, counters) as here:
        answers = await at_once(here.book("9:30") for _ in range(MANY))
        assert outcomes(answers) == {BOOKED: counters, TAKEN: MANY - counters}
        await here.well_kept()


async def test_case_9_fifty_people_want_to_hold_one_start(server: HallServer) -> None:
    async with hall(server, counters=2) as here:
        answers = await at_once(here.hold("9:30") for _ in range(MANY))
        assert outcomes(answers) == {BOOKED: 2, TAKEN: MANY - 2}
        await here.well_kept()


@pytest.mark.parametrize("travel", [{}, {"kind": LocationKind.HOME_VISIT, "travel_minutes": 10}], ids=["hall", "home"])
async def test_case_10_visits_that_overlap_in_any_way(server: HallServer, travel: dict[str, object]) -> None:
    chance = random.Random(10)
    async with hall(server, 2, ("9:00", "12:00"), duration=5, step=5, **travel) as here:
        wanted = [(chance.choice(here.grid()), chance.randint(1, 8)) for _ in range(120)]
        answers = await at_once(here.book(start, persons) for start, persons in wanted)
        assert set(outcomes(answers)) == {BOOKED, TAKEN}
        # Nobody was refused for the sake of someone who in the end did not come.
        refused = [visit for visit, answer in zip(wanted, answers, strict=True) if outcome(answer) == TAKEN]
        assert set(outcomes([await here.book(*visit) for visit in refused])) == {TAKEN}
        await here.well_kept()


async def test_case_11_one_key_many_times_at_once(server: HallServer) -> None:
    async with hall(server, counters=3) as here:
        email = "ongeduldig@voorbeeld.example"
        answers = await at_once(here.book("9:30", key=f"key of {here.code}", email=email) for _ in range(20))
        assert outcomes(answers) == {BOOKED: 20}
        assert len({answer.text for answer in answers}) == 1
        # Two of the three counters are still free.
        assert outcomes([await here.book("9:30") for _ in range(3)]) == {BOOKED: 2, TAKEN: 1}
        await here.well_kept()


async def test_case_12_a_hold_is_stronger_than_a_crowd(server: HallServer) -> None:
    async with hall(server) as here:
        held = await here.hold("9:30")
        crowd = (here.book("9:30") if number % 2 else here.hold("9:30") for number in range(30))
        confirmed, *others = await at_once([here.confirm(held), *crowd])
        assert outcome(confirmed) == BOOKED
        assert outcomes(others) == {TAKEN: 30}
        await here.well_kept()


async def test_case_12_a_start_given_back_is_free_for_one(server: HallServer) -> None:
    async with hall(server) as here:
        held = await here.hold("9:30")
        again = await here.hold("10:00", replaces=held.json()["id"])
        assert outcome(again) == BOOKED
        answers = await at_once(here.book("9:30") for _ in range(20))
        assert outcomes(answers) == {BOOKED: 1, TAKEN: 19}
        await here.well_kept()


async def test_case_12_a_hold_is_confirmed_once(server: HallServer) -> None:
    async with hall(server, counters=3) as here:
        held = await here.hold("9:30")
        answers = await at_once(here.confirm(held) for _ in range(20))
        assert outcomes(answers) == {BOOKED: 1, EXPIRED: 19}
        await here.well_kept()


async def test_case_12_everybody_changes_their_mind(server: HallServer) -> None:
    chance = random.Random(12)
    async with hall(server, counters=2) as here:
        holds = await at_once(here.hold(start) for start in here.grid() * 2)
        assert outcomes(holds) == {BOOKED: 12}
        cancelled = await at_once(here.client.delete(f"/api/v1/holds/{hold.json()['id']}") for hold in holds[:4])
        assert {answer.status_code for answer in cancelled} == {204}
        swaps = await at_once(here.hold(chance.choice(here.grid()), replaces=h.json()["id"]) for h in holds[4:] * 3)
        assert set(outcomes(swaps)) <= {BOOKED, TAKEN}
        await here.well_kept()


async def test_case_16_many_move_to_one_start(server: HallServer) -> None:
    async with hall(server, counters=4) as here:
        starts = [start for start in here.grid() if start != "9:30"] * 4
        booked = await at_once(map(here.book, starts))
        # Three of the four counters are taken, so that one of those who move can have the start.
        assert outcomes(await at_once(here.book("9:30") for _ in range(3))) == {BOOKED: 3}
        answers = await at_once(here.move(one, "9:30") for one in booked)
        assert outcomes(answers) == {MOVED: 1, TAKEN: len(starts) - 1}
        for before, one, answer in zip(starts, booked, answers, strict=True):
            assert await here.start_of(one) == ("9:30" if outcome(answer) == MOVED else before)
        await here.well_kept()


async def test_two_who_swap_places(server: HallServer) -> None:
    async with hall(server) as here:
        early, late = await at_once(map(here.book, ("9:00", "9:15")))
        for _ in range(10):
            answers = await at_once([here.move(early, "9:15"), here.move(late, "9:00")])
            assert outcomes(answers) == {TAKEN: 2}
        assert [await here.start_of(early), await here.start_of(late)] == ["9:00", "9:15"]
        await here.well_kept()


async def test_people_who_swap_locations_wait_for_each_other(server: HallServer) -> None:
    async with hall(server) as one, hall(server) as other:
        pairs = list(zip(one.grid()[::2], one.grid()[1::2], strict=True))
        here = await at_once(one.book(start) for start, _ in pairs)
        there = await at_once(other.book(start) for start, _ in pairs)
        for turn in range(4):
            # Into the gaps that nobody is in: everybody can have what they want, and each needs both counters.
            starts = [pair[1 - turn % 2] for pair in pairs]
            moves = [one.move(booked, start, other) for booked, start in zip(here, starts, strict=True)]
            moves += [one.move(booked, start, one) for booked, start in zip(there, starts, strict=True)]
            assert outcomes(await at_once(moves)) == {MOVED: len(moves)}
            here, there = there, here
        await one.well_kept()
        await other.well_kept()


async def test_everybody_moves_and_cancels_at_once(server: HallServer) -> None:
    chance = random.Random(16)
    async with hall(server, counters=2, step=5) as here:
        booked = [one for one in await at_once(map(here.book, here.grid())) if one.is_success]
        at = {one.json()["code"]: await here.start_of(one) for one in booked}
        for _ in range(4):
            moves = [(one, chance.choice(here.grid())) for one in booked]
            answers = await at_once(here.move(one, start) for one, start in moves)
            assert set(outcomes(answers)) <= {MOVED, TAKEN}
            at |= {m[0].json()["code"]: m[1] for m, answer in zip(moves, answers, strict=True) if answer.is_success}
            assert {one.json()["code"]: await here.start_of(one) for one in booked} == at
        leaving, moving = booked[::2], booked[1::2]
        race = [here.cancel(one) for one in leaving * 3] + [here.move(one, "9:00") for one in leaving + moving]
        assert set(outcomes(await at_once(race))) <= {MOVED, TAKEN, (409, "conflict")}
        details = [(await here.desk.manage(one)).json()["status"] for one in leaving]
        assert set(details) == {"cancelled"}
        await here.well_kept()


async def test_case_21_one_address_books_all_it_can(server: HallServer) -> None:
    async with hall(server, counters=4) as here:
        greedy = "gretig@voorbeeld.example"
        answers = await at_once(here.book(start, email=greedy) for start in here.grid() * 3)
        assert outcomes(answers) == {BOOKED: 4, (409, "too-many-appointments"): len(answers) - 4}
        await here.well_kept()


async def test_case_26_opening_hours_change_while_bookings_pour_in(server: HallServer) -> None:
    async with hall(server, counters=3, hours=("9:00", "13:00")) as here:
        over = asyncio.Event()

        async def keep_changing() -> None:
            changed = 0
            while not over.is_set() or changed < 2:
                await _close_at(here, ("11:00", "13:00")[changed % 2])
                changed += 1

        changes = asyncio.create_task(keep_changing())
        answers = await at_once(map(here.book, here.grid() * 4))
        over.set()
        await changes
        await _close_at(here, "12:00")
        assert set(outcomes(answers)) == {BOOKED, TAKEN}
        made = [one for one in answers if one.is_success]
        details = await at_once(here.desk.manage(one) for one in made)
        assert {one.json()["status"] for one in details} == {"booked"}
        await here.well_kept()


async def _close_at(here: Hall, closes: str) -> None:
    async with here.server.database() as database, database.writing() as session:
        await session.exec(
            update(OpeningRule).where(col(OpeningRule.location) == here.code).values(closes=minutes(closes))
        )
        await next_plan_version(session)
