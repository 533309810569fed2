"""`/rapport/maand`: a month on one page, by the same figures as the rest of the report."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from kcc.contacts.log.kinds import Outcome
from kcc.storage.database import Database
from tests.appointments.conftest import Hall, place, product, put
from tests.service_levels.asked import callback, question
from tests.service_levels.listed import listed
from tests.service_levels.phone.conftest import Phone, answered, phone
from tests.service_levels.test_waits import came, moment_at

__all__ = ["phone"]

PAGE = "/rapport/maand"
OCTOBER, SEPTEMBER = date(2026, 10, 6), date(2026, 9, 1)


@pytest.fixture
async def lead(kennisbank: None, hall: Hall, sign_in: Callable[..., Awaitable[httpx.AsyncClient]]) -> httpx.AsyncClient:
    await hall(product("paspoort"), place(counters=2))
    return await sign_in(Role.TEAM_LEAD)


async def see(client: httpx.AsyncClient, status: int = 200, **query: str) -> BeautifulSoup:
    response = await client.get(PAGE, params=query)
    assert response.status_code == status, response.text
    return BeautifulSoup(response.text, "html.parser")


def text(shown: BeautifulSoup, selector: str) -> str:
    found = shown.select_one(selector)
    assert found is not None, selector
    return " ".join(found.get_text(" ").split())


async def test_a_month_without_anything_says_so(lead: httpx.AsyncClient) -> None:
    shown = await see(lead)
    assert text(shown, "h1") == "Oktober 2026: houden we onze beloften?"
    assert "gemaakt op dinsdag 24 november 2026" in text(shown, ".kcc-month .kcc-sub")
    assert text(shown, ".kcc-summary") == "Over deze periode zijn er nog geen gegevens."
    for part in ("h-kort", "h-telefoon", "h-contact", "h-onderwerpen", "h-afdelingen"):
        assert "Geen gegevens" in text(shown, f"[aria-labelledby={part}]")
    assert "geen gegevens" in text(shown, "[aria-labelledby=h-tevreden]")
    assert "0,0 %" not in shown.text
    assert shown.select_one("#h-week") is None
    assert shown.select_one(f"a[href='{PAGE}?maand=2026-11']")


async def test_a_month_beside_the_one_before(lead: httpx.AsyncClient, database: Database, phone: Phone) -> None:
    at, before = (int(moment_at("9:00", day).timestamp()) for day in (OCTOBER, SEPTEMBER))
    calls = [answered(at + 100 * number, number, wait) for number, wait in enumerate((10, 20, 90))]
    await phone.log(
        *(line for lines in [*calls, answered(before, 8, 10), answered(before + 100, 9, 90)] for line in lines)
    )
    asked = moment_at("9:00", OCTOBER)
    for rows in (
        question(asked),
        question(asked, Outcome.TRANSFERRED),
        question(asked, Outcome.TRANSFERRED, "inzameling"),
        callback(asked, asked - timedelta(hours=1)),
        [came("9:10", "9:00", 0, day=OCTOBER), came("9:10", "9:00", 9, day=OCTOBER)],
    ):
        await put(database, *rows)
    shown = await see(lead, maand="2026-10")
    calls_card = text(shown, "[aria-labelledby=p-service-level]")
    assert "66,7 %" in calls_card
    assert "Vorig jaar: geen gegevens" in calls_card
    assert "September: 50,0 % van 2 16,7 punt beter dan september" in calls_card
    assert "Ten opzichte van september is de telefoon het meest verbeterd (16,7 punt)." in text(shown, ".kcc-summary")
    assert "1 van 2 vragen" in text(shown, "[aria-labelledby=p-first-contact]")
    assert "1 van 1 terugbelverzoek" in text(shown, "[aria-labelledby=p-callbacks-in-time]")
    assert "vanaf 5 oktober 66,7 %" in text(shown, "[aria-labelledby=h-telefoon] tbody")
    (square,) = shown.select("[aria-labelledby=h-week] td a")
    assert square["aria-label"] == "dinsdag 9.00 uur: 66 procent van 3"
    number, _ = await listed(lead, str(square["href"]))
    assert number == 3
    assert text(shown, "[aria-labelledby=h-contact] tbody").endswith("50,0 % 2 33,3 % 3")
    assert "Inzameling 1 33,3 %" in text(shown, "[aria-labelledby=h-onderwerpen] tbody")
    assert text(shown, "[aria-labelledby=h-afdelingen] tbody") == "Burgerzaken 2 100,0 % 1 100,0 %"
    assert "Op tijd 50,0 %" in text(shown, "[aria-labelledby=h-balie]")
    assert len(shown.select(".kcc-notes > li")) == 4


async def test_a_month_that_is_not_over(lead: httpx.AsyncClient, database: Database) -> None:
    await put(database, came("9:10", "9:00", 0))
    shown = await see(lead, maand="2026-11")
    assert "deze maand is nog niet voorbij" in shown.text
    assert "1 van 1 bezoeker met afspraak" in text(shown, "[aria-labelledby=p-counter-wait]")
    assert not shown.select(f"a[href='{PAGE}?maand=2026-12']")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("2026-13", "Vul een jaar en een maand in"),
        ("oktober", "Vul een jaar en een maand in"),
        ("2026-12", "Deze maand moet nog komen"),
        ("2027-01", "Kies een maand van 2000 tot en met nu"),
        ("0000-01", "Kies een maand van 2000 tot en met nu"),
    ],
)
async def test_a_month_that_cannot_be(lead: httpx.AsyncClient, wrong: str, told: str) -> None:
    shown = await see(lead, 400, maand=wrong)
    assert told in text(shown, "#fouten")
    assert shown.select_one("#v-maand")["value"] == wrong  # type: ignore[index]
    assert "Oktober 2026" in text(shown, "h1")


async def test_the_overview_leads_to_it(lead: httpx.AsyncClient) -> None:
    assert f'href="{PAGE}"' in (await lead.get("/rapport")).text
