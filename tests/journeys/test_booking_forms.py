"""What only a browser shows of the forms of booking: arrows, order on a small screen, what a key presses."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.checks import axe_findings, layout_findings
from tests.journeys.test_booking import WORDS, choose, press

TIMES = "/afspraak/tijd?product=paspoort:2&locatie=stadhuis"


def details(page: Page) -> None:
    """On to the form for who comes."""
    page.goto(TIMES)
    choose(page, 2)
    press(page, WORDS["nl"]["on"])


def fill(page: Page, words: dict[str, str]) -> None:
    """Who comes."""
    page.get_by_label(words["name"], exact=True).fill("Test Bezoeker")
    page.get_by_label(words["email"], exact=True).fill("test@voorbeeld.example")


@pytest.mark.parametrize(
    ("path", "user", "name"),
    [
        ("/afspraak?product=paspoort", None, "#personen-paspoort"),
        ("/werk/afspraak?product=paspoort", "medewerker", "#product"),
        ("/werk/afspraak?product=paspoort", "medewerker", "#taal"),
        ("/werk?onderwerp=rijbewijs", "medewerker", ".kcc-filters select"),
        ("/beheer/locaties/nieuw", "beheerder", "select"),
    ],
)
def test_a_list_of_choices_has_an_arrow(visit: Callable[..., Page], path: str, user: str | None, name: str) -> None:
    page = visit(path, user=user)
    field = page.locator(name).first
    drawn = field.evaluate("field => getComputedStyle(field).backgroundImage")
    assert drawn.count("linear-gradient") == 2
    assert field.evaluate("field => parseFloat(getComputedStyle(field).paddingInlineEnd)") >= 24


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_small_screen_what_to_check_stands_above_the_button(visit: Callable[..., Page], width: int) -> None:
    page = visit(TIMES, width=width)
    columns = page.locator(".kcc-times").first.evaluate("times => getComputedStyle(times).gridTemplateColumns")
    assert len(columns.split()) >= 3
    details(page)
    fill(page, WORDS["nl"])
    press(page, WORDS["nl"]["check"])
    button = page.get_by_role("button", name=WORDS["nl"]["book"]).bounding_box()
    checked = page.locator(".kcc-booking__aside").bounding_box()
    assert button and checked
    assert checked["y"] + checked["height"] < button["y"]
    assert axe_findings(page) == []
    assert layout_findings(page) == []


@pytest.mark.parametrize("script", [True, False])
def test_a_change_of_language_keeps_what_was_typed(open_browser: Callable, site: object, *, script: bool) -> None:
    context, _ = open_browser(site, width=320, java_script_enabled=script)
    page = context.new_page()
    details(page)
    fill(page, WORDS["nl"])
    press(page, "English")
    name = page.get_by_label(WORDS["en"]["name"], exact=True)
    expect(name).to_have_value("Test Bezoeker")
    name.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")  # on to the next step, not back to Dutch
    expect(page.get_by_role("button", name=WORDS["en"]["book"])).to_be_visible()
    press(page, "Nederlands")
    expect(page.get_by_role("button", name=WORDS["nl"]["book"])).to_be_visible()
    expect(page.get_by_text("test@voorbeeld.example")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_back_after_booking_says_that_it_has_been_made(open_browser: Callable, site: object, *, script: bool) -> None:
    context, _ = open_browser(site, width=390, java_script_enabled=script)
    page, words = context.new_page(), WORDS["nl"]
    details(page)
    fill(page, words)
    page.get_by_label(words["email"], exact=True).fill(f"terug-{script}@gmail.con".lower())
    press(page, words["check"])
    expect(page.get_by_text("Bedoelde u")).to_be_visible()
    assert "@" not in page.url
    press(page, "Vorige stap", "link")
    expect(page.get_by_label(words["name"], exact=True)).to_have_value("Test Bezoeker")
    page.go_back()
    if script:
        assert axe_findings(page) == []
    press(page, words["book"])
    expect(page.get_by_role("heading", name=words["made"])).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Uw afspraak is al gemaakt")).to_be_visible()
    if script:
        assert axe_findings(page) == []
        assert layout_findings(page) == []
    press(page, "Bekijk uw afspraak", "link")
    expect(page.get_by_role("heading", name="Mijn afspraak")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_small_screen_the_choice_comes_before_the_summary(visit: Callable[..., Page], width: int) -> None:
    page = visit(TIMES, width=width)
    calendar = page.locator(".kcc-cal").bounding_box()
    summary = page.locator(".kcc-booking__aside").bounding_box()
    assert calendar and summary
    assert calendar["y"] < summary["y"]
