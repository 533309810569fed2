"""What is kept of a query: words, never a person's number or address."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kcc.knowledge.search_counts import without_person


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Paspoort KWIJT", "paspoort kwijt"),
        ("  veel \t ruimte\n", "veel ruimte"),
        ("jan.jansen@voorbeeld.example paspoort", "@ paspoort"),
        ("mail naar jan @ voorbeeld.example", "mail naar @"),
        ("jan＠voorbeeld.example", "@"),
        ("bel 06-12345678 nu", "bel # nu"),
        ("06 12 34 56 78", "#"),
        ("06–1234–5678", "#"),
        ("+31 (0)6 1234 5678", "+#"),
        ("bsn 123456782", "bsn #"),
        ("1234.56.782", "#"),
        ("1, 2, 3, 4, 5, 6, 7, 8, 9", "#"),
        ("12\u200b345\u200b678", "#"),
        ("１２３４５６７８２", "#"),
        ("٠١٢٣٤٥٦٧٨", "#"),
        ("wet van 2026", "wet van 2026"),
        ("2 paspoorten voor 18 jaar", "2 paspoorten voor 18 jaar"),
        ("\x00\x07", ""),
        ("\ud800", ""),
        ("", ""),
        ("x" * 900, "x" * 200),
    ],
)
def test_words_are_kept_and_numbers_and_addresses_are_not(typed: str, kept: str) -> None:
    assert without_person(typed) == kept


WORDS = st.lists(st.sampled_from(["paspoort", "mijn", "kwijt", "2026", "18", "-", "?"]), max_size=4).map(" ".join)
DIGITS = st.text(st.characters(categories=["Nd"]), min_size=5, max_size=18)
SEPARATORS = st.sampled_from(["", " ", "-", ".", "/", " - ", "\u00a0", "–", ", ", "_", "\u200b"])


@given(WORDS, DIGITS, st.lists(SEPARATORS, min_size=18, max_size=18), WORDS)
def test_no_long_number_is_kept_however_it_is_grouped(
    before: str, digits: str, separators: list[str], after: str
) -> None:
    number = "".join(digit + separator for digit, separator in zip(digits, separators, strict=False))
    kept = without_person(f"{before}x {number}x {after}")
    assert "#" in kept
    assert not re.search(r"\d(\D{0,3}\d){4}", re.sub(r"[a-z?#]", "xxxx", kept))


@given(WORDS, st.emails(), WORDS)
def test_no_email_address_is_kept(before: str, email: str, after: str) -> None:
    kept = without_person(f"{before} {email} {after}")
    local, _, domain = email.lower().rpartition("@")
    assert "@" in kept or "#" in kept
    assert domain not in kept.split()
    assert f"{local}@" not in kept


@given(st.text())
@example("İ" * 300)
@example("\u0345" * 300)
def test_what_is_kept_fits_the_database(typed: str) -> None:
    kept = without_person(typed)
    assert len(kept) <= 200
    assert kept.isprintable()
    assert kept == " ".join(kept.lower().split())
