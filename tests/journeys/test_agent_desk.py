"""The agent's desk by keyboard only, with a caller on the line."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.journeys.conftest import sign_in
from tests.journeys.desk import field, first_title, hits, logged, ready, saved, status, title, type_and_find
from tests.journeys.serving import Site

Visit = Callable[..., Page]


@pytest.fixture
def desk(visit: Visit) -> Page:
    """The desk of an agent who just sat down."""
    return visit("/werk", user="medewerker")


def test_a_whole_call_takes_only_keys(open_browser: Callable, site: Site) -> None:
    context, _ = open_browser(site)
    page = context.new_page()
    sign_in(page, "medewerker")
    expect(page).to_have_url(re.compile(r"/werk$"))
    expect(field(page)).to_be_focused()

    type_and_find(page, "grofvuil ophalen")
    expect(field(page)).to_be_focused()
    expect(first_title(page)).to_have_text("Grofvuil laten ophalen")
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Grofvuil laten ophalen")
    expect(status(page)).to_have_text("Geopend: Grofvuil laten ophalen")
    expect(field(page)).to_be_focused()
    expect(page).to_have_title(re.compile("^Grofvuil laten ophalen – Werkplek"))

    page.keyboard.press("Alt+1")
    expect(logged(page)).to_contain_text("Vastgelegd: opgelost")
    expect(status(page)).to_have_text(re.compile("Vastgelegd: opgelost"))
    expect(field(page)).to_be_focused()

    page.keyboard.type("rijbewijs kwijt")
    expect(field(page)).to_have_value("rijbewijs kwijt")
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Rijbewijs kwijt of gestolen")
    page.keyboard.press("Alt+0")
    expect(saved(page)).to_contain_text("Opgeslagen: niet het antwoord")


def test_the_list_appears_while_typing_and_focus_stays(desk: Page) -> None:
    for letter in "paspo":
        desk.keyboard.type(letter)
        expect(field(desk)).to_be_focused()
    expect(first_title(desk)).to_contain_text("Paspoort")
    desk.keyboard.type("ort kwijt")
    expect(first_title(desk)).to_have_text("Paspoort of identiteitskaart kwijt of gestolen")
    expect(field(desk)).to_be_focused()
    assert desk.url.endswith("/werk")


def test_arrows_choose_and_tell_which(desk: Page) -> None:
    type_and_find(desk, "paspoort")
    titles = [text.strip() for text in desk.locator("#gevonden .kcc-hit > a").all_text_contents()]
    desk.keyboard.press("ArrowDown")
    expect(status(desk)).to_have_text(f"2 van {len(titles)}: {titles[1]}")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowUp")
    expect(status(desk)).to_have_text(f"2 van {len(titles)}: {titles[1]}")
    expect(field(desk)).to_be_focused()
    desk.keyboard.press("Enter")
    expect(title(desk)).to_have_text(titles[1])
    expect(hits(desk).nth(1).get_by_role("link")).to_have_attribute("aria-current", "true")


def test_the_arrows_stop_at_both_ends(desk: Page) -> None:
    type_and_find(desk, "paspoort")
    count = hits(desk).count()
    for _ in range(count + 2):
        desk.keyboard.press("ArrowDown")
    expect(status(desk)).to_have_text(re.compile(f"^{count} van {count}:"))
    for _ in range(count + 2):
        desk.keyboard.press("ArrowUp")
    expect(status(desk)).to_have_text(re.compile(f"^1 van {count}:"))


def test_escape_empties_the_field_and_leaves_the_article(desk: Page) -> None:
    type_and_find(desk, "grofvuil")
    desk.keyboard.press("Enter")
    expect(title(desk)).to_have_text("Grofvuil laten ophalen")
    desk.keyboard.press("Escape")
    expect(field(desk)).to_have_value("")
    expect(field(desk)).to_be_focused()
    expect(desk.locator("#h-gevonden")).to_have_text("Veel gevraagd")
    expect(title(desk)).to_have_text("Grofvuil laten ophalen")


def test_enter_in_an_empty_field_opens_nothing(desk: Page) -> None:
    opened: list[str] = []
    desk.on("request", lambda request: opened.append(request.url) if "artikel=" in request.url else None)
    expect(hits(desk).first).to_be_visible()
    desk.keyboard.press("Enter")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    second = desk.locator("#gevonden .kcc-hit > a").nth(1)
    expect(title(desk)).to_have_text(str(second.text_content()))
    assert len(opened) == 1


def test_enter_before_the_list_is_there_opens_the_right_article(desk: Page) -> None:
    # All keys at once, faster than any answer: what is opened must belong to all the words.
    field(desk).evaluate("""(field) => {
        const press = (key) => field.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
        for (const letter of "rij") { field.value += letter; field.dispatchEvent(new Event("input", {bubbles: true})); }
        for (const letter of "bewijs kwijt") { field.value += letter; field.dispatchEvent(new Event("input", {bubbles: true})); }
        press("Enter");
    }""")
    expect(title(desk)).to_have_text("Rijbewijs kwijt of gestolen")
    expect(desk).to_have_url(re.compile(r"q=rijbewijs\+kwijt"))


def test_a_slow_answer_to_fewer_words_does_not_win(desk: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    desk.route(re.compile(r"/werk\?q=rij(&|$)"), hold)
    desk.keyboard.type("rij")
    expect(field(desk)).to_have_value("rij")
    desk.wait_for_function("() => document.querySelector('#zoeken.htmx-request') !== null")
    desk.keyboard.type("bewijs kwijt")
    desk.keyboard.press("Enter")
    expect(title(desk)).to_have_text("Rijbewijs kwijt of gestolen")
    for route in held:
        route.continue_()
    expect(first_title(desk)).to_have_text("Rijbewijs kwijt of gestolen")


def test_a_wrong_article_is_reported_by_keyboard(desk: Page) -> None:
    type_and_find(desk, "afvalkalender")
    desk.keyboard.press("Enter")
    expect(title(desk)).to_contain_text("Afvalkalender")
    summary = desk.locator(".kcc-wrong summary")
    for _ in range(60):
        desk.keyboard.press("Tab")
        if summary.evaluate("(element) => element === document.activeElement"):
            break
    expect(summary).to_be_focused()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    expect(desk.get_by_label("Wat klopt er niet?")).to_be_focused()
    desk.keyboard.type("De dag van het papier / karton is veranderd.")
    expect(desk.get_by_label("Wat klopt er niet?")).to_have_value("De dag van het papier / karton is veranderd.")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(saved(desk)).to_contain_text("Melding opgeslagen")
    expect(field(desk)).to_be_focused()
    # A wrong article may still have been the answer, or not.
    expect(desk.get_by_role("button", name="Opgelost")).to_be_visible()
    expect(desk.get_by_role("button", name="Nee, niet het antwoord")).to_be_visible()


def test_a_report_without_words_is_refused_beside_the_form(desk: Page) -> None:
    type_and_find(desk, "afvalkalender")
    desk.keyboard.press("Enter")
    desk.locator(".kcc-wrong summary").click()
    desk.get_by_label("Wat klopt er niet?").fill("   ")
    desk.get_by_role("button", name="Meld aan de redactie").click()
    expect(desk.locator("#reactie [role=alert]")).to_contain_text("Schrijf op wat er niet klopt")
    expect(desk.get_by_label("Wat klopt er niet?")).to_be_visible()


def test_slash_goes_to_the_field_and_can_be_switched_off(desk: Page) -> None:
    type_and_find(desk, "grofvuil")
    desk.keyboard.press("Enter")
    expect(title(desk)).to_have_text("Grofvuil laten ophalen")
    button = desk.get_by_role("button", name="Opgelost")
    button.focus()
    desk.keyboard.press("/")
    expect(field(desk)).to_be_focused()
    expect(field(desk)).to_have_value("grofvuil")
    assert desk.evaluate("getSelection().toString()") == "grofvuil"

    switch = desk.get_by_label("Toets / gebruiken")
    switch.focus()
    desk.keyboard.press("Space")
    desk.keyboard.press("/")
    expect(switch).to_be_focused()
    desk.reload()
    expect(switch).not_to_be_checked()
    desk.locator("#inhoud").focus()
    desk.keyboard.press("/")
    expect(field(desk)).not_to_be_focused()


def test_a_slash_in_the_field_is_a_slash(desk: Page) -> None:
    desk.keyboard.type("en/of")
    expect(field(desk)).to_have_value("en/of")


def test_letters_typed_before_the_page_was_ready_are_searched(visit: Visit) -> None:
    page = visit("/privacy", user="medewerker")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/desk.js*", hold)
    page.goto("/werk", wait_until="commit")
    expect(field(page)).to_be_focused()
    page.keyboard.type("grofvuil")
    expect(field(page)).to_have_value("grofvuil")
    held[0].continue_()
    expect(first_title(page)).to_have_text("Grofvuil laten ophalen")


def test_back_returns_to_the_article_before(desk: Page) -> None:
    type_and_find(desk, "grofvuil")
    desk.keyboard.press("Enter")
    expect(title(desk)).to_have_text("Grofvuil laten ophalen")
    field(desk).fill("")
    type_and_find(desk, "milieustraat")
    desk.keyboard.press("Enter")
    expect(title(desk)).to_have_text("Milieustraat: afval wegbrengen")
    # The same one again is no second step back.
    desk.locator("#artikel article").evaluate("(article) => { article.dataset.before = 1; }")
    desk.keyboard.press("Enter")
    expect(desk.locator("#artikel article:not([data-before])")).to_be_visible()
    desk.go_back()
    expect(title(desk)).to_have_text("Grofvuil laten ophalen")
    expect(field(desk)).to_have_value("grofvuil")
    ready(desk)
    desk.go_back()
    expect(desk.locator("#h-begin")).to_be_visible()
    ready(desk)
    desk.go_forward()
    expect(title(desk)).to_have_text("Grofvuil laten ophalen")
    # The desk works as before.
    field(desk).fill("")
    field(desk).focus()
    type_and_find(desk, "dakkapel")
    desk.keyboard.press("Enter")
    expect(title(desk)).to_contain_text("Dakkapel")


def test_on_a_page_that_came_with_words_the_first_key_begins_the_next_question(visit: Visit) -> None:
    page = visit("/werk?q=grofvuil&artikel=grofvuil", user="medewerker")
    expect(field(page)).to_be_focused()
    page.keyboard.type("dakkapel")
    expect(field(page)).to_have_value("dakkapel")
    expect(first_title(page)).to_contain_text("Dakkapel")
    expect(title(page)).to_have_text("Grofvuil laten ophalen")


def test_back_from_another_page_finds_the_desk_as_it_was(desk: Page) -> None:
    type_and_find(desk, "paspoort aanvragen")
    desk.keyboard.press("Enter")
    expect(title(desk)).to_have_text("Paspoort aanvragen")
    desk.get_by_role("link", name="Afspraak maken").click()
    expect(desk.get_by_role("heading", name="Afspraak maken")).to_be_visible()
    desk.go_back()
    expect(title(desk)).to_have_text("Paspoort aanvragen")
    expect(field(desk)).to_have_value("paspoort aanvragen")


def test_two_tabs_are_two_calls(visit: Visit) -> None:
    first = visit("/werk", user="medewerker")
    second = first.context.new_page()
    second.goto("/werk")
    type_and_find(first, "grofvuil")
    second.bring_to_front()
    type_and_find(second, "dakkapel")
    second.keyboard.press("Enter")
    expect(title(second)).to_contain_text("Dakkapel")
    first.bring_to_front()
    expect(title(first)).to_have_count(0)
    first.keyboard.press("Enter")
    expect(title(first)).to_have_text("Grofvuil laten ophalen")
    first.keyboard.press("Alt+1")
    expect(logged(first)).to_contain_text("Afval › Inzameling")
    second.bring_to_front()
    second.keyboard.press("Alt+0")
    expect(saved(second)).to_contain_text("Dakkapel")


def test_did_you_mean_is_a_search(desk: Page) -> None:
    desk.keyboard.type("pasport aanvraagen")
    link = desk.locator("#gevonden").get_by_role("link", name="paspoort aanvragen", exact=True)
    link.press("Enter")
    expect(field(desk)).to_have_value("paspoort aanvragen")
    expect(field(desk)).to_be_focused()
    expect(first_title(desk)).to_have_text("Paspoort aanvragen")


def test_filters_narrow_while_typing_and_are_told(desk: Page) -> None:
    type_and_find(desk, "kwijt")
    desk.locator("#filters summary").press("Enter")
    desk.locator("#filters").get_by_label("Onderwerp").select_option("rijbewijs")
    expect(desk.locator("#gevonden .kcc-hints strong")).to_have_text("Rijbewijs")
    expect(first_title(desk)).to_have_text("Rijbewijs kwijt of gestolen")
    for label in desk.locator("#gevonden .kcc-hit > .kcc-sub").all_text_contents():
        assert label.startswith("Rijbewijs")
    desk.get_by_role("link", name="Zonder filters").click()
    expect(desk.locator("#gevonden .kcc-hints strong")).to_have_count(0)
    expect(field(desk)).to_have_value("kwijt")


def test_an_article_for_agents_only_says_so(desk: Page) -> None:
    type_and_find(desk, "agressieve beller")
    expect(hits(desk).first).to_contain_text("alleen voor medewerkers")
    desk.keyboard.press("Enter")
    expect(desk.locator("#artikel header")).to_contain_text("Alleen voor medewerkers")


def test_a_related_article_opens_in_place(desk: Page) -> None:
    type_and_find(desk, "grofvuil")
    desk.keyboard.press("Enter")
    related = desk.get_by_role("navigation", name="Verwante artikelen").get_by_role("link").first
    wanted = str(related.text_content())
    related.press("Enter")
    expect(title(desk)).to_have_text(wanted)
    expect(status(desk)).to_have_text(f"Geopend: {wanted}")


def test_every_stop_of_tab_shows_its_focus_and_they_come_in_order(desk: Page) -> None:
    type_and_find(desk, "paspoort kwijt")
    desk.keyboard.press("Enter")
    expect(title(desk)).to_be_visible()
    desk.locator(".utrecht-skip-link").focus()
    places = ["A"]
    for _ in range(80):
        desk.keyboard.press("Tab")
        stop = desk.evaluate("""() => {
            const element = document.activeElement, style = getComputedStyle(element);
            const place = element.closest("#dringend, #gevonden, #artikel, #contact, #reactie, search, header, .kcc-keyhelp, .utrecht-skip-link");
            return {end: element === document.body, name: element.outerHTML.slice(0, 120), place: place?.id || place?.tagName || "",
                    ring: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none"};
        }""")
        if stop["end"]:
            break
        assert stop["ring"], f"no focus ring: {stop['name']}"
        desk.wait_for_function("""() => {
            const box = document.activeElement.getBoundingClientRect();
            return box.top >= 0 && box.bottom <= innerHeight;
        }""")
        if not places or places[-1] != stop["place"]:
            places.append(stop["place"])
    assert places == ["A", "HEADER", "dringend", "SEARCH", "gevonden", "artikel", "contact", "reactie", "SECTION"]


def test_the_short_answer_is_the_largest_text_and_the_first_hit_is_in_sight(visit: Visit) -> None:
    for width in (1440, 390, 320):
        page = visit("/werk?q=paspoort+kwijt&artikel=paspoort-kwijt", user="medewerker", width=width)
        sizes = page.evaluate("""() => {
            const size = (element) => parseFloat(getComputedStyle(element).fontSize);
            const answer = size(document.querySelector(".kcc-answer p:not(.kcc-eyebrow)"));
            const larger = [...document.querySelectorAll("main *")].filter((element) =>
                [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) &&
                !element.matches(".kcc-sr") && !element.closest(".kcc-answer") && size(element) >= answer);
            return larger.map((element) => element.outerHTML.slice(0, 100));
        }""")
        assert sizes == [], width
    page = visit("/werk?q=paspoort+kwijt", user="medewerker")
    box = hits(page).first.bounding_box()
    assert box["y"] + box["height"] < 900


def test_a_settled_search_is_told_once(visit: Visit, open_browser: Callable, site: Site, signed_in: Callable) -> None:
    context, _ = open_browser(site, cookies=signed_in("medewerker"))
    page = context.new_page()
    page.clock.install()
    told: list[Request] = []
    page.on("request", lambda request: told.append(request) if request.url.endswith("/werk/zoekvraag") else None)
    page.goto("/werk")
    type_and_find(page, "hond")
    assert told == []
    with page.expect_response(re.compile(r"/werk\?q=hondenbelasting")):
        field(page).press_sequentially("enbelasting")
    expect(status(page)).to_have_text(re.compile("gevonden"))
    with page.expect_response("**/werk/zoekvraag") as answered:
        page.clock.run_for(1_500)
    assert answered.value.status == 204
    page.clock.run_for(60_000)
    assert [request.post_data for request in told] == [f"query=hondenbelasting&found={hits(page).count()}"]
