"""Three calls at once at one desk, by keyboard: answered, put through, called back, booked. And what is in the log."""

import hashlib
import hmac
import itertools
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.checks import axe_findings, layout_findings
from tests.journeys.conftest import sign_in
from tests.journeys.desk import field, logged, ready, title
from tests.journeys.serving import Site, kcc, serving
from tests.journeys.watching import Watch

EXTENSION = "101"


class Exchange:
    """The telephone exchange: it tells the service of calls, signed."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.secret = kcc(site.data, "calls", "source", "proefcentrale").strip()
        self.numbers = itertools.count()

    def tell(self, call: str, *kinds: str) -> None:
        """What happens to a call, now."""
        now = datetime.now(UTC)
        events = [
            {"id": f"e{next(self.numbers)}", "callId": call, "queue": "Algemeen", "kind": kind, "at": now.isoformat()}
            | {"agent": EXTENSION, "extension": EXTENSION, "caller": "0612345678"}
            for kind in kinds
        ]
        body = json.dumps({"source": "proefcentrale", "events": events}).encode()
        timestamp = str(int(now.timestamp()))
        digest = hmac.new(self.secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {"X-KCC-Timestamp": timestamp, "X-KCC-Signature": f"sha256={digest}"}
        headers["Content-Type"] = "application/json"
        answer = httpx.post(f"{self.site.url}/api/v1/calls/events", content=body, headers=headers, timeout=180)
        assert answer.status_code == 200, answer.text
        assert answer.json()["accepted"] == len(events), answer.text


class Keys:
    """The agent's keyboard, which counts: a chord is one key, and letters are counted apart."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = self.typed = 0

    def press(self, key: str) -> None:
        self.pressed += 1
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.typed += len(text)
        self.page.keyboard.type(text)

    def finds(self, words: str, article: str) -> None:
        """Search, and open the first article."""
        expect(field(self.page)).to_be_focused()
        ready(self.page)
        self.type(words)
        self.press("Enter")
        expect(title(self.page)).to_have_text(article)

    def tab_to(self, label: str) -> None:
        """Press Tab until the field with this label has focus."""
        target = self.page.get_by_label(label, exact=True)
        for _ in range(80):
            if target.evaluate("(element) => element === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"Tab does not reach {label}")


@pytest.fixture
def town(own_data: Path) -> Iterator[Site]:
    """The demonstration on a Tuesday morning."""
    with serving(own_data, KCC_CLOCK="2026-11-24T08:00:00Z") as site:
        yield site
        assert site.errors() == []


@pytest.fixture
def watched(town: Site, open_browser: Callable) -> tuple[Page, Watch]:
    """An agent who sits at a telephone, and what goes wrong in the browser."""
    context, watch = open_browser(town)
    page = context.new_page()
    sign_in(page, "medewerker")
    page.goto("/werk/toestel")
    page.get_by_label("Nummer van het toestel").fill(EXTENSION)
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"U zit nu aan toestel {EXTENSION}")).to_be_visible()
    page.goto("/werk")
    return page, watch


@pytest.fixture
def desk(watched: tuple[Page, Watch]) -> Page:
    """The agent's browser, in which nothing goes wrong."""
    return watched[0]


def contacts_of(site: Site) -> list[dict]:
    """What is in the log of the agent, the oldest first."""
    token = kcc(site.data, "token", "create", "proef", "--role", "team-lead").strip()
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"{site.url}/api/v1", headers=headers, timeout=180) as api:
        found = api.get("/contacts", params={"agent": "medewerker", "from": "2026-11-24"}).json()["results"]
        callbacks = api.get("/callbacks", params={"state": "open"}).json()["results"]
        # The demonstration's own were promised before.
        open_callbacks = [one for one in callbacks if one["askedAt"] >= "2026-11-24"]
    return sorted(found, key=lambda one: one["id"]) + open_callbacks


