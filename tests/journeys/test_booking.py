"""A resident books, moves and cancels: by keyboard, at 320 pixels, without JavaScript, in both languages."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, Response, expect

from tests.journeys.checks import axe_findings, html_validate_findings, layout_findings, vnu_findings
from tests.journeys.serving import Site, serving

WORDS = {
    "nl": {
        "persons": "Voor hoeveel personen?", "location": "Verder naar locatie", "hall": "Stadhuis",
        "on": "Verder met deze tijd", "name": "Naam", "email": "E-mailadres", "check": "Verder naar controleren",
        "book": "Afspraak bevestigen", "made": "Uw afspraak is gemaakt", "change": "Verzet uw afspraak of zeg af",
        "other": "Kies een andere tijd", "move": "Verzet naar deze tijd", "moved": "Uw afspraak is verzet",
        "cancel": "Zeg de afspraak af", "sure": "Ja, zeg de afspraak af", "gone": "Uw afspraak is afgezegd",
    },
    "en": {
        "persons": "For how many people?", "location": "Continue to location", "hall": "Town hall",
        "on": "Continue with this time", "name": "Name", "email": "E-mail address", "check": "Continue to check",
        "book": "Confirm appointment", "made": "Your appointment has been made",
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


class Seen:
    """The pages of a journey: each is looked at as it is now, and its HTML kept as the server sent it."""

    def __init__(self, page: Page, *, script: bool) -> None:
        self.pages: dict[str, str] = {}
        self._page, self._script = page, script
        self._sent: list[Response] = []
        page.on("response", lambda sent: self._sent.append(sent) if sent.request.is_navigation_request() else None)

    def sound(self) -> None:
        """Nothing is wrong with the page as it is now."""
        if self._script:
            assert axe_findings(self._page) == []
            assert layout_findings(self._page) == []
        self.pages[f"{len(self.pages):02}"] = self._sent[-1].text()


@pytest.mark.parametrize(
    ("language", "width", "script"), [("nl", 320, True), ("en", 1440, True), ("nl", 390, False), ("en", 320, False)]
)
def test_book_move_and_cancel(
    open_browser: Callable, site: Site, tmp_path, language: str, width: int, script: bool
) -> None:  # type: ignore[no-untyped-def]
    context, watch = open_browser(site, width=width, java_script_enabled=script)
    watch.expect("status of 400 ")  # the form, sent empty
    page, words = context.new_page(), WORDS[language]
    seen = Seen(page, script=script)
    page.goto(f"/afspraak?product=paspoort&lang={language}")
    page.get_by_label(words["persons"]).first.select_option("2")
    seen.sound()
    press(page, words["location"])
    seen.sound()
    press(page, words["hall"], "link")
    seen.sound()
    choose(page, 3)
    press(page, words["on"])
    press(page, words["check"])  # nothing filled in
    seen.sound()
    if script:
        expect(page.locator("#fouten")).to_be_focused()
    page.get_by_label(words["name"], exact=True).fill("Test Bezoeker")
    page.get_by_label(words["email"], exact=True).fill(f"test-{language}-{width}@voorbeeld.example")
    press(page, words["check"])
    seen.sound()
    press(page, words["book"])
    expect(page.get_by_role("heading", name=words["made"])).to_be_visible()
    seen.sound()
    press(page, words["change"], "link")
    seen.sound()
    press(page, words["other"], "link")
    choose(page, 5)
    seen.sound()
    press(page, words["move"])
    expect(page.locator(".utrecht-alert--ok")).to_contain_text(words["moved"])
    press(page, words["cancel"], "link")
    seen.sound()
    press(page, words["sure"])
    expect(page.locator(".utrecht-alert--ok")).to_contain_text(words["gone"])
    seen.sound()
    if script:  # the same pages as without
        assert html_validate_findings(seen.pages, tmp_path) == []
        assert vnu_findings(seen.pages, tmp_path) == []


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


def test_a_time_that_others_took_meanwhile(open_browser: Callable, site: Site) -> None:
    context, watch = open_browser(site, width=390)
    watch.expect("status of 409 ")
    page = context.new_page()
    page.goto("/afspraak/tijd?product=paspoort:1&locatie=servicepunt-noord")
    first = page.locator(".kcc-choice input").first
    start = first.get_attribute("value")
    wanted = {"location": "servicepunt-noord", "products": [{"code": "paspoort"}], "startsAt": start}
    with httpx.Client(base_url=site.url) as others:
        while others.post("/api/v1/holds", json=wanted).status_code == 201:
            pass
    choose(page, 0)
    press(page, WORDS["nl"]["on"])
    expect(page.get_by_role("alert")).to_contain_text("net door iemand anders gekozen")
    expect(page.locator(f'input[value="{start}"]')).to_have_count(0)
    assert axe_findings(page) == []
    choose(page, 0)
    press(page, WORDS["nl"]["on"])
    expect(page.get_by_role("heading", name="Wat zijn uw gegevens?")).to_be_visible()
