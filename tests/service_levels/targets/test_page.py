"""`/rapport/normen`: what holds, comes and held; a new one is set by a form that fits the metric, without script."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from kcc.service_levels.words import SPACE
from tests.conftest import SetClock
from tests.service_levels.phone.conftest import answered
from tests.service_levels.targets.conftest import TODAY, TOMORROW, Lead

PAGE = "/rapport/normen"
AT = 1_795_507_200  # 24 November 2026, 9.00 in Amsterdam
PHONE, COUNTER = "service-level", "counter-wait"


@pytest.fixture
async def reader(lead: Lead, sign_in: Callable[..., Awaitable[httpx.AsyncClient]]) -> httpx.AsyncClient:
    return await sign_in(Role.TEAM_LEAD)


def read(response: httpx.Response, status: int = 200) -> BeautifulSoup:
    assert response.status_code == status, response.text
    return BeautifulSoup(response.text.replace(SPACE, " "), "html.parser")


def table(shown: BeautifulSoup, caption: str) -> list[list[str]]:
    """The cells of a table but the last, which has the buttons."""
    for found in shown.select("table"):
        if found.select_one("caption").text == caption:  # type: ignore[union-attr]
            rows = found.select("tbody tr")
            return [[" ".join(cell.text.split()) for cell in row.select("th, td")] for row in rows]
    return []


async def post(reader: httpx.AsyncClient, **fields: str) -> httpx.Response:
    return await reader.post(PAGE, data={"vanaf": TOMORROW, "voor": "", **fields})


async def test_while_nothing_was_set_the_settings_hold(reader: httpx.AsyncClient) -> None:
    shown = read(await reader.get(PAGE))
    rows = table(shown, "Normen die nu gelden")
    assert [row[:5] for row in rows] == [
        ["Telefoon op tijd opgenomen", "alles", "80 % binnen 30 seconden", "–", "–"],
        ["In eerste contact afgehandeld", "alles", "80 % in het eerste contact", "–", "–"],
        ["Afspraken op tijd opgeroepen", "alles", "95 % binnen 5 minuten", "–", "–"],
        ["Inloop op tijd opgeroepen", "alles", "binnen 15 minuten, zonder percentage", "–", "–"],
        ["Op tijd teruggebeld", "alles", "100 % voor het beloofde moment", "–", "–"],
        ["Snel genoeg een afspraak", "alles", "geen norm", "–", "–"],
    ]
    *usual, nobody = [row[5] for row in rows]
    assert all(said.startswith("Standaard uit de instellingen: gangbaar is ") for said in usual)
    assert nobody == "–"
    assert [link.text for link in shown.select("nav.kcc-seg a[aria-current=page]")] == ["Normen"]
    assert "Dit gaat nog in" not in shown.text
    assert "Wat gold eerder?" not in shown.text
    assert shown.select("form button[type=submit]")[-1].text == "Verder"


async def test_the_form_fits_the_metric_and_holds_what_is_promised_now(lead: Lead, reader: httpx.AsyncClient) -> None:
    await lead.phone.log(*answered(AT, 1, 10, queue="belastingen"))
    await lead.set(PHONE, TODAY, 70, 60, scope={"queue": "belastingen"}, variant="answered")

    async def fields(**query: str) -> dict[str, str]:
        shown = read(await reader.get(PAGE, params=query))
        found = {}
        for item in shown.select("form[method=post] [name][id^=v-]"):
            chosen = item.select_one("option[selected]") or {}
            found[str(item["name"])] = str(item.get("value", "") or chosen.get("value", ""))
        return found

    assert await fields(maatstaf=PHONE) == {
        "voor": "", "grens": "30", "niveau": "80", "vanaf": TOMORROW, "telling": "offered",
    }  # fmt: skip
    assert await fields(maatstaf=PHONE, grens="20", niveau="85") == {
        "voor": "", "grens": "20", "niveau": "85", "vanaf": TOMORROW, "telling": "offered",
    }  # fmt: skip
    assert await fields(maatstaf=PHONE, voor="queue:belastingen") == {
        "voor": "queue:belastingen", "grens": "60", "niveau": "70", "vanaf": TOMORROW, "telling": "answered",
    }  # fmt: skip
    assert await fields(maatstaf=COUNTER) == {"voor": "", "grens": "5", "niveau": "95", "vanaf": TOMORROW}
    assert await fields(maatstaf="callbacks-in-time") == {"voor": "", "niveau": "100", "vanaf": TOMORROW}
    assert await fields(maatstaf="lead-time") == {"voor": "", "niveau": "", "vanaf": TOMORROW}
    assert await fields(maatstaf="happiness") == {}
    options = read(await reader.get(PAGE, params={"maatstaf": COUNTER})).select("#v-voor option")
    assert {"alles", "locatie Stadhuis"} < {option.text for option in options}
    used = read(await reader.get(PAGE, params={"maatstaf": COUNTER})).select(f"a[href*='maatstaf={COUNTER}&niveau']")
    assert [(link.text, link["href"]) for link in used] == [
        ("95 % binnen 5 minuten", f"{PAGE}?maatstaf={COUNTER}&niveau=95&grens=5#nieuw")
    ]


async def test_a_target_is_set_comes_holds_and_was(lead: Lead, reader: httpx.AsyncClient) -> None:
    for day, minutes in (("2026-01-01", "5"), (TODAY, "6"), (TOMORROW, "7")):
        answer = await post(reader, maatstaf=COUNTER, grens=minutes, niveau="95", vanaf=day)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?gelukt=ingesteld")
    await post(reader, maatstaf=COUNTER, grens="9", niveau="90", voor="product:paspoort")
    shown = read(await reader.get(PAGE, params={"gelukt": "ingesteld"}))
    assert "De norm is ingesteld." in shown.text
    rows = {tuple(row[:2]): row[2:5] for row in table(shown, "Normen die nu gelden")}
    assert rows["Afspraken op tijd opgeroepen", "alles"] == [
        "95 % binnen 6 minuten", "24 november 2026", "24 november 2026",
    ]  # fmt: skip
    coming = [row[1:4] for row in table(shown, "Normen die nog ingaan")]
    assert coming[0] == ["alles", "95 % binnen 7 minuten", "25 november 2026"]
    assert coming[1][0].startswith("product ")
    assert coming[1][1:] == ["90 % binnen 9 minuten", "25 november 2026"]
    (was,) = table(shown, "Normen die eerder golden")
    assert was[2:5] == ["95 % binnen 5 minuten", "1 januari 2026", "23 november 2026"]
    assert was[5].endswith("24 november, 9.00 uur")
    assert [one["threshold"] for one in await lead.listed(metric=COUNTER)] == [420, 360, 300, 540]

    actions = [form["action"] for form in shown.select("form[action$=intrekken]")]
    assert len(actions) == 3  # not the one that is over
    assert (await reader.post(str(actions[0]))).headers["location"] == f"{PAGE}?gelukt=ingetrokken"
    assert (await reader.post(str(actions[0]))).status_code == 404
    assert len(await lead.listed()) == 3


async def test_who_comes_too_late_to_take_one_back_is_told(
    lead: Lead, sign_in: Callable[..., Awaitable[httpx.AsyncClient]], moment: SetClock
) -> None:
    row = await lead.set(COUNTER, TODAY, 95, 300)
    moment.move(days=1)
    reader = await sign_in(Role.TEAM_LEAD)
    shown = read(await reader.post(f"{PAGE}/{row['id']}/intrekken"), 409)
    assert "Deze norm geldt al en blijft staan." in shown.select_one("#fouten").text  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("fields", "status", "wrong"),
    [
        ({"maatstaf": ""}, 400, ["v-maatstaf"]),
        ({"maatstaf": "happiness"}, 400, ["v-maatstaf"]),
        ({"maatstaf": COUNTER}, 400, ["v-grens", "v-niveau"]),
        ({"maatstaf": COUNTER, "grens": "61", "niveau": "101"}, 400, ["v-grens", "v-niveau"]),
        ({"maatstaf": COUNTER, "grens": "5,5", "niveau": "95"}, 400, ["v-grens"]),
        ({"maatstaf": COUNTER, "grens": "5", "niveau": "95", "vanaf": ""}, 400, ["v-vanaf"]),
        ({"maatstaf": COUNTER, "grens": "5", "niveau": "95", "vanaf": "1850-01-01"}, 400, ["v-vanaf"]),
        ({"maatstaf": COUNTER, "grens": "5", "niveau": "95", "voor": "product:niets"}, 400, ["v-voor"]),
        ({"maatstaf": COUNTER, "grens": "5", "niveau": "95", "voor": "queue:algemeen"}, 400, ["v-voor"]),
        ({"maatstaf": COUNTER, "grens": "5", "niveau": "95", "voor": "onzin"}, 400, ["v-voor"]),
        ({"maatstaf": PHONE, "grens": "30", "niveau": "80", "telling": "beste"}, 400, ["v-telling"]),
        ({"maatstaf": PHONE, "grens": "30", "niveau": "80", "telling": "offered"}, 409, ["v-vanaf"]),
        (
            {"maatstaf": PHONE, "grens": "30", "niveau": "80", "telling": "offered", "vanaf": "2026-11-01"},
            409,
            ["v-vanaf"],
        ),
    ],
)
async def test_what_cannot_be_set_is_told_at_its_field_and_nothing_typed_is_lost(
    lead: Lead, reader: httpx.AsyncClient, fields: dict[str, str], status: int, wrong: list[str]
) -> None:
    await lead.set(PHONE, TOMORROW, 90, 20)
    shown = read(await post(reader, **fields), status)
    found = shown.select("#fouten a")
    assert [str(link["href"]) for link in sorted(found, key=lambda link: str(link["href"]))] == [
        f"#{id}" for id in wrong
    ]
    assert all(shown.select(link["href"]) for link in found)
    for name in ("grens", "niveau"):
        if name in fields and fields["maatstaf"] in (PHONE, COUNTER):
            assert shown.select_one(f"#v-{name}")["value"] == fields[name]  # type: ignore[index]
    assert [(one["level"], one["threshold"]) for one in await lead.listed()] == [(90, 20)]
