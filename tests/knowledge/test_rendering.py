"""Markdown as people read it: dressed, with fees, and harmless whatever stands in it."""

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from kcc.knowledge.rendering import html, plain

FEES = {"paspoort": "€\u00a086,85"}


def test_markdown_becomes_html_in_the_theme() -> None:
    page = BeautifulSoup(
        html("Een **vet** woord.\n\n- punt\n  1. stap\n\n[site](https://www.rdw.nl)", {}), "html.parser"
    )
    assert [tag.name for tag in page.find_all(True)] == ["p", "strong", "ul", "li", "ol", "li", "p", "a"]
    assert page.ul is not None and page.ul["class"] == ["utrecht-unordered-list"]
    assert [item["class"] for item in page("li")] == [["utrecht-unordered-list__item"], ["utrecht-ordered-list__item"]]
    assert page.a is not None
    assert (page.a["href"], page.a["rel"]) == ("https://www.rdw.nl", ["noopener", "noreferrer"])


def test_a_table_is_kept() -> None:
    page = BeautifulSoup(html("|Wat|Prijs|\n|-|-|\n|hond|5|", {}), "html.parser")
    assert [cell.text for cell in page(["th", "td"])] == ["Wat", "Prijs", "hond", "5"]


@pytest.mark.parametrize(
    ("markdown", "offset", "levels"),
    [
        ("# a\n\n## b\n\n### c", 0, ["h2", "h2", "h3"]),
        ("## a\n\n### b\n\n#### c\n\n##### d", 1, ["h3", "h4", "h5", "h5"]),
        ("## a\n\n###### b", 2, ["h4", "h5"]),
        ("Onderstreept\n===", 0, ["h2"]),
    ],
)
def test_headings_fit_below_the_heading_of_the_page(markdown: str, offset: int, levels: list[str]) -> None:
    page = BeautifulSoup(html(markdown, {}, heading_offset=offset), "html.parser")
    assert [tag.name for tag in page.find_all(re.compile("^h[1-6]$"))] == levels


def test_fees_are_filled_in_everywhere_and_a_missing_one_says_so() -> None:
    text = html("Het kost {{paspoort}} of **{{ paspoort }}**.\n\n- {{onbekend}}", FEES)
    assert text.count("€&nbsp;86,85") == 2
    assert "(bedrag volgt)" in text
    assert "{{" not in text


def test_a_fee_is_text_not_markup() -> None:
    assert "<script" not in html("{{x}}", {"x": "<script>alert(1)</script>"})


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='https://x.example' onclick='alert(1)'>x</a>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
        "<javascript:alert(1)>",
        "![x](https://elders.example/spion.png)",
        "<iframe src='https://elders.example'></iframe>",
        "<style>body{display:none}</style>",
        "<form action='https://elders.example'><input name=bsn></form>",
        '[x](https://x.example "onmouseover=alert(1)")',
        "```html\n<script>alert(1)</script>\n```",
        "`<script>`",
        "<!-- <script> --><svg/onload=alert(1)>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "[x]: javascript:alert(1)\n\n[x]",
    ],
)
def test_nothing_in_an_article_can_harm_its_reader(markdown: str) -> None:
    assert_harmless(html(markdown, FEES))


PIECES = st.sampled_from([
    "<script>", "</script>", "<img onerror=x>", "<a href=", ">", "&#x3c;", "javascript:", "https://x.example",
    "\x00", "[", "](", ")", "![", "**", "`", "# ", "- ", "|", "'", '"', "{{paspoort}}", "{{", "}}",
    "x", " ", "\n", "\n\n", "\u2028",
])  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_any_text_renders_harmless(markdown: str) -> None:
    assert_harmless(html(markdown, FEES))
    assert "\n\n" not in plain(markdown)


def assert_harmless(markup: str) -> None:
    for tag in BeautifulSoup(markup, "html.parser").find_all(True):
        assert tag.name not in {"script", "style", "img", "iframe", "svg", "form", "input", "h1", "object"}
        assert set(tag.attrs) <= {"class", "href", "rel", "start", "title"}
        assert re.match(r"https?:|mailto:|tel:|[^:]*$", str(tag.get("href", ""))), tag


def test_the_index_gets_the_words_and_none_of_the_marks() -> None:
    text = plain(
        "## Zo *werkt* het\n\nBel [ons](https://x.example)\nof **kom**.\n\n- een `code`\n\n"
        "|Wat|Prijs|\n|-|-|\n|hond|{{h}}|"
    )
    assert text == "Zo werkt het\nBel ons of kom.\neen code\nWat\nPrijs\nhond\n{{h}}"


def test_code_blocks_are_words_too() -> None:
    assert plain("```\nbel  ons\n\nnu\n```\n\ntekst\n\n    ingesprongen") == "bel ons\nnu\ntekst\ningesprongen"
