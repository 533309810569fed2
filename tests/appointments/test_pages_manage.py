"""A resident's own appointment, by its link or by code and e-mail address."""

import re
from datetime import timedelta
from typing import Any

import httpx
import icalendar
import pytest

from tests.appointments.conftest import DAY, at, place, product, token_of

HOME = "/afspraak/beheer"


@pytest.fixture
async def booked(hall: Any, desk: Any) -> httpx.Response:
    """An appointment at 9.20 on a Tuesday."""
    await hall(product("paspoort", name="Paspoort aanvragen"), place())
    response = await desk.book("9:20")
    assert response.status_code == 201, response.text
    return response


@pytest.fixture
async def own(booked: httpx.Response, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """The resident's browser, after opening the link."""
    await client.get(booked.json()["manageUrl"])
    return client


async def test_the_link_becomes_a_cookie_and_leaves_the_address(
    booked: httpx.Response, client: httpx.AsyncClient
) -> None:
    opened = await client.get(booked.json()["manageUrl"])
    assert (opened.status_code, opened.headers["location"]) == (303, HOME)
    cookie = opened.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    page = await client.get(HOME)
    assert "Paspoort aanvragen" in page.text
    assert token_of(booked.json()) not in page.text
    assert page.headers["cache-control"] == "no-store"


async def test_an_english_appointment_opens_in_english(hall: Any, desk: Any, client: httpx.AsyncClient) -> None:
    await hall(product("paspoort"), place())
    made = await desk.book("9:20", language="en")
    opened = await client.get(made.json()["manageUrl"])
    assert opened.headers["location"] == f"{HOME}?lang=en"


@pytest.mark.parametrize("token", ["", "onzin", "x" * 5000])
async def test_a_forged_link_leads_to_the_form(booked: httpx.Response, client: httpx.AsyncClient, token: str) -> None:
    page = await client.get(HOME, params={"token": token}, follow_redirects=True)
    assert "Deze link werkt niet (meer)" in page.text
    assert "Code van uw afspraak" in page.text


async def test_the_day_after_it_is_gone(own: httpx.AsyncClient, moment: Any) -> None:
    moment.at = moment.at.replace(year=2026, month=11, day=24, hour=22)
    assert "Paspoort aanvragen" in (await own.get(HOME)).text
    moment.move(hours=2)
    assert "Code van uw afspraak" in (await own.get(HOME)).text


async def test_by_code_and_email(booked: httpx.Response, client: httpx.AsyncClient) -> None:
    code = booked.json()["code"]
    found = await client.post(
        f"{HOME}/zoeken", data={"code": f" {code[:4].lower()}-{code[4:]} ", "email": "Bezoeker@Voorbeeld.example"}
    )
    assert found.headers["location"] == HOME
    assert "Paspoort aanvragen" in (await client.get(HOME)).text


async def test_a_wrong_code_and_a_wrong_address_get_the_same_answer(
    booked: httpx.Response, client: httpx.AsyncClient
) -> None:
    code = booked.json()["code"]
    answers = [
        await client.post(f"{HOME}/zoeken", data=data)
        for data in (
            {"code": code, "email": "ander@voorbeeld.example"},
            {"code": "BBBBBBBB", "email": "bezoeker@voorbeeld.example"},
            {"code": "", "email": ""},
        )
    ]
    bodies = {re.sub(r' value="[^"]*"', "", answer.text) for answer in answers}
    assert [answer.status_code for answer in answers] == [404] * 3
    assert len(bodies) == 1


async def test_looking_changes_nothing(own: httpx.AsyncClient, booked: httpx.Response, desk: Any) -> None:
    for path in ("", "/verzetten", "/afzeggen", "/zoeken"):
        assert (await own.get(HOME + path)).status_code == 200
    for path in ("/eerder", "/aanbod/1", "/afsluiten"):
        assert (await own.get(HOME + path)).status_code == 405
    detail = (await desk.manage(booked)).json()
    assert (detail["status"], detail["sequence"], detail["earlier"]) == ("booked", 0, False)


async def test_move(own: httpx.AsyncClient, booked: httpx.Response, desk: Any) -> None:
    form = await own.get(f"{HOME}/verzetten", params={"dag": "2026-11-24"})
    assert "9.20" in form.text  # its own time does not block it
    moved = await own.post(f"{HOME}/verzetten", data={"start": at("10:00")}, follow_redirects=True)
    assert "Uw afspraak is verzet" in moved.text
    assert "10.00" in moved.text
    assert "Duurt ongeveer 10 minuten" in moved.text
    assert (await desk.manage(booked)).json()["sequence"] == 1


async def test_a_new_time_that_is_gone_leaves_the_old_one(
    own: httpx.AsyncClient, booked: httpx.Response, desk: Any
) -> None:
    assert (await desk.book("10:00", email="ander@voorbeeld.example")).status_code == 201
    answer = await own.post(f"{HOME}/verzetten", data={"start": at("10:00")})
    assert answer.status_code == 409
    assert "net door iemand anders gekozen" in answer.text
    assert (await desk.manage(booked)).json()["startsAt"] == "2026-11-24T08:20:00Z"


async def test_cancel(own: httpx.AsyncClient, booked: httpx.Response, desk: Any) -> None:
    gone = await own.post(f"{HOME}/afzeggen", follow_redirects=True)
    assert "Uw afspraak is afgezegd" in gone.text
    assert "Maak een nieuwe afspraak" in gone.text
    assert (await desk.manage(booked)).json()["status"] == "cancelled"
    assert "09:20" in await desk.starts("paspoort")
    assert (await own.get(f"{HOME}/verzetten")).headers["location"] == HOME


async def test_who_moves_to_an_earlier_moment_hears_that_the_list_is_left(
    own: httpx.AsyncClient, booked: httpx.Response, desk: Any
) -> None:
    await own.post(f"{HOME}/eerder", data={"earlier": "ja"})
    later = await own.post(f"{HOME}/verzetten", data={"start": at("10:00")}, follow_redirects=True)
    assert "U staat op de lijst voor een eerdere plek." in later.text
    assert "niet meer op de lijst" not in later.text
    sooner = await own.post(f"{HOME}/verzetten", data={"start": at("9:30")}, follow_redirects=True)
    assert "Uw afspraak is verzet" in sooner.text
    assert "U staat niet meer op de lijst voor een eerdere plek, want u komt nu eerder." in sooner.text
    assert (await desk.manage(booked)).json()["earlier"] is False


async def test_on_and_off_the_list_for_an_earlier_place(
    own: httpx.AsyncClient, booked: httpx.Response, desk: Any
) -> None:
    page = await own.post(f"{HOME}/eerder", data={"earlier": "ja"}, follow_redirects=True)
    assert "U staat op de lijst" in page.text
    assert (await desk.manage(booked)).json()["earlier"] is True
    await own.post(f"{HOME}/eerder", data={"earlier": "nee"})
    assert (await desk.manage(booked)).json()["earlier"] is False


async def test_an_offer_that_has_ended_changes_nothing(
    own: httpx.AsyncClient, booked: httpx.Response, desk: Any
) -> None:
    page = await own.post(f"{HOME}/aanbod/12345", data={"answer": "ja"}, follow_redirects=True)
    assert "Dat is niet gelukt" in page.text
    assert (await desk.manage(booked)).json()["sequence"] == 0


@pytest.fixture
async def offered(hall: Any, desk: Any, post: Any, client: httpx.AsyncClient) -> httpx.Response:
    """An appointment on Thursday for which Wednesday has come free."""
    await hall(product("paspoort", name="Paspoort aanvragen"), place())
    first = await desk.book("10:00", day=DAY + timedelta(1), email="ander@voorbeeld.example")
    booked: httpx.Response = await desk.book("11:00", day=DAY + timedelta(2), earlier=True)
    await desk.manage(first, "cancel")
    await post.deliver()
    await client.get(booked.json()["manageUrl"])
    return booked


def offer_in(page: httpx.Response) -> str:
    """Where the answer to the offer on this page goes."""
    found = re.search(rf'action="({HOME}/aanbod/\d+)"', page.text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("answer", "said", "starts_at"),
    [
        ("ja", "Uw afspraak is verzet", "2026-11-25T09:00:00Z"),
        ("nee", "Uw afspraak blijft zoals die was", "2026-11-26T10:00:00Z"),
    ],
)
async def test_an_earlier_place_is_taken_or_left(
    offered: httpx.Response, client: httpx.AsyncClient, desk: Any, answer: str, said: str, starts_at: str
) -> None:
    page = await client.get(HOME)
    assert "Er is eerder plek: woensdag 25 november 2026, 10.00&nbsp;uur" in page.text
    after = await client.post(offer_in(page), data={"answer": answer}, follow_redirects=True)
    assert said in after.text
    assert "Er is eerder plek" not in after.text
    assert (await desk.manage(offered)).json()["startsAt"] == starts_at


@pytest.mark.parametrize("options", [{"rate_limits": True}])
async def test_who_guesses_codes_must_wait(booked: httpx.Response, client: httpx.AsyncClient) -> None:
    guess = {"code": "BBBBBBBB", "email": "bezoeker@voorbeeld.example"}
    answers = [await client.post(f"{HOME}/zoeken", data=guess) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [404] * 20 + [429]
    assert "Te veel pogingen" in answers[-1].text
    assert int(answers[-1].headers["retry-after"]) > 0
    right = await client.post(f"{HOME}/zoeken", data=guess | {"code": booked.json()["code"]})
    assert right.status_code == 429


async def test_the_calendar_file(own: httpx.AsyncClient, booked: httpx.Response) -> None:
    file = await own.get("/afspraak/afspraak.ics")
    assert file.headers["content-type"].startswith("text/calendar")
    calendar = icalendar.Calendar.from_ical(file.content)
    assert calendar["METHOD"] == "PUBLISH"
    event = calendar.walk("VEVENT")[0]
    assert event.decoded("DTSTART").isoformat() == "2026-11-24T08:20:00+00:00"


async def test_nobody_changes_anything_without_the_cookie(
    booked: httpx.Response, client: httpx.AsyncClient, desk: Any
) -> None:
    for path, data in (("/verzetten", {"start": at("10:00")}), ("/afzeggen", {}), ("/eerder", {"earlier": "ja"})):
        assert (await client.post(HOME + path, data=data)).headers["location"] == HOME
    detail = (await desk.manage(booked)).json()
    assert (detail["status"], detail["sequence"], detail["earlier"]) == ("booked", 0, False)
