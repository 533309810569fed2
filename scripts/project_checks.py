"""Checks of the project's own files, run by scripts/check: each prints what is wrong and where."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LONGEST_MODULE = 400
PIN = re.compile(r"(?P<name>[\w.-]+)==(?P<version>\S+?)(?: ; (?P<marker>.+?))? \\")
HOME_FOLDER = re.compile(r"(?<![\w.])/(?:root|home/\w+|Users/\w+)/")
ADDRESS = re.compile(r"https?://[^\s'\",]+")
PACKAGE_LISTS = ("requirements.txt", "requirements-dev.txt", "scripts/uv.txt", "src/kcc/web/package-lock.json")
PUBLICCODE_KEYS = (
    "publiccodeYmlVersion",
    "name",
    "url",
    "releaseDate",
    "platforms",
    "categories",
    "developmentStatus",
    "softwareType",
    "description",
    "legal",
    "maintenance",
    "localisation",
)


def main() -> int:
    """Run every check. Returns the number of things that are wrong, at most 100."""
    checks = (
        requirements_fit,
        imports_are_required,
        lists_hold_no_address,
        nothing_of_this_machine,
        catalogues,
        publiccode,
        small_modules,
    )
    problems = [problem for check in checks for problem in check()]
    for problem in problems:
        print(problem)
    return min(len(problems), 100)


def pins(path: str) -> dict[str, str]:
    """The pinned version of each package in a list; a marker may pin a package more than once."""
    text = (ROOT / path).read_text()
    return {canonicalize_name(match["name"]): match["version"] for match in PIN.finditer(text)}


def requirements_fit() -> Iterator[str]:
    """Every package that pyproject.toml asks for is pinned at a version that fits, with hashes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime = project["project"]["dependencies"]
    development = [*runtime, *project["dependency-groups"]["dev"], *project["build-system"]["requires"]]
    for path, wanted in (("requirements.txt", runtime), ("requirements-dev.txt", development)):
        pinned = pins(path)
        for line in wanted:
            requirement = Requirement(line)
            version = pinned.get(canonicalize_name(requirement.name))
            if version is None or not requirement.specifier.contains(version, prereleases=True):
                yield f"{path}: {line} is not in it (found {version}); run scripts/lock"
        for entry in re.split(r"\n(?=\w)", (ROOT / path).read_text()):
            if "--hash=sha256:" not in entry:
                yield f"{path}: no hash for {entry.splitlines()[0]}"
    everything = pins("requirements-dev.txt")
    for name, version in pins("requirements.txt").items():
        if everything.get(name) != version:
            yield f"requirements-dev.txt: {name} is not at {version}, as in requirements.txt; run scripts/lock"


def imports_are_required() -> Iterator[str]:
    """What kcc imports is pinned in requirements.txt: a service runs without the packages for development."""
    pinned, distributions = pins("requirements.txt"), packages_distributions()
    for path in sorted((ROOT / "src/kcc").rglob("*.py")):
        if "node_modules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Import | ast.ImportFrom) or getattr(node, "level", None):
                continue
            names = [getattr(node, "module", None) or alias.name for alias in node.names]
            for top in {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"kcc"}:
                if not any(canonicalize_name(name) in pinned for name in distributions.get(top, ())):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}: {top} is not in requirements.txt"


def lists_hold_no_address() -> Iterator[str]:
    """Where packages come from is for whoever installs them to say."""
    for path in PACKAGE_LISTS:
        text = (ROOT / path).read_text()
        for found in ("--index-url", "--extra-index-url", "--find-links", '"resolved"'):
            if found in text:
                yield f"{path}: holds {found}"
        if path.endswith(".txt") and (address := ADDRESS.search(text)):
            yield f"{path}: holds the address {address[0]}"


def nothing_of_this_machine() -> Iterator[str]:
    """No file names a folder of this machine or an index that its package managers are set to."""
    hosts = {host for host in _configured_hosts() if "." in host and not host.startswith("127.")}
    for path in own_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            found = HOME_FOLDER.search(line)
            words = [*([found[0]] if found else []), *(word for word in (str(ROOT), *hosts) if word in line)]
            if words:
                yield f"{path.relative_to(ROOT)}:{number}: names {', '.join(words)}"


def _configured_hosts() -> Iterator[str]:
    python = str(Path(sys.base_prefix) / "bin/python3")  # there is no pip in .venv
    for command in ([python, "-m", "pip", "config", "list"], ["npm", "config", "get", "registry"]):
        try:
            said = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT).stdout  # noqa: S603
        except OSError:
            continue
        for address in ADDRESS.findall(said):
            yield urlsplit(address).hostname or ""


def own_files() -> list[Path]:
    """The files git knows or would add."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout  # noqa: S603
    return sorted(path for name in set(listed.split("\0")) if name and (path := ROOT / name).is_file())


def catalogues() -> Iterator[str]:
    """Every translation can be compiled, keeps its placeholders and is complete; of the source language it is empty."""
    for path in sorted((ROOT / "src").rglob("*.po")):
        name = path.relative_to(ROOT)
        with path.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
        write_mo(BytesIO(), catalogue)
        for message, errors in catalogue.check():
            yield from (f"{name}:{message.lineno}: {error}" for error in errors)
        for message in catalogue:
            if message.id and path.parts[-3] != "nl" and (not all(_texts(message.string)) or message.fuzzy):
                yield f"{name}:{message.lineno}: {message.id!r} is not translated"


def _texts(string: str | list[str] | tuple[str, ...] | None) -> list[str | None]:
    return list(string) if isinstance(string, list | tuple) else [string]


def publiccode() -> Iterator[str]:
    """publiccode.yml can be read and has what the standard requires."""
    document = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    yield from (f"publiccode.yml: {key} is missing" for key in PUBLICCODE_KEYS if key not in document)
    if document.get("legal", {}).get("license") != project["license"]:
        yield f"publiccode.yml: the licence is not {project['license']}, as in pyproject.toml"
    for language, texts in document.get("description", {}).items():
        if len(texts["shortDescription"]) > 150 or not 150 <= len(texts["longDescription"]) <= 10_000:
            yield f"publiccode.yml: a description in {language} is too short or too long"


def small_modules() -> Iterator[str]:
    """A module of this length holds more than one concept."""
    for path in (*(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py")):
        if "node_modules" in path.parts or "versions" in path.parts:
            continue
        lines = len(path.read_text().splitlines())
        if lines > LONGEST_MODULE:
            yield f"{path.relative_to(ROOT)}: {lines} lines, more than {LONGEST_MODULE}"


if __name__ == "__main__":
    sys.exit(main())
