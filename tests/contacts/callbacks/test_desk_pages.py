"""The desk's pages: the list, the form, one callback."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from kcc.access.tokens import create_token
from kcc.clock import Clock
from kcc.storage.database import Database
from tests.conftest import PASSWORD, SetClock, browser_of
from tests.contacts.callbacks.conftest import Callbacks
from tests.contacts.callbacks.test_department_page import said
from tests.contacts.conftest import Log, answered

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
AsAgent = Callable[..., Awaitable[Log]]
FORM = {"department": "burgerzaken", "question": "Is de pas er al?", "phone": "06 12345678", "when": "soon"}
NEW = "/werk/terugbellen/nieuw"


def values(page: httpx.Response) -> dict[str, Any]:
    """What stands in the fields of the page's form."""
    form = BeautifulSoup(page.text, "html.parser").select_one("#formulier")
    assert form is not None
    inputs = form.select("input:not([type=radio], [type=checkbox]), input[type=checkbox][checked]")
    found: dict[str, Any] = {one["name"]: one.get("value", "") for one in inputs}
    found |= {one["name"]: one.text.removeprefix("\n") for one in form.select("textarea")}
    for select in form.select("select"):
        chosen = select.select_one("option[selected]") or select.select_one("option")
        found[str(select["name"])] = chosen["value"] if chosen else ""
    for one in form.select("input[type=radio][checked]"):
        found[str(one["name"])] = one["value"]
    return found


async def test_the_form_knows_what_the_contact_says(desk: httpx.AsyncClient, log: Log, callbacks: Callbacks) -> None:
    requester = {"name": "Voorbeeld Inwoner", "phone": "0612345678", "email": "inwoner@voorbeeld.example"}
    contact = await log.start(requester=requester, questions=[{"topic": "paspoort", "note": "Is de pas er al?"}])
    question = contact["questions"][0]["id"]
    page = await desk.get(NEW, params={"contact": contact["id"], "question": question})
    filled = values(page)
    assert {name: filled[name] for name in ("department", "question", "phone", "name", "email", "when")} == {
        "department": "burgerzaken",
        "question": "Is de pas er al?",
        "phone": "06 12345678",
        "name": "Voorbeeld Inwoner",
        "email": "inwoner@voorbeeld.example",
        "when": "soon",
    }
    for _ in range(2):  # a double click
        answer = await desk.post(NEW, data=filled | {"when": "morning"})
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            f"/werk?contact={contact['id']}&klaar={contact['id']}",
        )
    (number,) = await callbacks.listed()
    made = await callbacks.read({"id": number})
    assert (made["questionId"], made["preferredAt"]) == (question, "2026-11-25T07:30:00Z")
    assert (await log.read(contact))["questions"][0]["outcome"] == "callback"
    changed = await desk.post(NEW, data=filled | {"when": "afternoon"})
    assert changed.status_code == 409
    assert f"Van dit formulier is al een terugbelverzoek gemaakt: nummer {number}." in said(changed)
    assert (values(changed)["when"], values(changed)["key"] != filled["key"]) == ("afternoon", True)
    again = await desk.post(NEW, data=values(changed))
    assert "Over deze vraag is al een terugbelverzoek gemaakt." in said(again)


def tried(page: httpx.Response) -> bool | None:
    """Whether the department was tried, as the form says; None where it does not ask."""
    box = BeautifulSoup(page.text, "html.parser").select_one("#formulier #tried")
    return box.has_attr("checked") if box else None


async def test_a_department_that_was_tried_first(desk: httpx.AsyncClient, log: Log) -> None:
    contact = await log.start(questions=[answered("transferred", reached=False), {"topic": "inzameling"}])
    not_reached, plain = (question["id"] for question in contact["questions"])
    pages = {
        number: await desk.get(NEW, params={"contact": contact["id"], "question": number})
        for number in (not_reached, plain)
    }
    assert (tried(pages[not_reached]), tried(pages[plain]), tried(await desk.get(NEW))) == (True, False, None)
    filled = values(pages[plain]) | {"question": "Waar blijft de bak?", "phone": "06 12345678", "tried": "ja"}
    wrong = await desk.post(NEW, data=filled | {"phone": "12"})
    assert (wrong.status_code, tried(wrong)) == (400, True)
    for number in (not_reached, plain):
        sent = values(pages[number]) | {"question": "Is het er al?", "phone": "06 12345678", "tried": "ja"}
        assert (await desk.post(NEW, data=sent)).status_code == 303
    found = (await log.read(contact))["questions"]
    assert [(one["outcome"], one["reached"]) for one in found] == [("callback", False)] * 2


async def test_a_box_that_is_emptied_says_that_nobody_tried(desk: httpx.AsyncClient, log: Log) -> None:
    contact = await log.start(questions=[answered("transferred", reached=False)])
    page = await desk.get(NEW, params={"contact": contact["id"], "question": contact["questions"][0]["id"]})
    sent = values(page) | {"question": "Is de pas er al?", "phone": "06 12345678"}
    del sent["tried"]
    assert (await desk.post(NEW, data=sent)).status_code == 303
    assert (await log.read(contact))["questions"][0]["reached"] is None


