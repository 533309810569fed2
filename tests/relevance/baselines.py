"""What ours is measured against: stock Whoosh for Dutch and SQLite FTS5, same fields and weights."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence

from whoosh import fields, qparser
from whoosh.analysis import LanguageAnalyzer
from whoosh.filedb.filestore import RamStorage

from kcc.knowledge.index import Document

#: Weight of title, names (UPL name, variants, synonyms), short answer, body (with the part for agents).
WEIGHTS = {"title": 2.5, "names": 2.0, "short": 1.5, "body": 1.0}

_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}")
_WORD = re.compile(r"\w+")


def texts(document: Document) -> dict[str, str]:
    """The fields of a document as one text each."""
    names = (document.upl, *document.variants, *document.synonyms)
    found = {
        "title": document.title,
        "names": " . ".join(names),
        "short": document.short_answer,
        "body": f"{document.body}\n{document.internal}",
    }
    return {name: _PLACEHOLDER.sub(" ", text) for name, text in found.items()}


class StockWhoosh:
    """whoosh3 as it comes: LanguageAnalyzer("nl"), BM25F, any of the words."""

    name = "whoosh3 (nl)"

    def __init__(self, documents: Sequence[Document]) -> None:
        analyzer = LanguageAnalyzer("nl")
        searched = {name: fields.TEXT(analyzer=analyzer, field_boost=weight) for name, weight in WEIGHTS.items()}
        schema = fields.Schema(slug=fields.ID(stored=True), **searched)
        index = RamStorage().create_index(schema)
        writer = index.writer()
        for document in documents:
            writer.add_document(slug=document.slug, **texts(document))
        writer.commit()
        self._searcher = index.searcher()
        self._parser = qparser.MultifieldParser(list(WEIGHTS), schema, group=qparser.OrGroup, plugins=[])

    def search(self, query: str, limit: int = 10) -> list[str]:
        """The slugs found, best first."""
        parsed = self._parser.parse(" ".join(_WORD.findall(query)))
        return [hit["slug"] for hit in self._searcher.search(parsed, limit=limit)]


class Fts5:
    """SQLite FTS5: unicode61, bm25 with the weights, any of the words."""

    name = "SQLite FTS5"

    def __init__(self, documents: Sequence[Document]) -> None:
        self._database = sqlite3.connect(":memory:")
        self._database.execute(
            "CREATE VIRTUAL TABLE article USING fts5(slug UNINDEXED, title, names, short, body, "
            "tokenize = 'unicode61 remove_diacritics 2')"
        )
        self._database.executemany(
            "INSERT INTO article VALUES (?, ?, ?, ?, ?)",
            ((document.slug, *texts(document).values()) for document in documents),
        )
        self._order = "bm25(article, 0, " + ", ".join(map(str, WEIGHTS.values())) + ")"

    def search(self, query: str, limit: int = 10, *, prefix: bool = False) -> list[str]:
        """The slugs found, best first; with `prefix` the last word may be the beginning of one."""
        words = [f'"{word}"' for word in _WORD.findall(query)]
        if not words:
            return []
        if prefix:
            words[-1] += "*"
        rows = self._database.execute(
            f"SELECT slug FROM article WHERE article MATCH ? ORDER BY {self._order} LIMIT ?",
            (" OR ".join(words), limit),
        )
        return [slug for (slug,) in rows]

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()
