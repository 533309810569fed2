"""The wallboard on the wall: it changes as the exchange tells of calls, and nobody touches it."""

import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.appointments.hall_server import HallServer, hall_server
from tests.journeys.checks import axe_findings, layout_findings
from tests.journeys.conftest import sign_in
from tests.journeys.serving import kcc

CLOCK = {"KCC_CLOCK": "2026-11-24T08:00:00Z", "KCC_STREAM_SECONDS": "5"}
WIDTHS = (1920, 1440, 390, 320)


class Exchange:
    """Tells a service of calls."""

    def __init__(self, town: HallServer, secret: str) -> None:
        self._town, self._secret, self._number = town, secret, 0

    def tell(self, kind: str, at: str, call: str = "c-1", **more: Any) -> None:
        self._number += 1
        told = {"id": f"e{self._number}", "callId": call, "queue": "algemeen", "kind": kind} | more
        told["at"] = f"2026-11-24T{at}Z"
        body = json.dumps({"source": "centrale", "events": [told]}).encode()
        now = str(int(time.time()))
        digest = hmac.new(self._secret.encode(), now.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-KCC-Timestamp": now, "X-KCC-Signature": f"sha256={digest}"}
        address = f"{self._town.url}/api/v1/calls/events"
        answer = httpx.post(address, content=body, headers=headers, timeout=180, verify=False)
        assert answer.json() == {"accepted": 1, "duplicates": 0, "rejected": []}, answer.text


@pytest.fixture
def town(own_data: Path) -> Iterator[HallServer]:
    """The demonstration on a Tuesday morning, in processes that can be killed."""
    with hall_server(f"sqlite:///{own_data / 'kcc.sqlite3'}", own_data, **CLOCK) as running:
        yield running
        assert running.errors() == []


@pytest.fixture
def exchange(town: HallServer) -> Exchange:
    return Exchange(town, kcc(town.data, "calls", "source", "centrale").strip())


def figure(page: Page, part: str) -> Any:
    return page.locator(f'[data-part="{part}"] .kcc-figure')


def test_it_changes_as_calls_come_and_go(open_browser: Callable, town: HallServer, exchange: Exchange) -> None:
    context, watch = open_browser(town)
    watch.expect("ERR_")
    page = context.new_page()
    sign_in(page, "teamleider")
    page.get_by_role("link", name="Nu", exact=True).first.click()
    expect(figure(page, "queueing")).to_have_text("0")
    page.evaluate("() => (window.untouched = true)")
    exchange.tell("agent_available", "07:40:00", call="", queue="", agent="jan")
    expect(figure(page, "agents")).to_have_text("1 van 1")
    exchange.tell("entered", "07:59:20")
    expect(figure(page, "queueing")).to_have_text("1")
    expect(page).to_have_title(re.compile(r"^\(1\) Nu"))
    longest = page.locator('[data-part="queueing"] [data-since]')
    first = longest.inner_text()
    expect(longest).not_to_have_text(first)  # it ticks on
    exchange.tell("answered", "07:59:45", agent="jan")
    expect(figure(page, "queueing")).to_have_text("0")
    expect(figure(page, "level")).to_have_text("100 %")
    expect(page.locator('[data-part="agents"]')).to_contain_text("1 in gesprek")
    exchange.tell("entered", "07:58:00", call="c-2")
    exchange.tell("abandoned", "07:59:50", call="c-2")
    expect(figure(page, "level")).to_have_text("50 %")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 1080})
        assert layout_findings(page) + axe_findings(page) == []
    assert page.evaluate("() => window.untouched")  # never loaded anew


def test_a_lost_connection_is_told_with_the_time_of_the_figures(
    open_browser: Callable, town: HallServer, exchange: Exchange
) -> None:
    context, watch = open_browser(town)
    watch.expect("ERR_")
    page = context.new_page()
    sign_in(page, "teamleider")
    page.goto("/rapport/live?wachtrij=algemeen")
    page.evaluate("() => (window.untouched = true)")
    exchange.tell("entered", "07:59:20")
    expect(figure(page, "queueing")).to_have_text("1")
    town.kill()
    failure = page.locator("#storing")
    expect(failure).to_be_visible()
    expect(failure).to_have_text(re.compile(r"Verbinding verbroken\. De cijfers zijn van 09:0\d:\d\d uur\."))
    expect(figure(page, "queueing")).to_have_text("1")
    assert axe_findings(page) == []
    town.start()
    exchange.tell("abandoned", "07:59:50")
    expect(figure(page, "queueing")).to_have_text("0")
    expect(failure).to_be_hidden()
    assert page.evaluate("() => window.untouched")


def test_without_javascript_it_is_refreshed_by_hand(
    open_browser: Callable, town: HallServer, exchange: Exchange
) -> None:
    context, _ = open_browser(town, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "medewerker")
    page.goto("/werk")
    page.get_by_role("link", name="Nu", exact=True).click()
    assert figure(page, "queueing").inner_text() == "0"
    exchange.tell("entered", "07:59:20")
    page.get_by_role("link", name="Ververs").click()
    assert figure(page, "queueing").inner_text() == "1"
