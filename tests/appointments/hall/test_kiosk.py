"""The kiosk, the devices that show it, and the end of the day."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlmodel import select
from starlette.applications import Starlette

from kcc.access.roles import Role
from kcc.appointments.hall.course import VisitState
from kcc.appointments.hall.ending import HallKeeper
from kcc.appointments.hall.models import CounterSession, Visit
from kcc.appointments.planner import Planner
from kcc.clock import Clock
from kcc.storage.database import Database
from tests.appointments.conftest import Desk, Hall, place, product
from tests.appointments.hall.test_hall_api import minutes_to
from tests.conftest import SetClock, browser_of

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
DEVICES = "/beheer/locaties/stadhuis/schermen"


@pytest.fixture
async def town(hall: Hall) -> None:
    """A town hall that takes walk-ins, and a place that does not."""
    await hall(product("paspoort", name_en="Passport"), place(counters=2, walk_ins=True), place("elders"))


@pytest.fixture
async def link(town: None, sign_in: SignIn) -> str:
    """The link of a device at the town hall, just made."""
    admin = await sign_in(Role.ADMINISTRATOR)
    made = await admin.post(DEVICES, data={"name": "Zuil bij de ingang"})
    assert "Zuil bij de ingang" in made.text
    shown = BeautifulSoup(made.text, "html.parser").select_one("code")
    assert shown is not None
    assert shown.get_text() not in (await admin.get(DEVICES)).text  # once
    return httpx.URL(shown.get_text()).path


@pytest.fixture
async def kiosk(link: str, app: Starlette) -> httpx.AsyncClient:
    """A browser that was let in as a kiosk."""
    device = browser_of(app)
    assert "Zuil bij de ingang koppelen" in (await device.get(link)).text
    assert device.cookies.jar._cookies == {}  # type: ignore[attr-defined]  # looking changes nothing
    answer = await device.post(link, data={"als": "zuil"})
    assert answer.headers["location"] == "/kiosk/stadhuis"
    return device


def said(answer: httpx.Response) -> str:
    return BeautifulSoup(answer.text, "html.parser").select_one("main").get_text(" ", strip=True)  # type: ignore[union-attr]


async def test_check_in_by_code(kiosk: httpx.AsyncClient, desk: Desk, moment: SetClock) -> None:
    booked = await desk.book("9:20", name="Test Bezoeker")
    moment.move(minutes=minutes_to("9:10"))
    code = booked.json()["code"]
    for typed in (code.lower(), f"{code[:4]}-{code[4:]}"):
        done = await kiosk.post("/kiosk/stadhuis", data={"code": typed})
        assert (done.status_code, "A 001" in said(done), "Bezoeker" in done.text) == (200, True, False)
    assert 'http-equiv="refresh"' in done.text


async def test_take_a_number_in_english(kiosk: httpx.AsyncClient) -> None:
    assert "Passport" in said(await kiosk.get("/kiosk/stadhuis?stap=inloop&lang=en"))
    done = await kiosk.post("/kiosk/stadhuis?lang=en", data={"product": "paspoort"})
    assert ("B 001" in said(done), "No counter is open now" in said(done)) == (True, True)


@pytest.mark.parametrize(
    ("data", "status"),
    [({}, 400), ({"code": "BBBBBBBB"}, 404), ({"code": "<b>"}, 404), ({"product": "nergens"}, 400)],
)
async def test_what_does_not_work_is_said_in_both_languages(
    kiosk: httpx.AsyncClient, data: dict[str, str], status: int
) -> None:
    for language in ("nl", "en"):
        answer = await kiosk.post(f"/kiosk/stadhuis?lang={language}", data=data)
        alert = BeautifulSoup(answer.text, "html.parser").select_one("[role=alert]")
        assert alert is not None
        assert (answer.status_code, "Please ask at reception" in alert.get_text()) == (status, language == "en")


async def test_a_device_sees_its_own_location_only(kiosk: httpx.AsyncClient) -> None:
    assert (await kiosk.get("/wachtruimte/stadhuis")).status_code == 200
    for address in ("/kiosk/elders", "/wachtruimte/elders", "/balie/stadhuis", "/werk", "/beheer"):
        assert (await kiosk.get(address)).status_code == 403, address


async def test_a_revoked_device_is_let_in_no_longer(kiosk: httpx.AsyncClient, link: str, sign_in: SignIn) -> None:
    admin = await sign_in(Role.ADMINISTRATOR)
    await admin.post(f"{DEVICES}/1/intrekken")
    assert (await kiosk.get("/kiosk/stadhuis")).status_code == 303  # to the log-in
    assert (await kiosk.get(link)).status_code == 404
    assert (await kiosk.post(link, data={"als": "zuil"})).status_code == 404


async def test_a_device_has_a_name_and_a_location(town: None, sign_in: SignIn) -> None:
    admin = await sign_in(Role.ADMINISTRATOR)
    assert (await admin.post(DEVICES, data={"name": " "})).status_code == 400
    assert (await admin.post("/beheer/locaties/nergens/schermen", data={"name": "x"})).status_code == 404


async def test_the_next_day_begins_empty(
    town: None, with_token: Any, database: Database, clock: Clock, moment: SetClock
) -> None:
    client = await with_token(Role.COUNTER_CLERK)
    asked = {"location": "stadhuis", "products": [{"code": "paspoort", "persons": 1}]}
    visits = [(await client.post("/api/v1/visits", json=asked)).json() for _ in range(4)]
    for counter in (1, 2):
        await client.post(f"/api/v1/counters/stadhuis-{counter}/open")
        await client.post(f"/api/v1/counters/stadhuis-{counter}/call-next")
    await client.post(f"/api/v1/visits/{visits[0]['id']}/start")
    keeper = HallKeeper(database, clock, Planner(clock.timezone))
    assert await keeper.tidy() == 0
    moment.at += timedelta(days=1)
    assert sum(await asyncio.gather(*(keeper.tidy() for _ in range(3)))) == 4
    async with database.reading() as session:
        states = [visit.state for visit in (await session.exec(select(Visit).order_by("id"))).all()]
        outcomes = {visit.outcome for visit in (await session.exec(select(Visit))).all()}
        open_counters = [found for found in (await session.exec(select(CounterSession))).all() if not found.closed_at]
    ended = [VisitState.FINISHED, VisitState.MISSED, VisitState.LEFT, VisitState.LEFT]
    assert (states, outcomes, open_counters) == (ended, {None}, [])
    await client.post("/api/v1/counters/stadhuis-1/open")
    assert (await client.post("/api/v1/visits", json=asked)).json()["number"] == "B 001"
    assert (await client.post("/api/v1/counters/stadhuis-1/call-next")).status_code == 200
