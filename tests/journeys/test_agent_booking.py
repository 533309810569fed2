"""An appointment made, found, moved and cancelled at the desk in a browser: by keyboard alone, and at every width."""

import re
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.checks import axe_findings, html_validate_findings, layout_findings, vnu_findings
from tests.journeys.conftest import sign_in
from tests.journeys.serving import Site, serving

WIDTHS = (1440, 390, 320)
_people = count()


@pytest.fixture(scope="module")
def town(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration on a Tuesday morning before opening, so that the times are known."""
    data = Path(shutil.copytree(demonstration, tmp_path_factory.mktemp("town") / "data"))
    with serving(data, KCC_CLOCK="2026-11-24T06:00:00Z") as site:
        yield site
        assert site.errors() == []


@pytest.fixture
def agent(open_browser: Callable, town: Site) -> Callable[..., Page]:
    """`agent(width=390)`: the browser of somebody who just signed in."""

    def agent(**options: object) -> Page:
        context, watch = open_browser(town, **options)
        watch.expect("status of 4(00|01|09) ")
        page = context.new_page()
        sign_in(page, "medewerker")
        return page

    return agent


def times(page: Page) -> Locator:
    """The radios for a time that are unfolded."""
    return page.locator(".kcc-freeday > .kcc-times [name=tijd]")


def day(page: Page) -> Locator:
    """The first day that is shown."""
    return page.locator(".kcc-freeday legend").first


def person(page: Page) -> str:
    """Fill in somebody new; their address."""
    email = f"bezoeker{next(_people)}@voorbeeld.example"
    page.get_by_label("Naam").fill("Test Bezoeker")
    page.get_by_label("E-mailadres").fill(email)
    return email


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the element has focus."""
    for _ in range(60):
        if target.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {target}")


def sound(page: Page) -> None:
    """Nothing is wrong with the page at any width."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert (width, layout_findings(page) + axe_findings(page)) == (width, [])
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_whole_booking_takes_only_keys(agent: Callable[..., Page]) -> None:
    page = agent()
    page.keyboard.type("paspoort aanvragen")
    page.keyboard.press("Enter")
    expect(page.locator("#h-artikel")).to_have_text("Paspoort aanvragen")
    page.keyboard.press("Alt+a")
    expect(page.get_by_label("Stadhuis")).to_be_focused()
    expect(page.locator("article")).to_contain_text("Kort antwoord")
    tab_to(page, times(page).first)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(times(page).nth(1)).to_be_checked()
    tab_to(page, page.get_by_label("Naam"))
    page.keyboard.type("Test Bezoeker")
    page.keyboard.press("Tab")
    page.keyboard.type("toetsen@voorbeeld.example")
    page.keyboard.press("Enter")
    said = page.locator(".kcc-answer")
    expect(said).to_contain_text("dinsdag 24 november 2026 om 8.40 uur")
    expect(said).to_contain_text(re.compile(r"Afspraakcode [B-Z2-8]{4}-[B-Z2-8]{4}"))
    tab_to(page, page.get_by_role("link", name="Terug naar het artikel"))
    page.keyboard.press("Enter")
    expect(page.locator("#h-artikel")).to_have_text("Paspoort aanvragen")
    expect(page.get_by_label("Zoek in de kennisbank")).to_have_value("paspoort aanvragen")


def test_times_follow_the_choice_while_the_rest_stays(agent: Callable[..., Page]) -> None:
    page = agent()
    page.goto("/werk/afspraak")
    product = page.get_by_label("Product")
    expect(product).to_be_focused()
    product.select_option("rijbewijs")
    expect(day(page)).to_contain_text("Dinsdag 24 november")
    person(page)
    page.get_by_label("Voor hoeveel personen?").select_option("2")
    expect(page.locator("#wat")).to_contain_text("Duurt 20 minuten")
    page.get_by_text("Nog iets erbij").click()
    page.get_by_label("Uittreksel uit de BRP").select_option("1")
    expect(page.locator("#meenemen h3")).to_have_count(2)
    expect(page.get_by_label("Uittreksel uit de BRP")).to_be_visible()
    times(page).nth(2).check()
    page.get_by_role("button", name="Later").click()
    expect(day(page)).to_contain_text("Maandag 30 november")
    expect(page.locator("#vanaf")).to_have_value("2026-11-30")
    page.get_by_role("button", name="Eerder").click()
    expect(day(page)).to_contain_text("Dinsdag 24 november")
    page.get_by_label("Tijden vanaf").fill("2026-12-03")
    expect(day(page)).to_contain_text("Donderdag 3 december")
    page.get_by_label("Servicepunt Noord").check()
    expect(day(page)).to_contain_text("Vrijdag 4 december")
    expect(page.get_by_label("Servicepunt Noord")).to_be_focused()
    expect(page.locator("#melding")).to_have_text(re.compile("Eerste vrije tijd: Vrijdag 4 december"))
    expect(page.get_by_label("Naam")).to_have_value("Test Bezoeker")
    assert page.url.endswith("/werk/afspraak")
    times(page).first.check()
    page.get_by_role("button", name="Afspraak maken").click()
    expect(page.locator(".kcc-answer")).to_contain_text("vrijdag 4 december 2026 om 9.00 uur")


def test_two_agents_want_the_same_time(agent: Callable[..., Page]) -> None:
    early, late = agent(), agent()
    for page in (early, late):
        # One counter there serves this product.
        page.goto("/werk/afspraak?product=paspoort&locatie=servicepunt-noord")
        times(page).first.check()
    person(early)
    email = person(late)
    wanted = times(late).first.get_attribute("value")
    early.get_by_role("button", name="Afspraak maken").click()
    expect(early.locator(".kcc-answer")).to_contain_text("Wij verwachten u op")
    late.get_by_role("button", name="Afspraak maken").click()
    expect(late.locator("#fouten")).to_be_focused()
    expect(late.locator("#fouten")).to_contain_text("Kies een andere tijd")
    expect(late.get_by_label("E-mailadres")).to_have_value(email)
    expect(late.locator(f'[name=tijd][value="{wanted}"]')).to_have_count(0)
    sound(late)
    times(late).first.check()
    late.get_by_role("button", name="Afspraak maken").dblclick()
    expect(late.locator(".kcc-answer")).to_contain_text("Wij verwachten u op")
    late.goto("/werk/afspraken")
    expect(late.get_by_label("Code, e-mailadres")).to_be_focused()
    late.keyboard.type(email)
    late.keyboard.press("Enter")
    expect(late).to_have_url(re.compile(r"/werk/afspraken/[B-Z2-8]{8}$"))  # one was found, not two


def test_found_moved_and_cancelled_by_keys(agent: Callable[..., Page]) -> None:
    page = agent()
    page.goto("/werk/afspraak?product=uittreksel")
    times(page).first.check()
    email = person(page)
    page.get_by_role("button", name="Afspraak maken").click()
    page.locator(".kcc-answer").wait_for()
    page.get_by_role("link", name="Afspraken").click()
    expect(page.get_by_label("Code, e-mailadres")).to_be_focused()
    page.keyboard.type(email)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Andere tijd"))
    page.keyboard.press("Enter")
    tab_to(page, times(page).first)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("De afspraak is verzet")
    for name, told in (
        ("Bevestiging opnieuw", "opnieuw verstuurd"),
        ("Zet op de lijst", "krijgt e-mail als er eerder plek is"),
        ("Haal van de lijst", "geen e-mail meer"),
    ):
        tab_to(page, page.get_by_role("button", name=name))
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text(told)
    tab_to(page, page.get_by_role("link", name="Afzeggen"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Ja, zeg de afspraak af"))
    page.keyboard.press("Enter")
    expect(page.locator(".kcc-answer")).to_contain_text("gaat niet door")


def test_without_script_the_buttons_do_the_same(agent: Callable[..., Page]) -> None:
    page = agent(java_script_enabled=False)
    page.goto("/werk/afspraak")
    page.get_by_label("Product").select_option("paspoort")
    page.get_by_role("button", name="Toon tijden").click()
    page.get_by_label("Thuisbezoek").check()
    person(page)
    page.get_by_role("button", name="Later").click()
    expect(page.get_by_label("Adres van het bezoek")).to_be_visible()
    expect(page.get_by_label("Naam")).to_have_value("Test Bezoeker")
    times(page).first.check()
    page.get_by_label("Naam").press("Enter")
    expect(page.locator("#fouten")).to_contain_text("Vul het adres in")
    page.get_by_label("Adres van het bezoek").fill("Dorpsstraat 1, Voorbeeld")
    page.get_by_label("Naam").press("Enter")
    expect(page.locator(".kcc-answer")).to_contain_text("Wij komen bij u langs op")


def test_on_a_phone_what_is_wrong_stands_first(agent: Callable[..., Page]) -> None:
    page = agent(width=390)
    page.goto("/werk/afspraak?product=paspoort&artikel=paspoort-aanvragen")
    times(page).first.check()
    page.get_by_role("button", name="Afspraak maken").click()
    wrong = page.locator("#fouten")
    expect(wrong).to_be_focused()
    expect(wrong).to_be_in_viewport(ratio=1)
    below = page.locator(".kcc-book article, .kcc-book section, .kcc-book form").evaluate_all(
        "(parts) => parts.map((part) => part.getBoundingClientRect().top)"
    )
    box = wrong.bounding_box()
    assert box is not None and len(below) >= 3
    assert box["y"] + box["height"] <= min(below)


def test_who_is_signed_out_meanwhile_is_told(agent: Callable[..., Page]) -> None:
    page = agent()
    page.goto("/werk/afspraak?product=paspoort")
    page.context.clear_cookies()
    page.get_by_label("Servicepunt Noord").check()
    expect(page.get_by_role("heading", name="Niet ingelogd")).to_be_visible()


def test_every_page_is_accessible_valid_and_well_laid_out(agent: Callable[..., Page], tmp_path) -> None:  # type: ignore[no-untyped-def]
    page = agent()
    texts: dict[str, str] = {}

    def look(name: str) -> None:
        sound(page)
        answer = page.context.request.get(page.url)
        if answer.ok:
            texts[name] = answer.text()

    page.goto("/werk/afspraak?product=paspoort&artikel=paspoort-aanvragen&q=paspoort")
    look("booking")
    for summary in page.locator(".kcc-book summary").all():
        summary.click()
    sound(page)
    page.get_by_label("Thuisbezoek").check()
    page.get_by_label("Adres van het bezoek").wait_for()
    page.get_by_role("button", name="Afspraak maken").click()
    expect(page.locator("#fouten")).to_be_focused()
    sound(page)
    refused = {"product": "paspoort", "personen": "1", "locatie": "stadhuis", "vanaf": "2026-11-24"}
    refused["gezien"] = page.locator("[name=gezien]").input_value().replace("thuisbezoek", "stadhuis")
    texts["refused"] = page.context.request.post("/werk/afspraak", form=refused).text()
    assert "nog niet gemaakt" in texts["refused"]
    page.goto("/werk/afspraak")
    look("empty")
    page.goto("/werk/afspraak?product=naturalisatie&vanaf=2030-01-01")
    look("full")
    for _ in range(2):
        page.goto("/werk/afspraak?product=rijbewijs")
        times(page).first.check()
        page.get_by_label("Naam").fill("Naam" * 24)
        page.get_by_label("E-mailadres").fill(f"{'lang' * 14}@{'voorbeeld' * 6}.example")
        page.get_by_role("button", name="Afspraak maken").click()
        page.locator(".kcc-answer").wait_for()
    made = page.url
    look("made")
    address = made.partition("?")[0]
    page.goto(f"{address}/verzetten")
    look("moving")
    page.goto(f"{address}/afzeggen")
    look("cancelling")
    page.goto("/werk/afspraken")
    look("finding")
    for name, words in (("several", "Naam"), ("none", "niemand"), ("wrong", "geen@adres")):
        page.get_by_label("Code, e-mailadres").fill(words)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        sound(page)
        texts[name] = page.context.request.post("/werk/afspraken", form={"q": words, "day": "2026-11-24"}).text()
    page.goto(f"{address}/afzeggen")
    page.get_by_role("button", name="Ja, zeg de afspraak af").click()
    expect(page.locator(".kcc-answer")).to_contain_text("gaat niet door")
    look("cancelled")
    assert html_validate_findings(texts, tmp_path) == []
    assert vnu_findings(texts, tmp_path) == []
