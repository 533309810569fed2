"""A callback that somebody else closed meanwhile: a clear answer, and nothing that was typed is lost."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup
from starlette.applications import Starlette

from tests.conftest import SetClock, browser_of
from tests.contacts.callbacks.conftest import Callbacks, Mailbag
from tests.contacts.callbacks.test_department_page import Department, said
from tests.contacts.conftest import Log, problem

AsAgent = Callable[..., Awaitable[Log]]
TYPED = "mevrouw belt <zelf> terug"


def form_on(page: httpx.Response) -> dict[str, str]:
    """What the form on the page sends."""
    form = BeautifulSoup(page.text, "html.parser").select_one("main form")
    assert form is not None, said(page)
    found = {str(one["name"]): str(one.get("value", "")) for one in form.select("input:not([type=radio])")}
    return found | {str(one["name"]): one.text.removeprefix("\n") for one in form.select("textarea")}


@pytest.fixture
async def bas(as_agent: AsAgent) -> Callbacks:
    return Callbacks(await as_agent("bas"))


@pytest.mark.parametrize("deed", ["done", "spoken-done", "spoken", "missed", "missed-last", "withdrawn"])
async def test_my_own_that_a_colleague_closed(
    desk: httpx.AsyncClient, callbacks: Callbacks, bas: Callbacks, moment: SetClock, deed: str
) -> None:
    made = await callbacks.asked()
    await bas.close(made, note="geregeld")
    moment.move(minutes=5)
    address = f"/werk/terugbellen/{made['id']}"
    refused = await desk.post(address, data={"deed": deed, "note": TYPED, "key": "een"})
    assert refused.status_code == 409
    assert "Dit terugbelverzoek is al afgerond: vandaag 9.00 uur, door bas." in said(refused)
    assert "bel uiterlijk" not in said(refused).lower()
    filled = form_on(refused)
    assert TYPED in filled["note"]
    added = await desk.post(address, data=filled)
    assert added.headers["location"] == f"{address}?gedaan=genoteerd"
    found = await callbacks.read(made)
    assert [(one["by"], one["at"]) for one in found["notes"]] == [("anna", "2026-11-24T08:05:00Z")]
    assert found["notes"][0]["note"] == filled["note"]
    assert (found["closedBy"], found["closingNote"], found["attempts"]) == ("bas", "geregeld", [])
    assert TYPED in said(await desk.get(address))


async def test_a_colleagues_that_is_closed_tells_no_more_than_who_and_when(
    desk: httpx.AsyncClient, callbacks: Callbacks, bas: Callbacks
) -> None:
    made = await bas.asked(name="Voorbeeld Inwoner")
    await bas.close(made)
    address = f"/werk/terugbellen/{made['id']}"
    refused = await desk.post(address, data={"deed": "missed", "note": TYPED, "key": "een"})
    assert (refused.status_code, "vandaag 9.00 uur, door bas." in said(refused)) == (409, True)
    assert all(personal not in refused.text for personal in ("Inwoner", "12345678", "Is de pas er al?"))
    filled = form_on(refused)
    asked = await desk.post(address, data=filled | {"note": "BSN 111222333"})
    assert (asked.status_code, form_on(asked)["note"], "no-bsn" in form_on(asked)) == (400, "BSN 111222333", True)
    added = await desk.post(address, data=filled)
    page = await desk.get(added.headers["location"])
    assert f"Uw notitie is toegevoegd aan terugbelverzoek {made['id']}" in said(page)
    assert [one["by"] for one in (await bas.read(made))["notes"]] == ["anna"]
    away = await desk.post(f"{address}/afdeling", data={"department": "afval"})
    assert (away.status_code, "door bas." in said(away)) == (409, True)
    assert (await desk.get(address)).status_code == 404
    assert (await desk.post("/werk/terugbellen/999", data={"deed": "missed"})).status_code == 404


async def test_closing_a_colleagues_leads_back_to_the_list(
    desk: httpx.AsyncClient, callbacks: Callbacks, bas: Callbacks
) -> None:
    made = await bas.asked()
    for _ in range(2):  # a double click
        answer = await desk.post(f"/werk/terugbellen/{made['id']}", data={"deed": "withdrawn", "key": "een"})
        page = await desk.get(answer.headers["location"])
        assert (page.status_code, f"Terugbelverzoek {made['id']} is afgerond" in said(page)) == (200, True)
    assert (await bas.read(made))["closedBy"] == "anna"


async def test_twice_in_the_same_way_by_the_same_one_is_once(desk: httpx.AsyncClient, callbacks: Callbacks) -> None:
    made = await callbacks.asked()
    address = f"/werk/terugbellen/{made['id']}"
    for key in ("een", "twee"):
        assert (await desk.post(address, data={"deed": "done", "note": "klaar", "key": key})).status_code == 303
    other = await desk.post(address, data={"deed": "done", "note": TYPED, "key": "drie"})
    assert (other.status_code, TYPED in form_on(other)["note"]) == (409, True)


@pytest.fixture
async def made(callbacks: Callbacks) -> dict[str, Any]:
    return await callbacks.asked()


@pytest.fixture
async def department(app: Starlette, made: dict[str, Any], mailbag: Mailbag) -> Any:
    async with browser_of(app) as browser:
        yield Department(browser, await mailbag.link())


@pytest.mark.parametrize("deed", ["done", "spoken", "missed-last", "hand-back"])
async def test_the_department_when_the_contact_centre_closed_it(
    department: Department, made: dict[str, Any], callbacks: Callbacks, deed: str
) -> None:
    await callbacks.close(made)
    refused = await department.send(deed, TYPED)
    assert refused.status_code == 409
    assert "Dit terugbelverzoek is al afgerond: vandaag 9.00 uur, door anna." in said(refused)
    assert "12345678" not in refused.text
    filled = form_on(refused)
    assert TYPED in filled["note"]
    added = await department.browser.post(department.link, data=filled)
    assert added.status_code == 303
    page = await department.browser.get(added.headers["location"])
    assert ("Genoteerd" in said(page), TYPED in page.text) == (True, False)
    assert [(one["by"], one["note"]) for one in (await callbacks.read(made))["notes"]] == [(None, filled["note"])]


async def test_the_department_twice(department: Department, made: dict[str, Any], callbacks: Callbacks) -> None:
    await department.send("done", "klaar")
    refused = await department.send("done", TYPED)
    assert refused.status_code == 409
    assert "vandaag 9.00 uur, door de afdeling." in said(refused)
    assert TYPED in form_on(refused)["note"]
    assert (await department.send("done", "klaar")).status_code == 303


async def test_the_department_after_it_gave_it_back_or_another_has_it(
    department: Department, made: dict[str, Any], callbacks: Callbacks
) -> None:
    await department.send("hand-back", "niet van ons")
    refused = await department.send("missed", TYPED)
    assert (refused.status_code, TYPED in form_on(refused)["note"]) == (409, True)
    assert (await department.browser.post(department.link, data=form_on(refused))).status_code == 303
    assert len((await callbacks.read(made))["notes"]) == 1
    await callbacks.post(f"/{made['id']}/hand-over", {"department": "afval"})
    gone = await department.send("missed", TYPED)
    assert (gone.status_code, TYPED in said(gone), "12345678" in gone.text) == (404, True, False)


async def test_by_the_api(callbacks: Callbacks, bas: Callbacks, moment: SetClock) -> None:
    made = await callbacks.asked()
    done = await callbacks.close(made)
    moment.move(hours=1)
    assert await callbacks.close(made) == done
    for path, body in (
        ("close", {}),
        ("close", {"outcome": "withdrawn"}),
        ("attempts", {"reached": True}),
        ("hand-over", {"department": "afval"}),
    ):
        refused = await bas.post(f"/{made['id']}/{path}", body)
        assert problem(refused)[:2] == (409, "already-closed")
        assert refused.json()["detail"] == "Dit terugbelverzoek is al afgerond: vandaag 9.00 uur, door anna."
    dropped = await callbacks.post(f"/{made['id']}/close", {"note": TYPED})
    assert problem(dropped)[:2] == (409, "already-closed")
    for _ in range(2):
        added = await bas.post(f"/{made['id']}/notes", {"note": TYPED}, **{"Idempotency-Key": "a"})
        assert (added.status_code, added.json()) == (
            201,
            {"at": "2026-11-24T09:00:00Z", "by": "bas", "note": TYPED},
        )
    assert (await callbacks.read(made))["notes"] == [added.json()]
    assert problem(await bas.post(f"/{made['id']}/notes", {"note": " "}))[:2] == (400, "invalid-input")
    suspected = await bas.post(f"/{made['id']}/notes", {"note": "BSN 111222333"})
    assert problem(suspected)[:2] == (400, "bsn-suspected")
    assert (await bas.post("/999/notes", {"note": TYPED})).status_code == 404


async def test_a_form_that_was_sent_and_changed_can_be_sent_again(
    desk: httpx.AsyncClient, callbacks: Callbacks, department: Department, made: dict[str, Any]
) -> None:
    address = f"/werk/terugbellen/{made['id']}"
    for browser, path in ((desk, address), (department.browser, department.link)):
        await browser.post(path, data={"deed": "missed", "note": "voicemail", "key": "een"})
        changed = await browser.post(path, data={"deed": "missed", "note": TYPED, "key": "een"})
        assert changed.status_code == 409
        assert "Dit is al opgeslagen." in said(changed)
        assert "Idempotency" not in changed.text
        filled = form_on(changed)
        assert (filled["note"], filled["key"] != "een") == (TYPED, True)
        assert (await browser.post(path, data=filled | {"deed": "missed"})).status_code == 303
    assert [one["note"] for one in (await callbacks.read(made))["attempts"]] == ["voicemail", TYPED] * 2


async def test_a_form_that_closed_it_and_was_changed_becomes_a_note(
    desk: httpx.AsyncClient, callbacks: Callbacks
) -> None:
    made = await callbacks.asked()
    address = f"/werk/terugbellen/{made['id']}"
    await desk.post(address, data={"deed": "done", "note": "", "key": "een"})
    changed = await desk.post(address, data={"deed": "done", "note": TYPED, "key": "een"})
    assert (changed.status_code, TYPED in form_on(changed)["note"]) == (409, True)
    assert (await desk.post(address, data=form_on(changed))).status_code == 303
    assert len((await callbacks.read(made))["notes"]) == 1
