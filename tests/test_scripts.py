"""scripts/pip_settings.py: a mirror that was set up for pip is used by uv as well."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[1] / "scripts/pip_settings.py"


def _exports(listing: str, **environment: str) -> dict[str, str]:
    """What a shell has after reading the output for this output of `pip config list`."""
    lines = subprocess.run(
        [sys.executable, str(SCRIPT)], input=listing, env=environment, check=True, capture_output=True, text=True
    ).stdout
    shell = subprocess.run(["sh", "-c", f"{lines}\nenv"], env={}, check=True, capture_output=True, text=True).stdout
    names = {line.split("=")[0].removeprefix("export ") for line in lines.splitlines()}
    return dict(line.split("=", 1) for line in shell.splitlines() if line.split("=")[0] in names)


def test_nothing_configured_changes_nothing() -> None:
    assert _exports("global.disable-pip-version-check='1'\nfreeze.timeout='10'\n") == {}


def test_indexes_are_passed_on() -> None:
    listing = "global.index-url='http://127.0.0.1:1/simple'\nglobal.extra-index-url='\\nfile:///a\\nfile:///b'\n"
    assert _exports(listing) == {
        "UV_DEFAULT_INDEX": "http://127.0.0.1:1/simple",
        "UV_INDEX": "file:///a file:///b",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }


def test_as_in_pip_a_variable_goes_before_a_file_and_the_command_before_all() -> None:
    listing = ":env:.index-url='http://127.0.0.1:3'\nglobal.index-url='http://127.0.0.1:1'\n"
    assert _exports(listing + "install.index-url='http://127.0.0.1:2'\n")["UV_DEFAULT_INDEX"] == "http://127.0.0.1:3"
    listing = "install.index-url='http://127.0.0.1:2'\nglobal.index-url='http://127.0.0.1:1'\n"
    assert _exports(listing)["UV_DEFAULT_INDEX"] == "http://127.0.0.1:2"


def test_the_rest_is_translated_and_quoted() -> None:
    listing = "global.cert='/a b/c.crt'\nglobal.find-links='/x /y'\nglobal.no-index='true'\nglobal.trusted-host='h'\n"
    assert _exports(listing) == {
        "SSL_CERT_FILE": "/a b/c.crt",
        "UV_FIND_LINKS": "/x,/y",
        "UV_NO_INDEX": "1",
        "UV_INSECURE_HOST": "h",
    }


def test_what_uv_was_told_itself_stays() -> None:
    listing = "global.index-url='http://127.0.0.1:1'\n"
    assert _exports(listing, UV_DEFAULT_INDEX="http://127.0.0.1:9") == {}
