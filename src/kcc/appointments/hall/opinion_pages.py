"""The kiosk asks how the visit was: five large buttons, one press, thanks, and back to the beginning."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import serves
from kcc.appointments.hall.api import AT_THE_DOOR, floor_of
from kcc.appointments.hall.floor import Floor
from kcc.appointments.hall.state import HallState
from kcc.appointments.links import new_secret
from kcc.appointments.survey import answering
from kcc.errors import InvalidInput
from kcc.web.i18n import language_of
from kcc.web.routing import Route
from kcc.web.templating import render

PAGE_MAX = 100
PageRequest = Request[HallState]


async def _floor(request: PageRequest) -> Floor:
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
    return floor_of(request, plan, request.path_params["location"])


def _to(request: PageRequest, path: str, **query: str) -> RedirectResponse:
    """On, in the language of this page."""
    asked = query | ({"lang": "en"} if language_of(request) == "en" else {})
    text = "&".join(f"{name}={value}" for name, value in asked.items())
    return RedirectResponse(path + (f"?{text}" if text else ""), 303)


@serves(AT_THE_DOOR)
async def opinion(request: PageRequest) -> Response:
    """The question; thanks to who just answered it."""
    floor = await _floor(request)
    if not request.state["settings"].survey:
        return _to(request, f"/kiosk/{floor.location}")
    context = {
        "place": floor.place,
        "name": floor.place.title(language_of(request)),
        "given": "gegeven" in request.query_params,
        "page": new_secret(),
    }
    return render(request, "survey/kiosk.html", context)


@serves(AT_THE_DOOR)
async def give(request: PageRequest) -> Response:
    """One press is one answer, however often the same button sends it."""
    floor = await _floor(request)
    here = f"/kiosk/{floor.location}"
    if not request.state["settings"].survey:
        return _to(request, here)
    async with request.form(max_files=0, max_fields=5) as sent:
        score, page = (str(sent.get(name, "")) for name in ("score", "page"))
    try:
        given = answering.opinion(score)
    except InvalidInput:
        return _to(request, f"{here}/mening")
    page, secret_key = page[:PAGE_MAX] or new_secret(), request.state["policy"].secret_key
    await request.state["database"].transact(
        lambda session: answering.answer_at_kiosk(session, secret_key, page, floor.location, given, floor.day)
    )
    return _to(request, f"{here}/mening", gegeven="ja")


routes = [
    Route("/kiosk/{location}/mening", opinion),
    Route("/kiosk/{location}/mening", give, methods=["POST"]),
]
