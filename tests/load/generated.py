"""Dutch-looking articles without end, the same for the same seed: for measuring, not for reading.

The words of the kennisbank come as often as they do there; beside them each article has words of its own subject, drawn
from the Dutch word list by Zipf's law, so that vocabulary and posting lists grow as with real articles.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

from kcc.knowledge.dictionary import dictionary_words
from kcc.knowledge.index import Document

KENNISBANK = Path(__file__).resolve().parents[2] / "kennisbank" / "articles"
_WORD = re.compile(r"[^\W\d_]{2,}")


class Generator:
    """Articles and queries from one seed."""

    def __init__(self, seed: int = 20261121) -> None:
        self._random = random.Random(seed)
        counts: Counter[str] = Counter()
        for path in sorted(KENNISBANK.rglob("*.md")):
            counts.update(_WORD.findall(path.read_text("utf-8").partition("\n---\n")[2]))
        self._common = list(counts)
        self._common_weights = list(accumulate(counts.values()))
        self._subjects = sorted(word for word in dictionary_words() if 4 <= len(word) <= 20) or self._common
        self._random.shuffle(self._subjects)
        self._subject_weights = list(accumulate(1 / (rank + 10) for rank in range(len(self._subjects))))

    def articles(self, count: int) -> Iterator[Document]:
        """`count` articles of 300 to 600 words, with slugs `artikel-0` and on."""
        return (self.article(number) for number in range(count))

    def article(self, number: int) -> Document:
        """One article about a subject of its own."""
        subject = self.subjects(24)
        variants = tuple(self._sentence(subject, self._random.randint(5, 10), 0.4) for _ in range(9))
        return Document(
            slug=f"artikel-{number}",
            title=self._sentence(subject[:6], self._random.randint(2, 5), 0.7).capitalize(),
            upl=" ".join(subject[:2]),
            variants=variants,
            synonyms=tuple(" ".join(self._random.sample(subject, 2)) for _ in range(4)),
            short_answer=self._text(subject, 30),
            body=self._text(subject, self._random.randint(270, 510)),
            internal=self._text(subject, self._random.randint(20, 60)),
            topic=f"onderwerp-{number % 97}",
            group=f"groep-{number % 13}",
            department=f"afdeling-{number % 11}",
            audience="agents" if number % 20 == 0 else "public",
            language="nl",
            valid_from=None,
            valid_until=None,
            source_id=None,
            updated_at=datetime(2026, 11, 21, tzinfo=UTC),
        )

    def subjects(self, count: int) -> list[str]:
        """Words that articles are about, the frequent ones often."""
        return self._random.choices(self._subjects, cum_weights=self._subject_weights, k=count)

    def queries(self, documents: list[Document], count: int) -> list[str]:
        """Queries of one to four words, each from one article, no two alike."""
        found: dict[str, None] = {}
        while len(found) < count:
            document = self._random.choice(documents)
            words = _WORD.findall(" ".join((document.title, *document.variants, *document.synonyms)))
            chosen = [word.lower() for word in words if len(word) > 3]
            found[" ".join(self._random.sample(chosen, min(len(chosen), self._random.randint(1, 4))))] = None
        return list(found)

    def unfinished(self, query: str) -> str:
        """The query as it stands somewhere within its last word."""
        last = query.rsplit(maxsplit=1)[-1]
        return query[: len(query) - len(last) + self._random.randint(2, max(2, len(last) - 1))]

    def misspelt(self, query: str) -> str:
        """The query with a slip in its longest word: a letter lost, doubled, changed or swapped."""
        word = max(query.split(), key=len)
        place = self._random.randint(1, len(word) - 2)
        slips = (
            word[:place] + word[place + 1 :],
            word[:place] + word[place] + word[place:],
            word[:place] + self._random.choice("aeioutnrs") + word[place + 1 :],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        )
        return query.replace(word, self._random.choice(slips), 1)

    def _words(self, subject: list[str], count: int, share: float) -> list[str]:
        common = self._random.choices(self._common, cum_weights=self._common_weights, k=count)
        own = self._random.choices(subject, k=count)
        return [own[at] if self._random.random() < share else common[at] for at in range(count)]

    def _sentence(self, subject: list[str], count: int, share: float) -> str:
        return " ".join(self._words(subject, count, share))

    def _text(self, subject: list[str], count: int) -> str:
        words = self._words(subject, count, 0.25)
        sentences = [" ".join(words[at : at + 12]).capitalize() + "." for at in range(0, count, 12)]
        return " ".join(sentences)
