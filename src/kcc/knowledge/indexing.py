"""Keeps this host's index in step with the database, and makes it anew when it is not usable.

The database is the truth. Every change of an article is an outbox entry; the index remembers how far it has
read. One process a host writes: whoever holds the lock on the lock file, which the system gives back when
that process ends, however it ends.
"""

import asyncio
import fcntl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.knowledge import index, queries
from kcc.knowledge.articles import CHANGES
from kcc.knowledge.documents import all_documents, documents_among, load_lexicon
from kcc.knowledge.importing import WORD_LISTS_CHANGED
from kcc.knowledge.index import IndexUnavailable
from kcc.knowledge.index_files import read_manifest
from kcc.knowledge.lexicon import Lexicon
from kcc.storage import outbox
from kcc.storage.database import Database

POLL_SECONDS = 0.2
RETRY_SECONDS = 5.0
CHECK_SECONDS = 10.0
# Some thousands of changed articles; beyond, searching in so many pieces begins to take time.
MAX_SEGMENTS = 50
log = structlog.get_logger("kcc.index")


@contextmanager
def sole_writer(root: Path) -> Iterator[bool]:
    """Try to become the one process of this host that writes the index; yields whether it worked."""
    # Beside the folder, not in it: whoever removes the folder must not remove the lock with it.
    root.parent.mkdir(parents=True, exist_ok=True)
    with root.with_name(root.name + "-follower.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


async def rebuild(database: Database, root: Path, progress: Callable[[int, int], None] | None = None) -> int:
    """Build the index anew from the database. Returns the number of articles.

    Articles are read first and handed over one by one, so that memory stays bounded by the texts.
    """
    async with database.reading() as session:
        # The position before the articles: a change in between is applied once more, which does no harm.
        position = await outbox.last_position(session, CHANGES)
        stamp = await outbox.stamp(session, position)
        lexicon = await load_lexicon(session)
        total = await queries.count_published(session)
        documents = [document async for document in all_documents(session)]

    def tell(done: int) -> None:
        if progress:
            progress(done, total)

    await asyncio.to_thread(
        index.build, root, documents, lexicon=lexicon, position=position, stamp=stamp, progress=tell
    )
    return len(documents)


async def is_usable(database: Database, root: Path) -> bool:
    """Whether the index is whole, was read with today's word lists, and holds everything that is published."""
    async with database.reading() as session:
        newest = await outbox.last_position(session, CHANGES)
        lexicon = await load_lexicon(session)
    at = await asyncio.to_thread(index.position, root, lexicon)
    return at == newest and await is_current(database, root)


async def is_current(database: Database, root: Path) -> bool:
    """Whether the index says it holds everything that is published."""
    async with database.reading() as session:
        newest = await outbox.last_position(session, CHANGES)
        return claimed_position(root) == newest and await belongs_to(session, root)


async def belongs_to(session: AsyncSession, root: Path) -> bool:
    """Whether the index was read from this database, as it is now: not from another, nor from before a restore."""
    try:
        manifest = read_manifest(root)
    except IndexUnavailable:
        return False
    return await outbox.stamp(session, manifest.position) == manifest.stamp


def claimed_position(root: Path, lexicon: Lexicon | None = None) -> int | None:
    """How far the index says it has read; its files are not looked at."""
    try:
        return read_manifest(root, lexicon.fingerprint if lexicon else None).position
    except IndexUnavailable:
        return None


class Indexer:
    """Follows the changes; runs in every serving process, but writes in one of them only."""

    def __init__(self, database: Database, root: Path) -> None:
        self._database = database
        self._root = root
        self._lexicon: Lexicon | None = None
        self._checked_at = -CHECK_SECONDS

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            with sole_writer(self._root) as mine:
                while mine:
                    await self._step_safely()
                    await asyncio.sleep(POLL_SECONDS)
            await asyncio.sleep(RETRY_SECONDS)

    async def _step_safely(self) -> None:
        try:
            await self.step()
        except Exception:
            log.exception("index.step_failed")
            await asyncio.sleep(RETRY_SECONDS)

    async def step(self) -> None:
        """Apply what changed since the last time, or rebuild when that is not possible."""
        if self._lexicon is None:
            self._lexicon = await self._load_lexicon()
        position = await self._position(self._lexicon)
        async with self._database.reading() as session:
            if position is not None and not await belongs_to(session, self._root):
                position = None
        if position is None:
            await self._rebuild_apart()
            self._lexicon = await self._load_lexicon()
            return
        async with self._database.reading() as session:
            entries = await outbox.since(session, CHANGES, position)
            slugs = list(dict.fromkeys(entry.key for entry in entries))
            documents = await documents_among(session, slugs) if slugs else []
        if WORD_LISTS_CHANGED in slugs:
            self._lexicon = await self._load_lexicon()
        if not entries:
            return
        last = entries[-1].id or position
        stamp = entries[-1].created_at.isoformat()
        with suppress(IndexUnavailable):  # damaged, or read with other words now: the next step rebuilds
            await asyncio.to_thread(
                index.apply, self._root, documents, slugs, lexicon=self._lexicon, position=last, stamp=stamp
            )
            if read_manifest(self._root).segments > MAX_SEGMENTS:
                await self._rebuild_apart()

    async def _load_lexicon(self) -> Lexicon:
        async with self._database.reading() as session:
            return await load_lexicon(session)

    async def _position(self, lexicon: Lexicon) -> int | None:
        """How far the index has read; now and then its files are read too, so that damage is found and mended."""
        if monotonic() - self._checked_at < CHECK_SECONDS:
            return claimed_position(self._root, lexicon)
        self._checked_at = monotonic()
        return await asyncio.to_thread(index.position, self._root, lexicon)

    async def _rebuild_apart(self) -> None:
        """Rebuild in a process of its own: here it would take the processor from everyone's requests."""
        log.info("index.rebuilding")
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "kcc", "knowledge", "reindex", "--quiet")
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            process.terminate()
            await process.wait()
            raise
        if code:
            raise RuntimeError(f"reindexing ended with exit code {code}")
