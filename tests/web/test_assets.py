import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kcc.web import assets


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of static files in place of the real one."""
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    monkeypatch.setattr(assets, "VENDOR", tmp_path / "vendor")
    _forget()
    yield tmp_path
    _forget()


def _forget() -> None:
    assets.asset.cache_clear()
    assets._manifest.cache_clear()


def _vendor(static: Path, **files: str) -> None:
    (static / "vendor").mkdir()
    (static / "vendor/manifest.json").write_text(json.dumps(files))


def test_own_file_carries_the_hash_of_its_content(static: Path) -> None:
    _vendor(static)
    (static / "theme.css").write_text("a {}")
    before = assets.asset("theme.css")
    (static / "theme.css").write_text("b {}")
    _forget()
    after = assets.asset("theme.css")
    assert before.startswith("/static/theme.css?v=")
    assert len(before.rpartition("=")[2]) == 8
    assert before != after


def test_vendored_file_goes_by_its_logical_name(static: Path) -> None:
    _vendor(static, **{"htmx.js": "htmx.0123456789ab.js"})
    assert assets.asset("htmx.js") == "/static/vendor/htmx.0123456789ab.js"


def test_unknown_name_is_refused(static: Path) -> None:
    _vendor(static)
    with pytest.raises(assets.UnknownAssetError, match="no static file"):
        assets.asset("htmx.js")


def test_missing_manifest_names_the_fix(static: Path) -> None:
    (static / "theme.css").write_text("a {}")
    with pytest.raises(assets.AssetsNotBuiltError, match="pip install -e"):
        assets.asset("theme.css")


@pytest.mark.parametrize("name", ["design-system.css", "htmx.js", "theme.css", "logo.svg", "desk.js"])
def test_every_page_finds_its_files(name: str) -> None:
    address = assets.asset(name).removeprefix(assets.PREFIX).partition("?")[0]
    assert (assets.STATIC / address.lstrip("/")).is_file()
