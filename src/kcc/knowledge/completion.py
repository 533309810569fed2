"""The phrase of an article that fits best what is typed so far. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .analysis import fold, words
from .document import Document

#: Words of what is typed that are looked at.
_MAX_WORDS = 20


@dataclass(frozen=True, slots=True)
class Completion:
    """A phrase to offer while typing, and the article it leads to."""

    text: str
    slug: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase with its folded text, each word after a space: ` paspoort aanvragen`."""

    completion: Completion
    folded: str
    length: int


def phrases_of(document: Document) -> tuple[Phrase, ...]:
    """What may be offered for an article: title, synonyms, variants and accepted queries, the title first."""
    texts = (document.title, *document.synonyms, *document.variants)
    # Folded in one go; a line break cannot stand in a phrase that was offered as one.
    folded = fold("\n".join(text.replace("\n", " ") for text in texts)).replace("-", " ").split("\n")
    return tuple(
        Phrase(Completion(text, document.slug), f" {plain}", plain.count(" ") + 1)
        for text, plain in zip(texts, folded, strict=True)
    )


def best_phrase(phrases: Sequence[Phrase], typed: str) -> Completion:
    """The phrase that holds most of the typed words; of those that hold as many the shortest, rather the title.

    A typed word is held when a word of the phrase starts with it. There is at least one phrase.
    """
    wanted = [f" {word}" for word in words(typed[:200])[:_MAX_WORDS]]
    best, most = phrases[0], -1.0
    for phrase in phrases:
        held = sum(word in phrase.folded for word in wanted)
        fit = held - phrase.length / 100 + (0.05 if phrase is phrases[0] else 0.0)
        if fit > most:
            best, most = phrase, fit
    return best.completion
