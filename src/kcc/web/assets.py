"""Addresses of static files, with a content hash in them so that browsers may keep each file for ever."""

import hashlib
import json
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
VENDOR = STATIC / "vendor"
PREFIX = "/static"


class AssetsNotBuiltError(RuntimeError):
    """The front-end packages were never fetched: the build hook has not run."""


class UnknownAssetError(LookupError):
    """A template asks for a file that is neither ours nor in the manifest."""


@cache
def asset(name: str) -> str:
    """The address of `name`: our own file in static/, or a logical name in static/vendor/manifest.json.

    Raises AssetsNotBuiltError when the manifest is absent and UnknownAssetError when nobody knows the name.
    """
    vendored = _manifest().get(name)
    if vendored is not None:
        return f"{PREFIX}/vendor/{vendored}"
    own = STATIC / name
    if not own.is_file():
        raise UnknownAssetError(f"no static file {name!r} in {STATIC} or its vendor/manifest.json")
    digest = hashlib.sha256(own.read_bytes()).hexdigest()[:8]
    return f"{PREFIX}/{name}?v={digest}"


@cache
def _manifest() -> dict[str, str]:
    path = VENDOR / "manifest.json"
    try:
        manifest: dict[str, str] = json.loads(path.read_text())
    except FileNotFoundError:
        raise AssetsNotBuiltError(
            f"{path} is missing: run `pip install -e .` in the checkout; its build hook fetches the front-end packages"
        ) from None
    return manifest
