"""Keys and holds: the cases every booking system must pass that are about one start for one person, by number."""

import asyncio

from sqlmodel import select

from kcc.storage.database import Database
from kcc.storage.outbox import OutboxEntry
from tests.appointments.conftest import Desk, Hall, appointments, place, problem, product
from tests.conftest import SetClock

KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"


async def test_case_11_the_same_key_twice_is_one_booking(hall: Hall, desk: Desk, database: Database) -> None:
    await hall(product("paspoort", 20), place(counters=3))
    first = await desk.book("9:20", key=KEY)
    again = await desk.book("9:20", key=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert [row.code for row in await appointments(database)] == [first.json()["code"]]


async def test_case_11_a_double_click_is_one_booking(hall: Hall, desk: Desk, database: Database) -> None:
    await hall(product("paspoort", 20), place(counters=3))
    answers = await asyncio.gather(*(desk.book("9:20", key=KEY) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len(await appointments(database)) == 1


async def test_case_11_a_held_start_is_booked_once(hall: Hall, desk: Desk, database: Database) -> None:
    await hall(product("paspoort", 20), place(counters=3))
    headers = {"Idempotency-Key": KEY}
    held = [await desk.client.post("/api/v1/holds", json=desk.visit("9:20"), headers=headers) for _ in range(2)]
    assert held[0].json() == held[1].json()
    hold = held[0].json()["id"]
    booked = [await desk.confirm(hold, key="one") for _ in range(2)]
    assert booked[0].json() == booked[1].json()
    # Without a key nobody can tell a lost answer from somebody else's attempt.
    assert problem(await desk.confirm(hold)) == (409, "hold-expired")
    assert len(await appointments(database)) == 1


async def test_case_11_a_refusal_does_not_use_up_the_key(hall: Hall, desk: Desk, database: Database) -> None:
    await hall(product("paspoort", 20), place())
    held = (await desk.hold("9:20")).json()
    assert problem(await desk.book("9:20", key=KEY)) == (409, "slot-taken")
    await desk.client.delete(f"/api/v1/holds/{held['id']}")
    assert (await desk.book("9:20", key=KEY)).status_code == 201
    assert len(await appointments(database)) == 1


async def test_case_12_a_held_start_is_not_offered_until_another_is_chosen(hall: Hall, desk: Desk) -> None:
    await hall(product("paspoort", 20), place())
    held = await desk.hold("9:20")
    assert held.status_code == 201
    assert "09:20" not in await desk.starts("paspoort")
    assert problem(await desk.book("9:20")) == (409, "slot-taken")
    assert problem(await desk.hold("9:20")) == (409, "slot-taken")
    other = await desk.hold("10:00", replaces=held.json()["id"])
    assert other.status_code == 201
    starts = await desk.starts("paspoort")
    assert "09:20" in starts
    assert "10:00" not in starts
    # What was given back cannot be confirmed any more; what replaced it can.
    assert problem(await desk.confirm(held.json()["id"])) == (409, "hold-expired")
    assert (await desk.confirm(other.json()["id"])).json()["startsAt"] == "2026-11-24T09:00:00Z"


async def test_case_12_a_refused_choice_leaves_the_hold(hall: Hall, desk: Desk) -> None:
    await hall(product("paspoort", 20), place())
    assert (await desk.book("10:00")).status_code == 201
    held = (await desk.hold("9:20")).json()
    assert problem(await desk.hold("10:00", replaces=held["id"])) == (409, "slot-taken")
    assert "09:20" not in await desk.starts("paspoort")
    assert (await desk.confirm(held["id"])).status_code == 201


async def test_case_12_another_start_may_overlap_the_one_it_replaces(hall: Hall, desk: Desk) -> None:
    await hall(product("paspoort", 20, step_minutes=5), place())
    held = (await desk.hold("9:20")).json()
    assert (await desk.hold("9:30", replaces=held["id"])).status_code == 201


async def test_case_12_a_hold_given_back_is_free_at_once(hall: Hall, desk: Desk) -> None:
    await hall(product("paspoort", 20), place())
    held = (await desk.hold("9:20")).json()
    for _ in range(2):
        assert (await desk.client.delete(f"/api/v1/holds/{held['id']}")).status_code == 204
    assert (await desk.book("9:20")).status_code == 201


async def test_case_13_an_expired_hold_is_offered_again_without_background_work(
    hall: Hall, desk: Desk, moment: SetClock
) -> None:
    await hall(product("paspoort", 20), place())
    held = (await desk.hold("9:20")).json()
    assert held["expiresAt"] == "2026-11-24T08:10:00Z"
    moment.move(minutes=9, seconds=59)
    assert "09:20" not in await desk.starts("paspoort")
    assert problem(await desk.book("9:20")) == (409, "slot-taken")
    moment.move(seconds=1)
    assert "09:20" in await desk.starts("paspoort")
    assert (await desk.book("9:20")).status_code == 201


async def test_case_13_an_expired_hold_does_not_block_what_overlaps_it(
    hall: Hall, desk: Desk, moment: SetClock
) -> None:
    await hall(product("paspoort", 20, step_minutes=5), place())
    for start in ("9:40", "10:00"):
        assert (await desk.hold(start)).status_code == 201
    moment.move(minutes=10)
    assert (await desk.hold("9:50")).status_code == 201


async def test_case_14_too_late_and_taken_is_a_clear_refusal(
    hall: Hall, desk: Desk, database: Database, moment: SetClock
) -> None:
    await hall(product("paspoort", 20), place())
    held = (await desk.hold("9:20")).json()
    moment.move(minutes=10)
    winner = await desk.book("9:20", email="ander@voorbeeld.example")
    late = await desk.confirm(held["id"])
    assert problem(late) == (409, "hold-expired")
    assert "Kies opnieuw een tijd" in late.json()["detail"]
    assert [row.code for row in await appointments(database)] == [winner.json()["code"]]
    async with database.reading() as session:
        assert {entry.key for entry in (await session.exec(select(OutboxEntry))).all()} == {winner.json()["code"]}
    # Nor is anything kept: all other starts are there, and a hold for one of them works.
    assert len(await desk.starts("paspoort")) == 7
    assert (await desk.hold("9:40", replaces=held["id"])).status_code == 201


async def test_case_14_too_late_and_overlapped_in_part(hall: Hall, desk: Desk, moment: SetClock) -> None:
    await hall(product("paspoort", 20, step_minutes=5), product("afhalen", 5), place())
    held = (await desk.hold("9:40")).json()
    moment.move(minutes=10)
    assert (await desk.book("9:55", "afhalen")).status_code == 201
    assert problem(await desk.confirm(held["id"])) == (409, "hold-expired")
    assert "09:35" in await desk.starts("paspoort")


async def test_case_14_too_late_but_still_free(hall: Hall, desk: Desk, moment: SetClock) -> None:
    await hall(product("paspoort", 20), place())
    held = (await desk.hold("10:00")).json()
    moment.move(minutes=45)
    assert (await desk.confirm(held["id"])).json()["startsAt"] == held["startsAt"]


async def test_case_14_while_it_lasts_a_hold_is_a_promise(hall: Hall, desk: Desk, moment: SetClock) -> None:
    await hall(product("paspoort", 20, notice_minutes=60), place())
    held = (await desk.hold("10:00")).json()
    moment.move(minutes=5)  # before the notice by now
    assert problem(await desk.hold("10:00")) == (409, "slot-taken")
    assert (await desk.confirm(held["id"])).status_code == 201


async def test_holds_of_one_start_are_as_many_as_its_counters(hall: Hall, desk: Desk) -> None:
    await hall(product("paspoort", 20), place(counters=3))
    assert [(await desk.hold("9:20")).status_code for _ in range(4)] == [201, 201, 201, 409]
    assert "09:20" not in await desk.starts("paspoort")
