"""An appointment found, told, moved and cancelled at the desk."""

import asyncio
from typing import Any

import httpx
import pytest

from kcc.storage.database import Database
from tests.appointments.conftest import combinable, product
from tests.conftest import SetClock
from tests.desk.conftest import PERSON, Page, appointments, booked, letters, visit


async def found(agent: httpx.AsyncClient, words: str, **more: str) -> Page:
    """What the page says to these words."""
    return Page(agent, await agent.post("/werk/afspraken", data={"q": words, "day": "2026-11-24"} | more))


def names(page: Page) -> list[str]:
    """The names in the list that was found."""
    return [item.get_text().partition(" · ")[0] for item in page.seen.select(".kcc-hit p:nth-of-type(1)")]


async def do(agent: httpx.AsyncClient, code: str, verb: str, **fields: str) -> Page:
    """Do something with an appointment."""
    return Page(agent, await agent.post(f"/werk/afspraken/{code}/{verb}", data=fields))


async def test_found_by_its_code_however_it_is_said(agent: httpx.AsyncClient) -> None:
    code = await booked(agent)
    for words in (code, code.lower(), f"{code[:4]}-{code[4:]}", f" {code[:4]} {code[4:]} "):
        page = await found(agent, words)
        assert (page.status, page.location) == (303, f"/werk/afspraken/{code}")


async def test_found_by_how_somebody_is_reached(agent: httpx.AsyncClient) -> None:
    one = await booked(agent, "10.00", email="Een@voorbeeld.example", phone="0612345678")
    other = await booked(agent, "10.10", email="twee@voorbeeld.example", phone="020 624 11 11", name="Ander Iemand")
    for words, code in (
        ("een@voorbeeld.example", one),
        ("EEN@VOORBEELD.example", one),
        ("06-12345678", one),
        ("+31 6 1234 5678", one),
        ("020-6241111", other),
    ):
        page = await found(agent, words)
        assert page.location == f"/werk/afspraken/{code}", words
    third = await booked(agent, "10.20", email="een@voorbeeld.example")
    page = await found(agent, "een@voorbeeld.example")
    links = [str(link["href"]) for link in page.seen.select(".kcc-hit a")]
    assert links == [f"/werk/afspraken/{one}", f"/werk/afspraken/{third}"]
    assert "Stadhuis" in page.text and "Paspoort aanvragen" in page.text


@pytest.mark.parametrize(
    ("typed", "read"), [("+31 6 1234 5678", "06 12345678"), ("0032 2 555 12 34", "+32 2 555 12 34")]
)
async def test_a_phone_number_is_shown_as_people_read_it(agent: httpx.AsyncClient, typed: str, read: str) -> None:
    page = await visit(agent, f"/werk/afspraken/{await booked(agent, phone=typed)}")
    facts = {
        str(item.dt and item.dt.get_text()): item.dd and item.dd.get_text()
        for item in page.seen.select(".kcc-quick div")
    }
    assert facts["Telefoonnummer"] == read


async def test_found_by_name_on_a_day_at_a_place(agent: httpx.AsyncClient) -> None:
    await booked(agent, "10.00", name="Zoë van den Berg")
    await booked(agent, "10.10", name="Berend Bergsma")
    await booked(agent, "10.20", name="Ander Iemand")
    assert names(await found(agent, "berg")) == ["Zoë van den Berg", "Berend Bergsma"]
    assert (await found(agent, "ZOE BERG", location="stadhuis")).status == 303
    for elsewhere in ({"location": "wijkpunt"}, {"day": "2026-11-25"}):
        page = await found(agent, "berg", **elsewhere)
        assert (names(page), "Niets gevonden" in page.text) == ([], True)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Ayşe Yılmaz", ("yilmaz", "YILMAZ", "ayse yılmaz", "İlmaz")),
        ("Siobhán O'Brien", ("obrien", "O’Brien", "o'brien", "o brien")),
        ("Jan van Dijk", ("van dijk", "vandijk", "Van-Dijk")),
        ("Piet VanDijk", ("van dijk", "vandijk")),
        ("Anne-Marie Søren", ("annemarie", "anne marie soren")),
    ],
)
async def test_found_by_name_however_it_is_written(agent: httpx.AsyncClient, name: str, words: tuple[str, ...]) -> None:
    await booked(agent, "10.00", name=name)
    await booked(agent, "10.10", name="Ander Iemand")
    for typed in words:
        assert (await found(agent, typed)).status == 303, typed
    assert names(await found(agent, "'-'")) == []


