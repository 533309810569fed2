"""The resident's way to an appointment, as pages without script."""

import re
from datetime import date
from html import unescape
from typing import Any

import httpx
import pytest
from altcha import Challenge, Payload, solve_challenge

from kcc.access.roles import Role
from kcc.appointments import plan_queries
from kcc.appointments.models import CountedEvent, ProductCount
from tests.appointments.conftest import DAY, at, combinable, place, product, rule

DETAILS = {"name": "Test Bezoeker", "email": "bezoeker@voorbeeld.example"}


@pytest.fixture
async def town(hall: Any) -> None:
    """A town hall, a service point that is full of nothing, and three products."""
    await hall(
        product(
            "paspoort", 10, 10, name="Paspoort aanvragen", name_en="Apply for a passport", bring=["uw oude paspoort"]
        ),
        product("uittreksel", 10, name="Uittreksel", online_url="https://formulieren.voorbeeld.example/uittreksel"),
        product("naturalisatie", 40, name="Naturalisatie", staff_only=True),
        combinable("paspoort", "uittreksel"),
        place(counters=1),
    )


def link(page: httpx.Response, text: str) -> str:
    """The address of the link with this text."""
    found = re.search(r'href="([^"]+)"[^>]*>(?:(?!</a>).)*' + re.escape(text), page.text, re.DOTALL)
    assert found, f"no link {text!r}"
    return unescape(found[1])


async def kept(client: httpx.AsyncClient, start: str = "9:20", **query: str) -> httpx.Response:
    """Choose a time; the page that follows."""
    address = httpx.URL("/afspraak/tijd", params={"product": "paspoort:1", "locatie": "stadhuis", **query})
    return await client.post(address, data={"start": at(start)}, follow_redirects=True)


def secret_of(page: httpx.Response) -> str:
    """The hold in the form."""
    found = re.search(r'name="hold" value="([^"]+)"', page.text)
    assert found
    return found[1]


async def booked(client: httpx.AsyncClient, start: str = "9:20", **details: str) -> httpx.Response:
    """A whole booking; the page that says it was made."""
    page = await kept(client, start)
    data = DETAILS | {"hold": secret_of(page)} | details
    assert "Klopt alles?" in (await client.post("/afspraak/controle", data=data, follow_redirects=True)).text
    return await client.post("/afspraak/bevestigen", data=data, follow_redirects=True)


async def test_from_the_product_to_the_confirmation(town: None, client: httpx.AsyncClient) -> None:
    first = await client.get("/afspraak")
    second = await client.get(link(first, "Paspoort aanvragen"))
    assert "Voor hoeveel personen?" in second.text
    third = await client.get("/afspraak/locatie", params={"product": "paspoort", "personen-paspoort": "2"})
    assert "Eerste vrije tijd:" in third.text
    fourth = await client.get(link(third, "Stadhuis"))
    assert "Samen ongeveer 20 minuten" in fourth.text
    assert "uw oude paspoort" in fourth.text
    made = await booked(client)
    assert "Uw afspraak is gemaakt" in made.text
    assert "Duurt ongeveer 10 minuten" in made.text
    assert "9.20" in made.text
    assert re.search(r"[B-Z2-8]{4}-[B-Z2-8]{4}", made.text)
    assert made.headers["cache-control"] == "no-store"


async def test_something_else_in_the_same_visit(town: None, client: httpx.AsyncClient) -> None:
    form = await client.get("/afspraak", params={"product": "paspoort"})
    assert 'name="ook-uittreksel"' in form.text
    assert "ook-naturalisatie" not in form.text
    sent = {"product": "paspoort", "personen-paspoort": "2", "ook-uittreksel": "ja"}
    places = await client.get("/afspraak/locatie", params=sent)
    assert "Samen ongeveer 30 minuten" in places.text
    back = await client.get(link(places, "Vorige stap"))
    assert re.search(r'name="ook-uittreksel" value="ja" checked', back.text)
    assert re.search(r'<option value="2" selected>', back.text)


async def test_what_does_not_go_together_is_said(hall: Any, client: httpx.AsyncClient) -> None:
    await hall(product("paspoort"), product("uittreksel"), product("akte"), place())
    await hall(combinable("paspoort", "uittreksel"), combinable("uittreksel", "akte"))
    sent = {"product": "uittreksel", "ook-paspoort": "ja", "ook-akte": "ja"}
    page = await client.get("/afspraak/locatie", params=sent)
    assert "Deze producten kunnen niet in één afspraak" in page.text
    assert "Nergens is een tijd vrij" not in page.text
    too_far = await client.get("/afspraak/tijd", params=sent | {"locatie": "stadhuis"})
    assert too_far.headers["location"].startswith("/afspraak/locatie?")


