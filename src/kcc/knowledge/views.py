"""Articles and hits as pages show them: fees filled in, Markdown rendered, codes as names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import fees
from kcc.catalogue import topics as catalogue
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


def hit_view(hit: Hit, topics: Mapping[str, Topic], values: dict[str, str]) -> HitView:
    """A hit of the engine on a page."""
    label = " › ".join(catalogue.path_of(topics, hit.topic))
    return HitView(hit.slug, fees.fill(hit.title, values), filled(hit.snippet, values), label, hit.audience)


def listed(article: Article, topics: Mapping[str, Topic], values: Mapping[str, str]) -> HitView:
    """An article in a list that nobody searched for."""
    label = " › ".join(catalogue.path_of(topics, article.topic))
    return HitView(
        article.slug,
        article.title,
        [(fees.fill(article.short_answer, values), False)],
        label,
        article.audience,
    )


async def article_view(
    session: AsyncSession, article: Article, values: Mapping[str, str], today: date, *, agents: bool
) -> ArticleView:
    """An article for a reader. The agents' part is empty for residents."""
    topics = await catalogue.topics_by_code(session)
    departments = await catalogue.department_names(session)
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
        topic_path=catalogue.path_of(topics, article.topic),
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
