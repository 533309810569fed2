"""Pages, their files and the lists behind them tell what DuckDB computes from the exported facts, on its own."""

import csv
import io
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import openpyxl
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from kcc.clock import Clock
from kcc.contacts.log.labels import CHANNELS
from kcc.service_levels.phone.counter import CallCounter
from kcc.storage.database import Database
from tests.service_levels.export.conftest import FIRST, LAST, Star
from tests.service_levels.listed import in_file, listed

DAYS = f"van={FIRST}&tot={LAST}"


@pytest.fixture
async def lead(
    star: Star, database: Database, clock: Clock, sign_in: Callable[..., Awaitable[httpx.AsyncClient]]
) -> httpx.AsyncClient:
    await CallCounter(database, clock).settle()
    return await sign_in(Role.TEAM_LEAD)


WAITED = "state <> 'missed' AND first_called_at IS NOT NULL"
DUE = "epoch(due_at) <= epoch(TIMESTAMP '2026-11-24 08:00:00') AND withdrawn_in_time = 0"
# What a list holds, by its address, and the same in SQL: how many there are.
LISTS = {
    "telefoon/gesprekken?uitkomst=offered": "fact_call WHERE outcome IN ('answered', 'abandoned')",
    "telefoon/gesprekken?uitkomst=in-time": "fact_call WHERE outcome = 'answered' AND wait_seconds <= 30",
    "telefoon/gesprekken?uitkomst=late": "fact_call WHERE outcome = 'answered' AND wait_seconds > 30",
    "telefoon/gesprekken?uitkomst=short": "fact_call WHERE outcome = 'abandoned' AND wait_seconds <= 5",
    "telefoon/gesprekken?uitkomst=sent-away": "fact_call WHERE outcome = 'sent-away'",
    "telefoon/gesprekken?uitkomst=offered&wachtrij=belastingen": (
        "fact_call WHERE outcome IN ('answered', 'abandoned') AND queue = 'belastingen'"
    ),
    "telefoon/gesprekken?uitkomst=offered&weekdag=6": (
        "fact_call WHERE outcome IN ('answered', 'abandoned') AND isodow(date) = 7"
    ),
    "vragen/lijst?telt=eligible&kanaal=phone": (
        "fact_question JOIN dim_topic USING (topic) "
        "WHERE channel = 'phone' AND eligible = 1 AND counts_for_first_contact = 1"
    ),
    "vragen/lijst?telt=resolved&kanaal=phone": (
        "fact_question JOIN dim_topic USING (topic) "
        "WHERE channel = 'phone' AND resolved = 1 AND counts_for_first_contact = 1"
    ),
    "vragen/lijst?telt=all-eligible": "fact_question WHERE eligible = 1",
    "bezoeken?uitkomst=called": f"fact_visit WHERE kind = 'appointment' AND {WAITED}",
    "bezoeken?uitkomst=in-time": f"fact_visit WHERE kind = 'appointment' AND {WAITED} AND wait_seconds <= 300",
    "bezoeken?uitkomst=missed": "fact_visit WHERE kind = 'appointment' AND state = 'missed'",
    "bezoeken?uitkomst=walk-in": f"fact_visit WHERE kind = 'walk-in' AND {WAITED}",
    "bezoeken?uitkomst=no-show": "fact_appointment WHERE came = 0 AND status = 'booked'",
    "terugbelverzoeken?uitkomst=due": f"fact_callback WHERE {DUE}",
    "terugbelverzoeken?uitkomst=called": f"fact_callback WHERE {DUE} AND called_in_time = 1",
    "terugbelverzoeken?uitkomst=closed&afdeling=afval": (
        f"fact_callback WHERE {DUE} AND closed_in_time = 1 AND department = 'afval'"
    ),
}


# Appointments are counted by when they were booked, since anything of products was counted.
BOOKED_ON = "CAST(timezone('Europe/Amsterdam', created_at) AS DATE)"
BOOKED = f"fact_appointment WHERE product = 'paspoort' AND {BOOKED_ON} >= DATE '2026-10-26'"
LISTS |= {
    "boekingen?product=paspoort": BOOKED,
    "boekingen?hoe=medewerker": f"{BOOKED} AND booked_by_staff = 1",
    "boekingen?hoe=inwoner": f"{BOOKED} AND booked_by_staff = 0",
}


async def test_lists(star: Star, lead: httpx.AsyncClient) -> None:
    told, found = {}, {}
    for address, sql in LISTS.items():
        where = f"/rapport/{address}&{DAYS}"
        number, _ = await listed(lead, where)
        told[address] = (number, len(await in_file(lead, where)))
        ((counted,),) = star(f"SELECT count(*) FROM {sql}")
        found[address] = (counted, counted)
    assert told == found
    assert min(number for number, _ in found.values()) > 0


