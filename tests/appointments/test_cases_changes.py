"""Cancelling, moving, links and maxima: the cases every booking system must pass, by number."""

from datetime import timedelta

import httpx
import pytest

from kcc.storage.database import Database
from tests.appointments.conftest import DAY, Desk, Hall, appointments, at, place, problem, product, token_of
from tests.conftest import SetClock

TOMORROW = DAY + timedelta(days=1)
DELAYED = pytest.mark.parametrize("options", [{"release_delay": 300}])
BOTH_DELAYS = pytest.mark.parametrize("options", [{"release_delay": 0}, {"release_delay": 300}])


async def test_case_15_a_cancelled_place_returns_at_once_without_delay(hall: Hall, desk: Desk) -> None:
    await hall(product("paspoort", 20), place())
    booked = await desk.book("9:20")
    assert "09:20" not in await desk.starts("paspoort")
    cancelled = await desk.manage(booked, "cancel")
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert "09:20" in await desk.starts("paspoort")
    assert (await desk.book("9:20")).status_code == 201


@DELAYED
async def test_case_15_a_cancelled_place_returns_online_after_the_delay(
    hall: Hall, desk: Desk, moment: SetClock
) -> None:
    await hall(product("paspoort", 20), place(counters=3))
    booked = [await desk.book("9:40") for _ in range(3)]
    for answer in booked:
        await desk.manage(answer, "cancel")
    assert "09:40" not in await desk.starts("paspoort")
    assert problem(await desk.book("9:40")) == (409, "slot-taken")
    assert problem(await desk.hold("9:40")) == (409, "slot-taken")
    moment.move(seconds=300)
    assert "09:40" in await desk.starts("paspoort")
    assert [(await desk.book("9:40")).status_code for _ in range(4)] == [201, 201, 201, 409]


@DELAYED
async def test_case_15_staff_may_have_a_cancelled_place_at_once(
    hall: Hall, desk: Desk, agent: Desk, moment: SetClock
) -> None:
    await hall(product("paspoort", 20), place())
    await desk.manage(await desk.book("9:40"), "cancel")
    assert "09:40" in await agent.starts("paspoort")
    assert (await agent.book("9:40")).status_code == 201
    moment.move(seconds=300)
    assert "09:40" not in await desk.starts("paspoort")
    assert problem(await desk.book("9:40")) == (409, "slot-taken")


@DELAYED
async def test_case_15_a_place_moved_away_from_returns_after_the_delay(
    hall: Hall, desk: Desk, moment: SetClock
) -> None:
    await hall(product("paspoort", 20), place())
    booked = await desk.book("9:40")
    assert (await desk.manage(booked, "reschedule", startsAt=at("11:00"))).status_code == 200
    assert problem(await desk.book("9:40")) == (409, "slot-taken")
    moment.move(seconds=300)
    assert (await desk.book("9:40")).status_code == 201


async def test_case_15_cancelling_twice_changes_nothing(hall: Hall, desk: Desk) -> None:
    await hall(product("paspoort", 20), place())
    booked = await desk.book("9:20")
    first = await desk.manage(booked, "cancel")
    assert (await desk.book("9:20")).status_code == 201
    again = await desk.manage(booked, "cancel")
    assert again.json() == first.json()
    assert "09:20" not in await desk.starts("paspoort")


async def test_case_15_what_is_cancelled_does_not_move(hall: Hall, desk: Desk) -> None:
    await hall(product("paspoort", 20), place())
    booked = await desk.book("9:20")
    await desk.manage(booked, "cancel")
    assert problem(await desk.manage(booked, "reschedule", startsAt=at("10:00"))) == (409, "conflict")
    assert "10:00" in await desk.starts("paspoort")


