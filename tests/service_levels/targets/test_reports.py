"""Reports judge by the target that held: each interval by that of its last day, a period by that of its end."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup, Tag

from kcc.access.roles import Role
from kcc.service_levels.words import SPACE
from kcc.storage.database import Database
from tests.appointments.conftest import DAY, put
from tests.service_levels.phone.conftest import abandoned, answered
from tests.service_levels.targets.conftest import TODAY, TOMORROW, Lead
from tests.service_levels.test_report_pages import DAY_BEFORE, card
from tests.service_levels.test_waits import came

TUESDAY = 1_795_507_200  # 24 November 2026, 9.00 in Amsterdam
SOME_DAY = 24 * 3600
PHONE, COUNTER, WALK_IN = "service-level", "counter-wait", "walk-in-wait"


@pytest.fixture
async def reader(lead: Lead, sign_in: Callable[..., Awaitable[httpx.AsyncClient]]) -> httpx.AsyncClient:
    return await sign_in(Role.TEAM_LEAD)


async def see(reader: httpx.AsyncClient, path: str, **query: str) -> BeautifulSoup:
    response = await reader.get(path, params=query)
    assert response.status_code == 200, response.text
    return BeautifulSoup(response.text.replace(SPACE, " "), "html.parser")


def lines(shown: BeautifulSoup) -> dict[str, list[str]]:
    """The first cells of the table by interval, by the name of each row."""
    found = {}
    for row in shown.select("table.kcc-days tbody tr"):
        name, *cells = [" ".join(cell.text.split()) for cell in row.select("th, td")]
        found[name] = cells[:2]
    return found


def panel(shown: BeautifulSoup, name: str) -> str:
    found = shown.select_one(f"[aria-labelledby={name}]")
    assert isinstance(found, Tag)
    return " ".join(found.text.split())


async def test_each_day_is_judged_by_the_target_of_that_day(lead: Lead, reader: httpx.AsyncClient) -> None:
    for day in range(3):  # half of them after 10 seconds, half after 25
        for number in range(4):
            at = TUESDAY - day * SOME_DAY + number * 60
            await lead.phone.log(*answered(at, day * 10 + number, 10 if number % 2 else 25))
    await lead.set(PHONE, "2026-01-01", 80, 30)
    await lead.set(PHONE, TODAY, 60, 20)
    shown = await see(reader, "/rapport/telefoon", van="2026-11-22", tot=TODAY)
    assert lines(shown) == {
        "dinsdag 24 november 2026": ["50,0 %", "niet gehaald (60 % in 20 s)"],
        "maandag 23 november 2026": ["100,0 %", "gehaald (80 % in 30 s)"],
        "zondag 22 november 2026": ["100,0 %", "gehaald (80 % in 30 s)"],
    }
    whole = panel(shown, "h-belofte")
    assert "Binnen 20 seconden opgenomen 50,0 % Niet gehaald" in whole
    assert (
        "De norm veranderde in deze periode: tot 24 november 2026 80 % binnen 30 seconden, "
        "vanaf 24 november 2026 60 % binnen 20 seconden." in whole
    )
    assert "Van 12 gesprekken is 50,0 % binnen 20 seconden opgenomen: 10 punt onder de norm." in panel(shown, "h-kort")
    assert lines(await see(reader, "/rapport/telefoon", van="2026-11-22", tot=TODAY, per="month")) == {
        "november 2026": ["50,0 %", "niet gehaald (60 % in 20 s)"]
    }
    before = await see(reader, "/rapport/telefoon", van="2026-11-22", tot="2026-11-23")
    assert "Binnen 30 seconden opgenomen 100,0 % Gehaald" in panel(before, "h-belofte")
    assert "veranderde" not in before.text
    assert lines(before)["zondag 22 november 2026"] == ["100,0 %", "gehaald"]


async def test_what_is_to_come_judges_nothing_yet(lead: Lead, reader: httpx.AsyncClient) -> None:
    await lead.phone.log(*answered(TUESDAY, 1, 25))
    await lead.set(PHONE, TOMORROW, 99, 5)
    shown = await see(reader, "/rapport/telefoon", van=TODAY, tot="2026-11-30", per="week")
    assert lines(shown) == {"vanaf 24 november": ["100,0 %", "gehaald"]}
    assert "Binnen 30 seconden opgenomen 100,0 % Gehaald" in panel(shown, "h-belofte")
    assert "veranderde" not in shown.text


async def test_a_queue_and_a_variant_of_its_own(lead: Lead, reader: httpx.AsyncClient) -> None:
    await lead.phone.log(
        *answered(TUESDAY, 1, 25),
        *answered(TUESDAY, 2, 50, queue="belastingen"),
        *abandoned(TUESDAY, 3, 8, queue="belastingen"),
    )
    await lead.set(PHONE, TODAY, 90, 60, scope={"queue": "belastingen"}, variant="answered")
    taxes = await see(reader, "/rapport/telefoon", wachtrij="belastingen", van=TODAY, tot=TODAY)
    assert "Binnen 1 minuut opgenomen 100,0 % Gehaald" in panel(taxes, "h-belofte")
    assert "Van 1 gesprek is 100,0 % binnen 1 minuut opgenomen: 10 punt boven de norm." in panel(taxes, "h-kort")
    assert "van de gesprekken die zijn opgenomen" in taxes.text
    assert "service level ‘answered’, versie 1" in taxes.text
    (square,) = [one for one in taxes.select("table.kcc-week td") if one.text]
    assert square["title"] == "dinsdag 9.00 uur: 100 procent van 1"
    everything = await see(reader, "/rapport/telefoon", van=TODAY, tot=TODAY)
    assert "Binnen 30 seconden opgenomen 33,3 % Niet gehaald" in panel(everything, "h-belofte")


def of(page: BeautifulSoup, title: str) -> str:
    return " ".join(card(" ".join(str(page).split()), title).split())


async def test_waits_are_judged_by_the_target_of_their_place_and_day(
    lead: Lead, reader: httpx.AsyncClient, database: Database
) -> None:
    await put(
        database,
        came("9:10", "9:00", 8),
        came(None, "9:05", 12),
        came("9:10", "9:00", 8, day=DAY_BEFORE),
        came("9:20", "9:00", 1, day=DAY_BEFORE),
    )
    await lead.set(COUNTER, "2026-01-01", 50, 300)
    await lead.set(COUNTER, TODAY, 90, 600)
    await lead.set(WALK_IN, TODAY, 90, 600)
    shown = await see(reader, "/rapport")
    text = " ".join(shown.text.split())
    assert "Balie: binnen 10 minuten na de afspraaktijd opgeroepen" in text
    assert "100,0<small> %</small>" in of(shown, "Deze maand")  # by the target of today
    assert "0,0 % (0 van 1), norm 90 %" in of(shown, "Vandaag")
    assert "Inloop binnen 10 minuten" in of(shown, "Vandaag")
    assert (
        "Afspraken: De norm veranderde in deze periode: tot 24 november 2026 50 % binnen 5 minuten, "
        "vanaf 24 november 2026 90 % binnen 10 minuten." in text
    )
    days = lines(shown)
    assert days["dinsdag 24 november 2026"] == ["100,0 %", "gehaald (90 % in 10 min)"]
    assert days["maandag 23 november 2026"] == ["50,0 %", "gehaald (50 % in 5 min)"]
    assert days["Hele periode"] == ["100,0 %", "gehaald (90 % in 10 min)"]

    await lead.set(COUNTER, TODAY, 99, 60, scope={"location": "stadhuis"})
    await lead.set(COUNTER, TODAY, 95, 480, scope={"product": "paspoort"})
    assert "binnen 1 minuut na de afspraaktijd" in (await see(reader, "/rapport", locatie="stadhuis")).text
    both = await see(reader, "/rapport", locatie="stadhuis", product="paspoort")
    assert "binnen 8 minuten na de afspraaktijd" in both.text

    async def threshold(**query: Any) -> tuple[int, int]:
        answer = await lead.client.get("/api/v1/waits", params={"from": "2026-11-01", "to": TODAY, **query})
        definition = answer.json()["definition"]
        return definition["thresholdSeconds"], definition["walkInThresholdSeconds"]

    assert await threshold() == (600, 600)
    assert await threshold(to=DAY_BEFORE.isoformat()) == (300, 900)
    assert await threshold(location="stadhuis") == (60, 600)
    assert await threshold(location="stadhuis", product="paspoort") == (480, 600)


async def test_where_nobody_publishes_a_share_one_is_asked_for(lead: Lead, reader: httpx.AsyncClient) -> None:
    def asked(shown: BeautifulSoup) -> list[str]:
        return [str(link["href"]) for link in shown.select("[aria-labelledby=h-tijd] td a")]

    (address,) = asked(await see(reader, "/rapport"))
    form = BeautifulSoup((await reader.get(address)).text, "html.parser")
    assert [form.select_one("#v-voor option[selected]")["value"], form.select_one("#h-nieuw").text] == [  # type: ignore[index, union-attr]
        "product:paspoort",
        "Nieuwe norm: snel genoeg een afspraak",
    ]
    await lead.set("lead-time", TODAY, 75, scope={"product": "paspoort"})
    assert asked(await see(reader, "/rapport")) == []


async def test_a_share_of_bookings_in_time(lead: Lead, reader: httpx.AsyncClient) -> None:
    await lead.set("lead-time", "2026-01-01", 90)
    await lead.set("lead-time", TODAY, 75, scope={"product": "paspoort"})
    rows = {
        row.select("th")[0].text: [" ".join(cell.text.split()) for cell in row.select("td")]
        for row in (await see(reader, "/rapport")).select("[aria-labelledby=h-tijd] tbody tr")
    }
    found = {name: cells[2:4] for name, cells in rows.items()}
    assert sorted(found.values()) == [["75 % binnen 3 dagen", "geen gegevens"], ["geen norm", "–"]]


async def test_the_simulation_and_the_hall_take_what_is_promised_there(
    lead: Lead, reader: httpx.AsyncClient, sign_in: Callable[..., Awaitable[httpx.AsyncClient]]
) -> None:
    await lead.set(COUNTER, TODAY, 80, 420, scope={"location": "stadhuis"})
    await lead.set(COUNTER, "2026-11-26", 85, 480, scope={"location": "stadhuis"})
    form = await see(reader, "/rapport/simulatie")
    assert [form.select_one(f"#v-{name}")["value"] for name in ("minuten", "norm")] == ["7", "80"]  # type: ignore[index]
    later = await see(reader, "/rapport/simulatie", locatie="stadhuis", datum="2026-11-26")
    assert [later.select_one(f"#v-{name}")["value"] for name in ("minuten", "norm")] == ["8", "85"]  # type: ignore[index]
    clerk = await sign_in(Role.COUNTER_CLERK)
    hall = " ".join((await see(clerk, "/balie/stadhuis")).get_text(" ").split())
    assert "Binnen 7 minuten vandaag" in hall
    assert "Norm 80 %" in hall
    assert DAY.isoformat() == TODAY
