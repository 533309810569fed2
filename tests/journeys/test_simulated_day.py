"""A whole day of four hundred visits, played through the API many times faster than real time, with screens open."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kcc.access.accounts import put_account
from kcc.access.roles import Role
from kcc.demo import PASSWORD
from tests.appointments.hall_server import HallServer, hall_server, migrated
from tests.journeys.conftest import sign_in
from tests.load.play_day import LOCATION, SETTINGS, Played, differences, play

VISITS, COUNTERS, SPEED = 400, 12, 700
SHOWN = 5


@pytest.fixture
def service(tmp_path: Path) -> Iterator[HallServer]:
    """A service on which nothing happened yet, with a clerk who may sign in."""
    url = migrated(f"sqlite:///{tmp_path / 'kcc.sqlite3'}")
    with hall_server(url, tmp_path / "data", **SETTINGS) as running:
        with ThreadPoolExecutor(1) as apart:  # the browser's event loop may be running here
            apart.submit(asyncio.run, _add_clerk(running)).result()
        yield running
        assert running.errors() == []


async def _add_clerk(server: HallServer) -> None:
    async with server.database() as database, database.writing() as session:
        await put_account(session, "balie", "Balie", PASSWORD, [Role.COUNTER_CLERK], datetime(2026, 11, 1, tzinfo=UTC))


def test_a_day_of_four_hundred_visits(service: HallServer, open_browser: Callable) -> None:
    begun = threading.Event()
    with ThreadPoolExecutor(1) as apart:
        day = apart.submit(
            asyncio.run, play(service, visits=VISITS, speed=SPEED, counters=COUNTERS, seed=400, ready=begun.set)
        )
        while not begun.wait(0.2):
            assert not day.done(), day.result()
        context, _ = open_browser(service)
        wall, clerk = context.new_page(), context.new_page()
        sign_in(wall, "balie")
        for page, path in ((wall, "wachtruimte"), (clerk, "balie")):
            page.goto(f"/{path}/{LOCATION}")
            page.evaluate("() => { window.neverReloaded = true; }")
        while not day.done():
            clerk.wait_for_timeout(200)  # lets the browser tell what happens in it
        played = day.result()
    assert differences(played) == []
    # It was a day on which everything happened.
    figures = played.day
    assert len(played.visits) + figures["noShows"] == VISITS
    assert all(figures[name] for name in ("visits", "missed", "noShows", "walkIns"))
    _shows_the_last_calls(wall, played)
    fresh = context.new_page()
    fresh.goto(clerk.url)
    for part in ("nu", "wacht", "park", "loketten"):  # the others go with the clock, which is fast here
        as_it_is = " ".join((fresh.locator(f"[data-part={part}]").text_content() or "").split())
        expect(clerk.locator(f"[data-part={part}]")).to_have_text(as_it_is)
    for page in (wall, clerk):
        assert page.evaluate("() => window.neverReloaded")
        expect(page.locator("#storing")).to_be_hidden()


def _shows_the_last_calls(wall: Page, played: Played) -> None:
    of = {visit["id"]: visit for visit in played.visits}
    calls = []
    for log in played.player.logs.values():
        moments = [moment for what, moment in log.steps if what in ("called", "recalled")]
        if moments and moments[-1] and log.ended == "finished":
            calls.append((moments[-1], log.visit))
    numbers = [of[visit]["number"] for _, visit in sorted(calls, reverse=True)[:SHOWN]]
    expect(wall.locator("#nummer")).to_have_text(numbers[0])
    shown = wall.locator("#eerder li span:first-child").all_inner_texts()
    assert shown == numbers[1:]
