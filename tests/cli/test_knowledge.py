"""`kcc knowledge`: import, export, reindex and search."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Done, Kcc
from tests.conftest import CONTENT
from tests.knowledge.drafting import TEXT, article_file

CREATED = [
    "created: upl.csv (2 entries)",
    "created: topics.toml (7 entries)",
    "created: tarieven.toml (2 entries)",
    "updated: synonyms.txt",
    "updated: compounds.txt",
    "created: balie-instructie",
    "created: grofvuil",
    "created: paspoort-aanvragen",
    "created: paspoort-kwijt",
]


@pytest.fixture
def filled(installed: Kcc) -> Kcc:
    """The command on the small kennisbank, with an index."""
    assert installed("knowledge", "import", CONTENT).code == 0
    assert installed("knowledge", "reindex", "--quiet").code == 0
    return installed


def test_import_tells_what_changed_and_what_could_not_be(installed: Kcc, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CONTENT, tmp_path / "kennisbank"))
    broken = folder / "articles" / "kapot.md"
    broken.write_text(article_file(kleur="blauw"))
    done = installed("knowledge", "import", folder)
    assert done.code == 0
    assert sorted(done.out.splitlines()) == sorted(CREATED)
    assert done.err.splitlines() == [f"{broken}:5: kleur: unknown field", "4 created, 1 refused"]
    again = installed("knowledge", "import", folder)
    assert (again.code, again.out) == (0, "")
    assert again.err.splitlines()[-1] == "4 unchanged, 1 refused"


def test_several_paths_at_once(filled: Kcc, tmp_path: Path) -> None:
    (tmp_path / "hond.md").write_text(TEXT)
    question = {"id": "1", "question": "Wat is een kat?", "introduction": "<p>Een dier.</p>"}
    (tmp_path / "vragen.jsonl").write_text(json.dumps(question) + "\n{\n")
    (tmp_path / "rest.txt").write_text("x")
    done = filled(
        "knowledge", "import", tmp_path / "hond.md", tmp_path / "vragen.jsonl", tmp_path / "rest.txt", CONTENT
    )
    assert (done.code, done.out.splitlines()) == (0, ["created: hond", "created: wat-is-een-kat"])
    problems = done.err.splitlines()
    assert problems[0].startswith(f"{tmp_path / 'vragen.jsonl'}:2: not valid JSON")
    assert problems[1] == f"{tmp_path / 'rest.txt'}:1: not a folder, a .md file or a .jsonl file"
    assert problems[2:] == ["2 created, 4 unchanged, 2 refused"]


def test_a_path_that_is_not_there_stops_before_anything_is_done(installed: Kcc, tmp_path: Path) -> None:
    done = installed("knowledge", "import", CONTENT, tmp_path / "weg", tmp_path / "ook-weg")
    assert done == Done(2, "", f"kcc: no such file or folder: {tmp_path / 'weg'}, {tmp_path / 'ook-weg'}\n")
    assert installed("knowledge", "import", CONTENT).out.splitlines() != []


def test_what_is_exported_comes_back_unchanged(filled: Kcc, tmp_path: Path) -> None:
    target = tmp_path / "diep" / "uit"
    done = filled("knowledge", "export", target)
    assert done == Done(0, "", f"4 articles written to {target}\n")
    names = sorted(path.name for path in target.iterdir())
    assert names == ["balie-instructie.md", "grofvuil.md", "paspoort-aanvragen.md", "paspoort-kwijt.md"]
    assert "{{paspoort-18-plus}}" in (target / "paspoort-aanvragen.md").read_text()
    back = filled("knowledge", "import", target)
    assert (back.out, back.err) == ("", "4 unchanged, 0 refused\n")
    first = {path.name: path.read_text() for path in target.iterdir()}
    filled("knowledge", "export", target)
    assert {path.name: path.read_text() for path in target.iterdir()} == first


def test_an_export_goes_into_an_empty_kennisbank(
    filled: Kcc, kcc: Kcc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled("knowledge", "export", tmp_path / "uit" / "articles")
    for name in ("topics.toml", "tarieven.toml", "upl.csv"):
        shutil.copy(CONTENT / name, tmp_path / "uit")
    monkeypatch.setenv("KCC_DATABASE_URL", f"sqlite:///{tmp_path / 'nieuw.sqlite3'}")
    kcc("migrate")
    assert kcc("knowledge", "import", tmp_path / "uit").err == "4 created, 0 refused\n"


def test_an_export_where_it_cannot_go(filled: Kcc, tmp_path: Path) -> None:
    (tmp_path / "bestand").write_text("x")
    done = filled("knowledge", "export", tmp_path / "bestand")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("kcc: cannot be done: ")


def test_reindex_tells_how_many_or_nothing(filled: Kcc) -> None:
    assert filled("knowledge", "reindex") == Done(0, "", "4 articles indexed\n")
    assert filled("knowledge", "reindex", "--quiet") == Done(0, "", "")


def test_search_shows_what_is_found(filled: Kcc) -> None:
    done = filled("knowledge", "search", "paspoort", "kwijt")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].split()[1] == "paspoort-kwijt"
    assert lines[-1] == "2 found"
    assert any("€\u00a086,85" in line for line in lines)
    assert filled("knowledge", "search", "zwembad").out == "0 found\n"
    assert filled("knowledge", "search", "paspoord").out.startswith("did you mean: paspoort\n")


def test_search_for_programs(filled: Kcc) -> None:
    done = filled("knowledge", "search", "paspoord kwijt", "--json", "--limit", "1")
    answer = json.loads(done.out)
    assert (answer["total"], answer["suggestion"]) == (2, "paspoort kwijt")
    (row,) = answer["results"]
    assert (row["slug"], row["title"]) == ("paspoort-kwijt", "Paspoort kwijt of gestolen")
    assert row["score"] > 0


def test_search_shows_agents_articles_only_when_asked(filled: Kcc) -> None:
    assert filled("knowledge", "search", "noodprocedure").out == "0 found\n"
    assert "balie-instructie" in filled("knowledge", "search", "noodprocedure", "--agents").out


def test_search_without_an_index_says_what_to_do(installed: Kcc) -> None:
    done = installed("knowledge", "search", "paspoort")
    assert done == Done(2, "", "kcc: there is no usable search index; run: kcc knowledge reindex\n")


@pytest.mark.parametrize("words", ["", "\x00", "😀" * 1000, "'; DROP TABLE article; --"])
def test_anything_may_be_searched(filled: Kcc, words: str) -> None:
    assert filled("knowledge", "search", "--", words).code == 0
