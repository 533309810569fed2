"""Dutch text to terms: folding, tokens, stop words, stems. Pure; the same for articles and for queries."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import snowballstemmer

#: Changes whenever the terms of the same text change, so that an older index is rebuilt.
ANALYSIS_VERSION = 2

#: Longest word that is a word. Longer runs are cut, so that a pasted blob costs nothing.
MAX_WORD = 40

#: Distinct words whose stem is remembered; bounded, since the words of an import are not.
STEM_CACHE = 32_768

_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}")
# A word is letters and digits. An apostrophe-s belongs to it ("foto's"); other marks divide.
_WORD = re.compile(r"([^\W_]+)(?:['’`´](s)\b)?")
_HYPHENATED = re.compile(r"[^\W_]+(?:[-‐‑‒–][^\W_]+)+")

_STOP = """
a aan al alle allemaal als alsjeblieft alstublieft altijd ander andere anders ben bent bij
bijvoorbeeld daar daarna daarom daarvan dan dat de deze die dit doe doen doet door dus e echt een
eens eigenlijk elk elke en er eraan erbij erg erin erop ervan ervoor even ga gaan gaat geen gewoon
goed goedemiddag goedemorgen goedendag goeiemiddag goeiemorgen graag had hallo heb hebben hebt heeft
heel helaas hem hen het hier hij hoe hoeveel hun iemand iets ik in is ja je jij jou jouw jullie kan
kon kun kunnen kunt later m maar mag me meer men met mevrouw mij mijn mijne misschien moest moet
moeten mogelijk mogen n na naar natuurlijk nee niet niets nog nou nu o of oh om omdat ons onze ook
op over s sinds soms t te tegen toch toen tot u uit uw van vanaf vanuit veel via volgens voor
voordat vraag waar waarom waarvoor wanneer want waren was wat we wel welk welke werd wie wij wil
willen wilt word worden wordt wou zal ze zelf zich zij zijn zo zoals zodat zou zouden zoveel
"""

#: Words that say nothing about the subject: articles, pronouns, auxiliaries, question words, greetings.
STOP_WORDS = frozenset(_STOP.split())


class Token(NamedTuple):
    """One word of a text: its folded form, its stem and where it stands (characters in the given text)."""

    word: str
    stem: str
    start: int
    end: int

    @property
    def is_stop(self) -> bool:
        """Whether the word says nothing about the subject."""
        return self.word in STOP_WORDS


def fold(text: str) -> str:
    """Lower case without accents or ligatures (NFKD, combining marks dropped). Length may change."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join([char for char in decomposed if not unicodedata.combining(char)]).lower()


_stemmers = threading.local()


@lru_cache(maxsize=STEM_CACHE)
def stem(word: str) -> str:
    """The stem of one folded word, by the newer Dutch Snowball stemmer (rijbewijs = rijbewijzen)."""
    # A stemmer keeps the word it works on inside itself: one a thread.
    stemmer = getattr(_stemmers, "dutch", None)
    if stemmer is None:
        stemmer = _stemmers.dutch = snowballstemmer.stemmer("dutch")
    return str(stemmer.stemWord(word))


def without_placeholders(text: str) -> str:
    """The text with every `{{code}}` blanked out, so that positions stay the same."""
    if "{{" not in text:
        return text
    return _PLACEHOLDER.sub(lambda match: " " * len(match.group()), text)


def tokenise(text: str) -> Iterator[Token]:
    """Every word of a text, stop words included, in order. Fee placeholders are left out."""
    # Composed first, so that an accent typed as a separate mark does not cut its word in two.
    composed = text if text.isascii() else unicodedata.normalize("NFC", text)
    for match in _WORD.finditer(without_placeholders(composed)):
        word = fold(match.group(1))[:MAX_WORD]
        if match.group(2) and len(word) == 1:
            word += "s"
        start, end = match.span()
        if word:
            yield Token(word, stem(word), start, end)


def words(text: str) -> list[str]:
    """The words of `tokenise` in order, without their places: what indexing needs, five times as fast."""
    composed = text if text.isascii() else unicodedata.normalize("NFC", text)
    found = []
    for letters, genitive in _WORD.findall(without_placeholders(composed)):
        word = (letters.lower() if letters.isascii() else fold(letters))[:MAX_WORD]
        if word:
            found.append(word + "s" if genitive and len(word) == 1 else word)
    return found


def joined(text: str) -> Iterator[str]:
    """The one-word spelling of each pair fastened by a hyphen: "id-kaart" gives "idkaart"."""
    for chain in _HYPHENATED.findall(without_placeholders(text)):
        for before, after in pairwise(words(chain)):
            if len(before) + len(after) <= MAX_WORD:
                yield before + after


def content(tokens: list[Token]) -> list[Token]:
    """The tokens that are about something; all of them when every one is a stop word."""
    return [token for token in tokens if not token.is_stop] or tokens
