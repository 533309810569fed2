"""How postings lie in a Whoosh segment: an array of article numbers and a byte of impact each.

Whoosh keeps the terms, the stored values, segments and merging; this codec (its extension point for
formats) replaces the posting lists, since reading a list of thousands as one array is fifty times faster
than posting by posting.
"""

# Whoosh is typed in part.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import sys
from array import array
from collections.abc import Generator, Iterable, Mapping
from typing import Any

from whoosh.codec.base import PostingsWriter
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3TermInfo
from whoosh.columns import VarBytesColumn
from whoosh.fields import COLUMN, FieldType, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.filedb.structfile import BufferFile
from whoosh.formats import Format
from whoosh.matching.mcore import ListMatcher
from whoosh.writing import SegmentWriter

#: Article numbers below this take two bytes, others four.
_SHORT = 1 << 16

#: The articles themselves, as bytes; not compressed, since unpacking ten took longer than finding them.
DOCUMENTS = VarBytesColumn()

Posting = tuple[str, bytes, int, float, bytes]


class ImpactFormat(Format):
    """A posting carries no more than its impact, as its weight."""

    posting_size = 0

    def decode_weight(self, value: bytes) -> float:
        """Never asked for: the weight is in the list itself."""
        return 1.0


class ImpactField(FieldType):
    """A field given as a mapping of term to impact (1…255)."""

    def __init__(self) -> None:
        # The analysis is ours: values come as terms.
        super().__init__(format=ImpactFormat(), analyzer=None)  # type: ignore[arg-type]

    def index(self, value: Mapping[str, int], **_: Any) -> Generator[tuple[bytes, int, float | int, bytes], Any, None]:
        for term, impact in value.items():
            yield term.encode(), 1, impact, b""


def schema() -> Schema:
    """The fields: terms residents may find, terms for agents, names for completion, keys, the article."""
    return Schema(
        public=ImpactField(),
        internal=ImpactField(),
        names=ImpactField(),
        keys=ImpactField(),
        document=COLUMN(DOCUMENTS),
    )


class ImpactCodec(W3Codec):
    """Whoosh's own codec with posting lists as arrays."""

    def field_writer(self, storage: Any, segment: Any) -> _FieldWriter:
        return _FieldWriter(self, storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> _ListWriter:
        return _ListWriter(dbfile)

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> _ListReader:
        offset, _ = terminfo.extent()
        return _ListReader(dbfile, offset, terminfo, format_, term)


class MemoryStorage(RamStorage):
    """Files in memory that are read where they are: Whoosh's own would copy a file each time it is opened."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__()
        self.files = dict(files)

    def open_file(self, name: str, **_: Any) -> BufferFile:
        # From `bytes` both the buffer and the stream in it share the memory; from a view they would not.
        return BufferFile(self.files[name], name=name)


class ImpactWriter(SegmentWriter):
    """Whoosh's writer, with the postings gathered in arrays instead of in sorted runs of tuples on disk."""

    def __init__(self, index: Any, **options: Any) -> None:
        super().__init__(index, codec=ImpactCodec(), compound=False, **options)
        self.pool: Any = _Pool()


class _Pool:
    """Postings by field and term. Articles come in ascending order, so no list needs sorting."""

    def __init__(self) -> None:
        self.fields: dict[str, dict[bytes, tuple[array[int], bytearray]]] = {}

    def add(self, item: Posting) -> None:
        field, term, number, impact, _ = item
        terms = self.fields.setdefault(field, {})
        entry = terms.get(term)
        if entry is None:
            entry = terms[term] = (array("I"), bytearray())
        entry[0].append(number)
        entry[1].append(int(impact))

    def iter_postings(self) -> _Pool:
        return self

    def cleanup(self) -> None:
        self.fields.clear()


class _FieldWriter(W3FieldWriter):
    def add_postings(self, schema: Schema, lengths: Any, items: Iterable[Posting] | _Pool) -> None:
        assert isinstance(items, _Pool)
        for field, terms in sorted(items.fields.items()):
            self.start_field(field, schema[field])
            assert self._postwriter is not None
            for term in sorted(terms):
                self.start_term(term)
                self._postwriter.add_list(*terms.pop(term))
                self.finish_term()
            self.finish_field()


class _ListWriter(PostingsWriter):
    """Writes one list after the other: the numbers, then the impacts."""

    def __init__(self, dbfile: Any) -> None:
        self._file = dbfile
        self._ids = array("I")
        self._impacts = bytearray()

    def start_postings(self, format_: Any, terminfo: W3TermInfo) -> None:
        self._ids, self._impacts, self._terminfo = array("I"), bytearray(), terminfo

    def add_posting(self, id_: int, weight: float, vbytes: bytes, length: int | None = None) -> None:
        self._ids.append(id_)
        self._impacts.append(int(weight))

    def add_list(self, ids: array[int], impacts: bytearray) -> None:
        self._ids, self._impacts = ids, impacts

    def finish_postings(self) -> W3TermInfo:
        ids, impacts = self._ids, self._impacts
        offset = self._file.tell()
        short = ids[-1] < _SHORT
        self._file.write((array("H", ids) if short else ids).tobytes())
        self._file.write(bytes(impacts))
        info = W3TermInfo(weight=float(sum(impacts)), df=len(ids), maxweight=max(impacts), minid=ids[0], maxid=ids[-1])
        info.set_extent(offset, self._file.tell() - offset)
        return info

    def written(self) -> bool:
        return len(self._ids) > 0


class _ListReader(ListMatcher):
    """One list: `ids` (ascending, within the segment) and `impacts`, a byte each."""

    def __init__(self, dbfile: Any, offset: int, terminfo: Any, format_: Any, term: Any) -> None:
        count = terminfo.doc_frequency()
        self.ids = array("H" if terminfo.max_id() < _SHORT else "I")
        middle = offset + count * self.ids.itemsize
        self.ids.frombytes(bytes(dbfile.get(offset, middle - offset)))
        self.impacts = bytes(dbfile.get(middle, count))
        if len(self.ids) != count or len(self.impacts) != count:
            raise EOFError(f"posting list of {term!r} is cut off")
        super().__init__(self.ids, self.impacts, None, format_, term=term)

    def value(self) -> bytes:
        return b""

    def weight(self) -> float:
        return float(self.impacts[self._i])


#: Of the machine that wrote the index: another byte order or item size reads nothing.
MACHINE = f"{sys.byteorder}-{array('H').itemsize}{array('I').itemsize}"
