"""The clerk's screen over HTTP, without JavaScript; and what the waiting room is told."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from kcc.appointments.hall.watching import HallWatch
from kcc.clock import Clock
from kcc.storage.database import Database
from tests.appointments.conftest import Desk, Hall, place, product
from tests.appointments.hall.test_hall_api import minutes_to
from tests.conftest import SetClock

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
PAGE = "/balie/stadhuis"


@pytest.fixture
async def clerk(hall: Hall, sign_in: SignIn) -> httpx.AsyncClient:
    """A clerk at a town hall with two counters."""
    await hall(product("paspoort"), product("rijbewijs"), place(counters=2, walk_ins=True), place("elders"))
    return await sign_in(Role.COUNTER_CLERK)


def page(answer: httpx.Response) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


async def press(clerk: httpx.AsyncClient, do: str, **fields: Any) -> BeautifulSoup:
    """Press a button and see the page that follows."""
    answer = await clerk.post(PAGE, data={"do": do, **fields}, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return page(answer)


def number_here(shown: BeautifulSoup) -> str | None:
    found = shown.select_one(".kcc-ticket")
    return found.get_text() if found else None


def visit_here(shown: BeautifulSoup) -> str:
    return str(shown.select_one(".kcc-outcomes [name=visit]")["value"])  # type: ignore[index]


async def test_a_day_at_the_counter(clerk: httpx.AsyncClient, desk: Desk, moment: SetClock) -> None:
    booked = await desk.book("9:00", name="Test Bezoeker")
    moment.move(minutes=minutes_to("9:00"))
    shown = await press(clerk, "open", counter="stadhuis-1")
    assert "Balie 1 is vrij" in shown.get_text()
    shown = await press(clerk, "check-in", code=booked.json()["code"])
    assert "De bezoeker is aangemeld" in shown.get_text()
    await press(clerk, "walk-in", product="rijbewijs")
    moment.move(minutes=4)
    assert "bijna te lang" in (await press(clerk, "open", counter="stadhuis-1")).get_text()
    moment.move(minutes=2)
    shown = await press(clerk, "next", counter="stadhuis-1")
    assert (number_here(shown), "Test Bezoeker" in shown.get_text(), "6 minuten" in shown.get_text()) == (
        "A 001", True, True,
    )  # fmt: skip
    assert "0 %" in shown.select_one(".kcc-hallbar").get_text()  # type: ignore[union-attr]
    await press(clerk, "start", visit=visit_here(shown))
    shown = await press(clerk, "next", visit=visit_here(shown), counter="stadhuis-1")
    assert number_here(shown) == "B 001"
    await press(clerk, "recall", visit=visit_here(shown))
    await press(clerk, "recall", visit=visit_here(shown))
    shown = await press(clerk, "recall", visit=visit_here(shown))
    assert "niet gekomen" in shown.get_text()
    assert "niemand die u kunt helpen" in (await press(clerk, "next", counter="stadhuis-1")).get_text()


async def test_parked_and_back(clerk: httpx.AsyncClient) -> None:
    await press(clerk, "open", counter="stadhuis-1")
    await press(clerk, "walk-in", product="paspoort", persons="2")
    shown = await press(clerk, "next", counter="stadhuis-1")
    visit = visit_here(shown)
    await press(clerk, "start", visit=visit)
    shown = await press(clerk, "park", visit=visit)
    assert "Balie 1 is vrij" in shown.get_text()
    shown = await press(clerk, "resume", visit=visit, counter="stadhuis-1")
    assert number_here(shown) == "B 001"
    shown = await press(
        clerk, "finish-close", visit=visit, counter="stadhuis-1", outcome="partly", note="Foto te donker"
    )
    assert "Kies uw loket" in shown.get_text()


async def test_the_wrong_visitor_and_another_product(clerk: httpx.AsyncClient) -> None:
    await press(clerk, "open", counter="stadhuis-1")
    await press(clerk, "walk-in", product="paspoort")
    shown = await press(clerk, "walk-in", product="rijbewijs")
    other = shown.select("tbody [name=visit]")[1]["value"]
    shown = await press(clerk, "next", counter="stadhuis-1")
    shown = await press(clerk, "wrong-ticket", visit=visit_here(shown), here=other)
    assert number_here(shown) == "B 002"
    shown = await press(clerk, "products", visit=visit_here(shown), product="paspoort")
    assert "Paspoort" in shown.select_one(".utrecht-heading-3").get_text()  # type: ignore[union-attr]
    shown = await press(clerk, "transfer", visit=visit_here(shown), product="")
    assert "houdt de plaats" in shown.get_text()


@pytest.mark.parametrize(
    ("fields", "status", "says"),
    [
        ({"do": "next"}, 400, "Open eerst een loket"),
        ({"do": "next", "counter": "stadhuis-2"}, 409, "Balie 2 is dicht"),
        ({"do": "next", "counter": "nergens"}, 404, "nergens"),
        ({"do": "walk-in"}, 400, "Kies waarvoor"),
        ({"do": "walk-in", "product": "paspoort", "persons": "veel"}, 400, "als getal"),
        ({"do": "walk-in", "product": "paspoort", "persons": "99"}, 400, ""),
        ({"do": "check-in", "code": "BBBBBBBB"}, 404, "vinden deze code niet"),
        ({"do": "start", "visit": "x"}, 400, "Kies een bezoeker"),
        ({"do": "start", "visit": "77"}, 404, "niet van vandaag"),
        ({"do": "iets"}, 404, "Deze knop"),
    ],
)
async def test_what_cannot_be_is_said_on_the_page(
    clerk: httpx.AsyncClient, fields: dict[str, str], status: int, says: str
) -> None:
    answer = await clerk.post(PAGE, data=fields)
    alert = page(answer).select_one(".utrecht-alert--error")
    assert alert is not None, answer.text
    assert (answer.status_code, says in alert.get_text()) == (status, True)
    assert (await clerk.post("/balie/nergens", data=fields)).status_code == 404


async def test_the_choice_of_a_location(clerk: httpx.AsyncClient) -> None:
    assert {link["href"] for link in page(await clerk.get("/balie")).select("main a")} == {PAGE, "/balie/elders"}


async def test_the_waiting_room_shows_numbers_never_names(
    clerk: httpx.AsyncClient, desk: Desk, moment: SetClock
) -> None:
    booked = await desk.book("9:00", name="Test Bezoeker")
    moment.move(minutes=minutes_to("9:00"))
    await press(clerk, "open", counter="stadhuis-1")
    await press(clerk, "check-in", code=booked.json()["code"])
    await press(clerk, "walk-in", product="paspoort")
    await press(clerk, "next", counter="stadhuis-1")
    wall = await clerk.get("/wachtruimte/stadhuis")
    assert (page(wall).select_one("#nummer").get_text(), "Bezoeker" in wall.text) == ("A 001", False)  # type: ignore[union-attr]
    assert "U wacht nu ongeveer 20 minuten." in wall.text
    assert (await clerk.get("/wachtruimte/nergens")).status_code == 404


async def test_screens_hear_of_a_change_by_another_process(
    clerk: httpx.AsyncClient, database: Database, clock: Clock
) -> None:
    watch = HallWatch(database, clock)
    running = asyncio.create_task(watch.run())
    seen = await watch.after("stadhuis", None, 1)
    assert seen == 0
    assert await watch.after("stadhuis", seen, 0.1) is None
    heard = [asyncio.create_task(watch.after("stadhuis", seen, 30)) for _ in range(20)]
    await asyncio.sleep(0)
    await press(clerk, "open", counter="stadhuis-1")
    versions = await asyncio.gather(*heard)
    assert set(versions) == {1}
    made = 0

    async def make(_session: Any) -> str:
        nonlocal made
        made += 1
        return json.dumps({"made": made})

    shown = [await watch.shown("stadhuis", 1, make) for _ in range(20)]
    assert (set(shown), made) == ({'{"made": 1}'}, 1)
    running.cancel()
