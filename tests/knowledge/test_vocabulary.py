"""Completions and neighbours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.knowledge.vocabulary import Vocabulary, format_counts, parse_counts

WORDS = Vocabulary({"paspoort": 9, "paspoorten": 2, "pasfoto": 4, "passen": 1, "rijbewijs": 5, "raspoort": 1, "vog": 3})

counts = st.dictionaries(st.text("abcdef", min_size=1, max_size=8), st.integers(1, 50), max_size=40)


def test_completions_most_used_first() -> None:
    assert WORDS.completions("pas") == ["paspoort", "pasfoto", "paspoorten", "passen"]
    assert WORDS.completions("pas", limit=2) == ["paspoort", "pasfoto"]
    assert WORDS.completions("paspoort") == ["paspoort", "paspoorten"]


def test_no_beginning_and_a_strange_beginning_complete_to_nothing() -> None:
    assert WORDS.completions("") == []
    assert WORDS.completions("xyz") == []


@pytest.mark.parametrize("slip", ["paspoprt", "pspoort", "paspooort", "papsoort"])
def test_a_slip_is_one_step_away(slip: str) -> None:
    [near] = WORDS.neighbours(slip, 1)
    assert (near.word, near.distance, near.weight) == ("paspoort", 1, 0.8)


def test_two_steps_count_less_and_only_for_longer_words() -> None:
    [far] = WORDS.neighbours("pasporrd", 2)
    assert (far.word, far.weight) == ("paspoort", 0.5)
    assert WORDS.neighbours("vg", 1) == []
    assert WORDS.neighbours("pasen", 2) == []


def test_the_first_letter_is_right() -> None:
    assert [near.word for near in WORDS.neighbours("raspoort", 1)] == []
    assert "paspoort" not in [near.word for near in WORDS.neighbours("easpoort", 1)]


def test_a_hardly_used_neighbour_gives_way() -> None:
    words = Vocabulary({"boete": 20, "boede": 1})
    assert [near.word for near in words.neighbours("boefe", 1)] == ["boete"]


def test_extended_knows_both() -> None:
    larger = WORDS.extended({"paspoortje": 1})
    assert "paspoortje" in larger
    assert "paspoortje" not in WORDS
    assert larger.completions("paspoort") == ["paspoort", "paspoorten", "paspoortje"]
    assert WORDS.extended({"vog": 1}) is WORDS


@given(counts, st.text("abcdef", min_size=1, max_size=4))
def test_completions_are_what_a_scan_finds(words: dict[str, int], beginning: str) -> None:
    expected = sorted((word for word in words if word.startswith(beginning)), key=lambda word: (-words[word], word))
    assert Vocabulary(words).completions(beginning) == expected[:16]


@given(counts, counts, st.text("abcdef", min_size=1, max_size=4))
def test_extending_is_building_from_both(first: dict[str, int], second: dict[str, int], beginning: str) -> None:
    both = {**second, **first}
    assert list(Vocabulary(first).extended(second)) == list(Vocabulary(both))
    assert Vocabulary(first).extended(second).completions(beginning) == Vocabulary(both).completions(beginning)


@given(counts)
def test_counts_survive_writing(words: dict[str, int]) -> None:
    assert parse_counts(format_counts(words).splitlines()) == words


def test_a_broken_line_is_refused() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        parse_counts(["paspoort"])
