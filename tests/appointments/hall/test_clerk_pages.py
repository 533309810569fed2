"""The clerk's screen over HTTP, without JavaScript; and what the waiting room is told."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlmodel import col, select

from kcc.access.models import Account
from kcc.access.roles import Role
from kcc.appointments.hall.models import ClerkProduct
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
    assert shown.select_one(".kcc-hallbar dd").get_text() == "0 %"  # type: ignore[union-attr]
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
        ({"do": "walk-in", "product": "paspoort", "persons": "99"}, 400, "8 personen"),
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


async def wall_calls(clerk: httpx.AsyncClient) -> list[str]:
    shown = page(await clerk.get("/wachtruimte/stadhuis"))
    first = shown.select_one("#nummer").get_text()  # type: ignore[union-attr]
    return [first, *(row.get_text() for row in shown.select("#eerder li span:first-child"))]


async def test_the_waiting_room_shows_who_came_or_is_to_come(clerk: httpx.AsyncClient) -> None:
    for counter in (1, 2):
        await press(clerk, "open", counter=f"stadhuis-{counter}")
    for _ in range(4):
        await press(clerk, "walk-in", product="paspoort")
    first = visit_here(await press(clerk, "next", counter="stadhuis-1"))
    await press(clerk, "next", visit=first, counter="stadhuis-1")
    assert await wall_calls(clerk) == ["B 002", "B 001"]
    second = visit_here(page(await clerk.get(PAGE)))
    await press(clerk, "park", visit=second)
    assert await wall_calls(clerk) == ["B 001"]
    third = visit_here(await press(clerk, "next", counter="stadhuis-1"))
    assert await wall_calls(clerk) == ["B 003", "B 001"]
    await press(clerk, "missed", visit=third)
    assert await wall_calls(clerk) == ["B 001"]
    fourth = visit_here(await press(clerk, "next", counter="stadhuis-1"))
    await press(clerk, "transfer", visit=fourth)
    assert await wall_calls(clerk) == ["B 001"]


async def test_a_walk_in_is_held_against_their_own_target(clerk: httpx.AsyncClient, moment: SetClock) -> None:
    await press(clerk, "open", counter="stadhuis-1")
    await press(clerk, "walk-in", product="paspoort")
    moment.move(minutes=7)
    shown = await press(clerk, "next", counter="stadhuis-1")
    waited = shown.select_one(".kcc-quick dd.kcc-ok")
    assert waited is not None
    assert waited.get_text() == "7 minuten"


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


async def test_reception_finds_who_gives_a_name(clerk: httpx.AsyncClient, desk: Desk, moment: SetClock) -> None:
    for clock, name in (("9:00", "Test Bezoeker"), ("9:10", "Zoë Voorbeeld"), ("9:20", "Nog Een Voorbeeld")):
        await desk.book(clock, name=name, email=f"{clock[0]}{clock[2:]}@voorbeeld.example")
    moment.move(minutes=minutes_to("9:00"))
    found = (await press(clerk, "find", name="voorbeeld")).get_text(" ", strip=True)
    assert ("9.10 Zoë" in found, "9.20 Nog" in found, "Test Bezoeker" in found) == (True, True, False)
    shown = await press(clerk, "find", name="zoe")
    code = shown.select_one("#hal input[name=code][type=hidden]")
    assert code is not None
    assert "De bezoeker is aangemeld" in (await press(clerk, "check-in", code=code["value"])).get_text()
    found = (await press(clerk, "find", name="zoe")).get_text(" ", strip=True)
    assert "niemand verwacht met “zoe”" in found
    assert "Test Bezoeker" in (await press(clerk, "find", name=" ")).get_text()
    # Names are never in an address.
    assert "Test Bezoeker" in (await clerk.get(PAGE, params={"name": "nog"})).text


async def test_who_was_called_in_time_and_left_later_was_helped_in_time(
    clerk: httpx.AsyncClient, desk: Desk, moment: SetClock
) -> None:
    booked = await desk.book("9:00")
    moment.move(minutes=minutes_to("9:00"))
    await press(clerk, "open", counter="stadhuis-1")
    await press(clerk, "check-in", code=booked.json()["code"])
    visit = visit_here(await press(clerk, "next", counter="stadhuis-1"))
    await press(clerk, "park", visit=visit)
    shown = await press(clerk, "left", visit=visit)
    assert shown.select_one(".kcc-hallbar dd").get_text() == "100 %"  # type: ignore[union-attr]


async def test_a_new_day_begins_with_nothing_shown(
    hall: Hall, with_token: Any, database: Database, clock: Clock, moment: SetClock
) -> None:
    await hall(place(counters=1))
    client = await with_token(Role.COUNTER_CLERK)
    watch = HallWatch(database, clock)

    async def make(_session: Any) -> str:
        return moment.at.date().isoformat()

    shown = []
    for _ in range(2):
        await client.post("/api/v1/counters/stadhuis-1/open")
        version = await watch.after("stadhuis", None, 1)
        assert version == 1
        shown.append(await watch.shown("stadhuis", version, make))
        await client.post("/api/v1/counters/stadhuis-1/close")
        moment.move(minutes=24 * 60)
    assert shown == ["2026-11-24", "2026-11-25"]


async def test_what_was_typed_stays_when_it_is_refused(clerk: httpx.AsyncClient) -> None:
    await press(clerk, "open", counter="stadhuis-1")
    await press(clerk, "walk-in", product="paspoort")
    visit = visit_here(await press(clerk, "next", counter="stadhuis-1"))
    await press(clerk, "start", visit=visit)
    note = "Vraag na met 111222333"
    answer = await clerk.post(PAGE, data={"do": "finish-only", "visit": visit, "outcome": "not-possible", "note": note})
    shown = page(answer)
    assert (answer.status_code, shown.select_one("#notitie")["value"]) == (400, note)  # type: ignore[index]
    chosen = shown.select_one("#uitkomst option[selected]")
    assert chosen is not None
    assert chosen["value"] == "not-possible"
    answer = await clerk.post(PAGE, data={"do": "walk-in", "product": "rijbewijs", "persons": "99"})
    shown = page(answer)
    chosen = shown.select_one("#p-inloop option[selected]")
    assert chosen is not None
    assert (chosen["value"], shown.select_one("#p-inloop-p")["value"]) == ("rijbewijs", "99")  # type: ignore[index]


async def test_a_note_goes_with_every_way_to_end(clerk: httpx.AsyncClient) -> None:
    await press(clerk, "open", counter="stadhuis-1")
    await press(clerk, "walk-in", product="paspoort")
    visit = visit_here(await press(clerk, "next", counter="stadhuis-1"))
    shown = await press(clerk, "start", visit=visit)
    note, buttons = shown.select_one("#notitie"), shown.select("#klaar button")
    assert note is not None
    assert (note["form"], [button["value"] for button in buttons]) == (
        "klaar", ["next", "finish-close", "park", "finish-only"],
    )  # fmt: skip
    await press(clerk, "next", visit=visit, counter="stadhuis-1", outcome="done", note="Foto opnieuw gemaakt")
    assert "Foto opnieuw gemaakt" in (await clerk.get(f"{PAGE}/bezoeken/{visit}")).text


async def test_a_counter_with_somebody_at_it_is_taken_over_knowingly(clerk: httpx.AsyncClient, sign_in: SignIn) -> None:
    await press(clerk, "open", counter="stadhuis-1")
    await press(clerk, "walk-in", product="paspoort")
    visit = visit_here(await press(clerk, "next", counter="stadhuis-1"))
    colleague = await sign_in(Role.COUNTER_CLERK)
    asked = await colleague.post(PAGE, data={"do": "open", "counter": "stadhuis-1"})
    assert (asked.status_code, "Wilt u dit loket toch overnemen?" in asked.text) == (409, True)
    sure = page(asked).select_one("[name=sure]")
    assert sure is not None
    await press(colleague, "open", counter="stadhuis-1", sure=sure["value"])
    assert number_here(page(await colleague.get(PAGE))) == "B 001"
    late = await clerk.post(PAGE, data={"do": "finish-only", "visit": visit})
    assert (late.status_code, "overgenomen, met B 001" in late.text) == (409, True)
    assert number_here(await press(colleague, "start", visit=visit)) == "B 001"


async def test_call_next_pressed_twice_calls_one(clerk: httpx.AsyncClient) -> None:
    await press(clerk, "open", counter="stadhuis-1")
    for _ in range(2):
        await press(clerk, "walk-in", product="paspoort")
    for _ in range(2):
        shown = await press(clerk, "next", counter="stadhuis-1")
    assert (number_here(shown), "Er wacht 1 bezoeker" in shown.get_text()) == ("B 001", True)


async def test_who_is_sent_on_is_not_called_back_by_the_same_counter(clerk: httpx.AsyncClient, sign_in: SignIn) -> None:
    await press(clerk, "open", counter="stadhuis-1")
    colleague = await sign_in(Role.COUNTER_CLERK)
    await press(colleague, "open", counter="stadhuis-2")
    for _ in range(2):
        await press(clerk, "walk-in", product="paspoort")
    visit = visit_here(await press(clerk, "next", counter="stadhuis-1"))
    await press(clerk, "transfer", visit=visit)
    assert number_here(await press(clerk, "next", counter="stadhuis-1")) == "B 002"
    assert number_here(await press(colleague, "next", counter="stadhuis-2")) == "B 001"
    await press(colleague, "transfer", visit=visit)
    await press(colleague, "close", counter="stadhuis-2")
    await press(clerk, "next", visit=visit_here(page(await clerk.get(PAGE))), counter="stadhuis-1")
    again = visit_here(page(await clerk.get(PAGE)))
    shown = await press(clerk, "transfer", visit=again)
    assert "Volgende is B 001" in shown.get_text()  # nobody else is open


async def test_colleagues_see_who_was_called_or_parked_long_ago(
    clerk: httpx.AsyncClient, sign_in: SignIn, moment: SetClock
) -> None:
    await press(clerk, "open", counter="stadhuis-1")
    for _ in range(2):
        await press(clerk, "walk-in", product="paspoort")
    await press(clerk, "park", visit=visit_here(await press(clerk, "next", counter="stadhuis-1")))
    moment.move(minutes=24)
    await press(clerk, "next", counter="stadhuis-1")
    moment.move(minutes=6)
    shown = page(await (await sign_in(Role.COUNTER_CLERK)).get(PAGE))
    assert "30 minuten geparkeerd, komt die nog terug?" in shown.get_text()
    stuck = shown.select_one("[data-part=loketten] .kcc-bad")
    assert stuck is not None
    assert "B 002 is opgeroepen, 6 minuten" in stuck.get_text()


async def test_the_hall_hears_of_whom_nobody_can_help(clerk: httpx.AsyncClient, database: Database) -> None:
    async with database.writing() as session:
        session.add(ClerkProduct(clerk="somebody-else", product="rijbewijs"))
        clerk_name = (await session.exec(select(Account.name).order_by(col(Account.id).desc()))).first()
        session.add(ClerkProduct(clerk=str(clerk_name), product="rijbewijs"))
    await press(clerk, "open", counter="stadhuis-1")
    await press(clerk, "walk-in", product="rijbewijs")
    assert "Geen open loket kan" not in (await clerk.get(PAGE)).text
    shown = await press(clerk, "walk-in", product="paspoort")
    assert "Geen open loket kan B 002 helpen" in shown.get_text()
    assert [button["value"] for button in shown.select("[data-part=wacht] button")] == ["call", "left", "left"]
