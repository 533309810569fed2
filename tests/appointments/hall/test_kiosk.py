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
from kcc.appointments.hall.estimating import LEAST_MEASURED
from kcc.appointments.hall.models import CounterSession, Visit
from kcc.appointments.planner import Planner
from kcc.clock import Clock
from kcc.storage.database import Database
from tests.appointments.conftest import DAY, Desk, Hall, at, place, product
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
    assert 'data-away="20"' in done.text


@pytest.mark.parametrize(("arrives", "late"), [("9:10", False), ("9:29", False), ("9:31", True)])
async def test_who_checks_in_reads_the_time_of_the_appointment(
    kiosk: httpx.AsyncClient, desk: Desk, moment: SetClock, arrives: str, late: bool
) -> None:
    code = (await desk.book("9:20")).json()["code"]
    moment.move(minutes=minutes_to(arrives))
    for language, time, sentence in (
        ("nl", "Uw afspraak is om 9.20 uur.", "wat later dan afgesproken"),
        ("en", "Your appointment is at 9:20.", "a little later than planned"),
    ):
        done = said(await kiosk.post(f"/kiosk/stadhuis?lang={language}", data={"code": code}))
        assert (time in done, sentence in done) == (True, late)


async def test_a_number_for_more_people(kiosk: httpx.AsyncClient, hall: Hall, with_token: Any) -> None:
    await hall(product("uittreksel", max_persons=1), product("huwelijk", max_persons=20))
    chosen = BeautifulSoup((await kiosk.get("/kiosk/stadhuis?stap=inloop")).text, "html.parser").select_one("main form")
    assert chosen is not None
    assert [button.get_text() for button in chosen.select("button")] == ["Uittreksel"]  # for one at a time
    asked = await kiosk.get(str(chosen.select_one("a[href*=paspoort]")["href"]))  # type: ignore[index]
    assert "Voor hoeveel personen komt u?" in said(asked)
    buttons = BeautifulSoup(asked.text, "html.parser").select("button[name=persons]")
    assert [button["value"] for button in buttons] == [str(number) for number in range(1, 9)]
    assert [button.get_text() for button in buttons[:2]] == ["1 persoon", "2 personen"]
    pressed = {"product": "paspoort", "page": hidden(asked)}
    for persons in ("3", "1"):  # a second button in haste changes nothing
        assert "B 001" in said(await kiosk.post("/kiosk/stadhuis", data=pressed | {"persons": persons}))
    clerk = await with_token(Role.COUNTER_CLERK)
    (visit,) = (await clerk.get("/api/v1/visits", params={"location": "stadhuis"})).json()["results"]
    assert visit["products"] == [{"code": "paspoort", "persons": 3}]


async def test_a_product_that_is_not_there_is_asked_for_again(kiosk: httpx.AsyncClient) -> None:
    for query in ("", "&product=nergens"):
        assert "Waarvoor komt u?" in said(await kiosk.get(f"/kiosk/stadhuis?stap=personen{query}"))


async def test_what_is_booked_most_comes_first(
    kiosk: httpx.AsyncClient, hall: Hall, desk: Desk, moment: SetClock
) -> None:
    await hall(product("aangifte"), product("zwemles"))
    for ten in range(10):
        assert (
            await desk.book(f"{9 + ten // 6}:{ten % 6}0", "zwemles", day=DAY + timedelta(days=1))
        ).status_code == 201
    moment.move(minutes=10)  # what was worked out before is kept so long
    page = BeautifulSoup((await kiosk.get("/kiosk/stadhuis?stap=inloop")).text, "html.parser")
    assert [heading.get_text() for heading in page.select("main h2")] == ["Vaak gekozen", "Overig"]
    names = [choice.get_text() for choice in page.select("main form .kcc-kiosk__b")]
    assert names == ["Zwemles", "Aangifte", "Paspoort"]


async def test_take_a_number_in_english(kiosk: httpx.AsyncClient) -> None:
    assert "Passport" in said(await kiosk.get("/kiosk/stadhuis?stap=inloop&lang=en"))
    done = await kiosk.post("/kiosk/stadhuis?lang=en", data={"product": "paspoort"})
    assert ("B 001" in said(done), "No counter is open now" in said(done)) == (True, True)


async def test_how_long_a_number_will_wait(kiosk: httpx.AsyncClient, with_token: Any) -> None:
    clerk = await with_token(Role.COUNTER_CLERK)
    await clerk.post("/api/v1/counters/stadhuis-1/open")
    for sentence in ("U bent snel aan de beurt", "U wacht ongeveer 10 minuten", "U wacht ongeveer 20 minuten"):
        done = await kiosk.post("/kiosk/stadhuis", data={"product": "paspoort"})
        assert sentence in said(done)


