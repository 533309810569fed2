"""Articles as people read them: Markdown with fees filled in, as sanitised HTML or as plain text."""

from collections.abc import Mapping
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from kcc.catalogue import fees

_CLASSES = {
    "ul": "utrecht-unordered-list",
    "ol": "utrecht-ordered-list",
    "a": "utrecht-link utrecht-link--html-a",
    "p": "utrecht-paragraph",
}
_HEADING = {2: "utrecht-heading-3", 3: "utrecht-heading-4", 4: "utrecht-heading-5"}
_TAGS = {
    "h2",
    "h3",
    "h4",
    "h5",
    "p",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "a",
    "br",
    "code",
    "blockquote",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "hr",
}
_ATTRIBUTES = {tag: {"class"} for tag in _TAGS} | {"a": {"class", "href"}, "ol": {"class", "start"}}
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def _dress(tokens: list[Token], offset: int) -> None:
    """Give tokens the component classes of the theme, and headings the level that fits the page."""
    lists: list[str] = []
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append(token.tag)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        if token.type.startswith("heading"):
            level = min(max(int(token.tag[1]), 2) + offset, 5)
            token.tag = f"h{level}"
            token.attrSet("class", _HEADING.get(level, "utrecht-heading-5"))
        elif token.type == "list_item_open":
            token.attrSet("class", _CLASSES[lists[-1]] + "__item")
        elif token.nesting == 1 and token.tag in _CLASSES:
            token.attrSet("class", _CLASSES[token.tag])
        if token.children:
            _dress(token.children, offset)


@lru_cache(maxsize=512)
def _html(markdown: str, offset: int) -> Markup:
    tokens = _markdown.parse(markdown)
    _dress(tokens, offset)
    rendered = _markdown.renderer.render(tokens, _markdown.options, {})
    clean = nh3.clean(
        rendered,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "http", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    return Markup(clean)  # noqa: S704  (just sanitised)


def html(markdown: str, values: Mapping[str, str], *, heading_offset: int = 0) -> Markup:
    """Sanitised HTML of an article text, fees filled in; `##` is a heading of level 2 + `heading_offset`."""
    return _html(fees.fill(markdown, values), heading_offset)


def plain(markdown: str) -> str:
    """The words of a Markdown text, a block a line, with fee placeholders left as they are."""
    lines = []
    for token in _markdown.parse(markdown):
        if token.type == "inline":
            words = "".join(
                child.content if child.type in {"text", "code_inline"} else " "
                for child in token.children or []
                if child.nesting == 0
            )
            lines.append(" ".join(words.split()))
        elif token.type in {"fence", "code_block"}:
            lines += (" ".join(line.split()) for line in token.content.splitlines())
    return "\n".join(line for line in lines if line)
