"""Writing the index: a build into a new folder, a batch of changes, the position it has reached.

Whoosh is used here, in `index_codec` and in `snapshot`, nowhere else. The index is disposable: the database
is the truth, and whatever is wrong with the index is answered by building it again.
"""

# Whoosh is typed in part.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import pickle
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import astuple
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from .document import Document
from .index_codec import ImpactWriter, MemoryStorage, schema
from .index_files import (
    IndexUnavailable,
    Manifest,
    check_files,
    checksum,
    describe,
    new_folder,
    read_files,
    read_manifest,
    remove_others,
    write_lock,
    write_manifest,
)
from .lexicon import Lexicon
from .snapshot import AGENT_WORDS, PUBLIC_WORDS, Snapshot, document_keys, opened_snapshot
from .vocabulary import format_counts, parse_counts
from .weighing import to_byte, weigh

__all__ = ["Document", "IndexUnavailable", "Lexicon", "apply", "build", "position"]

#: Articles a segment at most, in a build: bounds what a build holds in memory.
SEGMENT = 20_000

#: What belongs to the index of the files Whoosh and we leave behind.
_KEPT = {".trm", ".pst", ".col", ".toc", PUBLIC_WORDS, AGENT_WORDS}

#: Segments of one size that are merged into one, and the size (articles) from which they never are.
TIER, MERGED = 4, 256


def build(
    root: Path,
    documents: Iterable[Document],
    *,
    lexicon: Lexicon,
    position: int,
    stamp: str = "",
    progress: Callable[[int], None] | None = None,
) -> None:
    """Write a new index of these articles under `root` and make it current, at once.

    Until then, readers keep what they have. `progress` is called with the number of articles written so far.
    Raises IndexUnavailable when another process is writing; OSError when the disk refuses.
    """
    with write_lock(root):
        folder = new_folder(root)
        try:
            files, toc = _write_all(folder, documents, lexicon, progress)
            manifest = Manifest(folder.name, toc, files, position, lexicon.fingerprint, stamp)
            write_manifest(root, manifest)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        remove_others(root, manifest)


def _write_all(
    folder: Path, documents: Iterable[Document], lexicon: Lexicon, progress: Callable[[int], None] | None
) -> tuple[dict[str, tuple[int, int]], int]:
    index = FileIndex.create(FileStorage(str(folder), supports_mmap=False), schema())
    public: Counter[str] = Counter()
    internal: Counter[str] = Counter()
    writer = ImpactWriter(index)
    written = 0
    try:
        for written, document in enumerate(documents, start=1):
            _add(writer, document, lexicon, public, internal)
            if written % SEGMENT == 0:
                writer.commit(merge=False)
                writer = ImpactWriter(index)
            if progress is not None:
                progress(written)
    except BaseException:
        writer.cancel()
        raise
    writer.commit(merge=False)
    (folder / f"0{PUBLIC_WORDS}").write_text(format_counts(public), "utf-8")
    (folder / f"0{AGENT_WORDS}").write_text(format_counts(internal), "utf-8")
    toc = index.latest_generation()
    return {path.name: checksum(path) for path in folder.iterdir() if path.suffix in _KEPT}, toc


def _add(
    writer: ImpactWriter, document: Document, lexicon: Lexicon, public: Counter[str], internal: Counter[str]
) -> None:
    weighed = weigh(document, lexicon.splitter)
    public.update(weighed.public_words)
    internal.update(weighed.internal_words)
    writer.add_document(
        public={term: to_byte(impact) for term, impact in weighed.public.items()},
        internal={term: to_byte(impact) for term, impact in weighed.internal.items()},
        names={term: to_byte(impact) for term, impact in weighed.names.items()},
        keys=dict.fromkeys(document_keys(document), 1),
        document=pickle.dumps(astuple(document)),
    )


def apply(
    root: Path,
    upserts: Iterable[Document],
    deletes: Iterable[str],
    *,
    lexicon: Lexicon,
    position: int,
    stamp: str = "",
) -> None:
    """Bring one batch of changes into the index and record `position` and `stamp` with it, in one step.

    Of two upserts of one slug the last holds; an upsert wins over a delete of the same slug.
    Raises IndexUnavailable when there is no usable index to change (then build) or another is writing.
    """
    with write_lock(root):
        manifest = read_manifest(root, lexicon.fingerprint)
        opened = opened_snapshot(root, manifest)
        files = read_files(root, manifest, opened.files if opened else None)
        snapshot = Snapshot(manifest, files, opened)
        changed = {document.slug: document for document in upserts}
        storage = MemoryStorage(files)
        # Whoosh works in memory on files that were checked; only what it added reaches the disk.
        index = FileIndex(storage)
        writer = ImpactWriter(index)
        for slug in {*changed, *deletes}:
            for number in snapshot.numbers(f"s:{slug}"):
                writer.delete_document(number)
        public: Counter[str] = Counter()
        internal: Counter[str] = Counter()
        for document in changed.values():
            _add(writer, document, lexicon, public, internal)
        writer.commit(mergetype=_merge_small)
        toc = index.latest_generation()
        _add_words(storage.files, snapshot, toc, public, internal)
        added = {name: content for name, content in storage.files.items() if name not in files}
        for name, content in added.items():
            (root / manifest.folder / name).write_bytes(content)
        kept = {name: manifest.files[name] for name in storage.files if name in files}
        current = Manifest(manifest.folder, toc, kept | describe(added), position, lexicon.fingerprint, stamp)
        write_manifest(root, current)
        remove_others(root, current)


def _add_words(
    files: dict[str, bytes], snapshot: Snapshot, toc: int, public: Counter[str], internal: Counter[str]
) -> None:
    """Keep the words that came after the build in one file beside each large vocabulary, which stays as it is."""
    for suffix, counts, known in (
        (PUBLIC_WORDS, public, snapshot.public_words),
        (AGENT_WORDS, internal, snapshot.agent_words),
    ):
        new = {word: count for word, count in counts.items() if word not in known}
        if not new:
            continue
        for name in [name for name in files if name.endswith(suffix) and name != f"0{suffix}"]:
            new |= parse_counts(files.pop(name).decode().splitlines())
        files[f"{toc}{suffix}"] = format_counts(new).encode()


def _merge_small(writer: Any, segments: list[Any]) -> list[Any]:
    """Whoosh's merge policy: four segments of about one size become one, so that there are never many.

    An article is merged a few times at most, and never with so many others that it shows.
    """
    from whoosh.reading import SegmentReader

    kept = [segment for segment in segments if segment.doc_count()]
    above, largest = 0, TIER
    while largest * TIER <= MERGED:
        alike = [segment for segment in kept if above < segment.doc_count_all() <= largest]
        if len(alike) >= TIER:
            for segment in alike:
                reader = SegmentReader(writer.storage, writer.schema, segment)
                writer.add_reader(reader)
                reader.close()
            return [segment for segment in kept if segment not in alike]
        above, largest = largest, largest * TIER
    return kept


def position(root: Path, lexicon: Lexicon | None = None) -> int | None:
    """The number of the last change in the index under `root`.

    None when there is no usable index: missing, damaged, of another version or, given a lexicon, made with
    another one.
    """
    try:
        manifest = read_manifest(root, lexicon.fingerprint if lexicon else None)
        check_files(root, manifest)
    except IndexUnavailable:
        return None
    return manifest.position
