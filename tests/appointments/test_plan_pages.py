"""The pages on which an administrator manages the plan: forms, errors, the check before appointments are touched."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from tests.appointments.conftest import Desk, combinable, place, product

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
Hall = Callable[..., Awaitable[None]]


@pytest.fixture
async def admin(hall: Hall, sign_in: SignIn) -> httpx.AsyncClient:
    """An administrator of a town hall with one counter that is open every morning."""
    await hall(product("paspoort"), product("rijbewijs"), combinable("paspoort", "rijbewijs"), place())
    return await sign_in(Role.ADMINISTRATOR)


def page(response: httpx.Response, status: int = 200) -> BeautifulSoup:
    assert response.status_code == status, response.text
    return BeautifulSoup(response.text, "html.parser")


def filled_in(form: Any) -> dict[str, list[str]]:
    """What a browser would send for this form, but for its buttons."""
    sent: dict[str, list[str]] = {}
    for field in form.select("input, textarea, select"):
        if field.get("type") == "checkbox" and not field.has_attr("checked"):
            continue
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            value = chosen["value"]
        else:
            value = field.text.removeprefix("\n") if field.name == "textarea" else field.get("value", "")
        sent.setdefault(field["name"], []).append(value)
    return sent


async def send(client: httpx.AsyncClient, address: str, step: str = "opslaan", **changed: Any) -> httpx.Response:
    """Open a form, change some fields, and press a button. What has several values is given as a list."""
    changed = {name + "[]" * (isinstance(value, list) and "[" not in name): value for name, value in changed.items()}
    form = page(await client.get(address)).select_one("form#formulier")
    return await client.post(address, data=filled_in(form) | {"stap": step} | changed)


def errors(soup: BeautifulSoup) -> list[str]:
    """The errors in the summary; each must lead to a field that tells it too."""
    found = []
    for link in soup.select("#fouten a"):
        target = soup.select_one(str(link["href"]))
        assert target is not None, link
        detail = link.text.split(": ", 1)[1]
        assert detail in soup.select_one(f"{link['href']}-fout").text
        found.append(link.text)
    return found


async def test_saving_a_form_as_it_is_changes_nothing(admin: httpx.AsyncClient) -> None:
    async def everything() -> list[Any]:
        kinds = ("products", "locations")
        found = [(await admin.get(f"/api/v1/{kind}")).json()["results"] for kind in kinds]
        for item in found[0]:
            item.pop("validFrom")
        return found

    before = await everything()
    for address in ("/beheer/producten/paspoort", "/beheer/locaties/stadhuis/wijzigen"):
        assert (await send(admin, address)).status_code == 303, address
    assert await everything() == before
    for address in ("/beheer/locaties/stadhuis/balies/stadhuis-1", "/beheer/locaties/stadhuis/tijden/1"):
        assert (await send(admin, address)).headers["location"] == "/beheer/locaties/stadhuis?gelukt=opgeslagen"
    assert page(await admin.get("/beheer/locaties/stadhuis?gelukt=opgeslagen")).select_one("[role=status]")


async def test_a_product_is_made_and_bookable(admin: httpx.AsyncClient, desk: Desk) -> None:
    answer = await send(
        admin, "/beheer/producten/nieuw", code="hond", name="Hond aanmelden", durationMinutes="8",
        bring="De hond\r\n\r\nEen riem\r\n", combinableWith=["paspoort"], staffOnly=[],
    )  # fmt: skip
    assert answer.headers["location"] == "/beheer/producten?gelukt=opgeslagen"
    made = (await desk.client.get("/api/v1/products/hond")).json()
    assert (made["bring"], made["combinableWith"], made["maxPersons"]) == (["De hond", "Een riem"], ["paspoort"], 1)
    assert "Hond aanmelden" in page(await admin.get("/beheer/producten")).text
    assert (await desk.book("9:00", "hond", "paspoort")).status_code == 201


async def test_what_is_wrong_is_told_twice_and_what_was_typed_stays(admin: httpx.AsyncClient) -> None:
    answer = await send(
        admin, "/beheer/producten/nieuw", code="Hond aan!", name="", durationMinutes="veel", bring="goed\n" + "x" * 201,
        stepMinutes="7", combinableWith=["paspoort"], staffOnly="ja",
    )  # fmt: skip
    soup = page(answer, 400)
    told = errors(soup)
    assert [line.split(":")[0] for line in told] == [
        "Code", "Naam", "Minuten voor de eerste persoon", "Begintijden om de … minuten", "Meenemen",
    ]  # fmt: skip
    assert "Naam: Vul dit in" in told
    assert any("regel 2" in line.lower() for line in told)
    form = filled_in(soup.select_one("form#formulier"))
    assert (form["code"], form["durationMinutes"], form["stepMinutes"]) == (["Hond aan!"], ["veel"], ["7"])
    assert (form["combinableWith[]"], form["staffOnly"]) == (["paspoort"], ["ja"])
    assert form["bring"] == ["goed\n" + "x" * 201]
    assert soup.title is not None
    assert soup.title.text.startswith("Fout: ")


async def test_what_the_plan_refuses_is_told_at_the_field(admin: httpx.AsyncClient) -> None:
    taken = await send(admin, "/beheer/producten/nieuw", code="paspoort", name="Nog een", durationMinutes="5")
    assert errors(page(taken, 409)) == ["Code: De code paspoort is al in gebruik; kies een andere"]
    unknown = await send(admin, "/beheer/producten/paspoort", upl="bestaat niet", costs="{{weg}}")
    assert [line.split(":")[0] for line in errors(page(unknown, 409))] == ["UPL-naam", "Kosten"]
    past = await send(admin, "/beheer/producten/paspoort", validFrom="2026-11-23")
    assert [line.split(":")[0] for line in errors(page(past, 409))] == ["Geldt voor afspraken vanaf"]


async def test_a_change_from_a_later_day_is_shown_and_can_be_changed(admin: httpx.AsyncClient) -> None:
    await send(admin, "/beheer/producten/paspoort", durationMinutes="15", validFrom="2026-12-01")
    soup = page(await admin.get("/beheer/producten/paspoort"))
    assert soup.select_one("#v-durationMinutes")["value"] == "10"
    later = soup.find("a", href="/beheer/producten/paspoort?vanaf=2026-12-01")
    assert later is not None
    planned = page(await admin.get(str(later["href"])))
    assert planned.select_one("#v-durationMinutes")["value"] == "15"
    assert planned.select_one("#v-validFrom")["value"] == "2026-12-01"


async def test_a_whole_location_by_forms(admin: httpx.AsyncClient, desk: Desk) -> None:
    noord = "/beheer/locaties/noord"
    await send(
        admin, "/beheer/locaties/nieuw", code="noord", name="Servicepunt", products=["paspoort"],
        **{"addresses-validFrom[]": ["2026-11-24", "2026-12-24"], "addresses-address[]": ["Plein 1", "Plein 2"]},
    )  # fmt: skip
    assert "Servicepunt" in page(await admin.get("/beheer")).select_one("#h-mis").find_parent("section").text
    await send(admin, f"{noord}/balies/nieuw", code="noord-1", name="Balie 1")
    rule = {"breaks-from[]": ["10.00"], "breaks-until[]": ["10:20"], "weekdays[]": ["2", "3"]}
    answer = await send(admin, f"{noord}/tijden/nieuw", opens="9.30", closes="11:00", **rule)
    assert answer.headers["location"] == f"{noord}?gelukt=opgeslagen"
    assert await desk.starts("paspoort", location="noord") == [
        "09:30",
        "09:40",
        "09:50",
        "10:20",
        "10:30",
        "10:40",
        "10:50",
    ]
    week = page(await admin.get(noord)).select_one(".kcc-week").text
    assert week.count("9.30 tot 11.00 uur, pauze 10.00 tot 10.20") == 2
    assert "Servicepunt" not in page(await admin.get("/beheer")).select_one("#h-mis").find_parent("section").text


async def test_both_a_weekday_and_a_date_are_too_much(admin: httpx.AsyncClient) -> None:
    answer = await send(
        admin, "/beheer/locaties/stadhuis/tijden/1", date="2026-12-01", opens="9:00", closes="8:00",
        **{"breaks-from[]": ["7:00", ""], "breaks-until[]": ["", "8:30"]},
    )  # fmt: skip
    soup = page(answer, 400)
    assert [line.split(":")[0] for line in errors(soup)] == ["Elke week op", "Dicht om", "Pauzes"]
    assert filled_in(soup.select_one("form#formulier"))["breaks-from[]"][0] == "7:00"


@pytest.fixture
async def booked(admin: httpx.AsyncClient, desk: Desk) -> str:
    """The code of an appointment at ten."""
    return str((await desk.book("10:00")).json()["code"])


CLOSE = {"location": "*", "date": "2026-11-24", "from": "9:30", "until": "", "reason": "Storing"}


async def test_before_an_appointment_is_touched_somebody_looks(
    admin: httpx.AsyncClient, booked: str, agent: Desk
) -> None:
    address = "/beheer/sluitingsdagen/nieuw"
    check = page(await send(admin, address, **CLOSE))
    assert "1 afspraak past dan niet meer" in check.text
    assert "dinsdag 24 november 2026, 10.00 uur" in check.text
    assert check.find("a", href=f"/werk/afspraken/{booked}") is not None
    assert (await admin.get("/beheer/sluitingsdagen")).text.count("Storing") == 0
    kept = filled_in(check.select_one("main form"))
    back = page(await admin.post(address, data=kept | {"stap": "terug"}))
    assert filled_in(back.select_one("form#formulier"))["reason"] == ["Storing"]
    done = await admin.post(address, data=kept | {"stap": "toch"})
    told = page(await admin.get(done.headers["location"])).select_one("main [role=status]")
    assert "Opgeslagen. 1 afspraak past niet meer" in told.text
    assert told.select_one('a[href="/beheer#h-geraakt"]')
    assert "Storing" in (await admin.get("/beheer/sluitingsdagen")).text
    assert (await agent.client.get(f"/api/v1/appointments/{booked}")).json()["status"] == "booked"
    overview = page(await admin.get("/beheer"))
    move, see = overview.select_one("#h-geraakt").find_parent("section").select("td a")
    assert (move["href"], move.find(string=True)) == (f"/werk/afspraken/{booked}/verzetten", "Andere tijd")
    assert see.text == f"{booked[:4]}-{booked[4:]}"
    assert "past niet meer" in page(await admin.get(see["href"])).text


async def test_nothing_found_means_that_every_appointment_fits(admin: httpx.AsyncClient, desk: Desk) -> None:
    for start in ("10:00", "11:00"):
        await desk.book(start)
    assert "Niets gevonden" in (await admin.get("/beheer")).text
    address = "/beheer/sluitingsdagen/nieuw"
    kept = filled_in(page(await send(admin, address, **CLOSE)).select_one("main form"))
    done = await admin.post(address, data=kept | {"stap": "toch"})
    assert "Opgeslagen. 2 afspraken passen niet meer" in (await admin.get(done.headers["location"])).text
    attention = page(await admin.get("/beheer")).select_one("#h-mis").find_parent("section")
    assert "Niets gevonden" not in attention.text
    assert "2 afspraken passen niet meer" in attention.text
    assert attention.select_one('a[href="#h-geraakt"]')


async def test_a_made_up_address_says_nothing_odd(admin: httpx.AsyncClient) -> None:
    for number in ("", "-1", "veel", "9" * 5000, "\u0663"):
        told = page(await admin.get("/beheer/sluitingsdagen", params={"gelukt": "opgeslagen", "geraakt": number}))
        assert told.select_one("main [role=status]").text.strip() == "Opgeslagen"


async def test_who_booked_meanwhile_is_shown_first(admin: httpx.AsyncClient, booked: str, desk: Desk) -> None:
    address = "/beheer/sluitingsdagen/nieuw"
    kept = filled_in(page(await send(admin, address, **CLOSE)).select_one("main form"))
    later = (await desk.book("11:00")).json()["code"]
    again = page(await admin.post(address, data=kept | {"stap": "toch"}))
    assert "2 afspraken passen dan niet meer" in again.text
    assert f"{later[:4]}-{later[4:]}" in again.text
    seen = filled_in(again.select_one("main form"))
    assert (await admin.post(address, data=seen | {"stap": "toch"})).status_code == 303


async def test_removing_asks_first(admin: httpx.AsyncClient, booked: str, moment: Any) -> None:
    listed = page(await admin.get("/beheer/locaties/stadhuis"))
    tuesday = listed.select_one(".kcc-week tbody tr:nth-of-type(2) a")["href"]
    address = f"{tuesday}/verwijderen"
    check = page(await admin.post(address))
    assert f"{booked[:4]}-{booked[4:]}" in check.text
    assert (await admin.get(str(tuesday))).status_code == 200
    done = await admin.post(address, data=filled_in(check.select_one("main form")) | {"stap": "toch"})
    assert done.headers["location"] == "/beheer/locaties/stadhuis?gelukt=verwijderd&geraakt=1"
    assert (await admin.get(str(tuesday))).status_code == 404
    refused = await admin.post("/beheer/producten/paspoort/verwijderen")
    assert refused.status_code == 409
    assert re.search(r"stopt", page(refused, 409).text)


async def test_what_nobody_can_book_is_told(admin: httpx.AsyncClient) -> None:
    assert "Niets gevonden" in (await admin.get("/beheer")).text
    await send(admin, "/beheer/locaties/stadhuis/balies/stadhuis-1", products=["rijbewijs"])
    shown = page(await admin.get("/beheer")).select_one("#h-mis").find_parent("section").text
    assert "Paspoort is nergens te boeken" in shown
    assert "Rijbewijs" not in shown


async def test_a_counter_that_never_opens_is_told(admin: httpx.AsyncClient) -> None:
    rules = page(await admin.get("/beheer/locaties/stadhuis")).select(".kcc-week tbody td a")
    for rule in rules:
        assert (await send(admin, str(rule["href"]), counters="1")).status_code == 303
    new = await send(admin, "/beheer/locaties/stadhuis/balies/nieuw", code="stadhuis-7", name="Balie 7")
    told = page(await admin.get(new.headers["location"])).select("main .utrecht-alert")
    assert told[0].text.strip() == "Opgeslagen"
    assert "De openingstijden tellen nog 1 balie" in told[1].text
    assert told[1].select_one('a[href="#h-week"]') is not None
    attention = page(await admin.get("/beheer")).select_one("#h-mis").find_parent("section")
    assert "Balie 7 gaat niet open" in attention.text
    assert attention.select_one('a[href="/beheer/locaties/stadhuis/balies/stadhuis-7"]') is not None
    assert "Balie 1" not in attention.text
    saved = await send(admin, "/beheer/locaties/stadhuis/balies/stadhuis-7", name="Balie Zeven")
    assert "tellen nog" not in (await admin.get(saved.headers["location"])).text
    for rule in rules:
        await send(admin, str(rule["href"]), counters="")
    assert "Niets gevonden" in (await admin.get("/beheer")).text


async def test_a_counter_where_rules_name_no_number_needs_no_more(admin: httpx.AsyncClient) -> None:
    new = await send(admin, "/beheer/locaties/stadhuis/balies/nieuw", code="stadhuis-2", name="Balie 2")
    assert "tellen nog" not in (await admin.get(new.headers["location"])).text
    assert "Niets gevonden" in (await admin.get("/beheer")).text


async def test_a_coming_change_stands_in_the_list(admin: httpx.AsyncClient) -> None:
    await send(admin, "/beheer/producten/paspoort", durationMinutes="15", validFrom="2026-11-25")
    await send(admin, "/beheer/producten/rijbewijs", costs="Gratis", validFrom="2026-12-01")
    rows = page(await admin.get("/beheer/producten")).select("tbody tr")
    cells = [" ".join(row.select("td")[0].get_text(" ").split()) for row in rows[:2]]
    assert cells == ["10 15 minuten vanaf 25 november", "10 gewijzigd vanaf 1 december"]


async def test_topics_and_departments_by_forms(kennisbank: None, sign_in: SignIn) -> None:
    admin = await sign_in(Role.ADMINISTRATOR)
    await send(admin, "/beheer/vakafdelingen/nieuw", code="groen", name="Groen")
    wrong = await send(
        admin, "/beheer/onderwerpen/nieuw", code="hond!", name="Hond", parent="afval", department="groen"
    )
    assert [line.split(":")[0] for line in errors(page(wrong, 400))] == ["Code"]
    made = await send(admin, "/beheer/onderwerpen/nieuw", code="hond", name="Hond", parent="afval", department="groen")
    assert made.headers["location"] == "/beheer/onderwerpen?gelukt=opgeslagen"
    assert (await send(admin, "/beheer/onderwerpen/hond", name="Honden", position="3")).status_code == 303
    topics = {item["code"]: item for item in (await admin.get("/api/v1/topics")).json()["results"]}
    assert topics["hond"] == {
        "code": "hond", "name": "Honden", "nameEn": "", "parent": "afval", "department": "groen",
        "countsForFirstContact": True,
    }  # fmt: skip
    in_use = await admin.post("/beheer/vakafdelingen/groen/verwijderen")
    assert "Er horen nog onderwerpen, artikelen of terugbelverzoeken bij Groen" in page(in_use, 409).text
    for address in ("/beheer/onderwerpen/hond", "/beheer/vakafdelingen/groen"):
        assert (await admin.post(f"{address}/verwijderen")).status_code == 303
        assert (await admin.get(address)).status_code == 404


async def test_what_is_not_there(admin: httpx.AsyncClient) -> None:
    for address in (
        "/beheer/producten/weg", "/beheer/locaties/weg", "/beheer/locaties/weg/wijzigen", "/beheer/sluitingsdagen/9",
        "/beheer/locaties/stadhuis/balies/weg", "/beheer/locaties/stadhuis/tijden/999", "/beheer/onderwerpen/weg",
        "/beheer/vakafdelingen/weg",
    ):  # fmt: skip
        assert (await admin.get(address)).status_code == 404, address
