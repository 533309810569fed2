"""Contact details as people type them: taken in many ways, kept in one, and refused with a sentence."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.access import contact_details
from kcc.access.contact_details import (
    EMAIL_MAX,
    NAME_MAX,
    email_address,
    keyed,
    person_name,
    phone_number,
    readable_phone,
)

KEY = "a key that is only used in this test"
SENTENCES = {
    value
    for name, value in vars(contact_details).items()
    if name.startswith(("WRONG_", "NO_", "NAME_")) and name != "NAME_MAX"
}
PHONE_TEXTS = st.text(st.sampled_from("0123456789 +()-./٣"), max_size=45)
EMAIL_TEXTS = st.text(st.sampled_from('abcé."@-[]:xn0 ,<>'), max_size=40)
LETTERS = st.characters(categories=["Lu", "Ll", "Lo"])
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=9), min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("naam@voorbeeld.nl", "naam@voorbeeld.nl"),
        ("  Jan.de.Vries+gemeente@Voorbeeld.NL\n", "Jan.de.Vries+gemeente@voorbeeld.nl"),
        ("o'brien@mail.voorbeeld.example", "o'brien@mail.voorbeeld.example"),
        ("naam@münchen.example", "naam@xn--mnchen-3ya.example"),
        ("kassa@winkel.test", "kassa@winkel.test"),
    ],
)
def test_an_email_address_is_kept_in_one_way(typed: str, kept: str) -> None:
    assert email_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "@",
        "naam",
        "naam@",
        "@voorbeeld.nl",
        "naam@voorbeeld",
        "naam@localhost",
        "naam@@voorbeeld.nl",
        "naam..twee@voorbeeld.nl",
        "de naam@voorbeeld.nl",
        "Jan <naam@voorbeeld.nl>",
        "naam@voorbeeld.nl, tweede@voorbeeld.nl",
        "naam@voorbeeld.nl\r\nBcc: ander@voorbeeld.nl",
        "naam@[127.0.0.1]",
        '"de naam"@voorbeeld.nl',
        "naäm@voorbeeld.nl",
        "n" * 65 + "@voorbeeld.nl",
        "naam@" + "voorbeeld." * 25 + "nl",
        "naam@voorbeeld.nl\0",
    ],
)
def test_what_is_no_email_address_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"Vul een volledig e-mailadres in, zoals naam@voorbeeld\.nl"):
        email_address(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0612345678", "+31612345678"),
        ("06-12 34 56 78", "+31612345678"),
        ("06\u201112345678", "+31612345678"),
        ("06\u00a01234 5678", "+31612345678"),
        ("+31 6 12345678", "+31612345678"),
        ("+31 (0)6 12345678", "+31612345678"),
        ("0031 6 12345678", "+31612345678"),
        ("(020) 123 45 67", "+31201234567"),
        ("088 123 4567", "+31881234567"),
        ("+49 30 901820", "+4930901820"),
        ("0032 470 12 34 56", "+32470123456"),
        ("+599 717 1234", "+5997171234"),
    ],
)
def test_a_phone_number_is_kept_in_one_way(typed: str, kept: str) -> None:
    assert phone_number(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "+",
        "06",
        "061234567",
        "06123456789",
        "0000000000",
        "112",
        "nul zes",
        "06-BELONS22",
        "0612345678 of 0687654321",
        "0612345678/0687654321",
        "+999 123456789",
        "06" + " " * 40 + "12345678",
        "0612345678\0",
    ],
)
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"telefoonnummer van 10 cijfers in, of begin met \+ en de landcode"):
        phone_number(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Jan\t de  Vries \n", "Jan de Vries"),
        ("O'Brien-van 't Hof, mr. A.B.", "O'Brien-van 't Hof, mr. A.B."),
        ("محمد", "محمد"),
        ("李", "李"),
        ("Re\u0301ne\u0301", "Réné"),
        ("Jan\u200b\ufeff \u202ede Vries", "Jan de Vries"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("<b>Jan</b>", "<b>Jan</b>"),
        ("Piet 2e", "Piet 2e"),
        ("a" * NAME_MAX, "a" * NAME_MAX),
    ],
)
def test_a_name_is_kept_on_one_line(typed: str, kept: str) -> None:
    assert person_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Vul uw naam in"),
        (" \t\u200b ", "Vul uw naam in"),
        ("12345", "Vul uw naam in met letters"),
        ("...", "Vul uw naam in met letters"),
        ("😀", "Vul uw naam in met letters"),
        ("Jan\0", "Vul uw naam in zonder bijzondere tekens"),
        ("Jan\x1b[31m", "Vul uw naam in zonder bijzondere tekens"),
        ("Jan \ud800", "Vul uw naam in zonder bijzondere tekens"),
        ("Win HTTP://prijs.example", "Vul uw naam in, zonder internetadres"),
        ("https://prijs.example", "Vul uw naam in, zonder internetadres"),
        ("Www.prijs.example", "Vul uw naam in, zonder internetadres"),
        ("a" * (NAME_MAX + 1), "Vul een naam in van hooguit 100 tekens"),
        ("\u200b" * 100_000, "Vul een naam in van hooguit 100 tekens"),
    ],
)
def test_what_is_no_name_is_refused_and_told_why(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        person_name(typed)
    assert str(refused.value) == sentence


@given(st.one_of(st.text(), PHONE_TEXTS, EMAIL_TEXTS), st.sampled_from([email_address, phone_number, person_name]))
def test_any_text_is_kept_in_one_way_or_refused_with_a_sentence(text: str, check: Callable[[str], str]) -> None:
    try:
        kept = check(text)
    except ValueError as refused:
        assert str(refused) in SENTENCES
    else:
        assert check(kept) == kept
        assert len(kept) <= EMAIL_MAX
        assert "\n" not in kept


@given(st.integers(610_000_000, 658_999_999))
def test_every_dutch_mobile_number_is_taken_however_it_begins(number: int) -> None:
    assert (
        phone_number(f"0{number}") == phone_number(f"+31 {number}") == phone_number(f"0031{number}") == f"+31{number}"
    )


@given(WORDS, st.sampled_from([" ", "  ", "\t", " \r\n", "\u00a0"]))
def test_white_space_between_words_becomes_one_space(words: list[str], gap: str) -> None:
    assert person_name(gap.join(words)) == person_name(" ".join(words))


def test_a_keyed_hash_is_the_same_only_for_the_same_value_and_key() -> None:
    hashed = keyed(KEY, "naam@voorbeeld.nl")
    assert hashed == keyed(KEY, "naam@voorbeeld.nl")
    assert len({hashed, keyed(KEY, "ander@voorbeeld.nl"), keyed(KEY + "!", "naam@voorbeeld.nl")}) == 3
    assert len(bytes.fromhex(hashed)) == 32


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ("+31612345678", "06 12345678"),
        ("+31206241111", "020 624 1111"),
        ("+3114010", "14 010"),
        ("+3225551234", "+32 2 555 12 34"),
        ("+4930123456", "+49 30 123456"),
        ("+12125550123", "+1 212-555-0123"),
        ("", ""),
        ("geen nummer", "geen nummer"),
    ],
)
def test_a_phone_number_is_read_as_people_say_it(kept: str, read: str) -> None:
    assert readable_phone(kept) == read


@given(PHONE_TEXTS)
def test_a_number_as_it_is_read_is_the_same_number(typed: str) -> None:
    try:
        kept = phone_number(typed)
    except ValueError:
        return
    assert phone_number(readable_phone(kept)) == kept
