"""A team lead looks at the report and has a day played, without JavaScript; an administrator limits a clerk."""

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


def sound(page: Page) -> None:
    """Nothing is wrong with the page as it stands, at any width."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert axe_findings(page) == []
        assert layout_findings(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})


def book(page: Page, start: str, number: int) -> None:
    made = page.context.request.post(
        "/api/v1/appointments",
        data={
            "location": "stadhuis",
            "products": [{"code": "paspoort", "persons": 1}],
            "startsAt": start,
            "name": "Voorbeeld Inwoner",
            "email": f"inwoner-{number}@voorbeeld.example",
        },
    )
    assert made.status == 201, made.text()


def test_a_team_lead_has_a_day_played(open_browser: Callable, town: Site, tmp_path: Path) -> None:
    context, watch = open_browser(town)
    watch.expect("status of 400 ")
    page = context.new_page()
    sign_in(page, "teamleider")
    expect(page).to_have_url(re.compile("/rapport$"))
    expect(page.get_by_role("heading", name="Houden we onze beloften?")).to_be_visible()
    page.get_by_label("Locatie").select_option("stadhuis")
    page.get_by_role("button", name="Toon").click()
    expect(page).to_have_url(re.compile("locatie=stadhuis"))
    for number in range(6):
        book(page, f"2026-11-25T09:{number // 2}0:00Z", number)
    page.get_by_role("link", name="Simulatie").click()
    page.get_by_label("Dag", exact=True).fill("2026-11-25")
    page.get_by_role("button", name="Speel de dag na").click()
    expect(page.get_by_role("heading", name="Advies", exact=True)).to_be_visible()
    expect(page.get_by_text("binnen 5 minuten opgeroepen").first).to_be_visible()
    expect(page.get_by_text("6 afspraken")).to_be_visible()
    sound(page)
    texts = {"played": page.context.request.get(page.url).text()}
    assert html_validate_findings(texts, tmp_path) == []
    assert vnu_findings(texts, tmp_path) == []
    page.get_by_label("Aantal loketten (optioneel)").fill("0")
    page.get_by_role("button", name="Speel de dag na").click()
    expect(page.locator("#fouten")).to_be_focused()
    expect(page.get_by_label("Aantal loketten (optioneel)")).to_have_value("0")


def test_an_administrator_limits_a_clerk_without_javascript(open_browser: Callable, town: Site, tmp_path: Path) -> None:
    context, watch = open_browser(town, java_script_enabled=False)
    watch.expect("status of 400 ")
    page = context.new_page()
    sign_in(page, "beheerder")
    page.goto("/beheer")
    page.get_by_role("link", name="Baliemedewerkers").click()
    page.get_by_role("link", name="Demo baliemedewerker").click()
    texts = {
        "form": context.request.get(page.url).text(),
        "wrong": context.request.post(page.url, form={"helps": "gekozen"}).text(),
    }
    page.get_by_label("Helpt bij").select_option("gekozen")
    page.get_by_role("button", name="Sla op").click()
    assert page.locator("#fouten").is_visible()
    page.get_by_label("Paspoort aanvragen").check()
    page.get_by_role("button", name="Sla op").click()
    assert page.locator("tbody td").last.inner_text() == "Paspoort aanvragen"
    assert html_validate_findings(texts, tmp_path) == []
    assert vnu_findings(texts, tmp_path) == []
