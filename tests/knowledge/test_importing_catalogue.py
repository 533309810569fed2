"""Import of what articles name: topics, fees, UPL names, and the editors' word lists."""

import shutil
from pathlib import Path

import httpx
import pytest

from tests.conftest import CONTENT
from tests.knowledge.conftest import BringIn


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small kennisbank, to change."""
    return Path(shutil.copytree(CONTENT, tmp_path / "kennisbank"))


FEE = "[nieuw]\nlabel = 'Nieuw'\nkind = 'money'\nvalues = [{{ from = 2026-01-01, value = '{value}' }}]\n"


@pytest.mark.parametrize(
    ("name", "text", "line", "said"),
    [
        ("topics.toml", "departments = [", 1, "not valid TOML"),
        ("topics.toml", "\n\nnee", 3, "not valid TOML"),
        ("topics.toml", "departments = []\ngroups = []\nkleur = 1", 1, "kleur"),
        ("topics.toml", "departments = [{code = 'A B', name = 'x'}]\ngroups = []", 1, "departments.0.code"),
        ("topics.toml", 'departments = [{code = "a", name = "x\\u0000"}]\ngroups = []', 1, "departments.0.name"),
        (
            "topics.toml",
            "departments = []\ngroups = [{code = 'g', name = 'G', department = 'weg', topics = []}]",
            1,
            "unknown department 'weg'",
        ),
        (
            "topics.toml",
            "departments = [{code = 'a', name = 'A'}]\n"
            "groups = [{code = 'g', name = 'G', department = 'a', topics = [{code = 'g', name = 'G'}]}]",
            1,
            "'g' is given twice",
        ),
        ("tarieven.toml", "[a]\n[a]\n", 2, "not valid TOML"),
        ("tarieven.toml", "\n" + FEE.format(value="veel"), 2, "[nieuw] 'veel' is no amount"),
        ("tarieven.toml", FEE.format(value="-1"), 1, "'-1' is no amount"),
        ("tarieven.toml", FEE.format(value="NaN"), 1, "'NaN' is no amount"),
        ("tarieven.toml", FEE.replace("nieuw", '"Geen Code"').format(value="1"), 1, "[Geen Code] code"),
        ("tarieven.toml", "[x]\nlabel = 'X'\nkind = 'text'\nvalues = []\n", 1, "[x] values"),
        ("tarieven.toml", "[x]\nlabel = 'X'\nkind = 'kleur'\nvalues = []\n", 1, "[x] kind"),
        ("tarieven.toml", "x = 1", 1, "[x]"),
        (
            "tarieven.toml",
            "[x]\nlabel = 'X'\nkind = 'text'\n"
            "values = [{from = 2026-01-01, value = 'a'}, {from = 2026-01-01, value = 'b'}]\n",
            1,
            "same date",
        ),
        ("upl.csv", "naam,adres\na,b\n", 1, "columns name and uri"),
        ("upl.csv", "# eerst\nname,uri\npaspoort\n", 3, "uri"),
        ("upl.csv", "name,uri\n,http://x.example\n", 2, "name"),
        ("upl.csv", f"name,uri\n{'x' * 201},http://x.example\n", 2, "name"),
        ("upl.csv", "name,uri\nhond,ftp://x.example\n", 2, "uri"),
        ("synonyms.txt", "grofvuil\n", 1, "two phrases"),
        ("synonyms.txt", "a, b\n => \n", 2, "no words"),
        ("compounds.txt", "x\n\ngrof vuil\n", 3, "expected a word"),
    ],
)
async def test_what_is_wrong_in_a_catalogue_file_is_told_with_its_place(
    bring_in: BringIn, folder: Path, name: str, text: str, line: int, said: str
) -> None:
    await bring_in(CONTENT)
    (folder / name).write_text(text)
    problems = (await bring_in(folder)).problems
    assert len(problems) == 1
    assert problems[0].startswith(f"{folder / name}:{line}: ")
    assert said in problems[0]


@pytest.mark.parametrize("name", ["topics.toml", "tarieven.toml", "upl.csv", "synonyms.txt", "compounds.txt"])
async def test_a_file_that_is_no_text_is_told_and_the_others_are_in(bring_in: BringIn, folder: Path, name: str) -> None:
    await bring_in(CONTENT)
    (folder / name).write_bytes(b"caf\xe9\n")
    (folder / "articles" / "grofvuil.md").unlink()
    report = await bring_in(folder)
    assert [problem.partition(": ")[0] for problem in report.problems] == [f"{folder / name}:1"]
    assert report.outcomes["unchanged"] == 3


async def test_one_wrong_fee_does_not_stop_the_others(
    bring_in: BringIn, folder: Path, client: httpx.AsyncClient
) -> None:
    file = folder / "tarieven.toml"
    file.write_text(FEE.format(value="veel") + file.read_text())
    assert len((await bring_in(folder)).problems) == 1
    assert (await client.get("/api/v1/articles/paspoort-aanvragen")).status_code == 200


async def test_topics_and_departments_are_renamed_by_their_code(
    bring_in: BringIn, folder: Path, client: httpx.AsyncClient
) -> None:
    await bring_in(folder)
    file = folder / "topics.toml"
    file.write_text(
        file.read_text().replace('name = "Paspoort"', 'name = "Paspoorten"').replace("Burgerzaken", "Burgers")
    )
    await bring_in(folder)
    topics = {row["code"]: row for row in (await client.get("/api/v1/topics")).json()["results"]}
    assert topics["paspoort"]["name"] == "Paspoorten"
    assert (topics["paspoort"]["parent"], topics["inzameling"]["countsForFirstContact"]) == ("reisdocumenten", False)
    departments = (await client.get("/api/v1/departments")).json()["results"]
    assert [row["name"] for row in departments] == ["Afval", "Burgers"]


async def test_a_word_list_is_taken_once(bring_in: BringIn, folder: Path) -> None:
    await bring_in(folder)
    (folder / "synonyms.txt").write_text("grofvuil, oude meubels\n")
    assert (await bring_in(folder)).changed == ["updated: synonyms.txt"]
    assert (await bring_in(folder)).changed == []


async def test_a_broken_word_list_leaves_the_old_one_in_use(bring_in: BringIn, folder: Path) -> None:
    await bring_in(folder)
    good = (folder / "synonyms.txt").read_text()
    (folder / "synonyms.txt").write_text("maar een\n")
    assert len((await bring_in(folder)).problems) == 1
    (folder / "synonyms.txt").write_text(good)
    assert (await bring_in(folder)).changed == []
