"""`/rapport` and `/rapport/simulatie`: what a team lead reads there."""

import re
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from kcc.access.roles import Role
from kcc.appointments.hall.course import VisitState
from kcc.service_levels import queries
from kcc.service_levels.definitions import COUNTER_WAIT_VERSION
from kcc.service_levels.models import LeadTime
from kcc.service_levels.periods import months
from kcc.service_levels.simulator import Simulator
from kcc.service_levels.words import SPACE
from kcc.storage.database import Database
from tests.appointments.conftest import DAY, Desk, Hall, place, product, put, rule
from tests.service_levels.test_waits import came

DAY_BEFORE = DAY - timedelta(days=1)


@pytest.fixture
async def lead(hall: Hall, sign_in: Any) -> httpx.AsyncClient:
    """A team lead of a municipality with a town hall and a small one."""
    await hall(
        product("paspoort", lead_time_days=3),
        product("rijbewijs"),
        place(counters=2, walk_ins=True),
        place("wijk", weekdays=()),
        place("thuis", kind="home-visit"),
    )
    client: httpx.AsyncClient = await sign_in(Role.TEAM_LEAD)
    return client


async def see(client: httpx.AsyncClient, path: str = "/rapport", status: int = 200, **query: str) -> str:
    response = await client.get(path, params=query)
    assert response.status_code == status, response.text
    figures = re.sub(r'<a [^>]*kcc-hitarea"[^>]*>([^<]*)</a>', r"\1", response.text)  # also those that are links
    return " ".join(figures.replace(SPACE, " ").split())


def card(page: str, title: str) -> str:
    """The text of one promise."""
    return page.partition(f">{title}</h3>")[2].partition("</article>")[0]


async def test_nobody_came_is_no_percentage(lead: httpx.AsyncClient) -> None:
    page = await see(lead)
    for title in ("Vandaag", "Deze maand", "Dit jaar"):
        shown = card(page, title)
        assert "Geen gegevens" in shown
        assert " %</small>" not in shown
        assert "0 bezoekers met afspraak" in shown


async def test_today_this_month_and_this_year_against_the_target(lead: httpx.AsyncClient, database: Database) -> None:
    await put(
        database,
        came("9:10", "9:00", 0),
        came("9:20", "9:15", 6),
        came("9:40", "9:40", 9, state=VisitState.MISSED),
        came("9:50", "9:40", None, state=VisitState.LEFT),
        came(None, "9:05", 20),
        *(came(None, "9:05", 1, state=VisitState.MISSED) for _ in range(2)),
        came(None, "9:05", None, state=VisitState.LEFT),
        *(came("9:10", "9:10", 1, day=DAY_BEFORE) for _ in range(2)),
        *(came("9:10", "9:10", 1, day=date(2026, 3, 3)) for _ in range(96)),
        came("9:10", "9:10", 1, day=date(2025, 12, 31)),
    )
    page = await see(lead)
    today, month, year = (card(page, title) for title in ("Vandaag", "Deze maand", "Dit jaar"))
    assert '50,0<small> %</small></span><span class="utrecht-status-badge utrecht-status-badge--danger">' in today
    assert "45 punt onder de norm" in today
    assert '<dt>Gemiddeld gewacht</dt><dd class="kcc-num">3 min</dd>' in today
    assert '<dt>Niet gekomen na oproep</dt><dd class="kcc-num">1</dd>' in today
    assert '<dt>Weggegaan voor de oproep</dt><dd class="kcc-num">1</dd>' in today
    assert "0,0 % (0 van 1)" in today
    assert '<dt>Inloop niet gekomen na oproep</dt><dd class="kcc-num">2</dd>' in today
    assert '<dt>Inloop weggegaan voor de oproep</dt><dd class="kcc-num">1</dd>' in today
    assert "75,0<small>" in month
    assert "99,0<small>" in year
    assert "4 punt boven de norm" in year
    assert "100 bezoekers met afspraak" in year


