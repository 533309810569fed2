"""The index may be deleted, cut off or overwritten at any moment: right answers or "busy", and it mends itself."""

import asyncio
import random
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from kcc.access.roles import Role
from kcc.clock import Clock
from kcc.errors import Busy
from kcc.knowledge.index import position
from kcc.knowledge.indexing import Indexer, rebuild
from kcc.knowledge.search import Filters
from kcc.knowledge.searching import Searcher
from kcc.settings import Settings
from kcc.storage.database import Database
from tests.knowledge.drafting import article_json

ARTICLES = "/api/v1/articles"
Damage = Callable[[Path], None]


def files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file() and "LOCK" not in path.name.upper())


def delete_folder(root: Path) -> None:
    shutil.rmtree(root)


def delete_generation(root: Path) -> None:
    for folder in root.glob("generation-*"):
        shutil.rmtree(folder)


def cut_off_everything(root: Path) -> None:
    for path in files(root):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def overwrite_everything(root: Path) -> None:
    for path in files(root):
        path.write_bytes(random.Random(1).randbytes(path.stat().st_size))


def flip_a_byte_in_each(root: Path) -> None:
    for path in files(root):
        if path.name != "CURRENT":
            content = bytearray(path.read_bytes())
            content[len(content) // 2] ^= 0xFF
            path.write_bytes(content)


def empty_the_manifest(root: Path) -> None:
    (root / "CURRENT").write_bytes(b"")


def forge_the_manifest(root: Path) -> None:
    (root / "CURRENT").write_text('0\n{"folder": "../..", "files": {"etc/passwd": [1, 2]}}')


def delete_one_file(root: Path) -> None:
    max(files(root), key=lambda path: path.stat().st_size).unlink()


DAMAGES: list[Damage] = [
    delete_folder, delete_generation, cut_off_everything, overwrite_everything, flip_a_byte_in_each, empty_the_manifest,
    forge_the_manifest, delete_one_file,
]  # fmt: skip


@pytest.fixture
def in_this_process(database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexers rebuild here: starting a process for each takes long."""

    async def rebuild_here(_: Indexer) -> None:
        await rebuild(database, settings.index_dir)

    monkeypatch.setattr(Indexer, "_rebuild_apart", rebuild_here)


async def first_hit(searcher: Searcher, clock: Clock) -> str | None:
    """What a search gives now; None when it says that it is busy."""
    try:
        found = searcher.search("grofvuil", Filters(audience="public", today=clock.today()), limit=1)
    except Busy:
        return None
    return found.hits[0].slug


async def becomes_ready(client: httpx.AsyncClient) -> None:
    """A new index is taken up a moment after it was made."""
    async with asyncio.timeout(30):
        while (await client.get("/readyz")).status_code != 200:
            await asyncio.sleep(0.02)


async def test_a_running_service_goes_on_and_the_index_is_mended(
    kennisbank: None, client: httpx.AsyncClient, settings: Settings, database: Database, clock: Clock,
    in_this_process: None, subtests: pytest.Subtests,
) -> None:  # fmt: skip
    for damage in DAMAGES:
        with subtests.test(damage.__name__):
            damage(settings.index_dir)
            answer = await client.get(ARTICLES, params={"q": "grofvuil"})
            assert [row["slug"] for row in answer.json()["results"]] == ["grofvuil"]
            assert (await client.get("/antwoorden", params={"q": "grofvuil"})).status_code == 200
            fresh = Searcher(database, settings.index_dir, clock)
            await fresh.start()
            assert await first_hit(fresh, clock) is None
            await Indexer(database, settings.index_dir).step()
            assert position(settings.index_dir) is not None
            assert await first_hit(fresh, clock) == "grofvuil"
            await becomes_ready(client)


@pytest.fixture
def cut_off(kennisbank: None, settings: Settings) -> None:
    """Articles with an index that was damaged before the service starts."""
    cut_off_everything(settings.index_dir)


async def test_a_service_that_starts_on_a_damaged_index_says_it_is_busy(
    cut_off: None, client: httpx.AsyncClient, settings: Settings, database: Database, in_this_process: None
) -> None:
    for road in (f"{ARTICLES}?q=grofvuil", "/api/v1/suggestions?q=grof", "/antwoorden?q=grofvuil"):
        answer = await client.get(road)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    for road in ("/", "/antwoorden", "/antwoorden/grofvuil", f"{ARTICLES}/grofvuil", ARTICLES):
        assert (await client.get(road)).status_code == 200
    assert (await client.get("/readyz")).status_code == 503
    await Indexer(database, settings.index_dir).step()
    answer = await client.get(ARTICLES, params={"q": "grofvuil"})
    assert [row["slug"] for row in answer.json()["results"]] == ["grofvuil"]


async def test_the_agents_desk_says_it_is_busy(
    sign_in: Callable[..., Awaitable[httpx.AsyncClient]],
) -> None:
    agent = await sign_in(Role.AGENT)
    answer = await agent.get("/werk", params={"q": "grofvuil"})
    assert answer.status_code == 503
    assert "wordt bijgewerkt" in answer.text
    assert (await agent.get("/werk")).status_code == 200


async def test_searching_while_the_index_is_broken_and_rebuilt_over_and_over(
    kennisbank: None, client: httpx.AsyncClient, settings: Settings, database: Database, clock: Clock
) -> None:
    chance = random.Random(7)
    seen: set[str | None] = set()
    done = asyncio.Event()

    async def vandalise() -> None:
        for _ in range(12):
            if settings.index_dir.exists():
                chance.choice(DAMAGES)(settings.index_dir)
            await asyncio.sleep(0.01)
            await rebuild(database, settings.index_dir)
            await asyncio.sleep(0.01)
        done.set()

    async def search_anew() -> None:
        while not done.is_set():
            searcher = Searcher(database, settings.index_dir, clock)
            await searcher.start()
            for _ in range(5):
                seen.add(await first_hit(searcher, clock))
                await asyncio.sleep(0)

    async def ask() -> None:
        while not done.is_set():
            answer = await client.get(ARTICLES, params={"q": f"grofvuil {chance.random()}"})
            assert answer.status_code == 200
            assert answer.json()["results"][0]["slug"] == "grofvuil"
            await asyncio.sleep(0.002)

    await asyncio.gather(vandalise(), search_anew(), ask())
    assert "grofvuil" in seen
    assert seen <= {"grofvuil", None}


async def test_a_rebuild_in_a_process_of_its_own_that_fails_is_tried_again(
    kennisbank: None, client: httpx.AsyncClient, settings: Settings, database: Database,
    monkeypatch: pytest.MonkeyPatch, with_token: Callable[[Role], Awaitable[httpx.AsyncClient]],
) -> None:  # fmt: skip
    editor = await with_token(Role.EDITOR)
    await editor.post(ARTICLES, json=article_json(slug="walvis", title="Walvis"))
    delete_folder(settings.index_dir)
    monkeypatch.setenv("KCC_DATABASE_URL", settings.database)
    monkeypatch.setenv("KCC_DATA_DIR", "/dev/null/kan-niet")
    indexer = Indexer(database, settings.index_dir)
    with pytest.raises(RuntimeError, match="exit code"):
        await indexer.step()
    monkeypatch.setenv("KCC_DATA_DIR", str(settings.data_dir))
    await indexer.step()
    answer = await client.get(ARTICLES, params={"q": "walvis"})
    assert [row["slug"] for row in answer.json()["results"]] == ["walvis"]
    await becomes_ready(client)
