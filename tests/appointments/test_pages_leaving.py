"""A resident whose appointment cannot take place, who moves it elsewhere, or who leaves the browser to others."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlmodel import col, delete, update

from kcc.appointments.models import ClosingDay, CounterProduct, OpeningRule, Product
from kcc.appointments.plan_queries import next_plan_version
from kcc.storage.database import Database
from tests.appointments.conftest import DAY, LONG_AGO, Desk, at, place, product

HOME = "/afspraak/beheer"
NO_LONGER = "Deze afspraak kan niet doorgaan"


@pytest.fixture
async def own(hall: Any, desk: Desk, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """The browser of a resident with an appointment tomorrow at 9.20."""
    await hall(product("paspoort"), place(), place("servicepunt"), place("thuis", kind="home-visit"))
    booked = await desk.book("9:20", day=DAY + timedelta(1))
    await client.get(booked.json()["manageUrl"])
    return client


def soup(page: httpx.Response) -> BeautifulSoup:
    """The page, to look things up in."""
    return BeautifulSoup(page.text, "html.parser")


async def test_on_a_day_that_was_closed_it_says_that_it_cannot_go_on(own: httpx.AsyncClient, hall: Any) -> None:
    before = await own.get(HOME)
    assert NO_LONGER not in before.text
    await hall(ClosingDay(day=DAY + timedelta(1), reason="Storm"))
    page = await own.get(HOME)
    assert (
        soup(page)
        .select_one(".utrecht-alert")
        .get_text(" ", strip=True)
        .startswith(f"{NO_LONGER} Wij zijn op deze dag gesloten.")
    )
    buttons = [item.get_text(strip=True) for item in soup(page).select("main a.utrecht-button-link")]
    assert buttons == ["Kies een andere tijd", "Zeg de afspraak af"]
    for gone in ("Zet in uw agenda", "Mail mij als er eerder plek is", "QR-code"):
        assert gone in before.text
        assert gone not in page.text
    assert (await own.get("/afspraak/afspraak.ics")).headers["location"] == HOME
    assert (await own.get("/afspraak/gemaakt")).headers["location"] == HOME
    english = await own.get(HOME, params={"lang": "en"})
    assert "This appointment cannot go ahead" in english.text
    assert "We are closed on this day." in english.text


@pytest.mark.parametrize(
    ("gone", "why", "first"),
    [
        (delete(OpeningRule), "Wij zijn op deze dag gesloten.", "Zeg de afspraak af"),
        (
            update(Product).values(withdrawn_from=LONG_AGO),
            "Waar u voor komt, doen wij op deze dag niet meer.",
            "Zeg de afspraak af",
        ),
        (
            update(OpeningRule).where(col(OpeningRule.location) == "stadhuis").values(opens=600),
            "Wij zijn op dit tijdstip gesloten.",
            "Kies een andere tijd",
        ),
    ],
)
async def test_why_it_cannot_go_on(own: httpx.AsyncClient, database: Database, gone: Any, why: str, first: str) -> None:
    async with database.writing() as session:
        await session.exec(gone)
        await next_plan_version(session)
    page = await own.get(HOME)
    assert NO_LONGER in page.text
    assert why in page.text
    assert soup(page).select_one("main a.utrecht-button-link").get_text(strip=True) == first


async def test_a_counter_that_does_something_else_now(own: httpx.AsyncClient, hall: Any) -> None:
    await hall(product("rijbewijs"), CounterProduct(counter="stadhuis-1", product="rijbewijs"))
    page = await own.get(HOME)
    assert "Waar u voor komt, kan niet meer op deze plek." in page.text
    moved = await own.get(f"{HOME}/verzetten")
    assert "kan niet doorgaan" in moved.text
    assert "Servicepunt" in moved.text


async def test_another_location_can_be_chosen(own: httpx.AsyncClient, desk: Desk) -> None:
    page = await own.get(f"{HOME}/verzetten")
    places = soup(page).select_one("nav[aria-labelledby=h-waar]")
    assert places.select_one("[aria-current]").get_text(strip=True) == "Stadhuis"
    (other,) = places.select("a")  # nobody visits a home of which the address is not known
    there = await own.get(other["href"])
    action = soup(there).select_one("main form")["action"]
    moved = await own.post(action, data={"start": at("10:00")}, follow_redirects=True)
    assert "Uw afspraak is verzet" in moved.text
    assert soup(moved).select_one(".kcc-card").get_text().count("Servicepunt") == 1


async def test_the_calendar_marks_now_and_no_choice_until_there_is_one(own: httpx.AsyncClient) -> None:
    page = soup(await own.get(f"{HOME}/verzetten"))
    assert page.select(".kcc-cal [aria-current]") == []
    (now,) = page.select(".kcc-cal .kcc-day--present")
    assert now.get_text().startswith("25nu")
    assert page.select_one(".kcc-legend").get_text().count("uw keuze") == 0
    chosen = soup(await own.get(f"{HOME}/verzetten", params={"dag": "2026-11-26"}))
    assert [item.get_text()[:2] for item in chosen.select(".kcc-cal [aria-current]")] == ["26"]
    assert "uw keuze" in chosen.select_one(".kcc-legend").get_text()


async def test_a_way_to_another_appointment_and_a_way_out(own: httpx.AsyncClient) -> None:
    page = soup(await own.get(HOME))
    other = page.find("a", string="Andere afspraak bekijken")
    assert "Code van uw afspraak" in (await own.get(other["href"])).text
    out = page.find("button", string="Afsluiten").find_parent("form")
    assert out["method"] == "post"
    left = await own.post(out["action"], follow_redirects=True)
    assert "Uw afspraak is hier niet meer te zien" in left.text
    assert "Code van uw afspraak" in (await own.get(HOME)).text
