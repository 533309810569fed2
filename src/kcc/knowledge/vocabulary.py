"""The words that occur in the kennisbank: completions of a beginning, neighbours of a misspelling. Pure."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

#: Completions looked at for the last word of a query.
TOP_COMPLETIONS = 16

#: Weight of a word at that distance from what was typed.
NEAR, FAR = 0.8, 0.5

#: Shorter words have too many neighbours to guess from.
MIN_NEAR, MIN_FAR = 4, 6


class Neighbour(NamedTuple):
    """A known word close to an unknown one."""

    word: str
    distance: int
    weight: float


class Vocabulary:
    """Sorted words with the number of articles each occurs in. Immutable; `extended` gives a larger one."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._words = sorted(counts)
        self._counts = dict(counts)
        #: By first letter: its words by length.
        self._buckets: dict[str, dict[int, list[str]]] = {}

    def __len__(self) -> int:
        return len(self._words)

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def count(self, word: str) -> int:
        """In how many articles a word occurs; 0 for an unknown one."""
        return self._counts.get(word, 0)

    def extended(self, counts: Mapping[str, int]) -> Vocabulary:
        """A vocabulary that has these words as well; those it has already keep their count."""
        new = [word for word in counts if word not in self._counts]
        if not new:
            return self
        larger = Vocabulary({})
        larger._counts = {**counts, **self._counts}
        # Nearly sorted: one long run and a few words, which the sort of Python merges in one go.
        larger._words = sorted(self._words + new)
        return larger

    def completions(self, beginning: str, limit: int = TOP_COMPLETIONS) -> list[str]:
        """The words that start with `beginning` (which may be one itself), most used first."""
        if not beginning:
            return []
        low = bisect_left(self._words, beginning)
        high = bisect_left(self._words, beginning + "\U0010ffff", low)
        count = self._counts
        return heapq.nsmallest(limit, self._words[low:high], key=lambda word: (-count[word], word))

    def neighbours(self, word: str, distance: int, limit: int = 3) -> list[Neighbour]:
        """The known words exactly this far (1 or 2, optimal string alignment) with the same first letter."""
        if len(word) < (MIN_NEAR if distance == 1 else MIN_FAR):
            return []
        found: list[tuple[str, int]] = []
        for length in range(len(word) - distance, len(word) + distance + 1):
            bucket = self._bucket(word[0], length)
            matches = process.extract(
                word, bucket, scorer=OSA.distance, processor=None, score_cutoff=distance, limit=None
            )
            found += [(match, self._counts[match]) for match, score, _ in matches if score == distance]
        found.sort(key=itemgetter(0))
        found.sort(key=itemgetter(1), reverse=True)
        weight = NEAR if distance == 1 else FAR
        # A neighbour hardly used would outweigh, by its rarity, the one that was probably meant.
        return [Neighbour(match, distance, weight) for match, count in found[:limit] if 2 * count >= found[0][1]]

    def _bucket(self, letter: str, length: int) -> list[str]:
        """The words with this first letter and length; sorted out once a letter, when first asked for."""
        if letter not in self._buckets:
            low = bisect_left(self._words, letter)
            high = bisect_left(self._words, letter + "\U0010ffff", low)
            lengths: dict[int, list[str]] = {}
            for word in self._words[low:high]:
                lengths.setdefault(len(word), []).append(word)
            self._buckets[letter] = lengths
        return self._buckets[letter].get(length, [])


def parse_counts(lines: Iterable[str]) -> dict[str, int]:
    """Words with counts from lines `word<TAB>count`, counts of a repeated word added up.

    Raises ValueError on a line that is neither.
    """
    counts: dict[str, int] = {}
    for line in lines:
        word, _, count = line.partition("\t")
        counts[word] = counts.get(word, 0) + int(count)
    return counts


def format_counts(counts: Mapping[str, int]) -> str:
    """The lines `parse_counts` reads, sorted."""
    return "".join(f"{word}\t{count}\n" for word, count in sorted(counts.items()))