async def test_a_double_press_is_one_number(kiosk: httpx.AsyncClient) -> None:
    shown = BeautifulSoup((await kiosk.get("/kiosk/stadhuis?stap=inloop")).text, "html.parser")
    secret = shown.select_one("[name=page]")
    assert secret is not None
    pressed = {"product": "paspoort", "page": secret["value"]}
    both = await asyncio.gather(*(kiosk.post("/kiosk/stadhuis", data=pressed) for _ in range(2)))
    assert ["B 001" in said(done) for done in both] == [True, True]
    other = await kiosk.post("/kiosk/stadhuis", data={"product": "paspoort"})
    assert "B 002" in said(other)


async def test_measured_times_are_of_one_person(
    kiosk: httpx.AsyncClient, with_token: Any, moment: SetClock, database: Database
) -> None:
    clerk = await with_token(Role.COUNTER_CLERK)
    await clerk.post("/api/v1/counters/stadhuis-1/open")
    for _ in range(LEAST_MEASURED):
        await kiosk.post("/kiosk/stadhuis", data={"product": "paspoort"})
        visit = (await clerk.post("/api/v1/counters/stadhuis-1/call-next")).json()["id"]
        moment.move(minutes=1)
        await clerk.post(f"/api/v1/visits/{visit}/finish", json={})
    family = {"location": "stadhuis", "products": [{"code": "paspoort", "persons": 4}]}
    await clerk.post("/api/v1/visits", json=family)
    done = await kiosk.post("/kiosk/stadhuis", data={"product": "paspoort"})
    assert "U wacht ongeveer 10 minuten" in said(done)
    done = await kiosk.post("/kiosk/stadhuis", data={"product": "paspoort"})
    assert "U wacht ongeveer 15 minuten" in said(done)


async def test_a_number_for_what_only_staff_may_give_one_for(
    kiosk: httpx.AsyncClient, hall: Hall, with_token: Any
) -> None:
    await hall(product("huwelijk", staff_only=True))
    answer = await kiosk.post("/kiosk/stadhuis", data={"product": "huwelijk"})
    assert (answer.status_code, "Vraag hulp" in alert(answer)) == (400, True)
    asked = {"location": "stadhuis", "products": [{"code": "huwelijk", "persons": 1}]}
    device, clerk = await with_token(Role.DEVICE), await with_token(Role.COUNTER_CLERK)
    assert [(await client.post("/api/v1/visits", json=asked)).status_code for client in (device, clerk)] == [400, 201]


async def test_who_was_here_already_is_sent_to_reception(
    kiosk: httpx.AsyncClient, desk: Desk, with_token: Any, moment: SetClock
) -> None:
    booked = await desk.book("9:20")
    moment.move(minutes=minutes_to("9:10"))
    code = booked.json()["code"]
    clerk = await with_token(Role.COUNTER_CLERK)
    visit = (await clerk.post(f"/api/v1/appointments/{code}/check-in")).json()["id"]
    assert "A 001" in said(await kiosk.post("/kiosk/stadhuis", data={"code": code}))
    await clerk.post(f"/api/v1/visits/{visit}/leave")
    for address, sentence in (("", "als weggegaan genoteerd"), ("?lang=en", "noted as having left")):
        answer = await kiosk.post(f"/kiosk/stadhuis{address}", data={"code": code})
        assert (answer.status_code, sentence in alert(answer)) == (409, True)


async def test_who_is_here_does_not_cancel_or_move(
    kiosk: httpx.AsyncClient, desk: Desk, moment: SetClock
) -> None:  # case 24, the other way around
    booked = await desk.book("9:20")
    moment.move(minutes=minutes_to("9:10"))
    await kiosk.post("/kiosk/stadhuis", data={"code": booked.json()["code"]})
    for answer in (
        await desk.manage(booked, "cancel"),
        await desk.manage(booked, "reschedule", startsAt=at("10:00")),
        await desk.manage(booked, "reschedule", startsAt=at("10:00", DAY + timedelta(days=1))),
    ):
        assert (answer.status_code, "al aangemeld" in answer.json()["detail"]) == (409, True)


def alert(answer: httpx.Response) -> str:
    found = BeautifulSoup(answer.text, "html.parser").select_one("[role=alert]")
    return found.get_text(" ", strip=True) if found else ""


@pytest.mark.parametrize(
    ("data", "status", "dutch", "english"),
    [
        ({}, 400, "Typ de code", "Type the code"),
        ({"code": "BBBBBBBB"}, 404, "vinden deze code niet", "cannot find this code"),
        ({"code": "<b>"}, 404, "vinden deze code niet", "cannot find this code"),
        ({"product": "nergens"}, 400, "Vraag hulp", "ask at reception"),
        ({"product": "paspoort", "persons": "0"}, 400, "Vraag hulp", "ask at reception"),
        ({"product": "paspoort", "persons": "9"}, 400, "Vraag hulp", "ask at reception"),
        ({"product": "paspoort", "persons": "²"}, 400, "Vraag hulp", "ask at reception"),
    ],
)
async def test_what_does_not_work_is_said_in_both_languages(
    kiosk: httpx.AsyncClient, data: dict[str, str], status: int, dutch: str, english: str
) -> None:
    for language, sentence in (("nl", dutch), ("en", english)):
        answer = await kiosk.post(f"/kiosk/stadhuis?lang={language}", data=data)
        assert answer.status_code == status
        assert sentence in alert(answer)


