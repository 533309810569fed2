"""A resident's own appointment: by the link in the mail, or by its code and e-mail address."""

import hmac
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.contact_details import email_address, keyed
from kcc.access.guard import public
from kcc.appointments import changing, queries, reading
from kcc.appointments.availability.offering import SlotTaken
from kcc.appointments.availability.plan import Plan
from kcc.appointments.letters.invitation import invitation
from kcc.appointments.links import manage_token, typed_code
from kcc.appointments.models import Appointment, AppointmentStatus
from kcc.appointments.pages import journey
from kcc.appointments.pages.journey import address, asker, to
from kcc.appointments.pages.own_appointment import HOME, appointment_context, shown_appointment
from kcc.appointments.pages.prevented import places_to_move, prevented
from kcc.appointments.pages.times import start_of, times
from kcc.appointments.state import AppointmentState
from kcc.errors import Conflict, InvalidInput, TooManyRequests
from kcc.web.addresses import client_address
from kcc.web.i18n import language_of
from kcc.web.routing import Route
from kcc.web.templating import render


@public
async def overview(request: Request[AppointmentState]) -> Response:
    """The appointment, or the form to find it. A token in the address becomes a cookie, out of sight."""
    token = request.query_params.get("token")
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        if token is not None:
            return await _exchange(session, request, plan, token)
        appointment = await shown_appointment(session, request, plan)
        if appointment is None:
            return _find_form(request, _said(request))
        context = await appointment_context(session, request, plan, appointment)
    return _private(render(request, "appointments/manage.html", context))


def _said(request: Request[AppointmentState]) -> str | None:
    """Why the form to find an appointment is shown, as a word for its sentence."""
    if request.query_params.get("link") == "oud":
        return "link"
    return "left" if request.query_params.get("gedaan") == "afgesloten" else None


async def _exchange(
    session: AsyncSession, request: Request[AppointmentState], plan: Plan, token: str
) -> RedirectResponse:
    found = await reading.by_token(session, token[:200], request.state["clock"].today(), plan)
    if found is None:
        response = to(request, HOME, [("link", "oud")])
        journey.forget(request, response, journey.MANAGE)
        return response
    english = [("lang", "en")] if found.language == "en" and language_of(request) != "en" else []
    response = to(request, HOME, english)
    journey.keep(request, response, journey.MANAGE, token)
    return response


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@public
async def find_form(request: Request[AppointmentState]) -> Response:
    """The form to find an appointment, whether or not this browser has one already."""
    return _find_form(request, _said(request))


@public
async def leave(request: Request[AppointmentState]) -> Response:
    """Forget the appointment in this browser, for whoever uses it next."""
    response = to(request, HOME, [("gedaan", "afgesloten")])
    for what in (journey.MANAGE, journey.HOLD, journey.DRAFT):
        journey.forget(request, response, what)
    return response


def _find_form(request: Request[AppointmentState], said: str | None, status: int = 200, **values: str) -> Response:
    context = {
        "said": said,
        "values": {"code": "", "email": ""} | values,
        "action": address(request, f"{HOME}/zoeken"),
        "path": f"{HOME}/zoeken",  # of the link to the other language: the address may still say why it is shown
    }
    return _private(render(request, "appointments/find.html", context, status=status))


@public
async def find(request: Request[AppointmentState]) -> Response:
    """By code and e-mail address. A wrong code and a wrong address get the same answer."""
    form = await request.form(max_files=0, max_fields=10)
    code, email = (journey.typed(form.get(name))[:254] for name in ("code", "email"))
    try:
        await request.state["lookup_limit"].count(client_address(request))
    except TooManyRequests as error:
        page = _find_form(request, "too-many", error.status, code=code, email=email)
        page.headers.update(error.headers)
        return page
    secret_key = request.state["policy"].secret_key
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        found = await queries.by_code(session, typed_code(code))
        given = keyed(secret_key, _as_stored(email).casefold())
        right = hmac.compare_digest((found and found.email_key) or "", given)
        token = manage_token(secret_key, found.code if found else "")
        alive = right and await reading.by_token(session, token, request.state["clock"].today(), plan)
    if not alive:
        return _find_form(request, "unknown", 404, code=code, email=email)
    response = to(request, HOME)
    journey.keep(request, response, journey.MANAGE, token)
    return response


def _as_stored(email: str) -> str:
    try:
        return email_address(email)
    except ValueError:
        return email


@public
async def move_form(request: Request[AppointmentState]) -> Response:
    """Another day or time."""
    return await _move_page(request)


async def _move_page(request: Request[AppointmentState], said: str | None = None, status: int = 200) -> Response:
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        appointment = await shown_appointment(session, request, plan)
        if appointment is None or appointment.status is AppointmentStatus.CANCELLED:
            return to(request, HOME)
        assert appointment.id is not None
        asked = await queries.products_of(session, appointment.id)
        context = await appointment_context(session, request, plan, appointment)
        booked = reading.booked(appointment, (code for code, _ in asked))
        places = places_to_move(plan, booked, request, at_home=bool(appointment.address))
        place = next((item for item in places if item.code == request.query_params.get("locatie")), None)
        place = place or next(iter(places), None)
        if place is None:  # its products are not made any more
            return to(request, HOME, [("gedaan", "bel")])
        try:
            context["times"] = await times(
                session, plan, request.state["policy"], asker(request), place, asked,
                month=request.query_params.get("maand", ""), day=request.query_params.get("dag", ""),
                moving=appointment,
            )  # fmt: skip
        except InvalidInput:
            return to(request, HOME, [("gedaan", "bel")])
    path, there = f"{HOME}/verzetten", [("locatie", place.code)]
    context |= {
        "said": said,
        "place": place,
        "places": places,
        "action": address(request, path, there),
        "place_link": lambda code: address(request, path, [("locatie", code)]),
        "day_link": lambda day: address(request, path, [*there, ("dag", day.isoformat())], "tijden"),
        "month_link": lambda first: address(request, path, [*there, ("maand", f"{first:%Y-%m}")]),
        "language_query": [item for item in request.query_params.items() if item[0] in ("locatie", "maand", "dag")],
    }
    return _private(render(request, "appointments/move.html", context, status=status))


