"""The agent's desk: search while typing, the answer large, and whether it was the answer."""

from typing import Any
from urllib.parse import urlencode

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import serves
from kcc.access.roles import STAFF
from kcc.catalogue.models import Topic
from kcc.catalogue.topics import department_names, topics_by_code
from kcc.desk import appointments, booking, correcting, finding, moving
from kcc.desk.choice import Choice
from kcc.errors import DomainError, FieldError, InvalidInput, NotFound
from kcc.knowledge import learning, popular, reading
from kcc.knowledge.models import Audience, SearchChannel, Verdict
from kcc.knowledge.schemas import Feedback, Slug
from kcc.knowledge.searching import QUERY_MAX
from kcc.knowledge.state import KnowledgeState
from kcc.knowledge.views import ArticleView, article_view, hit_view, listed
from kcc.web.requests import Wire, read_form
from kcc.web.routing import Route
from kcc.web.templating import render

SHOWN = 10
COMPLETIONS = 3
# Characters of text with a hit: three lines in the narrow column.
SNIPPET = 130


def _from_htmx(request: Request[KnowledgeState], target: str) -> bool:
    """Whether the page asks for one part of itself; it names the part in HX-Target (`id` or `tag#id`)."""
    return request.headers.get("hx-target", "").rpartition("#")[2] == target


@serves(STAFF)
async def desk(request: Request[KnowledgeState]) -> Response:
    """The desk, or the part of it that htmx asks for."""
    query = request.query_params.get("q", "").strip()[:QUERY_MAX]
    slug = request.query_params.get("artikel")
    async with request.state["database"].reading() as session:
        context = await _context(session, request, query)
        context["article"] = article = await _article(session, request, slug) if slug else None
    counter = request.state["counter"]
    if article and query:
        counter.opened(SearchChannel.DESK, query)
    if _from_htmx(request, "gevonden"):
        return render(request, "desk/_results.html", context)
    if _from_htmx(request, "artikel"):
        return render(request, "desk/_article.html", context)
    # Few hits under a filter say nothing about the kennisbank.
    if query and not article and not context["filters"].labels:
        counter.searched(SearchChannel.DESK, query, context["results"]["total"] if context["results"] else 0)
    return render(request, "desk/desk.html", context)


async def _context(session: AsyncSession, request: Request[KnowledgeState], query: str) -> dict[str, Any]:
    searcher = request.state["searcher"]
    topics = await topics_by_code(session)
    departments = await department_names(session)
    choice = Choice(request.query_params, topics, departments)
    filters = choice.filters(request.state["clock"].today())
    results: dict[str, Any] | None = None
    completions: list[tuple[str, str]] = []
    if query:
        found = searcher.search(query, filters, limit=SHOWN, typing=True)
        hits = [hit_view(hit, topics, searcher.fees, SNIPPET) for hit in found.hits]
        results = {"total": found.total, "suggestion": found.suggestion, "hits": hits}
        # What the list below shows anyway needs no second link.
        shown = {hit.slug for hit in hits}
        offered = searcher.complete(query, filters, limit=SHOWN + COMPLETIONS)
        completions = [(item.text, item.slug) for item in offered if item.slug not in shown][:COMPLETIONS]
    elif choice.labels:
        total, rows = await reading.listing(
            session, filters.today, agents=True, audience=Audience(filters.only) if filters.only else None,
            topic=filters.topic, department=filters.department, language=filters.language, limit=SHOWN, offset=0,
        )  # fmt: skip
        results = {
            "total": total,
            "suggestion": None,
            "hits": [listed(row, topics, searcher.fees, SNIPPET) for row in rows],
        }
    return {
        "query": query,
        "filters": choice,
        "results": results,
        "completions": completions,
        "popular": [] if results else await _popular(session, request, topics),
        "feedback_saved": _saved(request),
        "feedback_error": None,
        "note": None,
    }


def _saved(request: Request[KnowledgeState]) -> str | None:
    saved = request.query_params.get("opgeslagen")
    return saved if saved in {verdict.value for verdict in Verdict} else None


async def _popular(session: AsyncSession, request: Request[KnowledgeState], topics: dict[str, Topic]) -> list[Any]:
    today = request.state["clock"].today()
    slugs = [item.slug for item in await popular.most_asked(session, today)]
    rows = await reading.public_among(session, slugs, today)
    return [listed(row, topics, request.state["searcher"].fees, SNIPPET) for row in rows]


async def _article(session: AsyncSession, request: Request[KnowledgeState], slug: str) -> ArticleView:
    today = request.state["clock"].today()
    article = await reading.read(session, slug, today, agents=True)
    return await article_view(session, article, request.state["searcher"], request.state["clock"], agents=True)


class Settled(Wire):
    """Words somebody stopped typing at."""

    query: str
    found: int = 0


@serves(STAFF)
async def settled(request: Request[KnowledgeState]) -> Response:
    """The page tells what was searched once the agent stops typing: half-typed words say nothing."""
    asked = await read_form(request, Settled)
    request.state["counter"].searched(SearchChannel.DESK, asked.query, max(0, asked.found))
    return Response(status_code=204)


class DeskFeedback(Feedback):
    """The verdict on the open article."""

    slug: Slug


@serves(STAFF)
async def feedback(request: Request[KnowledgeState]) -> Response:
    """Keep the verdict; answer with the panel alone to htmx, otherwise back to the desk."""
    given = await read_form(request, DeskFeedback)
    htmx = _from_htmx(request, "reactie")
    error = await _keep(request, given)
    if not htmx and error is None:
        back = {"artikel": given.slug, "q": given.query or "", "opgeslagen": given.verdict.value}
        return RedirectResponse("/werk?" + urlencode(back), 303)
    async with request.state["database"].reading() as session:
        context = await _context(session, request, given.query or "")
        context["article"] = await _article(session, request, given.slug)
    context |= {
        "feedback_saved": None if error else given.verdict.value,
        "feedback_error": error,
        "note": given.note if error else None,
    }
    return render(
        request,
        "desk/_feedback.html" if htmx else "desk/desk.html",
        context,
        status=200 if htmx or not error else 400,
    )


async def _keep(request: Request[KnowledgeState], given: DeskFeedback) -> str | None:
    """Write the verdict. Returns what is wrong with it, for beside the form."""
    try:
        if given.verdict is Verdict.WRONG and not given.note:
            problem = FieldError("body", "/note", "missing", "schrijf op wat er niet klopt")
            raise InvalidInput("Schrijf op wat er niet klopt. Dan kan de redactie het verbeteren.", [problem])
        verdict = Feedback(verdict=given.verdict, query=given.query, note=given.note)
        async with request.state["database"].writing() as session:
            await learning.give_feedback(
                session, given.slug, verdict, SearchChannel.DESK, request.state["clock"], agents=True
            )
    except NotFound:
        raise
    except DomainError as error:
        return error.detail
    request.state["counter"].judged(SearchChannel.DESK, given.query or "", given.verdict)
    return None


routes = [
    Route("/werk", desk),
    Route("/werk/zoekvraag", settled, methods=["POST"]),
    Route("/werk/reactie", feedback, methods=["POST"]),
    *booking.routes,
    *finding.routes,
    *appointments.routes,
    *moving.routes,
    *correcting.routes,
]
