"""The FAQ format of Rijksoverheid open data: one official question and answer a line, as JSON with HTML."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from bs4 import BeautifulSoup
from markdownify import MarkdownConverter
from pydantic import ValidationError

from kcc.knowledge.content import ContentError
from kcc.knowledge.rendering import plain
from kcc.knowledge.schemas import ArticleContent
from kcc.web.slugs import slugify

GROUP, TOPIC = "rijksoverheid", "rijksoverheid-vragen"
SHORT_ANSWER_MAX = 320
TITLE_MAX = 200
# The longest official answer has eight thousand; more than this is no answer, and slow to read.
LINE_MAX = 200_000
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Question:
    """One official question: the publisher's id, a slug for us, and the content."""

    source_id: str
    slug: str
    content: ArticleContent


def parse_line(line: str, source: str, number: int) -> Question:
    """Read one line. Raises ContentError."""
    if len(line) > LINE_MAX:
        raise ContentError(source, number, f"longer than {LINE_MAX} characters")
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ContentError(source, number, f"not valid JSON: {error}") from None
    if not isinstance(data, dict):
        raise ContentError(source, number, "not a JSON object")
    source_id, question = _line(data.get("id")), _line(data.get("question"))
    if not source_id or not question:
        raise ContentError(source, number, "id and question must be filled in")
    if len(source_id) > 80 or not source_id.isprintable():
        raise ContentError(source, number, "id must be at most 80 readable characters")
    try:
        body = _body(data)
    except RecursionError:
        raise ContentError(source, number, "the HTML is nested too deeply") from None
    except UnicodeEncodeError:
        raise ContentError(source, number, "has characters that are no text (half of a surrogate pair)") from None
    if not body:
        raise ContentError(source, number, "the question has no answer (introduction and content are empty)")
    try:
        content = ArticleContent.model_validate(
            {
                "title": question[:TITLE_MAX],
                "topic": TOPIC,
                "shortAnswer": _short(body),
                "body": body,
                "synonyms": _subjects(data),
            }
        )
    except ValidationError as error:
        first = error.errors()[0]
        reason = first["msg"].removeprefix("Value error, ")
        raise ContentError(source, number, f"{first['loc'][0]}: {reason}") from None
    return Question(source_id, slugify(question)[:100].strip("-") or f"vraag-{number}", content)


def _line(value: Any) -> str:
    """A text of one line, without HTML entities and without what would read as one of our fee placeholders."""
    return _no_placeholder(" ".join(unescape(value).split())) if isinstance(value, str) else ""


def _no_placeholder(text: str) -> str:
    return re.sub(r"\{(?=\{)", "{ ", text)


def _markdown(html: Any) -> str:
    if not isinstance(html, str):
        return ""
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup(["script", "style", "iframe", "img"]):
        tag.decompose()
    text = MarkdownConverter(heading_style="ATX", bullets="-").convert_soup(soup)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _body(data: Mapping[str, Any]) -> str:
    pieces = [_markdown(data.get("introduction"))]
    content = data.get("content")
    for part in content if isinstance(content, list) else []:
        if isinstance(part, dict):
            title = _line(part.get("paragraphtitle"))
            pieces += [f"## {title}"] if title else []
            pieces.append(_markdown(part.get("paragraph")))
    return _no_placeholder("\n\n".join(piece for piece in pieces if piece))


def _short(body: str) -> str:
    """The first sentences, as many as can be said in one breath."""
    text = plain(body.split("\n## ", maxsplit=1)[0]) or plain(body)
    short = ""
    for sentence in _SENTENCE_END.split(_no_placeholder(" ".join(text.split()))):
        if short and len(short) + len(sentence) + 1 > SHORT_ANSWER_MAX:
            break
        short = f"{short} {sentence}".strip()
    return short if len(short) <= SHORT_ANSWER_MAX else short[: SHORT_ANSWER_MAX - 1].rsplit(" ", 1)[0] + "…"


def _subjects(data: Mapping[str, Any]) -> list[str]:
    subjects = data.get("subjects")
    names = [_line(name)[:200] for name in subjects] if isinstance(subjects, list) else []
    return list(dict.fromkeys(name for name in names if name))[:20]
