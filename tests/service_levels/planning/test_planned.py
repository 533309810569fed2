"""Planned events and the roster: through the API and on their pages."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from tests.service_levels.phone.conftest import Phone
from tests.service_levels.planning.conftest import TODAY, calls_of

EVENTS, ROSTER = "/api/v1/planned-events", "/api/v1/roster"
EVENT_PAGE, ROSTER_PAGE = "/rapport/rooster/gebeurtenissen", "/rapport/rooster/medewerkers"
EVENT = {"name": "Verkiezingen", "from": "2027-03-15", "to": "2027-03-17", "factor": 1.25, "queue": ""}


@pytest.fixture
async def lead(phone: Phone, sign_in: Callable[..., Awaitable[httpx.AsyncClient]]) -> httpx.AsyncClient:
    return await sign_in(Role.TEAM_LEAD)


def shown(response: httpx.Response, status: int = 200) -> BeautifulSoup:
    assert response.status_code == status, response.text
    return BeautifulSoup(response.text, "html.parser")


def cells(page: BeautifulSoup) -> list[list[str]]:
    return [
        [" ".join(cell.text.split()) for cell in row.select("th, td")][:-1] for row in page.select("table tbody tr")
    ]


async def test_an_event_from_beginning_to_end(phone: Phone) -> None:
    made = await phone.client.post(EVENTS, json=EVENT, headers={"Idempotency-Key": "een"})
    again = await phone.client.post(EVENTS, json=EVENT, headers={"Idempotency-Key": "een"})
    assert (made.status_code, made.json()) == (201, EVENT | {"id": made.json()["id"], "measured": None})
    assert again.json() == made.json()
    address = f"{EVENTS}/{made.json()['id']}"
    changed = await phone.client.put(address, json=EVENT | {"factor": 0})
    assert changed.json() == made.json() | {"factor": 0.0}
    assert (await phone.client.get(EVENTS)).json() == {"results": [changed.json()]}
    assert (await phone.client.delete(address)).status_code == 204
    assert (await phone.client.delete(address)).status_code == 404
    assert (await phone.client.put(address, json=EVENT)).status_code == 404
    assert (await phone.client.get(EVENTS)).json() == {"results": []}


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"name": " "}, "/name"),
        ({"to": "2027-03-14"}, "/to"),
        ({"to": "2028-06-01"}, "/to"),
        ({"from": "1850-01-01"}, "/from"),
        ({"factor": -0.1}, "/factor"),
        ({"factor": 21}, "/factor"),
        ({"factor": "veel"}, "/factor"),
        ({"factor": "1.5"}, "/factor"),
        ({"factor": False}, "/factor"),
        ({"queue": "nergens"}, "/queue"),
    ],
)
async def test_an_event_that_cannot_be(phone: Phone, wrong: dict[str, Any], at: str) -> None:
    answer = await phone.client.post(EVENTS, json=EVENT | wrong)
    assert answer.status_code == 400
    assert [error["location"] for error in answer.json()["errors"]] == [{"pointer": at}]
    assert (await phone.client.get(EVENTS)).json() == {"results": []}


async def test_the_roster_is_replaced_as_a_whole(phone: Phone) -> None:
    assert (await phone.client.get(ROSTER)).json() == {"stretches": []}
    stretches = [
        {"weekday": 1, "from": "08:30", "until": "17:00", "agents": 6},
        {"weekday": 5, "from": "00:00", "until": "24:00", "agents": 1},
    ]
    put = await phone.client.put(ROSTER, json={"stretches": stretches})
    assert (put.status_code, put.json()) == (200, {"stretches": stretches})
    wrong = {"weekday": 1, "from": "09:00", "until": "09:00", "agents": 6}
    assert (await phone.client.put(ROSTER, json={"stretches": [wrong]})).status_code == 400
    for bad in ({"from": "09:10"}, {"agents": 0}, {"agents": 501}, {"weekday": 8}, {"until": "25:00"}):
        assert (await phone.client.put(ROSTER, json={"stretches": [stretches[0] | bad]})).status_code == 400
    assert (await phone.client.get(ROSTER)).json() == {"stretches": stretches}
    assert (await phone.client.put(ROSTER, json={"stretches": []})).json() == {"stretches": []}


async def test_events_on_their_page(lead: httpx.AsyncClient, phone: Phone) -> None:
    await phone.log(*calls_of(TODAY, "belastingen"))
    page = shown(await lead.get(EVENT_PAGE))
    assert "Geen gebeurtenissen" in page.text
    assert [option["value"] for option in page.select("#v-queue option")] == ["", "belastingen"]
    key = page.select_one("[name=sleutel]")["value"]  # type: ignore[index]
    typed = {"name": "Brief", "from": "2027-02-22", "to": "2027-02-26", "factor": "1,5", "queue": "belastingen"}
    for _ in range(2):  # sent twice is there once
        sent = await lead.post(EVENT_PAGE, data=typed | {"sleutel": str(key)})
        assert (sent.status_code, sent.headers["location"]) == (303, f"{EVENT_PAGE}?gelukt=opgeslagen")
    page = shown(await lead.get(EVENT_PAGE))
    assert cells(page) == [["Brief", "22 februari 2027 – 26 februari 2027", "belastingen", "× 1,5", "–"]]
    address = page.select_one("table a")["href"]  # type: ignore[index]
    form = shown(await lead.get(str(address)))
    assert form.select_one("#v-factor")["value"] == "1,5"  # type: ignore[index]
    wrong = shown(await lead.post(str(address), data=typed | {"to": "2027-02-01", "factor": "x"}), 400)
    assert {link["href"] for link in wrong.select("#fouten a")} == {"#v-to", "#v-factor"}
    assert wrong.select_one("#v-factor")["value"] == "x"  # type: ignore[index]
    await lead.post(str(address), data=typed | {"to": "2027-02-22", "factor": "2"})
    assert cells(shown(await lead.get(EVENT_PAGE))) == [["Brief", "22 februari 2027", "belastingen", "× 2", "–"]]
    assert (await lead.post(f"{address}/verwijderen")).status_code == 303
    assert (await lead.get(str(address))).status_code == 404
    assert "Geen gebeurtenissen" in (await lead.get(EVENT_PAGE)).text


async def test_an_event_that_was_typed_wrong_is_not_lost(lead: httpx.AsyncClient) -> None:
    page = shown(await lead.post(EVENT_PAGE, data={"name": "Brief"}), 400)
    assert {link["href"] for link in page.select("#fouten a")} == {"#v-from", "#v-to", "#v-factor"}
    assert page.select_one("#v-name")["value"] == "Brief"  # type: ignore[index]


async def test_the_roster_on_its_page(lead: httpx.AsyncClient) -> None:
    assert "Nog geen rooster" in shown(await lead.get(ROSTER_PAGE)).text
    typed = {"weekdays[]": ["1", "2"], "from": "8.30", "until": "17:00", "agents": "6"}
    assert (await lead.post(ROSTER_PAGE, data=typed)).status_code == 303
    page = shown(await lead.get(ROSTER_PAGE))
    assert cells(page) == [["maandag", "8.30–17.00 uur", "6"], ["dinsdag", "8.30–17.00 uur", "6"]]
    assert "Het rooster: 102 uur in de week" in page.text
    action = page.select_one("table form")["action"]  # type: ignore[index]
    assert (await lead.post(str(action))).status_code == 303
    assert (await lead.post(str(action))).status_code == 404
    assert [line[0] for line in cells(shown(await lead.get(ROSTER_PAGE)))] == ["dinsdag"]


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"weekdays[]": []}, {"weekdays"}),
        ({"weekdays[]": [], "agents": "veel"}, {"weekdays", "agents"}),
        ({"until": "8.00"}, {"until"}),
        ({"from": "8.40"}, {"from"}),
        ({"agents": "0"}, {"agents"}),
        ({"weekdays[]": ["9"]}, {"weekdays"}),
    ],
)
async def test_a_line_that_cannot_be(lead: httpx.AsyncClient, wrong: dict[str, Any], fields: set[str]) -> None:
    typed = {"weekdays[]": ["1"], "from": "8.30", "until": "17.00", "agents": "6"} | wrong
    page = shown(await lead.post(ROSTER_PAGE, data=typed), 400)
    assert {str(link["href"]).removeprefix("#v-") for link in page.select("#fouten a")} == fields
    assert "Nog geen rooster" in page.text
