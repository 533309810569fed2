"""The piece of an article to show with a hit, with the words that matched marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .analysis import fold, stem, without_placeholders
from .compounds import CompoundSplitter

Parts = list[tuple[str, bool]]

#: Characters shown at most.
LENGTH = 200

#: Places of one term looked at in one text.
_MAX_PLACES = 30

_WORD_CHARACTERS = re.compile(r"[^\W_]+")
_ACCENTS = tuple(("éëèêïîíöôóüûúáàâäçñ"[i], "eeeeiiiooouuuaaaacn"[i]) for i in range(19))


def make_snippet(
    texts: list[tuple[str, float]],
    terms: Mapping[str, float],
    splitter: CompoundSplitter,
    length: int = LENGTH,
) -> Parts:
    """The best window of at most `length` characters as (text, is a match) parts.

    `texts` are given with how much each is preferred (1 is neutral); `terms` with their rarity. Without any
    match the beginning of the first text is shown.
    """
    best: tuple[float, str, int, list[tuple[int, int]]] | None = None
    for text, preference in texts:
        places = _places(text, terms, splitter)
        worth, start = _window(places, length)
        if best is None or worth * preference > best[0]:
            best = (worth * preference, text, start, [(first, past) for first, past, _ in places])
    if best is None:
        return []
    _, text, start, spans = best
    start, end = _bounds(text, start, length)
    return _marked(text, start, end, spans)


def _places(text: str, terms: Mapping[str, float], splitter: CompoundSplitter) -> list[tuple[int, int, str]]:
    """Where words stand that are one of the terms or hold one as a part: (start, end, term), in order."""
    searched = without_placeholders(_searchable(text))
    places: dict[int, tuple[int, int, str]] = {}
    for core in {term[: max(3, len(term) - 2)] for term in terms}:
        at = searched.find(core)
        seen = 0
        while at >= 0 and seen < _MAX_PLACES:
            seen += 1
            start, end = _word_around(searched, at, len(core))
            if start not in places:
                term = _term_of(searched[start:end], terms, splitter)
                if term is not None:
                    places[start] = (start, end, term)
            at = searched.find(core, max(end, at + 1))
    return sorted(places.values())


def _searchable(text: str) -> str:
    """Lower case without the accents of Dutch, of the same length."""
    lower = text.lower()
    if len(lower) != len(text):
        return text
    if not lower.isascii():
        for accented, plain in _ACCENTS:
            lower = lower.replace(accented, plain)
    return lower


def _word_around(text: str, at: int, length: int) -> tuple[int, int]:
    start, end = at, at + length
    while start > 0 and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return start, end


def _term_of(word: str, terms: Mapping[str, float], splitter: CompoundSplitter) -> str | None:
    folded = fold(word)
    whole = stem(folded)
    if whole in terms:
        return whole
    return next((stem(part) for part in splitter.split(folded) if stem(part) in terms), None)


def _window(places: list[tuple[int, int, str]], length: int) -> tuple[float, int]:
    """Most different terms within `length` characters: (how many, where to start)."""
    best = (0.0, 0)
    for index, (start, _, _) in enumerate(places):
        within = {term for first, past, term in places[index:] if past <= start + length - 20}
        if len(within) > best[0]:
            best = (float(len(within)), start)
    return best


def _bounds(text: str, start: int, length: int) -> tuple[int, int]:
    """The window around a match, from the start of its sentence when that is near, cut between words."""
    if len(text) <= length:
        return 0, len(text)
    sentence = max(text.rfind(mark, 0, start) for mark in (". ", "? ", "! ", "\n"))
    near = start - sentence <= length // 3
    begin = (sentence + 1 if near else max(0, start - 30)) if sentence >= 0 or not near else 0
    if not near and begin > 0:
        begin = text.find(" ", begin, start) + 1 or start
    while begin < len(text) and text[begin].isspace():
        begin += 1
    end = min(len(text), begin + length)
    if end < len(text):
        cut = max(text.rfind(" ", begin + 1, end), text.rfind("\n", begin + 1, end))
        end = cut if cut > start else end
    return begin, end


def _marked(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> Parts:
    parts: Parts = []
    at = start
    for first, past in spans:
        if first < at or past > end:
            continue
        if first > at:
            parts.append((text[at:first], False))
        parts.append((text[first:past], True))
        at = past
    if at < end:
        parts.append((text[at:end], False))
    return parts
