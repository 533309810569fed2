"""The search in process: `python -m tests.load.bench_search [--sizes 1000,10000]`.

Beside SQLite FTS5 and tantivy in the same run, from the raw text of a query to ten titles. Every query is asked once,
so nothing is remembered. Building and opening run in processes of their own, for their memory.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import quantiles

import psutil
import tantivy

from kcc.knowledge.index import Document, Lexicon, apply, build
from kcc.knowledge.search import Engine, Filters
from tests.relevance.baselines import WEIGHTS, Fts5, texts

from .generated import Generator

KENNISBANK = Path(__file__).resolve().parents[2] / "kennisbank"
FILTERS = Filters(audience="agents", today=date(2026, 11, 21))
QUERIES = 400

Ask = Callable[[str], object]


class Tantivy:
    """tantivy, the limit: the same fields and weights."""

    def __init__(self, documents: list[Document]) -> None:
        builder = tantivy.SchemaBuilder()
        for name in ("slug", *WEIGHTS):
            builder.add_text_field(name, stored=name in {"slug", "title"}, tokenizer_name="default")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        writer = self._index.writer(50_000_000, 1)
        for document in documents:
            writer.add_document(tantivy.Document(slug=document.slug, **texts(document)))
        writer.commit()
        self._index.reload()

    def search(self, text: str) -> list[str]:
        """Ten titles for the words of a text."""
        return self._titles(self._index.parse_query(text, list(WEIGHTS), field_boosts=WEIGHTS))

    def prefix(self, text: str) -> list[str]:
        """The same, with the last word unfinished."""
        return self._terms(text, 0)

    def fuzzy(self, text: str) -> list[str]:
        """The same, with every word at distance 1."""
        return self._terms(text, 1)

    def _terms(self, text: str, distance: int) -> list[str]:
        words = text.lower().split()
        parts = [
            (
                tantivy.Occur.Should,
                tantivy.Query.fuzzy_term_query(
                    self._schema, field, word, distance=distance, prefix=not distance and place == len(words)
                ),
            )
            for place, word in enumerate(words, start=1)
            for field in WEIGHTS
        ]
        return self._titles(tantivy.Query.boolean_query(parts))

    def _titles(self, query: tantivy.Query) -> list[str]:
        searcher = self._index.searcher()
        return [searcher.doc(address)["title"][0] for _, address in searcher.search(query, 10).hits]


def timed(ask: Ask, queries: list[str]) -> tuple[float, float]:
    """p50 and p99 in milliseconds over the queries, after a few to warm up."""
    for query in queries[:20]:
        ask(query)
    took = []
    for query in queries[20:]:
        start = time.perf_counter()
        ask(query)
        took.append((time.perf_counter() - start) * 1000)
    cuts = quantiles(took, n=100)
    return cuts[49], cuts[98]


def row(label: str, ours: tuple[float, float], others: dict[str, tuple[float, float]]) -> str:
    """One line: what ours is of each other at p50 and p99, then the milliseconds."""
    ratios = "  ".join(f"{ours[0] / p50:6.1f} x {ours[1] / p99:6.2f} x" for p50, p99 in others.values())
    figures = "  ".join(f"{p50:8.2f} /{p99:7.2f}" for p50, p99 in (ours, *others.values()))
    return f"{label:22}{ratios}   {figures}"


def measure(size: int) -> None:
    """Print the tables for one size."""
    generator = Generator()
    documents = list(generator.articles(size))
    queries = generator.queries(documents, 3 * (QUERIES + 20))
    words, typing, typos = (queries[at::3] for at in range(3))
    typing = [generator.unfinished(query) for query in typing]
    typos = [generator.misspelt(query) for query in typos]
    fts5, limit = Fts5(documents), Tantivy(documents)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        print(f"\n{size} generated articles")
        print(child("build", size, root))
        print(child("open", size, root))
        lexicon = Lexicon.load(KENNISBANK)
        engine = Engine(root, lexicon)
        engine.refresh()
        print(f"\n{'kcc as a multiple of':22}{'FTS5 (p50, p99)':>18}  {'tantivy (p50, p99)':>18}   "
              f"{'ms p50/p99: kcc':>16}  {'FTS5':>16}  {'tantivy':>16}")  # fmt: skip
        print(row("search, 1-4 words", timed(lambda text: engine.search(text, FILTERS), words),
                  {"FTS5": timed(fts5.search, words), "tantivy": timed(limit.search, words)}))  # fmt: skip
        print(row("search while typing", timed(lambda text: engine.search(text, FILTERS, typing=True), typing),
                  {"FTS5": timed(lambda text: fts5.search(text, prefix=True), typing),
                   "tantivy": timed(limit.prefix, typing)}))  # fmt: skip
        print(row("completion", timed(lambda text: engine.complete(text, FILTERS), typing),
                  {"FTS5": timed(lambda text: fts5.search(text, prefix=True), typing),
                   "tantivy": timed(limit.prefix, typing)}))  # fmt: skip
        print(row("typing errors", timed(lambda text: engine.search(text, FILTERS), typos),
                  {"FTS5": timed(fts5.search, typos), "tantivy": timed(limit.fuzzy, typos)}))  # fmt: skip
        print("(FTS5 does not correct typing errors; it finds the other words only)")
        print("\none article changed → found, ms: " + ", ".join(changes(root, lexicon, engine, documents)))
    fts5.close()


def changes(root: Path, lexicon: Lexicon, engine: Engine, documents: list[Document]) -> list[str]:
    """How long five changes took, from `apply` until the new word is found."""
    took = []
    for number, document in enumerate(documents[:5]):
        word = f"nieuwwoord{number}xyz"
        start = time.perf_counter()
        apply(root, [replace(document, body=f"{document.body} {word}")], [], lexicon=lexicon, position=number + 1)
        hits = engine.search(word, FILTERS).hits
        took.append(f"{(time.perf_counter() - start) * 1000:.0f}")
        if [hit.slug for hit in hits] != [document.slug]:
            raise AssertionError(f"{word} is not found")
    return took


def child(what: str, size: int, root: Path) -> str:
    """What a process of its own says of building or opening."""
    command = [
        sys.executable,
        "-m",
        "tests.load.bench_search",
        "--child",
        what,
        "--sizes",
        str(size),
        "--root",
        str(root),
    ]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def build_alone(size: int, root: Path) -> str:
    """Build, and say how long it took and what it needed beyond the articles."""
    generator = Generator()
    lexicon = Lexicon.load(KENNISBANK)
    before = psutil.Process().memory_info().rss
    generating = time.perf_counter()
    for _ in generator.articles(size):
        pass
    generating = time.perf_counter() - generating
    start = time.perf_counter()
    build(root, Generator().articles(size), lexicon=lexicon, position=0)
    took = time.perf_counter() - start - generating
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    files = sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
    return (
        f"build: {took:.1f} s, peak memory {peak / 1e6:.0f} MB ({(peak - before) / 1e6:.0f} MB of it for building), "
        f"on disk {files / 1e6:.0f} MB"
    )


def open_alone(size: int, root: Path) -> str:
    """Open, answer once and then many times, and say what that took."""
    bare = psutil.Process().memory_info().rss
    start = time.perf_counter()
    lexicon = Lexicon.load(KENNISBANK)
    loaded = time.perf_counter()
    engine = Engine(root, lexicon)
    engine.search("paspoort verlengen", FILTERS)
    answered = time.perf_counter()
    opened = psutil.Process().memory_info().rss
    generator = Generator()
    documents = [generator.article(number) for number in range(50)]
    for query in generator.queries(documents, 200):
        engine.search(query, FILTERS)
        engine.complete(query[:-2], FILTERS)
    used = psutil.Process().memory_info().rss
    return (
        f"open: {(answered - loaded) * 1000:.0f} ms to the first answer "
        f"(the lexicon took {(loaded - start) * 1000:.0f} ms before), "
        f"memory {bare / 1e6:.0f} MB bare, {opened / 1e6:.0f} MB open, {used / 1e6:.0f} MB after 400 questions"
    )


def main() -> None:
    """Measure every size asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--child", choices=("build", "open"), help=argparse.SUPPRESS)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    for size in map(int, arguments.sizes.split(",")):
        if arguments.child:
            print((build_alone if arguments.child == "build" else open_alone)(size, arguments.root))
        else:
            measure(size)


if __name__ == "__main__":
    main()
