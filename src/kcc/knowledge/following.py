"""Articles follow their topic: into another group, and to another department."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.knowledge import articles, queries
from kcc.knowledge.schemas import ArticleContent
from kcc.storage import outbox


async def follow_topics(
    session: AsyncSession, regrouped: Collection[str], reassigned: Mapping[str, str], author: str, now: datetime
) -> list[str]:
    """Bring articles in step with topics that got another group or department (topic code → department).

    An article that has a department of its own keeps it. Returns the slugs of those that got another.
    """
    changed = []
    for article, stored in await queries.contents_within(session, {*regrouped, *reassigned}):
        content = ArticleContent.model_validate(stored)
        department = reassigned.get(article.topic)
        if department and content.department is None and article.department != department:
            await articles.give_department(session, article, content, department, author, now)
            changed.append(article.slug)
        elif article.topic in regrouped:
            await outbox.append(session, articles.CHANGES, article.slug, now)
    return changed


async def follow_merge(session: AsyncSession, code: str, target: str, author: str, now: datetime) -> list[str]:
    """Give the articles of a topic that became part of another that one as their topic. Returns their slugs.

    An article that has a department of its own keeps it.
    """
    changed = []
    for article, stored in await queries.contents_within(session, {code}):
        content = ArticleContent.model_validate(stored).model_copy(update={"topic": target})
        await articles.update(session, article, content, author, now)
        changed.append(article.slug)
    return changed
