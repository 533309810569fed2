"""Dutch compounds into their parts: "verhuiskosten" into "verhuis" and "kosten". Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from .analysis import MAX_WORD

#: A part shorter than this is nearly always a chance hit, apart from the few in `SHORT_PARTS`.
MIN_PART = 4

_SHORT = """
aow app bed bos bus dag dak gas kap mbo pas pgb pin rol sms tas tol vak vog wet wmo woo woz zee zon
"""

#: Three letters that do stand as the first or last part of municipal words.
SHORT_PARTS = frozenset(_SHORT.split())

_NEVER = """
aan achter baar bare boven daar ding door elijk ende eren ering gang ging haar heid hier iets ings
isch ische lijk lijke lijks ling lings loos mede ment neer niet onder over rand ring samen sche sing
slag stel tegen terug ting toen trek vang voor voort vraag waar want zaam zien
"""

#: Words that begin or end other words without being a part of their meaning.
NEVER_PARTS = frozenset(_NEVER.split())

#: What Dutch puts between two parts.
LINKS = ("", "s", "e", "n", "en", "er")

_VOWELS = frozenset("aeou")
_CACHE = 8_192


def infinitive(part: str) -> str:
    """The infinitive of a verbal first part: verhuis → verhuizen, parkeer → parkeren, stem → stemmen."""
    last, rest = part[-1], part[:-1]
    if last in "sf":
        voiced = {"s": "z", "f": "v"}[last]
        if len(rest) > 1 and rest[-1] == rest[-2] and rest[-1] in _VOWELS:
            return rest[:-1] + voiced + "en"
        return rest + voiced + "en"
    if len(part) > 2 and part[-2] == part[-3] and part[-2] in _VOWELS:
        return part[:-2] + last + "en"
    if len(part) > 2 and part[-2] in "aeiou" and part[-3] not in "aeiou":
        return part + last + "en"
    return part + "en"


class CompoundSplitter:
    """Splits folded words over a list of known words.

    `exceptions` says outright how a word splits; a word that maps to itself or to nothing stays whole.
    """

    def __init__(self, words: Iterable[str], exceptions: Mapping[str, Sequence[str]]) -> None:
        self._words = words if isinstance(words, frozenset) else frozenset(words)
        self._exceptions = {word: tuple(parts) for word, parts in exceptions.items()}
        self._cached = lru_cache(maxsize=_CACHE)(self._split)

    def split(self, word: str) -> tuple[str, ...]:
        """The parts of a word in order, at least two, or an empty tuple for a word that stays whole."""
        return self._cached(word)

    def _split(self, word: str) -> tuple[str, ...]:
        if word in self._exceptions:
            parts = self._exceptions[word]
            return parts if len(parts) > 1 else ()
        if len(word) < 2 * MIN_PART - 1 or len(word) > MAX_WORD or not word.isalpha():
            return ()
        return self._best(word, first=True, depth=4) or ()

    def _best(self, word: str, *, first: bool, depth: int) -> tuple[str, ...] | None:
        """The division with the fewest parts, and of those the one whose shortest part is longest."""
        if not first and self._is_last(word):
            return (word,)
        if depth == 1:
            return None
        best: tuple[str, ...] | None = None
        for cut in range(len(word) - 3, 2, -1):
            head = word[:cut]
            if not self._is_head(head):
                continue
            for link in LINKS:
                if not word.startswith(link, cut):
                    continue
                rest = self._best(word[cut + len(link) :], first=False, depth=depth - 1)
                if rest is not None and (best is None or _badness((head, *rest)) < _badness(best)):
                    best = (head, *rest)
        return best

    def _is_head(self, part: str) -> bool:
        if len(part) < MIN_PART:
            return part in SHORT_PARTS
        if part in NEVER_PARTS:
            return False
        return part in self._exceptions or part in self._words or infinitive(part) in self._words

    def _is_last(self, part: str) -> bool:
        if len(part) < MIN_PART:
            return part in SHORT_PARTS
        if part in NEVER_PARTS:
            return False
        if part in self._exceptions or part in self._words:
            return True
        return any(singular in self._words for singular in _singulars(part))


def _singulars(part: str) -> tuple[str, ...]:
    """What a plural may be the plural of: aktes → akte, vergunningen → vergunning, bewijzen → bewijs."""
    if part.endswith("s"):
        return (part[:-1],)
    if not part.endswith("en") or len(part) < MIN_PART + 2:
        return ()
    singular = part[:-2]
    unvoiced = {"z": "s", "v": "f"}.get(singular[-1], singular[-1])
    return (part[:-1], singular, singular[:-1] + unvoiced)


def _badness(parts: tuple[str, ...]) -> tuple[int, int]:
    return len(parts), -min(map(len, parts))
