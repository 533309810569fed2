"""A resident looks for an answer: without JavaScript, by keyboard, with large letters, in English, on paper."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.journeys.checks import layout_findings
from tests.journeys.conftest import launch
from tests.journeys.serving import Site

Visit = Callable[..., Page]
SEARCH = "Zoek een antwoord of product"


def search(page: Page, words: str) -> None:
    page.get_by_label(SEARCH).fill(words)
    page.get_by_role("button", name="Zoek", exact=True).click()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this has focus; each stop on the way must show its focus."""
    wanted = page.locator(selector).first
    for _ in range(80):
        page.keyboard.press("Tab")
        ring = page.evaluate("""() => {
            const style = getComputedStyle(document.activeElement);
            return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
        }""")
        assert ring, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"Tab never reached {selector}")


def test_from_question_to_answer_on_a_phone_without_javascript(visit: Visit) -> None:
    page = visit("/", width=390, java_script_enabled=False)
    search(page, "ik ga verhuizen")
    expect(page.get_by_role("heading", name="Gevonden antwoorden")).to_be_visible()
    page.get_by_role("link", name="Verhuizing doorgeven", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Verhuizing doorgeven")
    expect(page.get_by_role("link", name="Regel het online")).to_be_visible()
    page.get_by_role("button", name="Ja", exact=True).click()
    expect(page.locator("#reactie")).to_contain_text("Bedankt voor uw reactie")
    expect(page).to_have_url(re.compile("#reactie$"))
    page.get_by_role("link", name="Terug naar de gevonden antwoorden").click()
    expect(page.get_by_label(SEARCH)).to_have_value("ik ga verhuizen")


def test_no_is_an_answer_too(visit: Visit) -> None:
    page = visit("/antwoorden/grofvuil?q=vuil", java_script_enabled=False)
    page.get_by_role("button", name="Nee", exact=True).click()
    expect(page.locator("#reactie")).to_contain_text("Bel ons: 14 0123")


def test_residents_pages_carry_no_script_and_set_no_cookie(visit: Visit) -> None:
    page = visit("/")
    for path in ("/", "/antwoorden", "/antwoorden?q=paspoort", "/antwoorden/grofvuil", "/afspraak", "/privacy"):
        page.goto(path)
        assert page.locator("script").count() == 0
    assert page.context.cookies() == []


def test_by_keyboard_from_question_to_feedback(visit: Visit) -> None:
    page = visit("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Direct naar de inhoud")).to_be_focused()
    expect(page.get_by_role("link", name="Direct naar de inhoud")).to_be_in_viewport()
    page.keyboard.press("Enter")
    tab_to(page, "#q")
    page.keyboard.type("parkeervergunning")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/antwoorden\?q=parkeervergunning"))
    tab_to(page, ".kcc-result a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Parkeervergunning voor bewoners")
    tab_to(page, "#reactie button")
    page.keyboard.press("Enter")
    expect(page.locator("#reactie")).to_contain_text("Bedankt voor uw reactie")


def test_a_typing_error_is_answered_and_the_right_word_offered(visit: Visit) -> None:
    page = visit("/")
    search(page, "pasport aanvraagen")
    expect(page.locator(".kcc-result h2").first).to_have_text("Paspoort aanvragen")
    page.get_by_role("link", name="paspoort aanvragen", exact=True).click()
    expect(page.get_by_label(SEARCH)).to_have_value("paspoort aanvragen")


def test_nothing_found_tells_what_else_to_do(visit: Visit) -> None:
    page = visit("/")
    search(page, "xqzwvkk")
    empty = page.get_by_role("region", name="We vonden geen antwoord over “xqzwvkk”")
    expect(empty.get_by_role("link", name="14 0123")).to_have_attribute("href", "tel:140123")
    empty.get_by_role("link", name="Kies zelf een onderwerp").click()
    expect(page.get_by_role("heading", name="Alle onderwerpen")).to_be_visible()


