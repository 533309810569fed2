"""Prints pip's own settings as uv's, for a shell to read: `eval "$(pip config list | python3 pip_settings.py)"`.

Whoever set up a mirror for pip meant it for every installer. Settings of uv that are there already stay as they are.
"""

import ast
import os
import shlex
import sys
from collections.abc import Iterable, Mapping

# Later sections win, as in pip.
SECTIONS = ("global", "install", ":env:")


def read(lines: Iterable[str]) -> dict[str, str]:
    """The settings in the output of `pip config list`, by name without their section."""
    found: dict[tuple[str, str], str] = {}
    for line in lines:
        name, _, value = line.strip().partition("=")
        section, _, option = name.rpartition(".")
        if section in SECTIONS:
            found[section, option] = str(ast.literal_eval(value))
    return {option: value for wanted in SECTIONS for (section, option), value in found.items() if section == wanted}


def for_uv(settings: Mapping[str, str]) -> dict[str, str]:
    """The same settings as environment variables of uv."""
    variables = {
        "UV_DEFAULT_INDEX": settings.get("index-url", ""),
        "UV_INDEX": " ".join(settings.get("extra-index-url", "").split()),
        "UV_FIND_LINKS": ",".join(settings.get("find-links", "").split()),
        "UV_INSECURE_HOST": " ".join(settings.get("trusted-host", "").split()),
        "UV_NO_INDEX": "1" if settings.get("no-index", "").lower() in {"1", "true", "yes", "on"} else "",
        "UV_HTTP_TIMEOUT": settings.get("timeout", settings.get("default-timeout", "")),
        "SSL_CERT_FILE": settings.get("cert", ""),
        "ALL_PROXY": settings.get("proxy", ""),
    }
    if variables["UV_INDEX"]:
        # As pip does: the best version from all indexes. Which file that may be is fixed by the hashes.
        variables["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return {name: value for name, value in variables.items() if value}


def main() -> None:
    """Read `pip config list` from standard input and print `export` lines."""
    for name, value in for_uv(read(sys.stdin)).items():
        if name not in os.environ:
            print(f"export {name}={shlex.quote(value)}")


if __name__ == "__main__":
    main()
