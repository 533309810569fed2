"""`/rapport/rooster`: what a team lead reads there, and the same for a spreadsheet."""

import csv
import io
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from kcc.clock import Clock
from kcc.service_levels.planning.keeping import ForecastKeeper
from kcc.service_levels.staffing.needs import Work, level, needed
from kcc.storage.database import Database
from tests.conftest import SetClock
from tests.service_levels.phone.conftest import Phone, abandoned
from tests.service_levels.planning.conftest import AT_NINE, HANDLING, LATER, TODAY, at, calls_of

PAGE = "/rapport/rooster"
A_DAY = AT_NINE + LATER
WORK = Work(HANDLING, 60 + 10 * (A_DAY - 1), 80, 30)


@pytest.fixture
async def lead(phone: Phone, sign_in: Callable[..., Awaitable[httpx.AsyncClient]]) -> httpx.AsyncClient:
    return await sign_in(Role.TEAM_LEAD)


async def put_roster(phone: Phone, agents: int) -> None:
    stretches = [{"weekday": day, "from": "09:00", "until": "11:00", "agents": agents} for day in range(1, 6)]
    assert (await phone.client.put("/api/v1/roster", json={"stretches": stretches})).status_code == 200


def page(response: httpx.Response, status: int = 200) -> BeautifulSoup:
    assert response.status_code == status, response.text
    return BeautifulSoup(response.text, "html.parser")


def text(shown: BeautifulSoup, selector: str) -> str:
    return " ".join(shown.select_one(selector).text.split())  # type: ignore[union-attr]


def said(shown: BeautifulSoup) -> str:
    return text(shown, "[aria-labelledby=h-kort]")


def rows(shown: BeautifulSoup, heading: str) -> list[list[str]]:
    return [
        [" ".join(cell.text.split()) for cell in row.select("th, td")]
        for row in shown.select(f"[aria-labelledby={heading}] tbody tr")
    ]


async def test_nobody_called(lead: httpx.AsyncClient) -> None:
    shown = page(await lead.get(PAGE))
    assert "Er zijn nog geen gesprekken geteld" in shown.text
    assert shown.select("table") == []
    assert shown.text.count("Geen gegevens") == 3  # the week, the past week, past forecasts
    assert [link.text for link in shown.select("nav.kcc-seg a[aria-current=page]")] == ["Rooster"]


async def test_a_roster_that_falls_short(lead: httpx.AsyncClient, four_weeks: Phone) -> None:
    """Twenty calls of three minutes between nine and ten, four in the hour after it."""
    enough = needed(AT_NINE / 4, WORK)
    assert enough == 3
    await put_roster(four_weeks, 1)
    shown = page(await lead.get(PAGE))
    now, then = (level([(AT_NINE / 4, agents)], WORK) or 0 for agents in (1, enough))
    sentences = said(shown)
    assert f"Volgende week worden {5 * A_DAY} gesprekken verwacht" in sentences
    shortage = f"Volgende week komt u maandag van 9.00 tot 10.00 uur twee medewerkers tekort: {int(now)} % wordt dan"
    assert shortage in sentences.replace("\N{NO-BREAK SPACE}", " ")
    assert "Nog 2 andere tijden staan in het advies hieronder." in sentences
    table = rows(shown, "h-week")
    assert [row[0] for row in table][:2] == ["maandag 30 november", "dinsdag 1 december"]
    assert table[0][1:] == ["3 nodig, gesprekken: 20", "1 nodig, gesprekken: 4", str(A_DAY)]
    advice = rows(shown, "advies")
    assert advice[0][:5] == ["maandag van 9.00 tot 10.00 uur", "20", "1", "3", "+ 2"]
    assert [int(cell.split()[0]) for cell in advice[0][5:]] == [int(now), int(then)]
    assert len(advice) == 5
    with_absence = rows(page(await lead.get(PAGE, params={"afwezig": "30"})), "advies")
    assert with_absence[0][:6] == ["maandag van 9.00 tot 10.00 uur", "20", "1", "3", "5", "+ 2"]


async def test_enough_and_too_many(lead: httpx.AsyncClient, four_weeks: Phone) -> None:
    await put_roster(four_weeks, 3)
    shown = page(await lead.get(PAGE))
    assert "Volgende week zijn er elk uur genoeg medewerkers voor de norm." in said(shown)
    assert [row[0] for row in rows(shown, "advies")] == [
        f"{day} van 10.00 tot 11.00 uur" for day in ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag")
    ]
    assert {row[4] for row in rows(shown, "advies")} == {"− 2"}


