"""A resident books, moves and cancels: by keyboard, at 320 pixels, without JavaScript, in both languages."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.checks import axe_findings, html_validate_findings, layout_findings, vnu_findings
from tests.journeys.serving import Site, serving

WORDS = {
    "nl": {
        "persons": "Voor hoeveel personen?", "location": "Verder naar locatie", "hall": "Stadhuis",
        "on": "Verder met deze tijd", "name": "Naam", "email": "E-mailadres", "check": "Verder naar controleren",
        "book": "Afspraak maken", "made": "Uw afspraak is gemaakt", "change": "Verzet uw afspraak of zeg af",
        "other": "Kies een andere tijd", "move": "Verzet naar deze tijd", "moved": "Uw afspraak is verzet",
        "cancel": "Zeg de afspraak af", "sure": "Ja, zeg de afspraak af", "gone": "Uw afspraak is afgezegd",
    },
    "en": {
        "persons": "For how many people?", "location": "Continue to location", "hall": "Town hall",
        "on": "Continue with this time", "name": "Name", "email": "E-mail address", "check": "Continue to check",
        "book": "Make an appointment", "made": "Your appointment has been made",
        "change": "Move or cancel your appointment", "other": "Choose another time", "move": "Move to this time",
        "moved": "Your appointment has been moved", "cancel": "Cancel the appointment",
        "sure": "Yes, cancel the appointment", "gone": "Your appointment has been cancelled",
    },
}  # fmt: skip


def press(page: Page, name: str, role: str = "button") -> None:
    """Press a button or a link as somebody without a mouse does: bring the focus there, then Enter."""
    target = page.get_by_role(role, name=name).first  # type: ignore[arg-type]
    target.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page: Page, number: int) -> None:
    """Choose a time with Space."""
    page.locator(".kcc-choice input").nth(number).focus()
    page.keyboard.press("Space")


def sound(page: Page, seen: dict[str, str], *, script: bool) -> None:
    """Nothing is wrong with the page as it is now."""
    if script:
        assert axe_findings(page) == []
        assert layout_findings(page) == []
    seen[f"{len(seen):02}"] = page.content()


@pytest.mark.parametrize(
    ("language", "width", "script"), [("nl", 320, True), ("en", 1440, True), ("nl", 390, False), ("en", 320, False)]
)
def test_book_move_and_cancel(
    open_browser: Callable, site: Site, tmp_path, language: str, width: int, script: bool
) -> None:  # type: ignore[no-untyped-def]
    context, watch = open_browser(site, width=width, java_script_enabled=script)
    watch.expect("status of 400 ")  # the form, sent empty
    page, words, seen = context.new_page(), WORDS[language], {}
    page.goto(f"/afspraak?product=paspoort&lang={language}")
    page.get_by_label(words["persons"]).first.select_option("2")
    sound(page, seen, script=script)
    press(page, words["location"])
    sound(page, seen, script=script)
    press(page, words["hall"], "link")
    sound(page, seen, script=script)
    choose(page, 3)
    press(page, words["on"])
    press(page, words["check"])  # nothing filled in
    sound(page, seen, script=script)
    if script:
        expect(page.locator("#fouten")).to_be_focused()
    page.get_by_label(words["name"], exact=True).fill("Test Bezoeker")
    page.get_by_label(words["email"], exact=True).fill(f"test-{language}-{width}@voorbeeld.example")
    press(page, words["check"])
    sound(page, seen, script=script)
    press(page, words["book"])
    expect(page.get_by_role("heading", name=words["made"])).to_be_visible()
    sound(page, seen, script=script)
    press(page, words["change"], "link")
    sound(page, seen, script=script)
    press(page, words["other"], "link")
    choose(page, 5)
    sound(page, seen, script=script)
    press(page, words["move"])
    expect(page.locator(".utrecht-alert--ok")).to_contain_text(words["moved"])
    press(page, words["cancel"], "link")
    sound(page, seen, script=script)
    press(page, words["sure"])
    expect(page.locator(".utrecht-alert--ok")).to_contain_text(words["gone"])
    sound(page, seen, script=script)
    if script:
        assert html_validate_findings(seen, tmp_path) == []
        assert vnu_findings(seen, tmp_path) == []


def test_back_and_another_time(open_browser: Callable, site: Site) -> None:
    context, _ = open_browser(site, width=1440)
    page = context.new_page()
    page.goto("/afspraak/tijd?product=paspoort:1&locatie=stadhuis")
    choose(page, 7)
    press(page, WORDS["nl"]["on"])
    first = page.locator(".kcc-iconline strong").first.inner_text()
    page.go_back()
    choose(page, 9)
    press(page, WORDS["nl"]["on"])
    expect(page.locator(".kcc-iconline strong").first).not_to_have_text(first)


def test_a_double_click_makes_one_appointment(open_browser: Callable, site: Site) -> None:
    context, _ = open_browser(site, width=1440)
    page, words = context.new_page(), WORDS["nl"]
    page.goto("/afspraak/tijd?product=paspoort:1&locatie=stadhuis")
    choose(page, 12)
    press(page, words["on"])
    page.get_by_label(words["name"], exact=True).fill("Test Bezoeker")
    page.get_by_label(words["email"], exact=True).fill("dubbel@voorbeeld.example")
    press(page, words["check"])
    page.get_by_role("button", name=words["book"]).dblclick()
    expect(page.get_by_role("heading", name=words["made"])).to_be_visible()
    code = page.locator(".kcc-code strong").inner_text()
    page.reload()
    assert re.fullmatch(r"\w{4}-\w{4}", code)
    expect(page.locator(".kcc-code strong")).to_have_text(code)


def test_a_browser_does_the_sum_while_it_is_busy(open_browser: Callable, own_data: Path) -> None:
    with serving(own_data, "--no-worker", KCC_PROOF_ABOVE="0", KCC_RATE_LIMITS="on") as busy:
        context, watch = open_browser(busy, width=1440)
        watch.expect("status of 429 ")  # the first one did not know that it would be asked
        page, words = context.new_page(), WORDS["nl"]
        page.goto("/afspraak/tijd?product=paspoort:1&locatie=stadhuis")
        choose(page, 3)
        press(page, words["on"])
        expect(page.locator(".utrecht-alert")).to_contain_text("Het is nu erg druk")
        assert axe_findings(page) == []
        choose(page, 3)
        press(page, words["on"])
        expect(page.get_by_role("heading", name="Wat zijn uw gegevens?")).to_be_visible()
