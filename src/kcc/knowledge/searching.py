"""Search as the pages and the API use it: the engine of this process, kept fresh, with today's fees filled in."""

import asyncio
from collections.abc import Hashable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

import structlog

from kcc.catalogue import fees
from kcc.clock import Clock
from kcc.errors import Busy
from kcc.knowledge.documents import load_lexicon
from kcc.knowledge.index import IndexUnavailable
from kcc.knowledge.index_files import read_manifest
from kcc.knowledge.search import Completion, Engine, Filters, Results
from kcc.storage.database import Database

REFRESH_SECONDS = 0.3
FEES_EVERY = 10  # refreshes
QUERY_MAX = 500
# Together at most some 16 MB a process, whatever people ask.
ANSWERS_MAX, ANSWER_MAX_BYTES, ASKED_MAX = 512, 32_000, 1_000
log = structlog.get_logger("kcc.search")


def filled(parts: Sequence[tuple[str, bool]], values: dict[str, str]) -> list[tuple[str, bool]]:
    """Snippet parts with fees filled in."""
    return [(fees.fill(text, values), hit) for text, hit in parts]


class Searcher:
    """The search of one serving process. Raises Busy while there is no usable index."""

    def __init__(self, database: Database, root: Path, clock: Clock) -> None:
        self._database = database
        self._root = root
        self._clock = clock
        self._engine: Engine | None = None
        self._fingerprint = ""
        self.fees: dict[str, str] = {}
        self._fees_day: date | None = None
        self._fees_version = 0
        self._answers: dict[Hashable, bytes] = {}
        self._answers_state: tuple[object, ...] = ()

    async def start(self) -> None:
        """Load the words, the fees and, if it is there, the index."""
        await self._load_engine()
        await self._load_fees()

    async def run(self) -> None:
        """Keep fresh until cancelled, so that no request pays for it."""
        turn = 0
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            turn += 1
            try:
                await self._refresh(with_fees=turn % FEES_EVERY == 0)
            except Exception:
                log.exception("search.refresh_failed")

    async def _refresh(self, *, with_fees: bool) -> None:
        if with_fees or self._fees_day != self._clock.today():
            await self._load_fees()
        with suppress(IndexUnavailable):
            if read_manifest(self._root).fingerprint != self._fingerprint:
                await self._load_engine()
            await asyncio.to_thread(self._ready_engine().refresh)

    async def _load_engine(self) -> None:
        async with self._database.reading() as session:
            lexicon = await load_lexicon(session)
        if lexicon.fingerprint == self._fingerprint:
            return
        engine = Engine(self._root, lexicon)
        try:
            await asyncio.to_thread(engine.refresh)
        except IndexUnavailable:
            if self._engine is not None:  # it goes on with the old words and the old index until there is a new one
                return
        self._engine, self._fingerprint = engine, lexicon.fingerprint

    async def _load_fees(self) -> None:
        today = self._clock.today()
        async with self._database.reading() as session:
            current = await fees.current(session, today)
        if current != self.fees:
            self.fees = current
            self._fees_version += 1
        self._fees_day = today

    def _ready_engine(self) -> Engine:
        if self._engine is None:
            raise IndexUnavailable("not started")
        return self._engine

    def generation(self) -> str:
        """The name of the state of the index that answers now. Raises Busy."""
        try:
            return self._ready_engine().refresh()
        except IndexUnavailable:
            raise _busy() from None

    def is_current(self) -> bool:
        """Whether this process answers from the newest state of this host's index."""
        with suppress(IndexUnavailable, Busy):
            return self.generation() == read_manifest(self._root).name
        return False

    def remembered(self, asked: Hashable) -> bytes | None:
        """The answer sent before to the very same question, if nothing changed since."""
        try:
            state = (self.generation(), self._clock.today(), self._fees_version)
        except Busy:
            return None
        if state != self._answers_state:
            self._answers.clear()
            self._answers_state = state
        return self._answers.get(asked)

    def remember(self, asked: Hashable, answer: bytes) -> None:
        """Keep an answer as it was sent, unless it is large; the oldest goes when there are many."""
        if len(answer) > ANSWER_MAX_BYTES or len(repr(asked)) > ASKED_MAX:
            return
        if len(self._answers) >= ANSWERS_MAX:
            del self._answers[next(iter(self._answers))]
        self._answers[asked] = answer

    def search(self, query: str, filters: Filters, *, limit: int, offset: int = 0, typing: bool = False) -> Results:
        """Articles that answer the query, best first. Takes milliseconds, so it runs where it is called."""
        try:
            return self._ready_engine().search(query[:QUERY_MAX], filters, limit=limit, offset=offset, typing=typing)
        except IndexUnavailable:
            raise _busy() from None

    def complete(self, beginning: str, filters: Filters, *, limit: int) -> list[Completion]:
        """Subjects that begin as typed."""
        try:
            return self._ready_engine().complete(beginning[:QUERY_MAX], filters, limit=limit)
        except IndexUnavailable:
            raise _busy() from None

    def related(self, slug: str, filters: Filters, *, limit: int = 4) -> list[tuple[str, str]]:
        """Slug and title of the articles most like this one; none while there is no usable index."""
        try:
            return [(hit.slug, hit.title) for hit in self._ready_engine().related(slug, filters, limit=limit)]
        except IndexUnavailable:
            return []


def _busy() -> Busy:
    return Busy(
        "De zoekmachine wordt bijgewerkt. Probeer het over een paar tellen opnieuw.",
        headers={"Retry-After": "1"},
    )
