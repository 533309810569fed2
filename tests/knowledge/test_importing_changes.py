"""An import tells what changed in the catalogue, and what it could not take in, in English."""

import shutil
from pathlib import Path

import pytest

from kcc.knowledge.importing import Report
from tests.conftest import CONTENT
from tests.knowledge.conftest import BringIn
from tests.knowledge.drafting import article_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small kennisbank, to change."""
    return Path(shutil.copytree(CONTENT, tmp_path / "kennisbank"))


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


async def test_the_first_import_counts_what_came_from_each_file(bring_in: BringIn) -> None:
    told = [line for line in (await bring_in(CONTENT)).changed if line.startswith("created") and "(" in line]
    assert told == [
        "created: upl.csv (2 entries)",
        "created: topics.toml (7 entries)",
        "created: tarieven.toml (2 entries)",
    ]


FEE = "[nieuw]\nlabel = 'Nieuw'\nkind = 'money'\nvalues = [{ from = 2026-01-01, value = '7' }]\n"


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("tarieven.toml", '"86.85"', '"87.00"', ["updated: tarieven.toml [paspoort-18-plus]"]),
        ("tarieven.toml", "2027-01-01", "2027-02-01", ["updated: tarieven.toml [paspoort-18-plus]"]),
        ("tarieven.toml", 'label = "Levertijd"', 'label = "Duur"', ["updated: tarieven.toml [levertijd]"]),
        ("tarieven.toml", "[levertijd]", FEE + "[levertijd]", ["created: tarieven.toml [nieuw]"]),
        ("topics.toml", 'name = "Paspoort"', 'name = "Paspoorten"', ["updated: topics.toml [paspoort]"]),
        ("topics.toml", 'name = "Burgerzaken"', 'name = "Burgers"', ["updated: topics.toml [burgerzaken]"]),
        (
            "topics.toml",
            '{ code = "inzameling"',
            '{ code = "nieuw-onderwerp", name = "Nieuw" }, { code = "inzameling"',
            ["created: topics.toml [nieuw-onderwerp]"],
        ),
    ],
)
async def test_what_changed_in_the_catalogue_is_told_once(
    bring_in: BringIn, folder: Path, name: str, old: str, new: str, told: list[str]
) -> None:
    await bring_in(folder)
    replace(folder / name, old, new)
    assert sorted((await bring_in(folder)).changed) == told
    assert (await bring_in(folder)).changed == []


async def test_changed_upl_names_are_told(bring_in: BringIn, folder: Path) -> None:
    await bring_in(folder)
    file = folder / "upl.csv"
    lines = file.read_text().splitlines()
    name = lines[-1].partition(",")[0]
    lines[-1] = f"{name},https://upl.example/anders"
    file.write_text("\n".join([*lines, "drakenvergunning,https://upl.example/draak", ""]))
    told = (await bring_in(folder)).changed
    assert sorted(told) == ["created: upl.csv [drakenvergunning]", f"updated: upl.csv [{name}]"]
    assert (await bring_in(folder)).changed == []


async def test_a_name_given_twice_in_a_file_is_taken_once(bring_in: BringIn, folder: Path) -> None:
    with (folder / "upl.csv").open("a") as file:
        file.write("draak,https://upl.example/1\ndraak,https://upl.example/2\n")
    replace(folder / "topics.toml", "departments = [", 'departments = [{ code = "afval", name = "Vuil" }, ')
    await bring_in(folder)
    assert (await bring_in(folder)).changed == []


def only_problem(report: Report) -> str:
    assert len(report.problems) == 1, report.problems
    return report.problems[0]


async def test_what_does_not_exist_is_told_in_english(bring_in: BringIn, folder: Path) -> None:
    file = folder / "articles" / "hond.md"
    file.write_text(article_file(topic="weg", department="ook-weg", upl="geen", body="{{dit}} {{dat}}"))
    assert only_problem(await bring_in(folder)) == (
        f"{file}:1: unknown topic 'weg'; unknown department 'ook-weg'; "
        "'geen' is not in the UPL, without a name write 'UPL-naam nog niet beschikbaar'; "
        "unknown fee 'dat'; unknown fee 'dit'"
    )
