"""What the kennisbank adds to the lifespan state."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access.limits import AddressLimit
from kcc.knowledge.search_counts import SearchCounter
from kcc.knowledge.searching import Searcher
from kcc.web.state import State


class KnowledgeState(State):
    """The state with search, and with the limit on what residents say of an answer.

    `article_questions`: (slug, questions to a department not dealt with, of which answered, the oldest one's moment).
    """

    searcher: Searcher
    counter: SearchCounter
    feedback_limit: AddressLimit
    article_questions: Callable[[AsyncSession], Awaitable[Sequence[tuple[str, int, int, datetime]]]]
