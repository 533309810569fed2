"""What is exported is read back as it was."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kcc.knowledge.content import format_article, parse_article
from kcc.knowledge.models import Audience, Status
from kcc.knowledge.schemas import ArticleContent

letters = st.characters(exclude_categories=["Cs", "Cc"])
lines = st.text(letters, min_size=1, max_size=60).filter(lambda text: text.strip() != "")
texts = st.text(st.one_of(letters, st.sampled_from("\n\r\t#-:'\"{}[]>|&*!%@`\x85\u2028\u2029")), max_size=200)
codes = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
dates = st.dates(date(1000, 1, 1), date(9999, 12, 31))


@st.composite
def contents(draw: st.DrawFn) -> ArticleContent:
    first, last = sorted([draw(dates), draw(dates)])
    fields: dict[str, Any] = {
        "title": draw(lines),
        "upl": draw(lines),
        "topic": draw(codes),
        "department": draw(st.none() | codes),
        "audience": draw(st.sampled_from(Audience)),
        "status": draw(st.sampled_from(Status)),
        "language": draw(st.sampled_from(["nl", "en", "no", "on"])),
        "short_answer": draw(texts.filter(lambda text: text.strip() != "")),
        "body": draw(texts),
        "internal": draw(texts),
        "facts": draw(st.dictionaries(lines.map(lambda text: text.strip()[:40]), lines, max_size=3)),
        "variants": draw(st.lists(lines, max_size=3)),
        "synonyms": draw(st.lists(lines, max_size=3)),
        "related": draw(st.lists(codes, max_size=3)),
        "product": draw(st.none() | codes),
        "form": draw(st.none() | st.just("https://formulieren.voorbeeld.example/x?y=1#z")),
        "valid_from": draw(st.none() | st.just(first)),
        "valid_until": draw(st.none() | st.just(last)),
        "review_date": draw(st.none() | dates),
    }
    return ArticleContent.model_validate(fields)


@given(contents())
def test_an_exported_article_reads_back_the_same(content: ArticleContent) -> None:
    assert parse_article(format_article(content), "x.md") == content


@given(contents())
def test_exporting_twice_gives_the_same_file(content: ArticleContent) -> None:
    text = format_article(content)
    assert format_article(parse_article(text, "x.md")) == text
