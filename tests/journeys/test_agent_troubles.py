"""At the agent's desk something fails in the middle of a call: nothing is lost, and what to do is told."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kcc.demo import PASSWORD
from tests.journeys.conftest import sign_in
from tests.journeys.desk import field, first_title, hits, logged, ready, title, type_and_find
from tests.journeys.serving import Site
from tests.journeys.watching import Watch


def log_in_again(page: Page) -> None:
    expect(page).to_have_url(re.compile("/inloggen"))
    page.get_by_label("Gebruikersnaam").fill("medewerker")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.keyboard.press("Enter")


def sign_out_elsewhere(page: Page) -> None:
    other = page.context.new_page()
    other.goto("/werk")
    other.get_by_role("button", name="Uitloggen").click()
    expect(other).to_have_url(re.compile("/inloggen$"))
    other.close()


@pytest.fixture
def own_desk(open_browser: Callable, site: Site) -> tuple[Page, Watch]:
    """A desk with a session that nobody shares. What it was asking when signed out elsewhere may be refused."""
    context, watch = open_browser(site)
    watch.expect("status of 401 ")
    page = context.new_page()
    sign_in(page, "medewerker")
    expect(field(page)).to_be_focused()
    ready(page)
    return page, watch


def test_signed_out_while_typing_the_words_are_still_there_after_logging_in(own_desk: tuple[Page, Watch]) -> None:
    page, _ = own_desk
    sign_out_elsewhere(page)
    page.keyboard.type("grofvuil")
    log_in_again(page)
    expect(field(page)).to_have_value("grofvuil")
    expect(first_title(page)).to_have_text("Grofvuil laten ophalen")


def test_signed_out_before_opening_the_article_opens_after_logging_in(own_desk: tuple[Page, Watch]) -> None:
    page, _ = own_desk
    type_and_find(page, "grofvuil")
    sign_out_elsewhere(page)
    page.keyboard.press("Enter")
    log_in_again(page)
    expect(title(page)).to_have_text("Grofvuil laten ophalen")
    expect(field(page)).to_have_value("grofvuil")


def test_signed_out_before_the_verdict_it_can_be_given_after_logging_in(own_desk: tuple[Page, Watch]) -> None:
    page, _ = own_desk
    type_and_find(page, "grofvuil")
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Grofvuil laten ophalen")
    sign_out_elsewhere(page)
    page.keyboard.press("Alt+1")
    log_in_again(page)
    expect(title(page)).to_have_text("Grofvuil laten ophalen")
    page.keyboard.press("Alt+1")
    expect(logged(page)).to_contain_text("Vastgelegd: opgelost")


def test_a_search_engine_that_is_away_is_told_and_enter_tries_again(
    open_browser: Callable, index_away: tuple[Site, Callable[[], None]]
) -> None:
    site, bring_back = index_away
    context, watch = open_browser(site)
    watch.expect("status of 503 ")
    page = context.new_page()
    sign_in(page, "medewerker")
    expect(hits(page).first).to_be_visible()
    before = page.locator("#gevonden").inner_text()
    expect(field(page)).to_be_focused()
    page.keyboard.type("grofvuil")
    alert = page.get_by_role("alert").filter(has_text="Geen antwoord van de server")
    expect(alert).to_be_visible()
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("grofvuil")
    assert page.locator("#gevonden").inner_text() == before

    bring_back()
    for _ in range(100):
        with page.expect_response(re.compile("/werk")):
            page.keyboard.press("Enter")
        if title(page).count():
            break
    expect(title(page)).to_have_text("Grofvuil laten ophalen")
    expect(alert).to_be_hidden()


def test_a_lost_connection_is_told_and_typing_on_tries_again(own_desk: tuple[Page, Watch]) -> None:
    page, watch = own_desk
    watch.expect("net::ERR_INTERNET_DISCONNECTED|Failed to fetch|NetworkError")
    type_and_find(page, "grof")
    page.context.set_offline(True)
    page.keyboard.type("vuil")
    expect(page.get_by_role("alert").filter(has_text="Geen antwoord van de server")).to_be_visible()
    expect(first_title(page)).to_be_visible()
    page.context.set_offline(False)
    page.keyboard.type(" ophalen")
    expect(page.locator("#storing")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Grofvuil laten ophalen")


def test_a_verdict_that_was_not_kept_is_not_said_to_be(own_desk: tuple[Page, Watch]) -> None:
    page, watch = own_desk
    watch.expect("net::ERR_INTERNET_DISCONNECTED|Failed to fetch|NetworkError")
    type_and_find(page, "grofvuil")
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Grofvuil laten ophalen")
    page.context.set_offline(True)
    page.keyboard.press("Alt+1")
    expect(page.get_by_role("alert").filter(has_text="Geen antwoord van de server")).to_be_visible()
    expect(logged(page)).to_have_count(0)
    page.context.set_offline(False)
    page.keyboard.press("Alt+1")
    expect(logged(page)).to_contain_text("Vastgelegd: opgelost")


def test_an_article_that_is_gone_meanwhile_leaves_the_desk_standing(own_desk: tuple[Page, Watch], site: Site) -> None:
    page, watch = own_desk
    watch.expect("status of 404 ")
    # Well before the request: a browser takes up a route a moment after it is told.
    page.route(re.compile("artikel=grofvuil"), lambda route: route.continue_(url=f"{site.url}/werk?artikel=weg"))
    type_and_find(page, "grofvuil")
    page.keyboard.press("Enter")
    expect(page.locator("#storing")).to_be_visible()
    expect(field(page)).to_have_value("grofvuil")
    page.keyboard.type(" laten")
    expect(page.locator("#storing")).to_be_hidden()


def test_signed_out_while_typing_a_note_it_is_there_after_logging_in(own_desk: tuple[Page, Watch]) -> None:
    page, _ = own_desk
    page.keyboard.press("Alt+n")
    expect(page.locator("[data-since]")).to_be_visible()
    note, kept = page.get_by_label("Notitie"), page.locator("#bewaard")
    note.fill("Belt over een boom")
    expect(kept).to_contain_text("Bewaard om")
    assert page.evaluate("sessionStorage.length") == 0
    sign_out_elsewhere(page)
    note.fill("Belt over een boom, met nummer 111222333")
    log_in_again(page)
    expect(note).to_have_value("Belt over een boom, met nummer …")
    expect(kept).to_contain_text("Bewaard om")
    assert page.evaluate("sessionStorage.length") == 0
    page.keyboard.press("Alt+6")
    expect(logged(page)).to_contain_text("Vastgelegd: verbroken")
