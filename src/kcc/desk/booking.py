"""An appointment made by an agent with somebody on the line: one screen beside the article."""

from typing import Any
from urllib.parse import urlencode

from pydantic import ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import principal_of, serves
from kcc.appointments.api import BOOKING_STAFF
from kcc.appointments.availability.offering import Asker
from kcc.appointments.booking import Person, book
from kcc.appointments.holds import Wanted
from kcc.appointments.schemas import Visitor
from kcc.contacts.log import reading as log
from kcc.contacts.log.labels import CHANNELS
from kcc.desk import draft as drafts
from kcc.desk.contact.asking import desk_of
from kcc.desk.contact.deeds import appointment_made, is_open
from kcc.desk.draft import Draft
from kcc.desk.offer import Offer, offer
from kcc.desk.state import DeskState
from kcc.errors import DomainError, InvalidInput, NotFound
from kcc.knowledge import reading
from kcc.knowledge.views import ArticleView, article_view
from kcc.storage import idempotency
from kcc.storage.idempotency import KeyReused
from kcc.web.dates import time_of_day
from kcc.web.requests import read_form
from kcc.web.routing import Route
from kcc.web.templating import render

# What is wrong: the id of the field where it is put right, and a sentence.
Errors = list[tuple[str, str]]
FIELDS = {"/name": "naam", "/email": "email", "/phone": "telefoon", "/address": "adres", "/startsAt": "tijden"}
NO_NAME = "Vul de naam in van wie er komt"
NO_CONTACT = "Vul een e-mailadres of een telefoonnummer in"
NO_ADDRESS = "Vul het adres in waar wij komen"
NO_TIME = "Kies een tijd"
NO_MAIL = "Wie wil horen van een eerdere plek, krijgt daar e-mail over. Vul een e-mailadres in."
USED = (
    "Met dit formulier is al een afspraak gemaakt. Kies nog eens ‘Afspraak maken’ als u er nog een wilt maken "
    "met deze gegevens."
)


class Booked(Visitor):
    """Who comes, out of all the fields of the form."""

    model_config = ConfigDict(extra="ignore")


def asker_of(request: Request[DeskState]) -> Asker:
    """Staff, now."""
    clock = request.state["clock"]
    return Asker(now=clock.now(), today=clock.today(), staff=True)


@serves(BOOKING_STAFF)
async def form(request: Request[DeskState]) -> Response:
    """The screen, with a product chosen when the address names one."""
    return await _screen(request, drafts.read(request.query_params))


@serves(BOOKING_STAFF)
async def submit(request: Request[DeskState]) -> Response:
    """Book, when what was chosen is what the agent saw times for. Otherwise show times for it."""
    async with request.form(max_files=0, max_fields=200) as fields:
        typed = {name: value.replace("\x00", "").strip() for name, value in fields.items() if isinstance(value, str)}
    draft = drafts.read(typed)
    turned = bool(typed.get("naar") or typed.get("ververs"))
    async with request.state["database"].reading() as session:
        found = await _offer(session, request, draft)
    if turned or draft.seen != draft.choice:
        return await _screen(request, draft, refreshed=not turned)
    visitor, errors = await _visitor(request, draft, found)
    wanted = _wanted(draft)
    if wanted is None:
        errors.append(("tijden", NO_TIME))
    if errors or visitor is None or wanted is None:
        return await _screen(request, draft, errors, status=400)
    try:
        code = await _book(request, draft, wanted, visitor)
    except KeyReused:
        draft.key = Draft().key
        return await _screen(request, draft, [("maken", USED)], status=409)
    except DomainError as error:
        return await _screen(request, draft, told(error), status=error.status)
    back = {"gedaan": "gemaakt", "artikel": draft.article, "q": draft.query}
    query = urlencode({name: value for name, value in back.items() if value})
    return RedirectResponse(f"/werk/afspraken/{code}?{query}", 303)


