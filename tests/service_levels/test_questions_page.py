"""The page of what is asked most: chart, table and summary tell the same."""

from collections.abc import Awaitable, Callable
from xml.etree import ElementTree

import httpx
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from kcc.access.roles import Role
from kcc.service_levels.pages import questions
from kcc.service_levels.pages.pareto_chart import MOST_BARS, chart
from kcc.service_levels.pareto import ranked
from tests.conftest import SetClock
from tests.service_levels.listed import listed

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]

PAGE = "/rapport/vragen"


@pytest.fixture
async def lead(kennisbank: None, sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in(Role.TEAM_LEAD)


def page(response: httpx.Response, status: int = 200) -> BeautifulSoup:
    assert response.status_code == status, response.text
    return BeautifulSoup(response.text, "html.parser")


def table(shown: BeautifulSoup, number: int = 0) -> list[list[str]]:
    rows = shown.select("table")[number].select("tbody tr")
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in rows]


async def log(client: httpx.AsyncClient, *asked: tuple[str, str, str], channel: str = "phone") -> None:
    """(topic, outcome, requester) each; about a passport an article was opened."""
    for topic, outcome, kind in asked:
        articles = ["paspoort-aanvragen"] if topic == "paspoort" else []
        question = {"topic": topic, "outcome": outcome, "articles": articles}
        new = {"channel": channel, "requester": {"kind": kind}, "questions": [question], "finish": True}
        assert (await client.post("/api/v1/contacts", json=new)).status_code == 201


async def test_nothing_was_asked(lead: httpx.AsyncClient) -> None:
    shown = page(await lead.get(PAGE))
    assert "Geen gegevens" in shown.text
    assert shown.select("table, svg.kcc-pareto") == []
    assert "Vragen" in [link.text for link in shown.select("nav.kcc-seg a[aria-current=page]")]


async def test_table_summary_and_chart(lead: httpx.AsyncClient, with_token: SignIn, moment: SetClock) -> None:
    moment.move(days=-1)
    await log(await with_token(Role.AGENT), ("inzameling", "resolved", "resident"))
    moment.move(days=1)
    passport = ("paspoort", "resolved", "resident")
    waste = ("inzameling", "callback", "business")
    await log(
        await with_token(Role.AGENT),
        *[passport] * 5,
        ("paspoort", "transferred", "resident"),
        waste,
        ("vermissing", *waste[1:]),
    )
    shown = page(await lead.get(PAGE, params={"van": "2026-11-24", "tot": "2026-11-24", "per": "day"}))
    first, *others = table(shown)
    assert first == [
        "Paspoort", "Reisdocumenten", "6", "75,0 %", "75,0 %", "0 Stijgt", "6", "0", "0", "83,3 %",
        "Paspoort aanvragen (6 keer, 5 opgelost)",
    ]  # fmt: skip
    assert [row[0] for row in others] == ["Inzameling", "Vermissing"]
    assert [row[4] for row in others] == ["87,5 %", "100,0 %"]
    assert others[0][9:] == ["0,0 %", "geen"]
    assert table(shown, 1)[0] == ["Paspoort", "6"]
    summary = " ".join(shown.select_one("[aria-labelledby=h-samen] ul").text.split())  # type: ignore[union-attr]
    assert "8 vragen" in summary
    assert "Het meest gevraagd is Paspoort: 6 keer" in summary
    assert "De 2 onderwerpen bovenaan zijn samen 87,5 %" in summary
    assert "Duidelijk vaker dan in de periode ervoor: Paspoort (van 0 naar 6)" in summary
    charts = shown.select("svg.kcc-pareto")
    assert [len(one.select("rect.b1")) for one in charts] == [3, 3]
    for row in shown.select("[aria-labelledby=h-onderwerpen] tbody tr"):
        for cell in (row.select("th, td")[number] for number in (0, 2, 6, 7, 8)):
            link, figure = cell.select_one("a"), cell.text if cell.name == "td" else row.select("td")[1].text
            assert (await listed(lead, str(link["href"])))[0] == int(figure) if link else figure == "0"
    for cell in shown.select("[aria-labelledby=h-tijd] tbody td a"):
        assert (await listed(lead, str(cell["href"])))[0] == int(cell.text)


