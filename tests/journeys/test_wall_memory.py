"""The waiting room's screen stands on for months: it keeps nothing of the calls that it showed."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.feeding import feeding, footprint
from tests.journeys.serving import Site

COUNTED = ("Nodes", "JSEventListeners", "Documents")
LOOKS, PAUSE_MS = 100, 100


def counts(page: Page) -> dict[str, int]:
    """What the page holds, but for its heap, which is never the same twice."""
    return {what: number for what, number in footprint(page).items() if what in COUNTED}


def at_rest(page: Page, expected: dict[str, int]) -> dict[str, int]:
    """What the page holds once what was on its way has come or gone; what a call left behind stays."""
    found = counts(page)
    for _ in range(LOOKS):
        if found == expected:
            break
        page.wait_for_timeout(PAUSE_MS)
        found = counts(page)
    return found


def test_nothing_is_left_of_calls_and_reconnects(
    open_browser: Callable, site: Site, signed_in: Callable[[str], list]
) -> None:
    with feeding(site.url) as feed:
        context, watch = open_browser(Site(feed.url, site.data, site.log), cookies=signed_in("balie"))
        watch.expect("503")  # a refused stream
        page = context.new_page()
        page.goto("/wachtruimte/stadhuis")
        feed.call(page, 40, 2)
        before = at_rest(page, counts(page))
        streams = feed.streams
        feed.call(page, 500, 10)
        after = at_rest(page, before)
        assert feed.streams - streams >= 10
        page.close()
    assert after == before
