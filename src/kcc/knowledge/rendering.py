"""Articles as people read them: Markdown with fees filled in, as sanitised HTML or as plain text."""

from collections.abc import Mapping

from markupsafe import Markup

from kcc.catalogue import fees
from kcc.web import markdown as dressed


def html(markdown: str, values: Mapping[str, str], *, heading_offset: int = 0) -> Markup:
    """Sanitised HTML of an article text, fees filled in; `##` is a heading of level 2 + `heading_offset`."""
    return dressed.html(fees.fill(markdown, values), heading_offset)


def plain(markdown: str) -> str:
    """The words of a Markdown text, a block a line, with fee placeholders left as they are."""
    lines = []
    for token in dressed.MARKDOWN.parse(markdown):
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
