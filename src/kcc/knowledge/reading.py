"""Reading articles: each reader gets what is published, valid today and meant for them."""

from collections.abc import Sequence
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import queries as catalogue
from kcc.errors import NotFound
from kcc.knowledge import queries
from kcc.knowledge.models import Article, ArticleRevision, Audience

_MISSING = "Dit artikel bestaat niet (meer)"


async def read(session: AsyncSession, slug: str, today: date, *, agents: bool) -> Article:
    """An article for a reader. Raises NotFound also when it is not meant for them, or not now."""
    article = await queries.readable(session, slug, today, agents=agents)
    if article is None:
        raise NotFound(_MISSING)
    return article


async def read_any(session: AsyncSession, slug: str) -> Article:
    """An article for an editor, whatever its status. Raises NotFound."""
    article = await queries.article(session, slug)
    if article is None:
        raise NotFound(_MISSING)
    return article


async def related(session: AsyncSession, article: Article, today: date, *, agents: bool) -> list[str]:
    """Those of the article's related ones that this reader may read, in the editor's order."""
    titles = await queries.titles(session, article.related, today, agents=agents)
    return [slug for slug in article.related if slug in titles]


async def upl_uri(session: AsyncSession, article: Article) -> str | None:
    """The URI of the article's UPL name."""
    return await catalogue.upl_uri(session, article.upl)


async def listing(
    session: AsyncSession,
    today: date,
    *,
    agents: bool,
    audience: Audience | None = None,
    topic: str | None = None,
    department: str | None = None,
    language: str | None = None,
    limit: int,
    offset: int,
) -> tuple[int, Sequence[Article]]:
    """How many articles this reader may read within these filters, and a page of them by title.

    `topic` is the code of a topic or of a whole group.
    """
    narrowed = {"audience": audience, "department": department, "language": language}
    return await queries.listing(
        session, today, agents=agents, topic=topic, narrowed=narrowed, limit=limit, offset=offset
    )


async def everything(session: AsyncSession) -> Sequence[Article]:
    """Every article, whatever its status, by slug."""
    return await queries.all_articles(session)


async def holds_any(session: AsyncSession) -> bool:
    """Whether there is an article, whatever its status."""
    return await queries.any_article(session)


async def all_public(session: AsyncSession, today: date) -> Sequence[Article]:
    """Every article residents may read, by title."""
    return await queries.all_public(session, today)


async def public_among(session: AsyncSession, slugs: Sequence[str], today: date) -> list[Article]:
    """Those of these articles that residents may read, in the order given."""
    found = {article.slug: article for article in await queries.public_among(session, slugs, today)}
    return [found[slug] for slug in slugs if slug in found]


async def titles(session: AsyncSession, slugs: Sequence[str], today: date, *, agents: bool) -> dict[str, str]:
    """The titles of those of these articles that this reader may read."""
    return await queries.titles(session, slugs, today, agents=agents)


async def revisions(session: AsyncSession, slug: str, limit: int, offset: int) -> tuple[int, Sequence[ArticleRevision]]:
    """The revisions of an article, newest first, with their total. Raises NotFound."""
    article = await read_any(session, slug)
    assert article.id is not None
    return await queries.revisions(session, article.id, limit, offset)
