"""How satisfied visitors were, on `/rapport`: by mail, at the kiosk, and what they wrote."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup, Tag

from kcc.access.roles import Role
from kcc.appointments.hall.course import VisitState
from kcc.appointments.hall.models import Outcome
from kcc.appointments.survey.models import SurveyAnswer
from kcc.service_levels.pages import satisfaction
from kcc.service_levels.words import SPACE
from kcc.storage.database import Database
from tests.appointments.conftest import DAY, Hall, place, product, put
from tests.service_levels.test_satisfaction import answer, counted
from tests.service_levels.test_waits import came

LONG_AGO = DAY - timedelta(days=90)
FEW = "Toelichtingen staan hier vanaf 5 antwoorden per e-mail."


class Report:
    """The section as a team lead reads it."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def section(self, **query: str) -> Tag:
        response = await self.client.get("/rapport", params=query)
        assert response.status_code == 200, response.text
        found = BeautifulSoup(response.text, "html.parser").select_one('[aria-labelledby="h-tevreden"]')
        assert found is not None
        return found

    async def text(self, part: str = "", **query: str) -> str:
        """What the section says, or what the part of it that is named by its heading says."""
        section = await self.section(**query)
        found = section.select_one(f'[aria-labelledby="{part}"]') if part else section
        return "" if found is None else said(found)


def said(part: Tag) -> str:
    return " ".join(part.get_text(" ").replace(SPACE, " ").split())


def wrote(score: int, remark: str, *products: str, **fields: Any) -> SurveyAnswer:
    """An answer by mail with a remark."""
    row = answer(score, *(products or ("paspoort",)), **fields)
    row.remark = remark
    return row


@pytest.fixture
async def report(hall: Hall, sign_in: Any) -> Report:
    """Of a municipality with two places."""
    await hall(product("paspoort"), product("rijbewijs"), place(), place("wijk"))
    return Report(await sign_in(Role.TEAM_LEAD))


async def test_without_answers_there_is_no_figure(report: Report) -> None:
    for part in ("tevreden-mail", "tevreden-kiosk"):
        shown = await report.text(part)
        assert "Geen gegevens" in shown
        assert "gemiddeld, van" not in shown
    assert "Respons geen gegevens" in await report.text("tevreden-mail")
    assert FEW in await report.text("h-toelichting")


async def test_by_mail_and_apart_from_it_at_the_kiosk(report: Report, database: Database) -> None:
    done = {"state": VisitState.FINISHED, "outcome": Outcome.DONE}
    await put(
        database,
        counted(8, 4),
        counted(2, 0, day=LONG_AGO),
        *(answer(score, "paspoort") for score in (5, 4, 4, 1)),
        *(answer(score) for score in (2, 2)),
        answer(5, "paspoort", day=LONG_AGO),
        *(came("9:10", "9:00", 1, **done) for _ in range(3)),
    )
    section = await report.section()
    mail, kiosk = section.select("article")
    assert "3,5 gemiddeld, van 1 tot 5" in said(mail)
    assert [said(row) for row in mail.select("tbody tr")] == [
        "Heel tevreden (5) 1 (25,0 %)",
        "Tevreden (4) 2 (50,0 %)",
        "Niet tevreden, niet ontevreden (3) 0 (0,0 %)",
        "Ontevreden (2) 0 (0,0 %)",
        "Heel ontevreden (1) 1 (25,0 %)",
    ]
    assert [bar["width"] for bar in mail.select("rect.b1")] == ["50", "100", "0", "0", "50"]
    assert "Uitgenodigd 8 Geantwoord 4 Respons 50,0 %" in said(mail)
    assert "2,0 gemiddeld" in said(kiosk)
    assert "Afgeronde bezoeken 3 Antwoorden 2 Antwoorden per 100 bezoeken 66,7" in said(kiosk)
    assert "Definitie: tevredenheid, versie 1." in said(section)


async def test_for_the_period_the_location_and_the_product_that_were_chosen(report: Report, database: Database) -> None:
    await put(
        database,
        counted(3, 2),
        counted(2, 1, "paspoort"),
        counted(1, 1, "rijbewijs"),
        counted(5, 1, location="wijk"),
        counted(7, 1, day=LONG_AGO),
        answer(4, "paspoort"),
        answer(2, "rijbewijs"),
        answer(5, "paspoort", location="wijk"),
        answer(1, "paspoort", day=LONG_AGO),
        answer(3),
    )
    assert "3,7 gemiddeld" in await report.text("tevreden-mail")
    assert "Uitgenodigd 8 Geantwoord 3 Respons 37,5 %" in await report.text("tevreden-mail")
    assert "Uitgenodigd 5 Geantwoord 1" in await report.text("tevreden-mail", locatie="wijk")
    assert "Geen gegevens" in await report.text("tevreden-kiosk", locatie="wijk")
    assert "Uitgenodigd 1 Geantwoord 1" in await report.text("tevreden-mail", product="rijbewijs")
    assert await report.text("tevreden-kiosk", product="rijbewijs") == ""
    assert "De kiosk vraagt niet waarvoor iemand kwam" in await report.text(product="rijbewijs")
    long_ago = {"van": LONG_AGO.isoformat(), "tot": LONG_AGO.isoformat()}
    assert "Uitgenodigd 7 Geantwoord 1" in await report.text("tevreden-mail", **long_ago)


async def test_remarks_are_shown_when_enough_answered_by_mail(report: Report, database: Database) -> None:
    await put(
        database,
        *(answer(3) for _ in range(5)),  # at the kiosk
        wrote(5, "Fijn <b>geholpen</b>"),
        wrote(1, "Te lang\ngewacht", "rijbewijs"),
        answer(4, "paspoort"),
        answer(4, "paspoort"),
    )
    assert FEW in await report.text("h-toelichting")
    await put(database, answer(4, "paspoort"))
    section = await report.section()
    assert [said(line) for line in section.select(".kcc-bullets li")] == [
        "Heel ontevreden (1): Te lang gewacht",
        "Heel tevreden (5): Fijn <b>geholpen</b>",
    ]
    # Of one product or of another location too few answered.
    assert FEW in await report.text("h-toelichting", product="paspoort")
    assert FEW in await report.text("h-toelichting", locatie="wijk")


async def test_enough_answered_and_nobody_wrote(report: Report, database: Database) -> None:
    await put(database, counted(5, 5), *(answer(3, "paspoort") for _ in range(5)))
    assert "Niemand schreef iets bij het antwoord." in await report.text("h-toelichting")


async def test_very_many_remarks_are_not_all_shown(
    report: Report, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(satisfaction, "MOST_REMARKS", 5)
    await put(database, *(wrote(3, f"Opmerking {number}") for number in range(7)))
    section = await report.section()
    assert len(section.select(".kcc-bullets li")) == 5
    assert "De eerste 5 van 7." in said(section)
