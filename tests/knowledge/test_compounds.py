"""Compounds into parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.knowledge.compounds import CompoundSplitter, infinitive

TEXT = """afval akte aanvraag belasting bewijs bezwaar geboorte hond huis huwelijk identiteit kaart kosten leges
parkeren paspoort poort schrift stemmen tarief vergunning verhuizen vuil zak"""
WORDS = frozenset(TEXT.split())
SPLITTER = CompoundSplitter(WORDS, {"paspoort": ("paspoort",), "grofvuilophalen": ("grofvuil", "ophalen")})


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("geboorteakte", ("geboorte", "akte")),
        ("identiteitskaart", ("identiteit", "kaart")),
        ("hondenbelasting", ("hond", "belasting")),
        ("verhuiskosten", ("verhuis", "kosten")),
        ("parkeervergunning", ("parkeer", "vergunning")),
        ("parkeervergunningen", ("parkeer", "vergunningen")),
        ("geboorteaktes", ("geboorte", "aktes")),
        ("huwelijksaktetarief", ("huwelijk", "akte", "tarief")),
        ("paspoortaanvraag", ("paspoort", "aanvraag")),
    ],
)
def test_a_compound_falls_into_its_parts(word: str, parts: tuple[str, ...]) -> None:
    assert SPLITTER.split(word) == parts


@pytest.mark.parametrize("word", ["paspoort", "huis", "vergunning", "xyz", "", "a", "123456789012", "zwevend"])
def test_other_words_stay_whole(word: str) -> None:
    assert SPLITTER.split(word) == ()


def test_exceptions_have_the_last_word() -> None:
    assert SPLITTER.split("grofvuilophalen") == ("grofvuil", "ophalen")


def test_without_words_only_exceptions_split() -> None:
    assert CompoundSplitter((), {"afvalpas": ("afval", "pas")}).split("afvalpas") == ("afval", "pas")
    assert CompoundSplitter((), {}).split("geboorteakte") == ()


@pytest.mark.parametrize(
    ("part", "verb"),
    [
        ("verhuis", "verhuizen"),
        ("parkeer", "parkeren"),
        ("stem", "stemmen"),
        ("meld", "melden"),
        ("schrijf", "schrijven"),
    ],
)
def test_the_infinitive_of_a_verbal_part(part: str, verb: str) -> None:
    assert infinitive(part) == verb


@given(st.text("abdeghiknoprstuvz", max_size=45))
def test_parts_are_pieces_of_the_word_in_order(word: str) -> None:
    rest = word
    parts = SPLITTER.split(word)
    assert len(parts) != 1
    for part in parts:
        assert part in rest
        rest = rest[rest.index(part) + len(part) :]


@given(st.lists(st.sampled_from(sorted(WORDS - {"parkeren", "stemmen", "verhuizen", "zak"})), min_size=2, max_size=3))
def test_what_was_put_together_comes_apart(parts: list[str]) -> None:
    assert len(SPLITTER.split("".join(parts))) >= 2 or len("".join(parts)) > 40