async def test_a_question_without_topic_is_asked_for_one(
    desk: httpx.AsyncClient, log: Log, callbacks: Callbacks
) -> None:
    contact = await log.start()
    page = await desk.get(NEW, params={"contact": contact["id"], "question": contact["questions"][0]["id"]})
    filled = values(page) | FORM | {"department": ""}
    refused = await desk.post(NEW, data=filled)
    assert (refused.status_code, "Kies een onderwerp" in said(refused)) == (400, True)
    assert (await desk.post(NEW, data=filled | {"topic": "inzameling"})).status_code == 303
    (number,) = await callbacks.listed()
    assert (await callbacks.read({"id": number}))["department"] == "afval"


async def test_without_a_contact_it_leads_to_the_callback(desk: httpx.AsyncClient) -> None:
    answer = await desk.post(NEW, data=FORM | {"when": "today", "after": "14:00"})
    page = await desk.get(answer.headers["location"])
    assert "Het terugbelverzoek is gemaakt" in said(page)
    assert "Dinsdag 24 november tussen 14.00 en 17.00 uur" in said(page)


async def test_mistakes_are_told_at_their_fields_and_keep_what_was_typed(
    desk: httpx.AsyncClient, callbacks: Callbacks
) -> None:
    wrong = {"question": "", "phone": "12", "email": "geen", "department": "", "when": "day", "day": "2026-11-28"}
    page = await desk.post(NEW, data=wrong | {"name": "Voorbeeld <Inwoner>"})
    assert page.status_code == 400
    summary = BeautifulSoup(page.text, "html.parser").select("#fouten a")
    assert {link["href"]: link.text for link in summary} == {
        "#question": "Schrijf op waar het over gaat, in ten hoogste 1000 tekens",
        "#phone": "Vul een telefoonnummer van 10 cijfers in, of begin met + en de landcode",
        "#email": "Vul een volledig e-mailadres in, zoals naam@voorbeeld.nl",
        "#department": "Kies de afdeling die terugbelt",
        "#day": "Dan wordt er niet teruggebeld; kies een ander moment",
    }
    fields = BeautifulSoup(page.text, "html.parser")
    assert all(fields.select_one(str(link["href"])) for link in summary)
    assert values(page) | wrong | {"name": "Voorbeeld <Inwoner>"} == values(page)
    asked = await desk.post(NEW, data=FORM | {"question": "BSN 111222333"})
    assert (asked.status_code, 'name="no-bsn"' in asked.text) == (400, True)
    assert await callbacks.listed() == []
    assert (await desk.post(NEW, data=FORM | {"question": "BSN 111222333", "no-bsn": "ja"})).status_code == 303


async def test_a_contact_that_is_not_there(desk: httpx.AsyncClient) -> None:
    for query in ("contact=99", "contact=x", "contact=99999999999999999999"):
        assert (await desk.get(f"{NEW}?{query}")).status_code == 404
    assert (await desk.post(NEW, data=FORM | {"contact": "99", "questionId": "1"})).status_code == 404


async def test_what_was_done_is_noted_once(desk: httpx.AsyncClient, callbacks: Callbacks) -> None:
    made = await callbacks.asked()
    address = f"/werk/terugbellen/{made['id']}"
    for _ in range(2):
        answer = await desk.post(address, data={"deed": "missed", "note": "voicemail", "key": "een"})
        assert answer.headers["location"] == f"{address}?gedaan=genoteerd"
    page = said(await desk.get(answer.headers["location"]))
    assert "Niet bereikt vandaag 9.00 uur, door anna voicemail" in page
    nothing = await desk.post(address, data={"note": "bleef staan", "key": "x"})
    assert (nothing.status_code, "bleef staan" in nothing.text) == (400, True)
    assert (await desk.post(f"{address}/afdeling", data={"department": "afval"})).status_code == 303
    assert "Afval heeft geen e-mailadres" in said(await desk.get(address))
    assert (await desk.post(address, data={"deed": "withdrawn", "note": "", "key": "twee"})).status_code == 303
    found = await callbacks.read(made)
    assert (len(found["attempts"]), found["outcome"]) == (1, "withdrawn")
    assert "Hoefde niet meer: vandaag 9.00 uur, door anna" in said(await desk.get(address))
    assert (await desk.post(address, data={"deed": "missed", "key": "drie"})).status_code == 409


