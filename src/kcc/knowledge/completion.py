"""The phrase of an article that fits best what is typed so far. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from .analysis import fold
from .document import Document


@dataclass(frozen=True, slots=True)
class Completion:
    """A phrase to offer while typing, and the article it leads to."""

    text: str
    slug: str


def best_phrase(document: Document, typed: str) -> Completion:
    """The title, synonym or question of an article that holds most of the typed words; of equals the title.

    A typed word is held when a word of the phrase starts with it.
    """
    wanted = fold(typed[:200]).split()
    best, most = document.title, -1.0
    for phrase in (document.title, *document.synonyms, *document.variants, *document.learned):
        words = fold(phrase).split()
        held = sum(any(word.startswith(part) for word in words) for part in wanted)
        # Of two that hold as much, the one with less besides.
        fit = held - len(words) / 100 + (0.05 if phrase is document.title else 0.0)
        if fit > most:
            best, most = phrase, fit
    return Completion(best, document.slug)
