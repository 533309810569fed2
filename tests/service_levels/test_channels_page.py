"""`/rapport/kanalen`: how often people go online where they can, beside a year earlier, and what is behind it."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from kcc.appointments.models import Appointment, AppointmentProduct, AppointmentStatus, CountedEvent, ProductCount
from kcc.contacts.log.kinds import Channel, Outcome, RequesterKind
from kcc.service_levels.words import SPACE
from kcc.storage.database import Database
from tests.appointments.conftest import Hall, hall, options, place, product, put, settings
from tests.conftest import NOW
from tests.service_levels.asked import question
from tests.service_levels.listed import listed

__all__ = ["hall", "options", "settings"]
SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
PAGE = "/rapport/kanalen"
YEAR_AGO = NOW - timedelta(days=365)


@pytest.fixture
async def lead(kennisbank: None, hall: Hall, sign_in: SignIn) -> httpx.AsyncClient:
    online = product("rijbewijs", name="Rijbewijs", online_url="https://voorbeeld.example/rijbewijs")
    later = product("akte", name="Akte", online_url="https://voorbeeld.example/akte")
    await hall(online, later, product("paspoort"), place(counters=2))
    return await sign_in(Role.TEAM_LEAD)


def chosen(code: str, day: date, times: int, event: CountedEvent = CountedEvent.ONLINE_CHOSEN) -> ProductCount:
    return ProductCount(product=code, day=day, event=event, count=times)


def booked(number: int, code: str, at: datetime, **more: Any) -> list[Any]:
    return [
        Appointment(
            id=number,
            code=f"CODE{number}",
            token_hash=str(number),
            location="stadhuis",
            counter="stadhuis-1",
            starts_at=at + timedelta(days=3),
            ends_at=at + timedelta(days=3, minutes=10),
            name="x",
            created_at=at,
            **more,
        ),
        AppointmentProduct(appointment=number, product=code, persons=1),
    ]


async def see(client: httpx.AsyncClient, status: int = 200, **query: str) -> BeautifulSoup:
    response = await client.get(PAGE, params=query)
    assert response.status_code == status, response.text
    return BeautifulSoup(response.text.replace(SPACE, " "), "html.parser")


def cells(shown: BeautifulSoup, heading: str) -> list[list[str]]:
    rows = shown.select(f"[aria-labelledby={heading}] tbody tr")
    return [[" ".join(cell.text.split()) for cell in row.select("th, td")] for row in rows]


async def test_of_nothing_there_is_no_share(lead: httpx.AsyncClient, database: Database) -> None:
    await put(database, *booked(1, "paspoort", NOW), *booked(2, "rijbewijs", NOW))
    shown = await see(lead)
    assert "Geen gegevens" in shown.text  # whoever went online was not counted yet
    assert "0,0 %" not in shown.text


async def test_online_of_all_for_products_that_can_be_done_so(lead: httpx.AsyncClient, database: Database) -> None:
    today, then = NOW.date(), YEAR_AGO.date()
    await put(
        database,
        chosen("rijbewijs", date(2024, 12, 1), 1, CountedEvent.OPENED),
        chosen("rijbewijs", today, 6),
        chosen("rijbewijs", date(2026, 3, 1), 2),
        chosen("rijbewijs", then, 1),
        chosen("akte", today, 6),
        chosen("paspoort", today, 99),  # it has no online route: a link of long ago
        *booked(1, "rijbewijs", NOW),
        *booked(2, "rijbewijs", NOW, booked_by_staff=True),
        *booked(3, "rijbewijs", NOW, status=AppointmentStatus.CANCELLED, cancelled_at=NOW),
        *booked(4, "paspoort", NOW),
        *(row for number in range(5, 9) for row in booked(number, "rijbewijs", YEAR_AGO)),
    )
    shown = await see(lead)
    assert shown.select_one(".kcc-figure").text == "82,4 %"  # type: ignore[union-attr]
    assert cells(shown, "h-perioden") == [
        ["november 2026", "80,0 %", "12", "3", "2", "1", "20,0 %"],
        ["maart 2026", "te weinig", "2", "0", "0", "0", "geen gegevens"],
    ]
    assert cells(shown, "h-producten") == [
        ["Rijbewijs", "72,7 %", "8", "3", "2", "1"],
        ["Akte", "100,0 %", "6", "0", "0", "0"],
    ]
    said = " ".join(shown.select_one("[aria-labelledby=h-kort]").text.split())  # type: ignore[union-attr]
    assert "is in 82,4 % van de keren de online weg gekozen: 14 van 17." in said
    assert "Dat is 62,4 punt meer dan een jaar eerder." in said
    assert "Het minst online gaat rijbewijs: 72,7 % van 11 keer." in said
    for link, number in (("h-perioden", 3), ("h-producten", 3)):
        address = str(shown.select_one(f"[aria-labelledby={link}] tbody a")["href"])  # type: ignore[index]
        assert (await listed(lead, address))[0] == number
    by_staff = str(shown.select("[aria-labelledby=h-aandeel] a")[-1]["href"])
    number, page = await listed(lead, by_staff)
    assert number == 1
    assert "Door een medewerker" in page.text


@pytest.mark.parametrize(
    "days", [("2000-01-01", "2000-02-29"), ("2028-02-29", "2028-02-29"), ("2199-12-01", "2199-12-31")]
)
async def test_days_at_the_edges(lead: httpx.AsyncClient, days: tuple[str, str]) -> None:
    for by in ("day", "week", "month"):
        assert "Geen gegevens" in (await see(lead, van=days[0], tot=days[1], per=by)).text


async def test_questions_by_channel(lead: httpx.AsyncClient, database: Database) -> None:
    rows = [
        *question(NOW),
        *question(NOW, channel=Channel.EMAIL),
        *question(NOW, channel=Channel.EMAIL),
        *question(NOW, channel=Channel.CHAT, topic="inzameling"),
        *question(NOW, channel=Channel.LETTER),
        *question(NOW, None),
        *question(NOW, Outcome.DISCONNECTED),
        *question(NOW, channel=Channel.EMAIL, requester=RequesterKind.OWN_ORGANISATION, department="afval"),
        *question(YEAR_AGO, channel=Channel.EMAIL),
        *question(datetime(2024, 12, 1, 12, tzinfo=NOW.tzinfo)),
    ]
    await put(database, *rows)
    shown = await see(lead)
    whole, earlier, november = cells(shown, "h-kanalen")
    assert [head.text for head in shown.select("[aria-labelledby=h-kanalen] th")][3:7] == [
        "Telefoon", "E-mail", "Chat", "Brief",
    ]  # fmt: skip
    assert whole == ["Hele periode", "5", "60,0 %", "20,0 %", "40,0 %", "20,0 %", "20,0 %"]
    assert earlier == ["Een jaar eerder", "1", "100,0 %", "0,0 %", "100,0 %", "0,0 %", "0,0 %"]
    assert november == ["november 2026", *whole[1:]]
    address = str(shown.select("[aria-labelledby=h-kanalen] tbody tr:first-child a")[2]["href"])
    assert (await listed(lead, address))[0] == 2
    topics = cells(shown, "h-onderwerpen")
    assert [row[1:] for row in topics] == [["te weinig", "2", "4"], ["te weinig", "1", "1"]]
    assert "Van 5 vragen kwam 60,0 % binnen via een digitaal kanaal." in shown.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"van": "2026-02-02", "tot": "2026-02-01"}, "Deze dag ligt voor de eerste dag"),
        ({"van": "2024-01-01", "tot": "2026-01-01"}, "Kies ten hoogste 366 dagen"),
        ({"per": "uur"}, "Per:"),
    ],
)
async def test_what_cannot_be_is_told_at_its_field(lead: httpx.AsyncClient, query: dict[str, str], said: str) -> None:
    shown = await see(lead, 400, **query)
    assert said in shown.select_one("#fouten").text  # type: ignore[union-attr]
    file = await lead.get(f"{PAGE}.csv", params=query)
    assert file.status_code == 400


async def test_tables_and_products_that_are_not_there(lead: httpx.AsyncClient) -> None:
    table = await lead.get(f"{PAGE}.csv", params={"tabel": "x"})
    assert table.status_code == 400
    assert "kies perioden, producten, kanalen, onderwerpen" in table.text
    wrong = await lead.get("/rapport/boekingen", params={"product": "paspoort"})
    assert wrong.status_code == 400
    assert "Dit product kan niet online" in wrong.text