async def test_the_phone_on_the_page_and_in_its_files(star: Star, lead: httpx.AsyncClient) -> None:
    days = star(
        """
        SELECT date, count(*) FILTER (outcome IN ('answered', 'abandoned')), count(*) FILTER (outcome = 'answered'),
            count(*) FILTER (outcome = 'answered' AND wait_seconds <= 30), count(*) FILTER (outcome = 'abandoned')
        FROM fact_call GROUP BY date
        """
    )
    found = {str(day): tuple(numbers) for day, *numbers in days if any(numbers)}
    text = (await lead.get(f"/rapport/telefoon.csv?{DAYS}")).text
    told: dict[str, Any] = {
        row[0]: tuple(int(number) for number in row[4:8]) for row in list(csv.reader(io.StringIO(text)))[1:]
    }
    assert {day: numbers for day, numbers in told.items() if any(numbers)} == found
    book = openpyxl.load_workbook(io.BytesIO((await lead.get(f"/rapport/telefoon.xlsx?{DAYS}")).content))
    rows = [[cell.value for cell in row] for row in list(book.worksheets[0].iter_rows())[1:]]
    assert {str(row[0].date()): tuple(row[4:8]) for row in rows if any(row[4:8])} == found  # type: ignore[union-attr]
    shown = BeautifulSoup((await lead.get(f"/rapport/telefoon?{DAYS}")).text, "html.parser")
    cells = [[cell.text.strip() for cell in row.select("td")] for row in shown.select("table.kcc-days tbody tr")]
    cells = [row for row in cells if row[2] != "0"]  # a day on which calls were sent away only
    assert [tuple(int(number) for number in row[2:6]) for row in cells] == [found[day] for day in sorted(found)[::-1]]


async def test_first_contact_in_its_files(star: Star, lead: httpx.AsyncClient) -> None:
    days = star(
        """
        SELECT date, sum(eligible) FILTER (counts_for_first_contact = 1),
            sum(resolved) FILTER (counts_for_first_contact = 1), sum(eligible), sum(resolved)
        FROM fact_question JOIN dim_topic USING (topic) WHERE channel = 'phone'
        GROUP BY date HAVING sum(eligible) > 0
        """
    )
    found = {str(day): tuple(int(number or 0) for number in numbers) for day, *numbers in days}
    rows = await in_file(lead, f"/rapport/eerste-contact?{DAYS}&per=day")
    told = {row[0]: tuple(int(row[column]) for column in (2, 3, 5, 6)) for row in rows if row[5] != "0"}
    book = await lead.get(f"/rapport/eerste-contact.xlsx?{DAYS}&per=day")
    cells = list(openpyxl.load_workbook(io.BytesIO(book.content)).worksheets[0].values)[1:]
    written = {str(row[0])[:10]: tuple(row[column] for column in (2, 3, 5, 6)) for row in cells if row[5]}
    assert told == written == found


async def test_the_digital_share_and_channels_in_their_files(star: Star, lead: httpx.AsyncClient) -> None:
    booked = star(
        f"""
        SELECT {BOOKED_ON} AS day, count(*) FILTER (booked_by_staff = 0),
            count(*) FILTER (booked_by_staff = 1)
        FROM {BOOKED} GROUP BY day
        """
    )
    ways = {str(day): (0, *numbers) for day, *numbers in booked}
    for day in ("03", "07", "24"):
        of_day = ways.get(f"2026-11-{day}", (0, 0, 0))
        ways[f"2026-11-{day}"] = (int(day), *of_day[1:])
    rows = await in_file(lead, f"/rapport/kanalen?{DAYS}&per=day")
    assert {row[0]: (int(row[2]), int(row[4]), int(row[5])) for row in rows if row[1]} == ways
    for row in rows:
        online, total = int(row[2]), int(row[2]) + int(row[3])
        assert row[1] == ("" if not total else str(100 * online / total))

    channels = star("SELECT date, channel, count(*) FROM fact_question WHERE eligible = 1 GROUP BY date, channel")
    found = {(str(day), channel): number for day, channel, number in channels}
    book = await lead.get(f"/rapport/kanalen.xlsx?{DAYS}&per=day&tabel=kanalen")
    cells = list(openpyxl.load_workbook(io.BytesIO(book.content)).worksheets[0].values)[1:]
    told = {
        (str(row[0])[:10], channel): row[3 + index]
        for row in cells
        for index, channel in enumerate(CHANNELS)
        if row[2] and row[3 + index]
    }
    assert told == found
    about = star(
        """
        SELECT name, count(*) FILTER (channel = 'email'), count(*)
        FROM fact_question JOIN dim_topic USING (topic) WHERE eligible = 1 GROUP BY name
        """
    )
    topics = await in_file(lead, f"/rapport/kanalen?{DAYS}&tabel=onderwerpen")
    assert {row[0]: (int(row[2]), int(row[3])) for row in topics} == {name: tuple(numbers) for name, *numbers in about}
    assert len(found) > 5
    assert len(about) > 2
