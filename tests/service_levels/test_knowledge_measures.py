"""How knowledge is used: the API, the page and its tables tell the same of what was logged."""

import csv
import io
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from kcc.knowledge import articles
from kcc.knowledge import queries as knowledge
from kcc.knowledge.models import ArticleFeedback, SearchChannel, Status, Verdict
from kcc.knowledge.schemas import content_of
from kcc.storage.database import Database
from tests.conftest import NOW, SetClock
from tests.contacts.conftest import Log, answered, as_agent, lead, log
from tests.service_levels.listed import listed, whole

__all__ = ["as_agent", "lead", "log"]

PAGE, API = "/rapport/kennis", "/api/v1/knowledge-measures"
TODAY = {"from": "2026-11-25", "to": "2026-11-25"}
DAYS = {"van": "2026-11-25", "tot": "2026-11-25"}
PASSPORT = "paspoort-aanvragen"


@pytest.fixture(autouse=True)
def next_day(moment: SetClock) -> None:
    """The day after the kennisbank was imported: what is published then is new."""
    moment.move(days=1)


@pytest.fixture
async def browser(sign_in: Callable[..., Awaitable[httpx.AsyncClient]]) -> httpx.AsyncClient:
    return await sign_in(Role.TEAM_LEAD)


async def asked(lead: Log, **more: str) -> dict[str, Any]:
    response = await lead.client.get(API, params=TODAY | more)
    assert response.status_code == 200, response.text
    assert response.headers["cache-control"] == "no-store"
    return dict(response.json())


async def publish(database: Database, slug: str, clock: SetClock) -> None:
    """An article like the one about passports, for the first time."""
    async with database.writing() as session:
        like = await knowledge.article(session, PASSPORT)
        assert like is not None
        content = content_of(like)
        draft = content.model_copy(update={"status": Status.DRAFT})
        made = await articles.create(session, slug, draft, "redacteur", NOW)
        await articles.update(session, made, content, "redacteur", clock.now())


async def flag(database: Database, slug: str, hours_ago: int, mended_after: int | None = None) -> None:
    raised = NOW + timedelta(days=1, hours=-hours_ago)
    async with database.writing() as session:
        session.add(
            ArticleFeedback(
                slug=slug,
                verdict=Verdict.WRONG,
                channel=SearchChannel.DESK,
                note="klopt niet",
                created_at=raised,
                handled_at=None if mended_after is None else raised + timedelta(hours=mended_after),
            )
        )


def page(response: httpx.Response, status: int = 200) -> BeautifulSoup:
    assert response.status_code == status, response.text
    return BeautifulSoup(response.text, "html.parser")


def table(shown: BeautifulSoup, name: str) -> list[list[str]]:
    rows = shown.select(f"[aria-labelledby=h-{name}] tbody tr")
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in rows]


async def test_nothing_was_asked(kennisbank: None, lead: Log, browser: httpx.AsyncClient) -> None:
    found = await asked(lead, **{"from": "2026-11-26", "to": "2026-11-26"})
    assert (found["topics"], found["articles"]) == ([], [])
    (row,) = found["rows"]
    assert (row["questions"], row["percentLinked"], row["percentReused"]) == (0, None, None)
    assert found["flags"] == {
        "raised": 0, "mended": 0, "medianSecondsToMend": None, "open": 0, "oldestOpenSeconds": None
    }  # fmt: skip
    shown = page(await browser.get(PAGE, params={"van": "2026-11-26", "tot": "2026-11-26"}))
    assert "Geen gegevens" in shown.text
    assert shown.select("table, .kcc-figure") == []
    assert [link.text for link in shown.select("nav.kcc-seg a[aria-current=page]")] == ["Kennis"]


