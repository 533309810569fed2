"""The piece of text with a hit in a list: readable from its first to its last word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.knowledge.views import excerpt


def _text(parts: list[tuple[str, bool]]) -> str:
    return "".join(piece for piece, _ in parts)


def test_a_short_text_stays_as_it_is() -> None:
    parts = [("Meld uw ", False), ("verhuizing", True), (" op tijd.", False)]
    assert excerpt(parts) == parts


def test_a_long_text_ends_with_a_sentence_that_is_near() -> None:
    text = "U haalt het zelf op. Dat kan aan de balie. Neem uw oude paspoort mee naar het stadhuis"
    assert _text(excerpt([(text, False)], 60)) == "U haalt het zelf op. Dat kan aan de balie."


def test_otherwise_it_ends_after_a_word_with_an_ellipsis() -> None:
    text = "Neem uw oude paspoort, uw rijbewijs en een pasfoto mee naar de balie van het stadhuis."
    assert _text(excerpt([(text, False)], 23)) == "Neem uw oude paspoort…"


def test_a_piece_that_was_cut_before_gets_an_ellipsis_too() -> None:
    assert _text(excerpt([("Nee. U hebt een pas", False)], 200)) == "Nee. U hebt een pas…"
    assert _text(excerpt([("en daarna niet meer.", False)], 200)) == "…en daarna niet meer."


def test_what_was_found_is_kept_although_a_sentence_ends_before_it() -> None:
    parts = [("Eerst dit. Dan dat. Breng daarna uw ", False), ("grofvuil", True), (" weg naar de straat hier.", False)]
    assert _text(excerpt(parts, 50)) == "Eerst dit. Dan dat. Breng daarna uw grofvuil weg…"
    assert ("grofvuil", True) in excerpt(parts, 50)


def test_a_heading_is_told_from_the_text_below_it() -> None:
    parts = [("Dat kan.\nKosten\nHet kost niets.\nWat is het?\n", False), ("Grofvuil", True), (" is groot.", False)]
    assert _text(excerpt(parts)) == "Dat kan. Kosten – Het kost niets. Wat is het? Grofvuil is groot."


@pytest.mark.parametrize("parts", [[], [("", False)]])
def test_nothing_stays_nothing(parts: list[tuple[str, bool]]) -> None:
    assert _text(excerpt(parts)) == ""


@given(st.lists(st.tuples(st.text(alphabet="aA .?!,\n–é", max_size=60), st.booleans())), st.integers(10, 200))
def test_it_is_never_longer_than_asked_nor_on_two_lines(parts: list[tuple[str, bool]], length: int) -> None:
    shown = _text(excerpt(parts, length))
    assert len(shown) <= length + 2
    assert "\n" not in shown
