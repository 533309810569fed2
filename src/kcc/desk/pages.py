"""The agent's desk: search while typing, the answer large, and whether it was the answer."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import serves
from kcc.access.roles import STAFF
from kcc.desk import appointments, booking, correcting, finding, moving
from kcc.desk.contact import pages as contact_pages
from kcc.desk.contact import ringing
from kcc.desk.screen import screen, searched
from kcc.desk.state import DeskState
from kcc.desk.teaching import teach
from kcc.errors import DomainError, FieldError, InvalidInput, NotFound
from kcc.knowledge.models import SearchChannel, Verdict
from kcc.knowledge.schemas import Feedback, Slug
from kcc.knowledge.searching import QUERY_MAX
from kcc.web.requests import Wire, read_form
from kcc.web.routing import Route
from kcc.web.templating import render


def _from_htmx(request: Request[DeskState], target: str) -> bool:
    """Whether the page asks for one part of itself; it names the part in HX-Target (`id` or `tag#id`)."""
    return request.headers.get("hx-target", "").rpartition("#")[2] == target


@serves(STAFF)
async def desk(request: Request[DeskState]) -> Response:
    """The desk, or the part of it that htmx asks for."""
    query = request.query_params.get("q", "").strip()[:QUERY_MAX]
    slug = request.query_params.get("artikel")
    counter = request.state["counter"]
    if slug and _from_htmx(request, "artikel"):
        asked = await contact_pages.article_opened(request, slug)
        async with request.state["database"].reading() as session:
            context = await screen(session, request, query, slug, asked=asked)
        if query:
            counter.opened(SearchChannel.DESK, query)
        return render(request, "desk/_article.html", context)
    async with request.state["database"].reading() as session:
        if _from_htmx(request, "gevonden"):
            context = await searched(session, request, query) | {"article": None}
            return render(request, "desk/_results.html", context | {"open_slug": slug})
        context = await screen(session, request, query, slug)
    if slug and query:
        counter.opened(SearchChannel.DESK, query)
    # Few hits under a filter say nothing about the kennisbank.
    elif query and not context["filters"].labels:
        counter.searched(SearchChannel.DESK, query, context["results"]["total"] if context["results"] else 0)
    return render(request, "desk/desk.html", context)


class Settled(Wire):
    """Words somebody stopped typing at."""

    query: str
    found: int = 0


@serves(STAFF)
async def settled(request: Request[DeskState]) -> Response:
    """The page tells what was searched once the agent stops typing: half-typed words say nothing."""
    asked = await read_form(request, Settled)
    request.state["counter"].searched(SearchChannel.DESK, asked.query, max(0, asked.found))
    return Response(status_code=204)


class DeskFeedback(Feedback):
    """The verdict on the open article."""

    slug: Slug
    key: str = ""


@serves(STAFF)
async def feedback(request: Request[DeskState]) -> Response:
    """Keep the verdict; answer with the panel alone to htmx, otherwise back to the desk."""
    given = await read_form(request, DeskFeedback)
    htmx = _from_htmx(request, "reactie")
    error = await _keep(request, given)
    if not htmx and error is None:
        back = {"artikel": given.slug, "q": given.query or "", "opgeslagen": given.verdict.value}
        return RedirectResponse("/werk?" + urlencode(back), 303)
    async with request.state["database"].reading() as session:
        context = await screen(session, request, given.query or "", given.slug)
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


async def _keep(request: Request[DeskState], given: DeskFeedback) -> str | None:
    """Write the verdict. Returns what is wrong with it, for beside the form."""
    try:
        if given.verdict is Verdict.WRONG and not given.note:
            problem = FieldError("body", "/note", "missing", "schrijf op wat er niet klopt")
            raise InvalidInput("Schrijf op wat er niet klopt. Dan kan de redactie het verbeteren.", [problem])
        verdict = Feedback(verdict=given.verdict, query=given.query, note=given.note)
        await teach(request, given.slug, verdict, given.key)
    except NotFound:
        raise
    except DomainError as error:
        return error.detail
    return None


routes = [
    Route("/werk", desk),
    Route("/werk/zoekvraag", settled, methods=["POST"]),
    Route("/werk/reactie", feedback, methods=["POST"]),
    *contact_pages.routes,
    *ringing.routes,
    *booking.routes,
    *finding.routes,
    *appointments.routes,
    *moving.routes,
    *correcting.routes,
]
