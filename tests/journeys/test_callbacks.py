"""Somebody is promised a call: asked for, tried and closed by keyboard only, and readable on a phone."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.checks import axe_findings, layout_findings

ABOUT = "Wil weten of de nieuwe pas klaarligt"


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus."""
    for _ in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {selector}")


def test_a_callback_takes_only_keys(visit: Callable[..., Page]) -> None:
    page = visit("/werk/terugbellen/nieuw", user="medewerker")
    keys = page.keyboard
    expect(page.locator("#question")).to_be_focused()
    keys.type(ABOUT)
    keys.press("Tab")
    keys.type("Burgerzaken")  # a list goes to what is typed
    keys.press("Tab")
    keys.type("06 12345678")
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Het terugbelverzoek is gemaakt")
    number = re.search(r"/werk/terugbellen/(\d+)", page.url)
    assert number is not None

    tab_to(page, "main a[href='/werk/terugbellen']")
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.locator(".kcc-hit", has_text=ABOUT)).to_contain_text("nog niet gebeld")
    tab_to(page, f"a[href='/werk/terugbellen/{number[1]}']")
    with page.expect_navigation():
        keys.press("Enter")

    tab_to(page, "input[name=deed]")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    expect(page.get_by_label("Niet bereikt. Wij proberen het later nog eens")).to_be_checked()
    keys.press("Tab")
    keys.type("voicemail ingesproken")
    keys.press("Tab")
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Genoteerd")
    expect(page.locator("main")).to_contain_text("voicemail ingesproken")

    tab_to(page, "input[name=deed]")
    keys.press("Space")
    expect(page.get_by_label("Gesproken. De vraag is afgehandeld")).to_be_checked()
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.locator(".utrecht-alert--ok", has_text="Afgehandeld: ")).to_contain_text("door medewerker")
    tab_to(page, "main a[href='/werk/terugbellen']")
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.locator(".kcc-hit", has_text=ABOUT)).to_have_count(0)


def test_on_a_narrow_screen(visit: Callable[..., Page]) -> None:
    page = visit("/werk/terugbellen/nieuw", user="balie", width=320)
    expect(page.locator("#question")).to_be_focused()
    assert layout_findings(page) + axe_findings(page) == []
    page.locator("#question").fill(ABOUT)
    page.locator("#department").select_option("burgerzaken")
    page.locator("#phone").fill("06 12345678")
    page.get_by_role("button", name="Maak het terugbelverzoek").click()
    expect(page.get_by_role("status")).to_contain_text("Het terugbelverzoek is gemaakt")
    page.goto("/werk/terugbellen")
    expect(page.locator(".kcc-hit")).to_contain_text(ABOUT)
    assert layout_findings(page) + axe_findings(page) == []
