"""All SQL of the kennisbank."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Integer, cast, desc, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import and_, col, func, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue.models import Topic
from kcc.knowledge.models import (
    Article,
    ArticleFeedback,
    ArticleRevision,
    Audience,
    ProposalState,
    SearchChannel,
    SearchCount,
    Status,
    VariantProposal,
    Verdict,
    WordList,
)

COUNTS_AT_ONCE = 500


async def article(session: AsyncSession, slug: str) -> Article | None:
    """The article with this slug, whatever its status."""
    return (await session.exec(select(Article).where(Article.slug == slug))).first()


async def all_articles(session: AsyncSession) -> Sequence[Article]:
    """Every article, whatever its status, by slug."""
    return (await session.exec(select(Article).order_by(Article.slug))).all()


async def articles_by_slug(session: AsyncSession, slugs: Collection[str]) -> dict[str, Article]:
    """Those of these articles that there are, whatever their status."""
    found = await session.exec(select(Article).where(col(Article.slug).in_(slugs)))
    return {article.slug: article for article in found.all()}


async def articles_by_source(session: AsyncSession, source_ids: Collection[str]) -> dict[str | None, Article]:
    """The articles imported under these ids of another publisher, by that id."""
    found = await session.exec(select(Article).where(col(Article.source_id).in_(source_ids)))
    return {article.source_id: article for article in found.all()}


async def any_article(session: AsyncSession) -> bool:
    """Whether there is an article, whatever its status."""
    return (await session.exec(select(Article.id).limit(1))).first() is not None


async def content(session: AsyncSession, article: Article) -> dict[str, Any]:
    """An article's content as it was given, as its newest revision has it."""
    newest = [ArticleRevision.article_id == article.id, ArticleRevision.version == article.version]
    return dict((await session.exec(select(ArticleRevision.content).where(*newest))).one())


async def contents_within(session: AsyncSession, topics: Collection[str]) -> Sequence[tuple[Article, dict[str, Any]]]:
    """The articles of these topics with their content as it was given, by slug."""
    newest = and_(ArticleRevision.article_id == Article.id, ArticleRevision.version == Article.version)
    query = (
        select(Article, ArticleRevision.content)
        .join(ArticleRevision, newest)
        .where(col(Article.topic).in_(topics))
        .order_by(Article.slug)
    )
    return [(article, dict(content)) for article, content in (await session.exec(query)).all()]


def _readable(today: date) -> list[Any]:
    return [
        Article.status == Status.PUBLISHED,
        or_(col(Article.valid_from).is_(None), col(Article.valid_from) <= today),
        or_(col(Article.valid_until).is_(None), col(Article.valid_until) >= today),
    ]


def _meant_for(today: date, *, agents: bool) -> list[Any]:
    conditions = _readable(today)
    return conditions if agents else [*conditions, Article.audience == Audience.PUBLIC]


async def listing(
    session: AsyncSession,
    today: date,
    *,
    agents: bool,
    topic: str | None,
    narrowed: Mapping[str, str | None],
    limit: int,
    offset: int,
) -> tuple[int, Sequence[Article]]:
    """How many articles this reader may read today within a topic or group and with these values, and a page."""
    conditions = _meant_for(today, agents=agents)
    conditions += [getattr(Article, name) == value for name, value in narrowed.items() if value]
    if topic:
        within = select(Topic.code).where(or_(Topic.code == topic, Topic.parent == topic))
        conditions.append(col(Article.topic).in_(within))
    total = (await session.exec(select(func.count()).select_from(Article).where(*conditions))).one()
    page = select(Article).where(*conditions).order_by(Article.title, Article.slug)
    return total, (await session.exec(page.offset(offset).limit(limit))).all()


async def readable(session: AsyncSession, slug: str, today: date, *, agents: bool) -> Article | None:
    """The article if it is published, valid today and meant for this reader."""
    conditions = [Article.slug == slug, *_meant_for(today, agents=agents)]
    return (await session.exec(select(Article).where(*conditions))).first()


async def all_public(session: AsyncSession, today: date) -> Sequence[Article]:
    """All articles residents may read today, by title."""
    conditions = _meant_for(today, agents=False)
    return (await session.exec(select(Article).where(*conditions).order_by(Article.title, Article.slug))).all()


async def product_topics(session: AsyncSession, today: date) -> Sequence[tuple[str, str, int]]:
    """(product, topic, number): how many articles residents may read today name each product, by topic."""
    conditions = [col(Article.product).is_not(None), *_meant_for(today, agents=False)]
    query = (
        select(Article.product, Article.topic, func.count()).where(*conditions).group_by(Article.product, Article.topic)
    )
    return [(str(product), topic, number) for product, topic, number in (await session.exec(query)).all()]


async def public_among(session: AsyncSession, slugs: Sequence[str], today: date) -> Sequence[Article]:
    """Those of these articles that residents may read today."""
    conditions = [col(Article.slug).in_(slugs), *_meant_for(today, agents=False)]
    return (await session.exec(select(Article).where(*conditions))).all()