def test_three_calls_at_once(desk: Page, town: Site) -> None:
    exchange, keys = Exchange(town), Keys(desk)
    telephone = desk.locator("#gesprekken")

    # The first call: answered, it begins its contact by itself.
    exchange.tell("een", "entered", "ringing")
    expect(telephone).to_contain_text("Gesprek van Algemeen")
    exchange.tell("een", "answered")
    desk.wait_for_url("**/werk?contact=*")
    keys.finds("grofvuil ophalen", "Grofvuil laten ophalen")
    expect(desk.locator("#contact")).to_contain_text("Gezet door het artikel")
    # The answer is there; the caller has another question.
    keys.press("Alt+v")
    expect(desk.locator("#contact")).to_contain_text("nog open")

    # The second call rings while the first one waits: begun with a key, put through with a key.
    exchange.tell("twee", "entered", "ringing")
    expect(telephone).to_contain_text("Gesprek van Algemeen")
    keys.press("Alt+n")
    expect(desk.get_by_role("navigation", name="Open contacten")).to_contain_text("Telefoon 2")
    exchange.tell("twee", "answered")
    keys.finds("rijbewijs kwijt", "Rijbewijs kwijt of gestolen")
    expect(desk.locator("#contact")).to_contain_text("Gezet door het artikel")

    # Its contact is on the screen already: answered, it is not announced once more.
    expect(telephone).to_be_empty()

    # The third.
    exchange.tell("drie", "entered", "ringing", "answered")
    link = telephone.get_by_role("link", name="Ga naar dit gesprek")
    exchange.tell("drie-b", "entered", "ringing")
    expect(telephone).to_contain_text("Gesprek van Algemeen")
    exchange.tell("drie-b", "answered")
    expect(link).to_be_visible()  # nobody is taken from what they do
    assert (axe_findings(desk), layout_findings(desk)) == ([], [])
    keys.press("Alt+2")
    expect(logged(desk)).to_contain_text("Vastgelegd: doorverbonden")

    # An appointment for the third.
    expect(desk.get_by_role("navigation", name="Open contacten")).to_contain_text("Telefoon 2")
    keys.finds("paspoort aanvragen", "Paspoort aanvragen")
    keys.press("Alt+4")
    expect(desk.get_by_role("heading", name="Afspraak maken", level=1)).to_be_visible()
    first = desk.locator(".kcc-freeday > .kcc-times [name=tijd]").first
    for _ in range(80):
        if first.evaluate("(element) => element === document.activeElement"):
            break
        keys.press("Tab")
    keys.press("Space")
    keys.tab_to("Naam")
    keys.type("Test Bezoeker")
    keys.press("Tab")
    keys.type("beller@voorbeeld.example")
    keys.press("Enter")
    expect(desk.locator(".kcc-answer")).to_contain_text("Afspraakcode")

    # Back to the first: its second question is for a department, the first one was answered from the kennisbank.
    desk.goto("/werk")
    expect(desk.locator("#contact")).to_contain_text("nog open")
    keys.press("Alt+3")
    expect(desk.get_by_role("heading", name="Nieuw terugbelverzoek")).to_be_visible()
    keys.tab_to("Waar gaat het over?")
    keys.type("Wil weten of er subsidie is.")
    desk.get_by_label("Onderwerp").select_option(index=1)
    keys.tab_to("Telefoonnummer")
    keys.type("0612345678")
    keys.press("Enter")
    desk.wait_for_url("**/werk?contact=*")
    before = keys.pressed
    keys.press("Alt+1")
    expect(logged(desk)).to_contain_text("Afval › Inzameling: opgelost")
    assert keys.pressed - before == 1

    *contacts, callback = contacts_of(town)
    told = [
        (one["channel"], one["finishedAt"] is not None, [(q["outcome"], q["source"]) for q in one["questions"]])
        for one in contacts
    ]
    assert told == [
        ("phone", True, [("resolved", "article"), ("callback", "callback")]),
        ("phone", True, [("transferred", "department-reached")]),
        ("phone", True, [("appointment-made", "article")]),
    ]
    assert len({one["callId"] for one in contacts}) == 3 and all(one["callId"] for one in contacts)
    assert callback["question"] == "Wil weten of er subsidie is."
    assert callback["contact"] == contacts[0]["id"]


