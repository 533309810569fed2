"""What is taken for a citizen service number. The numbers here are made up: they only pass the eleven-test."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kcc.access.bsn import contains_bsn

TEXTS = st.text(st.sampled_from("0123456789 .a-"), max_size=30)
GAPS = st.lists(st.sampled_from(["", " ", ".", ". "]), min_size=9, max_size=9)


def _passes(digits: str) -> bool:
    total = sum((9 - place) * int(digit) for place, digit in enumerate(digits[:8])) - int(digits[8])
    return total % 11 == 0 and digits != "000000000"


def _model(text: str) -> bool:
    """Look at every stretch of the text there is."""
    for start in range(len(text)):
        for end in range(start + 9, len(text) + 1):
            stretch = text[start:end]
            digits = stretch.replace(" ", "").replace(".", "")
            whole = stretch[0].isdigit() and stretch[-1].isdigit() and len(digits) == 9 and digits.isdigit()
            alone = not text[:start][-1:].isdigit() and not text[end:][:1].isdigit()
            if whole and alone and _passes(digits):
                return True
    return False


@pytest.mark.parametrize(
    "text",
    [
        "111222333",
        "111 222 333",
        "1112.22.333",
        "Mijn nummer is 123456782.",
        "bsn123456782",
        "loket 3 123456782",
        "000000012",
        "999999990 en 123456782",
    ],
)
def test_nine_digits_that_pass_the_eleven_test_are_found(text: str) -> None:
    assert contains_bsn(text)


@pytest.mark.parametrize(
    "text",
    ["", "123456789", "000000000", "12345678", "1234567820", "0123456782", "123-456-782", "06 12 34 56 78", "geen"],
)
def test_other_numbers_are_not(text: str) -> None:
    assert not contains_bsn(text)


@given(TEXTS)
@example("1 111222333 4")
@example("111222333 111222334")
def test_any_text_is_judged_as_by_looking_at_every_stretch(text: str) -> None:
    assert contains_bsn(text) == _model(text)


@given(st.integers(1, 10**9 - 1), GAPS)
def test_however_it_is_spaced(number: int, gaps: list[str]) -> None:
    digits = f"{number:09}"
    spaced = "".join(map("".join, zip(digits, gaps, strict=True)))
    assert contains_bsn(f"Jan {spaced} de Vries") == _passes(digits)


@given(st.text())
def test_no_text_upsets_it(text: str) -> None:
    assert contains_bsn(text) in (True, False)
