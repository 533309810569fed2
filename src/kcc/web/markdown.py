"""Markdown that somebody wrote, as sanitised HTML in the theme."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

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
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


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
def html(markdown: str, heading_offset: int = 0) -> Markup:
    """Sanitised HTML of a text; `##` is a heading of level 2 + `heading_offset`."""
    tokens = MARKDOWN.parse(markdown)
    _dress(tokens, heading_offset)
    rendered = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
    clean = nh3.clean(
        rendered,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "http", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    return Markup(clean)  # noqa: S704  (just sanitised)