async def test_the_definition_stands_beside_the_figure(lead: httpx.AsyncClient) -> None:
    page = await see(lead)
    assert "Balie: binnen 5 minuten na de afspraaktijd opgeroepen" in page
    assert "De wachttijd loopt vanaf de afspraaktijd, of vanaf het aanmelden als dat later is" in page
    assert f"wachttijd aan de balie, versie {COUNTER_WAIT_VERSION}." in page


async def test_day_by_day_for_what_was_chosen(lead: httpx.AsyncClient, database: Database) -> None:
    await put(
        database,
        came("9:10", "9:00", 0),
        came("9:10", "9:00", 0, of="rijbewijs", day=DAY_BEFORE),
        came("9:10", "9:00", 9, location="wijk"),
    )
    everything = await see(lead)
    assert 'dinsdag 24 november 2026</th> <td class="kcc-num">50,0 %</td>' in everything
    assert 'maandag 23 november 2026</th> <td class="kcc-num">100,0 %</td>' in everything
    one_day = await see(lead, van="2026-11-24", tot="2026-11-24", locatie="stadhuis")
    assert 'dinsdag 24 november 2026</th> <td class="kcc-num">100,0 %</td>' in one_day
    assert "maandag 23 november 2026</th>" not in one_day
    assert '<option value="stadhuis" selected>Stadhuis</option>' in one_day
    driving = await see(lead, product="rijbewijs")
    assert 'dinsdag 24 november 2026</th> <td class="kcc-num">geen gegevens</td>' in driving
    closed = await see(lead, locatie="wijk", van="2026-11-01", tot="2026-11-20")
    assert "In deze periode was er niets open" in closed
    coming = await see(lead, van="2027-01-01", tot="2027-01-31")
    assert "Deze dagen moeten nog komen" in coming


async def test_a_day_on_which_a_walk_in_only_left_is_shown(lead: httpx.AsyncClient, database: Database) -> None:
    await put(database, came(None, "9:05", None, state=VisitState.LEFT, day=DAY_BEFORE, location="wijk"))
    page = await see(lead, locatie="wijk")
    cells = page.partition("maandag 23 november 2026</th>")[2].partition("</tr>")[0]
    assert cells.endswith('<td class="kcc-num">0</td> <td class="kcc-num">1</td> ')


@pytest.mark.parametrize(
    ("van", "tot", "apart"),
    [
        ("2001-01-01", "2001-01-31", [(date(2001, 1, 1), date(2001, 1, 31))]),
        ("2025-12-30", "2026-01-02", [(date(2025, 12, 30), date(2025, 12, 31)), (date(2026, 1, 1), date(2026, 1, 2))]),
        ("2026-01-01", "2026-11-24", []),  # is in what was read for this year
        ("2026-11-01", "2026-12-31", []),
        ("2027-01-01", "2027-01-31", []),
    ],
)
async def test_only_the_days_that_are_shown_are_read(
    lead: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, van: str, tot: str, apart: list[tuple[date, date]]
) -> None:
    read, visits = [], queries.visits

    async def watched(session: Any, first: date, last: date, *more: Any, **named: Any) -> Any:
        read.append((first, last))
        return await visits(session, first, last, *more, **named)

    monkeypatch.setattr(queries, "visits", watched)
    await see(lead, van=van, tot=tot)
    this_year = list(months(date(2026, 1, 1), DAY))
    a_year_ago = [(date(2025, 11, 1), date(2025, 11, 24))]  # what the promise of this month stands beside
    assert read == this_year + a_year_ago + apart


