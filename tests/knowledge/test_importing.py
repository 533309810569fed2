"""Import of a kennisbank folder: idempotent, tells what changed, refuses only what is broken."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from kcc.access.roles import Role
from kcc.knowledge.importing import Report
from tests.conftest import CONTENT
from tests.knowledge.conftest import BringIn
from tests.knowledge.drafting import TEXT, article_file, article_json

WithToken = Callable[[Role], Awaitable[httpx.AsyncClient]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small kennisbank, to change."""
    return Path(shutil.copytree(CONTENT, tmp_path / "kennisbank"))


def only_problem(report: Report) -> str:
    assert len(report.problems) == 1, report.problems
    return report.problems[0]


async def test_importing_twice_changes_nothing(bring_in: BringIn, folder: Path) -> None:
    first = await bring_in(folder)
    assert sorted(first.changed) == [
        "created: balie-instructie",
        "created: grofvuil",
        "created: paspoort-aanvragen",
        "created: paspoort-kwijt",
        "created: tarieven.toml (2 entries)",
        "created: topics.toml (7 entries)",
        "created: upl.csv (2 entries)",
        "updated: compounds.txt",
        "updated: synonyms.txt",
    ]
    second = await bring_in(folder)
    assert (second.changed, second.problems, second.outcomes["unchanged"]) == ([], [], 4)


async def test_a_changed_file_becomes_a_new_revision(bring_in: BringIn, folder: Path, with_token: WithToken) -> None:
    await bring_in(folder)
    file = folder / "articles" / "grofvuil.md"
    file.write_text(file.read_text().replace("Zet het grofvuil", "Leg het grofvuil"))
    report = await bring_in(folder)
    assert report.changed == ["updated: grofvuil"]
    editor = await with_token(Role.EDITOR)
    article = (await editor.get("/api/v1/articles/grofvuil")).json()
    assert (article["version"], "Leg het grofvuil" in article["body"]) == (2, True)
    revisions = (await editor.get("/api/v1/articles/grofvuil/revisions")).json()["results"]
    assert [(row["version"], row["changedBy"]) for row in revisions] == [(2, "import"), (1, "import")]
    assert "Zet het grofvuil" in revisions[1]["content"]["body"]


async def test_a_file_changed_without_other_content_makes_no_revision(
    bring_in: BringIn, folder: Path, with_token: WithToken
) -> None:
    await bring_in(folder)
    file = folder / "articles" / "grofvuil.md"
    file.write_text(file.read_text() + "\n\n")
    assert (await bring_in(folder)).changed == []
    editor = await with_token(Role.EDITOR)
    assert (await editor.get("/api/v1/articles/grofvuil")).json()["version"] == 1


async def test_an_editors_later_change_survives_an_unchanged_file(
    bring_in: BringIn, folder: Path, with_token: WithToken
) -> None:
    await bring_in(folder)
    editor = await with_token(Role.EDITOR)
    ours = article_json(title="Grofvuil, zo doet u dat", topic="inzameling")
    answer = await editor.put("/api/v1/articles/grofvuil", json=ours, headers={"If-Match": '"1"'})
    assert answer.status_code == 200
    assert (await bring_in(folder)).changed == []
    assert (await editor.get("/api/v1/articles/grofvuil")).json()["title"] == "Grofvuil, zo doet u dat"


async def test_a_broken_article_is_refused_and_the_rest_is_in(
    bring_in: BringIn, folder: Path, client: httpx.AsyncClient
) -> None:
    broken = folder / "articles" / "kapot.md"
    broken.write_text(article_file(kleur="blauw"))
    report = await bring_in(folder)
    assert only_problem(report) == f"{broken}:5: kleur: unknown field"
    assert report.outcomes["created"] == 4
    assert (await client.get("/api/v1/articles/kapot")).status_code == 404
    assert (await client.get("/api/v1/articles/grofvuil")).status_code == 200


async def test_a_broken_new_version_leaves_the_article_as_it_was(
    bring_in: BringIn, folder: Path, client: httpx.AsyncClient
) -> None:
    await bring_in(folder)
    file = folder / "articles" / "grofvuil.md"
    file.write_text(file.read_text().replace("topic: inzameling", "topic: bestaat-niet"))
    assert "bestaat-niet" in only_problem(await bring_in(folder))
    assert (await client.get("/api/v1/articles/grofvuil")).json()["topic"] == "inzameling"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"topic": "bestaat-niet"}, "'bestaat-niet'"),
        ({"upl": "geen upl-naam"}, "'geen upl-naam'"),
        ({"department": "geen-afdeling"}, "'geen-afdeling'"),
        ({"shortAnswer": '"Het kost {{geen-tarief}}."'}, "'geen-tarief'"),
        ({"facts": '{Kosten: "{{geen-tarief}}"}'}, "'geen-tarief'"),
        ({"body": "Het kost {{ geen-tarief }}."}, "'geen-tarief'"),
        ({"body": "x\n\n## Alleen voor medewerkers\n\n{{geen-tarief}}"}, "'geen-tarief'"),
    ],
)
async def test_what_an_article_names_must_exist(
    bring_in: BringIn, folder: Path, fields: dict[str, str], named: str
) -> None:
    file = folder / "articles" / "hond.md"
    file.write_text(article_file(**fields))
    problem = only_problem(await bring_in(folder))
    assert problem.startswith(f"{file}:1: ")
    assert named in problem


