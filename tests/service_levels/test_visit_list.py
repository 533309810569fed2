"""`/rapport/bezoeken`: behind every figure of the days on the report stand the visits it was counted from."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from kcc.appointments.hall.course import VisitState
from kcc.storage.database import Database
from tests.appointments.conftest import DAY, Hall, place, product, put
from tests.service_levels.listed import in_file, listed, whole
from tests.service_levels.test_waits import came

DAY_BEFORE = DAY - timedelta(days=1)
# The figures that are no number of visits, beside the number of visits that they are of.
OF = {"Op tijd": "Afspraken", "Gemiddeld": "Afspraken", "Mediaan": "Afspraken", "Inloop op tijd": "Inloop"}


@pytest.fixture
async def lead(hall: Hall, sign_in: Any) -> httpx.AsyncClient:
    await hall(product("paspoort"), product("rijbewijs"), place(counters=2, walk_ins=True))
    client: httpx.AsyncClient = await sign_in(Role.TEAM_LEAD)
    return client


async def everything(database: Database) -> None:
    """Two days on which it went in every way."""
    await put(
        database,
        *(came("9:10", "9:00", wait, day=DAY_BEFORE) for wait in (1, 5, 6)),
        came("9:10", "9:00", 0),
        came("9:20", "9:15", 6),
        *(came("9:40", "9:40", 9, state=VisitState.MISSED) for _ in range(2)),
        came("9:50", "9:40", None, state=VisitState.LEFT),
        came("9:50", "9:40", None, state=VisitState.WAITING),
        *(came(None, "9:05", wait) for wait in (15, 16)),
        came(None, "9:05", 1, state=VisitState.MISSED),
        came(None, "9:05", None, state=VisitState.LEFT),
    )


async def test_every_figure_opens_the_visits_it_was_counted_from(lead: httpx.AsyncClient, database: Database) -> None:
    await everything(database)
    page = BeautifulSoup((await lead.get("/rapport")).text, "html.parser")
    table = page.select_one("section[aria-labelledby=h-dagen] table")
    assert table is not None
    heads = [head.text for head in table.select("thead th")]
    counted = 0
    for row in table.select("tbody tr"):
        cells = dict(zip(heads, row.select("th, td"), strict=True))
        for name in heads[1:]:
            link, number = cells[name].select_one("a"), whole(cells[OF.get(name, name)].text) if name != "Norm" else 0
            assert (link is not None) == bool(number), (name, row)
            if link is not None:
                address = str(link["href"])
                assert (await listed(lead, address))[0] == number, (name, row)
                assert len(await in_file(lead, address)) == number
                counted += 1
    assert counted > 20


async def test_in_time_and_too_late(lead: httpx.AsyncClient, database: Database) -> None:
    await everything(database)
    days = f"/rapport/bezoeken?van={DAY_BEFORE}&tot={DAY}"
    expected = {"": 12, "in-time": 3, "late": 2, "walk-in-in-time": 1, "walk-in-late": 1}
    assert {went: (await listed(lead, f"{days}&uitkomst={went}"))[0] for went in expected} == expected
    ((at, location, products, how, _, _, wait, said),) = await in_file(lead, f"{days}&uitkomst=walk-in-late")
    assert (at[:10], location, how, wait, said) == (str(DAY), "Stadhuis", "Inloop", "960", "Te laat opgeroepen")
    assert products


async def test_what_cannot_be_chosen(lead: httpx.AsyncClient) -> None:
    for query, field in (("uitkomst=weg", "uitkomst"), ("van=2026-11-24&tot=2026-11-01", "tot")):
        answer = await lead.get(f"/rapport/bezoeken?{query}")
        assert answer.status_code == 400
        assert BeautifulSoup(answer.text, "html.parser").select(f"#fouten a[href='#v-{field}']")
        assert (await lead.get(f"/rapport/bezoeken.csv?{query}")).status_code == 400
