"""Every page, at three widths: axe-core, layout, and valid HTML."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.checks import axe_findings, html_validate_findings, layout_findings, vnu_findings
from tests.journeys.conftest import sign_in
from tests.journeys.serving import Site

WIDTHS = (1440, 390, 320)
LONG = "paspoort en identiteitskaart van mijn allerjongste dochter kwijtgeraakt in het buitenland tijdens de vakantie"


@dataclass(frozen=True)
class Visit:
    """A page: its address, who looks, which element shows that it is the page meant, what is done first."""

    path: str
    shows: str
    user: str | None = None
    status: int = 200
    press: tuple[str, ...] = field(default=())


PAGES = {
    "home": Visit("/", "h1:text-is('Waar kunnen we u mee helpen?')"),
    "home-english": Visit("/?lang=en", "h1:text-is('What can we help you with?')"),
    "topics": Visit("/antwoorden", "h1:text-is('Alle onderwerpen')"),
    "topics-english": Visit("/antwoorden?lang=en", "h1:text-is('All subjects')"),
    "results": Visit("/antwoorden?q=paspoort", ".kcc-result"),
    "results-english": Visit("/antwoorden?q=paspoort&lang=en", ".kcc-result"),
    "results-second": Visit("/antwoorden?q=paspoort&offset=10", "a[rel=prev]"),
    "results-long": Visit(f"/antwoorden?q={LONG}", ".kcc-result"),
    "nothing": Visit("/antwoorden?q=xqzwvkk", "#h-leeg"),
    "nothing-english": Visit("/antwoorden?q=xqzwvkk&lang=en", "#h-leeg"),
    "nothing-long": Visit(f"/antwoorden?q={'xqzwvkk' * 40}", "#h-leeg"),
    "typing-error": Visit("/antwoorden?q=pasport+aanvraagen", "p:has-text('Bedoelde u')"),
    "answer": Visit("/antwoorden/paspoort-aanvragen", ".kcc-answer"),
    "answer-found": Visit("/antwoorden/verhuizing-doorgeven?q=verhuizen", ".kcc-answer"),
    "answer-longest": Visit("/antwoorden/vluchtelingenpaspoort", ".kcc-answer"),
    "answer-english": Visit("/antwoorden/grofvuil?lang=en", ".kcc-answer"),
    "answer-thanks": Visit("/antwoorden/grofvuil?reactie=bedankt", "#reactie .utrecht-alert"),
    "booking": Visit("/afspraak", "h1:text-is('Waar wilt u een afspraak voor maken?')"),
    "booking-english": Visit("/afspraak?lang=en", "h1:text-is('What do you want to make an appointment for?')"),
    "booking-by-phone": Visit("/afspraak?product=naturalisatie", ".utrecht-alert"),
    "booking-online": Visit("/afspraak?product=uittreksel", "#h-online"),
    "booking-persons": Visit("/afspraak?product=paspoort&product=rijbewijs:2", "#personen-rijbewijs"),
    "booking-location": Visit("/afspraak/locatie?product=paspoort:2&product=rijbewijs", ".kcc-place"),
    "booking-location-moving": Visit("/afspraak/locatie?product=rni", ".kcc-place"),
    "booking-not-together": Visit("/afspraak/locatie?product=huwelijk&product=rijbewijs", ".utrecht-alert"),
    "booking-times": Visit("/afspraak/tijd?product=paspoort:2&locatie=stadhuis", ".kcc-choice"),
    "booking-times-english": Visit("/afspraak/tijd?product=paspoort:2&locatie=stadhuis&lang=en", ".kcc-choice"),
    "booking-nothing-kept": Visit("/afspraak/gegevens", "h1:text-is('Kies opnieuw een tijd')"),
    "own-appointment": Visit("/afspraak/beheer", "#code"),
    "own-appointment-old-link": Visit("/afspraak/beheer?link=oud&lang=en", ".utrecht-alert"),
    "privacy": Visit("/privacy", "h1:text-is('Privacy')"),
    "privacy-english": Visit("/privacy?lang=en", "h1:text-is('Privacy')"),
    "accessibility": Visit("/toegankelijkheid", "h1:text-is('Toegankelijkheid')"),
    "accessibility-english": Visit("/toegankelijkheid?lang=en", "h1:text-is('Accessibility')"),
    "not-found": Visit("/bestaat-niet", "h1:text-is('Niet gevonden')", status=404),
    "not-found-english": Visit("/antwoorden/bestaat-niet?lang=en", "h1:text-is('Not found')", status=404),
    "answer-for-agents": Visit("/antwoorden/agressie-aan-de-lijn", "h1:text-is('Niet gevonden')", status=404),
    "login": Visit("/inloggen", "h1:text-is('Inloggen')"),
    "desk": Visit("/werk", "#h-begin", user="medewerker"),
    "desk-found": Visit("/werk?q=paspoort+kwijt", ".kcc-hit .utrecht-mark", user="medewerker"),
    "desk-long": Visit(f"/werk?q={LONG}", ".kcc-hit", user="medewerker"),
    "desk-nothing": Visit("/werk?q=xqzwvkk", ".kcc-empty", user="medewerker"),
    "desk-typing-error": Visit("/werk?q=pasport+aanvraagen", "p:has-text('Bedoelde u')", user="medewerker"),
    "desk-article": Visit("/werk?q=paspoort+kwijt&artikel=paspoort-kwijt", "#h-intern", user="medewerker"),
    "desk-longest": Visit("/werk?artikel=vluchtelingenpaspoort", "#h-artikel", user="medewerker"),
    "desk-agents-only": Visit("/werk?artikel=agressie-aan-de-lijn", "header .utrecht-status-badge", user="medewerker"),
    "desk-filters": Visit(
        "/werk?onderwerp=rijbewijs&doelgroep=public", "#filters[open]", user="medewerker", press=("#filters summary",)
    ),
    "desk-nothing-here": Visit("/werk?q=xqzwvkk&onderwerp=rijbewijs", ".kcc-empty", user="medewerker"),
    "desk-saved": Visit("/werk?q=pas&artikel=paspoort-kwijt&opgeslagen=resolved", ".utrecht-alert--ok", user="medewerker"),
    "desk-wrong": Visit("/werk?artikel=grofvuil", "details[open] #opmerking", user="medewerker", press=(".kcc-wrong summary",)),
    "desk-not-found": Visit("/werk?artikel=bestaat-niet", "h1:text-is('Niet gevonden')", user="medewerker", status=404),
    "no-access": Visit("/redactie", "h1:text-is('Geen toegang')", user="medewerker", status=403),
    "editors": Visit("/redactie", ".kcc-tasklist li >> nth=1", user="redacteur"),
    "editors-done": Visit("/redactie?gelukt=accept", ".utrecht-alert--ok", user="redacteur"),
    "editors-seen-by-team-lead": Visit("/redactie", ".kcc-tasklist li", user="teamleider"),
    "announcements": Visit("/werk/berichten", "[aria-keyshortcuts='Alt+G']", user="medewerker"),
    "announcements-of-a-writer": Visit("/werk/berichten", "#h-gepland", user="teamleider"),
    "announcements-ended": Visit("/werk/berichten/archief", "h1:text-is('Archief')", user="medewerker"),
    "announcement-new": Visit("/werk/berichten/nieuw", "#titel", user="teamleider"),
    "announcement-changes": Visit("/werk/berichten/1/wijzigen", "[name=unread]", user="teamleider"),
    "questions-to-departments": Visit("/werk/vragen", "h1:text-is('Vragen aan afdelingen')", user="medewerker"),
    "question-about-an-article": Visit("/werk/vragen/nieuw?artikel=grofvuil", "#vraag", user="medewerker"),
    "question-about-a-topic": Visit("/werk/vragen/nieuw", "#onderwerp", user="medewerker"),
    "question-old-link": Visit("/vraag/oud", "h1:text-is('Deze link werkt niet (meer)')", status=404),
    "management": Visit("/beheer", "h1", user="beheerder"),
    "products": Visit("/beheer/producten", "h1", user="beheerder"),
    "product": Visit("/beheer/producten/paspoort", "form", user="beheerder"),
    "locations": Visit("/beheer/locaties", "h1", user="beheerder"),
    "location": Visit("/beheer/locaties/stadhuis", "h1", user="beheerder"),
    "closing-days": Visit("/beheer/sluitingsdagen", "h1", user="beheerder"),
    "clerks": Visit("/beheer/baliemedewerkers", "th a", user="beheerder"),
    "report": Visit("/rapport", ".kcc-promise >> nth=2", user="teamleider"),
    "report-today": Visit("/rapport?periode=vandaag", "#p-callbacks-in-time", user="teamleider"),
    "report-year": Visit(
        "/rapport?periode=jaar", "table.kcc-parts", user="teamleider", press=("#p-service-level ~ div summary >> nth=0",)
    ),
    "report-month": Visit("/rapport/maand?maand=2026-11", "#h-noten", user="teamleider"),
    "report-month-none": Visit("/rapport/maand?maand=2020-02", "#h-noten", user="teamleider"),
    "report-month-wrong": Visit("/rapport/maand?maand=2026-13", "#fouten", user="teamleider", status=400),
    "report-wrong-period": Visit("/rapport?periode=eeuw", "#fouten", user="teamleider", status=400),
    "report-wrong": Visit("/rapport?van=2026-01-02&tot=2026-01-01", "#fouten", user="teamleider", status=400),
    "simulation": Visit("/rapport/simulatie", "#vraag", user="teamleider"),
    "simulation-wrong": Visit(
        "/rapport/simulatie?locatie=stadhuis&loketten=99", "#fouten", user="teamleider", status=400
    ),
    "topics-and-departments": Visit("/beheer/onderwerpen", ".kcc-tree__topic", user="beheerder"),
    "topic": Visit("/beheer/onderwerpen/paspoort", "#h-einde", user="beheerder"),
    "topic-merging": Visit("/beheer/onderwerpen/paspoort/samenvoegen", "#h-geraakt", user="beheerder"),
    "department": Visit("/beheer/vakafdelingen/burgerzaken", "form", user="beheerder"),
    "quick-entry": Visit("/werk/snel", "button.kcc-chip", user="medewerker"),
    "own-contacts": Visit("/werk/contacten", "tbody form", user="medewerker"),
    "own-contacts-none": Visit("/werk/contacten?kanaal=letter", ".kcc-empty", user="medewerker"),
    "all-contacts": Visit("/werk/contacten", "#v-van", user="teamleider"),
    "contacts-wrong": Visit(
        "/werk/contacten?van=2026-01-02&tot=2026-01-01", "#fouten", user="teamleider", status=400
    ),
    "wallboard": Visit("/rapport/live", "[data-part=level] .kcc-figure", user="teamleider"),
    "wallboard-of-an-agent": Visit("/rapport/live?locatie=stadhuis", "[data-part=halls] tbody tr", user="medewerker"),
    "wallboard-wrong": Visit("/rapport/live?wachtrij=nergens", "#fouten", user="teamleider", status=400),
    "first-contact": Visit("/rapport/eerste-contact", "#h-afdelingen", user="teamleider"),
    "first-contact-none": Visit("/rapport/eerste-contact?van=2020-01-01&tot=2020-01-02", ".kcc-empty", user="teamleider"),
    "channels": Visit("/rapport/kanalen", "#h-onderwerpen", user="teamleider"),
    "channels-none": Visit("/rapport/kanalen?van=2020-01-01&tot=2020-01-02", ".kcc-empty", user="teamleider"),
    "channels-wrong": Visit("/rapport/kanalen?van=2026-01-02&tot=2026-01-01", "#fouten", user="teamleider", status=400),
    "bookings": Visit("/rapport/boekingen", ".kcc-choose", user="teamleider"),
    "bookings-wrong": Visit("/rapport/boekingen?product=niets", "#fouten", user="teamleider", status=400),
    "appointments-booked": Visit("/rapport/afspraken", ".kcc-choose", user="teamleider"),
    "appointments-booked-wrong": Visit("/rapport/afspraken?norm=weg", "#fouten", user="teamleider", status=400),
    "knowledge": Visit("/rapport/kennis", "#h-meldingen", user="teamleider"),
    "knowledge-none": Visit("/rapport/kennis?van=2020-01-01&tot=2020-01-02", ".kcc-empty", user="teamleider"),
    "knowledge-wrong": Visit("/rapport/kennis?van=2026-01-02&tot=2026-01-01", "#fouten", user="teamleider", status=400),
    "targets": Visit("/rapport/normen", "#h-nu", user="teamleider"),
    "target-new": Visit("/rapport/normen?maatstaf=service-level", "#v-telling", user="teamleider"),
    "target-of-a-place": Visit("/rapport/normen?maatstaf=walk-in-wait&grens=10", "#v-grens", user="beheerder"),
    "phone": Visit("/rapport/telefoon?van=2026-10-01&tot=2026-11-20", "table.kcc-week", user="teamleider"),
    "phone-none": Visit("/rapport/telefoon?van=2020-01-01&tot=2020-01-02", ".kcc-empty", user="teamleider"),
    "calls": Visit("/rapport/telefoon/gesprekken?van=2026-10-01&tot=2026-11-20", "tbody tr", user="teamleider"),
    "calls-wrong": Visit("/rapport/telefoon/gesprekken?kwartier=96", "#fouten", user="teamleider", status=400),
    "visits": Visit("/rapport/bezoeken", ".kcc-choose", user="teamleider"),
    "visits-wrong": Visit("/rapport/bezoeken?uitkomst=weg", "#fouten", user="teamleider", status=400),
    "question-list": Visit("/rapport/vragen/lijst", "tbody tr", user="teamleider"),
    "question-list-wrong": Visit("/rapport/vragen/lijst?telt=x", "#fouten", user="teamleider", status=400),
    "callback-list": Visit("/rapport/terugbelverzoeken", ".kcc-choose", user="teamleider"),
    "callback-list-wrong": Visit("/rapport/terugbelverzoeken?uitkomst=x", "#fouten", user="teamleider", status=400),
    "roster": Visit("/rapport/rooster", "table.kcc-week", user="teamleider"),
    "roster-what-if": Visit(
        "/rapport/rooster?afwezig=30&dag=1&begin=9.00&eind=11.00&erbij=1", "#h-vraag", user="teamleider"
    ),
    "roster-over": Visit("/rapport/rooster?week=2020-01-06", ".kcc-empty", user="teamleider"),
    "roster-wrong": Visit(
        "/rapport/rooster?week=2190-01-01&begin=11.00&eind=9.00&erbij=0", "#fouten", user="teamleider", status=400
    ),
    "roster-events": Visit("/rapport/rooster/gebeurtenissen", "#v-factor", user="teamleider"),
    "roster-lines": Visit("/rapport/rooster/medewerkers", "#v-agents", user="teamleider"),
    "telephone": Visit("/werk/toestel", "#toestel", user="medewerker"),
    "telephone-saved": Visit("/werk/toestel?gelukt=1", ".utrecht-alert--ok a", user="medewerker"),
    "callbacks": Visit("/werk/terugbellen", "h1:text-is('Terugbellen')", user="medewerker"),
    "callbacks-closed": Visit("/werk/terugbellen?toon=afgerond&wie=allen", "h1:text-is('Terugbellen')", user="teamleider"),
    "callback-new": Visit("/werk/terugbellen/nieuw", "#question", user="medewerker"),
    "callback-old-link": Visit("/terugbellen/oud", "h1", status=404),
    "topic-new": Visit("/beheer/onderwerpen/nieuw", "form", user="beheerder"),
    "unjoined": Visit("/rapport/gesprekken-zonder-contact", "#h-contacten", user="teamleider"),
    "unjoined-wrong": Visit(
        "/rapport/gesprekken-zonder-contact?van=2026-01-02&tot=2026-01-01", "#fouten", user="teamleider", status=400
    ),
    "questions": Visit("/rapport/vragen", "svg.kcc-pareto >> visible=true", user="teamleider"),
    "questions-none": Visit("/rapport/vragen?van=2020-01-01&tot=2020-01-02", ".kcc-empty", user="teamleider"),
    "questions-wrong": Visit("/rapport/vragen?van=2026-01-02&tot=2026-01-01", "#fouten", user="teamleider", status=400),
}  # fmt: skip


@pytest.fixture(scope="package")
def busy_week(site: Site, browser, signed_in: Callable[[str], list]) -> None:  # type: ignore[no-untyped-def]
    """What the editors' page shows after some use: proposals, messages and searches without an answer."""
    with browser.new_context(base_url=site.url) as context:
        context.add_cookies(signed_in("medewerker"))
        for slug, verdict, query, note in (
            ("grofvuil", "resolved", "oude bank laten ophalen bij de flat", ""),
            ("paspoort-kwijt", "resolved", LONG, ""),
            ("paspoort-kwijt", "wrong", "", "Het telefoonnummer van de ambassade klopt niet meer."),
            ("vluchtelingenpaspoort", "wrong", "", "Zin loopt niet. " * 30),
            ("grofvuil", "not-the-answer", "boot op de openbare weg", ""),
        ):
            given = {"slug": slug, "verdict": verdict, "query": query, "note": note}
            response = context.request.post("/werk/reactie", form={key: value for key, value in given.items() if value})
            assert response.ok
        for topic, times in (("paspoort", "12"), ("inzameling", "3")):
            line = {"onderwerp": topic, "kanaal": "email", "vrager": "resident", "resultaat": "resolved"}
            cells = {f"{field}[]": value for field, value in {**line, "aantal": times}.items()}
            assert context.request.post("/werk/snel", form={**cells, "actie": "opslaan"}).ok
        for more in ({}, {"title": LONG, "from-day": "2199-01-01", "from-time": "9.00"}):
            news = {"title": "Markt", "text": "- een\n- **twee**\n\n" + "langwoord" * 40, "importance": "normal"} | more
            with browser.new_context(base_url=site.url) as lead:
                lead.add_cookies(signed_in("teamleider"))
                assert lead.request.post("/werk/berichten/nieuw", form=news).ok
        for words, found in (("xqzwvkk", "0"), (LONG, "0"), ("x" * 200, "0")):
            assert context.request.post("/werk/zoekvraag", form={"query": words, "found": found}).ok