def test_more_answers_lead_on_and_back(visit: Visit) -> None:
    page = visit("/antwoorden?q=paspoort")
    first = page.locator(".kcc-result h2").all_text_contents()
    page.get_by_role("link", name="Meer antwoorden").click()
    expect(page.get_by_role("link", name="Vorige antwoorden")).to_be_visible()
    second = page.locator(".kcc-result h2").all_text_contents()
    assert second
    assert not set(first) & set(second)
    page.get_by_role("link", name="Vorige antwoorden").click()
    expect(page.locator(".kcc-result h2")).to_have_text([re.compile(re.escape(text.strip())) for text in first])


def test_an_answer_in_another_topic_is_one_jump_away_on_a_phone(visit: Visit) -> None:
    page = visit("/antwoorden", width=390)
    page.get_by_role("navigation", name="Onderwerpen").get_by_role("link", name="Afval").click()
    expect(page.get_by_role("heading", name="Afval", exact=True)).to_be_in_viewport()
    page.get_by_role("link", name="Grofvuil laten ophalen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Grofvuil laten ophalen")


def test_english_stays_english_from_page_to_page(visit: Visit) -> None:
    page = visit("/", java_script_enabled=False)
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What can we help you with?")
    page.get_by_label("Search for an answer or product").fill("verhuizen")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Answers found")
    expect(page.get_by_text("The answers are in Dutch.")).to_be_visible()
    page.get_by_role("link", name="Verhuizing doorgeven", exact=True).click()
    expect(page.get_by_text("This answer is in Dutch.")).to_be_visible()
    expect(page.locator("article")).to_have_attribute("lang", "nl")
    page.get_by_role("button", name="Yes").click()
    expect(page.locator("#reactie")).to_contain_text("Thank you")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Back to the answers found").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Answers found")
    page.get_by_role("link", name="Accessibility").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Accessibility")
    page.get_by_role("link", name="Nederlands").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Toegankelijkheid")


PATHS = ("/", "/antwoorden", "/antwoorden?q=paspoort", "/antwoorden/paspoort-kwijt", "/afspraak", "/inloggen")


@pytest.fixture(scope="module")
def large_letters(playwright: Playwright) -> Iterator[Browser]:
    """The browser of somebody who set the letters twice as large."""
    with launch(playwright, "--blink-settings=defaultFontSize=32") as browser:
        yield browser


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("width", [1440, 390])
def test_letters_twice_as_large_lose_nothing(large_letters: Browser, site: Site, path: str, width: int) -> None:
    with large_letters.new_context(base_url=site.url, viewport={"width": width, "height": 900}) as context:
        page = context.new_page()
        page.goto(path)
        assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 32
        assert layout_findings(page) == []


@pytest.mark.parametrize("path", PATHS)
def test_zoomed_to_two_hundred_percent_loses_nothing(open_browser: Callable, site: Site, path: str) -> None:
    context, _ = open_browser(site, width=720, device_scale_factor=2)
    page = context.new_page()
    page.goto(path)
    assert layout_findings(page) == []


def test_on_paper_the_whole_answer_and_nothing_to_press(visit: Visit) -> None:
    page = visit("/antwoorden/paspoort-kwijt")
    on_screen = page.locator(".kcc-prose").inner_text()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})  # A4 without its margins
    assert page.locator(".kcc-prose").inner_text() == on_screen
    for kept in (page.get_by_role("heading", level=1), page.locator(".kcc-answer"), page.locator(".kcc-quick")):
        expect(kept).to_be_visible()
    expect(page.locator(".kcc-brand")).to_contain_text("Voorbeeld")
    expect(page.get_by_role("contentinfo")).to_contain_text("14 0123")
    for gone in ("button", "nav", ".kcc-page__aside"):
        expect(page.locator(gone).locator("visible=true")).to_have_count(0)
    assert [finding for finding in layout_findings(page) if "smaller than" not in finding] == []