async def test_an_appointment_that_is_not_for_here_and_now_says_why(
    kiosk: httpx.AsyncClient, desk: Desk, moment: SetClock
) -> None:
    booked = [
        await desk.book("9:20", **more) for more in ({"day": DAY + timedelta(days=1)}, {}, {"location": "elders"})
    ]
    assert (await desk.manage(booked[1], "cancel")).status_code == 200
    tomorrow, gone, there = (answer.json()["code"] for answer in booked)
    moment.move(minutes=minutes_to("9:10"))
    for code, dutch, english in (
        (tomorrow, "niet vandaag", "is not today"),
        (gone, "afgezegd", "was cancelled"),
        (there, "op een andere plek: Elders", "at another place: Elders"),
    ):
        for address, sentence in (("", dutch), ("?lang=en", english)):
            answer = await kiosk.post(f"/kiosk/stadhuis{address}", data={"code": code})
            assert answer.status_code == 409
            assert sentence in alert(answer)


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


async def test_a_link_lets_in_one_browser_once(link: str, app: Starlette) -> None:
    first, second = browser_of(app), browser_of(app)
    pages = [hidden(await browser.get(link)) for browser in (first, second, first)]  # looking changes nothing
    both = await asyncio.gather(*(first.post(link, data={"als": "scherm", "page": pages[0]}) for _ in range(2)))
    assert [answer.headers["location"] for answer in both] == ["/wachtruimte/stadhuis"] * 2  # pressed twice
    for page in pages[1:]:
        refused = await second.post(link, data={"als": "zuil", "page": page})
        assert (refused.status_code, "al gebruikt. Maak in het beheer een nieuwe." in said(refused)) == (409, True)
    opened = await second.get(link)
    assert (opened.status_code, "Deze koppeling is al gebruikt" in said(opened)) == (409, True)
    second.cookies.set("kcc-device", link.rpartition("/")[2])  # the address is no key
    assert [(await browser.get("/kiosk/stadhuis")).status_code for browser in (first, second)] == [200, 303]


async def test_of_two_browsers_at_once_one_is_let_in(link: str, app: Starlette) -> None:
    browsers = [browser_of(app) for _ in range(4)]
    pages = [hidden(await browser.get(link)) for browser in browsers]
    answers = await asyncio.gather(
        *(browser.post(link, data={"page": page}) for browser, page in zip(browsers, pages, strict=True))
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    for browser, answer in zip(browsers, answers, strict=True):
        assert (await browser.get("/kiosk/stadhuis")).status_code == (200 if answer.status_code == 303 else 303)


async def test_a_page_that_is_sent_again_makes_no_second_device(
    town: None, sign_in: SignIn, app: Starlette, moment: SetClock
) -> None:
    admin = await sign_in(Role.ADMINISTRATOR)
    form = {"name": "Zuil", "page": hidden(await admin.get(DEVICES))}
    made = await admin.post(DEVICES, data=form)
    again = await admin.post(DEVICES, data=form)
    assert (again.status_code, "Het apparaat is al gemaakt; de link is eenmalig getoond" in said(again)) == (200, True)
    assert rows(again) == ["Zuil Gemaakt op dinsdag 24 november 2026, 9.00 uur. Nog niet in gebruik."]
    moment.move(minutes=5)
    await admin.post(DEVICES, data={"name": "Zuil", "page": hidden(made)})  # another page, another device
    shown = BeautifulSoup(made.text, "html.parser").select_one("code")
    assert shown is not None
    await browser_of(app).post(httpx.URL(shown.get_text()).path, data={"als": "zuil"})
    assert rows(await admin.get(DEVICES)) == [
        "Zuil Gemaakt op dinsdag 24 november 2026, 9.00 uur. In gebruik sinds dinsdag 24 november 2026, 9.05 uur.",
        "Zuil Gemaakt op dinsdag 24 november 2026, 9.05 uur. Nog niet in gebruik.",
    ]


def hidden(answer: httpx.Response) -> str:
    """The secret of a page."""
    found = BeautifulSoup(answer.text, "html.parser").select_one("[name=page]")
    assert found is not None
    return str(found["value"])


def rows(answer: httpx.Response) -> list[str]:
    """The devices on the page, as they can be told apart."""
    listed = BeautifulSoup(answer.text, "html.parser").select(".kcc-tasklist li > div")
    return [row.get_text(" ", strip=True) for row in listed]


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
