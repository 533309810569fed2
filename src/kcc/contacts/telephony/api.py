"""JSON endpoints of telephony: an exchange tells of calls, a team lead reads them."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import public, serves
from kcc.access.roles import Role
from kcc.contacts.telephony import queries
from kcc.contacts.telephony.keys import Keys
from kcc.contacts.telephony.reading import bounds
from kcc.contacts.telephony.ringing import moments
from kcc.contacts.telephony.schemas import (
    Accepted,
    CallList,
    CallsQuery,
    ToldEvents,
    call_item,
)
from kcc.contacts.telephony.sources import recognise
from kcc.contacts.telephony.state import TelephonyState
from kcc.contacts.telephony.telling import tell
from kcc.web.answers import private
from kcc.web.openapi import operation
from kcc.web.paging import next_page
from kcc.web.requests import read_json, read_query
from kcc.web.routing import Route

TAG = "Telefonie"
LEADS = frozenset({Role.TEAM_LEAD, Role.ADMINISTRATOR})
StateRequest = Request[TelephonyState]
EVENTS: dict[str, Any] = {
    "source": "centrale",
    "events": [
        {
            "id": "84c1",
            "callId": "1795507200.17",
            "queue": "algemeen",
            "kind": "entered",
            "at": "2026-11-24T08:00:00Z",
            "caller": "0612345678",
        },
        {
            "id": "84c2",
            "callId": "1795507200.17",
            "queue": "algemeen",
            "kind": "answered",
            "at": "2026-11-24T08:00:21Z",
            "agent": "101",
            "extension": "101",
        },
    ],
}
CALLS: dict[str, Any] = {
    "results": [
        {
            "id": 1,
            "source": "centrale",
            "callId": "1795507200.17",
            "queue": "algemeen",
            "enteredAt": "2026-11-24T08:00:00Z",
            "answeredAt": "2026-11-24T08:00:21Z",
            "endedAt": None,
            "wrappedUpAt": None,
            "waitSeconds": 21,
            "talkSeconds": None,
            "ringMilliseconds": 0,
            "agent": "101",
            "outcome": "answered",
            "reason": None,
            "transferredTo": None,
            "position": None,
        }
    ],
    "total": 1,
    "next": None,
}
SIGNED = (
    {
        "name": "X-KCC-Timestamp",
        "required": True,
        "schema": {"type": "string"},
        "example": "1795507221",
        "description": "The moment of sending, in seconds since 1970; at most 300 off.",
    },
    {
        "name": "X-KCC-Signature",
        "required": True,
        "schema": {"type": "string"},
        "example": "sha256=" + 64 * "0",
        "description": 'sha256= and, in hex, HMAC-SHA-256 of the secret over timestamp + "." + body.',
    },
)


@public
@operation(
    summary="Tell of calls",
    tag=TAG,
    body=ToldEvents,
    body_example=EVENTS,
    response=Accepted,
    example={"accepted": 2, "duplicates": 0, "rejected": []},
    headers=SIGNED,
)
async def tell_events(request: StateRequest) -> Response:
    """Events of an exchange, which signs in place of a token."""
    told = await read_json(request, ToldEvents)
    state, headers, body = request.state, request.headers, await request.body()
    clocks, secret_key = moments(state["clock"]), state["secret_key"]

    async def work(session: AsyncSession) -> Accepted:
        timestamp, signature = headers.get("x-kcc-timestamp"), headers.get("x-kcc-signature")
        source = await recognise(session, secret_key, told.source, body, timestamp, signature, *clocks)
        return await tell(session, source, told.events, Keys(secret_key))

    accepted = await state["database"].transact(work)
    state["ring_watch"].nudge()
    return private(accepted)


@serves(LEADS)
@operation(summary="Calls", tag=TAG, query=CallsQuery, response=CallList, example=CALLS)
async def calls(request: StateRequest) -> Response:
    """Calls by the day on which they entered the queue."""
    asked = read_query(request, CallsQuery)
    begin, end = bounds(asked.from_, asked.to, request.state["clock"].timezone)
    async with request.state["database"].reading() as session:
        found, total = await queries.calls_between(session, begin, end, asked.queue, asked.limit, asked.offset)
    return private(
        CallList(
            results=[call_item(*one) for one in found],
            total=total,
            next=next_page(request, asked.limit, asked.offset, total),
        )
    )


routes = [
    Route("/api/v1/calls/events", tell_events, methods=["POST"]),
    Route("/api/v1/calls", calls),
]
