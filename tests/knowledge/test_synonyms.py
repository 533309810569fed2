"""The editors' files."""

from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from kcc.knowledge.analysis import stem
from kcc.knowledge.dictionary import dictionary_words
from kcc.knowledge.lexicon import Lexicon
from kcc.knowledge.synonyms import EditorialError, Synonyms, parse_compounds, parse_synonyms

KENNISBANK = Path(__file__).resolve().parents[2] / "kennisbank"


def test_a_group_finds_all_others() -> None:
    synonyms = parse_synonyms("grofvuil, grof vuil, bankstel  # opmerking\n")
    assert set(synonyms.pairs[("grof", "vuil")]) == {("grofvuil",), ("bankstel",)}
    assert synonyms.longest == 2


def test_an_arrow_goes_one_way() -> None:
    synonyms = parse_synonyms("brommer => bromfiets, scooter")
    assert synonyms.pairs == {("brommer",): ((stem("bromfiets"),), (stem("scooter"),))}


def test_phrases_are_found_in_a_row_of_stems() -> None:
    synonyms = parse_synonyms("grof vuil, grofvuil")
    assert list(synonyms.found_in(("mijn", "grof", "vuil", "kwijt"))) == [(1, 3, (("grofvuil",),))]


def test_a_word_may_be_in_several_lines() -> None:
    synonyms = parse_synonyms("pas, kaart\npas => paspoort")
    assert synonyms.pairs[("pas",)] == (("kaart",), ("paspoort",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\nvuil, !", r"lijst.txt:2: no words in '!'|lijst.txt:1: a group needs"),
        ("kat, hond\nfiets", "lijst.txt:2: a group needs two phrases"),
        ("verstopt, verstopt", "lijst.txt:1: a group needs two phrases"),
        ("=> fiets", "lijst.txt:1: no words in ''"),
        ("fiets =>", "lijst.txt:1: no words in ''"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(text: str, message: str) -> None:
    with pytest.raises(EditorialError, match=message):
        parse_synonyms(text, "lijst.txt")


def test_compound_exceptions() -> None:
    text = "# kop\n\nPaspoort\ngrofvuilophalen = grofvuil ophalen # zo\n"
    assert parse_compounds(text) == {"paspoort": ("paspoort",), "grofvuilophalen": ("grofvuil", "ophalen")}


@pytest.mark.parametrize(
    ("text", "line"),
    [("a b", 1), ("= b c", 1), ("goed\nbc = b", 2), ("x = ", 1), ("twee\ntwee", 2), ("id-kaart", 1)],
)
def test_a_broken_exception_is_named(text: str, line: int) -> None:
    with pytest.raises(EditorialError) as caught:
        parse_compounds(text, "delen.txt")
    assert str(caught.value).startswith(f"delen.txt:{line}: ")


@given(st.text(max_size=200))
def test_any_text_parses_or_is_refused(text: str) -> None:
    try:
        assert isinstance(parse_synonyms(text), Synonyms)
        parse_compounds(text)
    except EditorialError as problem:
        assert problem.line >= 1


def test_the_fingerprint_follows_every_part() -> None:
    plain = Lexicon()
    others = [
        Lexicon(synonyms=parse_synonyms("a1, b1")),
        Lexicon(exceptions={"paspoort": ("paspoort",)}),
        Lexicon(words=frozenset({"paspoort"})),
        Lexicon(words=frozenset({"paspoorf"})),
    ]
    assert len({lexicon.fingerprint for lexicon in (plain, *others)}) == 5
    assert Lexicon(words=frozenset({"a", "b"})).fingerprint == Lexicon(words=frozenset({"b", "a"})).fingerprint


def test_the_lexicon_of_the_kennisbank_can_be_used() -> None:
    lexicon = Lexicon.load(KENNISBANK)
    assert len(lexicon.synonyms.pairs) > 300
    assert lexicon.splitter.split("paspoort") == ()
    assert lexicon.words is dictionary_words()


def test_a_folder_without_files_has_an_empty_lexicon(tmp_path: Path) -> None:
    lexicon = Lexicon.load(tmp_path)
    assert (lexicon.synonyms.pairs, lexicon.exceptions) == ({}, {})


def test_without_the_word_list_it_works_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kcc.knowledge.dictionary.resources.files", lambda _: tmp_path)
    with structlog.testing.capture_logs() as logged:
        assert dictionary_words.__wrapped__() == frozenset()
    assert [line["event"] for line in logged] == ["dictionary_missing"]
