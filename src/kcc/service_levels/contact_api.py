"""JSON endpoints about what was asked."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.contacts.log.kinds import Channel, RequesterKind
from kcc.service_levels.api import DAYS_OF_PRODUCTS, TAG, check_period
from kcc.service_levels.contact_schemas import (
    FirstContactAnswer,
    FirstContactDefinition,
    FirstContactQuery,
    ProblemsAnswer,
    ProblemsQuery,
    first_contact_row,
    problem_row,
)
from kcc.service_levels.definitions import FIRST_CONTACT_VERSION
from kcc.service_levels.first_contact import Asked, rows
from kcc.service_levels.frequent_problems import Period, problems
from kcc.service_levels.periods import By
from kcc.service_levels.state import LEADS
from kcc.web.answers import private
from kcc.web.openapi import operation
from kcc.web.requests import read_query
from kcc.web.routing import Route
from kcc.web.state import State

StateRequest = Request[State]
FIRST_CONTACT: dict[str, Any] = {
    "definition": {
        "metric": "first-contact",
        "channel": "phone",
        "repeatDays": 7,
        "excludedTopics": ["bijstand"],
        "version": 1,
    },
    "rows": [
        {
            "start": "2026-11-24",
            "eligible": 200,
            "resolved": 101,
            "percent": 50.5,
            "eligibleAll": 250,
            "resolvedAll": 105,
            "percentAll": 42.0,
            "known": 100,
            "percentKnown": 50.0,
            "followed": 100,
            "seenResolved": 88,
            "percentSeen": 88.0,
            "knownAll": 125,
            "percentKnownAll": 50.0,
            "followedAll": 125,
            "seenResolvedAll": 100,
            "percentSeenAll": 80.0,
        }
    ],
}
PROBLEMS: dict[str, Any] = {
    "questions": 40,
    "withoutTopic": 2,
    "comparable": True,
    "rows": [
        {
            "topic": "paspoort",
            "name": "Paspoort",
            "group": "reisdocumenten",
            "questions": 30,
            "percent": 75.0,
            "cumulativePercent": 75.0,
            "before": 12,
            "rising": True,
            "requesters": {"resident": 28, "business": 0, "ownOrganisation": 2},
            "times": [{"start": "2026-11-23", "questions": 30}],
            "resolved": 21,
            "percentResolved": 70.0,
            "articles": [{"slug": "paspoort-aanvragen", "questions": 20, "resolved": 18}],
        }
    ],
}


@serves(LEADS)
@operation(
    summary="What was answered at the first contact",
    tag=TAG,
    query=FirstContactQuery,
    response=FirstContactAnswer,
    example=FIRST_CONTACT,
    errors=(404,),
)
async def first_contact(request: StateRequest) -> Response:
    """First-contact resolution, as marked and as seen, with and without the excluded groups."""
    query = read_query(request, FirstContactQuery)
    check_period(query, DAYS_OF_PRODUCTS)
    channel = None if query.channel == "all" else Channel(query.channel)
    groups = [code for code in query.exclude_groups if code]
    asked = Asked(query.from_, query.to, By(query.by), channel, groups or None)
    days = request.state["settings"].repeat_days
    async with request.state["database"].reading() as session:
        found, excluded = await rows(session, asked, request.state["clock"], days)
    definition = FirstContactDefinition(
        metric="first-contact",
        channel=query.channel,
        repeat_days=days,
        excluded_topics=sorted(excluded),
        version=FIRST_CONTACT_VERSION,
    )
    return private(FirstContactAnswer(definition=definition, rows=[first_contact_row(row) for row in found]))


@serves(LEADS)
@operation(summary="What is asked most", tag=TAG, query=ProblemsQuery, response=ProblemsAnswer, example=PROBLEMS)
async def frequent_problems(request: StateRequest) -> Response:
    """Topics by how often they were asked about, with who asked, when, and what helped."""
    query = read_query(request, ProblemsQuery)
    check_period(query, DAYS_OF_PRODUCTS)
    requester = RequesterKind(query.requester) if query.requester else None
    async with request.state["database"].reading() as session:
        period = Period(query.from_, query.to, By(query.by), requester)
        found = await problems(session, period, request.state["clock"])
    listed = [problem_row(one) for one in found.rows]
    return private(
        ProblemsAnswer(
            questions=found.questions, without_topic=found.without_topic, comparable=found.comparable, rows=listed
        )
    )


routes = [
    Route("/api/v1/first-contact", first_contact),
    Route("/api/v1/frequent-problems", frequent_problems),
]
