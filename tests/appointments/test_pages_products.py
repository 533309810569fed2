"""The first step: products under headings people know, and those that are booked most before all."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlmodel import update

from kcc.appointments.menu import DAYS, ENOUGH, headings, often
from kcc.catalogue.models import Topic
from kcc.storage.database import Database
from tests.appointments.conftest import Desk, place, product

TOPICS = [
    Topic(code=code, name=code.capitalize(), parent=parent, department="kcc")
    for code, parent in [
        ("reizen", None), ("paspoort", "reizen"), ("kaart", "reizen"), ("rijden", None), ("rijbewijs", "rijden"),
    ]
]  # fmt: skip


@pytest.mark.parametrize(
    ("articles", "expected"),
    [
        ([("b", "rijbewijs", 1), ("a", "kaart", 1)], {"a": "Reizen", "b": "Rijden"}),
        ([("a", "paspoort", 1), ("a", "kaart", 1), ("a", "rijbewijs", 1)], {"a": "Reizen"}),
        ([("a", "paspoort", 1), ("a", "rijbewijs", 2)], {"a": "Rijden"}),
        ([("a", "rijbewijs", 1), ("a", "paspoort", 1)], {"a": "Reizen"}),  # of equal ones the first
        ([("a", "reizen", 1), ("b", "weg", 9)], {"a": "Reizen"}),
    ],
)
def test_a_product_is_under_the_group_with_most_articles_about_it(
    articles: Sequence[tuple[str, str, int]], expected: Mapping[str, str]
) -> None:
    found = headings(TOPICS, articles)
    assert [(code, group.name) for code, group in found.items()] == list(expected.items())


def test_often_is_not_by_chance() -> None:
    assert often({"a": ENOUGH, "b": ENOUGH - 1, "c": ENOUGH + 5}) == ["c", "a"]
    assert often({}) == []


def shown(page: httpx.Response) -> list[tuple[str, list[str]]]:
    """The products that can be chosen, by heading."""
    soup = BeautifulSoup(page.text, "html.parser")
    return [
        (item.h2.get_text(), [link.get_text() for link in item.select(".kcc-task a")])
        for item in soup.select("main section")
        if item.select(".kcc-task")
    ]


async def test_products_stand_under_headings(kennisbank: None, hall: Any, client: httpx.AsyncClient) -> None:
    await hall(product("akte", name="Akte"), product("paspoort", name="Paspoort aanvragen"), place())
    page = await client.get("/afspraak")
    assert shown(page) == [("Reisdocumenten", ["Paspoort aanvragen"]), ("Overig", ["Akte"])]
    english = await client.get("/afspraak?lang=en")
    assert [heading for heading, _ in shown(english)] == ["Travel documents", "Other"]
    assert BeautifulSoup(english.text, "html.parser").find("h2", lang="nl") is None


async def test_a_group_without_an_english_name_has_its_dutch_one(
    kennisbank: None, hall: Any, client: httpx.AsyncClient, database: Database
) -> None:
    async with database.writing() as session:
        await session.exec(update(Topic).values(name_en=""))
    await hall(product("akte", name="Akte"), product("paspoort", name="Paspoort aanvragen"), place())
    english = await client.get("/afspraak?lang=en")
    assert [heading for heading, _ in shown(english)] == ["Reisdocumenten", "Other"]
    assert BeautifulSoup(english.text, "html.parser").find("h2", lang="nl").get_text() == "Reisdocumenten"


async def test_without_articles_there_is_one_list(hall: Any, client: httpx.AsyncClient) -> None:
    await hall(product("akte"), product("paspoort"), place())
    page = await client.get("/afspraak")
    assert shown(page) == []
    assert [link.get_text() for link in BeautifulSoup(page.text, "html.parser").select(".kcc-task a")] == [
        "Akte",
        "Paspoort",
    ]


async def test_what_is_booked_most_comes_first(hall: Any, client: httpx.AsyncClient, desk: Desk, moment: Any) -> None:
    await hall(product("akte"), product("paspoort"), place(counters=ENOUGH))
    for _ in range(ENOUGH):
        assert (await desk.book("9:20", "paspoort")).status_code == 201
    assert shown(await client.get("/afspraak")) == [("Vaak gekozen", ["Paspoort"])]
    moment.move(days=DAYS + 1)
    assert shown(await client.get("/afspraak")) == []
