"""What stands on the desk: what was found, the article, the contact beside it."""

from collections.abc import Mapping
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request

from kcc.access.guard import principal_of
from kcc.catalogue.models import Topic
from kcc.catalogue.topics import departments, topics_by_code
from kcc.contacts.announcements.pressing import pressing
from kcc.contacts.log.api import LOGGING, reader_of
from kcc.contacts.telephony import seats
from kcc.desk.choice import Choice
from kcc.desk.contact.form import Errors
from kcc.desk.contact.panel import Known, Panel, Shown, panel, shown
from kcc.desk.state import DeskState
from kcc.knowledge import popular, reading
from kcc.knowledge.models import Audience, Verdict
from kcc.knowledge.searching import QUERY_MAX
from kcc.knowledge.views import ArticleView, article_view, hit_view, listed
from kcc.web.once import key_shown

SHOWN = 10
COMPLETIONS = 3
# Characters of text with a hit: three lines in the narrow column.
SNIPPET = 130


async def screen(
    session: AsyncSession,
    request: Request[DeskState],
    query: str,
    slug: str | None,
    *,
    asked: Shown | None = None,
    typed: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
) -> dict[str, Any]:
    """Everything on the desk. `asked`: which contact, where the address does not say; `typed` and `errors` of its form.

    Raises NotFound for an article that is not there.
    """
    known = Known(await topics_by_code(session), await departments(session))
    context = await searched(session, request, query.strip()[:QUERY_MAX], known)
    context["article"] = found = await article(session, request, slug, known) if slug else None
    principal, now = principal_of(request), request.state["clock"].now()
    if principal is not None:
        context |= await pressing(session, principal, now, f"/werk?{request.url.query}")
    context["panel"] = beside = await contact_panel(session, request, known, found, asked, typed, errors)
    if beside:
        context["choose_phone"] = await seats.is_to_choose(session, reader_of(request).agent)
        context["contact"] = str(beside.contact or ("nieuw" if beside.tabs else ""))
        context["asked"] = str(beside.values["question"] or "")
    return context


async def contact_panel(
    session: AsyncSession,
    request: Request[DeskState],
    known: Known,
    article: ArticleView | None,
    asked: Shown | None = None,
    typed: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
) -> Panel | None:
    """The contact beside the article; None for who logs none."""
    principal = principal_of(request)
    if principal is None or not principal.may(*LOGGING):
        return None
    slug, product = (article.slug, article.product) if article else (None, None)
    asked = asked or shown(request.query_params)
    clock, days = request.state["clock"], request.state["settings"].repeat_days
    return await panel(session, reader_of(request), clock, days, known, asked, slug, product, typed, errors)


async def searched(
    session: AsyncSession, request: Request[DeskState], query: str, known: Known | None = None
) -> dict[str, Any]:
    """What was searched and found, under the filters that were chosen. `known`: when it was read already."""
    searcher = request.state["searcher"]
    known = known or Known(await topics_by_code(session), await departments(session))
    topics = known.topics
    choice = Choice(request.query_params, topics, known.names)
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
        "contact": request.query_params.get("contact", "")[:10],
        "asked": request.query_params.get("vraag", "")[:10],
        "filters": choice,
        "results": results,
        "completions": completions,
        "popular": [] if results else await _popular(session, request, topics),
        "feedback_saved": _saved(request),
        "feedback_key": key_shown(),
        "feedback_error": None,
        "note": None,
    }


def _saved(request: Request[DeskState]) -> str | None:
    saved = request.query_params.get("opgeslagen")
    return saved if saved in {verdict.value for verdict in Verdict} else None


async def _popular(session: AsyncSession, request: Request[DeskState], topics: dict[str, Topic]) -> list[Any]:
    today = request.state["clock"].today()
    slugs = [item.slug for item in await popular.most_asked(session, today)]
    rows = await reading.public_among(session, slugs, today)
    return [listed(row, topics, request.state["searcher"].fees, SNIPPET) for row in rows]


async def article(session: AsyncSession, request: Request[DeskState], slug: str, known: Known) -> ArticleView:
    """The article that is open. Raises NotFound."""
    today = request.state["clock"].today()
    found = await reading.read(session, slug, today, agents=True)
    names = (known.topics, known.names)
    return await article_view(
        session, found, request.state["searcher"], request.state["clock"], agents=True, known=names
    )