async def test_the_list_shows_what_is_due_first(
    desk: httpx.AsyncClient, callbacks: Callbacks, sign_in: SignIn, moment: SetClock
) -> None:
    await callbacks.asked(question="Deze is te laat")
    moment.move(days=2)
    await callbacks.asked(question="Deze kan nog")
    lead = await sign_in(Role.TEAM_LEAD)
    await desk.post("/inloggen", data={"name": "anna", "password": PASSWORD})
    page = said(await desk.get("/werk/terugbellen"))
    assert page.index("Deze is te laat") < page.index("Te laat: uiterlijk gisteren 16.30 uur beloofd")
    assert page.index("Deze is te laat") < page.index("Deze kan nog")
    overdue = said(await lead.get("/werk/terugbellen"))
    assert "Te laat: 1" in overdue
    only = said(await lead.get("/werk/terugbellen?wie=allen&toon=te-laat"))
    assert ("Deze is te laat" in only, "Deze kan nog" in only) == (True, False)
    assert "Deze" not in said(await lead.get("/werk/terugbellen?wie=mij"))
    assert "Niemand om terug te bellen" in said(await desk.get("/werk/terugbellen?afdeling=afval"))
    assert (await desk.get("/werk/terugbellen?toon=niets")).status_code == 400


async def test_the_navigation_leads_there(desk: httpx.AsyncClient) -> None:
    links = BeautifulSoup((await desk.get("/werk/terugbellen")).text, "html.parser").select("nav a[aria-current]")
    assert [link["href"] for link in links] == ["/werk/terugbellen"]


async def test_what_was_given_back_is_shown_to_all(
    desk: httpx.AsyncClient, callbacks: Callbacks, database: Database, clock: Clock, app: Any, mailbag: Any
) -> None:
    async with database.writing() as session:
        token = await create_token(session, "bas", Role.AGENT, clock.now())
    async with browser_of(app, Authorization=f"Bearer {token}") as client:
        await Callbacks(Log(client)).asked(question="Van bas")
    await desk.post(await mailbag.link(), data={"deed": "hand-back", "note": "niet van ons"})
    assert "Teruggegeven door een afdeling: 1" in said(await desk.get("/werk/terugbellen"))
    assert "Van bas" in said(await desk.get("/werk/terugbellen?wie=kcc"))


async def test_a_changed_form_makes_another_one_when_it_is_sent_again(
    desk: httpx.AsyncClient, callbacks: Callbacks
) -> None:
    await desk.post(NEW, data=FORM | {"key": "een"})
    changed = await desk.post(NEW, data=FORM | {"key": "een", "question": "Iets anders"})
    assert (changed.status_code, "Idempotency" in changed.text) == (409, False)
    assert (await desk.post(NEW, data=values(changed))).status_code == 303
    assert len(await callbacks.listed()) == 2


def focused(page: httpx.Response) -> list[str]:
    return [str(one["id"]) for one in BeautifulSoup(page.text, "html.parser").select("[autofocus]")]


async def test_the_cursor_is_in_the_first_field_that_is_empty(desk: httpx.AsyncClient, log: Log) -> None:
    assert focused(await desk.get(NEW)) == ["question"]
    plain = await log.start(questions=[{"note": "Is de pas er al?"}])
    asked = {"contact": plain["id"], "question": plain["questions"][0]["id"]}
    assert focused(await desk.get(NEW, params=asked)) == ["topic"]
    topical = await log.start(questions=[{"topic": "paspoort", "note": "Is de pas er al?"}])
    asked = {"contact": topical["id"], "question": topical["questions"][0]["id"]}
    assert focused(await desk.get(NEW, params=asked)) == ["phone"]
    known = {"phone": "0612345678", "name": "Voorbeeld Inwoner", "email": "inwoner@voorbeeld.example"}
    full = await log.start(questions=[{"topic": "paspoort", "note": "Is de pas er al?"}], requester=known)
    asked = {"contact": full["id"], "question": full["questions"][0]["id"]}
    assert focused(await desk.get(NEW, params=asked)) == ["when"]
    assert focused(await desk.post(NEW, data=FORM | {"phone": "12"})) == ["fouten"]


async def test_the_navigation_counts_what_is_too_late_for_me(
    desk: httpx.AsyncClient, callbacks: Callbacks, as_agent: AsAgent, sign_in: SignIn, moment: SetClock
) -> None:
    async def badge(browser: httpx.AsyncClient, path: str = "/werk/terugbellen") -> str | None:
        link = BeautifulSoup((await browser.get(path)).text, "html.parser").select_one(
            "nav a[href='/werk/terugbellen']"
        )
        found = link.select_one(".utrecht-number-badge") if link else None
        return found.text if found else None

    done = await callbacks.asked()
    await callbacks.asked()
    await Callbacks(await as_agent("bas")).asked()
    assert await badge(desk) is None
    moment.move(days=2)
    await desk.post("/inloggen", data={"name": "anna", "password": PASSWORD})
    await callbacks.asked()
    assert await badge(desk, "/werk/berichten") == "2 te laat"
    await callbacks.close(done)
    assert await badge(desk) == "1 te laat"
    assert await badge(await sign_in(Role.TEAM_LEAD)) == "2 te laat"
    assert await badge(await sign_in(Role.EDITOR), "/redactie") is None
