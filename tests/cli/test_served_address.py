"""Links in mail lead to where the service is served, unless its public address was set."""

from pathlib import Path
from typing import Any

import pytest
import uvicorn

from kcc.settings import load_settings
from tests.cli.conftest import Kcc


@pytest.fixture
def served(kcc: Kcc, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`served("--port", "8075")` is the base URL in the settings that the serving processes read."""
    monkeypatch.setenv("KCC_BASE_URL", "")  # so that it is taken back afterwards
    monkeypatch.delenv("KCC_BASE_URL")
    found: list[str] = []
    monkeypatch.setattr(uvicorn, "run", lambda *_, **__: found.append(load_settings().base_url))

    def serve(*arguments: str) -> str:
        assert kcc("serve", *arguments).code == 0
        return found[-1]

    return serve


@pytest.mark.parametrize(
    ("arguments", "base_url"),
    [
        ((), "http://127.0.0.1:8000"),
        (("--port", "8075"), "http://127.0.0.1:8075"),
        (("--host", "0.0.0.0", "--port", "8075"), "http://127.0.0.1:8075"),
        (("--host", "::"), "http://[::1]:8000"),
        (("--host", "kcc.intern.example"), "http://kcc.intern.example:8000"),
    ],
)
def test_the_address_follows_from_where_it_is_served(served: Any, arguments: tuple[str, ...], base_url: str) -> None:
    assert served(*arguments) == base_url


def test_a_public_address_that_was_set_stays(served: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "kcc.toml"
    config.write_text('base_url = "https://kcc.voorbeeld.example"\n')
    with monkeypatch.context() as patch:
        patch.setenv("KCC_CONFIG", str(config))
        assert served("--port", "8075") == "https://kcc.voorbeeld.example"
    with monkeypatch.context() as patch:
        patch.setenv("KCC_BASE_URL", "http://kcc.voorbeeld.example")
        assert served("--port", "8075") == "http://kcc.voorbeeld.example"