def test_an_opened_article_leaves_what_was_typed(desk: Page) -> None:
    keys = Keys(desk)
    keys.finds("grofvuil ophalen", "Grofvuil laten ophalen")
    note = desk.locator("#notitie")
    keys.press("Alt+m")
    expect(note).to_be_focused()
    keys.type("Grote bank")
    keys.press("/")
    expect(note).to_have_value("Grote bank/")
    field(desk).focus()
    desk.keyboard.press("Control+a")
    keys.finds("paspoort kwijt", "Paspoort of identiteitskaart kwijt of gestolen")
    expect(note).to_have_value("Grote bank/")


def test_contacts_are_switched_and_a_mistake_is_undone_by_keys(desk: Page) -> None:
    keys, tabs = Keys(desk), desk.get_by_role("navigation", name="Open contacten")
    for words, article in (("grofvuil ophalen", "Grofvuil laten ophalen"), ("paspoort kwijt", "Paspoort of")):
        keys.press("Alt+n")
        expect(tabs if words.startswith("grof") else tabs.get_by_text("+ Nieuw")).to_be_visible()
        if words.startswith("paspoort"):
            expect(tabs.get_by_text("+ Nieuw")).to_have_attribute("aria-current", "true")
            keys.press("Alt+n")
            expect(tabs.get_by_text("Telefoon 2")).to_be_visible()
        ready(desk)
        keys.type(words)
        keys.press("Enter")
        expect(title(desk)).to_contain_text(article)
    keys.press("Alt+w")
    expect(tabs.locator("[aria-current]")).to_have_text("Telefoon 1Inzameling")
    keys.press("Alt+w")
    expect(tabs.locator("[aria-current]")).to_have_text("Telefoon 2Vermissing")
    assert (axe_findings(desk), layout_findings(desk)) == ([], [])
    keys.press("Alt+6")
    expect(logged(desk)).to_contain_text("Vastgelegd: verbroken")
    assert (axe_findings(desk), layout_findings(desk)) == ([], [])
    keys.press("Alt+h")
    expect(tabs.locator("[aria-current]")).to_have_text("Telefoon 2Vermissing")


def test_what_is_put_right_is_no_error_any_more(watched: tuple[Page, Watch]) -> None:
    desk, watch = watched
    watch.expect("status of 400 ")
    keys, note = Keys(desk), desk.locator("#notitie")
    summary = desk.locator("#contact .utrecht-alert--error")
    keys.press("Alt+m")
    keys.type("Nummer 111222333")
    field(desk).focus()
    keys.press("Alt+1")
    expect(summary).to_contain_text("Is dit een BSN?")
    expect(summary).to_contain_text("Kies een onderwerp")
    keys.press("Alt+b")
    expect(summary).not_to_contain_text("BSN")
    expect(note).not_to_have_attribute("aria-invalid", "true")
    keys.press("Alt+1")
    topic = desk.locator("#onderwerp")
    expect(topic).to_be_focused()  # the only thing that is wrong
    topic.select_option("paspoort")
    expect(summary).to_have_count(0)
    keys.press("Alt+m")
    keys.type("!")
    expect(note).to_have_value("Nummer 111222333!")
    keys.press("Alt+1")
    expect(logged(desk)).to_contain_text("Vastgelegd: opgelost")


def test_a_resolved_call_costs_one_chord(desk: Page, town: Site) -> None:
    keys = Keys(desk)
    keys.finds("grofvuil ophalen", "Grofvuil laten ophalen")
    pressed, typed = keys.pressed, keys.typed
    keys.press("Alt+1")
    expect(logged(desk)).to_contain_text("Vastgelegd: opgelost")
    assert (keys.pressed - pressed, keys.typed - typed) == (1, 0)
    expect(field(desk)).to_be_focused()
    (contact,) = contacts_of(town)
    assert [(q["outcome"], q["articles"]) for q in contact["questions"]] == [("resolved", ["grofvuil"])]