async def test_all_unknown_names_are_told_at_once(bring_in: BringIn, folder: Path) -> None:
    (folder / "articles" / "hond.md").write_text(article_file(topic="weg", upl="ook weg", body="{{ook-dit}}"))
    problem = only_problem(await bring_in(folder))
    assert all(name in problem for name in ("'weg'", "'ook weg'", "'ook-dit'"))


async def test_the_same_name_in_two_folders_is_refused(bring_in: BringIn, folder: Path) -> None:
    other = folder / "articles" / "nog" / "grofvuil.md"
    other.parent.mkdir()
    other.write_text(TEXT)
    report = await bring_in(folder)
    first, second = sorted([folder / "articles" / "grofvuil.md", other])
    assert only_problem(report) == f"{second}:1: the name 'grofvuil' is already used by {first}"
    assert report.outcomes["created"] == 4


async def test_unreadable_files_are_told_and_the_rest_is_in(bring_in: BringIn, folder: Path) -> None:
    articles = folder / "articles"
    (articles / "latijn.md").write_bytes("---\ntitle: caf\xe9\n---\n".encode("latin-1"))
    (articles / "nul.md").write_bytes(b"---\ntitle: \x00\n---\n")
    (articles / "map.md").mkdir()
    (articles / "weg.md").symlink_to(articles / "nergens.md")
    (articles / "Verkeerde Naam.md").write_text(TEXT)
    (articles / "README.md").write_text("Uitleg voor redacteuren.")
    report = await bring_in(folder)
    assert report.outcomes["created"] == 4
    told = {problem.removeprefix(f"{articles}/").partition(":")[0]: problem for problem in report.problems}
    assert set(told) == {"latijn.md", "nul.md", "map.md", "weg.md", "Verkeerde Naam.md"}
    assert "not UTF-8" in told["latijn.md"]
    assert "cannot be read" in told["map.md"]
    assert "file name" in told["Verkeerde Naam.md"]


async def test_an_empty_folder_and_a_strange_file_are_told(bring_in: BringIn, tmp_path: Path) -> None:
    strange = tmp_path / "artikelen.docx"
    strange.write_bytes(b"PK")
    assert "no article" in only_problem(await bring_in(tmp_path))
    assert "not a folder" in only_problem(await bring_in(strange))


async def test_one_file_alone_can_be_imported(bring_in: BringIn, folder: Path, tmp_path: Path) -> None:
    await bring_in(folder)
    file = tmp_path / "hond.md"
    file.write_text(TEXT)
    assert (await bring_in(file)).changed == ["created: hond"]


async def test_two_imports_at_the_same_moment_agree(bring_in: BringIn, folder: Path, with_token: WithToken) -> None:
    reports = await asyncio.gather(*(bring_in(folder) for _ in range(4)))
    assert sorted(report.outcomes["created"] for report in reports) == [0, 0, 0, 4]
    assert [report.problems for report in reports] == [[], [], [], []]
    editor = await with_token(Role.EDITOR)
    assert (await editor.get("/api/v1/articles/grofvuil/revisions")).json()["total"] == 1


async def test_an_import_and_an_editor_at_the_same_moment(
    bring_in: BringIn, folder: Path, with_token: WithToken
) -> None:
    await bring_in(folder)
    editor = await with_token(Role.EDITOR)
    for file in (folder / "articles").glob("*.md"):
        file.write_text(file.read_text() + "\nNieuw.\n")
    slugs = ["paspoort-kwijt", "grofvuil", "paspoort-aanvragen"]
    changes = [
        editor.put(f"/api/v1/articles/{slug}", json=article_json(), headers={"If-Match": '"1"'}) for slug in slugs
    ]
    report, *answers = await asyncio.gather(bring_in(folder), *changes)
    assert report.problems == []
    assert {answer.status_code for answer in answers} <= {200, 412}
    for slug, answer in zip(slugs, answers, strict=True):
        total = (await editor.get(f"/api/v1/articles/{slug}/revisions")).json()["total"]
        assert total == (3 if answer.status_code == 200 else 2)