@BOTH_DELAYS
async def test_case_16_its_own_cells_do_not_block_it(hall: Hall, desk: Desk, moment: SetClock) -> None:
    await hall(product("paspoort", 10, 10), place())
    booked = await desk.book("9:40", "paspoort:4")
    for start in ("9:50", "9:30", "9:40"):  # the last one is where it has been before
        moved = await desk.manage(booked, "reschedule", startsAt=at(start))
        assert moved.status_code == 200, moved.text
    assert moved.json()["sequence"] == 3
    moment.move(seconds=300)
    starts = await desk.starts("paspoort")
    assert {"09:30", "10:20"} <= set(starts)
    assert not {"09:40", "09:50", "10:00", "10:10"} & set(starts)


@BOTH_DELAYS
@pytest.mark.parametrize("start", ["11:00", "8:40", "12:00", "9:25"])
async def test_case_16_when_the_new_start_is_not_to_be_had_the_old_one_stands(
    hall: Hall, desk: Desk, database: Database, start: str
) -> None:
    await hall(product("paspoort", 20), place())
    booked = await desk.book("9:20")
    assert (await desk.book("11:00")).status_code == 201
    refused = await desk.manage(booked, "reschedule", startsAt=at(start))
    assert refused.status_code in (400, 409)
    stands = (await desk.manage(booked)).json()
    assert (stands["startsAt"], stands["sequence"]) == ("2026-11-24T08:20:00Z", 0)
    assert problem(await desk.book("9:20")) == (409, "slot-taken")


async def test_case_16_to_another_location(hall: Hall, desk: Desk) -> None:
    await hall(product("paspoort", 20), place(), place("wijkpunt"))
    booked = await desk.book("9:20")
    moved = await desk.manage(booked, "reschedule", startsAt=at("9:20"), location="wijkpunt")
    assert (moved.json()["location"], moved.json()["startsAt"]) == ("wijkpunt", "2026-11-24T08:20:00Z")
    assert "09:20" in await desk.starts("paspoort")
    assert "09:20" not in await desk.starts("paspoort", location="wijkpunt")


async def test_case_16_to_where_it_is_already(hall: Hall, desk: Desk) -> None:
    await hall(product("paspoort", 20), place())
    booked = await desk.book("9:20")
    same = await desk.manage(booked, "reschedule", startsAt="2026-11-24T08:20:00Z")
    assert (same.status_code, same.json()["sequence"]) == (200, 0)


async def test_case_16_what_has_begun_neither_moves_nor_is_cancelled(hall: Hall, desk: Desk, moment: SetClock) -> None:
    await hall(product("paspoort", 20), place())
    booked = await desk.book("9:20")
    moment.move(minutes=20)
    assert problem(await desk.manage(booked, "reschedule", startsAt=at("11:00"))) == (409, "conflict")
    assert problem(await desk.manage(booked, "cancel")) == (409, "conflict")
    assert (await desk.manage(booked)).json()["status"] == "booked"


async def test_case_17_opening_a_link_changes_nothing(hall: Hall, desk: Desk, database: Database) -> None:
    await hall(product("paspoort", 20), place())
    booked = await desk.book("9:20")
    before = [row.model_dump() for row in await appointments(database)]
    answer = booked.json()
    headers = {"Authorization": f"Bearer {token_of(answer)}"}
    for verb in ("cancel", "reschedule"):
        address = f"{_address(booked)}/{verb}"
        assert problem(await desk.client.get(address, headers=headers)) == (405, "method-not-allowed")
        assert (await desk.client.head(address, headers=headers)).status_code == 405
    for _ in range(2):  # a mail scanner follows every link, and where it leads
        await desk.client.get(answer["manageUrl"], follow_redirects=True)
    assert [row.model_dump() for row in await appointments(database)] == before
    assert "09:20" not in await desk.starts("paspoort")


def _address(booked: httpx.Response) -> str:
    return f"/api/v1/appointments/{booked.json()['code']}"


