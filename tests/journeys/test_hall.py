"""A morning in the hall, in browsers: the clerk's screen by keys, and the waiting room that follows."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.checks import axe_findings, html_validate_findings, layout_findings, vnu_findings
from tests.journeys.conftest import sign_in
from tests.journeys.serving import Site, serving

WIDTHS = (1440, 390, 320)


@pytest.fixture
def town(own_data: Path) -> Iterator[Site]:
    """The demonstration on a Tuesday morning."""
    with serving(own_data, KCC_CLOCK="2026-11-24T08:00:00Z") as site:
        yield site
        assert site.errors() == []


@pytest.fixture
def clerk(open_browser: Callable, town: Site) -> Page:
    """The clerk's screen, with Balie 1 open."""
    context, watch = open_browser(town)
    watch.expect("ERR_")
    page = context.new_page()
    sign_in(page, "balie")
    page.goto("/balie/stadhuis")
    page.get_by_role("button", name="Open Balie 1").click()
    expect(page.get_by_role("heading", name="Balie 1 is vrij")).to_be_visible()
    return page


def walk_in(page: Page, product: str) -> None:
    page.get_by_label("Waarvoor").last.select_option(product)
    page.get_by_role("button", name="Geef een nummer").click()
    expect(page.get_by_text("De bezoeker is aangemeld")).to_be_visible()


class Looker:
    """Looks whether anything is wrong with a page as it stands, at any width."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def __call__(self, page: Page, name: str) -> None:
        self.at_every_width(page)
        self.texts[name] = page.context.request.get(page.url).text()

    def at_every_width(self, page: Page) -> None:
        """The page as it stands; its HTML is not kept to be validated."""
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert axe_findings(page) == []
            assert layout_findings(page) == []
        page.set_viewport_size({"width": 1440, "height": 800})


def test_a_morning_by_keys_with_the_waiting_room_open(clerk: Page, town: Site, tmp_path: Path) -> None:
    sound = Looker()
    sound(clerk, "free")
    wall = clerk.context.new_page()
    wall.goto("/wachtruimte/stadhuis")
    for product in ("paspoort", "rijbewijs", "uittreksel"):
        walk_in(clerk, product)
    clerk.keyboard.press("Alt+1")
    expect(clerk.get_by_role("heading", name="Opgeroepen")).to_be_visible()
    expect(wall.locator("#nummer")).to_have_text("B 001")
    expect(wall.locator("#loket")).to_have_text("Balie 1")
    expect(wall.locator("#oproep")).to_have_class(re.compile("kcc-call--new"))
    sound(clerk, "called")
    clerk.keyboard.press("Alt+1")
    expect(clerk.get_by_role("heading", name="Nu aan uw loket")).to_be_visible()
    sound(clerk, "serving")
    clerk.keyboard.press("Alt+1")
    expect(wall.locator("#nummer")).to_have_text("B 002")
    expect(wall.locator("#eerder li")).to_have_text([re.compile("B 001")])
    sound(wall, "wall")
    assert html_validate_findings(sound.texts, tmp_path) == []
    assert vnu_findings(sound.texts, tmp_path) == []


def test_two_clerks_see_each_other_without_reloading(clerk: Page, open_browser: Callable, town: Site) -> None:
    context, _ = open_browser(town)
    lead = context.new_page()
    sign_in(lead, "teamleider")
    lead.goto("/balie/stadhuis")
    walk_in(clerk, "paspoort")
    expect(lead.get_by_role("rowheader", name="B 001")).to_be_visible()
    lead.get_by_label("Waarvoor").select_option("rijbewijs")  # what somebody fills in is left alone
    clerk.keyboard.press("Alt+1")
    expect(clerk.locator(".kcc-ticket")).to_have_text("B 001")
    expect(lead.get_by_label("Waarvoor")).to_have_value("rijbewijs")


def test_screens_find_their_way_back(clerk: Page, town: Site) -> None:
    wall = clerk.context.new_page()
    wall.goto("/wachtruimte/stadhuis")
    wall.context.set_offline(True)
    wall.evaluate("() => fetch('/healthz').catch(() => {})")
    wall.context.set_offline(False)
    walk_in(clerk, "paspoort")
    clerk.keyboard.press("Alt+1")
    expect(wall.locator("#nummer")).to_have_text("B 001")
    expect(wall.locator("#storing")).to_be_hidden()


def test_without_javascript_the_buttons_do_the_same(open_browser: Callable, town: Site) -> None:
    context, _ = open_browser(town, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "balie")
    page.goto("/balie/stadhuis")
    page.get_by_role("button", name="Open Balie 2").click()
    page.locator("#p-inloop").select_option("paspoort")
    page.get_by_role("button", name="Geef een nummer").click()
    page.get_by_role("button", name="Roep volgende").click()
    assert page.locator(".kcc-ticket").inner_text() == "B 001"
