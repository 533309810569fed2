"""Article files: Markdown with YAML front matter. Parsing tells file and line of what is wrong."""

import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from kcc.knowledge.schemas import INTERNAL_HEADING, SLUG, ArticleContent, with_line_feeds

_FENCE = re.compile(r"^---[ \t]*$")
_INTERNAL = re.compile(rf"^##[ \t]+{INTERNAL_HEADING}[ \t]*$", re.MULTILINE)


class ContentError(Exception):
    """Something in a file cannot be taken in: `line` counts from 1; the message says what to do."""

    def __init__(self, source: str, line: int, message: str) -> None:
        super().__init__(f"{source}:{line}: {message}")
        self.source, self.line, self.message = source, line, message


def slug_of(path: Path) -> str:
    """The slug of an article file: its name. Raises ContentError when that is no slug."""
    if not re.fullmatch(SLUG, path.stem) or len(path.stem) > 120:
        raise ContentError(str(path), 1, "file name must be lower-case words joined by hyphens, e.g. paspoort-kwijt.md")
    return path.stem


def parse_article(text: str, source: str) -> ArticleContent:
    """The content of an article file. Raises ContentError with the line of the first problem."""
    front, body, body_line = _split(text, source)
    data, lines = _front_matter(front, source)
    for name in ("body", "internal"):
        if name in data:
            raise ContentError(source, lines[name], "body and internal are written below the front matter")
    public, internal = _sections(body)
    try:
        content = ArticleContent.model_validate({**data, "body": public, "internal": internal})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        line = body_line if name in {"body", "internal"} else lines.get(name, 1)
        reason = "unknown field" if first["type"] == "extra_forbidden" else first["msg"].removeprefix("Value error, ")
        raise ContentError(source, line, f"{name}: {reason}" if name else reason) from None
    if not content.dates_in_order:
        raise ContentError(source, lines["validUntil"], "validUntil: is before validFrom")
    return content


def _split(text: str, source: str) -> tuple[str, str, int]:
    lines = with_line_feeds(text.lstrip("\ufeff")).split("\n")
    if not _FENCE.match(lines[0]):
        raise ContentError(source, 1, "the file must begin with front matter between two lines of ---")
    for number, line in enumerate(lines[1:], start=1):
        if _FENCE.match(line):
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    raise ContentError(source, 1, "the front matter is not closed by a line of ---")


def _front_matter(front: str, source: str) -> tuple[dict[str, Any], dict[str, int]]:
    """The fields, and the line in the file at which each stands."""
    data: dict[str, Any] = {}
    lines: dict[str, int] = {}
    line = 1
    try:
        loader = yaml.SafeLoader(front)
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise ContentError(source, 2, "front matter must be fields, e.g. `title: Paspoort aanvragen`")
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 2
            key = str(loader.construct_object(key_node, deep=True))
            if key in data:
                raise ContentError(source, line, f"{key}: given twice")
            data[key], lines[key] = loader.construct_object(value_node, deep=True), line
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else line
        raise ContentError(source, line, f"front matter is not valid YAML: {error.problem}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ContentError(source, line, f"front matter is not valid YAML: {error}") from None
    return data, lines


def _sections(body: str) -> tuple[str, str]:
    """The text for everyone and the text for agents only."""
    found = _INTERNAL.search(body)
    if found is None:
        return body.strip(), ""
    return body[: found.start()].strip(), body[found.end() :].strip()


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines between double quotes: PyYAML does not read all others back as they were."""


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if len(text.splitlines()) == 1 else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent)


def format_article(content: ArticleContent) -> str:
    """The article as a file that `parse_article` reads back to the same content."""
    fields = content.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"body", "internal"})
    for name in ("validFrom", "validUntil", "reviewDate"):
        if name in fields:
            fields[name] = getattr(content, re.sub(r"([A-Z])", r"_\1", name).lower())
    front = yaml.dump(fields, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    internal = f"\n\n## {INTERNAL_HEADING}\n\n{content.internal}" if content.internal else ""
    return f"---\n{front}---\n{content.body}{internal}\n"
