"""What the catalogue adds to the lifespan state."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.web.state import State


class FollowTopics(Protocol):
    """Brings what is about topics in step with those that got another group or department (topic → department)."""

    async def __call__(
        self,
        session: AsyncSession,
        regrouped: Collection[str],
        reassigned: Mapping[str, str],
        author: str,
        now: datetime,
    ) -> Any:
        """In the transaction that changes the topics."""


class FollowMerge(Protocol):
    """Brings what is about a topic to the one that it became part of."""

    async def __call__(self, session: AsyncSession, code: str, target: str, author: str, now: datetime) -> Any:
        """In the transaction that merges them."""


class TopicQuestions(Protocol):
    """How many questions were logged under the code of each topic."""

    async def __call__(self, session: AsyncSession, begin: datetime, end: datetime) -> Mapping[str, int]:
        """Of contacts that began from one moment up to, not at, another."""


class TopicArticles(Protocol):
    """The articles about topics."""

    async def __call__(self, session: AsyncSession, topics: Collection[str]) -> Sequence[tuple[str, str]]:
        """(slug, title) of each, whatever its status."""


class CatalogueState(State):
    """The state with who must hear of changed topics, and who knows what is about them: the catalogue does not."""

    follow_topics: FollowTopics
    follow_merge: FollowMerge
    topic_questions: TopicQuestions
    topic_articles: TopicArticles
