"""A changed topics.toml reaches the articles of its topics and the index."""

import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from kcc.access.roles import Role
from kcc.knowledge.indexing import rebuild
from kcc.settings import Settings
from kcc.storage.database import Database
from tests.conftest import CONTENT
from tests.knowledge.conftest import BringIn, until
from tests.knowledge.drafting import article_file

WithToken = Callable[[Role], Awaitable[httpx.AsyncClient]]
MOVED = """
departments = [{ code = "burgerzaken", name = "Burgerzaken" }, { code = "afval", name = "Afval" }]

[[groups]]
code = "reisdocumenten"
name = "Reisdocumenten"
nameEn = "Travel documents"
department = "burgerzaken"
topics = [
  { code = "paspoort", name = "Paspoort" },
  { code = "vermissing", name = "Vermissing" },
  { code = "inzameling", name = "Inzameling", department = "afval" },
]

[[groups]]
code = "afval"
name = "Afval"
department = "afval"
countsForFirstContact = false
topics = []
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small kennisbank, to change, with an article that has a department of its own."""
    folder = Path(shutil.copytree(CONTENT, tmp_path / "kennisbank"))
    (folder / "articles" / "container.md").write_text(
        article_file(title="Container", topic="inzameling", department="afval")
    )
    return folder


def give_to_burgerzaken(folder: Path) -> None:
    file = folder / "topics.toml"
    new = '{ code = "inzameling", name = "Inzameling", department = "burgerzaken" }'
    file.write_text(file.read_text().replace('{ code = "inzameling", name = "Inzameling" }', new))


async def article(client: httpx.AsyncClient, slug: str) -> dict[str, Any]:
    return dict((await client.get(f"/api/v1/articles/{slug}")).json())


async def found(client: httpx.AsyncClient, **filters: str) -> list[str]:
    answer = (await client.get("/api/v1/articles", params={"q": "grofvuil container"} | filters)).json()
    return sorted(row["slug"] for row in answer.get("results", []))  # none either before the index was opened


async def test_a_topic_in_another_group_is_found_there(
    bring_in: BringIn,
    folder: Path,
    database: Database,
    settings: Settings,
    index_now: Callable[[], Awaitable[None]],
    client: httpx.AsyncClient,
) -> None:
    await bring_in(folder)
    await rebuild(database, settings.index_dir)
    await until(lambda: found(client, topic="afval"), ["container", "grofvuil"])
    (folder / "topics.toml").write_text(MOVED)
    assert (await bring_in(folder)).changed == ["updated: topics.toml [inzameling]"]
    await index_now()
    await until(lambda: found(client, topic="reisdocumenten"), ["container", "grofvuil"])
    await until(lambda: found(client, topic="afval"), [])


async def test_a_topics_new_department_reaches_its_articles(
    bring_in: BringIn,
    folder: Path,
    database: Database,
    settings: Settings,
    index_now: Callable[[], Awaitable[None]],
    client: httpx.AsyncClient,
    with_token: WithToken,
) -> None:
    await bring_in(folder)
    await rebuild(database, settings.index_dir)
    give_to_burgerzaken(folder)
    report = await bring_in(folder)
    assert report.changed == ["updated: topics.toml [inzameling]", "updated: grofvuil"]
    editor = await with_token(Role.EDITOR)
    grofvuil, container = await article(editor, "grofvuil"), await article(editor, "container")
    assert (grofvuil["department"], grofvuil["version"]) == ("burgerzaken", 2)
    assert (container["department"], container["version"]) == ("afval", 1)
    revisions = (await editor.get("/api/v1/articles/grofvuil/revisions")).json()["results"]
    assert [(row["version"], row["changedBy"]) for row in revisions] == [(2, "import"), (1, "import")]
    await index_now()
    await until(lambda: found(client, topic="afval", department="burgerzaken"), ["grofvuil"])
    assert (await bring_in(folder)).changed == []


async def test_an_article_sent_back_as_it_was_read_still_follows_its_topic(
    bring_in: BringIn, folder: Path, with_token: WithToken
) -> None:
    await bring_in(folder)
    editor = await with_token(Role.EDITOR)
    sent = await article(editor, "grofvuil")
    for name in ("slug", "sourceId", "uplUri", "version", "updatedAt"):
        del sent[name]
    answer = await editor.put(
        "/api/v1/articles/grofvuil", json=sent | {"title": "Grofvuil laten halen"}, headers={"If-Match": '"1"'}
    )
    assert (answer.status_code, answer.json()["department"]) == (200, "afval")
    give_to_burgerzaken(folder)
    await bring_in(folder)
    grofvuil = await article(editor, "grofvuil")
    assert (grofvuil["department"], grofvuil["title"]) == ("burgerzaken", "Grofvuil laten halen")


async def test_an_editors_own_department_stays(bring_in: BringIn, folder: Path, with_token: WithToken) -> None:
    await bring_in(folder)
    editor = await with_token(Role.EDITOR)
    sent = {"title": "Grofvuil", "topic": "inzameling", "shortAnswer": "Wij halen het.", "department": "burgerzaken"}
    await editor.put("/api/v1/articles/grofvuil", json=sent, headers={"If-Match": '"1"'})
    (folder / "topics.toml").write_text(
        (folder / "topics.toml")
        .read_text()
        .replace("departments = [", 'departments = [{ code = "groen", name = "Groen" }, ')
        .replace(
            '{ code = "inzameling", name = "Inzameling" }',
            '{ code = "inzameling", name = "Inzameling", department = "groen" }',
        )
    )
    await bring_in(folder)
    assert (await article(editor, "grofvuil"))["department"] == "burgerzaken"
    assert (await article(editor, "container"))["department"] == "afval"
