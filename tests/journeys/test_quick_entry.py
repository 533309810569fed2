"""A list of small questions by keyboard only, and without script."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.checks import axe_findings, layout_findings
from tests.journeys.conftest import sign_in
from tests.journeys.serving import Site

SAVED = ".utrecht-alert--ok"


def test_a_pile_of_questions_takes_only_keys(visit: Callable[..., Page]) -> None:
    page = visit("/werk/snel", user="medewerker", expect="status of 400 ")
    keys = page.keyboard
    expect(page.locator("#onderwerp-1")).to_be_focused()
    keys.type("Paspoort – Reisdocumenten")
    keys.press("Tab")
    keys.type("E-mail")  # a list goes to what is typed
    keys.press("Enter")
    expect(page.locator("#onderwerp-2")).to_be_focused()
    keys.type("Identiteitskaart – Reisdocumenten")
    keys.press("Enter")
    expect(page.locator("#onderwerp-3")).to_be_focused()
    keys.type("Inzameling")
    keys.press("Enter")  # half a label: nothing is chosen yet, and nothing saved
    expect(page.locator("#onderwerp-3")).to_be_focused()
    keys.type(" – Afval")
    keys.press("Enter")
    expect(page.locator("#onderwerp-4")).to_be_focused()
    keys.type("onzin")
    keys.press("Control+Enter")
    expect(page.locator("#fouten")).to_be_focused()
    expect(page.locator("#onderwerp-4")).to_have_value("onzin")
    expect(page.locator("#kanaal-1")).to_have_value("email")
    assert layout_findings(page) + axe_findings(page) == []
    keys.press("Tab")
    keys.press("Enter")  # the message leads to the field
    expect(page.locator("#onderwerp-4")).to_be_focused()
    keys.press("Control+A")
    keys.type("paspoort – reisdocumenten")
    keys.press("Control+Enter")
    expect(page.locator(SAVED)).to_contain_text("4 vragen zijn geregistreerd")
    expect(page.locator("button.kcc-chip").first).to_have_text("Paspoort")
    page.locator("button.kcc-chip").first.focus()
    keys.press("Enter")
    expect(page.locator("#onderwerp-1")).to_have_value("Paspoort – Reisdocumenten")
    assert re.search(r"/werk/snel\?gelukt=4", page.url)  # the page did not go anywhere


def test_without_script(open_browser: Callable, site: Site) -> None:
    context, _ = open_browser(site, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "medewerker")
    page.goto("/werk/snel")
    page.locator("#onderwerp-1").fill("Paspoort – Reisdocumenten")
    page.locator("#onderwerp-1").press("Enter")
    expect(page.locator("#onderwerp-4")).to_be_focused()  # one line more, and nothing saved
    expect(page.locator("#onderwerp-1")).to_have_value("Paspoort – Reisdocumenten")
    page.locator("#onderwerp-4").fill("inzameling")
    page.locator("#aantal-4").fill("2")
    page.get_by_role("button", name="Sla op").click()
    expect(page.locator(SAVED)).to_contain_text("3 vragen zijn geregistreerd")
