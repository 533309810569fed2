"""Searching: what an agent or a resident typed to articles, as fast as they type."""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from .analysis import fold
from .completion import Completion, best_phrase
from .document import Audience, Document
from .index_files import CURRENT, IndexUnavailable
from .lexicon import Lexicon
from .query import Query, read_query
from .ranking import Ranker, WordRanker, fuse
from .snapshot import Snapshot, open_snapshot
from .snippet import Parts, make_snippet
from .view import Filters, View

__all__ = ["Completion", "Engine", "Filters", "Hit", "IndexUnavailable", "Results"]

#: Answers remembered.
REMEMBERED = 256

#: Terms looked for in a snippet; of a long story with all its synonyms the first.
MARKED = 40

#: Seconds before damaged files are looked at again, when nothing else changed.
RETRY = 0.5

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found. Fee placeholders are still in its texts."""

    slug: str
    title: str
    upl: str
    short_answer: str
    #: (text, whether it matched) in order.
    snippet: Parts
    score: float
    topic: str
    group: str
    department: str
    audience: Audience
    source_id: str | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Results:
    """An answer: how many articles matched, the page asked for, and the query as it was probably meant."""

    total: int
    hits: tuple[Hit, ...]
    suggestion: str | None
    #: The state of the index that answered.
    generation: str


class Engine:
    """Searches the index under one root. One for a process; may be called from any thread.

    Every method raises IndexUnavailable, and nothing else, while there is no usable index. A loaded index
    keeps answering whatever happens to its files, until there is a newer one.
    """

    def __init__(self, root: Path, lexicon: Lexicon) -> None:
        self._root, self._lexicon = root, lexicon
        self._rankers: tuple[Ranker, ...] = (WordRanker(),)
        self._snapshot: Snapshot | None = None
        self._seen: tuple[int, int, int] | None = None
        self._failed: tuple[tuple[int, int, int] | None, float] | None = None
        self._answers: OrderedDict[object, object] = OrderedDict()
        # Whoosh's readers keep their place in a file: one thread at a time may use a snapshot.
        self._using = threading.RLock()
        self._opening = threading.Lock()

    def refresh(self) -> str:
        """Take up a newer state of the index, if any; costs one `stat` otherwise. Returns its name."""
        seen = self._look()
        # While another thread opens a newer state, what is loaded answers: nobody waits for it.
        changed = seen != self._seen or self._snapshot is None
        if changed and self._opening.acquire(blocking=self._snapshot is None):
            try:
                if seen != self._seen or self._snapshot is None:
                    self._open(seen)
            finally:
                self._opening.release()
        if self._snapshot is None:
            raise IndexUnavailable("there is no usable index")
        return self._snapshot.name

    def _look(self) -> tuple[int, int, int] | None:
        try:
            stat = os.stat(self._root / CURRENT)  # noqa: PTH116 — called at every keystroke; Path.stat is twice the price
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_ino, stat.st_size

    def _open(self, seen: tuple[int, int, int] | None) -> None:
        if self._failed is not None and self._failed[0] == seen and time.monotonic() < self._failed[1]:
            return
        try:
            snapshot = open_snapshot(self._root, self._lexicon.fingerprint, self._snapshot)
        except IndexUnavailable:
            # What is loaded was right and still is, but for what changed since. Not tried again at every key.
            self._failed = seen, time.monotonic() + RETRY
            return
        with self._using:
            self._snapshot = snapshot
            self._seen = seen
            self._answers.clear()

    def _view(self, filters: Filters) -> View:
        if self._snapshot is None:
            raise IndexUnavailable("there is no usable index")
        return View(self._snapshot, self._lexicon, filters)

    def search(
        self, query: str, filters: Filters, *, limit: int = 10, offset: int = 0, typing: bool = False
    ) -> Results:
        """The articles that answer a query, best first. With `typing`, its last word may be unfinished."""
        self.refresh()
        with self._using:
            view = self._view(filters)
            key = ("search", _normalised(query, typing), filters, limit, offset, typing)
            known = self._answers.get(key)
            if isinstance(known, Results):
                self._answers.move_to_end(key)
                return known
            answer = self._search(read_query(query, view, typing=typing), view, limit, offset)
            return self._remember(key, answer)

    def complete(self, prefix: str, filters: Filters, *, limit: int = 8) -> list[Completion]:
        """Titles, variants and synonyms that match what is typed so far, one an article, best first."""
        self.refresh()
        with self._using:
            view = replace(self._view(filters), names_only=True)
            key = ("complete", _normalised(prefix, True), filters, limit)
            known = self._answers.get(key)
            if isinstance(known, tuple):
                self._answers.move_to_end(key)
                return list(known)
            query = read_query(prefix, view, typing=True)
            found = WordRanker().rank(query, view, limit).found
            completions = tuple(best_phrase(view.snapshot.phrases(number), prefix) for number, _ in found)
            return list(self._remember(key, completions))

    def related(self, slug: str, filters: Filters, *, limit: int = 5) -> list[Hit]:
        """Articles like this one, best first; none for an article these filters do not show."""
        self.refresh()
        with self._using:
            view = self._view(filters)
            numbers = set(view.snapshot.numbers(f"s:{slug}"))
            if filters.audience == "public":
                numbers &= view.snapshot.numbers("a:public")
            if not numbers:
                return []
            document = view.snapshot.document(numbers.pop())
            text = " ".join((document.title, document.upl, *document.synonyms))
            results = self._search(read_query(text, view), view, limit + 1, 0)
            return [hit for hit in results.hits if hit.slug != slug][:limit]

    def _search(self, query: Query, view: View, limit: int, offset: int) -> Results:
        limit, offset = max(0, limit), max(0, offset)
        ranking = fuse([ranker.rank(query, view, limit + offset) for ranker in self._rankers], limit + offset)
        page = ranking.found[offset : offset + limit]
        hits = tuple(self._hit(view.snapshot.document(number), score, query, view) for number, score in page)
        return Results(ranking.total, hits, query.suggestion, view.snapshot.name)

    def _hit(self, document: Document, score: float, query: Query, view: View) -> Hit:
        texts = [(document.short_answer, 1.2), (document.body, 1.0)]
        if view.filters.audience == "agents":
            texts.append((document.internal, 0.9))
        return Hit(
            slug=document.slug,
            title=document.title,
            upl=document.upl,
            short_answer=document.short_answer,
            snippet=make_snippet(texts, query.terms[:MARKED], len(query.groups)),
            score=score,
            topic=document.topic,
            group=document.group,
            department=document.department,
            audience=document.audience,
            source_id=document.source_id,
            updated_at=document.updated_at,
        )

    def _remember(self, key: object, answer: _T) -> _T:
        self._answers[key] = answer
        if len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)
        return answer


def _normalised(query: str, typing: bool) -> str:
    """The same for queries that have the same answer; a space after the last word finishes it."""
    words = " ".join(fold(query[:2_000]).split())
    return words + " " if typing and query[-1:].isspace() else words
