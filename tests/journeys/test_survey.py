"""After the visit, in a browser: the link in the mail without JavaScript, and the kiosk's buttons."""

import re
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.checks import html_validate_findings, vnu_findings
from tests.journeys.conftest import sign_in
from tests.journeys.serving import Site, kcc, serving
from tests.journeys.test_hall import Looker

MAIL = re.compile(r"/enquete/\S+")


@pytest.fixture
def town(own_data: Path) -> Iterator[Site]:
    """The demonstration on a Tuesday morning, which asks at once how it was."""
    token = kcc(own_data, "token", "create", "balie", "--role", "counter-clerk").strip()
    own_data.with_name("token").write_text(token)
    settings = {"KCC_CLOCK": "2026-11-24T08:00:00Z", "KCC_SURVEY_AFTER_MINUTES": "0"}
    with serving(own_data, **settings) as site:
        yield site
        assert site.errors() == []


@pytest.fixture
def clerk(open_browser: Callable, town: Site) -> Page:
    """A clerk's browser."""
    context, _ = open_browser(town)
    page = context.new_page()
    sign_in(page, "balie")
    return page


def helped(town: Site, language: str) -> None:
    """Somebody with an appointment was helped, all through the API."""
    token = (town.data.parent / "token").read_text()
    api = httpx.Client(base_url=town.url, headers={"Authorization": f"Bearer {token}"})

    def post(path: str, **body: object) -> dict:
        answer = api.post(f"/api/v1/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    product = {"location": "stadhuis", "products": [{"code": "paspoort", "persons": 1}]}
    days = "location=stadhuis&product=paspoort&from=2026-11-24&to=2026-11-24"
    who = {"name": "Demo Bezoeker", "email": "bezoeker@voorbeeld.example", "language": language}
    with api:
        starts = api.get(f"/api/v1/availability?{days}").json()["days"][0]["starts"]
        code = post("appointments", **product, startsAt=starts[0], **who)["code"]
        visit = post(f"appointments/{code}/check-in")["id"]
        counter = api.get("/api/v1/counters", params={"location": "stadhuis"}).json()["results"][0]["code"]
        post(f"counters/{counter}/open")
        post(f"visits/{visit}/call", counter=counter)
        post(f"visits/{visit}/finish", outcome="done")


def mailed_link(town: Site) -> str:
    """The link in the newest mail that has one, as soon as it is there."""
    for _ in range(1500):
        for path in sorted((town.data / "mail").glob("*.eml"), reverse=True):
            body = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("plain",))
            if body and (found := MAIL.search(body.get_content())):
                return found[0]
        time.sleep(0.1)
    raise AssertionError("no mail with a link came")


def test_a_link_is_answered_without_javascript(clerk: Page, open_browser: Callable, town: Site, tmp_path: Path) -> None:
    helped(town, "nl")
    link = mailed_link(town)
    looked, watch = open_browser(town)
    watch.expect("status of 40")
    sound, look = Looker(), looked.new_page()
    look.goto(link)
    sound(look, "question")
    look.goto(f"{link}?lang=en")
    sound(look, "question-english")
    look.get_by_label("Would you like to add a comment?").fill("111222333")
    look.get_by_role("button", name="Send my answer").click()
    expect(look.get_by_role("alert").get_by_role("link")).to_have_count(2)
    sound.at_every_width(look)
    context, _ = open_browser(town, width=320, java_script_enabled=False)
    page = context.new_page()
    page.goto(link)
    page.get_by_label("Heel tevreden").check()
    page.get_by_label("Wilt u iets toelichten?").fill("Snel en vriendelijk")
    page.get_by_role("button", name="Verstuur mijn antwoord").click()
    expect(page.get_by_role("heading", name="Bedankt voor uw mening")).to_be_visible()
    page.goto(link)
    expect(page.get_by_role("heading", name="Bedankt voor uw mening")).to_be_visible()
    look.goto(link)
    sound(look, "thanks")
    look.goto("/enquete/onbekend")
    sound(look, "unknown")
    assert html_validate_findings(sound.texts, tmp_path) == []
    assert vnu_findings(sound.texts, tmp_path) == []


def test_by_keys_alone(open_browser: Callable, town: Site) -> None:
    helped(town, "en")
    context, _ = open_browser(town)
    page = context.new_page()
    page.goto(mailed_link(town))
    page.get_by_label("Very satisfied").focus()
    for key in ("ArrowDown", "Tab", "K", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="Thank you for your opinion")).to_be_visible()


def test_the_kiosk_asks_with_large_buttons_and_begins_again(clerk: Page, tmp_path: Path) -> None:
    sound = Looker()
    clerk.goto("/kiosk/stadhuis")
    sound(clerk, "kiosk")
    clerk.get_by_role("link", name="Bent u al geholpen? Geef uw mening").click()
    sound(clerk, "opinion")
    for button in clerk.get_by_role("button").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 72
    clerk.clock.install()  # from here on its scripts wait for us
    clerk.get_by_role("button", name="Tevreden", exact=True).click()
    expect(clerk.get_by_role("heading", name="Bedankt voor uw mening")).to_be_visible()
    clerk.clock.fast_forward(11_000)
    expect(clerk.get_by_role("heading", name="Welkom. Meld u hier aan.")).to_be_visible()
    clerk.context.route(
        re.compile(r"/static/kiosk\.js"), lambda route: route.fulfill(body="", content_type="text/javascript")
    )  # it would go back while we look
    clerk.goto("/kiosk/stadhuis/mening?gegeven=ja")
    sound(clerk, "thanks")
    clerk.goto("/kiosk/stadhuis/mening?lang=en")
    sound(clerk, "opinion-english")
    assert html_validate_findings(sound.texts, tmp_path) == []
    assert vnu_findings(sound.texts, tmp_path) == []
