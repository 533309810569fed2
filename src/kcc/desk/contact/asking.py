"""Who asks something of the log at the desk."""

from starlette.requests import Request

from kcc.contacts.log.api import reader_of
from kcc.desk.contact.deeds import Desk
from kcc.desk.state import DeskState


def desk_of(request: Request[DeskState]) -> Desk:
    """The agent, and what the log needs besides."""
    state = request.state
    return Desk(
        reader_of(request),
        state["article_topics"],
        state["named_call"],
        state["callback_stands"],
        state["secret_key"],
        state["clock"].now(),
    )
