"""`/rapport/eerste-contact`: the figure, the sentences and the tables tell the same as the API."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from kcc.contacts.log.kinds import RequesterKind
from tests.contacts.conftest import Log, answered, as_agent, log
from tests.service_levels.listed import in_file, listed

__all__ = ["as_agent", "log"]

PAGE = "/rapport/eerste-contact"
DAYS = {"van": "2026-11-23", "tot": "2026-11-24"}


@pytest.fixture
async def lead(sign_in: Callable[..., Awaitable[httpx.AsyncClient]]) -> httpx.AsyncClient:
    return await sign_in(Role.TEAM_LEAD)


def page(response: httpx.Response, status: int = 200) -> BeautifulSoup:
    assert response.status_code == status, response.text
    return BeautifulSoup(response.text, "html.parser")


def text(shown: BeautifulSoup, selector: str) -> str:
    found = shown.select_one(selector)
    assert found is not None, selector
    return " ".join(found.text.split())


async def test_nothing_was_asked(kennisbank: None, lead: httpx.AsyncClient) -> None:
    shown = page(await lead.get(PAGE))
    assert "Geen gegevens" in shown.text
    assert shown.select("table, .kcc-figure") == []
    assert [link.text for link in shown.select("nav.kcc-seg a[aria-current=page]")] == ["Eerste contact"]


async def test_what_was_settled_is_said(lead: httpx.AsyncClient, log: Log) -> None:
    for _ in range(3):
        await log.asked(answered())
    await log.asked(answered("transferred", department="burgerzaken", reached=False))
    await log.asked(answered("transferred", topic="inzameling", department="afval", reached=True))
    await log.asked(answered(), channel="email")
    await log.asked(answered(), kind=RequesterKind.OWN_ORGANISATION, department="afval")
    shown = page(await lead.get(PAGE, params=DAYS))
    sentences = text(shown, "[aria-labelledby=h-kort]")
    assert "Van 4 vragen is 75,0 % in het eerste contact afgehandeld: 5 punt onder de norm." in sentences
    assert "Telt Afval mee, dan is het 60,0 %." in sentences
    assert "gangbaar is dat het contactcentrum 80 % zelf afhandelt" in text(shown, "[aria-labelledby=h-belofte]")
    (row,) = shown.select("[aria-labelledby=h-perioden] tbody tr")
    assert [" ".join(cell.text.split()) for cell in row.select("td")][:6] == [
        "75,0 %",
        "niet gehaald",
        "4",
        "3",
        "60,0 %",
        "5",
    ]
    departments = [
        [" ".join(cell.text.split()) for cell in row.select("th, td")]
        for row in shown.select("[aria-labelledby=h-afdelingen] tbody tr")
    ]
    assert departments == [["Afval", "1", "100,0 %", "0", "–"], ["Burgerzaken", "1", "0,0 %", "0", "–"]]
    for department in shown.select("[aria-labelledby=h-afdelingen] tbody tr"):
        called, reached = (str(cell.a["href"]) for cell in department.select("td")[:2])  # type: ignore[index]
        assert (await listed(lead, called))[0] == (await listed(lead, reached))[0] == 1
    days = "&".join(f"{name}={day}" for name, day in DAYS.items())
    assert await in_file(lead, f"{PAGE}?{days}&tabel=afdelingen") == [
        ["Afval", "1", "1", "100.0", "0", "0", ""],
        ["Burgerzaken", "1", "0", "0.0", "0", "0", ""],
    ]
    behind = {
        fact.dt.text: (await listed(lead, str(fact.a["href"])))[0]  # type: ignore[union-attr, index]
        for fact in shown.select("dl.kcc-facts div:has(a)")
    }
    assert behind == {
        "Vragen die meetellen": 4,
        "In het eerste contact afgehandeld": 3,
        "Met de uitgezonderde groepen": 5,  # all of them: the percentage is a part
    }
    links = [cell.select_one("a") for cell in row.select("td")]
    found = [(await listed(lead, str(link["href"])))[0] if link else None for link in links]
    assert found == [4, None, 4, 3, 5, 5, None, None]
    everything = page(await lead.get(PAGE, params=DAYS | {"kanaal": "alle"}))
    assert "Van 5 vragen is 80,0 %" in text(everything, "[aria-labelledby=h-kort]")


async def test_beside_the_target_that_holds(
    lead: httpx.AsyncClient, log: Log, with_token: Callable[[Role], Awaitable[httpx.AsyncClient]]
) -> None:
    await log.asked(answered(), answered("transferred", department="burgerzaken", reached=True))
    sent = {"metric": "first-contact", "level": 40, "validFrom": "2026-11-24"}
    set_target = await (await with_token(Role.TEAM_LEAD)).put("/api/v1/targets", json=sent)
    assert set_target.is_success, set_target.text
    shown = page(await lead.get(PAGE, params=DAYS))
    assert "10 punt boven de norm" in text(shown, "[aria-labelledby=h-belofte]")
    assert "gehaald" in text(shown, "[aria-labelledby=h-perioden] tbody")


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        ({"van": "2026-11-02", "tot": "2026-11-01"}, "tot", "ligt voor de eerste dag"),
        ({"van": "2024-01-01", "tot": "2026-11-01"}, "tot", "ten hoogste 366 dagen"),
        ({"kanaal": "post"}, "kanaal", ""),
        ({"van": "gisteren"}, "van", ""),
    ],
)
async def test_what_cannot_be_shown(
    kennisbank: None, lead: httpx.AsyncClient, wrong: dict[str, str], field: str, told: str
) -> None:
    shown = page(await lead.get(PAGE, params=wrong), 400)
    assert told in text(shown, "#fouten")
    assert shown.select_one(f"#fouten a[href='#v-{field}']")


async def test_which_questions_count(lead: httpx.AsyncClient, log: Log) -> None:
    await log.asked(answered(), answered(topic="inzameling"))
    address = "/rapport/vragen/lijst?van=2026-11-23&tot=2026-11-24"
    expected = {"": 2, "eligible": 1, "all-eligible": 2, "resolved": 1, "known": 0, "followed": 0, "ended": 2}
    assert {counts: (await listed(lead, f"{address}&telt={counts}"))[0] for counts in expected} == expected
    assert [row[2:] for row in await in_file(lead, f"{address}&onderwerp=inzameling")] == [
        ["Afval – Inzameling", "Opgelost", "", "Inwoner", "0", "nee, uitgezonderde groep", "ja", "", "1"]
    ]


async def test_the_questions_for_which_a_department_was_called(lead: httpx.AsyncClient, log: Log) -> None:
    await log.asked(answered("transferred", department="burgerzaken", reached=True))
    await log.asked(answered("transferred", department="burgerzaken", reached=False))
    await log.asked(answered("transferred", topic="inzameling", department="afval", reached=True))
    await log.asked(answered())
    address = "/rapport/vragen/lijst?van=2026-11-23&tot=2026-11-24&telt=department-called"
    assert [row[4] for row in await in_file(lead, address)] == [
        "Afval (nam op)",
        "Burgerzaken (nam niet op)",
        "Burgerzaken (nam op)",
    ]
    assert (await listed(lead, f"{address}&afdeling=burgerzaken"))[0] == 2
    reached = address.replace("called", "reached")
    assert (await listed(lead, f"{reached}&afdeling=burgerzaken"))[0] == 1


async def test_questions_that_cannot_be_chosen(kennisbank: None, lead: httpx.AsyncClient) -> None:
    for query, field in (
        ("telt=veel", "telt"),
        ("onderwerp=niets", "onderwerp"),
        ("afdeling=niets", "afdeling"),
        ("artikel=niets", "artikel"),
        ("kanaal=post", "kanaal"),
        ("vrager=iemand", "vrager"),
        ("van=2026-11-24&tot=2026-11-01", "tot"),
    ):
        shown = page(await lead.get(f"/rapport/vragen/lijst?{query}"), 400)
        assert shown.select(f"#fouten a[href='#v-{field}']")
        assert (await lead.get(f"/rapport/vragen/lijst.xlsx?{query}")).status_code == 400