async def test_online_is_offered_first_and_counted(
    town: None, client: httpx.AsyncClient, app: Any, database: Any
) -> None:
    page = await client.get("/afspraak", params={"product": "uittreksel"})
    assert "U kunt dit online regelen" in page.text
    assert "Voor hoeveel personen?" not in page.text
    gone = await client.get(link(page, "Regel het online"))
    assert gone.headers["location"] == "https://formulieren.voorbeeld.example/uittreksel"
    assert "Verder naar locatie" in (await client.get(link(page, "Ik maak toch een afspraak"))).text
    await app.state.lifespan["product_counter"].flush()
    async with database.reading() as session:
        counts = {row.event: row.count for row in await plan_queries.everything(session, ProductCount)}
    assert counts == {CountedEvent.OPENED: 1, CountedEvent.ONLINE_CHOSEN: 1}


async def test_staff_only_products_are_made_by_phone(town: None, client: httpx.AsyncClient) -> None:
    page = await client.get("/afspraak", params={"product": "naturalisatie"})
    assert "Deze afspraak maken wij samen met u" in page.text
    assert 'href="/afspraak?product=naturalisatie"' not in page.text


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/afspraak/locatie", "/afspraak"),
        ("/afspraak/locatie?product=onzin", "/afspraak"),
        ("/afspraak/tijd?product=paspoort", "/afspraak/locatie?product=paspoort%3A1"),
        ("/afspraak/tijd?product=paspoort&locatie=nergens", "/afspraak/locatie?product=paspoort%3A1"),
        ("/afspraak/tijd?locatie=stadhuis&lang=en", "/afspraak?lang=en"),
        ("/afspraak/controle", "/afspraak/gegevens"),
    ],
)
async def test_a_step_too_far_leads_back(town: None, client: httpx.AsyncClient, address: str, leads_to: str) -> None:
    response = await client.get(address)
    assert (response.status_code, response.headers["location"]) == (303, leads_to)


@pytest.mark.parametrize("query", ["maand=onzin", "maand=1999-01", "maand=9999-12", "dag=2026-02-31", "dag=2031-01-01"])
async def test_a_month_that_is_none_shows_one_that_is(town: None, client: httpx.AsyncClient, query: str) -> None:
    page = await client.get(f"/afspraak/tijd?product=paspoort:1&locatie=stadhuis&{query}")
    assert page.status_code == 200
    assert "kcc-cal" in page.text


async def test_a_time_taken_meanwhile(town: None, client: httpx.AsyncClient, desk: Any) -> None:
    assert (await desk.book("9:20")).status_code == 201
    page = await kept(client)
    assert page.status_code == 409
    assert "Deze tijd is net door iemand anders gekozen" in page.text
    assert "9.30" in page.text


@pytest.mark.parametrize(
    "start",
    [
        "",
        "onzin",
        "2026-11-24T09:20:00",
        "2020-01-01T09:00:00+01:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:55:00-14:00",
    ],
)
async def test_no_time_or_an_impossible_one(town: None, client: httpx.AsyncClient, start: str) -> None:
    page = await client.post("/afspraak/tijd?product=paspoort:1&locatie=stadhuis", data={"start": start})
    assert page.status_code == 400
    assert '<a class="utrecht-link utrecht-link--html-a" href="#tijden">Kies een tijd</a>' in page.text


async def test_a_full_day_is_said_to_be(hall: Any, client: httpx.AsyncClient) -> None:
    await hall(product("paspoort"), place(weekdays=[3]))
    page = await client.get("/afspraak/tijd?product=paspoort:1&locatie=stadhuis&dag=2026-11-24")
    assert "Op dinsdag 24 november 2026 is geen tijd vrij" in page.text
    assert "Woensdag 25 november 2026</h2>" in page.text


async def test_an_empty_month_leads_to_the_first_free_day(hall: Any, client: httpx.AsyncClient) -> None:
    await hall(product("paspoort"), place(hours=()), rule("9:00", "9:10", only_on=date(2027, 2, 2)))
    page = await client.get("/afspraak/tijd?product=paspoort:1&locatie=stadhuis&maand=2026-12")
    there = await client.get(link(page, "De eerste vrije tijd is op dinsdag 2 februari 2027"))
    assert "Februari 2027" in there.text
    assert ">9.00</label>" in there.text


async def test_where_nothing_is_free_at_all_it_says_what_to_do(hall: Any, client: httpx.AsyncClient, desk: Any) -> None:
    await hall(product("paspoort", horizon_days=10), place(hours=()), rule("9:20", "9:30", only_on=DAY))
    assert (await desk.book("9:20")).status_code == 201
    page = await client.get("/afspraak/tijd?product=paspoort:1&locatie=stadhuis")
    assert "Tot en met vrijdag 4 december 2026 is hier alles vol of dicht." in page.text
    assert link(page, "Kies een andere locatie") == "/afspraak/locatie?product=paspoort%3A1"
    assert "Verder met deze tijd" not in page.text


