"""The built wheel, in an empty folder: loads the demonstration from inside itself and serves every page, alone."""

import os
import re
import socket
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.demo import ACCOUNTS, PASSWORD
from tests.journeys.serving import is_ready

ROOT = Path(__file__).resolve().parents[1]
# Whatever the wheel's processes do, they may not read the checkout or reach another machine.
GUARD = """
import sys
CHECKOUT = {checkout!r}
HERE = ("127.0.0.1", "::1", "localhost", None)

def refuse(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and arguments[0].startswith(CHECKOUT):
        raise RuntimeError("reads the checkout: " + arguments[0])
    if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][0] not in HERE:
        raise RuntimeError("connects to another machine")
    if event == "socket.getaddrinfo" and arguments[0] not in HERE:
        raise RuntimeError("looks up another machine")

sys.addaudithook(refuse)
"""
DEADLINE = 300  # seconds; a start that takes longer has gone wrong
CHOICES = 20


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel in it, as an installer unpacks it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder / "dist")]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    (wheel,) = (folder / "dist").glob("kcc-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    guard = GUARD.format(checkout=(f"{ROOT}/src/", f"{ROOT}/kennisbank/", f"{ROOT}/tests/"))
    (folder / "installed/sitecustomize.py").write_text(guard)
    return folder / "installed"


def _environment(installed: Path) -> dict[str, str]:
    return {"PATH": os.defpath, "PYTHONPATH": str(installed)}


@pytest.fixture(scope="module")
def served(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service that was started from the wheel in an empty folder."""
    folder = tmp_path_factory.mktemp("empty")
    kcc = [sys.executable, "-m", "kcc"]
    environment = _environment(installed)
    subprocess.run([*kcc, "demo", "--days", "3"], check=True, cwd=folder, env=environment, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment["KCC_LOG_LEVEL"] = "warning"
    with (folder / "log").open("wb") as log:
        command = [*kcc, "serve", "--port", str(port)]
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            _wait_until_ready(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(90)
    problems = [line for line in (folder / "log").read_text().splitlines() if not line.startswith("serving at")]
    assert problems == []


def _wait_until_ready(address: str, process: "subprocess.Popen[bytes]") -> None:
    until = monotonic() + DEADLINE
    while process.poll() is None and monotonic() < until:
        if is_ready(address, "/readyz"):
            return
        sleep(0.1)
    pytest.fail("the service did not become ready")


def _named(address: str, text: str, kind: str) -> Iterator[tuple[str, bool]]:
    """The addresses in a page or style sheet, and whether a browser fetches them by itself."""
    if kind == "text/css":
        for found in re.findall(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)", text):
            yield urljoin(address, next(filter(None, found))), True
    elif kind == "text/html":
        for tag in BeautifulSoup(text, "html.parser").find_all(["a", "link", "script", "img", "source", "use"]):
            target = tag.get("href") or tag.get("src") or ""
            yield urldefrag(urljoin(address, str(target))).url, tag.name != "a"


def _walk(client: httpx.Client, starts: list[str]) -> set[str]:
    """Every path of the service that can be reached by links; each must answer 200.

    Of the addresses that differ only in what was chosen (a product, a month, a page) a few are enough: booking's
    choices multiply.
    """
    home = str(client.base_url).rstrip("/")
    seen: set[str] = set()
    chosen: Counter[str] = Counter()
    queue = [home + start for start in starts]
    while queue:
        address = queue.pop()
        path = urlsplit(address).path
        if address in seen or chosen[path] > CHOICES:
            continue
        seen.add(address)
        chosen[path] += 1
        response = client.get(address)
        if response.is_redirect:
            target = urljoin(address, response.headers["location"])
            if target.startswith(f"{home}/"):  # others lead to where a resident arranges it online
                queue.append(target)
            continue
        assert response.status_code == 200, address
        kind = response.headers.get("content-type", "").partition(";")[0]
        for target, fetched in _named(str(response.url), response.text if kind.startswith("text/") else "", kind):
            same_host = target.startswith(f"{home}/")
            assert same_host or not fetched, f"{address} loads {target}"
            if same_host and "lang=" not in target:
                queue.append(target)
    return {urlsplit(address).path for address in seen}


def test_the_service_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import kcc; print(kcc.__file__)"]
    where = subprocess.run(
        command, check=True, cwd=tmp_path, env=_environment(installed), capture_output=True, text=True
    ).stdout
    assert Path(where.strip()).is_relative_to(installed)


def test_the_wheel_holds_what_it_needs_and_nothing_of_the_workshop(installed: Path) -> None:
    inside = {str(path.relative_to(installed)) for path in installed.rglob("*") if path.is_file()}
    for name in (
        "kcc/kennisbank/topics.toml",
        "kcc/kennisbank/upl.csv",
        "kcc/knowledge/data/words-nl.txt",
        "kcc/storage/migrations/env.py",
        "kcc/web/locale/en/LC_MESSAGES/kcc.po",
        "kcc/web/static/vendor/manifest.json",
        "kcc/web/templates/base.html",
    ):
        assert name in inside
    articles = [name for name in inside if name.startswith("kcc/kennisbank/articles/")]
    assert len(articles) == len(list((ROOT / "kennisbank/articles").rglob("*.md")))
    assert not [name for name in inside if "node_modules" in name or "package" in Path(name).name or "tests" in name]


def test_residents_find_every_page_and_nothing_comes_from_elsewhere(served: str) -> None:
    with httpx.Client(base_url=served, timeout=180) as client:
        paths = _walk(client, ["/", "/?lang=en", "/antwoorden", "/antwoorden?q=paspoort", "/inloggen"])
    articles = {path for path in paths if path.startswith("/antwoorden/")}
    assert len(articles) > 120
    assert {"/privacy", "/toegankelijkheid", "/afspraak"} <= paths
    assert any(path.startswith("/static/vendor/") and path.endswith(".woff2") for path in paths)


@pytest.mark.parametrize(("account", "start"), [("medewerker", "/werk?q=paspoort"), ("redacteur", "/redactie")])
def test_employees_find_their_pages(served: str, account: str, start: str) -> None:
    assert account in {name for name, _, _ in ACCOUNTS}
    with httpx.Client(base_url=served, timeout=180) as client:
        response = client.post("/inloggen", data={"name": account, "password": PASSWORD}, headers={"Origin": served})
        assert response.status_code == 303
        page = client.get(start)
        assert page.status_code == 200
        for target, fetched in _named(str(page.url), page.text, "text/html"):
            if fetched:
                assert client.get(target, follow_redirects=True).status_code == 200, target
