"""The cases that every booking system must pass, by the number they have in docs/developer/booking.md."""

from tests.appointments.conftest import place, product, combinable


async def test_case_1(hall, desk):
    await hall(product("paspoort", 20), place())
    starts = await desk.starts("paspoort")
    assert starts[0] == "09:00"
    assert starts[-1] == "11:40"


async def test_smoke(hall, desk, agent):
    await hall(product("paspoort", 10, 10), product("rijbewijs", 15), combinable("paspoort", "rijbewijs"), place(counters=2))
    held = await desk.hold("9:20", "paspoort:2")
    assert held.status_code == 201, held.text
    booked = await desk.confirm(held.json()["id"])
    assert booked.status_code == 201, booked.text
    assert (await desk.manage(booked)).json()["status"] == "booked"
    moved = await desk.manage(booked, "reschedule", startsAt="2026-11-24T08:30:00Z")
    assert moved.status_code == 200, moved.text
    gone = await desk.manage(booked, "cancel")
    assert gone.json()["status"] == "cancelled", gone.text
    direct = await desk.book("9:00", "paspoort", "rijbewijs", key="k")
    assert direct.status_code == 201, direct.text
    again = await desk.book("9:00", "paspoort", "rijbewijs", key="k")
    assert again.json() == direct.json()
