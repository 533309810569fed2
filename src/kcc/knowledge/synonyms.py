"""What the editors write for the search: the synonym list and the compound exceptions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from .analysis import Token, fold, tokenise

Terms = tuple[str, ...]


class EditorialError(ValueError):
    """A line of an editors' file that cannot be used; the message starts with file and line."""

    def __init__(self, source: str, line: int, problem: str) -> None:
        super().__init__(f"{source}:{line}: {problem}")
        self.source, self.line, self.problem = source, line, problem


@dataclass(frozen=True)
class Synonyms:
    """Phrases (as stems) with the phrases that mean the same to a caller."""

    #: The stems of a phrase → the stems of each phrase to look for as well.
    pairs: Mapping[Terms, tuple[Terms, ...]]

    @cached_property
    def longest(self) -> int:
        """Words in the longest phrase that has synonyms; 0 for an empty list."""
        return max(map(len, self.pairs), default=0)

    def found_in(self, stems: Terms) -> Iterator[tuple[int, int, tuple[Terms, ...]]]:
        """Every phrase of the list in a row of stems: (first, past the last, its synonyms)."""
        for first in range(len(stems)):
            for past in range(first + 1, min(first + self.longest, len(stems)) + 1):
                others = self.pairs.get(stems[first:past])
                if others:
                    yield first, past, others


def parse_synonyms(text: str, source: str = "synonyms.txt") -> Synonyms:
    """The synonym list from its text.

    A line holds a group (`grofvuil, grof vuil, grof afval`: each finds all others) or one direction
    (`brommer => bromfiets`: who says the left finds the right). `#` starts a comment.
    Raises EditorialError with file and line.
    """
    pairs: dict[Terms, dict[Terms, None]] = {}
    for number, line in _lines(text):
        left, arrow, right = line.partition("=>")
        if arrow:
            sources, targets = _phrases(left, source, number), _phrases(right, source, number)
        else:
            sources = targets = _phrases(left, source, number)
            if len(sources) < 2:
                raise EditorialError(source, number, "a group needs two phrases that differ")
        for phrase in sources:
            others = pairs.setdefault(phrase, {})
            others.update((other, None) for other in targets if other != phrase)
    return Synonyms({phrase: tuple(others) for phrase, others in pairs.items() if others})


def parse_compounds(text: str, source: str = "compounds.txt") -> dict[str, tuple[str, ...]]:
    """The compound exceptions from their text: word → parts; a word of one part stays whole.

    `paspoort` keeps a word whole, `grofvuilophalen = grofvuil ophalen` says its parts. `#` starts a comment.
    Raises EditorialError with file and line.
    """
    exceptions: dict[str, tuple[str, ...]] = {}
    for number, line in _lines(text):
        left, equals, right = line.partition("=")
        words = fold(left).split()
        parts = tuple(fold(right).split())
        if len(words) != 1 or not all(word.isalnum() for word in (*words, *parts)):
            raise EditorialError(source, number, "expected a word, or: word = part part")
        if equals and len(parts) < 2:
            raise EditorialError(source, number, "a word is divided into two parts or more")
        if words[0] in exceptions:
            raise EditorialError(source, number, f"{words[0]} is here twice")
        exceptions[words[0]] = parts or (words[0],)
    return exceptions


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.partition("#")[0].strip()
        if line:
            yield number, line


def _phrases(text: str, source: str, number: int) -> list[Terms]:
    phrases: dict[Terms, None] = {}
    for part in text.split(","):
        terms = phrase_terms(tokenise(part))
        if not terms:
            raise EditorialError(source, number, f"no words in {part.strip()!r}")
        phrases[terms] = None
    return list(phrases)


def phrase_terms(tokens: Iterable[Token]) -> Terms:
    """The stems of a phrase without its stop words; with them when there is nothing else."""
    everything = list(tokens)
    return tuple(token.stem for token in everything if not token.is_stop) or tuple(token.stem for token in everything)
