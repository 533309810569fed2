"""Reading one state of the index: posting lists, stored articles, vocabularies. In memory, immutable."""

# Whoosh is typed in part.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import pickle
from array import array
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from weakref import WeakValueDictionary

from whoosh.index import TOC
from whoosh.reading import TermNotFound

from .completion import phrases_of
from .document import Document
from .index_codec import DOCUMENTS, MemoryStorage
from .index_files import IndexUnavailable, Manifest, read_files, read_manifest
from .vocabulary import Vocabulary, parse_counts

PUBLIC_WORDS, AGENT_WORDS = ".public-words", ".agent-words"

FieldName = Literal["public", "internal", "names", "keys"]

#: Ascending article numbers with an impact (1…255) each.
Postings = tuple[Sequence[int], bytes]

_NOTHING: Postings = (array("I"), b"")


def document_keys(document: Document) -> Iterator[str]:
    """What an article is filtered and found by, apart from its words."""
    yield f"s:{document.slug}"
    yield f"t:{document.topic}"
    yield f"g:{document.group}"
    yield f"d:{document.department}"
    yield f"l:{document.language}"
    yield f"a:{document.audience}"
    if document.valid_from is not None:
        yield f"f:{document.valid_from.isoformat()}"
    if document.valid_until is not None:
        yield f"u:{document.valid_until.isoformat()}"


class _Segment:
    """One of Whoosh's segments with its place in the numbering and its deleted articles."""

    def __init__(self, segment: Any, storage: MemoryStorage, base: int) -> None:
        self.base = base
        self.deleted = frozenset(segment.deleted_docs())
        self.count = segment.doc_count_all()
        self._terms = segment.codec().terms_reader(storage, segment)
        self._documents = segment.codec().per_document_reader(storage, segment).column_reader("document", DOCUMENTS)

    def postings(self, field: str, term: bytes) -> Postings | None:
        try:
            found = self._terms.matcher(field, term, None)
        except TermNotFound:
            return None
        if not self.deleted:
            return found.ids, found.impacts
        kept = [place for place, number in enumerate(found.ids) if number not in self.deleted]
        ids = found.ids
        return array("I", [ids[place] for place in kept]), bytes([found.impacts[place] for place in kept])

    def document(self, number: int) -> Document:
        return Document(*pickle.loads(self._documents[number]))  # noqa: S301 — checked against the manifest

    def terms_from(self, field: str, prefix: bytes) -> Iterator[bytes]:
        for name, term in self._terms.terms_from(field, prefix):
            if name != field or not term.startswith(prefix):
                return
            yield term


