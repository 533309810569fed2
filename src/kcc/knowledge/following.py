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
