"""The memory of the waiting room's page over many calls and reconnects: it must be flat.

    python -m tests.load.wall_memory [--calls 10000] [--reconnects 100]

Chromium shows the page of a real service; only the stream of events comes from tests/journeys/feeding.py, in the same
form but quicker than any hall. One reconnect in ten is refused, so that the page begins a new stream by itself.
Figures are taken after forced garbage collection.
"""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.journeys.conftest import launch, sign_in
from tests.journeys.feeding import feeding, footprint
from tests.journeys.serving import load_demonstration, serving

PARTS = 4


def main() -> None:
    """Measure what the arguments say."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--reconnects", type=int, default=100)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kcc-wall-") as name, sync_playwright() as playwright:
        data = Path(name) / "data"
        load_demonstration(data)
        with serving(data) as site, feeding(site.url) as feed, launch(playwright) as browser:
            page = browser.new_page(base_url=site.url)
            sign_in(page, "balie")
            page.goto(f"{feed.url}/wachtruimte/stadhuis")
            feed.call(page, 100, 2)  # until all that is shown is there
            print("| calls | streams | JS heap, kB | DOM nodes | event listeners | documents |")
            print("| --- | --- | --- | --- | --- | --- |")
            begun, streams = feed.sent, feed.streams
            for part in range(PARTS + 1):
                if part:
                    feed.call(page, arguments.calls // PARTS, arguments.reconnects // PARTS)
                heap, *counts = footprint(page).values()
                cells = (feed.sent - begun, feed.streams - streams, f"{heap / 1000:.0f}", *counts)
                print(f"| {' | '.join(map(str, cells))} |", flush=True)
            page.close()


if __name__ == "__main__":
    main()
