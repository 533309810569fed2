"""Fees: shown as residents read money, changing on their date, and never guessed."""

import asyncio
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.catalogue import fees
from kcc.catalogue.models import Fee, FeeKind, FeeValue
from kcc.catalogue.queries import merge, replace_fee_values
from kcc.settings import Settings
from kcc.storage.database import Database
from tests.conftest import SetClock, browser_of
from tests.running import running

AMOUNTS = st.decimals(min_value=0, max_value=999_999_999, places=2)
CODES = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "€\u00a00"),
        ("0.00", "€\u00a00"),
        ("0.05", "€\u00a00,05"),
        ("5.5", "€\u00a05,50"),
        ("61.00", "€\u00a061"),
        ("86.85", "€\u00a086,85"),
        ("999.99", "€\u00a0999,99"),
        ("1670", "€\u00a01.670"),
        ("1234567.89", "€\u00a01.234.567,89"),
    ],
)
def test_money_is_shown_the_dutch_way(value: str, text: str) -> None:
    assert fees.shown(FeeKind.MONEY, value) == text


@pytest.mark.parametrize(
    ("value", "text"), [("0", "€0"), ("5.5", "€5.50"), ("86.85", "€86.85"), ("1234567.89", "€1,234,567.89")]
)
def test_in_english_money_is_shown_the_english_way(value: str, text: str) -> None:
    assert fees.shown(FeeKind.MONEY, value, "en") == text


@given(amount=AMOUNTS)
def test_what_is_shown_is_the_amount_to_the_cent(amount: Decimal) -> None:
    text = fees.shown(FeeKind.MONEY, str(amount))
    assert re.fullmatch(r"€\s\d{1,3}(\.\d{3})*(,\d\d)?", text)
    assert Decimal(text[2:].replace(".", "").replace(",", ".")) == amount
    assert ("," in text) == (amount != int(amount))


@given(text=st.text(min_size=1))
def test_text_is_shown_as_it_stands(text: str) -> None:
    assert fees.shown(FeeKind.TEXT, text) == text


@given(
    code=CODES,
    before=st.text(alphabet="ab \n"),
    after=st.text(alphabet="ab \n"),
    value=st.text(alphabet="ab {}€.,", min_size=1),
)
def test_a_placeholder_becomes_its_value_and_the_rest_stays(code: str, before: str, after: str, value: str) -> None:
    for placeholder in ("{{%s}}", "{{ %s }}"):
        text = before + placeholder % code + after
        assert fees.codes(text) == {code}
        assert fees.fill(text, {code: value}) == before + value + after
        assert fees.fill(text, {}) == before + fees.MISSING + after


@pytest.mark.parametrize("text", ["{{}}", "{a}", "{{Hoofdletters}}", "{{a b}}", "{{ a", "{{-a}}", "{{a}"])
def test_what_is_no_placeholder_is_left_alone(text: str) -> None:
    assert fees.codes(text) == set()
    assert fees.fill(text, {"a": "1"}) == text


def test_the_value_of_one_placeholder_is_not_read_as_another() -> None:
    assert fees.fill("{{a}} {{b}}", {"a": "{{b}}", "b": "2"}) == "{{b}} 2"


def test_what_is_used_but_unknown_is_named() -> None:
    assert fees.missing(["kost {{a}} of {{ b }}", "{{c}}", "{{Geen Code}}"], ["a"]) == {"b", "c"}


async def _on(database: Database, day: date) -> dict[str, str]:
    async with database.reading() as session:
        return await fees.current(session, day)


async def test_a_value_holds_from_its_date_until_the_next(database: Database) -> None:
    async with database.writing() as session:
        await merge(session, [Fee(code="a", label="A", kind=FeeKind.TEXT), Fee(code="b", label="B", kind=FeeKind.TEXT)])
        values = [(date(2026, 1, 1), "old"), (date(2027, 1, 1), "new"), (date(2027, 7, 1), "newer")]
        await replace_fee_values(
            session, ["a"], [FeeValue(fee="a", valid_from=day, value=text) for day, text in values]
        )
        await replace_fee_values(session, ["b"], [FeeValue(fee="b", valid_from=date(2026, 6, 1), value="b")])
    expected = [
        (date(2025, 12, 31), {}),
        (date(2026, 1, 1), {"a": "old"}),
        (date(2026, 6, 1), {"a": "old", "b": "b"}),
        (date(2026, 12, 31), {"a": "old", "b": "b"}),
        (date(2027, 1, 1), {"a": "new", "b": "b"}),
        (date(2030, 1, 1), {"a": "newer", "b": "b"}),
    ]
    for day, values_then in expected:
        assert await _on(database, day) == values_then, day


async def test_new_values_replace_the_old_ones(database: Database) -> None:
    day = date(2026, 1, 1)
    async with database.writing() as session:
        await merge(session, [Fee(code="a", label="A", kind=FeeKind.TEXT)])
        await replace_fee_values(session, ["a"], [FeeValue(fee="a", valid_from=day, value="wrong")])
    async with database.writing() as session:
        await merge(session, [Fee(code="a", label="A", kind=FeeKind.MONEY)])
        await replace_fee_values(session, ["a"], [FeeValue(fee="a", valid_from=day, value="12.50")])
    (value,) = (await _on(database, day)).values()
    assert value == "€\u00a012,50"


@pytest.mark.parametrize(
    ("moment_utc", "price"),
    [
        (datetime(2025, 12, 31, 22, 59, tzinfo=UTC), "(bedrag volgt)"),
        (datetime(2025, 12, 31, 23, 0, tzinfo=UTC), "€\u00a086,85"),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), "€\u00a086,85"),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), "€\u00a089,40"),
    ],
)
async def test_a_resident_reads_the_price_of_the_local_day(
    kennisbank: None, settings: Settings, moment: SetClock, moment_utc: datetime, price: str
) -> None:
    moment.at = moment_utc
    async with running(settings) as app, browser_of(app) as client:
        page = await client.get("/antwoorden/paspoort-aanvragen")
        article = await client.get("/api/v1/articles/paspoort-aanvragen")
        found = await client.get("/api/v1/articles", params={"q": "paspoort aanvragen"})
    for text in (page.text, article.text, found.text):
        assert price in text.replace("&nbsp;", "\u00a0")
        assert "{{" not in text


async def test_the_price_changes_by_itself_at_midnight(
    kennisbank: None, client: httpx.AsyncClient, moment: SetClock
) -> None:
    moment.at = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)
    await _until_shown(client, "€\u00a086,85")
    moment.move(minutes=1)
    await _until_shown(client, "€\u00a089,40")


async def _until_shown(client: httpx.AsyncClient, price: str) -> None:
    async with asyncio.timeout(240):
        while True:
            page = await client.get("/antwoorden/paspoort-aanvragen")
            if price in page.text.replace("&nbsp;", "\u00a0"):
                return
            await asyncio.sleep(0.05)


def test_an_amount_that_was_typed_stays_on_one_line_too() -> None:
    assert fees.fill("€ 12,50 of €  9, niet € per stuk", {}) == "€\u00a012,50 of €\u00a09, niet € per stuk"
