"""What the documentation lists is what the code has: settings, commands, addresses, links."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from starlette.routing import Route

from kcc.access.guard import access_of
from kcc.cli import app
from kcc.routes import all_routes, api_routes
from kcc.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "deploy/README.md", ROOT / "kennisbank/README.md"])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def _table_rows(page: Path) -> list[list[str]]:
    lines = page.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("| `")]


def test_every_setting_is_documented_with_its_default() -> None:
    documented = {row[0].strip("`| "): row[1].strip("`") for row in _table_rows(DOCS / "operator/settings.md")}
    actual = {f"KCC_{name.upper()}": str(field.default) for name, field in Settings.model_fields.items()}
    assert documented == actual | {"KCC_CONFIG": "None"}


def test_every_setting_is_explained() -> None:
    unexplained = [row[0] for row in _table_rows(DOCS / "operator/settings.md") if len(row) < 3 or len(row[2]) < 20]
    assert unexplained == []


def _commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    # By its attribute: Typer brings a Click of its own.
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
        return
    for name, found in inner.items():
        yield from _commands(found, f"{path} {name}")


COMMANDS = dict(_commands(typer.main.get_command(app), "kcc"))


def _sections() -> dict[str, str]:
    text = (DOCS / "operator/commands.md").read_text(encoding="utf-8")
    found = re.findall(r"^## `(kcc [a-z ]*[a-z])[^`]*`\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return dict(found)


def test_the_documented_commands_are_those_there_are() -> None:
    assert sorted(_sections()) == sorted(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_documented_options_are_those_there_are(name: str) -> None:
    options = {option for parameter in COMMANDS[name].params for option in parameter.opts if option.startswith("--")}
    assert set(re.findall(r"^\| `(--[a-z-]+)", _sections()[name], re.MULTILINE)) == options - {"--help"}


def _documented_api() -> dict[tuple[str, str], str]:
    rows = _table_rows(DOCS / "developer/api.md")
    return {tuple(row[0].strip("| `").split(" ", 1)): row[1] for row in rows if " /api/" in row[0]}  # type: ignore[misc]


def test_every_endpoint_of_the_api_is_documented() -> None:
    actual = {
        (method, route.path)
        for route in all_routes(Settings())
        if isinstance(route, Route) and route.path.startswith("/api/")
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert set(_documented_api()) == actual


def test_the_api_documentation_says_rightly_what_is_public() -> None:
    documented = _documented_api()
    for route in api_routes():
        assert isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}:
            assert (documented[method, route.path] == "everyone") == access_of(route).public, (method, route.path)


def test_every_page_is_documented() -> None:
    text = (DOCS / "developer/api.md").read_text(encoding="utf-8").partition("## Addresses that are not the API")[2]
    documented = {address for cell in re.findall(r"^\| (.*?) \|", text, re.MULTILINE) for address in cell.split("`")}
    pages = {route.path_format for route in all_routes(Settings()) if isinstance(route, Route)}
    missing = {path for path in pages if not path.startswith("/api/")} - documented
    assert missing == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = [target.partition("#")[0] for target in LINK.findall(text) if not target.startswith(("http", "mailto:"))]
    assert [target for target in targets if target and not (page.parent / target).exists()] == []


def test_every_page_of_the_documentation_is_linked_to() -> None:
    linked = {
        (page.parent / target.partition("#")[0]).resolve()
        for page in PAGES
        for target in LINK.findall(page.read_text(encoding="utf-8"))
    }
    assert [str(page.relative_to(ROOT)) for page in DOCS.rglob("*.md") if page.resolve() not in linked] == []


def test_every_decision_is_in_the_list() -> None:
    listed = (DOCS / "decisions/README.md").read_text(encoding="utf-8")
    files = {page.name for page in (DOCS / "decisions").glob("[0-9]*.md")}
    assert set(re.findall(r"\((\d{4}[a-z0-9-]*\.md)\)", listed)) == files
