"""The tables of the report on the counters and of questions, in their files: what DuckDB computes on its own."""

import io
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import httpx
import openpyxl
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from tests.service_levels.export.conftest import FIRST, LAST, Star
from tests.service_levels.export.test_lists import BOOKED_ON, DAYS, DUE
from tests.service_levels.listed import in_file

CALLED = "state <> 'missed' AND first_called_at IS NOT NULL"


@pytest.fixture
async def lead(star: Star, sign_in: Callable[..., Awaitable[httpx.AsyncClient]]) -> httpx.AsyncClient:
    return await sign_in(Role.TEAM_LEAD)


async def in_workbook(client: httpx.AsyncClient, address: str) -> list[tuple[Any, ...]]:
    """The rows of the workbook with the same table."""
    answer = await client.get(address.replace("?", ".xlsx?", 1))
    assert answer.status_code == 200, answer.text
    return list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].values)[1:]


def numbers(cells: Iterable[Any]) -> tuple[Any, ...]:
    """Cells of a file as numbers; what is empty is None."""
    return tuple(None if cell in ("", None) else pytest.approx(float(cell)) for cell in cells)


async def test_waits_day_by_day(star: Star, lead: httpx.AsyncClient) -> None:
    visits = star(
        f"""
        SELECT date,
            100 * count(*) FILTER (planned AND called AND wait_seconds <= 300)
                / nullif(count(*) FILTER (planned AND called), 0),
            count(*) FILTER (planned AND called), count(*) FILTER (planned AND called AND wait_seconds <= 300),
            avg(wait_seconds) FILTER (planned AND called), median(wait_seconds) FILTER (planned AND called),
            count(*) FILTER (planned AND state = 'missed'), count(*) FILTER (planned AND state = 'left'),
            count(*) FILTER (NOT planned AND called), count(*) FILTER (NOT planned AND state = 'missed'),
            count(*) FILTER (NOT planned AND state = 'left')
        FROM (SELECT *, kind = 'appointment' AS planned, {CALLED} AS called FROM fact_visit) GROUP BY date
        """
    )
    absent = dict(
        star("SELECT date, count(*) FROM fact_appointment WHERE came = 0 AND status = 'booked' GROUP BY date")
    )
    found = {str(day): numbers((*waits[:5], absent.pop(day, 0), *waits[5:])) for day, *waits in visits}
    found |= {str(day): numbers((None, 0, 0, None, None, count, 0, 0, 0, 0, 0)) for day, count in absent.items()}
    assert len(found) > 15
    for told in (await in_file(lead, f"/rapport?{DAYS}"), await in_workbook(lead, f"/rapport?{DAYS}&tabel=dagen")):
        days = {str(row[0])[:10]: (*row[1:9], row[10], *row[12:]) for row in told}
        assert {day: numbers(cells) for day, cells in days.items() if any(float(cell or 0) for cell in cells)} == found


async def test_lead_times_by_product(star: Star, lead: httpx.AsyncClient) -> None:
    booked = star(
        f"""
        SELECT count(*), avg(lead_days) FROM fact_appointment
        WHERE product = 'paspoort' AND {BOOKED_ON} BETWEEN DATE '{FIRST}' AND DATE '{LAST}'
        """
    )
    address = f"/rapport?{DAYS}&tabel=doorlooptijden"
    for rows in (await in_file(lead, address), await in_workbook(lead, address)):
        told = {row[0]: row[1:3] for row in rows}
        assert numbers(told.pop("Paspoort")) == booked[0]
        assert [numbers(row) for row in told.values()] == [(0, None)]
    shown = BeautifulSoup((await lead.get(f"/rapport?{DAYS}")).text, "html.parser")
    cells = [cell.text for cell in shown.select("[aria-labelledby=h-tijd] tbody tr")[0].select("th, td")]
    assert (cells[0], cells[1].split()[0]) == ("Paspoort", str(booked[0][0]))  # the rest is said, not shown


ANSWERED = "('resolved', 'appointment-made', 'referred')"


async def test_topics_and_their_articles(star: Star, lead: httpx.AsyncClient) -> None:
    topics = star(
        f"""
        SELECT name, count(*) AS questions, 100 * count(*) / sum(count(*)) OVER (),
            count(*) FILTER (requester = 'resident'), count(*) FILTER (requester = 'own-organisation'),
            count(*) FILTER (outcome IN {ANSWERED}),
            100 * count(*) FILTER (outcome IN {ANSWERED}) / count(*) FILTER (outcome <> 'disconnected')
        FROM fact_question JOIN dim_topic USING (topic) GROUP BY name
        """
    )
    found = {name: tuple(figures) for name, *figures in topics}
    address = f"/rapport/vragen?{DAYS}&tabel=onderwerpen"
    for rows in (await in_file(lead, address), await in_workbook(lead, address)):
        assert {row[0]: numbers((row[2], row[3], row[7], row[9], row[10], row[11])) for row in rows} == found
        assert {row[0]: sum(int(cell) for cell in row[12:]) for row in rows} == {
            name: int(count) for name, count, *_ in topics
        }
    used = star(
        "SELECT name, count(*) FROM fact_question JOIN dim_topic USING (topic) WHERE articles = 1 GROUP BY name"
    )
    articles = await in_file(lead, f"/rapport/vragen?{DAYS}&tabel=artikelen")
    assert {row[0]: int(row[2]) for row in articles} == dict(used)
    assert {row[1] for row in articles} == {"Grofvuil laten ophalen"}


async def test_departments(star: Star, lead: httpx.AsyncClient) -> None:
    due = star(
        f"""
        SELECT name, count(*), sum(called_in_time), 100 * sum(called_in_time) / count(*)
        FROM fact_callback JOIN dim_department USING (department) WHERE {DUE} GROUP BY name
        """
    )
    address = f"/rapport/eerste-contact?{DAYS}&tabel=afdelingen"
    for rows in (await in_file(lead, address), await in_workbook(lead, address)):
        assert {row[0]: numbers(row[4:]) for row in rows} == {name: tuple(figures) for name, *figures in due}


@pytest.mark.parametrize("page", ["", "/vragen", "/eerste-contact", "/rooster"])
async def test_a_table_that_is_not_there(lead: httpx.AsyncClient, page: str) -> None:
    answer = await lead.get(f"/rapport{page}.csv?tabel=iets")
    assert answer.status_code == 400
    assert "tabel: kies " in answer.text


@pytest.mark.parametrize(
    "address", [".csv?van=gisteren", ".xlsx?van=2026-11-02&tot=2026-11-01", ".csv?locatie=maan", "/vragen.csv?per=jaar"]
)
async def test_a_file_of_what_cannot_be_chosen(lead: httpx.AsyncClient, address: str) -> None:
    answer = await lead.get(f"/rapport{address}")
    assert answer.status_code == 400
    assert address.partition("?")[2].split("=")[0] in answer.text or "tot" in answer.text
