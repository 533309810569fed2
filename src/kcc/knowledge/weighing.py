"""How much each word of an article counts for it: BM25F with the fields weighed together. Pure.

The fields' frequencies are weighed and normalised by length *before* saturation (Robertson, Zaragoza and
Taylor, "Simple BM25 extension to multiple weighted fields", 2004). The outcome, an impact between 0 and
`MAX_IMPACT`, does not depend on the query, so it is computed once, at indexing, and kept in a byte a
posting. Average lengths are constants, so that an article weighs the same whatever else is in the
kennisbank.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .analysis import STOP_WORDS, joined, stem, words
from .compounds import CompoundSplitter
from .document import Document

#: Saturation and length normalisation, as usual for BM25.
K1, B = 3.0, 0.5

#: The largest impact there is: a word without end in every field.
MAX_IMPACT = K1 + 1

#: Steps an impact is kept in; one byte.
STEPS = 255


@dataclass(frozen=True)
class Field:
    """Weight of a field and the length (words) that is usual for it."""

    weight: float
    usual: float
    #: Stop words are kept, for queries that hold nothing else.
    keeps_stop_words: bool = False


TITLE = Field(3.0, 4, keeps_stop_words=True)
SLUG = Field(2.5, 2)
NAMES = Field(2.0, 60, keeps_stop_words=True)
SHORT = Field(1.5, 25)
BODY = Field(1.0, 150)

#: A part of a compound counts this much of its whole.
PART = 0.4


@dataclass(frozen=True)
class Weighed:
    """The terms of one article with their impact, and its words for the vocabulary."""

    #: Terms of what residents may read.
    public: Mapping[str, float]
    #: Terms of what only agents may read.
    internal: Mapping[str, float]
    #: Terms of title, variants and synonyms; `public` says whether residents may see them completed.
    names: Mapping[str, float]
    public_words: frozenset[str]
    internal_words: frozenset[str]


def weigh(document: Document, splitter: CompoundSplitter) -> Weighed:
    """The impacts of an article's terms. Of an agents-only article nothing is public."""
    names = (document.upl, *document.variants, *document.synonyms)
    found = _Frequencies(splitter)
    found.add(TITLE, [document.title])
    found.add(NAMES, names)
    named = found.impacts()
    found.add(SLUG, [document.slug.replace("-", " ")])
    found.add(SHORT, [document.short_answer])
    found.add(BODY, [document.body])
    shown = found.impacts()
    public_words = frozenset(found.words)
    found.words.clear()
    found.add(BODY, [document.internal])
    everything = found.impacts()
    if document.audience == "agents":
        return Weighed({}, everything, named, frozenset(), public_words | found.words)
    # What agents see more of a term: added to the public impact it is the impact of the whole.
    more = {term: impact - shown.get(term, 0.0) for term, impact in everything.items()}
    internal = {term: impact for term, impact in more.items() if impact > 0}
    return Weighed(shown, internal, named, public_words, frozenset(found.words))


class _Frequencies:
    """Weighed frequencies of terms, field by field."""

    def __init__(self, splitter: CompoundSplitter) -> None:
        self._splitter = splitter
        self._terms: dict[str, float] = {}
        self.words: set[str] = set()

    def add(self, field: Field, texts: Iterable[str]) -> None:
        found: Counter[str] = Counter()
        for text in texts:
            found.update(words(text))
            if "-" in text or not text.isascii():
                found.update(joined(text))
        stop = STOP_WORDS.intersection(found)
        length = found.total() - sum(found[word] for word in stop)
        scale = field.weight / (1 - B + B * length / field.usual)
        terms = self._terms
        known = terms.get
        for word, count in found.items():
            if word in stop:
                if field.keeps_stop_words:
                    term = stem(word)
                    terms[term] = known(term, 0.0) + scale * count
                continue
            self.words.add(word)
            term = stem(word)
            terms[term] = known(term, 0.0) + scale * count
            for part in parts(word, self._splitter):
                term = stem(part)
                terms[term] = known(term, 0.0) + PART * scale * count

    def impacts(self) -> dict[str, float]:
        return {term: frequency * (K1 + 1) / (frequency + K1) for term, frequency in self._terms.items()}


def parts(word: str, splitter: CompoundSplitter) -> tuple[str, ...]:
    """The parts of a word and, where a part is itself a compound, the parts of that."""
    direct = splitter.split(word)
    return direct + tuple(inner for part in direct for inner in splitter.split(part))


def to_byte(impact: float) -> int:
    """An impact as one of 1…STEPS; never 0, since the word does occur."""
    return max(1, min(STEPS, round(impact / MAX_IMPACT * STEPS)))
