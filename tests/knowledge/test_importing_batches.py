"""A large import leaves room for others: it reads first, and writes in parts."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from kcc.access.accounts import put_account
from kcc.access.roles import Role
from kcc.clock import Clock
from kcc.knowledge.importing import BATCH, import_path
from kcc.storage.database import Database
from tests.conftest import CONTENT
from tests.knowledge.conftest import BringIn
from tests.knowledge.drafting import TEXT, article_file

WithToken = Callable[[Role], Awaitable[httpx.AsyncClient]]
MANY = 2 * BATCH + 5


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A folder with more articles than go in at once."""
    folder = tmp_path / "veel"
    folder.mkdir()
    for number in range(MANY):
        (folder / f"hond-{number:03}.md").write_text(article_file(title=f"Hond {number}"))
    return folder


async def test_others_can_write_while_an_import_is_reading(
    database: Database, database_url: str, clock: Clock, bring_in: BringIn, tmp_path: Path
) -> None:
    await bring_in(CONTENT)
    slow = tmp_path / "traag"
    slow.mkdir()
    (slow / "aap.md").write_text(TEXT)
    os.mkfifo(slow / "hond.md")

    async def elsewhere() -> list[str]:
        other = Database(database_url)
        try:
            return (await import_path(other, slow, clock.now())).changed
        finally:
            await other.close()

    importing = asyncio.create_task(asyncio.to_thread(lambda: asyncio.run(elsewhere())))
    pipe = await asyncio.to_thread((slow / "hond.md").open, "w")  # opens when the import has come to it
    with pipe:
        async with database.writing() as session:
            assert await put_account(session, "jan", "Jan", "een goed wachtwoord", [Role.AGENT], clock.now())
        pipe.write(TEXT)
    assert await importing == ["created: aap", "created: hond"]


async def test_an_import_that_is_broken_off_keeps_whole_parts_and_can_be_taken_up(
    database: Database, clock: Clock, bring_in: BringIn, many: Path, with_token: WithToken
) -> None:
    await bring_in(CONTENT)

    def break_off(done: int, total: int) -> None:
        assert total == MANY
        if done > BATCH:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await import_path(database, many, clock.now(), break_off)
    editor = await with_token(Role.EDITOR)
    assert (await editor.get("/api/v1/articles", params={"topic": "paspoort"})).json()["total"] == 2 + 2 * BATCH
    report = await bring_in(many)
    assert (report.outcomes["unchanged"], report.outcomes["created"], report.problems) == (2 * BATCH, 5, [])


async def test_two_large_imports_at_the_same_moment_agree(bring_in: BringIn, many: Path) -> None:
    await bring_in(CONTENT)
    reports = await asyncio.gather(*(bring_in(many) for _ in range(2)))
    assert sum(report.outcomes["created"] for report in reports) == MANY
    assert sum(report.outcomes["unchanged"] for report in reports) == MANY
    assert [report.problems for report in reports] == [[], []]


async def test_progress_is_told_to_the_end(database: Database, clock: Clock, bring_in: BringIn, many: Path) -> None:
    await bring_in(CONTENT)
    told: list[tuple[int, int]] = []
    await import_path(database, many, clock.now(), lambda done, total: told.append((done, total)))
    assert told[-1] == (MANY, MANY)
    assert told == sorted(set(told))
