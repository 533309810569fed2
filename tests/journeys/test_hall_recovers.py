"""The hall's screens when the server is killed, and when a stream ends as it should: nobody has to touch them."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from kcc.access.accounts import put_account
from kcc.access.roles import Role
from kcc.access.tokens import create_token
from kcc.demo import PASSWORD
from tests.appointments.conftest import place, product
from tests.appointments.hall_server import HallServer, hall_server, migrated
from tests.journeys.conftest import PATIENCE, sign_in

CLOCK = {"KCC_CLOCK": "2026-11-24T08:00:00Z", "KCC_STREAM_SECONDS": "5"}
# Counts how often the warning that the connection is lost comes up; gone when the page is loaded anew.
COUNT_ALARMS = """() => {
  window.alarms = 0;
  new MutationObserver((changes) => {
    for (const { target } of changes) window.alarms += target.id === "storing" && !target.hidden;
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["hidden"] });
}"""


@pytest.fixture
def town(tmp_path: Path) -> Iterator[HallServer]:
    """A small town hall on a Tuesday morning, in processes that can be killed."""
    with hall_server(migrated(f"sqlite:///{tmp_path / 'kcc.sqlite3'}"), tmp_path / "data", **CLOCK) as running:
        yield running
        assert running.errors() == []


@pytest.fixture
def token(town: HallServer) -> str:
    """A clerk's, at the API; the clerk who signs in is there too."""
    then = datetime(2026, 11, 1, tzinfo=UTC)

    async def make() -> str:
        await town.furnish(product("paspoort"), place(counters=2, walk_ins=True))
        async with town.database() as database, database.writing() as session:
            await put_account(session, "balie", "Balie", PASSWORD, [Role.COUNTER_CLERK], then)
            return await create_token(session, "balie 9", Role.COUNTER_CLERK, then)

    with ThreadPoolExecutor(1) as apart:  # the browser's event loop may be running here
        return apart.submit(asyncio.run, make()).result()


@pytest.fixture
def screens(town: HallServer, token: str, open_browser: Callable) -> tuple[Page, Page]:
    """The waiting room's and a clerk's, which both count alarms."""
    context, watch = open_browser(town)
    watch.expect("ERR_")
    wall, clerk = context.new_page(), context.new_page()
    sign_in(wall, "balie")
    for page, path in ((wall, "wachtruimte"), (clerk, "balie")):
        page.goto(f"/{path}/stadhuis")
        page.evaluate(COUNT_ALARMS)
    return wall, clerk


def post(town: HallServer, token: str, path: str, **body: Any) -> httpx.Response:
    """Somebody elsewhere does something in the hall."""
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(f"{town.url}/api/v1/{path}", json=body, headers=headers, timeout=180, verify=False)
    assert answer.is_success, answer.text
    return answer


def walk_in(town: HallServer, token: str) -> str:
    """Returns the number."""
    asked = [{"code": "paspoort", "persons": 1}]
    return str(post(town, token, "visits", location="stadhuis", products=asked).json()["number"])


def test_screens_recover_when_the_server_was_killed(town: HallServer, token: str, screens: tuple[Page, Page]) -> None:
    wall, clerk = screens
    post(town, token, "counters/stadhuis-1/open")
    first = walk_in(town, token)
    post(town, token, "counters/stadhuis-1/call-next")
    expect(wall.locator("#nummer")).to_have_text(first)
    for minute in (20, 40):
        town.kill()
        for page in screens:
            expect(page.locator("#storing")).to_be_visible()
        town.settings["KCC_CLOCK"] = f"2026-11-24T08:{minute}:00Z"  # a set clock begins anew with the service
        town.start()
        # It happens before the screens are back: they must learn of it all the same.
        number = walk_in(town, token)
        post(town, token, "counters/stadhuis-2/open")
        called = post(town, token, "counters/stadhuis-2/call-next").json()
        assert called["number"] == number
        expect(wall.locator("#nummer")).to_have_text(number)
        waiting = walk_in(town, token)
        expect(clerk.get_by_role("rowheader", name=waiting)).to_be_visible()
        for page in screens:
            expect(page.locator("#storing")).to_be_hidden()
        post(town, token, f"visits/{called['id']}/missed")
        leaving = next(
            visit["id"]
            for visit in httpx.get(
                f"{town.url}/api/v1/visits?location=stadhuis",
                headers={"Authorization": f"Bearer {token}"},
                verify=False,
            ).json()["results"]
            if visit["number"] == waiting
        )
        post(town, token, f"visits/{leaving}/leave")
    for page in screens:
        assert page.evaluate("() => window.alarms") >= 2  # never loaded anew


def test_a_stream_that_ends_as_it_should_is_no_alarm(town: HallServer, token: str, screens: tuple[Page, Page]) -> None:
    again: dict[Page, int] = dict.fromkeys(screens, 0)
    for page in screens:
        page.on("request", lambda request, page=page: again.update({page: again[page] + request.url.endswith("/nu")}))
    deadline = monotonic() + PATIENCE / 1000
    while not all(again.values()) and monotonic() < deadline:
        screens[0].wait_for_timeout(200)
    assert all(again.values())  # both streams ended, and began again
    number = walk_in(town, token)
    expect(screens[1].get_by_role("rowheader", name=number)).to_be_visible()
    for page in screens:
        assert page.evaluate("() => window.alarms") == 0
