"""The editors' page: searches without a good answer, words learned from use, what is said to be wrong."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import principal_of, serves
from kcc.access.roles import EDITING, Role
from kcc.errors import Busy
from kcc.knowledge import learning, search_counts
from kcc.knowledge.search import Filters
from kcc.knowledge.searching import Searcher
from kcc.knowledge.state import KnowledgeState
from kcc.web.requests import Wire, read_form
from kcc.web.routing import Route
from kcc.web.templating import render

EDITORIAL = EDITING | {Role.TEAM_LEAD}
SAVED = {
    "accept": "Toegevoegd aan het artikel",
    "reject": "Voorstel weggelegd",
    "handled": "Melding afgehandeld",
}


@serves(EDITORIAL)
async def editorial(request: Request[KnowledgeState]) -> Response:
    """Searches without a good answer, words learned from use, what is said to be wrong."""
    state = request.state
    today = state["clock"].today()
    async with state["database"].reading() as session:
        gaps = await search_counts.gaps(session, today)
        proposals, flags, titles = await learning.for_editors(session)
        asked = await state["article_questions"](session)
        asked_titles = await learning.titles(session, [slug for slug, *_ in asked])
    context = {
        "saved": SAVED.get(request.query_params.get("gelukt", "")),
        "gaps": await asyncio.to_thread(_with_best, state["searcher"], gaps, today),
        "proposals": [
            {
                "id": row.id,
                "query": row.query,
                "slug": row.slug,
                "title": titles.get(row.slug, row.slug),
                "count": row.count,
            }
            for row in proposals
        ],
        "flags": [
            {
                "id": row.id,
                "slug": row.slug,
                "title": titles.get(row.slug, row.slug),
                "note": row.note,
                "at": state["clock"].local_date(row.created_at),
            }
            for row in flags
        ],
        "asked": [
            {
                "slug": slug,
                "title": asked_titles.get(slug, slug),
                "number": number,
                "answered": answered,
                "since": state["clock"].local_date(since),
            }
            for slug, number, answered, since in asked
        ],
    }
    return render(request, "knowledge/gaps.html", context)


def _with_best(searcher: Searcher, gaps: Sequence[search_counts.Gap], today: date) -> list[dict[str, Any]]:
    """Each gap with the article that is found best now; none while there is no usable index."""
    filters = Filters(audience="agents", today=today)
    rows = []
    for gap in gaps:
        try:
            hits = searcher.search(gap.query, filters, limit=1).hits
        except Busy:
            hits = ()
        best = (hits[0].slug, hits[0].title) if hits else None
        rows.append({"query": gap.query, "count": gap.count, "last": gap.last, "reason": gap.reason, "best": best})
    return rows


class Decision(Wire):
    """Whether learned words may join the article."""

    decision: Literal["accept", "reject"]


@serves(EDITING)
async def decide_proposal(request: Request[KnowledgeState]) -> Response:
    """An editor accepts or rejects learned words."""
    decision = (await read_form(request, Decision)).decision
    async with request.state["database"].writing() as session:
        await learning.decide(
            session,
            request.path_params["id"],
            accept=decision == "accept",
            editor=_name(request),
            now=request.state["clock"].now(),
        )
    return RedirectResponse(f"/redactie?gelukt={decision}", 303)


@serves(EDITING)
async def handle_flag(request: Request[KnowledgeState]) -> Response:
    """An editor has dealt with what was said to be wrong."""
    async with request.state["database"].writing() as session:
        await learning.handle_flag(session, request.path_params["id"], _name(request), request.state["clock"].now())
    return RedirectResponse("/redactie?gelukt=handled", 303)


def _name(request: Request[KnowledgeState]) -> str:
    principal = principal_of(request)
    return principal.name if principal else ""


routes = [
    Route("/redactie", editorial),
    Route("/redactie/voorstellen/{id:int}", decide_proposal, methods=["POST"]),
    Route("/redactie/meldingen/{id:int}", handle_flag, methods=["POST"]),
]
