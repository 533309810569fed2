"""A resident who reads English: everything there is in English, and nothing typed is lost on the way to it."""

from typing import Any

import httpx
import pytest

from kcc.catalogue.models import Fee, FeeKind, FeeValue
from kcc.storage.database import Database
from tests.appointments.conftest import LONG_AGO, Desk, place, product
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
        ("nl", ("Meld u in de hal.", "€ 86,85 per paspoort")),
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
