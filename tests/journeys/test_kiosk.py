"""A device is let in by a link, and a visitor without a mouse finds the way, in Dutch and in English."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.checks import axe_findings, layout_findings
from tests.journeys.conftest import sign_in
from tests.journeys.serving import Site, serving

WIDTHS = (1440, 320)


@pytest.fixture
def town(own_data: Path) -> Iterator[Site]:
    """The demonstration on a Tuesday morning."""
    with serving(own_data, KCC_CLOCK="2026-11-24T08:00:00Z") as site:
        yield site
        assert site.errors() == []


def sound(page: Page) -> None:
    """Nothing is wrong with the page as it stands, wide or narrow."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert axe_findings(page) == []
        assert layout_findings(page) == []


def test_a_kiosk_is_let_in_and_gives_a_number(open_browser: Callable, town: Site) -> None:
    office, _ = open_browser(town)
    administrator = office.new_page()
    sign_in(administrator, "beheerder")
    administrator.goto("/beheer/locaties/stadhuis/schermen")
    sound(administrator)
    administrator.get_by_label("Naam").fill("Zuil bij de ingang")
    administrator.get_by_role("button", name="Maak koppeling").click()
    link = administrator.locator("code").inner_text()
    sound(administrator)

    hall, watch = open_browser(town)
    watch.expect("status of 400 ")
    watch.expect("status of 404 ")
    kiosk = hall.new_page()
    kiosk.clock.install()
    kiosk.goto(link)
    sound(kiosk)
    kiosk.get_by_role("button", name="Zuil om aan te melden").click()
    expect(kiosk.get_by_role("heading", name="Welkom. Meld u hier aan.")).to_be_visible()
    sound(kiosk)

    kiosk.keyboard.type("K7QP4M2X")  # a scanner types, wherever the focus is
    kiosk.keyboard.press("Enter")
    expect(kiosk.get_by_role("alert")).to_contain_text("Wij vinden deze code niet")
    sound(kiosk)
    kiosk.get_by_role("link", name="English").click()
    kiosk.get_by_role("button", name="Check me in").click()
    expect(kiosk.get_by_role("alert")).to_contain_text("Type the code of your appointment")
    kiosk.get_by_role("link", name="I have no appointment").click()
    sound(kiosk)
    kiosk.get_by_role("link", name="passport").first.click()
    sound(kiosk)
    kiosk.get_by_role("button", name="2 people").click()
    expect(kiosk.locator(".kcc-kiosk__no")).to_have_text("B 001")
    sound(kiosk)
    kiosk.clock.run_for(21_000)  # and walks away
    expect(kiosk.get_by_role("heading", name="Welkom. Meld u hier aan.")).to_be_visible()

    administrator.goto("/beheer/locaties/stadhuis/schermen")
    administrator.get_by_role("button", name="Ontkoppel").click()
    kiosk.goto("/kiosk/stadhuis")
    expect(kiosk.get_by_role("heading", name="Inloggen")).to_be_visible()