async def test_without_a_roster_who_took_calls_is_there(lead: httpx.AsyncClient, four_weeks: Phone) -> None:
    shown = page(await lead.get(PAGE))
    assert "Er is geen rooster ingevuld" in said(shown)
    assert "Geschat aanwezig" in [cell.text for cell in shown.select("[aria-labelledby=advies] th")]
    assert rows(shown, "advies")[0][2:5] == ["1", "3", "+ 2"]


async def test_one_queue_has_no_roster_of_its_own(lead: httpx.AsyncClient, four_weeks: Phone) -> None:
    await put_roster(four_weeks, 1)
    shown = page(await lead.get(PAGE, params={"wachtrij": "algemeen"}))
    assert "Medewerkers nemen gesprekken van alle wachtrijen aan" in said(shown)
    assert rows(shown, "h-week")[0][1] == "3 nodig, gesprekken: 20"
    assert shown.select("[aria-labelledby=advies], #vraag") == []


async def test_what_if(lead: httpx.AsyncClient, four_weeks: Phone) -> None:
    await put_roster(four_weeks, 1)
    question = {"week": "2026-12-02", "dag": "2", "begin": "9.00", "eind": "10:00", "erbij": "1"}
    shown = page(await lead.get(PAGE, params=question))
    before, after = (int(level([(AT_NINE / 4, agents)], WORK) or 0) for agents in (1, 2))
    answer = text(shown, "[aria-labelledby=h-vraag] [role=status]")
    assert answer.startswith(f"Eén medewerker meer op dinsdag van 9.00 tot 10.00 uur: {before} % → {after} % op tijd.")
    kept = {item["name"]: item["value"] for item in shown.select("#vraag input[type=hidden]")}
    assert kept == {"week": "2026-12-02"}
    nothing = page(await lead.get(PAGE, params=question | {"dag": "7"}))
    assert "Op die tijd worden geen gesprekken verwacht" in nothing.text


async def test_weeks_that_are_over_closed_or_hardly_known(lead: httpx.AsyncClient, four_weeks: Phone) -> None:
    assert "Deze week is voorbij" in page(await lead.get(PAGE, params={"week": "2026-11-20"})).text
    this = page(await lead.get(PAGE, params={"week": "2026-11-28"}))
    assert rows(this, "h-week")[0][0] == "dinsdag 24 november"
    assert "Deze week" in said(this)


async def test_nobody_knows_how_long_a_call_takes(lead: httpx.AsyncClient, phone: Phone) -> None:
    """All callers gave up, for weeks."""
    from datetime import timedelta

    for number in range(1, 29):
        day = TODAY - timedelta(days=number)
        await phone.log(*(line for serial in range(8) for line in abandoned(at(day, 7 * serial), serial, 40)))
    shown = page(await lead.get(PAGE))
    assert "Hoe lang een gesprek duurt is niet bekend" in said(shown)
    assert rows(shown, "h-week")[0][1] == "– nodig, gesprekken: 8"
    assert shown.select("[aria-labelledby=advies]") == []