def shown(page: Page, visited: Visit) -> None:
    """Bring the page in the state that was meant."""
    for selector in visited.press:
        page.locator(selector).click()
    page.locator(visited.shows).first.wait_for()


def at_every_width(page: Page) -> list[str]:
    """What is wrong with the page as it is now, at each width."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{width}: {problem}" for problem in layout_findings(page) + axe_findings(page)]
    return found


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_well_laid_out(visit: Callable[..., Page], busy_week: None, name: str) -> None:
    visited = PAGES[name]
    announced = f"status of {visited.status} " if visited.status != 200 else None
    page = visit(visited.path, user=visited.user, expect=announced)
    shown(page, visited)
    assert at_every_width(page) == []


@pytest.fixture(scope="package")
def texts(browser, site: Site, signed_in: Callable[[str], list], busy_week: None) -> dict[str, str]:  # type: ignore[no-untyped-def]
    """The HTML of every page, as the service sends it."""
    found = {}
    for user in {visited.user for visited in PAGES.values()}:
        with browser.new_context(base_url=site.url) as context:
            context.add_cookies(signed_in(user) if user else [])
            for name, visited in PAGES.items():
                if visited.user == user:
                    response = context.request.get(visited.path)
                    assert response.status == visited.status, name
                    found[name] = response.text()
    return found


@pytest.mark.parametrize("check", [html_validate_findings, vnu_findings])
def test_the_html_of_every_page_is_valid(
    texts: dict[str, str], tmp_path: Path, check: Callable[..., list[str]]
) -> None:
    assert check(texts, tmp_path) == []


def test_a_wrong_password_is_told_accessibly(visit: Callable[..., Page]) -> None:
    page = visit("/inloggen", expect="status of 401 ")
    page.get_by_label("Gebruikersnaam").fill("medewerker")
    page.get_by_label("Wachtwoord").fill("verkeerd")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("alert").wait_for()
    assert page.get_by_label("Gebruikersnaam").input_value() == "medewerker"
    assert page.get_by_label("Wachtwoord").input_value() == ""
    assert at_every_width(page) == []


def test_an_editor_without_work_is_told_so(open_browser: Callable, own_site: Site) -> None:
    context, _ = open_browser(own_site)
    page = context.new_page()
    sign_in(page, "redacteur")
    page.get_by_text("Geen zoekvragen zonder antwoord").wait_for()
    page.get_by_text("Geen voorstellen").wait_for()
    handle = page.get_by_role("button", name="Afgehandeld")
    for left in reversed(range(handle.count())):
        handle.first.click()
        expect(handle).to_have_count(left)
    page.get_by_text("Geen open meldingen").wait_for()
    assert at_every_width(page) == []


def test_a_search_engine_that_is_away_is_told_in_words(
    open_browser: Callable, index_away: tuple[Site, Callable[[], None]]
) -> None:
    site, bring_back = index_away
    context, watch = open_browser(site)
    watch.expect("status of 503 ")
    page = context.new_page()
    assert page.goto("/antwoorden?q=paspoort").status == 503
    page.get_by_role("heading", name="Even bezig").wait_for()
    assert at_every_width(page) == []
    bring_back()
    again = page.get_by_role("link", name="Probeer het opnieuw")
    while again.is_visible():
        with page.expect_navigation():
            again.click()
    page.locator(".kcc-result").first.wait_for()
    assert page.get_by_label("Zoek een antwoord of product").input_value() == "paspoort"


@pytest.mark.parametrize(("path", "user"), [("/antwoorden/grofvuil", None), ("/werk?artikel=grofvuil", "medewerker")])
def test_a_crash_is_told_without_its_cause(open_browser: Callable, own_site: Site, path: str, user: str | None) -> None:
    context, watch = open_browser(own_site)
    watch.expect("status of 500 ")
    page = context.new_page()
    if user:
        sign_in(page, user)
    with sqlite3.connect(own_site.data / "kcc.sqlite3") as database:
        database.execute("ALTER TABLE article RENAME TO gone")
    database.close()
    assert page.goto(path).status == 500
    page.get_by_role("heading", name="Er ging iets mis").wait_for()
    assert "gone" not in page.content()
    assert "article" not in page.inner_text("main").lower()
    assert at_every_width(page) == []
    assert own_site.errors()
