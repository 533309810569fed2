"""How well the right article is found: `python -m tests.relevance.evaluate` prints one table.

Of every kind each third query is held out: nobody looks at those while tuning. Success at k: an article
labelled 2 is among the first k. nDCG@10 (Järvelin & Kekäläinen, 2002) uses both labels with gain 2**grade -
1.
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kcc.catalogue.content import read_topics
from kcc.catalogue.models import Topic
from kcc.knowledge.content import parse_article
from kcc.knowledge.documents import to_document
from kcc.knowledge.index import Document, Lexicon, build
from kcc.knowledge.models import Article
from kcc.knowledge.search import Engine, Filters

from .baselines import Fts5, StockWhoosh

ROOT = Path(__file__).resolve().parents[2]
KENNISBANK = ROOT / "kennisbank"
QUERIES = Path(__file__).with_name("queries.jsonl")
KINDS = ("keywords", "callers", "compounds", "typos", "sentences")
NOW = datetime(2026, 11, 21, tzinfo=UTC)

Search = Callable[[str], list[str]]


@dataclass(frozen=True)
class Query:
    """One labelled query."""

    kind: str
    text: str
    relevant: dict[str, int]
    held_out: bool


@dataclass(frozen=True)
class Figures:
    """Means over some queries."""

    count: int
    at_1: float
    at_5: float
    ndcg: float

    def __str__(self) -> str:
        return f"{self.at_1:.2f} / {self.at_5:.2f} / {self.ndcg:.2f}"


def load_queries() -> list[Query]:
    """Every query, with index % 3 == 2 within its kind held out."""
    seen: dict[str, int] = defaultdict(int)
    queries = []
    for line in QUERIES.read_text("utf-8").splitlines():
        row = json.loads(line)
        queries.append(Query(row["kind"], row["query"], row["relevant"], seen[row["kind"]] % 3 == 2))
        seen[row["kind"]] += 1
    return queries


def load_documents(folder: Path = KENNISBANK) -> list[Document]:
    """The articles of the kennisbank as the service indexes them."""
    topics = {topic.code: topic for topic in read_topics(folder / "topics.toml").topics}
    groups = {code: topic.parent or code for code, topic in topics.items()}
    return [_document(path, topics, groups) for path in sorted((folder / "articles").rglob("*.md"))]


def _document(path: Path, topics: dict[str, Topic], groups: dict[str, str]) -> Document:
    content = parse_article(path.read_text("utf-8"), str(path))
    values = content.model_dump() | {"department": content.department or topics[content.topic].department}
    return to_document(Article(**values, slug=path.stem, created_at=NOW, updated_at=NOW), groups)


def figures(search: Search, queries: Iterable[Query]) -> Figures:
    """The figures of a search over some queries."""
    at_1 = at_5 = ndcg = 0.0
    count = 0
    for query in queries:
        count += 1
        found = search(query.text)
        good = [slug for slug, grade in query.relevant.items() if grade == 2]
        at_1 += any(slug in good for slug in found[:1])
        at_5 += any(slug in good for slug in found[:5])
        ndcg += _ndcg(found[:10], query.relevant)
    return Figures(count, at_1 / count, at_5 / count, ndcg / count)


def _ndcg(found: list[str], relevant: dict[str, int]) -> float:
    def gain(grades: Iterable[int]) -> float:
        return sum((2**grade - 1) / math.log2(place + 1) for place, grade in enumerate(grades, start=1))

    ideal = gain(sorted(relevant.values(), reverse=True)[:10])
    return gain(relevant.get(slug, 0) for slug in found) / ideal if ideal else 0.0


def open_ours(folder: Path, documents: list[Document]) -> Search:
    """Our engine over these documents, as an agent uses it."""
    lexicon = Lexicon.load(KENNISBANK)
    build(folder, documents, lexicon=lexicon, position=0)
    engine = Engine(folder, lexicon)
    filters = Filters(audience="agents", today=NOW.date())
    return lambda text: [hit.slug for hit in engine.search(text, filters).hits]


def table(searches: dict[str, Search], queries: list[Query]) -> str:
    """Success at 1 / success at 5 / nDCG@10 by kind, tuned part and held-out part side by side."""
    lines = [
        f"{'success@1 / @5 / nDCG@10':26}" + "".join(f"{name:>23}{'held out':>23}" for name in searches),
    ]
    for kind in (*KINDS, "all"):
        chosen = [query for query in queries if kind in {query.kind, "all"}]
        cells = ""
        for search in searches.values():
            for held_out in (False, True):
                part = [query for query in chosen if query.held_out is held_out]
                cells += f"{figures(search, part)!s:>23}"
        lines.append(f"{kind:10} ({len(chosen):3} queries)   {cells}")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Print the table; with --failures, also the queries of the tuned part that did not come first."""
    documents, queries = load_documents(), load_queries()
    with tempfile.TemporaryDirectory() as folder:
        ours = open_ours(Path(folder), documents)
        searches: dict[str, Search] = {"kcc": ours}
        if "--ours" not in arguments:
            searches["whoosh3 (nl)"] = StockWhoosh(documents).search
            searches["SQLite FTS5"] = Fts5(documents).search
        print(f"{len(documents)} articles\n{table(searches, queries)}")
        if "--failures" in arguments:
            for query in queries:
                found = ours(query.text)
                good = [slug for slug, grade in query.relevant.items() if grade == 2]
                if not query.held_out and found[:1] and found[0] not in good:
                    print(f"{query.kind:10} {query.text!r}: wants {good}, gave {found[:6]}")


if __name__ == "__main__":
    main(sys.argv[1:])
