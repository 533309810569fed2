"""The page behind the link: one question, answered once."""

import asyncio

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.appointments.housekeeping import Housekeeper
from kcc.appointments.survey.models import SurveyChannel
from kcc.clock import Clock
from kcc.storage.database import Database
from tests.appointments.conftest import DAY
from tests.appointments.survey.conftest import Town, said


def field(answer: httpx.Response, selector: str) -> str:
    """What a field holds."""
    found = BeautifulSoup(answer.text, "html.parser").select_one(selector)
    assert found is not None
    return str(found.get("value", found.get_text().removeprefix("\n")))


async def test_a_link_is_answered_once(town: Town, client: httpx.AsyncClient) -> None:
    link = await town.link()
    for _ in range(2):  # whoever or whatever opens it
        asked = await client.get(link)
        assert (asked.status_code, "dinsdag 24 november 2026: Stadhuis" in said(asked)) == (200, True)
        assert (await client.head(link)).status_code == 200
    assert (await town.answers(), (await town.counts())[""]) == ([], (1, 0))
    sent = await client.post(link, data={"score": "4", "remark": " Fijn\r\ngeholpen "})
    assert (sent.status_code, sent.headers["location"]) == (303, link)
    thanks = await client.get(link)
    assert (thanks.status_code, "Bedankt voor uw mening" in said(thanks)) == (200, True)
    assert "<form" not in thanks.text
    again = await client.post(link, data={"score": "1"})
    assert "Bedankt voor uw mening" in said(await client.get(again.headers["location"]))
    (answer,) = await town.answers()
    assert (answer.score, answer.remark, answer.day, answer.location) == (4, "Fijn\ngeholpen", DAY, "stadhuis")
    assert (answer.channel, answer.products) == (SurveyChannel.MAIL, ["paspoort"])
    assert await town.counts() == {"": (1, 1), "paspoort": (1, 1)}


async def test_sent_twice_at_once_it_counts_once(town: Town, client: httpx.AsyncClient) -> None:
    link = await town.link()
    sent = await asyncio.gather(*(client.post(link, data={"score": str(score)}) for score in (1, 2, 3, 4, 5) * 2))
    assert {answer.status_code for answer in sent} == {303}
    assert (len(await town.answers()), (await town.counts())[""]) == (1, (1, 1))


async def test_in_english(town: Town, client: httpx.AsyncClient) -> None:
    link = await town.link(language="en")
    asked = await client.get(link)
    assert "How satisfied are you with your visit?" in said(asked)
    assert "Tuesday 24 November 2026: Town hall" in said(asked)
    wrong = await client.post(link, data={})
    assert "Choose one of the five answers" in said(wrong)
    sent = await client.post(link, data={"score": "5"})
    assert sent.headers["location"] == link
    assert "Thank you for your opinion" in said(await client.get(link))


async def test_a_link_that_does_not_work_says_what_to_do(town: Town, client: httpx.AsyncClient) -> None:
    link = await town.link()
    forged = f"{link[:-1]}{'A' if link[-1] != 'A' else 'B'}"
    for address in (forged, "/enquete/x", "/enquete/%E2%82%AC%00", f"/enquete/{'x' * 3000}"):
        for answer in (await client.get(address), await client.post(address, data={"score": "1"})):
            assert answer.status_code in (404, 400 if "%00" in address else 404), address
    for answer in (await client.get(forged), await client.post(forged, data={"score": "1"})):
        assert (answer.status_code, "Bel ons dan: 14\u00a00123" in said(answer)) == (404, True)
        assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "call us" in said(await client.get(f"{forged}?lang=en"))
    town.moment.move(days=30)  # the last day
    assert (await client.get(link)).status_code == 200
    town.moment.move(days=1)
    assert (await client.get(link)).status_code == 404
    assert (await client.post(link, data={"score": "1"})).status_code == 404
    assert await town.answers() == []


@pytest.mark.parametrize(
    ("sent", "sentences"),
    [
        ({}, ["Kies een van de vijf antwoorden"]),
        ({"score": "6"}, ["Kies een van de vijf antwoorden"]),
        ({"score": "-1", "remark": "Goed"}, ["Kies een van de vijf antwoorden"]),
        ({"score": "4", "remark": "Mijn nummer is 111 222 333"}, ["Haal het burgerservicenummer (BSN) weg"]),
        (
            {"score": "4", "remark": "Mail mij op bezoeker@voorbeeld.test."},
            ["Haal het e-mailadres weg: uw antwoord is anoniem"],
        ),
        (
            {"score": "4", "remark": "Bel mij: 06 12 34 56 78"},
            ["Haal het telefoonnummer weg: uw antwoord is anoniem"],
        ),
        ({"score": "4", "remark": "x" * 501}, ["ten hoogste 500 tekens"]),
        ({"remark": "111222333"}, ["Kies een van de vijf", "Haal het burgerservicenummer"]),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    town: Town, client: httpx.AsyncClient, sent: dict[str, str], sentences: list[str]
) -> None:
    link = await town.link()
    wrong = await client.post(link, data=sent)
    assert wrong.status_code == 400
    summary = BeautifulSoup(wrong.text, "html.parser").select("#fouten a")
    assert len(summary) == len(sentences)
    for line, sentence in zip(summary, sentences, strict=True):
        assert sentence in line.get_text()
        assert f'id="{str(line["href"])[1:]}"' in wrong.text
    assert field(wrong, "textarea") == sent.get("remark", "")
    if sent.get("score") == "4":
        assert field(wrong, "input[checked]") == "4"
    assert (await town.answers(), (await town.counts())[""]) == ([], (1, 0))
    assert (await client.post(link, data={"score": "3"})).status_code == 303  # and the link still works


async def test_a_remark_of_the_full_length_with_html_is_text(town: Town, client: httpx.AsyncClient) -> None:
    link, remark = await town.link(), ("<script>alert(1)</script>&\r\n" * 30)[:500]
    shown = await client.post(link, data={"remark": remark})
    assert "<script>" not in shown.text
    assert (await client.post(link, data={"score": "2", "remark": f"{'é' * 499}\r\n"})).status_code == 303
    (answer,) = await town.answers()
    assert answer.remark == "é" * 499


async def test_no_search_engine_and_no_other_site_sees_the_link(town: Town, client: httpx.AsyncClient) -> None:
    link = await town.link()
    for answer in (await client.get(link), await client.post(link, data={}), await client.get("/enquete/x")):
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "set-cookie" not in answer.headers


async def test_another_site_cannot_answer(town: Town, client: httpx.AsyncClient) -> None:
    link = await town.link()
    answer = await client.post(link, data={"score": "1"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, await town.answers()) == (403, [])


async def test_what_is_over_is_removed_and_still_counted(
    town: Town, client: httpx.AsyncClient, database: Database, clock: Clock
) -> None:
    await client.post(await town.link(), data={"score": "4", "remark": "Goed"})
    await town.link("10:30")
    keeper = Housekeeper(database, clock)
    town.moment.move(days=60)
    await keeper.tidy()
    assert len(await town.invitations()) == 2
    town.moment.move(days=1)
    await keeper.tidy()
    assert (await town.invitations(), (await town.counts())[""]) == ([], (2, 1))
    assert [answer.remark for answer in await town.answers()] == ["Goed"]
    town.moment.move(days=305)
    await keeper.tidy()
    assert [(answer.score, answer.remark) for answer in await town.answers()] == [(4, "")]