async def _is_nothing_to(client: httpx.AsyncClient, booked: httpx.Response, token: str | None) -> None:
    """Check that with this token an appointment is neither seen nor changed, as if it did not exist."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    unknown = await client.get("/api/v1/appointments/K7QP4M2X", headers=headers)
    for refused in (
        await client.get(_address(booked), headers=headers),
        await client.post(f"{_address(booked)}/cancel", headers=headers),
        await client.post(f"{_address(booked)}/reschedule", headers=headers, json={"startsAt": at("11:00")}),
    ):
        assert problem(refused) == (404, "not-found")
        assert refused.json() == unknown.json()


async def test_case_17_a_wrong_token_is_refused(hall: Hall, desk: Desk) -> None:
    await hall(product("paspoort", 20), place())
    booked = await desk.book("9:20")
    other = await desk.book("10:00", email="ander@voorbeeld.example")
    right = token_of(booked.json())
    for token in (None, "", right[:-1], right + "A", right.swapcase(), token_of(other.json()), "x" * 5000):
        await _is_nothing_to(desk.client, booked, token)
    assert (await desk.manage(booked)).json()["status"] == "booked"
    assert (await desk.manage(other)).json()["status"] == "booked"


async def test_case_17_a_link_works_through_the_day_itself_and_not_after(
    hall: Hall, desk: Desk, agent: Desk, moment: SetClock
) -> None:
    await hall(product("paspoort", 20), place())
    booked = await desk.book("9:20")
    moment.move(hours=14, minutes=59)  # 23:59 on the clock
    assert (await desk.manage(booked)).status_code == 200
    moment.move(minutes=1)
    await _is_nothing_to(desk.client, booked, token_of(booked.json()))
    assert (await agent.client.get(_address(booked))).status_code == 200


async def test_case_17_a_moved_appointment_keeps_its_link(hall: Hall, desk: Desk, moment: SetClock) -> None:
    await hall(product("paspoort", 20), place())
    booked = await desk.book("9:20")
    assert (await desk.manage(booked, "reschedule", startsAt=at("9:00", TOMORROW))).status_code == 200
    moment.move(days=1)
    assert (await desk.manage(booked)).status_code == 200


async def test_case_17_staff_see_and_change_by_code(hall: Hall, desk: Desk, agent: Desk) -> None:
    await hall(product("paspoort", 20), place())
    code = (await desk.book("9:20")).json()["code"]
    typed = f"{code[:4]}-{code[4:]}".lower()  # as somebody reads it out
    assert (await agent.client.get(f"/api/v1/appointments/{typed}")).json()["code"] == code
    assert (await agent.client.post(f"/api/v1/appointments/{typed}/cancel")).json()["status"] == "cancelled"


@pytest.mark.parametrize("options", [{"max_open_appointments": 2}])
async def test_case_21_the_maximum_of_an_email_address(
    hall: Hall, desk: Desk, agent: Desk, database: Database, moment: SetClock
) -> None:
    await hall(product("paspoort", 20), place())
    first = await desk.book("9:20")
    assert (await desk.book("10:00", email="BEZOEKER@Voorbeeld.Example")).status_code == 201
    held = (await desk.hold("11:00")).json()
    for refused in (await desk.book("10:40"), await desk.confirm(held["id"])):
        assert problem(refused) == (409, "too-many-appointments")
        assert "2 afspraken" in refused.json()["detail"]
        assert "bel ons" in refused.json()["detail"]
    assert len(await appointments(database)) == 2
    assert (await desk.book("10:40", email="ander@voorbeeld.example")).status_code == 201
    assert (await desk.manage(first, "cancel")).status_code == 200
    assert (await desk.confirm(held["id"])).status_code == 201
    assert problem(await desk.book("11:20")) == (409, "too-many-appointments")
    assert (await agent.book("11:20")).status_code == 201
    moment.move(days=1)  # what is over does not count
    assert (await desk.book("9:20", day=TOMORROW)).status_code == 201


@pytest.mark.parametrize("options", [{"max_open_appointments": 1}])
async def test_case_21_one_without_email_is_not_counted(hall: Hall, desk: Desk) -> None:
    await hall(product("paspoort", 20), place())
    for start in ("9:20", "10:00"):
        assert (await desk.book(start, email=None, phone="06 12345678")).status_code == 201
