"""What agents and callers teach the kennisbank, with an editor's nod."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.desk import field, first_title, hits, logged, saved, title

Visit = Callable[..., Page]


def give_verdict(page: Page, slug: str, words: str, key: str) -> None:
    page.goto(f"/werk?q={words}&artikel={slug}")
    expect(field(page)).to_be_focused()
    page.keyboard.press(key)
    expect(logged(page)).to_be_visible()


@pytest.fixture
def agent(visit: Visit) -> Page:
    """The desk of an agent."""
    return visit("/werk", user="medewerker")


@pytest.fixture
def editor(visit: Visit) -> Page:
    """The page of an editor."""
    return visit("/redactie", user="redacteur")


def test_new_words_are_proposed_accepted_and_then_find_the_article(agent: Page, editor: Page) -> None:
    words = "bbrtlm ggfnwp"
    agent.goto(f"/werk?q={words}")
    expect(hits(agent)).to_have_count(0)
    give_verdict(agent, "dakkapel", words, "Alt+1")

    editor.reload()
    proposal = editor.locator(".kcc-tasklist li", has_text=words)
    expect(proposal).to_contain_text("1 keer, bij Dakkapel")
    proposal.get_by_role("button", name="Voeg toe").click()
    expect(editor.get_by_role("status").filter(has_text="Toegevoegd aan het artikel")).to_be_visible()
    expect(editor.locator(".kcc-tasklist li", has_text=words)).to_have_count(0)

    # The index follows within a second; the desk is asked again until then.
    agent.goto("/werk")
    expect(field(agent)).to_be_focused()
    for _ in range(200):
        with agent.expect_response(re.compile(r"/werk\?q=")):
            field(agent).fill("")
            field(agent).fill(words)
        expect(agent.locator("#melding")).to_have_text(re.compile("gevonden"))
        if hits(agent).count():
            break
    expect(first_title(agent)).to_contain_text("Dakkapel")


def test_rejected_words_do_not_come_back(agent: Page, editor: Page) -> None:
    words = "roestvrije pannenkoek"
    give_verdict(agent, "uitrit", words, "Alt+1")
    editor.reload()
    editor.locator(".kcc-tasklist li", has_text=words).get_by_role("button", name="Niet toevoegen").click()
    expect(editor.get_by_role("status").filter(has_text="Voorstel weggelegd")).to_be_visible()
    give_verdict(agent, "uitrit", words, "Alt+1")
    editor.reload()
    expect(editor.get_by_role("heading", name="Geleerd van het gebruik")).to_be_visible()
    expect(editor.locator(".kcc-tasklist li", has_text=words)).to_have_count(0)


def test_what_is_said_to_be_wrong_is_handled(agent: Page, editor: Page) -> None:
    agent.goto("/werk?artikel=laadpaal")
    agent.locator(".kcc-wrong summary").click()
    agent.get_by_label("Wat klopt er niet?").fill("De aanvraag gaat nu via de provincie.")
    agent.get_by_role("button", name="Meld aan de redactie").click()
    expect(saved(agent)).to_be_visible()

    editor.reload()
    flag = editor.locator(".kcc-tasklist li", has_text="De aanvraag gaat nu via de provincie.")
    flag.get_by_role("link").click()
    expect(title(editor)).to_contain_text("Laadpaal")
    editor.go_back()
    flag.get_by_role("button", name="Afgehandeld").click()
    expect(editor.get_by_role("status").filter(has_text="Melding afgehandeld")).to_be_visible()
    expect(flag).to_have_count(0)


def test_a_search_without_an_answer_is_listed(agent: Page, editor: Page) -> None:
    words = "qxqvw zzplkt"
    with agent.expect_response("**/werk/zoekvraag"):
        agent.keyboard.type(words)
    row = editor.get_by_role("row", name=re.compile(words))
    for _ in range(200):
        editor.reload()
        if row.count():
            break
    expect(row).to_contain_text("Niets gevonden")
    row.get_by_role("link", name=words).click()
    expect(field(editor)).to_have_value(words)


def test_a_team_lead_sees_but_does_not_decide(agent: Page, visit: Visit) -> None:
    words = "zingende brievenbus"
    give_verdict(agent, "collecte", words, "Alt+1")
    lead = visit("/redactie", user="teamleider")
    proposal = lead.locator(".kcc-tasklist li", has_text=words)
    expect(proposal).to_be_visible()
    expect(lead.locator("main").get_by_role("button")).to_have_count(0)
    response = lead.request.post("/redactie/voorstellen/1", form={"decision": "accept"})
    assert response.status == 403
