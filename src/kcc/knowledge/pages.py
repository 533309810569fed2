"""Residents' pages of the kennisbank: the start page, search, an answer."""

from collections import defaultdict
from typing import Any, Literal
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import public
from kcc.catalogue.topics import topics_by_code
from kcc.knowledge import learning, popular, reading
from kcc.knowledge.models import SearchChannel, Verdict
from kcc.knowledge.schemas import Feedback, Query
from kcc.knowledge.search import Filters
from kcc.knowledge.searching import QUERY_MAX
from kcc.knowledge.state import KnowledgeState
from kcc.knowledge.views import article_view, hit_view
from kcc.web.addresses import client_address
from kcc.web.i18n import language_of
from kcc.web.requests import Wire, read_form
from kcc.web.routing import Route
from kcc.web.templating import render

PAGE_SIZE = 10
MAX_OFFSET = 1000


def _resident(request: Request[KnowledgeState], **filters: Any) -> Filters:
    return Filters(audience="public", today=request.state["clock"].today(), **filters)


@public
async def home(request: Request[KnowledgeState]) -> Response:
    """The start page: one question, one search field, what is asked most."""
    today = request.state["clock"].today()
    async with request.state["database"].reading() as session:
        most_asked = await popular.most_asked(session, today)
    context = {
        "popular": most_asked,
        "often_searched": popular.OFTEN_SEARCHED,
        "query": None,
    }
    return render(request, "knowledge/home.html", context)


@public
async def results(request: Request[KnowledgeState]) -> Response:
    """What was found, or without words all topics with their articles."""
    query = request.query_params.get("q", "").strip()[:QUERY_MAX]
    if not query:
        return await _all_topics(request)
    searcher, counter = request.state["searcher"], request.state["counter"]
    offset = _offset(request)
    found = searcher.search(query, _resident(request), limit=PAGE_SIZE, offset=offset)
    if offset and not found.hits:  # past the last page: not the same as nothing found
        offset = 0
        found = searcher.search(query, _resident(request), limit=PAGE_SIZE)
    elif offset == 0:
        counter.searched(SearchChannel.RESIDENT, query, found.total)
    async with request.state["database"].reading() as session:
        topics = await topics_by_code(session)
    context = {
        "query": query,
        "hits": [hit_view(hit, topics, searcher.fees) for hit in found.hits],
        "total": found.total,
        "suggestion": found.suggestion,
        "previous_offset": max(0, offset - PAGE_SIZE) if offset else None,
        "next_offset": offset + PAGE_SIZE if offset + PAGE_SIZE < min(found.total, MAX_OFFSET) else None,
        "hint": None,
    }
    return render(request, "knowledge/results.html", context)


def _offset(request: Request[KnowledgeState]) -> int:
    given = request.query_params.get("offset", "0")
    return min(int(given), MAX_OFFSET) if given.isascii() and given.isdigit() and len(given) < 6 else 0


async def _all_topics(request: Request[KnowledgeState]) -> Response:
    async with request.state["database"].reading() as session:
        topics = await topics_by_code(session)
        rows = await reading.all_public(session, request.state["clock"].today())
    by_group: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        topic = topics[row.topic]
        by_group[topic.parent or topic.code].append(row)
    groups = [(topic, by_group[code]) for code, topic in topics.items() if by_group.get(code)]
    context = {"query": None, "groups": groups, "hits": [], "total": 0, "suggestion": None, "hint": None}
    return render(request, "knowledge/results.html", context)


@public
async def answer(request: Request[KnowledgeState]) -> Response:
    """One public article."""
    today = request.state["clock"].today()
    async with request.state["database"].reading() as session:
        article = await reading.read(session, request.path_params["slug"], today, agents=False)
        view = await article_view(session, article, request.state["searcher"], request.state["clock"], agents=False)
    query = request.query_params.get("q", "")[:QUERY_MAX]
    given = request.query_params.get("reactie") == "bedankt"
    if query and not given:
        request.state["counter"].opened(SearchChannel.RESIDENT, query)
    return render(request, "knowledge/answer.html", {"article": view, "feedback_given": given, "query": query})


class ResidentFeedback(Wire):
    """The form below an answer: yes or no. `lang` keeps the language of the page."""

    verdict: Literal[Verdict.RESOLVED, Verdict.NOT_THE_ANSWER]
    query: Query | None = None
    lang: str | None = None


@public
async def answer_feedback(request: Request[KnowledgeState]) -> Response:
    """A resident says whether this was the answer."""
    await request.state["feedback_limit"].count(client_address(request))
    feedback = await read_form(request, ResidentFeedback)
    slug = request.path_params["slug"]
    verdict = Feedback(verdict=feedback.verdict, query=feedback.query)
    async with request.state["database"].writing() as session:
        await learning.give_feedback(
            session, slug, verdict, SearchChannel.RESIDENT, request.state["clock"], agents=False
        )
    request.state["counter"].judged(SearchChannel.RESIDENT, feedback.query or "", feedback.verdict)
    kept = {"reactie": "bedankt"} | ({"q": feedback.query} if feedback.query else {})
    kept |= {"lang": "en"} if language_of(request) == "en" or feedback.lang == "en" else {}
    return RedirectResponse(f"/antwoorden/{slug}?{urlencode(kept)}#reactie", 303)


routes = [
    Route("/", home),
    Route("/antwoorden", results),
    Route("/antwoorden/{slug}", answer),
    Route("/antwoorden/{slug}/reactie", answer_feedback, methods=["POST"]),
]
