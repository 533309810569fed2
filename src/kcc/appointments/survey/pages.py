"""The page behind the link: one question, answered once. Opening it answers nothing, whoever or whatever opens it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import public
from kcc.appointments.state import AppointmentState
from kcc.appointments.survey import answering
from kcc.appointments.survey.inviting import invited
from kcc.appointments.survey.models import REMARK_MAX
from kcc.errors import InvalidInput, NotFound
from kcc.web.answers import unlisted
from kcc.web.i18n import language_of
from kcc.web.routing import Route
from kcc.web.templating import render

TYPED_MAX = 5000  # of a remark that is far too long, so much is shown again


@public
async def question(request: Request[AppointmentState]) -> Response:
    """The question; thanks when it was answered; what to do when the link does not work."""
    return await _page(request)


@public
async def answer(request: Request[AppointmentState]) -> Response:
    """Keep the answer, and show thanks at the same address. Sent twice, it counts once."""
    async with request.form(max_files=0, max_fields=5) as sent:
        score, remark = (_typed(sent.get(name)) for name in ("score", "remark"))
    state, token = request.state, _token(request)
    try:
        given = answering.opinion(score, remark)
    except InvalidInput as error:
        wrong = {problem.location.removeprefix("/"): problem.code for problem in error.errors}
        return await _page(request, 400, score=score, remark=remark[:TYPED_MAX], errors=wrong)
    today, secret_key = state["clock"].today(), state["policy"].secret_key
    try:
        await state["database"].transact(
            lambda session: answering.answer(session, secret_key, token, given, today),
        )
    except NotFound:
        return await _page(request)
    return RedirectResponse(_address(request), 303)


async def _page(
    request: Request[AppointmentState],
    status: int = 200,
    *,
    score: str = "",
    remark: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    state, language, today = request.state, language_of(request), request.state["clock"].today()
    async with state["database"].reading() as session:
        found = await invited(session, state["policy"].secret_key, _token(request), today)
        plan = await state["planner"].plan(session)
    if found is None:
        return unlisted(render(request, "survey/unknown.html", status=404))
    if found.answered:
        return unlisted(render(request, "survey/thanks.html"))
    place: Any = plan.places.get(found.location)
    context = {
        "place": place.title(language) if place else found.location,
        "day": found.day,
        "action": _address(request),
        "score": score,
        "remark": remark,
        "remark_max": REMARK_MAX,
        "errors": errors or {},
    }
    return unlisted(render(request, "survey/question.html", context, status=status))


def _token(request: Request[AppointmentState]) -> str:
    return str(request.path_params["token"])


def _address(request: Request[AppointmentState]) -> str:
    """This page, in the language it is in."""
    return request.url.path + ("?lang=en" if language_of(request) == "en" else "")


def _typed(value: object) -> str:
    """In characters that can be shown again and stored, whatever the form's character set."""
    return value.strip().encode("utf-8", "replace").decode() if isinstance(value, str) else ""


routes = [
    Route("/enquete/{token}", question),
    Route("/enquete/{token}", answer, methods=["POST"]),
]
