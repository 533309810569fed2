"""The index follows the database: what is published is found, what is withdrawn is gone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from kcc.access.roles import Role
from kcc.knowledge import indexing, searching
from kcc.knowledge.index import position
from kcc.knowledge.indexing import Indexer, rebuild, sole_writer
from kcc.settings import Settings
from kcc.storage.database import Database
from tests.conftest import CONTENT, SetClock
from tests.knowledge.conftest import BringIn, until
from tests.knowledge.drafting import article_json

WithToken = Callable[[Role], Awaitable[httpx.AsyncClient]]
IndexNow = Callable[[], Awaitable[None]]
ARTICLES = "/api/v1/articles"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Background work that need not be waited for. Ask for it before the app."""
    monkeypatch.setattr(searching, "REFRESH_SECONDS", 0.01)
    monkeypatch.setattr(searching, "FEES_EVERY", 1)
    monkeypatch.setattr(indexing, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(indexing, "RETRY_SECONDS", 0.05)


async def found(client: httpx.AsyncClient, words: str) -> list[str]:
    answer = await client.get(ARTICLES, params={"q": words})
    assert answer.status_code == 200, answer.text
    return [row["slug"] for row in answer.json()["results"]]


async def test_what_is_published_is_found_after_one_step(
    kennisbank: None, client: httpx.AsyncClient, with_token: WithToken, index_now: IndexNow
) -> None:
    editor = await with_token(Role.EDITOR)
    await editor.post(ARTICLES, json=article_json(slug="hond", title="Walvis aanmelden"))
    assert await found(client, "walvis") == []
    await index_now()
    assert await found(client, "walvis") == ["hond"]
    await editor.put(f"{ARTICLES}/hond", json=article_json(title="Dolfijn aanmelden"), headers={"If-Match": '"1"'})
    await index_now()
    assert (await found(client, "walvis"), await found(client, "dolfijn")) == ([], ["hond"])


@pytest.mark.parametrize("status", ["withdrawn", "draft"])
async def test_what_is_no_longer_published_is_gone_and_can_come_back(
    kennisbank: None, client: httpx.AsyncClient, with_token: WithToken, index_now: IndexNow, status: str
) -> None:
    editor = await with_token(Role.EDITOR)
    article = article_json(topic="inzameling", title="Grofvuil")
    for version, (state, expected) in enumerate([(status, []), ("published", ["grofvuil"])], start=1):
        answer = await editor.put(
            f"{ARTICLES}/grofvuil", json=article | {"status": state}, headers={"If-Match": f'"{version}"'}
        )
        assert answer.status_code == 200
        await index_now()
        assert await found(client, "grofvuil") == expected
        completed = (await client.get("/api/v1/suggestions", params={"q": "grofv"})).json()["results"]
        assert [row["slug"] for row in completed] == expected


async def test_ready_is_only_said_when_everything_published_is_in(
    kennisbank: None, client: httpx.AsyncClient, with_token: WithToken, index_now: IndexNow
) -> None:
    assert (await client.get("/readyz")).json() == {
        "status": "ok",
        "checks": {"database": "ok", "migrations": "ok", "index": "ok"},
    }
    editor = await with_token(Role.EDITOR)
    await editor.post(ARTICLES, json=article_json(slug="hond"))
    behind = await client.get("/readyz")
    assert (behind.status_code, behind.json()["checks"]["index"]) == (503, "behind")
    await index_now()
    assert (await client.get("/readyz")).status_code == 200


async def test_without_an_index_it_is_not_ready(client: httpx.AsyncClient) -> None:
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "not ready")
    assert (await client.get("/healthz")).status_code == 200


async def test_nothing_is_missed_while_many_publish_at_once(
    kennisbank: None, client: httpx.AsyncClient, with_token: WithToken, index_now: IndexNow
) -> None:
    editor = await with_token(Role.EDITOR)
    numbers = range(24)

    async def publish(number: int) -> None:
        answer = await editor.post(ARTICLES, json=article_json(slug=f"dier-{number}", title=f"Dierx{number}y"))
        assert answer.status_code == 201

    async def follow() -> None:
        for _ in range(10):
            await index_now()

    await asyncio.gather(follow(), *(publish(number) for number in numbers))
    await index_now()
    for number in numbers:
        assert (await found(client, f"dierx{number}y"))[:1] == [f"dier-{number}"]


