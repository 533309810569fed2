"""Article files: what is read from them, and what is said of broken ones."""

from datetime import date
from pathlib import Path

import pytest

from kcc.knowledge.content import ContentError, parse_article, slug_of
from tests.knowledge.drafting import TEXT, article_file


def refusal(text: str) -> ContentError:
    with pytest.raises(ContentError) as caught:
        parse_article(text, "hond.md")
    return caught.value


def test_text_below_the_agents_heading_is_internal() -> None:
    content = parse_article(TEXT, "hond.md")
    assert content.body == "## Zo werkt het\n\nMeld de hond online aan."
    assert content.internal == "Vraag naar het adres."


def test_all_fields_are_read() -> None:
    content = parse_article(
        article_file(
            upl="hondenbelasting", department="afval", audience="agents", status="draft", language="en",
            facts='{Kosten: "{{hond}}"}', variants="[mijn hond is nieuw]", synonyms="[puppy]", related="[hond-regels]",
            product="hond", form="https://formulieren.voorbeeld.example/hond?a=1", validFrom="2026-01-01",
            validUntil="2026-12-31", reviewDate="2027-02-01",
        ),
        "hond.md",
    )  # fmt: skip
    assert (content.upl, content.department, content.product) == ("hondenbelasting", "afval", "hond")
    assert (content.audience, content.status, content.language) == ("agents", "draft", "en")
    assert (content.facts, content.variants) == ({"Kosten": "{{hond}}"}, ["mijn hond is nieuw"])
    assert (content.synonyms, content.related) == (["puppy"], ["hond-regels"])
    assert content.form == "https://formulieren.voorbeeld.example/hond?a=1"
    assert (content.valid_from, content.valid_until) == (date(2026, 1, 1), date(2026, 12, 31))
    assert content.review_date == date(2027, 2, 1)


@pytest.mark.parametrize("change", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")])
def test_files_of_other_systems_read_the_same(change: object) -> None:
    assert parse_article(change(TEXT), "hond.md") == parse_article(TEXT, "hond.md")  # type: ignore[operator]


def test_only_line_breaks_break_lines() -> None:
    content = parse_article(article_file(body="een\u2028regel\x85door"), "hond.md")
    assert content.body == "een\u2028regel\x85door"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "front matter"),
        ("Zomaar tekst.\n", 1, "front matter"),
        ("---\ntitle: x\n", 1, "not closed"),
        ("---\n---\nTekst.\n", 2, "must be fields"),
        ("---\n- een\n- lijst\n---\nTekst.\n", 2, "must be fields"),
        (article_file(shortAnswer="[niet dicht"), 4, "not valid YAML"),
        (article_file(upl="a: b"), 5, "not valid YAML"),
        (article_file(upl="\tx"), 5, "not valid YAML"),
        (article_file(upl="*nergens"), 5, "not valid YAML"),
        (article_file(upl="!!python/object/apply:os.system [ls]"), 5, "not valid YAML"),
        (article_file(validFrom="2026-13-45"), 5, "not valid YAML"),
        (article_file(related="[" * 5000), 1, "not valid YAML"),
        (article_file(shortAnswer="kort\ntitle: nog een keer"), 5, "title: given twice"),
        (article_file(kleur="blauw"), 5, "kleur: unknown field"),
        (article_file(sourceId="1"), 5, "sourceId: unknown field"),
        (article_file(body="x", internal="geheim"), 5, "below the front matter"),
        (article_file(without="title"), 1, "title: Field required"),
        (article_file(without="shortAnswer"), 1, "shortAnswer: Field required"),
        (article_file(title="''"), 2, "title: "),
        (article_file(title="2026"), 2, "title: "),
        (article_file(title='"twee\\nregels"'), 2, "title: "),
        (article_file(title=f"'{'x' * 201}'"), 2, "title: "),
        (article_file(title='"Hond \\a"'), 2, "title: "),
        (article_file(title='"\\0"'), 2, "title: "),
        (article_file(topic="Niet Goed"), 3, "topic: "),
        (article_file(shortAnswer="' '"), 4, "shortAnswer: "),
        (article_file(shortAnswer=f"'{'x' * 601}'"), 4, "shortAnswer: "),
        (article_file(audience="iedereen"), 5, "audience: "),
        (article_file(status="klaar"), 5, "status: "),
        (article_file(language="Nederlands"), 5, "language: "),
        (article_file(form="javascript:alert(1)"), 5, "form: "),
        (article_file(form="//elders.example"), 5, "form: "),
        (article_file(validFrom="morgen"), 5, "validFrom: "),
        (article_file(variants="geen lijst"), 5, "variants: "),
        (article_file(variants="[1]"), 5, "variants: "),
        (article_file(facts="[a, b]"), 5, "facts: "),
        (article_file(facts="{a: b, c: d, e: f, g: h, i: j, k: l, m: n}"), 5, "facts: "),
        (article_file(facts='{" ": b}'), 5, "facts: "),
        (article_file(related="[Geen Slug]"), 5, "related: "),
        (article_file(validFrom="2026-02-01", validUntil="2026-01-31"), 6, "validUntil"),
        (article_file(body="bel \x07"), 6, "body: "),
        (article_file(body="x" * 20_001), 6, "body: "),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 30 else "",
)
def test_a_broken_file_is_refused_with_its_line(text: str, line: int, said: str) -> None:
    error = refusal(text)
    assert (error.source, error.line) == ("hond.md", line)
    assert said in error.message
    assert str(error).startswith(f"hond.md:{line}: ")


@pytest.mark.parametrize(
    "heading",
    [
        "### Alleen voor medewerkers",
        "## alleen voor medewerkers",
        "## Alleen voor medewerkers:",
        "## Alleen voor medewerkers ##",
        "##Alleen voor medewerkers",
        "  ## Alleen voor medewerkers",
        "**Alleen voor medewerkers**",
        "Alleen voor medewerkers\n-----------------------",
    ],
)
def test_an_agents_heading_that_would_leave_the_text_public_is_refused(heading: str) -> None:
    error = refusal(article_file(body=f"Voor iedereen.\n\n{heading}\n\nHet geheime toestel is 5."))
    assert error.line == 6
    assert "internal" in error.message


def test_the_words_of_the_agents_heading_may_stand_in_a_sentence() -> None:
    content = parse_article(article_file(body="Deze ingang is alleen voor medewerkers. U belt aan."), "hond.md")
    assert content.internal == ""


def test_an_article_may_be_its_short_answer_alone() -> None:
    assert parse_article(article_file(body=""), "hond.md").body == ""


@pytest.mark.parametrize("name", ["paspoort.md", "paspoort-kwijt-2.md"])
def test_the_file_name_is_the_slug(name: str) -> None:
    assert slug_of(Path("map") / name) == name.removesuffix(".md")


@pytest.mark.parametrize(
    "name", ["Paspoort.md", "paspoort kwijt.md", "-x.md", "a--b.md", "café.md", "a_b.md", "x" * 121]
)
def test_a_file_name_that_is_no_slug_is_refused(name: str) -> None:
    with pytest.raises(ContentError, match="file name"):
        slug_of(Path(name))
