"""Fixtures of the journeys: the demonstration served for real, and a browser that watches its pages."""

import os
import shutil
from collections.abc import Callable, Iterator
from fcntl import LOCK_EX, flock
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from kcc.demo import PASSWORD
from tests.journeys.serving import Site, load_demonstration, serving
from tests.journeys.watching import Watch

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
HEIGHT = {1440: 900}
# A busy machine may take long, and no journey is about how long: much more than it ever takes.
PATIENCE = 90_000
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every journey needs the browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demonstration loaded, to copy: one for all processes that run tests side by side."""
    own = tmp_path_factory.getbasetemp()
    data = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "demonstration"
    with data.with_suffix(".lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not data.exists():
            load_demonstration(own / "loading")
            (own / "loading").rename(data)
    return data


# Package scope, not session: the synchronous Playwright keeps an event loop that other tests must not meet.
@pytest.fixture(scope="package")
def site(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration, served with its background work. No request of any journey may crash it."""
    data = tmp_path_factory.mktemp("site") / "data"
    shutil.copytree(demonstration, data)
    with serving(data) as site:
        yield site
        assert site.errors() == []


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """What drives the browsers."""
    with sync_playwright() as playwright:
        yield playwright


def launch(playwright: Playwright, *arguments: str) -> Browser:
    """Start the system's Chromium."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert path, "Chromium is not installed: run scripts/test, which sets it up"
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return playwright.chromium.launch(executable_path=path, args=[*QUIET, *sandbox, *arguments])


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One browser for all journeys."""
    with launch(playwright) as browser:
        yield browser


@pytest.fixture
def open_browser(browser: Browser) -> Iterator[Callable[..., tuple[BrowserContext, Watch]]]:
    """`open_browser(site, width=390)`: somebody's own browser; what goes wrong in its pages fails the test."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_browser(
        site: Site, *, width: int = 1440, cookies: list | None = None, **options: object
    ) -> tuple[BrowserContext, Watch]:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": HEIGHT.get(width, 800)},
            locale="nl-NL",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        if cookies:
            context.add_cookies(cookies)
        watch = Watch(context, urlsplit(site.url).netloc)
        opened.append((context, watch))
        return context, watch

    yield open_browser
    problems = [problem for _, watch in opened for problem in watch.unexpected()]
    for context, _ in opened:
        context.close()
    assert problems == []


def sign_in(page: Page, name: str) -> None:
    """Log in by the form, with the keyboard."""
    page.goto("/inloggen")
    page.get_by_label("Gebruikersnaam").focus()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.fixture(scope="package")
def signed_in(browser: Browser, site: Site) -> Callable[[str], list]:
    """`signed_in("medewerker")`: the cookies of a session that tests share. Who signs out begins their own."""
    known: dict[str, list] = {}

    def signed_in(name: str) -> list:
        if name not in known:
            with browser.new_context(base_url=site.url) as context:
                context.set_default_timeout(PATIENCE)
                sign_in(context.new_page(), name)
                known[name] = context.cookies()
        return known[name]

    return signed_in


@pytest.fixture
def visit(open_browser: Callable, site: Site, signed_in: Callable[[str], list]) -> Callable[..., Page]:
    """`visit("/werk", user="medewerker", width=390)`: the page, opened."""

    def visit(path: str, *, user: str | None = None, expect: str | None = None, **options: object) -> Page:
        context, watch = open_browser(site, cookies=signed_in(user) if user else None, **options)
        if expect:
            watch.expect(expect)
        page = context.new_page()
        page.goto(path)
        return page

    return visit


@pytest.fixture
def own_data(demonstration: Path, tmp_path: Path) -> Path:
    """A copy of the demonstration's data folder, for a test that spoils it."""
    return Path(shutil.copytree(demonstration, tmp_path / "data"))


@pytest.fixture
def own_site(own_data: Path) -> Iterator[Site]:
    """The demonstration served for one test only, without background work."""
    with serving(own_data, "--no-worker") as site:
        yield site


@pytest.fixture
def index_away(own_data: Path) -> Iterator[tuple[Site, Callable[[], None]]]:
    """The demonstration served without its index, and what brings the index back."""
    away = own_data.with_name("index-away")
    shutil.move(own_data / "index", away)
    with serving(own_data, "--no-worker", until="/healthz") as site:

        def bring_back() -> None:
            shutil.rmtree(own_data / "index", ignore_errors=True)
            away.rename(own_data / "index")

        yield site, bring_back
