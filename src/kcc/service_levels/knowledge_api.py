"""JSON endpoint about how knowledge is used."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.contacts.log.kinds import Channel
from kcc.service_levels.api import DAYS_OF_PRODUCTS, TAG, check_period
from kcc.service_levels.knowledge_definitions import FEWEST, KNOWLEDGE, KNOWLEDGE_VERSION
from kcc.service_levels.knowledge_measures import Period, measures
from kcc.service_levels.knowledge_schemas import (
    KnowledgeAnswer,
    KnowledgeDefinition,
    KnowledgeQuery,
    knowledge_answer,
)
from kcc.service_levels.periods import By
from kcc.service_levels.state import LEADS
from kcc.web.answers import private
from kcc.web.openapi import operation
from kcc.web.requests import read_query
from kcc.web.routing import Route
from kcc.web.state import State

COUNTS: dict[str, Any] = {
    "questions": 40,
    "linked": 30,
    "percentLinked": 75.0,
    "reused": 28,
    "percentReused": 93.3,
    "new": 2,
    "none": 10,
    "calledBackAfterSearch": 3,
}
MEASURES: dict[str, Any] = {
    "definition": {"metric": KNOWLEDGE, "channel": "all", "topic": None, "fewest": FEWEST, "version": 1},
    "rows": [{"start": "2026-11-01", **COUNTS}],
    "topics": [{"topic": "paspoort", "name": "Paspoort", "group": "reisdocumenten", "articlesPublished": 1, **COUNTS}],
    "articles": [
        {
            "slug": "paspoort-aanvragen",
            "title": "Paspoort aanvragen",
            "questions": 30,
            "resolved": 24,
            "percentResolved": 80.0,
            "openFlags": 1,
        }
    ],
    "flags": {"raised": 3, "mended": 2, "medianSecondsToMend": 86400.0, "open": 1, "oldestOpenSeconds": 259200.0},
}


@serves(LEADS)
@operation(
    summary="How knowledge is used",
    tag=TAG,
    query=KnowledgeQuery,
    response=KnowledgeAnswer,
    example=MEASURES,
    errors=(404,),
)
async def knowledge_measures(request: Request[State]) -> Response:
    """Articles linked to questions, reused or new, and flags on them: by interval, topic and article."""
    query = read_query(request, KnowledgeQuery)
    check_period(query, DAYS_OF_PRODUCTS)
    channel = None if query.channel == "all" else Channel(query.channel)
    period = Period(query.from_, query.to, By(query.by), channel, query.topic or None)
    async with request.state["database"].reading() as session:
        found = await measures(session, period, request.state["clock"])
    definition = KnowledgeDefinition(
        metric="knowledge", channel=query.channel, topic=period.topic, fewest=FEWEST, version=KNOWLEDGE_VERSION
    )
    return private(knowledge_answer(definition, found))


routes = [Route("/api/v1/knowledge-measures", knowledge_measures)]