async def test_lead_times_by_product(lead: httpx.AsyncClient, desk: Desk, database: Database) -> None:
    assert (await desk.book("9:10")).status_code == 201
    assert (await desk.book("9:10", day=DAY + timedelta(days=4))).status_code == 201
    await put(database, LeadTime(day=DAY, product="paspoort", location="stadhuis", days=5))
    page = (await see(lead)).partition("Hoe snel kan iemand terecht?")[2]
    passport = page.partition("Paspoort</th>")[2].partition("</tr>")[0]
    assert ">2<span" in passport
    assert ">2,0 dagen</td>" in passport
    assert ">binnen 3 dagen</span>" in passport
    assert ">50,0 %<span" in passport
    assert "over 5 dagen" in passport
    assert "later dan de norm" in passport
    licence = page.partition("Rijbewijs</th>")[2].partition("</tr>")[0]
    assert ">geen gegevens</td>" in licence
    assert ">geen norm</span></td>" in licence


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"van": "gisteren"}, "Van: Vul een datum in, zoals 2027-01-31"),
        ({"van": "2026-11-24", "tot": "2026-11-23"}, "Tot en met: Deze dag ligt voor de eerste dag"),
        ({"van": "2025-11-24", "tot": "2026-11-25"}, "Tot en met: Kies ten hoogste 366 dagen tegelijk"),
        ({"van": "0001-01-01", "tot": "0001-01-02"}, "Van: Kies een dag van 2000 tot en met 2199"),
        ({"tot": "9999-12-31"}, "Tot en met: Kies een dag van 2000 tot en met 2199"),
        ({"locatie": "nergens"}, "Locatie: Deze locatie is er niet (meer)"),
        ({"locatie": "thuis"}, "Locatie: Deze locatie is er niet (meer)"),
        ({"product": "niets"}, "Product: Dit product is er niet (meer)"),
    ],
)
async def test_a_choice_that_cannot_be_is_told_and_kept(
    lead: httpx.AsyncClient, query: dict[str, str], said: str
) -> None:
    page = await see(lead, status=400, **query)
    assert said in page
    for name, value in query.items():
        if name in ("van", "tot"):
            assert f'value="{value}"' in page


SIMULATION = "/rapport/simulatie"
ASKED = {"locatie": "stadhuis", "datum": DAY.isoformat(), "loketten": "", "minuten": "5", "norm": "95"}


async def test_the_form_begins_at_a_day_that_can_be_played(lead: httpx.AsyncClient) -> None:
    page = await see(lead, SIMULATION)
    assert 'value="2026-11-24"' in page
    assert 'value="95"' in page
    assert "Advies" not in page
    assert "hoeveel loketten genoeg zijn voor de norm" in page
    assert "Thuis" not in page


async def test_what_an_address_does_not_name_is_as_usual(lead: httpx.AsyncClient, database: Database) -> None:
    page = await see(lead, SIMULATION, locatie="stadhuis")
    assert "Wie er komt op dinsdag 24 november 2026, Stadhuis" in page
    assert page == await see(lead, SIMULATION, **ASKED)
    await put(database, rule("9:00", "12:00", location="wijk", weekday=4))
    page = await see(lead, SIMULATION, locatie="wijk")
    assert "Wie er komt op donderdag 26 november 2026, Wijk" in page
    page = await see(lead, SIMULATION, datum="2026-11-26")
    assert "Wie er komt op donderdag 26 november 2026, Stadhuis" in page


async def test_a_day_is_played(lead: httpx.AsyncClient, desk: Desk) -> None:
    for start in ("9:10", "9:10", "9:20", "9:20", "9:30", "9:30"):
        assert (await desk.book(start)).status_code == 201
    page = await see(lead, SIMULATION, **ASKED)
    assert '<dt>Geboekt</dt><dd class="kcc-num">6 afspraken</dd>' in page
    assert '<dt>Open 9.00 tot 12.00 uur</dt><dd class="kcc-num">2 loketten</dd>' in page
    assert "binnen 5 minuten opgeroepen; met " in page
    assert "Met een begintijd om de " in page
    assert "Afspraken duren zo lang als gepland" in page
    assert "Dat is een aanname." in page
    assert "Met 2 loketten: binnen 5 minuten opgeroepen" in page
    for number in ("1 loket", "2 loketten", "3 loketten", "4 loketten"):
        assert f'<th scope="row" class="kcc-nowrap">{number}' in page
    assert page == await see(lead, SIMULATION, **ASKED)
    one = await see(lead, SIMULATION, **ASKED | {"loketten": "1", "minuten": "60", "norm": "50"})
    assert "Met 1 loket: binnen 60 minuten opgeroepen" in one
    assert 'value="60"' in one