async def titles(session: AsyncSession, slugs: Sequence[str], today: date, *, agents: bool) -> dict[str, str]:
    """The titles of those of these articles that this reader may read."""
    conditions = [col(Article.slug).in_(slugs), *_meant_for(today, agents=agents)]
    return dict((await session.exec(select(Article.slug, Article.title).where(*conditions))).all())


async def article_topics(session: AsyncSession, slugs: Collection[str]) -> dict[str, str]:
    """The topics of these articles, whatever their status."""
    query = select(Article.slug, Article.topic).where(col(Article.slug).in_(slugs))
    return dict((await session.exec(query)).all())


async def articles_about(session: AsyncSession, topics: Collection[str]) -> Sequence[tuple[str, str]]:
    """(slug, title) of the articles about these topics, whatever their status."""
    query = select(Article.slug, Article.title).where(col(Article.topic).in_(topics)).order_by(Article.title)
    return [(slug, title) for slug, title in (await session.exec(query)).all()]


async def article_facts(session: AsyncSession, slugs: Collection[str]) -> dict[str, tuple[str, str]]:
    """The title and the department of these articles, whatever their status."""
    query = select(Article.slug, Article.title, Article.department).where(col(Article.slug).in_(slugs))
    return {slug: (title, department) for slug, title, department in (await session.exec(query)).all()}


async def all_titles(session: AsyncSession, slugs: Collection[str]) -> dict[str, str]:
    """The titles of these articles, whatever their status."""
    query = select(Article.slug, Article.title).where(col(Article.slug).in_(slugs))
    return dict((await session.exec(query)).all())


