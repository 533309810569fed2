"""`/rapport/afspraken`: behind the lead times on the report stand the appointments they were counted from."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from tests.appointments.conftest import DAY, Desk, Hall, place, product
from tests.service_levels.listed import in_file, listed, whole


@pytest.fixture
async def lead(hall: Hall, desk: Desk, sign_in: Any) -> httpx.AsyncClient:
    """Today four passports were booked, one of them outside the three days promised, one cancelled."""
    await hall(product("paspoort", lead_time_days=3), product("rijbewijs"), place())
    for ahead in (0, 1, 8):
        assert (await desk.book("11:00", day=DAY + timedelta(days=ahead))).status_code == 201
    await desk.manage(await desk.book("11:00", day=DAY + timedelta(days=3)), "cancel")
    client: httpx.AsyncClient = await sign_in(Role.TEAM_LEAD)
    return client


async def test_figures_open_the_appointments_they_were_counted_from(lead: httpx.AsyncClient) -> None:
    page = BeautifulSoup((await lead.get("/rapport")).text, "html.parser")
    passport, licence = page.select("section[aria-labelledby=h-tijd] tbody tr")
    booked, within = (str(link["href"]) for link in passport.select("a[href^='/rapport/afspraken']"))
    assert whole(passport.select("td")[0].text) == 4
    for address in (booked, within):
        assert (await listed(lead, address))[0] == len(await in_file(lead, address)) == 4
    rows = await in_file(lead, within)
    assert passport.select("td")[3].text.startswith("75")
    assert sorted((row[4], row[6], row[7]) for row in rows) == [
        ("0", "ja", "nee"),
        ("1", "ja", "nee"),
        ("3", "ja", "ja"),
        ("8", "nee", "nee"),
    ]
    assert not licence.select("a[href^='/rapport/afspraken']")


async def test_within_and_beyond_the_target(lead: httpx.AsyncClient) -> None:
    expected = {"": 4, "norm=met": 4, "norm=binnen": 3, "norm=buiten": 1, "product=rijbewijs": 0}
    assert {query: (await listed(lead, f"/rapport/afspraken?{query}"))[0] for query in expected} == expected


async def test_what_cannot_be_chosen(lead: httpx.AsyncClient) -> None:
    for query, field in (("norm=weg", "norm"), ("product=niets", "product"), ("van=2026-11-24&tot=2026-11-01", "tot")):
        answer = await lead.get(f"/rapport/afspraken?{query}")
        assert answer.status_code == 400
        assert BeautifulSoup(answer.text, "html.parser").select(f"#fouten a[href='#v-{field}']")
        refused = await lead.get(f"/rapport/afspraken.csv?{query}")
        assert refused.status_code == 400
        assert field in refused.text