async def _visitor(request: Request[DeskState], draft: Draft, found: Offer) -> tuple[Booked | None, Errors]:
    """Who comes, and all that is wrong with it."""
    visitor, errors = None, Errors()
    try:
        visitor = await read_form(request, Booked)
    except InvalidInput as error:
        errors = told(error)
    if not draft.email and not draft.phone:
        errors.append(("email", NO_CONTACT))
    elif draft.earlier and not draft.email:
        errors.append(("email", NO_MAIL))
    if found.place and found.place.is_home_visit and not draft.address:
        errors.append(("adres", NO_ADDRESS))
    return visitor, errors


def told(error: DomainError) -> Errors:
    """An error of a verb, each part of it at the field it is about."""
    if not error.errors:
        return [("tijden", error.detail)]
    return [
        (FIELDS.get(item.location, "maken"), NO_NAME if item.code == "missing" else item.detail)
        for item in error.errors
    ]


def _wanted(draft: Draft) -> Wanted | None:
    starts_at = drafts.start_of(draft.start)
    return Wanted(draft.location, draft.asked, starts_at) if starts_at else None


async def _book(request: Request[DeskState], draft: Draft, wanted: Wanted, visitor: Booked) -> str:
    """The code of the appointment; the same one when the form is sent twice."""
    principal, asker = principal_of(request), asker_of(request)
    scope = f"desk-appointments {principal.key if principal else ''}"
    asked = f"{draft.choice} {draft.start} {visitor.model_dump_json()}"
    person = Person(
        name=visitor.name,
        email=visitor.email,
        phone=visitor.phone,
        language=visitor.language,
        address=visitor.address,
        wants_earlier=visitor.earlier,
    )

    async def work(session: AsyncSession) -> str:
        if known := await idempotency.begin(session, scope, draft.key, asked, asker.now):
            return known
        plan = await request.state["planner"].plan(session)
        appointment = await book(session, plan, request.state["policy"], asker, wanted, person)
        if draft.contact:
            await appointment_made(session, desk_of(request), draft.contact, draft.question, draft.article)
        await idempotency.finish(session, scope, draft.key, appointment.code)
        return appointment.code

    return await request.state["database"].transact(work)


async def _offer(session: AsyncSession, request: Request[DeskState], draft: Draft) -> Offer:
    plan = await request.state["planner"].plan(session)
    return await offer(session, plan, request.state["policy"], asker_of(request), draft)


async def _screen(
    request: Request[DeskState],
    draft: Draft,
    errors: Errors | None = None,
    *,
    refreshed: bool = False,
    status: int = 200,
) -> Response:
    """The screen with fresh times and all that was filled in."""
    async with request.state["database"].reading() as session:
        context: dict[str, Any] = {
            "draft": draft,
            "offer": await _offer(session, request, draft),
            "article": await _article(session, request, draft.article),
            "errors": errors or [],
            "error_at": dict(reversed(errors or [])),
            "refreshed": refreshed,
            "today": asker_of(request).today,
            "for_contact": await _for_contact(session, request, draft.contact),
        }
    return render(request, "desk/booking/booking.html", context, status=status)


async def _for_contact(session: AsyncSession, request: Request[DeskState], contact: int | None) -> str:
    """Which contact it is for, as `10.20 uur, telefoon`; empty for none, one that is over, and another's."""
    logged = await log.own(session, desk_of(request).reader, contact) if contact else None
    if logged is None or not is_open(logged):
        return ""
    began = logged.contact.started_at.astimezone(request.state["clock"].timezone)
    return f"{time_of_day(began)} uur, {CHANNELS[logged.contact.channel].lower()}"


async def _article(session: AsyncSession, request: Request[DeskState], slug: str) -> ArticleView | None:
    """The article the agent came from; the screen does without one that is not there."""
    clock = request.state["clock"]
    try:
        article = await reading.read(session, slug, clock.today(), agents=True)
    except NotFound:
        return None
    return await article_view(session, article, request.state["searcher"], clock, agents=True)


routes = [
    Route("/werk/afspraak", form),
    Route("/werk/afspraak", submit, methods=["POST"]),
]
