"""Dutch text to terms."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from kcc.knowledge.analysis import MAX_WORD, content, fold, joined, stem, tokenise, words

any_text = st.text(st.characters(codec=None), max_size=300)


def found(text: str) -> list[str]:
    return [token.word for token in tokenise(text)]


def test_fold_drops_case_accents_and_ligatures() -> None:
    assert fold("Één Ĳsco CAFÉ ﬁets") == "een ijsco cafe fiets"


def test_words_are_folded_and_marks_divide() -> None:
    assert found("Mijn id-kaart, of: rijbewijs (B)?") == ["mijn", "id", "kaart", "of", "rijbewijs", "b"]


def test_apostrophe_s_belongs_to_its_word() -> None:
    assert found("twee foto's en opa’s fiets") == ["twee", "foto", "en", "opa", "fiets"]


def test_an_accent_as_a_separate_mark_does_not_divide_a_word() -> None:
    assert found(unicodedata.normalize("NFD", "geïnd café")) == ["geind", "cafe"]


def test_fee_placeholders_are_no_words() -> None:
    assert found("Dat kost {{paspoort-18-plus}} per stuk") == ["dat", "kost", "per", "stuk"]
    assert words("{{code}}kosten") == ["kosten"]


def test_hyphenated_words_also_make_one_word() -> None:
    assert list(joined("een id-kaart en een e-mail-adres - of niet")) == ["idkaart", "email", "mailadres"]
    assert list(joined("{{paspoort-18-plus}}")) == []


def test_forms_of_a_word_share_a_stem() -> None:
    assert stem("rijbewijs") == stem("rijbewijzen")
    assert stem("verhuizing") == stem("verhuizen")
    assert stem("paspoort") != stem("rijbewijs")


def test_stop_words_are_left_out_unless_there_is_nothing_else() -> None:
    assert [token.word for token in content(list(tokenise("hoe kan ik mijn paspoort verlengen")))] == [
        "paspoort",
        "verlengen",
    ]
    assert [token.word for token in content(list(tokenise("wat is dat")))] == ["wat", "is", "dat"]


def test_tokens_say_where_they_stand() -> None:
    text = "Een nieuw paspoort."
    assert [text[token.start : token.end] for token in tokenise(text)] == ["Een", "nieuw", "paspoort"]


@given(any_text)
def test_any_text_has_clean_words(text: str) -> None:
    for token in tokenise(text):
        assert 0 < len(token.word) <= MAX_WORD
        assert token.word.isalnum() or not token.word.isascii()
        token.stem.encode()


@given(any_text)
def test_indexing_and_searching_see_the_same_words(text: str) -> None:
    assert words(text) == found(text)


@given(st.text("abcdefghijklmnopqrstuvwxyzéëïöü'-. ", max_size=200))
def test_case_does_not_matter(text: str) -> None:
    assert words(text.upper()) == words(text)