async def test_the_cause_of_the_past_week(lead: httpx.AsyncClient, four_weeks: Phone) -> None:
    """As many calls as expected; all but one in time."""
    await put_roster(four_weeks, 1)
    shown = page(await lead.get(PAGE))
    cause = text(shown, "[aria-labelledby=h-oorzaak]")
    assert f"Vorige week werd {100 * (A_DAY - 1) / A_DAY:.1f}".replace(".", ",") in cause
    facts = {
        " ".join(fact.dt.text.split()): fact.dd.text.replace("\N{NO-BREAK SPACE}", " ")  # type: ignore[union-attr]
        for fact in shown.select("[aria-labelledby=h-oorzaak] dl div")
    }
    assert facts["Meer gesprekken dan verwacht"] == "geen verschil"
    parts = [
        0.0 if value == "geen verschil" else float(value.split()[0].replace(",", ".")) * (-1 if "erbij" in value else 1)
        for value in facts.values()
    ]
    assert sum(parts) == pytest.approx(80 - 100 * (A_DAY - 1) / A_DAY, abs=0.3)


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({"week": "2030-01-01"}, {"week"}),
        ({"week": "nooit"}, {"week"}),
        ({"week": "0001-01-01"}, {"week"}),
        ({"wachtrij": "nergens"}, {"wachtrij"}),
        ({"afwezig": "96"}, {"afwezig"}),
    ],
)
async def test_what_cannot_be_chosen(lead: httpx.AsyncClient, query: dict[str, str], fields: set[str]) -> None:
    shown = page(await lead.get(PAGE, params=query), 400)
    assert {str(link["href"]).removeprefix("#v-") for link in shown.select("#fouten a")} == fields
    assert (await lead.get(f"{PAGE}.csv", params=query)).status_code == 400


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({"begin": "11.00", "eind": "9.00", "erbij": "1"}, {"eind"}),
        ({"begin": "9.05", "eind": "9.30", "erbij": "1"}, {"begin"}),
        ({"begin": "9.00", "eind": "11.00", "erbij": "0"}, {"erbij"}),
        ({"begin": "9.00", "eind": "11.00", "erbij": "51"}, {"erbij"}),
        ({"begin": "9.00"}, {"eind", "erbij"}),
        ({"begin": "9.00", "eind": "11.00", "erbij": "1", "dag": "8"}, {"dag"}),
    ],
)
async def test_a_question_that_cannot_be(
    lead: httpx.AsyncClient, four_weeks: Phone, query: dict[str, str], fields: set[str]
) -> None:
    shown = page(await lead.get(PAGE, params={"dag": "1"} | query), 400)
    assert {str(link["href"]).removeprefix("#v-") for link in shown.select("#fouten a")} == fields
    assert rows(shown, "h-week")


async def test_for_a_spreadsheet(lead: httpx.AsyncClient, four_weeks: Phone) -> None:
    await put_roster(four_weeks, 3)
    answer = await lead.get(f"{PAGE}.csv", params={"week": "2026-11-30"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="rooster-2026-11-30.csv"' in answer.headers["content-disposition"]
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(lines) == 5 * 96
    nine = next(line for line in lines if (line["datum"], line["begin"]) == ("2026-12-01", "09:00"))
    assert (float(nine["verwacht"]), nine["nodig"], float(nine["ingeroosterd"])) == (AT_NINE / 4, "3", 3)
    assert sum(float(line["verwacht"]) for line in lines) == pytest.approx(5 * A_DAY)
    workbook = await lead.get(f"{PAGE}.xlsx", params={"week": "2026-11-30"})
    assert workbook.content.startswith(b"PK")


async def test_the_target_that_holds_that_week_is_kept(lead: httpx.AsyncClient, four_weeks: Phone) -> None:
    target = {"metric": "service-level", "validFrom": "2026-12-07", "level": 99, "threshold": 5}
    assert (await four_weeks.client.put("/api/v1/targets", json=target)).is_success
    agents = []
    for week in ("2026-11-30", "2026-12-07"):
        nine = rows(page(await lead.get(PAGE, params={"week": week})), "h-week")[0][1]
        agents.append(int(nine.removesuffix(" nodig, gesprekken: 20")))
    before, after = agents
    assert before == 3 < after


async def test_how_near_past_forecasts_came(
    sign_in: Callable[..., Awaitable[httpx.AsyncClient]],
    four_weeks: Phone,
    database: Database,
    clock: Clock,
    moment: SetClock,
) -> None:
    """Said on Tuesday; on Wednesday twice as many called."""
    keeper = ForecastKeeper(database, clock)
    await keeper.record()
    moment.move(days=2)
    await four_weeks.log(*calls_of(TODAY), *calls_of(TODAY + timedelta(days=1), times=2))
    await keeper.record()
    lead = await sign_in(Role.TEAM_LEAD)
    (row,) = rows(page(await lead.get(PAGE)), "h-trefzeker")
    assert row[:6] == ["vanaf 23 november", "1", str(A_DAY), str(2 * A_DAY), "50 %", "50 %"]
    answer = await lead.get(f"{PAGE}.csv", params={"tabel": "voorspellingen"})
    (line,) = list(csv.DictReader(io.StringIO(answer.text)))
    assert (line["week vanaf"], line["dagen"], line["gekomen"]) == ("2026-11-23", "1", str(2 * A_DAY))
    assert float(line["fout per dag (%)"]) == pytest.approx(50, abs=0.1)
