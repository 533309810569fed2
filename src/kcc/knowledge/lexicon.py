"""Everything outside the articles that decides how their words are read."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from .analysis import ANALYSIS_VERSION
from .compounds import CompoundSplitter
from .dictionary import dictionary_words
from .synonyms import Synonyms, parse_compounds, parse_synonyms


@dataclass(frozen=True)
class Lexicon:
    """Synonyms, compound exceptions and dictionary; two with the same fingerprint read words alike."""

    synonyms: Synonyms = field(default_factory=lambda: Synonyms({}))
    exceptions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()

    @classmethod
    def load(cls, folder: Path) -> Lexicon:
        """The lexicon of a kennisbank folder (synonyms.txt and compounds.txt, each may be absent).

        Raises EditorialError with file and line for a line that cannot be used.
        """
        synonyms, compounds = folder / "synonyms.txt", folder / "compounds.txt"
        return cls(
            synonyms=parse_synonyms(_text(synonyms), str(synonyms)),
            exceptions=parse_compounds(_text(compounds), str(compounds)),
            words=dictionary_words(),
        )

    @cached_property
    def splitter(self) -> CompoundSplitter:
        """The compound splitter over these words."""
        return CompoundSplitter(self.words, self.exceptions)

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that differ when words may be read differently."""
        exceptions = sorted(self.exceptions.items())
        synonyms = sorted(self.synonyms.pairs.items())
        content = repr((ANALYSIS_VERSION, _total(self.words), len(self.words), exceptions, synonyms))
        return hashlib.sha256(content.encode()).hexdigest()[:16]


@cache
def _total(words: frozenset[str]) -> int:
    """Added up, since a set has no order and sorting the dictionary would take longer than the rest."""
    return sum(zlib.crc32(word.encode()) * len(word) for word in words)


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""
