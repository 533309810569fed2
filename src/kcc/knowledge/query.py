"""A caller's words to what is looked for: terms, corrections, parts, synonyms, completions."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from .analysis import MAX_WORD, Token, content, stem, tokenise
from .view import View

#: Characters of a query that are read; nobody types more, and a pasted letter must not cost more.
MAX_TEXT = 500

#: Words looked for at most: of a long story the rarest.
MAX_GROUPS = 12

#: Unknown words whose neighbours are sought at most.
MAX_CORRECTED = 6

#: Weights beside 1 for the word itself.
SYNONYM, PARTS, JOINED, UNKNOWN_PARTS, COMPLETION = 0.45, 0.4, 0.7, 0.9, 0.8

#: Articles looked at for an unfinished word, about; the first two completions always are.
MAX_COMPLETED = 2_000

#: Weight of a stem that an unknown word shares with known ones.
CHANCE = 0.4

#: Weight of a synonym of a word that itself occurs nowhere.
ONLY_SYNONYM = 0.8


@dataclass(frozen=True)
class Alternative:
    """Terms that must stand together in an article, and what finding them is worth."""

    terms: tuple[str, ...]
    weight: float
    #: The rarity of a term counts for no more than this: a substitute is worth no more than the word.
    cap: float = math.inf


@dataclass
class Group:
    """The ways to meet one word of the query; an article gets the best of them."""

    alternatives: list[Alternative] = field(default_factory=list)
    #: The word itself occurs nowhere; only its synonyms do.
    made_up: bool = False

    def add(self, terms: tuple[str, ...], weight: float, cap: float = math.inf) -> None:
        """Another way to meet the word."""
        if all(terms != known.terms or weight > known.weight for known in self.alternatives):
            self.alternatives.append(Alternative(terms, weight, cap))


@dataclass
class Query:
    """What is looked for."""

    groups: list[Group]
    #: The text with unknown words corrected; None when nothing was.
    suggestion: str | None = None

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """Every term that may be met, once, in order."""
        ways = (way for group in self.groups for way in group.alternatives)
        return tuple(dict.fromkeys(term for way in ways for term in way.terms))


def read_query(text: str, view: View, *, typing: bool = False) -> Query:
    """What a text asks for. With `typing`, its last word may be the beginning of one."""
    text = text[:MAX_TEXT]
    tokens = list(tokenise(text))
    if not tokens:
        return Query([])
    unfinished = tokens[-1] if typing and tokens[-1].end == len(text.rstrip("\0")) else None
    wanted = content(tokens)
    if unfinished is not None and unfinished not in wanted:
        wanted.append(unfinished)
    return _Reader(text, view, tokens, wanted, unfinished).read()


class _Reader:
    def __init__(
        self, text: str, view: View, tokens: list[Token], wanted: list[Token], unfinished: Token | None
    ) -> None:
        self._text, self._view, self._tokens, self._unfinished = text, view, tokens, unfinished
        self._wanted = wanted
        self._corrected: dict[Token, str] = {}
        self._guesses = 0

    def read(self) -> Query:
        groups: dict[Token, list[Group]] = {}
        for token in self._wanted:
            if all(token.stem != other.stem for other in groups) or token is self._unfinished:
                groups[token] = self._groups_of(token)
        self._add_joined(groups)
        self._add_synonyms(groups)
        found = [group for each in groups.values() for group in each if group.alternatives]
        if len(found) > MAX_GROUPS:
            found = sorted(found, key=self._rarity, reverse=True)[:MAX_GROUPS]
        return Query(found, self._suggestion())

    def _rarity(self, group: Group) -> float:
        return max(way.weight * max(map(self._view.rarity, way.terms)) for way in group.alternatives)

    def _groups_of(self, token: Token) -> list[Group]:
        """The groups for one word: one, or one a part for an unknown compound."""
        group = Group()
        if self._known(token.stem):
            if self._is_odd(token):
                # Its stem is that of other words by chance, more likely: "geborte" is no form of "borden".
                near = self._neighbours(token, 1)
                if near is not None:
                    near.add((token.stem,), CHANCE, near.alternatives[0].cap)
                    return [near]
            group.add((token.stem,), 1.0)
            stems = tuple(stem(part) for part in self._parts(token.word))
            if stems and all(map(self._known, stems)):
                group.add(stems, PARTS)
        if token is self._unfinished:
            terms = self._completions(token.word)
            cap = min(map(self._view.rarity, terms), default=0.0)
            for term in terms:
                group.add((term,), COMPLETION, cap)
        if group.alternatives or (token.stem,) in self._view.lexicon.synonyms.pairs:
            return [group]
        return self._guess(token)

    def _completions(self, beginning: str) -> list[str]:
        """Terms an unfinished word may become; fewer when those are in very many articles."""
        terms: dict[str, int] = {}
        for word in self._view.words.completions(beginning):
            frequency = self._view.frequency(stem(word))
            if frequency and (len(terms) < 2 or sum(terms.values()) < MAX_COMPLETED):
                terms[stem(word)] = frequency
        return list(terms)

    def _is_odd(self, token: Token) -> bool:
        """Whether a word stands neither in an article nor in the dictionary."""
        return token.word not in self._view.words and token.word not in self._view.lexicon.words

    def _guess(self, token: Token) -> list[Group]:
        """For an unknown word: neighbours at distance 1, else its parts, else neighbours at distance 2."""
        if self._guesses < MAX_CORRECTED:
            self._guesses += 1
            near = self._neighbours(token, 1)
            if near is not None:
                return [near]
        known = [stem(part) for part in self._parts(token.word)]
        known = [part for part in known if self._known(part)]
        if known:
            return [Group([Alternative((part,), UNKNOWN_PARTS)]) for part in known]
        far = self._neighbours(token, 2) if self._guesses <= MAX_CORRECTED else None
        return [far] if far is not None else [Group()]

    def _neighbours(self, token: Token, distance: int) -> Group | None:
        group = Group()
        # Suggesting a word of an article that is not valid yet would tell of it.
        neighbours = self._view.words.neighbours(token.word, distance)
        found = [near for near in neighbours if self._known(stem(near.word)) and self._view.shows(stem(near.word))]
        for near in found:
            self._corrected.setdefault(token, near.word)
            group.add((stem(near.word),), near.weight, self._view.rarity(stem(found[0].word)))
        return group if found else None

    def _known(self, term: str) -> bool:
        return self._view.frequency(term) > 0

    def _parts(self, word: str) -> tuple[str, ...]:
        return self._view.lexicon.splitter.split(word)

    def _add_joined(self, groups: dict[Token, list[Group]]) -> None:
        """Words next to each other may be one word: "geboorte akte"."""
        for before, after in pairwise(self._tokens):
            word = before.word + after.word
            if len(word) > MAX_WORD or (before not in groups and after not in groups):
                continue
            if self._known(stem(word)):
                for token in (before, after):
                    for group in groups.get(token, []):
                        group.add((stem(word),), JOINED)

    def _add_synonyms(self, groups: dict[Token, list[Group]]) -> None:
        tokens = list(groups)
        stems = tuple(stem(self._corrected[token]) if token in self._corrected else token.stem for token in tokens)
        for first, past, others in self._view.lexicon.synonyms.found_in(stems):
            for terms in others:
                if all(map(self._known, terms)):
                    for token in tokens[first:past]:
                        for group in groups[token]:
                            if group.alternatives and not group.made_up:
                                cap = max(map(self._view.rarity, group.alternatives[0].terms))
                                group.add(terms, SYNONYM, cap)
                            else:
                                group.made_up = True
                                group.add(terms, ONLY_SYNONYM)

    def _suggestion(self) -> str | None:
        """The text with the corrected words put in the place of what was typed."""
        if not self._corrected:
            return None
        text = self._text
        for token, word in sorted(self._corrected.items(), key=lambda item: item[0].start, reverse=True):
            text = text[: token.start] + word + text[token.end :]
        return " ".join(text.split())