async def test_what_to_bring_stands_under_its_product(town: None, hall: Any, agent: httpx.AsyncClient) -> None:
    await hall(product("akte", 10, name="Akte aanvragen", bring=["Uw trouwboekje"]), combinable("akte", "paspoort"))
    one = await visit(agent, f"/werk/afspraken/{await booked(agent, '9.00')}")
    page = await visit(agent, "/werk/afspraak", product="paspoort", **{"erbij-akte": "1"})
    both = await (await page.send(tijd="10.00", **PERSON)).follow()
    assert [item.get_text() for item in one.seen.select(".kcc-say dd h3")] == []
    assert {
        item.get_text(): [thing.get_text() for thing in item.find_next_sibling("ul").select("li")]  # type: ignore[union-attr]
        for item in both.seen.select(".kcc-say dd h3")
    } == {"Paspoort aanvragen": ["Uw oude paspoort"], "Akte aanvragen": ["Uw trouwboekje"]}


async def test_what_cannot_be_looked_for_is_told(agent: httpx.AsyncClient) -> None:
    for words, part in (("", "Vul een code"), ("geen@adres", "e-mailadres"), ("0000000000", "telefoonnummer")):
        page = await found(agent, words)
        assert (page.status, page.errors[0][0]) == (400, "zoek")
        assert part in page.errors[0][1]
        assert page.fields("form").get("q") == words
    for words in ("x" * 254, "nul\x00teken", "%", "' or 1=1"):
        assert (await found(agent, words)).status in (200, 400)
    assert (await found(agent, "iemand", day="9999-12-31")).status == 400


async def test_an_appointment_that_is_not_there(agent: httpx.AsyncClient) -> None:
    for path in ("", "/verzetten", "/afzeggen"):
        assert (await agent.get(f"/werk/afspraken/BBBBBBBB{path}")).status_code == 404
    for verb in ("verzetten", "afzeggen", "bevestiging", "eerder"):
        given = {"wanted": "true", "tijd": "2026-11-24T09:00:00Z"} if verb in ("eerder", "verzetten") else {}
        fields = {key: value for key, value in given.items() if (key == "wanted") == (verb == "eerder")}
        assert (await do(agent, "BBBBBBBB", verb, **fields)).status == 404, verb


async def test_moved_to_a_time_that_only_staff_book(agent: httpx.AsyncClient, database: Database) -> None:
    code = await booked(agent, "10.00")
    page = await visit(agent, f"/werk/afspraken/{code}/verzetten")
    assert "11.10*" in page.days["Dinsdag 24 november"]
    moved = await do(agent, code, "verzetten", tijd=page.time("11.10"), locatie="stadhuis")
    told = await moved.follow()
    assert "De afspraak is verzet" in told.text and "dinsdag 24 november 2026 om 11.10 uur" in told.text
    assert await letters(database) == [("confirmation", 0), ("change", 1)]
    assert "10.00" in (await visit(agent, f"/werk/afspraken/{code}/verzetten")).days["Dinsdag 24 november"]


async def test_its_own_time_does_not_stand_in_the_way(agent: httpx.AsyncClient) -> None:
    code = await booked(agent, "10.00", "huwelijk")
    page = await visit(agent, f"/werk/afspraken/{code}/verzetten")
    assert page.days["Dinsdag 24 november"] == ["9.00", "9.30", "10.00", "10.30", "11.00*"]
    same = await do(agent, code, "verzetten", tijd=page.time("10.00"), locatie="stadhuis")
    assert same.errors == [("tijden", "De afspraak is al op deze tijd. Kies een andere.")]


