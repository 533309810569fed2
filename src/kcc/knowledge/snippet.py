"""The piece of an article to show with a hit, with the words that matched marked. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from .analysis import fold, stem, without_placeholders

Parts = list[tuple[str, bool]]

#: Characters shown at most.
LENGTH = 200

#: Places of one term looked at in one text.
_MAX_PLACES = 12

_PLAIN = str.maketrans("éëèêïîíöôóüûúáàâäçñ", "eeeeiiiooouuuaaaacn")
_ACCENTED = re.compile("[éëèêïîíöôóüûúáàâäçñ]")


def make_snippet(
    texts: Sequence[tuple[str, float]], terms: Collection[str], wanted: int, length: int = LENGTH
) -> Parts:
    """The best window of at most `length` characters as (text, is a match) parts.

    `texts` are given with how much each is preferred (1 is neutral); `terms` are stems. A window with `wanted`
    different terms is good enough to look no further. Without any match the beginning of the first text is shown.
    """
    best: tuple[float, str, int, list[tuple[int, int]]] | None = None
    for text, preference in texts:
        places = _places(text, terms)
        worth, start = _window(places, length)
        if best is None or worth * preference > best[0]:
            best = (worth * preference, text, start, [(first, past) for first, past, _ in places])
        if worth >= wanted:
            break
    if best is None:
        return []
    _, text, start, spans = best
    start, end = _bounds(text, start, length)
    return _marked(text, start, end, spans)


def _places(text: str, terms: Collection[str]) -> list[tuple[int, int, str]]:
    """Where words stand that are one of the terms or begin or end with one: (start, end, term), in order."""
    searched = without_placeholders(_searchable(text))
    places: dict[int, tuple[int, int, str]] = {}
    for term in terms:
        core = term[: max(3, len(term) - 2)]
        at = searched.find(core)
        seen = 0
        while at >= 0 and seen < _MAX_PLACES:
            seen += 1
            start, end = _word_around(searched, at, len(core))
            if start not in places and _is_form(searched[start:end], term):
                places[start] = (start, end, term)
            at = searched.find(core, max(end, at + 1))
    return sorted(places.values())


def _searchable(text: str) -> str:
    """Lower case without the accents of Dutch, of the same length."""
    lower = text.lower()
    if len(lower) != len(text):
        return text
    return lower.translate(_PLAIN) if _ACCENTED.search(lower) else lower


def _word_around(text: str, at: int, length: int) -> tuple[int, int]:
    start, end = at, at + length
    while start > 0 and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return start, end


def _is_form(word: str, term: str) -> bool:
    """Whether a word is a form of a term or a compound with it. Stems only where the spelling leaves a doubt."""
    longer = len(word) - len(term)
    if longer == 0:
        return word == term
    if len(term) >= 4 and (word.startswith(term) or word.endswith(term)):
        return True
    # Not the same beginning, nor what is left of a participle: no form of it.
    if not word.startswith((term[:2], "ge")) or longer > 5:
        return False
    return stem(fold(word)) == term


def _window(places: list[tuple[int, int, str]], length: int) -> tuple[int, int]:
    """Most different terms within `length` characters: (how many, where to start)."""
    best = (0, 0)
    within: Counter[str] = Counter()
    past_last = 0
    for start, _, term in places:
        # The window slides: what came into sight is counted, what went out of it is uncounted.
        while past_last < len(places) and places[past_last][1] <= start + length - 20:
            within[places[past_last][2]] += 1
            past_last += 1
        if len(within) > best[0]:
            best = (len(within), start)
        if within[term] <= 1:
            del within[term]
        else:
            within[term] -= 1
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
