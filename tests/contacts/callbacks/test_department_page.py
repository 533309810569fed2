"""The page behind the link: what a department can do without an account."""

from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup
from starlette.applications import Starlette

from tests.conftest import SetClock, browser_of
from tests.contacts.callbacks.conftest import CENTRE, Callbacks, Mailbag


def said(page: httpx.Response) -> str:
    main = BeautifulSoup(page.text, "html.parser").select_one("main")
    assert main is not None
    return main.get_text(" ", strip=True)


class Department:
    """Somebody who has the link."""

    def __init__(self, browser: httpx.AsyncClient, link: str) -> None:
        self.browser, self.link = browser, link

    async def open(self) -> httpx.Response:
        page = await self.browser.get(self.link)
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["x-robots-tag"] == "noindex"
        return page

    async def send(self, deed: str, note: str = "", **more: str) -> httpx.Response:
        return await self.browser.post(self.link, data={"deed": deed, "note": note, "key": "", **more})


@pytest.fixture
async def made(callbacks: Callbacks) -> dict[str, Any]:
    return await callbacks.asked(name="Voorbeeld Inwoner", preferredAt="2026-11-25T13:00:00Z")


@pytest.fixture
async def department(app: Starlette, made: dict[str, Any], mailbag: Mailbag) -> Any:
    async with browser_of(app) as browser:
        yield Department(browser, await mailbag.link())


async def test_it_shows_the_question_and_the_number(department: Department) -> None:
    page = await department.open()
    assert page.status_code == 200
    for told in ("Is de pas er al?", "06 12345678", "Voorbeeld Inwoner", "Woensdag 25 november vanaf 14.00 uur"):
        assert told in said(page), told
    assert "Bel uiterlijk morgen 16.30 uur" in said(page)
    robots = await department.browser.get("/robots.txt")
    assert "Disallow: /terugbellen/" in robots.text


async def test_attempts_are_noted_and_the_end_tells_nothing_more(
    department: Department, made: dict[str, Any], callbacks: Callbacks, moment: SetClock
) -> None:
    answer = await department.send("missed", "geen gehoor", key="een")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{department.link}?gedaan=genoteerd")
    await department.send("missed", "geen gehoor", key="een")  # a double click
    moment.move(minutes=5)
    assert "Niet bereikt vandaag 9.00 uur, door Burgerzaken geen gehoor" in said(await department.open())
    await department.send("spoken-done", "pas ligt klaar", key="twee")
    found = await callbacks.read(made)
    assert [(one["reached"], one["by"], one["note"]) for one in found["attempts"]] == [
        (False, None, "geen gehoor"),
        (True, None, "pas ligt klaar"),
    ]
    assert (found["state"], found["outcome"], found["closedBy"]) == ("closed", "done", None)
    page = await department.open()
    assert "Dit terugbelverzoek is afgerond" in said(page)
    assert "12345678" not in page.text
    assert (await department.send("missed")).status_code == 409


async def test_it_is_given_back_with_a_reason(
    department: Department, made: dict[str, Any], callbacks: Callbacks, mailbag: Mailbag
) -> None:
    refused = await department.send("hand-back")
    assert (refused.status_code, "Schrijf op waarom u het teruggeeft" in said(refused)) == (400, True)
    await department.send("hand-back", "hoort bij Afval")
    found = await callbacks.read(made)
    assert (found["state"], found["handedBackNote"]) == ("open", "hoort bij Afval")
    assert [to for to, _ in await mailbag.to()] == [CENTRE]
    assert "terug bij het klantcontactcentrum" in said(await department.open())
    assert (await department.send("missed")).status_code == 409
    await callbacks.post(f"/{made['id']}/hand-over", {"department": "burgerzaken"})
    assert "06 12345678" in said(await department.open())
    await callbacks.post(f"/{made['id']}/hand-over", {"department": "afval"})
    gone = await department.open()
    assert (gone.status_code, "12345678" in gone.text) == (404, False)
    assert (await department.send("missed")).status_code == 404


async def test_a_link_cannot_be_made_up(department: Department, made: dict[str, Any]) -> None:
    number, _, signature = department.link.removeprefix("/terugbellen/").partition(".")
    for wrong in (f"{int(number) + 1}.{signature}", f"{number}.{signature[:-1]}x", f"{number}.", "x", "9" * 40, "é"):
        page = await department.browser.get(f"/terugbellen/{wrong}")
        assert (page.status_code, "12345678" in page.text) == (404, False), wrong


async def test_mistakes_keep_what_was_typed(department: Department, made: dict[str, Any], callbacks: Callbacks) -> None:
    nothing = await department.send("", "een lange <notitie>")
    assert nothing.status_code == 400
    assert "Kies wat er is gedaan" in said(nothing)
    assert "een lange &lt;notitie&gt;" in nothing.text
    withdrawn = await department.send("withdrawn")
    assert withdrawn.status_code == 400  # only the contact centre hears that from a caller
    asked = await department.send("missed", "BSN 111222333")
    assert (asked.status_code, 'name="no-bsn"' in asked.text, "BSN 111222333" in asked.text) == (400, True, True)
    assert (await callbacks.read(made))["attempts"] == []
    await department.send("missed", "BSN 111222333", **{"no-bsn": "ja"})
    assert len((await callbacks.read(made))["attempts"]) == 1