async def test_moved_to_another_place_and_day(agent: httpx.AsyncClient, database: Database) -> None:
    code = await booked(agent, "10.00")
    page = await visit(agent, f"/werk/afspraken/{code}/verzetten", locatie="wijkpunt", vanaf="2026-12-01")
    options = [str(option["value"]) for option in page.seen.select("#locatie option")]
    assert options == ["stadhuis", "wijkpunt"]  # nobody gave an address to visit
    assert next(iter(page.days)) == "Vrijdag 4 december"
    await do(agent, code, "verzetten", tijd=page.time("13.00"), locatie="wijkpunt")
    (row,) = await appointments(database)
    assert (row.location, row.starts_at.isoformat()) == ("wijkpunt", "2026-12-04T12:00:00+00:00")


async def test_the_old_time_stands_when_the_new_one_is_gone(agent: httpx.AsyncClient, database: Database) -> None:
    code = await booked(agent, "10.00")
    page = await visit(agent, f"/werk/afspraken/{code}/verzetten")
    await booked(agent, "10.30", email="ander@voorbeeld.example")
    late = await do(agent, code, "verzetten", tijd=page.time("10.30"), locatie="stadhuis", vanaf="2026-11-24")
    assert (late.status, late.errors[0][0]) == (409, "tijden")
    assert "10.30" not in late.days["Dinsdag 24 november"]
    none = await do(agent, code, "verzetten", tijd="", locatie="stadhuis")
    assert (none.status, none.errors) == (400, [("tijden", "Kies een tijd")])
    for nonsense in ("ooit", "9999-12-31T23:59:59Z", "2020-01-01T09:00:00Z", "2026-11-24T09:01:00Z"):
        assert (await do(agent, code, "verzetten", tijd=nonsense)).status == 400
    assert {row.code: row.starts_at.hour for row in await appointments(database)}[code] == 9


async def test_cancelled_only_after_a_yes(agent: httpx.AsyncClient, database: Database) -> None:
    code = await booked(agent, "10.00")
    asked = await visit(agent, f"/werk/afspraken/{code}/afzeggen")
    assert "Test Bezoeker" in asked.text
    assert len(await appointments(database)) == 1
    told = await (await do(agent, code, "afzeggen")).follow()
    assert "De afspraak is afgezegd" in told.text and "gaat niet door" in told.text
    assert (await do(agent, code, "afzeggen")).status == 303
    assert await appointments(database) == []
    assert await letters(database) == [("confirmation", 0), ("cancellation", 1)]
    again = await booked(agent, "10.00")
    listed = (await found(agent, "Bezoeker")).seen.select(".kcc-hit")
    assert {str(item.a["href"])[-8:]: "afgezegd" in item.get_text() for item in listed if item.a} == {
        code: True,
        again: False,
    }


async def test_the_confirmation_is_sent_again(agent: httpx.AsyncClient, database: Database) -> None:
    code = await booked(agent, "10.00")
    page = await visit(agent, f"/werk/afspraken/{code}/verzetten")
    await do(agent, code, "verzetten", tijd=page.time("10.30"))
    told = await (await do(agent, code, "bevestiging")).follow()
    assert "opnieuw verstuurd" in told.text
    assert await letters(database) == [("confirmation", 0), ("change", 1), ("confirmation", 1)]


