"""The agent's desk while JavaScript is off or did not arrive: links and forms do all of it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import sign_in
from tests.journeys.desk import field, first_title, logged, saved, title
from tests.journeys.serving import Site


@pytest.fixture
def desk(open_browser: Callable, site: Site) -> Page:
    """The desk of an agent whose browser runs no scripts."""
    context, watch = open_browser(site, java_script_enabled=False)
    watch.expect("status of 400 ")  # a report without words
    page = context.new_page()
    sign_in(page, "medewerker")
    expect(page).to_have_url(re.compile("/werk$"))
    return page


def ask(page: Page, words: str) -> None:
    field(page).fill(words)
    page.get_by_role("button", name="Zoek", exact=True).click()


def test_a_whole_call(desk: Page) -> None:
    ask(desk, "grofvuil")
    expect(field(desk)).to_have_value("grofvuil")
    first_title(desk).click()
    expect(title(desk)).to_have_text("Grofvuil laten ophalen")
    expect(desk.locator(".kcc-hit--open")).to_contain_text("Grofvuil laten ophalen")
    desk.get_by_role("button", name="Opgelost").click()
    expect(logged(desk)).to_contain_text("Vastgelegd: opgelost")
    expect(title(desk)).to_have_text("Grofvuil laten ophalen")
    ask(desk, "rijbewijs kwijt")
    expect(first_title(desk)).to_have_text("Rijbewijs kwijt of gestolen")


def test_not_the_answer_and_something_wrong(desk: Page) -> None:
    ask(desk, "grofvuil")
    first_title(desk).click()
    desk.get_by_role("button", name="Nee, niet het antwoord").click()
    expect(saved(desk)).to_contain_text("Opgeslagen: niet het antwoord")
    desk.locator(".kcc-wrong summary").click()
    desk.get_by_label("Wat klopt er niet?").fill("Er staat een oude dag.")
    desk.get_by_role("button", name="Meld aan de redactie").click()
    expect(saved(desk)).to_contain_text("Melding opgeslagen")


def test_a_report_without_words_comes_back_with_the_article(desk: Page) -> None:
    ask(desk, "grofvuil")
    first_title(desk).click()
    desk.locator(".kcc-wrong summary").click()
    desk.get_by_label("Wat klopt er niet?").fill("   ")
    desk.get_by_role("button", name="Meld aan de redactie").click()
    expect(desk.locator("#reactie [role=alert]")).to_contain_text("Schrijf op wat er niet klopt")
    expect(title(desk)).to_have_text("Grofvuil laten ophalen")
    expect(field(desk)).to_have_value("grofvuil")


def test_filters(desk: Page) -> None:
    desk.locator("#filters summary").click()
    desk.locator("#filters").get_by_label("Onderwerp").select_option("rijbewijs")
    ask(desk, "kwijt")
    expect(first_title(desk)).to_have_text("Rijbewijs kwijt of gestolen")
    expect(desk.locator("#gevonden")).to_contain_text("Alleen: Rijbewijs")
    first_title(desk).click()
    expect(title(desk)).to_have_text("Rijbewijs kwijt of gestolen")
    expect(desk.locator("#gevonden")).to_contain_text("Alleen: Rijbewijs")
    desk.get_by_role("link", name="Zonder filters").click()
    expect(desk.locator("#gevonden")).not_to_contain_text("Alleen:")


def test_what_only_works_with_script_is_not_shown(desk: Page) -> None:
    expect(desk.get_by_label("Toets / gebruiken")).to_be_hidden()
    expect(desk.locator("#storing")).to_be_hidden()
