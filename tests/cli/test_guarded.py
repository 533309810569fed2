"""What a command refuses, or leaves off, without a traceback."""

import functools
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kcc.knowledge import index
from kcc.knowledge.index_files import write_lock
from kcc.settings import load_settings
from tests.cli.conftest import Done, Kcc
from tests.conftest import CONTENT
from tests.knowledge.drafting import TEXT

IN_USE = Done(
    2,
    "",
    "kcc: this database is in use: it holds accounts or articles that are not the demonstration's; "
    "point KCC_DATA_DIR or KCC_DATABASE_URL to an empty one\n",
)


def test_no_demonstration_where_there_are_accounts(installed: Kcc, tmp_path: Path) -> None:
    added = installed("user", "add", "jan", "--role", "agent", "--password-stdin", stdin="een goed wachtwoord\n")
    assert added.code == 0
    assert installed("demo", "--days", "3") == IN_USE
    assert installed("knowledge", "export", tmp_path / "uit").err.startswith("0 articles")


def test_no_demonstration_where_there_are_articles(installed: Kcc, tmp_path: Path) -> None:
    assert installed("knowledge", "import", CONTENT).code == 0
    assert installed("demo", "--days", "3") == IN_USE
    assert "WRONG" not in installed("check").out
    installed("knowledge", "export", tmp_path / "uit")
    assert len(list((tmp_path / "uit").iterdir())) == 4


def test_the_demonstration_comes_again_after_people_used_it(installed: Kcc, tmp_path: Path) -> None:
    assert installed("demo", "--days", "3").code == 0
    (tmp_path / "hond.md").write_text(TEXT)
    assert installed("knowledge", "import", tmp_path / "hond.md").out == "created: hond\n"
    installed("user", "add", "jan", "--role", "agent", "--password-stdin", stdin="een goed wachtwoord\n")
    assert installed("demo", "--days", "3").code == 0


def test_an_index_that_another_process_is_writing(installed: Kcc, monkeypatch: pytest.MonkeyPatch) -> None:
    installed("knowledge", "import", CONTENT)
    monkeypatch.setattr(index, "write_lock", functools.partial(write_lock, timeout=0))
    with write_lock(load_settings().index_dir):
        done = installed("knowledge", "reindex")
    assert done == Done(2, "", "kcc: the index was not built: another process is writing the index; try again later\n")


def test_the_demonstration_while_another_process_writes_the_index(kcc: Kcc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "write_lock", functools.partial(write_lock, timeout=0))
    with write_lock(load_settings().index_dir):
        done = kcc("demo", "--days", "3")
    assert (done.code, done.err.splitlines()[-1]) == (
        2,
        "kcc: the index was not built: another process is writing the index; try again later",
    )
    assert "Traceback" not in done.err


def test_a_reader_that_has_enough_is_no_trouble(kcc: Kcc) -> None:
    kcc("migrate")
    kcc("knowledge", "import", CONTENT)
    kcc("knowledge", "reindex", "--quiet")
    reader, writer = os.pipe()
    os.close(reader)
    try:
        command = [sys.executable, "-m", "kcc", "knowledge", "search", "paspoort"]
        done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    finally:
        os.close(writer)
    assert done.stderr == ""
