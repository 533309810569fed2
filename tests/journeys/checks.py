"""What must hold of every page: no finding of axe-core, a sound layout, valid HTML."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

import kcc.web

MODULES = Path(kcc.web.__file__).parent / "node_modules"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Only what is wrong crosses to Python: the whole report of a long page is megabytes.
RUN_AXE = """async (tags) => {
    const {violations} = await axe.run(document, {runOnly: tags, resultTypes: ["violations"]});
    return violations.flatMap(({id, nodes}) => nodes.map((node) => `${id}: ${node.html}: ${node.failureSummary}`));
}"""
LAYOUT = (Path(__file__).parent / "layout.js").read_text()


@cache
def _axe() -> str:
    return (MODULES / "axe-core" / "axe.min.js").read_text()


def axe_findings(page: Page) -> list[str]:
    """What axe-core has against the page as it is now: rule, element, reason."""
    # Once a document: compiling it anew, and running it cold, takes as long as a third of what it looks for.
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    found: list[str] = page.evaluate(RUN_AXE, AXE_TAGS)
    return found


def layout_findings(page: Page) -> list[str]:
    """Sideways scrolling, text outside, overlapping, cut off, too small to press."""
    page.evaluate("document.fonts.ready.then(() => true)")
    found: list[str] = page.evaluate(LAYOUT)
    return found


def html_validate_findings(pages: Mapping[str, str], folder: Path) -> list[str]:
    """What html-validate (recommended) has against these documents, given by name."""
    node = shutil.which("node")
    assert node, "node is not on the PATH: run scripts/test, which sets it up"
    folder = _written(pages, folder)
    (folder / ".htmlvalidate.json").write_text(json.dumps({"root": True, "extends": ["html-validate:recommended"]}))
    program = MODULES / "html-validate" / "bin" / "html-validate.mjs"
    done = subprocess.run(
        [node, str(program), "--formatter", "json", *map(str, sorted(folder.glob("*.html")))],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    return [
        f"{Path(file['filePath']).stem}:{message['line']}: {message['ruleId']}: {message['message']}"
        for file in json.loads(done.stdout)
        for message in file["messages"]
    ]


def vnu_findings(pages: Mapping[str, str], folder: Path) -> list[str]:
    """What the Nu Html Checker has against these documents, warnings included."""
    java = shutil.which("java")
    assert java, "Java is not installed: run scripts/test, which sets it up"
    folder = _written(pages, folder)
    jar = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    done = subprocess.run(
        [java, "-jar", str(jar), "--format", "json", "--exit-zero-always", *map(str, sorted(folder.glob("*.html")))],
        capture_output=True,
        text=True,
        check=False,
    )
    messages = json.loads(done.stderr)["messages"]
    return [
        f"{Path(message.get('url', '')).stem}:{message.get('lastLine')}: {message['message']}"
        for message in messages
        if message["type"] == "error" or message.get("subType") == "warning"
    ]


def _written(pages: Mapping[str, str], folder: Path) -> Path:
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text)
    return folder
