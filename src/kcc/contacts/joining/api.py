"""JSON endpoint for team leads: contacts by phone without a call, and answered calls without a contact."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.access.roles import Role
from kcc.contacts.joining import queries
from kcc.contacts.joining.schemas import Unjoined, UnjoinedQuery, unjoined
from kcc.contacts.log.api import TAG
from kcc.contacts.telephony.api import CALLS
from kcc.contacts.telephony.reading import bounds
from kcc.web.answers import private
from kcc.web.openapi import operation
from kcc.web.paging import next_page
from kcc.web.requests import read_query
from kcc.web.routing import Route
from kcc.web.state import State

EXAMPLE: dict[str, Any] = {
    "contacts": [
        {
            "id": 12,
            "agent": "medewerker",
            "startedAt": "2026-11-24T08:00:00Z",
            "finishedAt": "2026-11-24T08:04:10Z",
            "reason": "none",
        }
    ],
    "contactsTotal": 1,
    "calls": CALLS["results"],
    "callsTotal": 1,
    "next": None,
}


@serves({Role.TEAM_LEAD, Role.ADMINISTRATOR})
@operation(
    summary="Contacts and calls that were not joined", tag=TAG, query=UnjoinedQuery, response=Unjoined, example=EXAMPLE
)
async def list_unjoined(request: Request[State]) -> Response:
    """Contacts by phone by the day they began, and answered calls by the day they entered a queue."""
    asked = read_query(request, UnjoinedQuery)
    begin, end = bounds(asked.from_, asked.to, request.state["clock"].timezone)
    async with request.state["database"].reading() as session:
        contacts = await queries.contacts_without_call(session, begin, end, asked.limit, asked.offset)
        calls = await queries.calls_without_contact(session, begin, end, asked.limit, asked.offset)
    following = next_page(request, asked.limit, asked.offset, max(contacts[1], calls[1]))
    return private(unjoined(contacts, calls, following))


routes = [Route("/api/v1/contacts/unjoined", list_unjoined)]