async def test_counters_that_change_through_the_day(lead: httpx.AsyncClient, desk: Desk, database: Database) -> None:
    await put(database, rule("13:00", "15:00", counters=1))
    assert (await desk.book("9:10")).status_code == 201
    page = await see(lead, SIMULATION, **ASKED)
    assert "Zoals gepland: binnen 5 minuten opgeroepen" in page
    assert '<th scope="row" class="kcc-nowrap">zoals gepland' in page


async def test_a_day_without_appointments_has_no_percentage(lead: httpx.AsyncClient) -> None:
    page = await see(lead, SIMULATION, **ASKED)
    assert "Er zijn geen afspraken op deze dag." in page
    assert "Geen gegevens" in page
    assert "niet gehaald" not in page.lower()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"locatie": "nergens"}, "Locatie: Deze locatie is er niet (meer)"),
        ({"locatie": "thuis"}, "Locatie: Deze locatie is er niet (meer), of er wacht niemand"),
        ({"locatie": ""}, "Locatie: Kies er een"),
        ({"datum": "morgen"}, "Dag: Vul een datum in"),
        ({"datum": ""}, "Dag: Vul dit in"),
        ({"datum": "9999-12-31"}, "Dag: Kies een dag van 2000 tot en met 2199"),
        (
            {"datum": "2026-12-25"},
            "Dag: Stadhuis is dan dicht; de eerstvolgende open dag is zondag 27 december 2026",
        ),
        ({"locatie": "wijk"}, "Dag: Wijk is dan dicht; kies een andere dag"),
        ({"loketten": "99"}, "Aantal loketten: Vul een heel getal van 1 tot en met 20 in"),
        ({"loketten": "twee"}, "Aantal loketten: Vul een heel getal van 1 tot en met 20 in"),
        ({"minuten": "0"}, "Op tijd is binnen (minuten): Vul een heel getal van 1 tot en met 60 in"),
        ({"norm": "101"}, "Norm (procent op tijd): Vul een heel getal van 1 tot en met 100 in"),
    ],
)
async def test_a_question_that_cannot_be_is_told_and_kept(
    lead: httpx.AsyncClient, wrong: dict[str, str], said: str
) -> None:
    asked = ASKED | {"loketten": "3"} | wrong
    page = await see(lead, SIMULATION, 400, **asked)
    assert said in page
    for name in ("datum", "loketten", "minuten", "norm"):
        if asked[name]:
            assert f'value="{asked[name]}"' in page


async def test_while_another_day_is_played_one_is_asked_for_patience(app: Starlette, lead: httpx.AsyncClient) -> None:
    simulator = app.state.lifespan["simulator"] = Simulator(patience=0.01)
    async with simulator.turn():
        response = await lead.get(SIMULATION, params=ASKED | {"loketten": "3"})
    assert response.status_code == 503
    assert response.headers["retry-after"] == "5"
    assert "Even geduld" in response.text
    assert 'value="3"' in response.text
    assert "loketten=3" in response.text
    simulator.close()


async def test_only_team_leads_and_administrators_see_it(lead: httpx.AsyncClient, sign_in: Any) -> None:
    assert '<a href="/rapport" aria-current="page">Rapport</a>' in (await lead.get("/rapport")).text
    assert (await (await sign_in(Role.ADMINISTRATOR)).get(SIMULATION)).status_code == 200
    agent = await sign_in(Role.AGENT)
    assert (await agent.get("/rapport")).status_code == 403
    assert 'href="/rapport"' not in (await agent.get("/werk")).text