async def test_no_comparison_with_what_was_not_logged(
    lead: httpx.AsyncClient, with_token: SignIn, moment: SetClock
) -> None:
    agent = await with_token(Role.AGENT)
    moment.move(days=-2)
    await log(agent, ("inzameling", "resolved", "resident"))
    moment.move(days=2)
    await log(agent, *[("paspoort", "resolved", "resident")] * 6)

    async def asked(first: str) -> tuple[list[str], str]:
        shown = page(await lead.get(PAGE, params={"van": first, "tot": "2026-11-24"}))
        summary = shown.select_one("[aria-labelledby=h-samen] ul")
        assert summary
        return [row[5] for row in table(shown)], " ".join(summary.text.split())

    before, summary = await asked("2026-11-23")  # two days, and two before them of which one was logged
    assert before == ["–"]
    assert "Geen vergelijking met de periode ervoor: voor 22 november 2026 is er niets gelogd." in summary
    assert "vaker" not in summary
    before, summary = await asked("2026-11-24")
    assert before == ["0 Stijgt"]
    assert "Duidelijk vaker dan in de periode ervoor: Paspoort (van 0 naar 6)" in summary


async def test_the_articles_that_are_used_most(
    lead: httpx.AsyncClient, with_token: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "MOST_ARTICLES", 1)
    agent = await with_token(Role.AGENT)
    for topic, slugs in (
        ("paspoort", ["paspoort-aanvragen", "paspoort-kwijt"]),
        ("paspoort", ["paspoort-aanvragen"]),
        ("inzameling", ["grofvuil"]),
    ):
        question = {"topic": topic, "outcome": "resolved", "articles": slugs}
        new = {"channel": "phone", "questions": [question], "finish": True}
        assert (await agent.post("/api/v1/contacts", json=new)).status_code == 201
    shown = page(await lead.get(PAGE, params={"vrager": "resident"}))
    assert [row[-1] for row in table(shown)] == [
        "Paspoort aanvragen (2 keer, 2 opgelost) en 1 ander artikel",
        "1 artikel",
    ]
    (link,) = [one for one in shown.select("a") if one.text == "Toon alle artikelen"]
    shown = page(await lead.get(str(link["href"])))
    assert [len(row.select("li")) for row in shown.select("table")[0].select("tbody tr")] == [2, 1]
    assert shown.select_one("#v-vrager option[selected]")["value"] == "resident"  # type: ignore[index]
    assert "Toon alle artikelen" not in shown.text


async def test_by_who_asked(lead: httpx.AsyncClient, with_token: SignIn) -> None:
    agent = await with_token(Role.AGENT)
    await log(agent, ("paspoort", "resolved", "resident"), ("inzameling", "resolved", "business"))
    shown = page(await lead.get(PAGE, params={"vrager": "business"}))
    assert [row[0] for row in table(shown)] == ["Inzameling"]
    assert "vrager=business" in str(shown.select("tbody th a")[0]["href"])
    assert shown.select_one("#v-vrager option[selected]")["value"] == "business"  # type: ignore[index]


@pytest.mark.parametrize(
    "query",
    [
        {"van": "2026-11-25", "tot": "2026-11-24"}, {"van": "ooit"}, {"van": "2020-01-01", "tot": "2026-11-24"},
        {"tot": "2999-01-01"}, {"vrager": "koning"}, {"per": "eeuw"},
    ],
)  # fmt: skip
async def test_what_cannot_be_chosen(lead: httpx.AsyncClient, query: dict[str, str]) -> None:
    shown = page(await lead.get(PAGE, params=query), 400)
    (link,) = shown.select("#fouten a")
    assert shown.select_one(str(link["href"])) is not None


@given(st.lists(st.sampled_from("abcdefghijklmnop"), min_size=1, max_size=80))
def test_the_drawing_stays_within_its_frame(asked: list[str]) -> None:
    rows = [(one.topic, str(one.questions), one.percent, one.cumulative_percent) for one in ranked(asked, {})]
    drawn = chart(rows, 300)
    assert len(drawn.bars) == min(len(rows), MOST_BARS)
    assert all(0 < bar.width <= bar.point <= 300.1 for bar in drawn.bars)
    assert [bar.width for bar in drawn.bars] == sorted((bar.width for bar in drawn.bars), reverse=True)
    assert [bar.point for bar in drawn.bars] == sorted(bar.point for bar in drawn.bars)
    assert all(bar.y + 14 < drawn.height for bar in drawn.bars)
    ElementTree.fromstring(f'<polyline points="{drawn.line}"/>')
    assert len(drawn.line.split()) == len(drawn.bars)