async def published(session: AsyncSession, after_id: int = 0, limit: int = 500) -> Sequence[Article]:
    """Published articles by id, a batch at a time, for building the index."""
    query = (
        select(Article)
        .where(Article.status == Status.PUBLISHED, col(Article.id) > after_id)
        .order_by(col(Article.id))
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def published_among(session: AsyncSession, slugs: Sequence[str]) -> Sequence[Article]:
    """Those of these articles that are published."""
    query = select(Article).where(col(Article.slug).in_(slugs), Article.status == Status.PUBLISHED)
    return (await session.exec(query)).all()


async def count_published(session: AsyncSession) -> int:
    """How many articles are published."""
    query = select(func.count()).select_from(Article).where(Article.status == Status.PUBLISHED)
    return (await session.exec(query)).one()


async def revisions(
    session: AsyncSession, article_id: int, limit: int, offset: int
) -> tuple[int, Sequence[ArticleRevision]]:
    """How many revisions an article has, and a page of them, newest first."""
    of_article = ArticleRevision.article_id == article_id
    total = (await session.exec(select(func.count()).select_from(ArticleRevision).where(of_article))).one()
    page = select(ArticleRevision).where(of_article).order_by(desc(col(ArticleRevision.version)))
    return total, (await session.exec(page.offset(offset).limit(limit))).all()


class Published(NamedTuple):
    """An article, and when it was first published; a draft that never was, when it was made."""

    at: datetime
    title: str
    topic: str


async def first_published(session: AsyncSession) -> dict[str, Published]:
    """When each article was first published, by slug, whatever its status now."""
    status = col(ArticleRevision.content)["status"].as_string()
    first = (
        select(ArticleRevision.article_id, func.min(ArticleRevision.changed_at).label("at"))
        .where(status == Status.PUBLISHED.value)
        .group_by(col(ArticleRevision.article_id))
        .subquery()
    )
    query: Any = select(
        Article.slug, func.coalesce(first.c.at, Article.created_at), Article.title, Article.topic
    ).outerjoin(first, first.c.article_id == Article.id)
    return {slug: Published(at, title, topic) for slug, at, title, topic in (await session.exec(query)).all()}


async def date_first_version(session: AsyncSession, at: datetime, slug: str | None = None) -> None:
    """The first version of an article, or of all, is of that moment: for a demonstration."""
    of_slug = [] if slug is None else [col(Article.slug) == slug]
    first = (col(ArticleRevision.version) == 1, col(ArticleRevision.article_id).in_(select(Article.id).where(*of_slug)))
    await session.exec(update(ArticleRevision).where(*first).values(changed_at=at))
    await session.exec(update(Article).where(*of_slug).values(created_at=at))


async def any_feedback(session: AsyncSession) -> bool:
    """Whether somebody judged an article."""
    return (await session.exec(select(ArticleFeedback.id).limit(1))).first() is not None


async def flags(
    session: AsyncSession, begin: datetime, end: datetime
) -> Sequence[tuple[str, datetime, datetime | None]]:
    """(slug, raised, mended) of what was said to be wrong, and was open at some time from one moment up to another."""
    of = ArticleFeedback
    handled = col(of.handled_at)
    query = select(of.slug, of.created_at, of.handled_at).where(
        of.verdict == Verdict.WRONG, of.created_at < end, or_(handled.is_(None), handled >= begin)
    )
    return [(slug, raised, mended) for slug, raised, mended in (await session.exec(query)).all()]


async def word_lists(session: AsyncSession) -> Sequence[WordList]:
    """The editors' word lists."""
    return (await session.exec(select(WordList))).all()


async def add_counts(session: AsyncSession, counts: Sequence[SearchCount]) -> None:
    """Add these counts to what is there for the same day, channel and words."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    # In one order, so that two processes cannot lock each other out; in parts, as a statement has room for.
    rows = sorted((count.model_dump() for count in counts), key=itemgetter("day", "channel", "query"))
    for first in range(0, len(rows), COUNTS_AT_ONCE):
        insert = dialect.insert(SearchCount).values(rows[first : first + COUNTS_AT_ONCE])
        summed = {
            name: SearchCount.__table__.c[name] + insert.excluded[name]  # type: ignore[attr-defined]
            for name in ("searches", "without_result", "opened", "resolved", "not_the_answer")
        }
        await session.exec(insert.on_conflict_do_update(index_elements=["day", "channel", "query"], set_=summed))


async def poor_searches(
    session: AsyncSession, since: date, limit: int
) -> Sequence[tuple[str, int, int, int, int, date]]:
    """Words searched since a day that found nothing, or not the answer, or that nobody opened anything for.

    Returns (query, searches, without_result, not_the_answer, opened, last day), most searched first.
    """
    searches = func.sum(SearchCount.searches).label("searches")
    nothing = func.sum(SearchCount.without_result)
    wrong = func.sum(SearchCount.not_the_answer)
    opened = func.sum(SearchCount.opened)
    resolved = func.sum(SearchCount.resolved)
    query = (
        select(  # type: ignore[call-overload]  # SQLModel types four columns at most
            SearchCount.query,
            cast(searches, Integer),
            cast(nothing, Integer),
            cast(wrong, Integer),
            cast(opened, Integer),
            func.max(SearchCount.day),
        )
        .where(SearchCount.day >= since)
        .group_by(SearchCount.query)
        .having(or_(nothing > 0, wrong > resolved, (searches >= literal(2)) & (opened == 0)))
        .order_by(desc("searches"), SearchCount.query)
        .limit(limit)
    )
    return [tuple(row) for row in (await session.exec(query)).all()]


async def popular(session: AsyncSession, since: date, limit: int) -> Sequence[tuple[str, int]]:
    """The articles that resolved most contacts since a day: (slug, count)."""
    midnight = datetime.combine(since, time(), UTC)
    times = func.count().label("times")
    query = (
        select(ArticleFeedback.slug, times)
        .where(
            ArticleFeedback.verdict == Verdict.RESOLVED,
            # Anyone may click on a resident's page; an agent heard that it was the answer.
            ArticleFeedback.channel == SearchChannel.DESK,
            col(ArticleFeedback.created_at) >= midnight,
        )
        .group_by(ArticleFeedback.slug)
        .order_by(desc("times"), ArticleFeedback.slug)
        .limit(limit)
    )
    return [(slug, count) for slug, count in (await session.exec(query)).all()]


async def open_flags(session: AsyncSession) -> Sequence[ArticleFeedback]:
    """What was said to be wrong and no editor has handled yet, oldest first."""
    query = (
        select(ArticleFeedback)
        .where(ArticleFeedback.verdict == Verdict.WRONG, col(ArticleFeedback.handled_at).is_(None))
        .order_by(col(ArticleFeedback.created_at))
        .limit(200)
    )
    return (await session.exec(query)).all()


async def flag(session: AsyncSession, flag_id: int) -> ArticleFeedback | None:
    """One piece of feedback."""
    return await session.get(ArticleFeedback, flag_id)


async def propose(session: AsyncSession, slug: str, query: str, now: datetime) -> None:
    """Count once more that these words led to this article and that it was the answer."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = VariantProposal(slug=slug, query=query, last_at=now).model_dump(exclude={"id"})
    insert = dialect.insert(VariantProposal).values(row)
    more = {"count": VariantProposal.__table__.c["count"] + 1, "last_at": now}  # type: ignore[attr-defined]
    await session.exec(insert.on_conflict_do_update(index_elements=["slug", "query"], set_=more))


async def open_proposals(session: AsyncSession) -> Sequence[VariantProposal]:
    """Learned queries that wait for an editor's nod, most used first."""
    query = (
        select(VariantProposal)
        .where(VariantProposal.state == ProposalState.OPEN)
        .order_by(desc(col(VariantProposal.count)), VariantProposal.query)
        .limit(200)
    )
    return (await session.exec(query)).all()


async def proposal(session: AsyncSession, proposal_id: int) -> VariantProposal | None:
    """One learned query."""
    return await session.get(VariantProposal, proposal_id)
