"""What the catalogue adds to the lifespan state."""

from collections.abc import Collection, Mapping
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


class CatalogueState(State):
    """The state with who must hear of changed topics: the catalogue itself does not know of articles."""

    follow_topics: FollowTopics
