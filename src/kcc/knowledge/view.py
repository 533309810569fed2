"""What one kind of reader may see of a snapshot: the only way the search reads the index.

For residents the internal field and the articles for agents do not exist: not in postings, not in
frequencies, not in the words that complete or correct.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from .document import Audience
from .lexicon import Lexicon
from .snapshot import FieldName, Postings, Snapshot
from .vocabulary import Vocabulary


@dataclass(frozen=True)
class Filters:
    """What a search is narrowed to. Both ends of an article's validity belong to it."""

    audience: Audience
    today: date
    #: A topic, or a group of topics.
    topic: str | None = None
    department: str | None = None
    language: str | None = None
    #: Only articles for this audience; what may be seen at all is decided by `audience`.
    only: Audience | None = None


@dataclass(frozen=True)
class View:
    """A snapshot through the eyes of one audience, narrowed by filters."""

    snapshot: Snapshot
    lexicon: Lexicon
    filters: Filters
    #: Look only at titles, variants and synonyms.
    names_only: bool = False

    @cached_property
    def fields(self) -> tuple[FieldName, ...]:
        """The fields to look in."""
        if self.names_only:
            return ("names",)
        return ("public",) if self.filters.audience == "public" else ("public", "internal")

    @property
    def words(self) -> Vocabulary:
        """The words this audience may see."""
        public = self.filters.audience == "public"
        return self.snapshot.public_words if public else self.snapshot.agent_words

    def postings(self, term: str) -> list[Postings]:
        """The lists of a term, one a field, empty ones left out."""
        lists = [self.snapshot.postings(field, term) for field in self.fields]
        return [found for found in lists if found[1]]

    def frequency(self, term: str) -> int:
        """In how many articles this audience can find a term (an upper bound for agents)."""
        found = sum(len(self.snapshot.postings(field, term)[1]) for field in self.fields)
        if found and self._hidden is not None:
            return len(self._hidden.intersection(self.snapshot.postings("names", term)[0]))
        return found

    def shows(self, term: str) -> bool:
        """Whether an article that this audience may see today has the term."""
        excluded = self.excluded
        return any(number not in excluded for numbers, _ in self.postings(term) for number in numbers)

    @cached_property
    def _hidden(self) -> frozenset[int] | None:
        """Of the names, those of public articles only, for residents."""
        if self.names_only and self.filters.audience == "public":
            return self.snapshot.numbers("a:public")
        return None

    def rarity(self, term: str) -> float:
        """Inverse document frequency, as in BM25: 0 for a term in every article."""
        frequency = min(self.frequency(term), self.snapshot.count)
        return math.log(1 + (self.snapshot.count - frequency + 0.5) / (frequency + 0.5))

    @cached_property
    def required(self) -> frozenset[int] | None:
        """The only articles that may be found; None for no limit."""
        limits = []
        if self._hidden is not None:
            limits.append(self._hidden)
        numbers, filters = self.snapshot.numbers, self.filters
        if filters.only is not None:
            limits.append(numbers(f"a:{filters.only}"))
        if filters.topic is not None:
            limits.append(numbers(f"t:{filters.topic}") | numbers(f"g:{filters.topic}"))
        if filters.department is not None:
            limits.append(numbers(f"d:{filters.department}"))
        if filters.language is not None:
            limits.append(numbers(f"l:{filters.language}"))
        return frozenset.intersection(*limits) if limits else None

    @property
    def excluded(self) -> frozenset[int]:
        """Articles that are not valid today."""
        return self.snapshot.outside(self.filters.today)
