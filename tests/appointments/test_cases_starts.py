"""Which starts there are: the cases every booking system must pass that are about time, by number."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from kcc.appointments.models import ClosingDay
from tests.appointments.conftest import DAY, Desk, Hall, combinable, place, places_of, problem, product, rule

TOMORROW = DAY + timedelta(days=1)
SUNDAY = date(2026, 11, 29)
CHRISTMAS = date(2026, 12, 25)


async def test_case_01_the_last_start_leaves_room_for_the_visit(hall: Hall, desk: Desk) -> None:
    await hall(product("paspoort", 20), place())
    starts = await desk.starts("paspoort")
    assert (starts[0], starts[-1], len(starts)) == ("09:00", "11:40", 9)
    last = await desk.book("11:40")
    assert last.status_code == 201
    assert datetime.fromisoformat(last.json()["endsAt"]) == datetime.fromisoformat("2026-11-24T12:00:00+01:00")


async def test_case_02_further_persons_take_their_time(hall: Hall, desk: Desk) -> None:
    await hall(product("paspoort", 10, 10), place())
    assert (await desk.starts("paspoort:2"))[-1] == "11:40"
    assert problem(await desk.book("11:50", "paspoort:2")) == (409, "slot-taken")
    assert problem(await desk.hold("11:50", "paspoort:2")) == (409, "slot-taken")
    assert (await desk.book("11:50", "paspoort:1")).status_code == 201


async def test_case_03_products_in_one_visit_are_one_booking(hall: Hall, desk: Desk) -> None:
    await hall(
        product("paspoort", 10),
        product("rijbewijs", 15),
        combinable("paspoort", "rijbewijs"),
        place(),
        rule("9:00", "9:30"),
    )
    booked = (await desk.book("9:00", "paspoort", "rijbewijs")).json()
    assert [item["code"] for item in booked["products"]] == ["paspoort", "rijbewijs"]
    length = datetime.fromisoformat(booked["endsAt"]) - datetime.fromisoformat(booked["startsAt"])
    assert length == timedelta(minutes=25)
    # Off a grid of 10 minutes, 09:20 is taken until 09:25 and 09:30 is the first that is free.
    assert (await desk.starts("paspoort"))[0] == "09:30"
    for start in ("9:00", "9:10", "9:20"):
        assert problem(await desk.book(start)) == (409, "slot-taken")


async def test_case_04_what_may_not_be_combined_is_refused_with_the_reason(hall: Hall, desk: Desk) -> None:
    await hall(product("paspoort"), product("huwelijk", 30), place())
    for answer in (await desk.book("9:00", "paspoort", "huwelijk"), await desk.hold("9:00", "paspoort", "huwelijk")):
        assert problem(answer) == (400, "invalid-input")
        assert places_of(answer) == {"/products"}
        (error,) = answer.json()["errors"]
        assert error["code"] == "not-combinable"
        assert "Paspoort" in error["detail"]
        assert "Huwelijk" in error["detail"]
    query = {"location": "stadhuis", "product": ["paspoort", "huwelijk"], "from": str(DAY), "to": str(DAY)}
    looked = await desk.client.get("/api/v1/availability", params=query)
    assert problem(looked) == (400, "invalid-input")
    assert places_of(looked) == {"product"}


async def test_case_05_longer_than_the_rest_of_the_day(hall: Hall, desk: Desk) -> None:
    await hall(product("naturalisatie", 185), product("huwelijk", 180), place())
    assert await desk.starts("naturalisatie") == []
    assert problem(await desk.book("9:00", "naturalisatie")) == (409, "slot-taken")
    assert await desk.starts("huwelijk") == ["09:00"]


async def test_case_06_never_across_a_break_or_a_full_stretch(hall: Hall, desk: Desk) -> None:
    await hall(product("paspoort", 40), product("afhalen", 10), place(hours=()))
    await hall(rule("9:00", "12:00", breaks=[[600, 630]]))
    # The break begins a new stretch, from which its starts are counted.
    assert await desk.starts("paspoort") == ["09:00", "10:30", "11:10"]
    assert problem(await desk.book("9:40")) == (409, "slot-taken")
    assert problem(await desk.book("10:00")) == (409, "slot-taken")
    assert (await desk.book("11:20", "afhalen")).status_code == 201
    assert await desk.starts("paspoort") == ["09:00", "10:30"]
    assert problem(await desk.book("11:10")) == (409, "slot-taken")


async def test_case_07_overlapping_rules_are_one_stretch(hall: Hall, desk: Desk) -> None:
    await hall(product("paspoort", 25), place(hours=[("9:00", "10:40"), ("10:00", "11:10"), ("11:10", "12:00")]))
    days = await desk.days("paspoort", last=DAY + timedelta(days=6))
    assert all(len(starts) == len(set(starts)) for starts in days.values())
    assert await desk.starts("paspoort") == ["09:00", "09:25", "09:50", "10:15", "10:40", "11:05", "11:30"]


async def test_case_08_eight_minutes_take_two_cells(hall: Hall, desk: Desk) -> None:
    await hall(product("afhalen", 8), place(hours=[("7:25", "8:30")]))
    assert await desk.starts("afhalen", day=TOMORROW) == ["07:25", "07:35", "07:45", "07:55", "08:05", "08:15"]
    off_the_step = await desk.book("7:30", "afhalen", day=TOMORROW)
    assert problem(off_the_step) == (400, "invalid-input")
    assert places_of(off_the_step) == {"/startsAt"}
    booked = (await desk.book("7:35", "afhalen", day=TOMORROW)).json()
    assert (booked["startsAt"], booked["endsAt"]) == ("2026-11-25T06:35:00Z", "2026-11-25T06:45:00Z")
    # A booking does not move the grid.
    assert (await desk.starts("afhalen", day=TOMORROW))[:2] == ["07:25", "07:45"]


async def test_case_18_notice(hall: Hall, desk: Desk, agent: Desk) -> None:
    await hall(product("paspoort", 20, notice_minutes=65), place())  # now is 09:00
    assert (await desk.starts("paspoort"))[0] == "10:20"
    assert problem(await desk.book("10:00")) == (409, "slot-taken")
    assert (await desk.book("10:20")).status_code == 201
    assert (await agent.book("9:00")).status_code == 201


async def test_case_18_horizon(hall: Hall, desk: Desk) -> None:
    await hall(product("paspoort", 20, horizon_days=1), place())
    days = await desk.days("paspoort", last=DAY + timedelta(days=3))
    assert [len(starts) for starts in days.values()] == [9, 9, 0, 0]
    assert (await desk.book("11:40", day=TOMORROW)).status_code == 201
    assert problem(await desk.book("9:00", day=DAY + timedelta(days=2))) == (409, "slot-taken")


@pytest.mark.parametrize(
    "holiday",
    [CHRISTMAS, date(2026, 12, 26), date(2027, 1, 1), date(2027, 3, 29), date(2027, 4, 27), date(2027, 5, 5)],
)
async def test_case_18_public_holidays(hall: Hall, desk: Desk, holiday: date) -> None:
    await hall(product("paspoort", 20), place())
    days = await desk.days("paspoort", first=holiday - timedelta(days=1), last=holiday)
    assert days[str(holiday)] == []
    assert problem(await desk.book("9:00", day=holiday)) == (409, "slot-taken")


@pytest.mark.parametrize("where", ["stadhuis", None])
async def test_case_18_closing_day(hall: Hall, desk: Desk, agent: Desk, where: str | None) -> None:
    await hall(product("paspoort", 20), place(), place("wijkpunt"), ClosingDay(location=where, day=TOMORROW))
    for asker in (desk, agent):
        days = await asker.days("paspoort", last=TOMORROW)
        assert [len(starts) for starts in days.values()] == [9, 0]
        assert problem(await asker.book("9:00", day=TOMORROW)) == (409, "slot-taken")
    assert bool(await desk.starts("paspoort", location="wijkpunt", day=TOMORROW)) is (where is not None)


async def test_case_18_closed_for_part_of_a_day(hall: Hall, desk: Desk) -> None:
    await hall(product("paspoort", 20), place(), ClosingDay(day=DAY, opens_until=590, opens_again=650))
    assert await desk.starts("paspoort") == ["09:00", "09:20", "10:50", "11:10", "11:30"]


@pytest.mark.parametrize("extra", [SUNDAY, CHRISTMAS])
async def test_case_18_extra_opening_day(hall: Hall, desk: Desk, extra: date) -> None:
    await hall(product("paspoort", 20), place(weekdays=range(1, 6)))
    assert await desk.starts("paspoort", day=extra) == []
    await hall(rule("13:00", "14:00", only_on=extra))
    assert await desk.starts("paspoort", day=extra) == ["13:00", "13:20", "13:40"]
    assert (await desk.book("13:20", day=extra)).status_code == 201


async def test_case_18_other_hours_on_one_day(hall: Hall, desk: Desk) -> None:
    await hall(product("paspoort", 20), place(), rule("13:00", "14:00", only_on=DAY))
    assert await desk.starts("paspoort") == ["13:00", "13:20", "13:40"]
    assert problem(await desk.book("9:00")) == (409, "slot-taken")
    assert (await desk.starts("paspoort", day=DAY + timedelta(days=7)))[0] == "09:00"


async def test_case_22_hours_for_staff_are_invisible_online(hall: Hall, desk: Desk, agent: Desk) -> None:
    await hall(product("paspoort", 20), place(), rule("12:00", "13:00", staff_only=True))
    assert (await desk.starts("paspoort"))[-1] == "11:40"
    assert (await agent.starts("paspoort"))[-1] == "12:40"
    assert problem(await desk.book("12:20")) == (409, "slot-taken")
    assert problem(await desk.hold("12:20")) == (409, "slot-taken")
    assert (await agent.book("12:20")).status_code == 201


async def test_case_22_a_counter_for_staff_is_invisible_online(hall: Hall, desk: Desk, agent: Desk) -> None:
    await hall(product("paspoort", 20), place(hours=(), counters=2))
    await hall(rule("9:00", "12:00", counters=1), rule("9:00", "12:00", staff_only=True))
    assert (await desk.book("9:20")).status_code == 201
    assert "09:20" not in await desk.starts("paspoort")
    assert problem(await desk.book("9:20")) == (409, "slot-taken")
    assert "09:20" in await agent.starts("paspoort")
    assert (await agent.book("9:20")).status_code == 201
    assert problem(await agent.book("9:20")) == (409, "slot-taken")


async def test_case_22_a_product_for_staff(hall: Hall, desk: Desk, agent: Desk) -> None:
    await hall(product("thuisbezoek", 20, staff_only=True), place())
    refused = await desk.book("9:20", "thuisbezoek")
    assert problem(refused) == (400, "invalid-input")
    assert places_of(refused) == {"/products"}
    assert (await agent.book("9:20", "thuisbezoek")).status_code == 201


async def test_a_home_visit_keeps_its_travel_free(hall: Hall, desk: Desk) -> None:
    fields: dict[str, Any] = {"kind": "home-visit", "travel_minutes": 20}
    await hall(product("paspoort", 40), place("thuis", **fields))
    assert await desk.starts("paspoort", location="thuis") == ["09:40", "10:20", "11:00"]
    home = {"location": "thuis"}
    assert problem(await desk.book("9:40", **home)) == (400, "invalid-input")
    assert (await desk.book("9:40", address="Dorpsstraat 2, Voorbeeld", **home)).status_code == 201
    assert await desk.starts("paspoort", location="thuis") == ["11:00"]
