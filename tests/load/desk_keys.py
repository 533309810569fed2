"""What logging costs an agent besides searching: keys (never a letter), and seconds until it is in the log.

    python -m tests.load.desk_keys [--times 20]

In a real browser, on the demonstration. A chord is one key. Seconds are the machine's: from the key to the page that
says that it was logged.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.journeys.conftest import launch, sign_in
from tests.journeys.desk import field, logged, ready, title
from tests.journeys.serving import load_demonstration, serving

# What is pressed besides searching: before, to begin a contact, and once the answer is there.
ENDS: dict[str, tuple[list[str], list[str]]] = {
    "resolved": ([], ["Alt+1"]),
    "put through": ([], ["Alt+2"]),
    "put through, nobody answered": ([], ["Alt+7"]),
    "referred": ([], ["Alt+5"]),
    "begun with a key, resolved": (["Alt+n"], ["Alt+1"]),
}


def cost(page: Page, before: list[str], after: list[str], times: int) -> float:
    """The median of the seconds from the last key to the log."""
    seconds = []
    for _ in range(times):
        page.goto("/werk")
        ready(page)
        for key in before:
            page.keyboard.press(key)
            page.wait_for_url("**/werk?contact=*")
            ready(page)
        expect(field(page)).to_be_focused()
        page.keyboard.type("grofvuil ophalen")
        page.keyboard.press("Enter")
        expect(title(page)).to_have_text("Grofvuil laten ophalen")
        began = time.perf_counter()
        for key in after:
            page.keyboard.press(key)
        logged(page).wait_for()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=20)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = Path(folder) / "data"
        load_demonstration(data)
        with serving(data) as site, launch(playwright) as browser:
            page = browser.new_context(base_url=site.url, locale="nl-NL").new_page()
            sign_in(page, "medewerker")
            print(f"\n  {'':32}{'keys':>6}{'after the answer':>18}{'seconds to the log':>20}")
            for name, (before, after) in ENDS.items():
                seconds = cost(page, before, after, times)
                print(f"  {name:32}{len(before + after):>6}{len(after):>18}{seconds:>20.2f}", flush=True)


if __name__ == "__main__":
    main()
