"""The top of `/rapport`: the promises side by side, against their targets and beside a year earlier."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from kcc.clock import Clock
from kcc.contacts.log import figure_queries
from kcc.contacts.log.kinds import Channel, Outcome, RequesterKind
from kcc.service_levels.first_contact import Asked, rows
from kcc.service_levels.pages.bars import HEIGHT, WIDTH, chart
from kcc.service_levels.pages.spans import Span, month, month_before, so_far
from kcc.service_levels.pages.verdict import Verdict, summary
from kcc.service_levels.periods import By
from kcc.service_levels.words import SPACE
from kcc.storage.database import Database
from tests.appointments.conftest import DAY, Hall, place, product, put
from tests.conftest import NOW, SetClock
from tests.service_levels.asked import callback, question
from tests.service_levels.listed import listed, whole
from tests.service_levels.phone.conftest import Phone, answered, phone
from tests.service_levels.test_waits import came, moment_at

__all__ = ["phone"]

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
PHONE, FIRST, COUNTER, CALLBACKS = "service-level", "first-contact", "counter-wait", "callbacks-in-time"
YEAR_AGO = date(2025, 11, 10)


@pytest.fixture
async def town(kennisbank: None, hall: Hall) -> None:
    """A municipality with topics and a town hall."""
    await hall(product("paspoort"), product("rijbewijs"), place(counters=2))


@pytest.fixture
async def lead(town: None, sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in(Role.TEAM_LEAD)


async def see(client: httpx.AsyncClient, status: int = 200, **query: str) -> BeautifulSoup:
    response = await client.get("/rapport", params=query)
    assert response.status_code == status, response.text
    return BeautifulSoup(response.text, "html.parser")


def text(shown: BeautifulSoup, selector: str) -> str:
    found = shown.select_one(selector)
    assert found is not None, selector
    return " ".join(found.get_text(" ").split())


def card(shown: BeautifulSoup, metric: str) -> str:
    return text(shown, f"[aria-labelledby=p-{metric}]")


async def opens(client: httpx.AsyncClient, shown: BeautifulSoup, metric: str) -> None:
    """The figures of a promise, of the period and of each interval, open as many cases as they are of."""
    links = shown.select(f"[aria-labelledby=p-{metric}] a.kcc-hitarea")
    assert links[0].parent is not None
    assert links[0].parent.name == "p"
    assert len(links) > 1
    for link in links:
        assert (await listed(client, str(link["href"])))[0] == whole(link.text.partition(" van ")[2]), link


async def kept(database: Database, *groups: list[Any]) -> None:
    await put(database, *(row for group in groups for row in group))


async def test_of_nothing_there_is_no_figure(lead: httpx.AsyncClient) -> None:
    shown = await see(lead)
    for metric in (PHONE, FIRST, COUNTER, CALLBACKS):
        assert "Geen gegevens" in card(shown, metric)
        assert "Vorig jaar: geen gegevens" in card(shown, metric)
        assert "0 % van" not in card(shown, metric)
        assert text(shown, f"[aria-labelledby=p-{metric}] .kcc-figure") == "–"
    assert text(shown, ".kcc-summary") == "Over deze periode zijn er nog geen gegevens."


async def test_each_promise_beside_its_target_and_a_year_earlier(
    lead: httpx.AsyncClient, database: Database, phone: Phone, with_token: Callable[..., Any]
) -> None:
    first = int(moment_at("8:00", DAY).timestamp())
    long_ago = int(moment_at("9:00", YEAR_AGO).timestamp())
    calls = [answered(first + 100 * number, number, wait) for number, wait in enumerate((10, 20, 90))]
    calls += [answered(long_ago - 40 * 86400, 7, 1), answered(long_ago, 8, 10), answered(long_ago + 100, 9, 90)]
    await phone.log(*(line for lines in calls for line in lines))
    then = moment_at("9:00", YEAR_AGO)
    await kept(
        database,
        question(NOW),
        question(NOW, Outcome.TRANSFERRED),
        question(NOW, Outcome.APPOINTMENT_MADE),
        question(NOW, Outcome.REFERRED),
        question(NOW, Outcome.DISCONNECTED),
        question(NOW, Outcome.TRANSFERRED, "inzameling"),
        question(NOW, channel=Channel.EMAIL),
        question(NOW, requester=RequesterKind.OWN_ORGANISATION, department="afval"),
        question(NOW, None),
        question(then),  # the log begins here: not all of that month was recorded
        question(then, Outcome.TRANSFERRED),
        [came("9:10", "9:00", 0), came("9:20", "9:15", 6), came("9:10", "9:10", 1, day=date(2025, 11, 1))],
        callback(NOW - timedelta(hours=2), NOW - timedelta(hours=3)),
        callback(NOW - timedelta(hours=1)),
        callback(NOW + timedelta(hours=1)),
    )
    sent = {"metric": FIRST, "level": 40, "validFrom": "2026-01-01"}
    assert (await (await with_token(Role.TEAM_LEAD)).put("/api/v1/targets", json=sent)).is_success
    shown = await see(lead)
    for metric in (PHONE, FIRST, COUNTER, CALLBACKS):
        await opens(lead, shown, metric)
    calls_card = card(shown, PHONE)
    assert "Telefoon: binnen 30 seconden opgenomen" in calls_card
    assert "66,7 %" in calls_card
    assert "Niet gehaald" in calls_card
    assert "13,3 punt onder de norm" in calls_card
    assert "2 van 3 gesprekken" in calls_card
    assert "Vorig jaar: 50,0 % van 2 16,7 punt beter dan vorig jaar" in calls_card
    assert "24 november 66,7 % niet gehaald 2 van 3" in calls_card
    assert "Wie door de centrale is weggestuurd" in calls_card
    asked = card(shown, FIRST)
    assert "75,0 %" in asked
    assert "35 punt boven de norm" in asked
    assert "3 van 4 vragen" in asked
    assert "Vorig jaar: 50,0 % van 2, pas vanaf 10 november 2025" in asked
    assert "beter dan" not in asked
    visits = card(shown, COUNTER)
    assert "50,0 %" in visits
    assert "1 van 2 bezoekers met afspraak" in visits
    assert "50,0 punt slechter dan vorig jaar" in visits
    called = card(shown, CALLBACKS)
    assert "50,0 %" in called
    assert "1 van 2 terugbelverzoeken" in called
    assert "Niet gehaald" in called
    assert "50 punt onder de norm" in called
    assert text(shown, ".kcc-summary") == (
        "We halen 1 van de 4 beloften; het verst van de norm is terugbellen: 50 punt onder de norm. "
        "Ten opzichte van vorig jaar is de telefoon het meest verbeterd (16,7 punt) en "
        "de balie het meest achteruitgegaan (50,0 punt)."
    )


async def test_a_default_is_told_until_somebody_sets_a_target(
    lead: httpx.AsyncClient, database: Database, with_token: Callable[..., Any]
) -> None:
    await kept(database, question(NOW), callback(NOW - timedelta(hours=2), NOW - timedelta(hours=3)))
    sent = {"metric": FIRST, "level": 40, "validFrom": "2026-11-20"}
    assert (await (await with_token(Role.TEAM_LEAD)).put("/api/v1/targets", json=sent)).is_success
    shown = await see(lead)
    called = card(shown, CALLBACKS)
    assert "Gehaald" in called
    assert "norm 100 %" in card(shown, CALLBACKS).replace(SPACE, " ")
    assert "Standaard uit de instellingen: gangbaar is terugbellen binnen 2 werkdagen" in called
    link = shown.select_one(f"[aria-labelledby=p-{CALLBACKS}] a[href^='/rapport/normen']")
    assert link is not None
    form = await lead.get(str(link["href"]))
    chosen = BeautifulSoup(form.text, "html.parser")
    assert text(chosen, "#h-nieuw") == "Nieuwe norm: op tijd teruggebeld"
    assert chosen.select_one("#v-niveau[value='100']")
    assert "Standaard uit" not in card(shown, FIRST)
    assert "Standaard uit" in card(await see(lead, periode="vandaag"), COUNTER)


async def test_of_a_year_no_question_is_read(
    lead: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await kept(database, question(NOW), question(moment_at("9:00", date(2026, 1, 1)), Outcome.TRANSFERRED))
    monkeypatch.delattr(figure_queries, "asked")
    shown = await see(lead, periode="jaar")
    assert "50,0 %" in card(shown, FIRST)
    assert "november 2026 100,0 % gehaald 1 van 1" in card(shown, FIRST)
    assert "januari 2026 0,0 % niet gehaald 0 van 1" in card(shown, FIRST)


async def test_the_period_is_in_the_address(lead: httpx.AsyncClient, database: Database) -> None:
    await kept(database, [came("9:10", "9:00", 0), came("9:10", "9:00", 9, day=DAY - timedelta(days=1))])
    shown = await see(lead, periode="vandaag", locatie="stadhuis")
    assert "1 van 1 bezoeker met afspraak" in card(shown, COUNTER)
    assert "23 november 0,0 %" in card(shown, COUNTER)
    links = [link["href"] for link in shown.select("[aria-labelledby=h-beloften] a") if "periode" in str(link["href"])]
    assert links[2] == "?periode=jaar&locatie=stadhuis"
    assert text(shown, "#v-periode [aria-current]") == "Vandaag"
    more = [link["href"] for link in shown.select(".kcc-promise a") if "per=day" in str(link["href"])]
    days = "van=2026-11-24&tot=2026-11-24&per=day"
    assert more[:2] == [f"/rapport/telefoon?{days}", f"/rapport/eerste-contact?{days}"]
    assert [(await lead.get(str(address).partition("#")[0])).status_code for address in more] == [200] * 4


async def test_the_promises_are_of_all_locations(lead: httpx.AsyncClient, database: Database) -> None:
    await kept(database, [came("9:10", "9:00", 0), came("9:10", "9:00", 9, of="rijbewijs")])
    shown = await see(lead, product="rijbewijs")
    assert "1 van 2 bezoekers met afspraak" in card(shown, COUNTER)


async def test_a_period_that_is_not_there(lead: httpx.AsyncClient) -> None:
    shown = await see(lead, 400, periode="eeuw", locatie="stadhuis")
    assert "Periode" in text(shown, "#fouten")
    assert shown.select_one("#fouten a[href='#v-periode']")
    assert text(shown, "#v-periode [aria-current]") == "Deze maand"


async def test_on_a_leap_day_it_is_beside_the_day_before_march(
    town: None, sign_in: SignIn, moment: SetClock, database: Database
) -> None:
    moment.at = moment_at("12:00", date(2028, 2, 29))
    await kept(
        database,
        [came("9:10", "9:00", 0, day=day) for day in (date(2028, 2, 29), date(2027, 2, 28), date(2027, 3, 1))],
    )
    shown = await see(await sign_in(Role.TEAM_LEAD), periode="vandaag")
    assert "Vorig jaar: 100,0 % van 1 Gelijk aan vorig jaar" in card(shown, COUNTER)


@pytest.mark.parametrize("by", [By.DAY, By.WEEK, By.MONTH])
async def test_without_who_came_back_as_marked_is_the_same(
    kennisbank: None, database: Database, clock: Clock, moment: SetClock, by: By
) -> None:
    first, last = date(2026, 3, 27), date(2026, 4, 2)  # the clock moves on 29 March
    outcomes: list[Outcome | None] = [*Outcome, None]
    groups = [
        question(
            clock.bounds(first, first)[0] + timedelta(hours=3 * number, minutes=-30),
            outcomes[number % len(outcomes)],
            ("paspoort", "inzameling", "vermissing")[number % 3],
            channel=(Channel.PHONE, Channel.PHONE, Channel.EMAIL)[number // 7 % 3],
        )
        for number in range(60)
    ]
    await kept(database, *groups)
    for channel in (Channel.PHONE, None):
        asked = Asked(first, last, by, channel)
        async with database.reading() as session:
            marked, _ = await rows(session, asked, clock, None)
            whole, _ = await rows(session, asked, clock, 7)
        assert [(row.marked, row.all_marked) for row in marked] == [(row.marked, row.all_marked) for row in whole]
        assert sum(row.all_marked.eligible for row in marked) > sum(row.marked.eligible for row in marked) > 0


def test_periods_until_today() -> None:
    today = date(2026, 11, 24)
    assert so_far("vandaag", today) == Span(today, today, By.DAY, date(2026, 11, 11))
    assert so_far("maand", today) == Span(date(2026, 11, 1), today, By.DAY, date(2026, 11, 1))
    assert so_far("jaar", today) == Span(date(2026, 1, 1), today, By.MONTH, date(2026, 1, 1))
    assert month(date(2026, 11, 1), today).last == today
    assert month(date(2026, 10, 1), today).last == date(2026, 10, 31)
    assert month_before(date(2026, 1, 1)) == date(2025, 12, 1)


@pytest.mark.parametrize(
    ("first", "last", "then"),
    [
        ((2028, 2, 29), (2028, 2, 29), ((2027, 2, 28), (2027, 2, 28))),
        ((2028, 2, 1), (2028, 2, 29), ((2027, 2, 1), (2027, 2, 28))),
        ((2029, 2, 1), (2029, 2, 28), ((2028, 2, 1), (2028, 2, 29))),
        ((2028, 1, 1), (2028, 2, 29), ((2027, 1, 1), (2027, 2, 28))),
        ((2026, 11, 1), (2026, 11, 24), ((2025, 11, 1), (2025, 11, 24))),
    ],
)
def test_the_same_days_a_year_earlier(
    first: tuple[int, int, int], last: tuple[int, int, int], then: tuple[tuple[int, int, int], tuple[int, int, int]]
) -> None:
    before = Span(date(*first), date(*last), By.DAY, date(*first)).year_before
    assert (before.first, before.last) == (date(*then[0]), date(*then[1]))


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ([Verdict("de balie", None, 95)], "Over deze periode zijn er nog geen gegevens."),
        ([Verdict("de balie", 91.0, None)], "Er zijn gegevens, maar er is nog geen norm om ze naast te leggen."),
        (
            [Verdict("de telefoon", 92.0, 80, 91.98), Verdict("de balie", 95.5, 95, 95.5)],
            "We halen alle 2 beloften; het dichtst bij de norm is de balie: 0,5 punt boven de norm. "
            "Ten opzichte van vorig jaar is er niets veranderd.",
        ),
        (
            [Verdict("de telefoon", 66.4, 80), Verdict("de balie", 91.0, 95, 92.0)],
            "We halen geen van de 2 beloften; het verst van de norm is de telefoon: 13,6 punt onder de norm. "
            "Ten opzichte van vorig jaar is de balie het meest achteruitgegaan (1,0 punt).",
        ),
        (
            [Verdict("de telefoon", 79.99, 80), Verdict("de balie", None, 95)],
            "De belofte voor de telefoon is niet gehaald: minder dan 0,1 punt onder de norm.",
        ),
    ],
)
def test_what_they_say_together(verdicts: list[Verdict], said: str) -> None:
    assert " ".join(summary(verdicts, "vorig jaar")) == said


def test_bars_stay_in_the_drawing() -> None:
    drawn = chart([(100.0, True), (None, None), (0.0, False), (50.0, None)], 80)
    assert [bar.kept for bar in drawn.bars] == [True, False, None]
    assert [(bar.y, bar.height) for bar in drawn.bars] == [(0, HEIGHT), (HEIGHT, 0), (HEIGHT / 2, HEIGHT / 2)]
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH for bar in drawn.bars)
    assert drawn.target == 12.8
    assert chart([], None).bars == []
