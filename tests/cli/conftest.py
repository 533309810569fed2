"""Run the `kcc` command in this process, on a data folder and database of its own."""

import io
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kcc.cli import main


@dataclass(frozen=True)
class Done:
    """What a command answered."""

    code: int
    out: str
    err: str


Kcc = Callable[..., Done]


@pytest.fixture
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings but a data folder."""
    for name in list(os.environ):
        if name.startswith("KCC_") and not name.startswith("KCC_TEST_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("KCC_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def kcc(surroundings: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kcc:
    """`kcc("user", "add", "jan", stdin="…")` runs that command; SQLite in the data folder unless set otherwise.

    A test that is itself asynchronous calls it in a thread: a command has an event loop of its own.
    """

    def run(*arguments: str | Path, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["kcc", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        return Done(code, *capsys.readouterr())

    return run


@pytest.fixture
def installed(kcc: Kcc, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Kcc:
    """The command on an empty, migrated database of either kind."""
    monkeypatch.setenv("KCC_DATABASE_URL", database_url)
    return kcc
