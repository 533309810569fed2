"""Residents' pages in English: the catalogue is complete, and the pages use it."""

from pathlib import Path

import httpx
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import kcc
from kcc.web.i18n import LANGUAGES, LOCALES, translations

SOURCES = Path(kcc.__file__).parent
HOW = "run the commands in docs/developer/translations.md"


def _wanted() -> set[object]:
    found = extract_from_dir(SOURCES, method_map=[("**/templates/**.html", "jinja2")])
    return {message for _, _, message, _, _ in found}


def _catalogue(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / "kcc.po").open("rb") as file:
        return read_po(file, locale=language)


def _messages(language: str) -> list[Message]:
    return [message for message in _catalogue(language) if message.id]


def _texts(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_catalogue_holds_every_text_of_the_templates_and_no_other(language: str) -> None:
    assert {message.id for message in _messages(language)} == _wanted(), HOW


def test_every_text_has_its_english() -> None:
    unfinished = [message.id for message in _messages("en") if message.fuzzy or not all(_texts(message))]
    assert unfinished == []


def test_the_english_keeps_every_named_value() -> None:
    for message in _messages("en"):
        assert [str(error) for error in message.check(_catalogue("en"))] == []


def test_english_has_a_singular_and_a_plural() -> None:
    english = translations("en")
    found = [english.ungettext("%(count)s antwoord", "%(count)s antwoorden", count) for count in (0, 1, 2)]
    assert found == ["%(count)s answers", "%(count)s answer", "%(count)s answers"]


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/", "What can we help you with?"),
        ("/antwoorden", "All subjects"),
        ("/afspraak", "Make an appointment"),
        ("/privacy", "Here you can read which data this website keeps, and why."),
        ("/toegankelijkheid", "Accessibility"),
    ],
)
async def test_a_page_is_in_english_when_asked(client: httpx.AsyncClient, path: str, heading: str) -> None:
    page = await client.get(path, params={"lang": "en"})
    assert page.status_code == 200
    assert '<html lang="en"' in page.text
    assert heading in page.text


async def test_an_english_reader_is_told_in_english_what_is_missing(client: httpx.AsyncClient) -> None:
    page = await client.get("/antwoorden/bestaat-niet", params={"lang": "en"})
    assert page.status_code == 404
    assert "This is not here, or no longer." in page.text
    assert "Dit artikel bestaat niet" not in page.text


async def test_a_dutch_reader_is_told_in_dutch_what_is_missing(client: httpx.AsyncClient) -> None:
    page = await client.get("/antwoorden/bestaat-niet")
    assert page.status_code == 404
    assert "Dit artikel bestaat niet (meer)" in page.text