async def test_a_double_click_sends_the_confirmation_once(agent: httpx.AsyncClient, database: Database) -> None:
    code = await booked(agent, "10.00")
    for number in range(1, 3):
        pressed = (await visit(agent, f"/werk/afspraken/{code}")).fields('form[action$="/bevestiging"]')
        both = await asyncio.gather(*(do(agent, code, "bevestiging", **pressed) for _ in range(2)))
        assert ["opnieuw verstuurd" in (await answer.follow()).text for answer in both] == [True, True]
        assert await letters(database) == [("confirmation", 0)] * (1 + number)
    other = await booked(agent, "10.10")
    assert (await do(agent, other, "bevestiging", **pressed)).status == 409  # the key of another appointment's page
    assert (await do(agent, code, "bevestiging", sleutel="x" * 201)).status == 400


async def test_without_an_address_there_is_no_mail_to_send(agent: httpx.AsyncClient, database: Database) -> None:
    code = await booked(agent, "10.00", email="", phone="0612345678")
    page = await visit(agent, f"/werk/afspraken/{code}")
    assert "Laat de inwoner de code opschrijven" in page.text
    assert page.seen.select('form[action$="/bevestiging"], form[action$="/eerder"]') == []
    assert (await do(agent, code, "bevestiging")).status == 409
    assert await letters(database) == []


async def test_on_and_off_the_list_for_an_earlier_place(agent: httpx.AsyncClient, database: Database) -> None:
    code = await booked(agent, "10.00")
    for wanted in ("true", "false"):
        page = await visit(agent, f"/werk/afspraken/{code}")
        (button,) = page.seen.select('form[action$="/eerder"] button')
        assert button["value"] == wanted
        assert (await do(agent, code, "eerder", wanted=wanted)).status == 303
        (row,) = await appointments(database)
        assert (row.earlier_asked_at is not None) == (wanted == "true")


@pytest.mark.parametrize("how", ["cancelled", "over"])
async def test_what_is_cancelled_or_over_stays_as_it_is(
    agent: httpx.AsyncClient, database: Database, moment: SetClock, how: str
) -> None:
    code = await booked(agent, "9.10")
    if how == "cancelled":
        await do(agent, code, "afzeggen")
    else:
        moment.move(minutes=25)
    page = await visit(agent, f"/werk/afspraken/{code}")
    assert page.seen.select("main form") == []
    assert page.seen.select('a[href="/werk/afspraak?product=paspoort"]')
    assert page.seen.select("main .utrecht-alert--warning")
    before = await letters(database)
    for path in ("verzetten", "afzeggen"):
        assert (await visit(agent, f"/werk/afspraken/{code}/{path}")).seen.select("main form") == []
    for verb, fields in (
        ("verzetten", {"tijd": "2026-11-24T09:30:00Z"}),
        ("bevestiging", {}),
        ("eerder", {"wanted": "true"}),
        *([("afzeggen", {})] if how == "over" else []),
    ):
        assert (await do(agent, code, verb, **fields)).status == 409, verb
    assert await letters(database) == before


async def test_agents_read_dutch_whatever_language_the_mail_is_in(agent: httpx.AsyncClient) -> None:
    code = await booked(agent, "10.00", language="en", name="<script>alert(1)</script>")
    page = await visit(agent, f"/werk/afspraken/{code}")
    assert "dinsdag 24 november 2026 om 10.00 uur" in page.text
    assert "Engels" in page.text
    assert "<script>alert(1)</script>" in page.text and page.seen.select("main script") == []


async def test_the_bar_shows_where_one_is(agent: httpx.AsyncClient) -> None:
    code = await booked(agent)
    for path, current in (
        ("/werk/afspraken", "Afspraken"),
        (f"/werk/afspraken/{code}/verzetten", "Afspraken"),
        ("/werk/afspraak", "Werk"),
    ):
        page = await visit(agent, path)
        assert [link.get_text() for link in page.seen.select('nav [aria-current="page"]')] == [current]


async def test_an_agent_books_for_whom_has_appointments_enough(agent: httpx.AsyncClient, database: Database) -> None:
    for time in ("9.00", "9.10", "9.20", "9.30", "9.40"):
        await booked(agent, time, **PERSON)
    assert len(await appointments(database)) == 5