@public
async def move(request: Request[AppointmentState]) -> Response:
    """Move to the chosen start, at the location in the address; when that is gone the old one stands."""
    form = await request.form(max_files=0, max_fields=10)
    starts_at = start_of(form.get("start"))
    if starts_at is None:
        return await _move_page(request, "choose", 400)

    async def work(session: AsyncSession) -> str | None:
        plan = await request.state["planner"].plan(session)
        appointment = await shown_appointment(session, request, plan, lock=True)
        if appointment is None:
            return None
        waited = appointment.earlier_asked_at is not None
        location = request.query_params.get("locatie") or None
        policy = request.state["policy"]
        await changing.reschedule(session, plan, policy, asker(request), appointment, starts_at, location)
        return "vervroegd" if waited and appointment.earlier_asked_at is None else "verzet"

    try:
        said = await request.state["database"].transact(work)
    except SlotTaken:
        return await _move_page(request, "taken", 409)
    except InvalidInput:
        return await _move_page(request, "choose", 400)
    except Conflict:
        return to(request, HOME, [("gedaan", "bel")])
    return to(request, HOME, [("gedaan", said)] if said else [])


@public
async def cancel_form(request: Request[AppointmentState]) -> Response:
    """Ask whether it is meant."""
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        appointment = await shown_appointment(session, request, plan)
        if appointment is None or appointment.status is AppointmentStatus.CANCELLED:
            return to(request, HOME)
        context = await appointment_context(session, request, plan, appointment)
    return _private(render(request, "appointments/cancel.html", context))


async def _do(request: Request[AppointmentState], verb: Any, said: str) -> Response:
    """Change the appointment of this browser by a verb that takes session, plan and appointment."""

    async def work(session: AsyncSession) -> bool:
        plan = await request.state["planner"].plan(session)
        appointment = await shown_appointment(session, request, plan, lock=True)
        if appointment is not None:
            await verb(session, plan, appointment)
        return appointment is not None

    try:
        done = await request.state["database"].transact(work)
    except Conflict:
        said, done = "bel", True
    return to(request, HOME, [("gedaan", said)] if done else [])


@public
async def cancel(request: Request[AppointmentState]) -> Response:
    """Cancel it."""

    async def verb(session: AsyncSession, plan: Plan, appointment: Appointment) -> None:
        await changing.cancel(session, plan, request.state["policy"], asker(request), appointment)

    return await _do(request, verb, "afgezegd")


@public
async def earlier(request: Request[AppointmentState]) -> Response:
    """On or off the list for an earlier place."""
    wanted = (await request.form(max_files=0, max_fields=10)).get("earlier") == "ja"

    async def verb(session: AsyncSession, plan: Plan, appointment: Appointment) -> None:
        await changing.ask_earlier(session, appointment, request.state["clock"].now(), wanted=wanted)

    return await _do(request, verb, "eerder" if wanted else "niet-eerder")


@public
async def answer_offer(request: Request[AppointmentState]) -> Response:
    """Take the earlier place, or leave it to the next."""
    takes = (await request.form(max_files=0, max_fields=10)).get("answer") == "ja"
    offer = request.path_params["offer"]

    async def verb(session: AsyncSession, plan: Plan, appointment: Appointment) -> None:
        if takes:
            await changing.accept_offer(session, plan, request.state["policy"], asker(request), appointment, offer)
        else:
            await changing.decline_offer(session, appointment, offer, request.state["clock"].now())

    return await _do(request, verb, "vervroegd" if takes else "blijft")


@public
async def calendar_file(request: Request[AppointmentState]) -> Response:
    """The appointment for in a calendar."""
    state = request.state
    async with state["database"].reading() as session:
        plan = await state["planner"].plan(session)
        appointment = await shown_appointment(session, request, plan)
        if appointment is None or appointment.status is AppointmentStatus.CANCELLED:
            return to(request, HOME)
        facts = await reading.facts(session, plan, state["policy"], appointment, language_of(request))
        if prevented(plan, reading.booked(appointment, (product.code for product in facts.products))):
            return to(request, HOME)
    settings = state["settings"]
    host = settings.base_url.partition("://")[2].partition(":")[0]
    content = invitation(facts, "PUBLISH", state["clock"].now(), settings.mail_from, settings.municipality_name, host)
    headers = {"Content-Disposition": 'attachment; filename="afspraak.ics"', "Cache-Control": "no-store"}
    return Response(content, headers=headers, media_type="text/calendar; charset=utf-8; method=PUBLISH")


routes = [
    Route(HOME, overview),
    Route(f"{HOME}/zoeken", find_form),
    Route(f"{HOME}/zoeken", find, methods=["POST"]),
    Route(f"{HOME}/afsluiten", leave, methods=["POST"]),
    Route(f"{HOME}/verzetten", move_form),
    Route(f"{HOME}/verzetten", move, methods=["POST"]),
    Route(f"{HOME}/afzeggen", cancel_form),
    Route(f"{HOME}/afzeggen", cancel, methods=["POST"]),
    Route(f"{HOME}/eerder", earlier, methods=["POST"]),
    Route(f"{HOME}/aanbod/{{offer:int}}", answer_offer, methods=["POST"]),
    Route("/afspraak/afspraak.ics", calendar_file),
]
