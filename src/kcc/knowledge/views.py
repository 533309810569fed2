"""Articles and hits as pages show them: fees filled in, Markdown rendered, codes as names."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import fees
from kcc.catalogue import topics as catalogue
from kcc.catalogue.models import NO_UPL_NAME, Topic
from kcc.clock import Clock
from kcc.knowledge import reading, rendering
from kcc.knowledge.models import Article
from kcc.knowledge.search import Filters, Hit
from kcc.knowledge.searching import Searcher, filled

# Characters of a snippet on a page: three lines, where the line is as long as on a wide screen.
SNIPPET = 200
_SENTENCE_END = re.compile(r"[.?!](?=\s|$)")
Parts = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article on a page."""

    slug: str
    title: str
    short_answer: str
    facts: list[tuple[str, str]]
    html: Markup
    internal_html: Markup
    topic_path: list[str]
    department_label: str
    audience: str
    language: str
    upl: str
    updated: date
    product: str | None
    product_url: str | None
    form: str | None
    related: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class HitView:
    """A found article in a list. Its snippet is in parts (text, does it match?)."""

    slug: str
    title: str
    snippet: list[tuple[str, bool]]
    topic_label: str
    audience: str


def excerpt(parts: Sequence[tuple[str, bool]], length: int = SNIPPET) -> Parts:
    """A snippet to read: on one line, at most `length` characters, to the end of a sentence where one is near.

    What does not begin or end with a sentence begins or ends with an ellipsis.
    """
    parts = _on_one_line(parts)
    text = "".join(piece for piece, _ in parts)
    end = _end(text, parts, length)
    shown: Parts = [("…", False)] if text[:1].islower() else []
    at = 0
    for piece, found in parts:
        if at < end:
            shown.append((piece[: end - at], found))
        at += len(piece)
    if text and not _SENTENCE_END.match(text, end - 1):
        shown.append(("…", False))
    return shown


def _on_one_line(parts: Sequence[tuple[str, bool]]) -> Parts:
    """A heading and what stands below it are told apart by a dash."""
    flat, before = [], "."
    for piece, found in parts:
        lines: list[str] = []
        for line in piece.split("\n"):
            if lines:
                lines.append(" " if before in ".?!:;," else " – ")
            lines.append(line)
            before = line.rstrip()[-1:] or before
        flat.append(("".join(lines), found))
    return flat


def _end(text: str, parts: Parts, length: int) -> int:
    """Where to stop: after a sentence past half of the room and past the last match in it, else after a word."""
    room = min(len(text), length)
    at, needed = 0, room // 2
    for piece, found in parts:
        at += len(piece)
        if found and at <= room:
            needed = max(needed, at)
    ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, room) if match.end() >= needed]
    if ends:
        return ends[-1]
    word = text.rfind(" ", needed, room) if room < len(text) else room
    return len(text[: word if word > 0 else room].rstrip(" ,:;–"))


def hit_view(hit: Hit, topics: Mapping[str, Topic], values: dict[str, str], length: int = SNIPPET) -> HitView:
    """A hit of the engine on a page, with at most `length` characters of its text."""
    label = " › ".join(catalogue.path_of(topics, hit.topic))
    snippet = excerpt(filled(hit.snippet, values), length)
    return HitView(hit.slug, fees.fill(hit.title, values), snippet, label, hit.audience)


def listed(article: Article, topics: Mapping[str, Topic], values: Mapping[str, str], length: int = SNIPPET) -> HitView:
    """An article in a list that nobody searched for, with at most `length` characters of its short answer."""
    label = " › ".join(catalogue.path_of(topics, article.topic))
    snippet = excerpt([(fees.fill(article.short_answer, values), False)], length)
    return HitView(article.slug, article.title, snippet, label, article.audience)


async def article_view(
    session: AsyncSession,
    article: Article,
    searcher: Searcher,
    clock: Clock,
    *,
    agents: bool,
    known: tuple[Mapping[str, Topic], Mapping[str, str]] | None = None,
) -> ArticleView:
    """An article for a reader. The agents' part is empty for residents.

    `known`: topics, and the names of departments, by code, when they were read already.

    Where editors named no related articles, those that are most alike stand in.
    """
    values, today = searcher.fees, clock.today()
    topics, departments = known or (
        await catalogue.topics_by_code(session),
        await catalogue.department_names(session),
    )
    titles = await reading.titles(session, article.related, today, agents=agents)
    # On the desk the article stands below the page's own heading.
    offset = 1 if agents else 0
    internal = article.internal if agents else ""
    return ArticleView(
        slug=article.slug,
        title=article.title,
        short_answer=fees.fill(article.short_answer, values),
        facts=[(label, fees.fill(value, values)) for label, value in article.facts.items()],
        html=rendering.html(article.body, values, heading_offset=offset),
        internal_html=rendering.html(internal, values, heading_offset=offset + 1),
        topic_path=catalogue.path_of(topics, article.topic),
        department_label=departments.get(article.department, article.department),
        audience=article.audience,
        language=article.language,
        upl="" if article.upl == NO_UPL_NAME else article.upl,
        updated=clock.local_date(article.updated_at),
        product=article.product,
        product_url=f"/afspraak?product={article.product}" if article.product else None,
        form=article.form,
        related=[(slug, titles[slug]) for slug in article.related if slug in titles]
        or searcher.related(article.slug, Filters(audience="agents" if agents else "public", today=today)),
    )
