"""A resident who reads English: everything there is in English, and nothing typed is lost on the way to it."""

from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.catalogue.models import Fee, FeeKind, FeeValue
from kcc.storage.database import Database
from tests.appointments.conftest import LONG_AGO, Desk, at, place, product
from tests.appointments.post import Post, text

FEE = "paspoort-18-plus"


@pytest.fixture
async def town(hall: Any, database: Database) -> None:
    """A town hall with directions, and a product with a fee, both in two languages."""
    async with database.writing() as session:
        session.add(Fee(code=FEE, label="Paspoort", kind=FeeKind.MONEY))
        await session.flush()
        session.add(FeeValue(fee=FEE, valid_from=LONG_AGO, value="86.85"))
    costs = {"costs": f"{{{{{FEE}}}}} per paspoort", "costs_en": f"{{{{{FEE}}}}} for each passport"}
    ways = {"directions": "Meld u in de hal.", "directions_en": "Report to the hall."}
    await hall(product("paspoort", **costs), place(**ways))


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nl", ("Meld u in de hal.", "€\u00a086,85 per paspoort")),
        ("en", ("Report to the hall.", "€86.85 for each passport")),
    ],
)
async def test_directions_and_money_are_in_the_language_of_page_and_letter(
    town: None, client: httpx.AsyncClient, desk: Desk, post: Post, language: str, told: tuple[str, ...]
) -> None:
    made = await desk.book("9:20", language=language)
    await client.get(made.json()["manageUrl"])
    page = await client.get("/afspraak/beheer", params={"lang": language})
    (letter,) = await post.deliver()
    for fact in told:
        assert fact in page.text
        assert fact in text(letter)


TYPED = {"name": "Test Bezoeker", "email": "bezoeker@voorbeeld.example", "phone": "0612345678", "earlier": "ja"}


async def details(client: httpx.AsyncClient) -> httpx.Response:
    """The form for who comes, with a time that is kept."""
    address = "/afspraak/tijd?product=paspoort:1&locatie=stadhuis"
    return await client.post(address, data={"start": at("9:20")}, follow_redirects=True)


async def other_language(client: httpx.AsyncClient, page: httpx.Response, **typed: str) -> httpx.Response:
    """Press the button of the other language, with this typed in its form."""
    soup = BeautifulSoup(page.text, "html.parser")
    button = soup.select_one("header button[formaction]")
    fields = soup.select(f"form#{button['form']} input[name]")
    sent = {
        item["name"]: item.get("value", "") for item in fields if item["type"] != "checkbox" or "checked" in item.attrs
    }
    pressed = {button["name"]: button["value"]} if button.get("name") else {}
    return await client.post(button["formaction"], data=sent | typed | pressed, follow_redirects=True)


def values(page: httpx.Response) -> dict[str, str]:
    """What stands in the form for who comes."""
    fields = BeautifulSoup(page.text, "html.parser").select("form#gegevens input[name]")
    return {
        item["name"]: item.get("value", "") for item in fields if item["type"] != "checkbox" or "checked" in item.attrs
    }


async def test_what_was_typed_survives_a_change_of_language(town: None, client: httpx.AsyncClient) -> None:
    english = await other_language(client, await details(client), **TYPED)
    assert (english.status_code, english.headers["cache-control"]) == (200, "no-store")
    assert "What are your details?" in english.text
    assert values(english).items() >= TYPED.items()
    dutch = await other_language(client, english, name="Ander Bezoeker")
    assert "Wat zijn uw gegevens?" in dutch.text
    assert values(dutch).items() >= (TYPED | {"name": "Ander Bezoeker"}).items()


async def test_what_is_wrong_is_told_in_the_other_language_too(town: None, client: httpx.AsyncClient) -> None:
    page = await details(client)
    wrong = await client.post("/afspraak/controle", data=values(page) | TYPED | {"email": "geen"})
    english = await other_language(client, wrong)
    assert "Fill in a complete e-mail address" in english.text
    assert values(english)["email"] == "geen"


async def test_the_check_page_in_the_other_language_can_be_confirmed(
    town: None, client: httpx.AsyncClient, desk: Desk
) -> None:
    page = await details(client)
    check = await client.post("/afspraak/controle", data=values(page) | TYPED, follow_redirects=True)
    english = await other_language(client, check)
    assert "Confirm appointment" in english.text
    assert "Test Bezoeker" in english.text
    form = BeautifulSoup(english.text, "html.parser").select_one("form#bevestigen")
    sent = {item["name"]: item["value"] for item in form.select("input")}
    made = await client.post(form["action"], data=sent, follow_redirects=True)
    assert "Your appointment has been made" in made.text


async def test_after_a_wrong_code_the_page_has_another_language(town: None, client: httpx.AsyncClient) -> None:
    page = await client.post("/afspraak/beheer/zoeken", data={"code": "BBBBBBBB", "email": "geen"})
    link = BeautifulSoup(page.text, "html.parser").select_one("header a[hreflang=en]")
    assert (await client.get(link["href"])).status_code == 200
