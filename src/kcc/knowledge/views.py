"""Articles and hits as pages show them: fees filled in, Markdown rendered, codes as names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import fees
from kcc.catalogue import queries as catalogue
from kcc.catalogue.models import NO_UPL_NAME, Topic
from kcc.knowledge import queries, rendering
from kcc.knowledge.models import Article
from kcc.knowledge.search import Hit
from kcc.knowledge.searching import filled


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


def topic_path(topics: Mapping[str, Topic], code: str) -> list[str]:
    """The names of a topic's group and of the topic itself."""
    topic = topics.get(code)
    if topic is None:
        return [code]
    group = topics.get(topic.parent or "")
    return [group.name, topic.name] if group else [topic.name]


def hit_view(hit: Hit, topics: Mapping[str, Topic], values: dict[str, str]) -> HitView:
    """A hit of the engine on a page."""
    label = " › ".join(topic_path(topics, hit.topic))
    return HitView(hit.slug, fees.fill(hit.title, values), filled(hit.snippet, values), label, hit.audience)


def listed(article: Article, topics: Mapping[str, Topic], values: Mapping[str, str]) -> HitView:
    """An article in a list that nobody searched for."""
    label = " › ".join(topic_path(topics, article.topic))
    return HitView(
        article.slug,
        article.title,
        [(fees.fill(article.short_answer, values), False)],
        label,
        article.audience,
    )


async def topics_by_code(session: AsyncSession) -> dict[str, Topic]:
    """All topics and groups by code, in the order of the catalogue."""
    return {topic.code: topic for topic in await catalogue.topics(session)}


async def article_view(
    session: AsyncSession, article: Article, values: Mapping[str, str], today: date, *, agents: bool
) -> ArticleView:
    """An article for a reader. The agents' part is empty for residents."""
    topics = await topics_by_code(session)
    departments = {department.code: department.name for department in await catalogue.departments(session)}
    titles = await queries.titles(session, article.related, today, agents=agents)
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
        topic_path=topic_path(topics, article.topic),
        department_label=departments.get(article.department, article.department),
        audience=article.audience,
        language=article.language,
        upl="" if article.upl == NO_UPL_NAME else article.upl,
        updated=article.updated_at.date(),
        product=article.product,
        product_url=f"/afspraak?product={article.product}" if article.product else None,
        form=article.form,
        related=[(slug, titles[slug]) for slug in article.related if slug in titles],
    )