@pytest.mark.parametrize("options", [{"rate_limits": True, "proof_above": 1}])
async def test_when_it_is_busy_the_form_asks_for_proof_of_work(town: None, client: httpx.AsyncClient) -> None:
    assert "data-proof" not in (await client.get("/afspraak/tijd?product=paspoort:1&locatie=stadhuis")).text
    assert (await kept(client, "9:00")).status_code == 200
    refused = await kept(client, "9:10")
    assert refused.status_code == 429
    assert "Het is nu erg druk" in refused.text
    assert 'data-proof="/api/v1/proof-challenge"' in refused.text
    assert "proof.js" in refused.text
    challenge = Challenge.from_dict((await client.get("/api/v1/proof-challenge")).json())
    solved = Payload(challenge, solve_challenge(challenge)).to_base64()
    address = "/afspraak/tijd?product=paspoort:1&locatie=stadhuis"
    taken = await client.post(address, data={"start": at("9:10"), "altcha": solved})
    assert taken.headers["location"] == "/afspraak/gegevens"


async def test_another_time_gives_the_first_one_back(town: None, client: httpx.AsyncClient, desk: Any) -> None:
    await kept(client, "9:20")
    assert "09:20" not in await desk.starts("paspoort")
    await kept(client, "10:00")
    starts = await desk.starts("paspoort")
    assert "09:20" in starts
    assert "10:00" not in starts


async def test_what_is_wrong_is_told_twice_and_nothing_typed_is_lost(town: None, client: httpx.AsyncClient) -> None:
    page = await kept(client)
    wrong = {"name": "Jan 123456782", "email": "geen", "phone": "06 1234", "hold": secret_of(page)}
    answer = await client.post("/afspraak/controle", data=wrong)
    assert answer.status_code == 400
    for sentence in (
        "Vul geen burgerservicenummer (BSN) in",
        "Vul een volledig e-mailadres in, zoals naam@voorbeeld.nl",
        "Vul een telefoonnummer van 10 cijfers in",
    ):
        assert answer.text.count(sentence) == 2
    assert 'value="Jan 123456782"' in answer.text
    assert 'value="06 1234"' in answer.text


async def test_the_check_page_leads_back_to_what_was_typed(town: None, client: httpx.AsyncClient) -> None:
    page = await kept(client)
    data = DETAILS | {"hold": secret_of(page), "earlier": "ja"}
    sent = await client.post("/afspraak/controle", data=data)
    assert (sent.status_code, sent.headers["location"]) == (303, "/afspraak/controle")
    for header in sent.headers.get_list("set-cookie"):
        assert "HttpOnly" in header
        assert "ezoeker" not in header
    check = await client.get("/afspraak/controle")
    assert check.headers["cache-control"] == "no-store"
    assert link(check, "Vorige stap") == link(check, "Wijzig uw gegevens") == "/afspraak/gegevens"
    form = await client.get("/afspraak/gegevens")
    assert 'value="Test Bezoeker"' in form.text
    assert 'name="earlier" value="ja" checked' in form.text


async def test_html_in_a_name_is_text(town: None, client: httpx.AsyncClient) -> None:
    page = await kept(client)
    answer = await client.post(
        "/afspraak/controle",
        data=DETAILS | {"hold": secret_of(page), "name": "<b>Test</b> Bezoeker"},
        follow_redirects=True,
    )
    assert "<b>Test</b>" not in answer.text
    assert "&lt;b&gt;Test&lt;/b&gt; Bezoeker" in answer.text


async def test_who_goes_back_after_booking_reads_that_it_has_been_made(town: None, client: httpx.AsyncClient) -> None:
    await booked(client)
    for path in ("/afspraak/controle", "/afspraak/gegevens"):
        page = await client.get(path, follow_redirects=True)
        assert "Uw afspraak is al gemaakt" in page.text
        assert link(page, "Bekijk uw afspraak") == "/afspraak/beheer"
    assert 'value="Test Bezoeker"' not in (await kept(client, "10:00")).text


async def test_what_was_typed_goes_along_to_another_time(town: None, client: httpx.AsyncClient, moment: Any) -> None:
    page = await kept(client)
    await client.post("/afspraak/controle", data=DETAILS | {"hold": secret_of(page)})
    assert 'value="Test Bezoeker"' in (await kept(client, "10:00")).text
    assert "10.00" in (await client.get("/afspraak/controle")).text
    moment.move(hours=1, seconds=1)
    assert 'value="Test Bezoeker"' not in (await client.get("/afspraak/gegevens")).text


async def test_more_than_a_cookie_holds_can_be_checked_too(town: None, client: httpx.AsyncClient) -> None:
    data = DETAILS | {"hold": secret_of(await kept(client)), "name": "Test" + "\u2003" * 990 + "X"}
    page = await client.post("/afspraak/controle", data=data, follow_redirects=True)
    assert "Klopt alles?" in page.text


