"""What a transaction does with an appointment that another one is changing."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from kcc.appointments import changing, queries
from kcc.appointments.availability.offering import Asker
from kcc.appointments.models import Appointment, AppointmentStatus, Hold, OccupiedCell
from kcc.errors import Conflict
from tests.appointments.conftest import at, place, product

HOME = "/afspraak/beheer"


async def test_cancelled_and_moved_at_once_is_one_or_the_other(hall: Any, desk: Any, app: Any, database: Any) -> None:
    await hall(product("paspoort"), place(counters=3))
    for start in ("9:20", "9:40", "10:00", "10:20"):
        booked = await desk.book(start, email=f"b{start.replace(':', '')}@voorbeeld.example")
        answers = await asyncio.gather(
            desk.manage(booked, "cancel"),
            desk.manage(booked, "reschedule", startsAt=at("11:30")),
            desk.manage(booked, "cancel"),
        )
        assert {answer.status_code for answer in answers} <= {200, 409}
        assert (await desk.manage(booked)).json()["status"] == "cancelled"
    async with database.reading() as session:
        assert (await session.exec(select(OccupiedCell))).all() == []


async def test_pages_read_again_what_they_lock(hall: Any, desk: Any, client: Any, database: Any) -> None:
    await hall(product("paspoort"), place(counters=3))
    booked = await desk.book("9:20")
    await client.get(booked.json()["manageUrl"])
    await asyncio.gather(
        *(client.post(f"{HOME}/afzeggen") for _ in range(4)),
        *(client.post(f"{HOME}/verzetten", data={"start": at(start)}) for start in ("10:00", "10:20", "10:40")),
    )
    async with database.reading() as session:
        row = (await session.exec(select(Appointment))).one()
        assert row.status is AppointmentStatus.CANCELLED
        assert (await session.exec(select(OccupiedCell))).all() == []


async def test_an_offer_whose_cells_are_gone_moves_nobody(
    hall: Any, desk: Any, app: Any, database: Any, clock: Any
) -> None:
    await hall(product("paspoort"), place())
    booked = await desk.book("11:00")
    state, now = app.state.lifespan, clock.now()
    async with database.writing() as session:
        row = await queries.by_code(session, booked.json()["code"])
        session.add(
            Hold(
                id_hash="0" * 64,
                location="stadhuis",
                counter="stadhuis-1",
                starts_at=row.starts_at - timedelta(hours=1),
                products=[["paspoort", 1]],
                expires_at=now + timedelta(hours=1),
                offered_to=row.id,
            )
        )
    with pytest.raises(Conflict):
        async with database.writing() as session:
            row = await queries.by_code(session, booked.json()["code"], lock=True)
            offers = await queries.offers_to(session, row.id, now)
            plan = await state["planner"].plan(session)
            asker = Asker(now=now, today=clock.today(), staff=False)
            await changing.accept_offer(session, plan, state["policy"], asker, row, offers[0].id)
    assert (await desk.manage(booked)).json()["startsAt"] == "2026-11-24T10:00:00Z"


async def test_moving_to_a_home_visit_needs_an_address(hall: Any, agent: Any) -> None:
    await hall(product("paspoort"), place(), place("thuis", kind="home-visit", hours=[("9:00", "17:00")]))
    booked = await agent.book("9:20")
    refused = await agent.client.post(
        f"/api/v1/appointments/{booked.json()['code']}/reschedule", json={"startsAt": at("10:00"), "location": "thuis"}
    )
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["location"] == {"pointer": "/location"}


async def test_from_a_home_visit_to_the_town_hall_the_address_goes(hall: Any, agent: Any) -> None:
    await hall(product("paspoort"), place(), place("thuis", kind="home-visit", hours=[("9:00", "17:00")]))
    booked = await agent.book("9:20", location="thuis", address="Dorpsstraat 1, Voorbeeld")
    assert booked.status_code == 201, booked.text
    moved = await agent.client.post(
        f"/api/v1/appointments/{booked.json()['code']}/reschedule",
        json={"startsAt": at("10:00"), "location": "stadhuis"},
    )
    assert moved.json()["address"] == "Markt 1, Voorbeeld"


@pytest.mark.parametrize("path", ["/afspraak/beheer/zoeken", "/afspraak/controle", "/afspraak/bevestigen"])
async def test_a_form_in_an_odd_character_set(hall: Any, client: Any, path: str) -> None:
    await hall(product("paspoort"), place())
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n\\ud800\r\n'
        for name in ("code", "email", "hold", "name")
    )
    response = await client.post(
        path,
        content=(parts + "--x--\r\n").encode(),
        headers={"Content-Type": "multipart/form-data; boundary=x; charset=unicode_escape"},
    )
    assert response.status_code < 500