class Snapshot:
    """One state of the index. Use by one thread at a time: Whoosh's readers keep their place in a file.

    Raises IndexUnavailable where Whoosh fails on the files, whatever the way.
    """

    def __init__(self, manifest: Manifest, files: Mapping[str, bytes], previous: Snapshot | None = None) -> None:
        self.manifest = manifest
        self.files = files
        storage = MemoryStorage(files)
        try:
            segments = TOC.read(storage, "MAIN", gen=manifest.toc).segments
            self._segments: list[_Segment] = []
            base = 0
            for segment in segments:
                self._segments.append(_Segment(segment, storage, base))
                base += segment.doc_count_all()
        except Exception as problem:
            raise IndexUnavailable(f"the index cannot be read: {problem!r}") from problem
        try:
            self.public_words, self.agent_words = self._vocabularies(previous)
        except ValueError as problem:
            raise IndexUnavailable("the vocabulary cannot be read") from problem
        self.count = base - sum(len(segment.deleted) for segment in self._segments)
        self.postings = lru_cache(maxsize=2_048)(self._postings)
        self.document = lru_cache(maxsize=256)(self._document)
        self.phrases = lru_cache(maxsize=512)(lambda number: phrases_of(self._document(number)))
        self.numbers = lru_cache(maxsize=256)(self._numbers)
        self.outside = lru_cache(maxsize=8)(self._outside)

    @property
    def name(self) -> str:
        """Differs for every state of the index."""
        return self.manifest.name

    def _vocabularies(self, previous: Snapshot | None) -> tuple[Vocabulary, Vocabulary]:
        def names(files: Mapping[str, bytes]) -> set[str]:
            return {name for name in files if name.endswith((PUBLIC_WORDS, AGENT_WORDS))}

        if previous is not None and previous.manifest.folder == self.manifest.folder:
            old = names(previous.files)
            new = names(self.files) - old
            public = self._words(new, PUBLIC_WORDS)
            both = {**public, **self._words(new, AGENT_WORDS)}
            return previous.public_words.extended(public), previous.agent_words.extended(both)
        everything = names(self.files)
        public = self._words(everything, PUBLIC_WORDS)
        internal = self._words(everything, AGENT_WORDS)
        agents = Vocabulary(public)
        return agents, agents.extended(internal) if internal else agents

    def _words(self, names: set[str], suffix: str) -> dict[str, int]:
        counts: dict[str, int] = {}
        for name in sorted(names):
            if name.endswith(suffix):
                lines = self.files[name].decode().splitlines()
                for word, count in parse_counts(lines).items():
                    counts[word] = counts.get(word, 0) + count
        return counts

    def _postings(self, field: FieldName, term: str) -> Postings:
        """The articles a term stands in, deleted ones left out."""
        encoded = term.encode("utf-8", "ignore")
        try:
            found = [
                (segment.base, postings)
                for segment in self._segments
                if (postings := segment.postings(field, encoded)) is not None
            ]
        except Exception as problem:
            raise IndexUnavailable(f"the index cannot be read: {problem!r}") from problem
        if not found:
            return _NOTHING
        if len(found) == 1 and found[0][0] == 0:
            return found[0][1]
        ids = array("I")
        for base, (numbers, _) in found:
            ids.extend([base + number for number in numbers])  # from two bytes to four as well
        return ids, b"".join(impacts for _, (_, impacts) in found)

    def _numbers(self, key: str) -> frozenset[int]:
        """The articles with this key (see `document_keys`)."""
        return frozenset(self.postings("keys", key)[0])

    def _outside(self, today: date) -> frozenset[int]:
        """The articles that are not valid on a day; both ends of their period belong to it."""
        found: set[int] = set()
        day = today.isoformat()
        for prefix, is_outside in (("f:", lambda at: at > day), ("u:", lambda at: at < day)):
            for segment in self._segments:
                try:
                    terms = list(segment.terms_from("keys", prefix.encode()))
                except Exception as problem:
                    raise IndexUnavailable(f"the index cannot be read: {problem!r}") from problem
                for term in terms:
                    if is_outside(term[2:].decode()):
                        found |= self.numbers(term.decode())
        return frozenset(found)

    def _document(self, number: int) -> Document:
        try:
            for segment in reversed(self._segments):
                if number >= segment.base:
                    return segment.document(number - segment.base)
        except Exception as problem:
            raise IndexUnavailable(f"the index cannot be read: {problem!r}") from problem
        raise IndexUnavailable("no such article in the index")


#: The snapshot last opened of each root while somebody holds it: one who writes need not read it all again.
_opened: WeakValueDictionary[Path, Snapshot] = WeakValueDictionary()


def opened_snapshot(root: Path, manifest: Manifest) -> Snapshot | None:
    """A snapshot that was opened in this process and still shares its files with this state."""
    known = _opened.get(root.resolve())
    return known if known is not None and known.manifest.folder == manifest.folder else None


def open_snapshot(root: Path, fingerprint: str | None, previous: Snapshot | None = None) -> Snapshot:
    """The current state. Files that go away while they are read mean a newer state: then that one is read.

    Raises IndexUnavailable.
    """
    for attempt in range(4):
        manifest = read_manifest(root, fingerprint)
        if previous is not None and previous.manifest == manifest:
            return previous
        same = previous is not None and previous.manifest.folder == manifest.folder
        try:
            files = read_files(root, manifest, previous.files if previous is not None and same else None)
        except IndexUnavailable:
            if attempt == 3 or read_manifest(root, fingerprint) == manifest:
                raise
            continue
        snapshot = _opened[root.resolve()] = Snapshot(manifest, files, previous if same else None)
        return snapshot
    raise IndexUnavailable("the index changes all the time")
