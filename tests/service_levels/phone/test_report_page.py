"""`/rapport/telefoon`: the figure, the sentences, the week and the table tell the same."""

import csv
import io
import re
from collections.abc import Awaitable, Callable
from datetime import date
from zoneinfo import ZoneInfo

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from kcc.contacts.telephony.simulating import Away, Plan, queue_log
from kcc.service_levels.pages.week import week
from kcc.service_levels.phone.pattern import Cell
from tests.service_levels.phone.conftest import Phone, abandoned, answered

PAGE = "/rapport/telefoon"
TUESDAY = 1_795_507_200  # 24 November 2026, 9.00 in Amsterdam
WEEK = 7 * 24 * 3600


@pytest.fixture
async def lead(phone: Phone, sign_in: Callable[..., Awaitable[httpx.AsyncClient]]) -> httpx.AsyncClient:
    return await sign_in(Role.TEAM_LEAD)


def page(response: httpx.Response, status: int = 200) -> BeautifulSoup:
    assert response.status_code == status, response.text
    return BeautifulSoup(response.text, "html.parser")


def said(shown: BeautifulSoup) -> str:
    return " ".join(shown.select_one("[aria-labelledby=h-kort]").text.split())  # type: ignore[union-attr]


def trouble() -> list[str]:
    """Four weeks: on Tuesdays from 9.00 to 10.00 most wait too long, the hours after are quiet."""
    lines: list[str] = []
    for number in range(160):
        at = TUESDAY - number % 4 * WEEK + number // 4 * 90
        lines += answered(at, number, 20 if number % 10 < 4 else 90)
        lines += answered(at + 3600, 1000 + number, 5)
    return lines + abandoned(TUESDAY + 8 * 3600, 9999, 3)


async def test_nobody_called(lead: httpx.AsyncClient) -> None:
    shown = page(await lead.get(PAGE))
    assert "Geen gegevens" in shown.text
    assert shown.select("table, .kcc-figure") == []
    assert [link.text for link in shown.select("nav.kcc-seg a[aria-current=page]")] == ["Telefoon"]


async def test_what_is_wrong_all_week_is_no_part_of_it(lead: httpx.AsyncClient, phone: Phone) -> None:
    late = [line for number in range(60) for line in answered(TUESDAY - 86400 + number * 1800, number, 90)]
    await phone.log(*late)
    sentences = said(page(await lead.get(PAGE, params={"van": "2026-11-01", "tot": "2026-11-30"})))
    assert "Geen deel van de week springt eruit." in sentences
    assert "gaat het" not in sentences


async def test_where_it_goes_wrong_is_said(lead: httpx.AsyncClient, phone: Phone) -> None:
    await phone.log(*trouble())
    shown = page(await lead.get(PAGE, params={"van": "2026-11-01", "tot": "2026-11-30"}))
    sentences = said(shown)
    assert "Van 321 gesprekken is 69,8 % binnen 30 seconden opgenomen: 10,2 punt onder de norm." in sentences
    assert "Op dinsdag van 9.00 tot 10.00 uur gaat het mis: 40 % op tijd, van 160 gesprekken." in sentences
    (row,) = shown.select("table.kcc-week tbody tr")
    squares = {square["title"]: square.text for square in row.select("td")}
    assert squares["dinsdag 9.15 uur: 40 procent van 40"] == "40"
    assert squares["dinsdag 10.00 uur: 100 procent van 40"] == "100"
    assert squares["dinsdag 11.00 uur: geen gesprekken"] == ""
    days = shown.select("table.kcc-days tbody tr")
    assert [" ".join(cell.text.split()) for cell in days[0].select("th, td")][:7] == [
        "dinsdag 24 november 2026", "69,1 %", "niet gehaald", "81", "80", "56", "1",
    ]  # fmt: skip
    assert len(days) == 4


async def test_one_queue_and_longer_intervals(lead: httpx.AsyncClient, phone: Phone) -> None:
    await phone.log(*answered(TUESDAY, 1, 5), *answered(TUESDAY, 2, 50, queue="belastingen"))
    shown = page(await lead.get(PAGE, params={"wachtrij": "belastingen", "per": "month"}))
    assert "Van 1 gesprek is 0,0 %" in said(shown)
    assert shown.select_one("table.kcc-days tbody th").text.strip() == "november 2026"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"wachtrij": "nergens"}, "wachtrij"),
        ({"van": "2026-11-24", "tot": "2026-11-01"}, "tot"),
        ({"van": "2020-01-01", "tot": "2026-11-01"}, "tot"),
        ({"van": "1850-01-01"}, "van"),
        ({"per": "uur"}, "per"),
    ],
)
async def test_what_cannot_be_chosen(lead: httpx.AsyncClient, query: dict[str, str], field: str) -> None:
    shown = page(await lead.get(PAGE, params=query), 400)
    assert shown.select(f"#fouten a[href='#v-{field}']")


def test_no_square_reads_as_the_target_that_is_short_of_it() -> None:
    found = week({(0, 40): Cell(1000, 799), (0, 41): Cell(10, 8)}, 80)
    assert found is not None
    ((_, squares),) = found.rows
    assert [(square.share, square.shade) for square in squares] == [("79", 3), ("80", 4), ("", None), ("", None)]


@pytest.mark.parametrize(
    ("seed", "away", "told"),
    [
        (
            5,
            Away(weekday=1, begins=9 * 60, ends=11 * 60, agents=2),
            r"Op dinsdag van (9.00|9.15) tot 11.\d\d uur gaat het",
        ),
        (
            8,
            Away(weekday=3, begins=14 * 60, ends=16 * 60, agents=2),
            r"Op donderdag van 14.\d\d tot 1[56].\d\d uur gaat het",
        ),
    ],
)
async def test_the_trouble_of_a_simulated_contact_centre_is_found(
    lead: httpx.AsyncClient, phone: Phone, seed: int, away: Away, told: str
) -> None:
    plan = Plan(date(2026, 10, 12), 42, seed, ZoneInfo("Europe/Amsterdam"), calls=80, agents=3, away=(away,))
    await phone.log(*queue_log(plan))
    sentences = said(page(await lead.get(PAGE, params={"van": "2026-10-12", "tot": "2026-11-22"})))
    assert re.search(told, sentences), sentences
    assert sentences.count("gaat het") == 1


async def test_the_table_to_download(lead: httpx.AsyncClient, phone: Phone) -> None:
    await phone.log(*trouble())
    days = {"van": "2026-11-23", "tot": "2026-11-24", "per": "day"}
    shown = page(await lead.get(PAGE, params=days))
    address = shown.select_one("a[href*='telefoon.csv']")["href"]  # type: ignore[index]
    answer = await lead.get(str(address))
    first, second, third = csv.reader(io.StringIO(answer.text))
    assert first[:5] == ["Vanaf", "Op tijd (%)", "Norm (%)", "Norm (seconden)", "Aangeboden"]
    assert second[:5] == ["2026-11-23", "", "80", "30", "0"]
    assert (third[0], third[2:5]) == ("2026-11-24", ["80", "30", "81"])
    (row,) = await phone.rows("2026-11-24", "2026-11-24")
    assert float(third[1]) == row["serviceLevelPercent"]
    sheet = await lead.get(f"{PAGE}.xlsx", params=days)
    assert sheet.content[:2] == b"PK"
    wrong = await lead.get(f"{PAGE}.csv", params=days | {"wachtrij": "bestaat-niet"})
    assert (wrong.status_code, "wachtrij" in wrong.text) == (400, True)
