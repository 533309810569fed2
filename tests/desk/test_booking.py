"""An appointment made at the desk, by pages alone: what is offered, what is refused, what is kept."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from kcc.access.roles import Role
from kcc.storage.database import Database
from tests.desk.conftest import PERSON, Page, SignIn, appointments, booked, letters, visit

# Valid by the eleven-test, and nobody's: made for examples.
BSN = "111222333"


async def screen(agent: httpx.AsyncClient, product: str = "paspoort", **query: str) -> Page:
    """The screen for a product."""
    return await visit(agent, "/werk/afspraak", product=product, **query)


async def test_the_screen_offers_places_and_times(agent: httpx.AsyncClient) -> None:
    page = await screen(agent)
    places = [" ".join(label.get_text(" ").split()) for label in page.seen.select("#waar label[for^=locatie]")]
    assert places == [
        "Stadhuis Markt 1, Voorbeeld di 24 nov, 9.00 uur",
        "Thuis Wij komen bij de inwoner thuis wo 25 nov, 14.20 uur",
        "Wijkpunt Markt 1, Voorbeeld vr 27 nov, 13.00 uur",
    ]
    assert list(page.days) == [
        "Dinsdag 24 november",
        "Woensdag 25 november",
        "Donderdag 26 november",
        "Dinsdag 1 december",
    ]
    assert page.days["Woensdag 25 november"] == [f"{9 + n // 6}.{n % 6}0" for n in range(12)]
    assert "Uw oude paspoort" in page.text and "Gratis." in page.text
    assert page.seen.select("[name=tijd][checked]") == []


async def test_what_only_staff_book_is_there_and_marked(agent: httpx.AsyncClient) -> None:
    page = await screen(agent)
    assert page.days["Dinsdag 24 november"][-3:] == ["11.00*", "11.10*", "11.20*"]
    assert "*" not in "".join(page.days["Woensdag 25 november"])
    options = [option.get_text() for option in page.seen.select("#product option")]
    assert options[1:] == [
        "Huwelijk melden",
        "Nederlander worden – alleen via ons",
        "Paspoort aanvragen",
        "Rijbewijs aanvragen",
    ]
    alone = await screen(agent, "naturalisatie")
    assert alone.days["Woensdag 25 november"] == ["9.00*", "9.30*", "10.00*", "10.30*"]


async def test_booked_and_told(agent: httpx.AsyncClient, database: Database) -> None:
    page = await screen(agent, artikel="paspoort-aanvragen", q="pas")
    made = await page.send(tijd="11.10", **PERSON, earlier="true")
    told = await made.follow()
    (row,) = await appointments(database)
    assert (row.name, row.email, row.booked_by_staff) == ("Test Bezoeker", "bezoeker@voorbeeld.example", True)
    assert row.earlier_asked_at is not None
    assert f"/werk/afspraken/{row.code}?" in made.location
    said = told.seen.select(".kcc-answer")[0].get_text(" ")
    assert "dinsdag 24 november 2026 om 11.10 uur" in said
    assert "Stadhuis, Markt 1, Voorbeeld" in said
    assert f"{row.code[:4]}-{row.code[4:]}" in said
    assert "Uw oude paspoort" in told.text and "Gratis." in told.text
    assert told.seen.select('a[href="/werk?artikel=paspoort-aanvragen&q=pas"]')
    assert await letters(database) == [("confirmation", 0)]


async def test_a_double_click_makes_one_appointment(agent: httpx.AsyncClient, database: Database) -> None:
    page = await screen(agent)
    first, second = [await page.send(tijd="10.00", **PERSON) for _ in range(2)]
    assert (first.status, second.status) == (303, 303)
    assert first.location == second.location
    assert len(await appointments(database)) == 1


async def test_a_form_used_again_asks_before_it_books_another(agent: httpx.AsyncClient, database: Database) -> None:
    page = await screen(agent)
    await page.send(tijd="10.00", **PERSON)
    again = await page.send(tijd="10.10", **PERSON)
    assert (again.status, [field for field, _ in again.errors]) == (409, ["maken"])
    assert len(await appointments(database)) == 1
    assert (await again.send()).status == 303
    assert len(await appointments(database)) == 2


async def test_a_time_that_is_gone_keeps_what_was_typed(agent: httpx.AsyncClient, database: Database) -> None:
    page = await screen(agent)
    await booked(agent, "10.00", email="ander@voorbeeld.example")
    late = await page.send(tijd="10.00", **PERSON, phone="0612345678", language="en", earlier="true")
    assert late.status == 409
    assert late.errors == [("tijden", "Deze tijd is niet (meer) vrij. Kies een andere tijd.")]
    assert "10.00" not in late.days["Dinsdag 24 november"]
    kept = late.fields()
    assert kept.items() >= {**PERSON, "phone": "0612345678", "language": "en", "earlier": "true"}.items()
    assert "tijd" not in kept
    assert (await late.send(tijd="10.10")).status == 303
    assert len(await appointments(database)) == 2


@pytest.mark.parametrize(
    "changed", [{"product": "rijbewijs"}, {"personen": "2"}, {"locatie": "wijkpunt"}, {"vanaf": "2026-11-25"}]
)
async def test_nothing_is_booked_that_the_agent_saw_no_times_for(
    agent: httpx.AsyncClient, database: Database, changed: dict[str, str]
) -> None:
    page = await screen(agent)
    shown = await page.send(tijd="10.00", **PERSON, **changed)
    assert (shown.status, "Kies eerst een tijd" in shown.text) == (200, True)
    assert await appointments(database) == []
    assert shown.fields().items() >= {**PERSON, **changed}.items()
    first_time = next(iter(shown.days.values()))[0]
    assert (await shown.send(tijd=first_time)).status == 303


async def test_the_buttons_show_times_and_book_nothing(agent: httpx.AsyncClient, database: Database) -> None:
    page = await screen(agent)
    for pressed in ({"ververs": "1"}, {"naar": "2026-11-25"}):
        shown = await page.send(tijd="10.00", **PERSON, **pressed)
        assert (shown.status, shown.errors, "Kies eerst" in shown.text) == (200, [], False)
    assert next(iter(shown.days)) == "Woensdag 25 november"
    assert await appointments(database) == []


async def test_paging_shows_every_free_day_once_and_comes_back(
    agent: httpx.AsyncClient, hall: Callable[..., Awaitable[None]], with_token: SignIn
) -> None:
    page, pages = await screen(agent), []
    for _ in range(3):
        pages.append(list(page.days))
        (later,) = page.seen.select("#later")
        page = await page.send(naar=str(later["value"]))
    token = await with_token(Role.AGENT)
    asked = {"location": "stadhuis", "product": "paspoort", "from": "2026-11-24", "to": "2027-01-01"}
    answer = (await token.get("/api/v1/availability", params=asked)).json()
    free = [day["date"] for day in answer["days"] if day["starts"]]
    shown = [day.split()[1] for days in pages for day in days]
    assert shown == [str(int(day[-2:])) for day in free[:12]]
    for earlier in reversed(pages):
        (before,) = page.seen.select("#eerder")
        page = await page.send(naar=str(before["value"]))
        assert list(page.days) == earlier
    assert page.seen.select("#eerder") == []


async def test_products_that_go_together_are_one_visit(agent: httpx.AsyncClient, database: Database) -> None:
    page = await screen(agent)
    assert [label.get_text() for label in page.seen.select(".kcc-book__along label")] == ["Rijbewijs aanvragen"]
    both = await page.send(**{"personen": "2", "erbij-rijbewijs": "1", "ververs": "1"})
    assert "Duurt 40 minuten" in both.text
    told = await (await both.send(tijd="9.30", **PERSON)).follow()
    assert "Paspoort aanvragen, 2 personen Rijbewijs aanvragen, 1 persoon" in told.text
    (row,) = await appointments(database)
    assert (row.ends_at - row.starts_at).total_seconds() == 40 * 60
    other = await both.send(product="huwelijk", ververs="1")
    assert other.seen.select(".kcc-book__along") == [] and "Duurt 30 minuten" in other.text


async def test_a_home_visit_needs_an_address(agent: httpx.AsyncClient, database: Database) -> None:
    page = await (await screen(agent)).send(locatie="thuis", ververs="1")
    refused = await page.send(tijd="14.30", **PERSON)
    assert refused.errors == [("adres", "Vul het adres in waar wij komen")]
    told = await (await refused.send(address="Dorpsstraat 1, Voorbeeld")).follow()
    assert "Wij komen bij u langs op" in told.text
    assert [row.address for row in await appointments(database)] == ["Dorpsstraat 1, Voorbeeld"]


async def test_all_that_is_wrong_is_told_at_once_and_kept(
    agent: httpx.AsyncClient, database: Database, subtests: pytest.Subtests
) -> None:
    page = await screen(agent)
    for filled, fields in (
        ({}, ["naam", "email", "tijden"]),
        ({"name": "Test", "phone": "0612345678"}, ["tijden"]),
        ({"name": "Test", "tijd": "10.00"}, ["email"]),
        ({"name": "Test", "email": "geen adres", "phone": "12"}, ["email", "telefoon", "tijden"]),
        ({"name": f"Test {BSN}", "phone": "0612345678", "tijd": "10.00"}, ["naam"]),
        ({"name": "Test", "phone": "0612345678", "earlier": "true", "tijd": "10.00"}, ["email"]),
    ):
        with subtests.test(filled=filled):
            refused = await page.send(**filled)
            assert (refused.status, [field for field, _ in refused.errors]) == (400, fields)
            assert all(refused.seen.select(f"#{field}") for field in fields)
            assert refused.fields().items() >= {key: value for key, value in filled.items() if key != "tijd"}.items()
            assert ("tijd" in refused.fields()) == ("tijd" in filled)
    assert await appointments(database) == []


async def test_nonsense_is_answered_and_books_nothing(
    agent: httpx.AsyncClient, database: Database, subtests: pytest.Subtests
) -> None:
    page = await screen(agent)
    for wrong in (
        {"tijd": "gisteren"},
        {"tijd": "2026-11-24T10:00:00"},
        {"tijd": "9999-12-31T23:59:59Z"},
        {"tijd": "2026-11-24T09:01:00Z"},
        {"tijd": "2020-11-24T09:00:00Z"},
        {"vanaf": "9999-12-31"},
        {"vanaf": "0001-01-01"},
        {"personen": "-1"},
        {"personen": "9" * 9},
        {"erbij-huwelijk": "1"},
        {"locatie": "maan"},
        {"product": "<b>"},
        {"name": "nul\x00teken"},
        {"artikel": "nul\x00teken"},
        {"sleutel": "x" * 5000},
    ):
        with subtests.test(wrong=wrong):
            answer = await page.send(**{"tijd": "", **PERSON, **wrong})
            assert answer.status in (200, 400, 409), answer.text
    assert await appointments(database) == []
    for query in ({"product": "nee"}, {"product": "paspoort", "vanaf": "9999-12-31"}, {"artikel": "x" * 500}):
        assert (await visit(agent, "/werk/afspraak", **query)).status == 200


async def test_the_article_stands_beside_it(kennisbank: None, agent: httpx.AsyncClient) -> None:
    desk = await visit(agent, "/werk", q="pas", artikel="paspoort-aanvragen")
    (link,) = desk.seen.select('a[aria-keyshortcuts="Alt+A"]')
    page = await visit(agent, str(link["href"]))
    assert "Het kost €\u00a086,85." in page.seen.select("article")[0].get_text()
    assert page.fields()["product"] == "paspoort"
    assert page.seen.select('a[href="/werk?artikel=paspoort-aanvragen&q=pas"]')


async def test_who_may_not_book_is_sent_to_the_residents_page(kennisbank: None, town: None, sign_in: SignIn) -> None:
    editor = await sign_in(Role.EDITOR)
    desk = await visit(editor, "/werk", artikel="paspoort-aanvragen")
    assert desk.seen.select('a[href="/afspraak?product=paspoort"]')
    assert desk.seen.select('a[href="/werk/afspraken"]') == []
    for path in ("/werk/afspraak", "/werk/afspraken", "/werk/afspraken/K7QP4M2X"):
        assert (await editor.get(path)).status_code == 403
    for role in (Role.COUNTER_CLERK, Role.TEAM_LEAD, Role.ADMINISTRATOR):
        answer = await (await sign_in(role)).get("/werk/afspraak?product=paspoort")
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