async def test_reused_new_or_none(
    log: Log, lead: Log, browser: httpx.AsyncClient, database: Database, moment: SetClock
) -> None:
    for _ in range(4):
        await log.asked(answered(articles=[PASSPORT]))
    await log.asked(answered(articles=["grofvuil"], topic="inzameling"), channel="email")
    await log.asked(answered("callback", searched=True), answered("callback"))
    await log.asked(answered("disconnected"), answered("transferred", searched=True))
    late = await log.start(channel="letter", questions=[{"topic": "paspoort"}])
    moment.move(minutes=5)
    await publish(database, "paspoort-in-spoed", moment)
    (question,) = late["questions"]
    await log.finished(late, **answered(articles=["paspoort-in-spoed"]))
    assert question["searched"] is False
    found = await asked(lead)
    assert found["definition"] == {"metric": "knowledge", "channel": "all", "topic": None, "fewest": 5, "version": 1}
    counts = {
        "questions": 9, "linked": 6, "percentLinked": pytest.approx(200 / 3), "reused": 5,
        "percentReused": pytest.approx(500 / 6), "new": 1, "none": 3, "calledBackAfterSearch": 1,
    }  # fmt: skip
    assert found["rows"] == [{"start": "2026-11-25", **counts}]
    first, second = found["topics"]
    assert (first["topic"], first["questions"], first["none"]) == ("paspoort", 8, 3)
    assert (second["topic"], second["reused"], second["percentLinked"]) == ("inzameling", 1, None)
    assert found["articles"][0] == {
        "slug": PASSPORT, "title": "Paspoort aanvragen", "questions": 4, "resolved": 4, "percentResolved": None,
        "openFlags": 0,
    }  # fmt: skip
    assert (await asked(lead, channel="email"))["rows"][0]["questions"] == 1
    assert (await asked(lead, topic="afval"))["rows"][0]["questions"] == 1
    assert (await asked(lead, topic="paspoort"))["rows"][0]["questions"] == 8

    shown = page(await browser.get(PAGE, params=DAYS))
    assert table(shown, "onderwerpen")[0][2:8] == ["8", "62,5 %", "4", "1", "3", "1"]
    assert table(shown, "onderwerpen")[1][2:8] == ["1", "te weinig", "1", "0", "0", "0"]
    assert table(shown, "artikelen")[0] == ["Paspoort aanvragen", "4", "4", "te weinig", "0"]
    said = " ".join(shown.select_one("[aria-labelledby=h-kort]").text.split())  # type: ignore[union-attr]
    assert "In 6 van de 9 vragen is een artikel gebruikt (66,7 %)." in said.replace("\xa0", " ")
    assert "Bij Paspoort is in 3 van de 8 vragen geen artikel gebruikt" in said
    assert "Bij 1 vraag is het artikel geschreven nadat de vraag gesteld was." in said
    assert "1 keer is gezocht, geen artikel gebruikt en een terugbelverzoek gemaakt." in said
    contacts = str(shown.select("[aria-labelledby=h-onderwerpen] th a")[0]["href"])
    assert contacts == "/werk/contacten?onderwerp=paspoort&van=2026-11-25&tot=2026-11-25"
    links = shown.select("main a.kcc-hitarea")
    assert len(links) > 25
    for link in links:
        if not link.text.endswith("%") and link.text != "te weinig":  # those open what they are a share of
            assert (await listed(browser, str(link["href"])))[0] == whole(link.text), link
    other = page(await browser.get(PAGE, params=DAYS | {"kanaal": "email", "groep": "afval"}))
    assert [row[0] for row in table(other, "onderwerpen")] == ["Inzameling"]


async def test_tables_to_download(log: Log, lead: Log, browser: httpx.AsyncClient) -> None:
    await log.asked(*[answered(articles=[PASSPORT])] * 5, answered("callback", searched=True))
    rows = {}
    for name in ("onderwerpen", "perioden", "artikelen"):
        sent = await browser.get(f"{PAGE}.csv", params=DAYS | {"tabel": name})
        assert sent.status_code == 200
        _, rows[name] = csv.reader(io.StringIO(sent.text))
        assert (await browser.get(f"{PAGE}.xlsx", params=DAYS | {"tabel": name})).content[:2] == b"PK"
    counts = ["6", "5", str(500 / 6), "5", "100.0", "0", "1", "1"]
    assert rows["onderwerpen"][:2] == ["Paspoort", "Reisdocumenten"]
    assert rows["onderwerpen"][2:10] == counts
    assert rows["perioden"] == ["2026-11-25", *counts]
    assert rows["artikelen"] == ["Paspoort aanvragen", "5", "5", "100.0", "0"]
    assert (await browser.get(f"{PAGE}.csv", params={"tabel": "namen"})).status_code == 400
    assert (await browser.get(f"{PAGE}.csv", params={"van": "ooit"})).status_code == 400


async def test_what_is_said_to_be_wrong(lead: Log, browser: httpx.AsyncClient, database: Database) -> None:
    await flag(database, PASSPORT, hours_ago=8, mended_after=6)
    await flag(database, "grofvuil", hours_ago=12)
    found = (await asked(lead))["flags"]
    assert found == {
        "raised": 1, "mended": 1, "medianSecondsToMend": 21600.0, "open": 1, "oldestOpenSeconds": 43200.0
    }  # fmt: skip
    assert (await asked(lead, topic="reisdocumenten"))["flags"]["open"] == 0
    shown = page(await browser.get(PAGE, params=DAYS))
    assert table(shown, "artikelen") == [["Grofvuil laten ophalen", "0", "0", "geen gegevens", "1"]]
    said = " ".join(shown.select_one("[aria-labelledby=h-kort]").text.split())  # type: ignore[union-attr]
    assert "Er staat 1 melding open dat een artikel niet klopt; de oudste 12 uur." in said
    assert "Er is 1 melding verwerkt, na 6 uur." in said


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"van": "2026-11-26", "tot": "2026-11-25"}, "tot"),
        ({"van": "ooit"}, "van"),
        ({"groep": "nergens"}, "groep"),
        ({"kanaal": "fax"}, "kanaal"),
    ],
)
async def test_what_cannot_be_chosen(
    kennisbank: None, browser: httpx.AsyncClient, wrong: dict[str, str], field: str
) -> None:
    shown = page(await browser.get(PAGE, params=wrong), 400)
    assert shown.select_one(f"#fouten a[href='#v-{field}']")


async def test_what_cannot_be_asked(lead: Log, log: Log) -> None:
    for wrong, status in (
        ({"topic": "nergens"}, 404),
        ({"channel": "fax"}, 400),
        ({"by": "quarter"}, 400),
        ({"from": "2026-11-26"}, 400),
    ):
        assert (await lead.client.get(API, params=TODAY | wrong)).status_code == status
    assert (await log.client.get(API, params=TODAY)).status_code == 403
