"""What is found, for whom, and what is shown of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcc.knowledge.ranking import Ranking, fuse
from kcc.knowledge.search import Engine, Filters
from tests.knowledge.searching import AGENT, DOCUMENTS, RESIDENT, TODAY, document, engine, slugs


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    yield engine(tmp_path_factory.mktemp("index"))


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("paspoort aanvragen", "paspoort-aanvragen"),
        ("ik wil graag een nieuw paspoort", "paspoort-aanvragen"),
        ("PASPOORTEN", "paspoort-aanvragen"),
        ("pasport", "paspoort-aanvragen"),
        ("paspoort gejat", "paspoort-kwijt"),
        ("grof afval", "grofvuil"),
        ("geboorte akte", "geboorteakte"),
        ("idkaart", "id-kaart"),
        ("id kaart", "id-kaart"),
        ("verhuis kosten", "verhuiskosten"),
        ("containerkosten", "verhuiskosten"),
        ("legitimatiebewijs", "id-kaart"),
        ("kliko", "container"),
    ],
)
def test_the_right_article_comes_first(ours: Engine, query: str, slug: str) -> None:
    found = slugs(ours, query)
    assert slug in (found[:2] if query == "containerkosten" else found[:1])


def test_a_corrected_word_is_said(ours: Engine) -> None:
    assert ours.search("Mijn pasport  kwijt", AGENT).suggestion == "Mijn paspoort kwijt"
    assert ours.search("mijn paspoort kwijt", AGENT).suggestion is None


def test_typing_finds_what_the_last_word_may_become(ours: Engine) -> None:
    assert slugs(ours, "paspoort aanvr", typing=True)[0] == "paspoort-aanvragen"
    assert slugs(ours, "contai", typing=True) == ["container"]
    assert slugs(ours, "contai") == []
    assert slugs(ours, "contai ", typing=True) == []


def test_completions_are_phrases_of_the_articles(ours: Engine) -> None:
    found = ours.complete("mijn pasp", AGENT)
    assert ("mijn paspoort is verlopen wat nu", "paspoort-aanvragen") in [(each.text, each.slug) for each in found]
    assert [each.text for each in ours.complete("legit", RESIDENT)] == ["legitimatiebewijs"]
    assert ours.complete("", RESIDENT) == []


@pytest.mark.parametrize("query", ["zevenblad", "geheimwoord", "agressie", "curaçaose", "nationaliteit"])
def test_residents_find_nothing_that_is_for_agents(ours: Engine, query: str) -> None:
    assert slugs(ours, query)
    for text in (query, query[:-1] + "x", query[:-2], query + "s"):
        answer = ours.search(text, RESIDENT, typing=True)
        assert {hit.audience for hit in answer.hits} <= {"public"}
        assert query not in (answer.suggestion or "")
        assert all(query not in each.text.lower() for each in ours.complete(text, RESIDENT))
    assert ours.search(query, RESIDENT, typing=True).hits == ()


def test_what_is_not_public_any_more_is_not_even_a_correction(tmp_path: Path) -> None:
    public = document("over", "Over zevenblad")
    found = engine(tmp_path, [public, *DOCUMENTS])
    assert found.search("zevenbald", RESIDENT).suggestion == "zevenblad"
    from kcc.knowledge.index import apply
    from tests.knowledge.searching import LEXICON

    apply(tmp_path, [replace(public, audience="agents")], [], lexicon=LEXICON, position=2)
    answer = found.search("zevenbald", RESIDENT, typing=True)
    assert (answer.hits, answer.suggestion) == ((), None)
    assert found.complete("zeven", RESIDENT) == []
    assert found.search("zevenbald", AGENT).suggestion == "zevenblad"


def test_residents_see_no_internal_text(ours: Engine) -> None:
    [hit] = ours.search("pasfoto", RESIDENT).hits
    assert "Curaçaose" not in "".join(text for text, _ in hit.snippet)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(audience="agents", today=TODAY, topic="vermissing"), {"paspoort-kwijt"}),
        (Filters(audience="agents", today=TODAY, topic="reisdocumenten"), {"paspoort-kwijt", "paspoort-aanvragen"}),
        (Filters(audience="agents", today=TODAY, department="Afval"), set()),
        (Filters(audience="agents", today=TODAY, language="en"), set()),
        (Filters(audience="agents", today=TODAY, topic="nergens"), set()),
    ],
)
def test_filters_narrow(ours: Engine, filters: Filters, expected: set[str]) -> None:
    answer = ours.search("paspoort", filters)
    assert {hit.slug for hit in answer.hits} == expected
    assert answer.total == len(expected)


@pytest.mark.parametrize(("day", "found"), [(20, []), (21, ["actie"]), (22, [])])
def test_validity_includes_both_ends(ours: Engine, day: int, found: list[str]) -> None:
    assert slugs(ours, "compost", Filters(audience="public", today=date(2026, 11, day))) == found


def test_a_hit_shows_the_article_with_what_matched_marked(ours: Engine) -> None:
    hit = ours.search("pasfoto", RESIDENT).hits[0]
    assert (hit.slug, hit.title, hit.topic, hit.group) == (
        "paspoort-aanvragen", "Paspoort aanvragen", "paspoort", "reisdocumenten",
    )  # fmt: skip
    assert (hit.source_id, hit.audience, hit.updated_at) == ("bron-1", "public", DOCUMENTS[0].updated_at)
    assert [text for text, is_match in hit.snippet if is_match] == ["pasfoto"]
    assert "{{paspoort-18-plus}}" in "".join(text for text, _ in hit.snippet)


def test_a_long_text_gives_the_piece_with_the_words(tmp_path: Path) -> None:
    body = "Er staat hier van alles. " * 60 + "Een vlieger is verboden bij het vliegveld. " + "En nog meer. " * 60
    hit = engine(tmp_path, [document("lang", "Lang verhaal", body=body)]).search("vlieger verboden", AGENT).hits[0]
    shown = "".join(text for text, _ in hit.snippet)
    assert shown.startswith("Een vlieger is verboden")
    assert len(shown) <= 200
    assert [text for text, is_match in hit.snippet if is_match][:2] == ["vlieger", "verboden"]


def test_pages_follow_on_each_other(ours: Engine) -> None:
    everything = slugs(ours, "paspoort container grofvuil kaart")
    pages = [ours.search("paspoort container grofvuil kaart", AGENT, limit=2, offset=at) for at in (0, 2, 4)]
    assert [hit.slug for page in pages for hit in page.hits] == everything[:6]
    assert {page.total for page in pages} == {len(everything)}


def test_related_articles_leave_out_the_article_itself(ours: Engine) -> None:
    related = [hit.slug for hit in ours.related("paspoort-aanvragen", RESIDENT)]
    assert related[0] == "paspoort-kwijt"
    assert "paspoort-aanvragen" not in related
    assert ours.related("agressie", RESIDENT) == []
    assert ours.related("bestaat-niet", AGENT) == []


def test_only_stop_words_are_looked_for_as_they_are(ours: Engine) -> None:
    assert slugs(ours, "wat nu") == ["paspoort-aanvragen"]


def test_the_same_answer_is_remembered_until_the_index_changes(ours: Engine) -> None:
    assert ours.search("paspoort", AGENT) is ours.search("  PASPOORT ", AGENT)
    assert ours.search("paspoort", AGENT) is not ours.search("paspoort", RESIDENT)


STRANGE = [
    "", " ", "\0", "\ud800\udfff\udc00", "🙂🙂", "AND OR NOT", "title:* [a TO b] ~2 \\", '"de"', "日本語 العربية",
    "\u202e", "%", "x" * 100_000, "paspoort " * 5_000, "{{", "a" * 41, "½ ﷺ ǅ",
]  # fmt: skip


@pytest.mark.parametrize("query", STRANGE)
def test_any_query_has_an_answer(ours: Engine, query: str) -> None:
    for typing in (False, True):
        assert ours.search(query, AGENT, typing=typing).total >= 0
    ours.complete(query, RESIDENT)
    ours.related(query, RESIDENT)


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(codec=None), max_size=60), st.integers(-5, 50), st.integers(-5, 50))
def test_no_text_raises(ours: Engine, query: str, limit: int, offset: int) -> None:
    answer = ours.search(query, RESIDENT, limit=limit, offset=offset, typing=True)
    assert len(answer.hits) <= max(0, limit)
    assert all(hit.audience == "public" for hit in answer.hits)
    ours.complete(query, RESIDENT)


@given(st.lists(st.permutations(range(6)), min_size=1, max_size=3))
def test_fusing_keeps_everything_once_and_one_order_as_it_is(orders: list[list[int]]) -> None:
    rankings = [Ranking([(number, 1.0) for number in order], 6) for order in orders]
    fused = [number for number, _ in fuse(rankings, 10).found]
    assert sorted(fused) == list(range(6))
    if all(order == orders[0] for order in orders):
        assert fused == orders[0]


def test_two_rankers_meet_in_the_middle() -> None:
    first, second = Ranking([(1, 9.0), (2, 8.0), (3, 7.0)], 3), Ranking([(3, 0.9), (2, 0.8), (4, 0.1)], 3)
    assert [number for number, _ in fuse([first, second], 3).found][:2] == [3, 2]
