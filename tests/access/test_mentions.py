"""Contact details within running text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.access.mentions import mentions_email, mentions_phone

SEPARATORS = st.sampled_from(["", " ", "-", ".", "/", " - "])
DIGITS = st.text("0123456789", min_size=8, max_size=8)


@pytest.mark.parametrize(
    "text", ["jan@voorbeeld.test", "mail naar J.van-Voor+1@sub.voorbeeld.test, graag", "(a@b.nl)", "<a@b.nl>"]
)
def test_an_address_is_found(text: str) -> None:
    assert mentions_email(f"{text} dank")


@pytest.mark.parametrize("text", ["", "@", "prima @ de balie", "5 @ 3", "a@b", "om 10.30 @balie 4.2", "a@ b.nl"])
def test_what_is_no_address(text: str) -> None:
    assert not mentions_email(text)


@pytest.mark.parametrize(
    "text",
    [
        "0612345678",
        "bel 06-12345678.",
        "(020) 123 45 67",
        "+31 6 1234 5678",
        "0031612345678",
        "+32 2 555 12 34",
        "op 24-11-2026: 06 12345678",
    ],
)
def test_a_number_is_found(text: str) -> None:
    assert mentions_phone(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "14 0123",
        "112",
        "op 02-03-2026 10.30 uur",
        "02.03.2026 10",
        "1234 AB 12",
        "10.30, 11.30 en 12.30 uur",
        "zaak 2026001234567",
        "het kostte 83,87 en duurde 45 minuten",
        "061234567",
        "06123456789",
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert not mentions_phone(text)


@given(DIGITS, st.lists(SEPARATORS, min_size=9, max_size=9), st.sampled_from("123456789"))
def test_whatever_stands_between_the_digits(rest: str, between: list[str], first: str) -> None:
    number = "0" + "".join(sign + digit for sign, digit in zip(between, first + rest, strict=True))
    assert mentions_phone(f"Bel {number} a.u.b.") or "20" in number or "19" in number