@pytest.mark.parametrize(("typed", "asked"), [("jan@gmail.con", True), ("jan@gmail.com", False)])
async def test_an_address_with_a_likely_mistake_is_asked_about(
    town: None, client: httpx.AsyncClient, typed: str, asked: bool
) -> None:
    data = DETAILS | {"hold": secret_of(await kept(client)), "email": typed}
    check = await client.post("/afspraak/controle", data=data, follow_redirects=True)
    assert ("Bedoelde u jan@gmail.com?" in check.text) is asked
    form = await client.get("/afspraak/gegevens")
    assert ("Bedoelde u jan@gmail.com?" in form.text) is asked
    if asked:
        assert link(check, "e-mailadres") == "/afspraak/gegevens#email"
    made = await client.post("/afspraak/bevestigen", data=data, follow_redirects=True)
    assert "Uw afspraak is gemaakt" in made.text


async def test_a_double_click_books_once(town: None, client: httpx.AsyncClient, desk: Any) -> None:
    page = await kept(client)
    data = DETAILS | {"hold": secret_of(page)}
    first = await client.post("/afspraak/bevestigen", data=data)
    second = await client.post("/afspraak/bevestigen", data=data)
    assert first.headers["location"] == second.headers["location"] == "/afspraak/gemaakt"
    assert first.cookies["kcc-afspraak"] == second.cookies["kcc-afspraak"]


async def test_an_expired_time_is_still_booked_when_free(town: None, client: httpx.AsyncClient, moment: Any) -> None:
    page = await kept(client, "11:00")
    moment.move(minutes=30)
    made = await client.post("/afspraak/bevestigen", data=DETAILS | {"hold": secret_of(page)}, follow_redirects=True)
    assert "Uw afspraak is gemaakt" in made.text


async def test_an_expired_time_that_was_taken_makes_nothing(
    town: None, client: httpx.AsyncClient, moment: Any, desk: Any
) -> None:
    page = await kept(client, "11:00")
    secret = secret_of(page)
    moment.move(minutes=30)
    assert (await desk.book("11:00", email="ander@voorbeeld.example")).status_code == 201
    answer = await client.post("/afspraak/bevestigen", data=DETAILS | {"hold": secret})
    assert answer.status_code == 409
    assert "Er is geen afspraak gemaakt" in answer.text


async def test_without_a_kept_time_the_form_says_so(town: None, client: httpx.AsyncClient) -> None:
    assert "Kies opnieuw een tijd" in (await client.get("/afspraak/gegevens")).text


async def test_the_whole_way_in_english(town: None, client: httpx.AsyncClient) -> None:
    page = await client.get("/afspraak?lang=en")
    assert 'lang="en"' in page.text
    page = await client.get(link(page, "Apply for a passport"))
    assert "For how many people?" in page.text
    page = await kept(client, lang="en")
    assert str(page.url).endswith("lang=en")
    data = DETAILS | {"hold": secret_of(page)}
    made = await client.post("/afspraak/bevestigen?lang=en", data=data, follow_redirects=True)
    assert "Your appointment has been made" in made.text


async def test_a_home_visit_asks_for_the_address(hall: Any, client: httpx.AsyncClient) -> None:
    await hall(product("paspoort"), place("thuis", kind="home-visit", travel_minutes=20, hours=[("9:00", "17:00")]))
    page = await kept(client, "10:00", locatie="thuis")
    data = DETAILS | {"hold": secret_of(page)}
    answer = await client.post("/afspraak/controle", data=data | {"email": "geen"})
    assert answer.text.count("Vul het adres in waar wij komen") == 2
    assert "Nog 2 dingen aanpassen" in answer.text
    made = await client.post(
        "/afspraak/bevestigen", data=data | {"address": "Dorpsstraat 1, Voorbeeld"}, follow_redirects=True
    )
    assert "Bij u thuis" in made.text
    assert "Dorpsstraat 1, Voorbeeld" in made.text


async def test_administrators_see_what_was_counted(
    town: None, client: httpx.AsyncClient, app: Any, sign_in: Any
) -> None:
    administrator = await sign_in(Role.ADMINISTRATOR)
    assert "Er is nog niets geteld" in (await administrator.get("/beheer/producten")).text
    await client.get("/afspraak?product=paspoort")
    await booked(client)
    await app.state.lifespan["product_counter"].flush()
    page = (await administrator.get("/beheer/producten")).text
    row = re.search(r"<th scope=\"row\">Paspoort aanvragen</th>(.*?)</tr>", page, re.DOTALL)
    assert row
    assert re.findall(r">(\d+)</td>", row[1]) == ["1", "0", "1", "1"]