async def test_the_position_never_goes_back(
    kennisbank: None, settings: Settings, with_token: WithToken, index_now: IndexNow
) -> None:
    editor = await with_token(Role.EDITOR)
    seen: list[int | None] = [position(settings.index_dir)]
    for number in range(4):
        await editor.post(ARTICLES, json=article_json(slug=f"dier-{number}"))
        await index_now()
        await index_now()
        seen.append(position(settings.index_dir))
    assert seen == sorted({at for at in seen if at is not None})


async def test_a_new_word_list_is_taken_up_by_the_running_search(
    quick: None, kennisbank: None, database: Database, settings: Settings, bring_in: BringIn, client: httpx.AsyncClient,
    tmp_path: Path, index_now: IndexNow, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    async def in_this_process(_: Indexer) -> None:
        await rebuild(database, settings.index_dir)

    monkeypatch.setattr(Indexer, "_rebuild_apart", in_this_process)
    assert await found(client, "rommel") == []
    folder = tmp_path / "kennisbank"
    folder.mkdir()
    (folder / "synonyms.txt").write_text((CONTENT / "synonyms.txt").read_text() + "rommel => grofvuil\n")
    (folder / "grofvuil.md").write_text((CONTENT / "articles" / "grofvuil.md").read_text())
    assert (await bring_in(folder)).changed == ["updated: synonyms.txt"]
    assert (await client.get("/readyz")).status_code == 503
    await index_now()  # sees the new words
    await index_now()  # and reads all articles with them
    await until(lambda: found(client, "rommel"), ["grofvuil"])
    assert (await client.get("/readyz")).status_code == 200


async def test_a_new_fee_shows_without_a_new_index(
    quick: None, kennisbank: None, settings: Settings, bring_in: BringIn, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    async def short_answer() -> str:
        row = (await client.get(ARTICLES, params={"q": "paspoort aanvragen"})).json()["results"][0]
        return str(row["shortAnswer"])

    assert "€\u00a086,85" in await short_answer()
    before = position(settings.index_dir)
    fees = (CONTENT / "tarieven.toml").read_text().replace("86.85", "99")
    (tmp_path / "tarieven.toml").write_text(fees)
    await bring_in(tmp_path)
    await until(short_answer, "U vraagt een paspoort aan bij de balie. Het kost €\u00a099.")
    assert "€\u00a099" in (await client.get("/antwoorden", params={"q": "paspoort aanvragen"})).text
    assert "€\u00a099" in (await client.get("/antwoorden/paspoort-aanvragen")).text
    assert position(settings.index_dir) == before


async def test_next_years_fee_shows_from_its_first_day(
    quick: None, kennisbank: None, client: httpx.AsyncClient, moment: SetClock
) -> None:
    async def fee() -> str:
        return str((await client.get(f"{ARTICLES}/paspoort-aanvragen")).json()["facts"]["Kosten"])

    assert await fee() == "€\u00a086,85"
    moment.move(days=37, hours=15)  # 31 December 2026, midnight in Amsterdam
    await until(fee, "€\u00a089,40")


async def test_one_process_writes_at_a_time(tmp_path: Path) -> None:
    with sole_writer(tmp_path) as first, sole_writer(tmp_path) as second:
        assert (first, second) == (True, False)
    with sole_writer(tmp_path) as third:
        assert third is True


@asynccontextmanager
async def indexing_in_background(database: Database, root: Path) -> AsyncIterator[None]:
    task = asyncio.create_task(Indexer(database, root).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_another_indexer_takes_over_when_the_first_ends(
    quick: None,
    kennisbank: None,
    database: Database,
    settings: Settings,
    client: httpx.AsyncClient,
    with_token: WithToken,
) -> None:
    editor = await with_token(Role.EDITOR)
    async with indexing_in_background(database, settings.index_dir):
        async with indexing_in_background(database, settings.index_dir):
            await editor.post(ARTICLES, json=article_json(slug="walvis", title="Walvis"))
            await until(lambda: found(client, "walvis"), ["walvis"])
        await editor.post(ARTICLES, json=article_json(slug="dolfijn", title="Dolfijn"))
        await until(lambda: found(client, "dolfijn"), ["dolfijn"])
    async with indexing_in_background(database, settings.index_dir):
        await editor.post(ARTICLES, json=article_json(slug="orka", title="Orka"))
        await until(lambda: found(client, "orka"), ["orka"])
