"""What the contact log adds to the lifespan state."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.log.references import ArticleTopics, CallbackStanding
from kcc.web.state import State


class NamedCall(NamedTuple):
    """A call by its id, and the requester key of the number that called; None when it was withheld."""

    id: int
    caller: str | None


# The call with this number, or with this name at a source; raises InvalidInput when there is no such.
CallNamed = Callable[[AsyncSession, int | str, str | None], Awaitable[NamedCall]]


class ContactState(State):
    """The state with who knows what the log itself does not: articles, calls and callbacks."""

    article_topics: ArticleTopics
    named_call: CallNamed
    callback_stands: CallbackStanding
