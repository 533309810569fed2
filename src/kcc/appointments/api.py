"""JSON endpoints: look for a time, hold it, book it, see and change it."""

import json
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from kcc.access.contact_details import keyed
from kcc.access.guard import bearer, holders, principal_of, public
from kcc.access.roles import Role
from kcc.appointments import api_examples as examples
from kcc.appointments import changing, holds, queries, reading
from kcc.appointments.availability.cells import rfc3339
from kcc.appointments.availability.offering import Asker
from kcc.appointments.availability.plan import Plan
from kcc.appointments.availability.visit import place_of
from kcc.appointments.booking import book, person
from kcc.appointments.finding import free
from kcc.appointments.holds import Wanted
from kcc.appointments.links import hashed, manage_url, new_secret, typed_code
from kcc.appointments.models import Appointment
from kcc.appointments.schemas import (
    AppointmentAnswer,
    AppointmentDetail,
    AppointmentRequest,
    Availability,
    AvailabilityQuery,
    Challenge,
    DayOfStarts,
    HoldAnswer,
    HoldRequest,
    ProductAsked,
    Reschedule,
)
from kcc.appointments.state import AppointmentState
from kcc.errors import FieldError, InvalidInput, NotFound
from kcc.storage import idempotency
from kcc.web.addresses import client_address
from kcc.web.answers import private
from kcc.web.openapi import operation
from kcc.web.requests import Wire, read_json, read_query
from kcc.web.routing import Route

TAG = "Afspraken"
BOOKING_STAFF = frozenset({Role.AGENT, Role.COUNTER_CLERK, Role.TEAM_LEAD, Role.ADMINISTRATOR})
DAYS_AT_ONCE = 100
KEY_HEADER = {
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
    "description": "The same key gives the same answer, also after a lost one.",
}


def _asker(request: Request[AppointmentState]) -> Asker:
    principal, clock = principal_of(request), request.state["clock"]
    staff = principal is not None and bool(principal.roles & BOOKING_STAFF)
    return Asker(now=clock.now(), today=clock.today(), staff=staff)


def _key(request: Request[AppointmentState]) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not (0 < len(key.strip()) <= 200):
        problem = FieldError("header", "Idempotency-Key", "length", "1 tot 200 tekens")
        raise InvalidInput("Een Idempotency-Key heeft 1 tot 200 tekens", [problem])
    return key and key.strip()


@dataclass
class _Guard:
    """What stands between a program and all places: limits and proof of work, for who is no member of staff.

    Passed once a request, also when its transaction is done again, and not by one that repeats an earlier request.
    """

    request: Request[AppointmentState]
    asker: Asker
    altcha: str | None
    contact: str | None = None
    takes_a_place: bool = True
    passed: bool = False

    async def pass_once(self) -> None:
        """Raises TooManyRequests and ProofRequired."""
        if self.passed or self.asker.staff:
            return
        self.passed = True
        state = self.request.state
        if self.takes_a_place:
            await state["hold_limit"].count(client_address(self.request))
            state["proofs"].note(self.asker.now)
            state["proofs"].check(self.altcha, self.asker.now)
        if self.contact:
            await state["contact_limit"].count(keyed(state["policy"].secret_key, self.contact.casefold()))


@public
@operation(
    summary="Find free starts",
    tag=TAG,
    query=AvailabilityQuery,
    response=Availability,
    example=examples.AVAILABILITY,
)
async def availability(request: Request[AppointmentState]) -> Response:
    """The free starts of each day; a staff token also sees what is kept for staff."""
    query = read_query(request, AvailabilityQuery)
    try:
        asked = query.asked()
    except ValueError as error:
        raise InvalidInput(str(error), [FieldError("query", "product", "malformed", str(error))]) from None
    if query.to < query.from_:
        raise _range("to", "reversed", "to ligt voor from")
    if (query.to - query.from_).days >= DAYS_AT_ONCE:
        raise _range("to", "too-long", f"vraag ten hoogste {DAYS_AT_ONCE} dagen tegelijk")
    asker = _asker(request)
    if not asker.today - timedelta(days=366) <= query.from_ <= asker.today + timedelta(days=1100):
        raise _range("from", "too-far", "kies een dag binnen drie jaar")
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        place = place_of(plan, query.location, "query")
        found = await free(
            session, plan, request.state["policy"], asker, place, asked, query.from_, query.to, where="query"
        )
    days = Availability.model_construct(
        duration_minutes=found.minutes,
        days=[
            DayOfStarts.model_construct(date=day, starts=[rfc3339(cell) for cell in cells]) for day, cells in found.days
        ],
    )
    return private(days)


def _range(name: str, code: str, detail: str) -> InvalidInput:
    return InvalidInput(f"De periode klopt niet: {detail}", [FieldError("query", name, code, detail)])


@public
@operation(
    summary="Keep a start for a while",
    tag=TAG,
    body=HoldRequest,
    body_example=examples.HOLD_REQUEST,
    response=HoldAnswer,
    example=examples.HOLD,
    status=201,
    headers=[KEY_HEADER],
    errors=[409, 429],
)
async def create_hold(request: Request[AppointmentState]) -> Response:
    """Keep a start; nobody else is offered it until the hold expires or is deleted."""
    asked = await read_json(request, HoldRequest)
    asker, key = _asker(request), _key(request)
    guard = _Guard(request, asker, asked.altcha)
    wanted = Wanted(asked.location, _products(asked.products), asked.starts_at)

    async def work(session: AsyncSession) -> HoldAnswer:
        policy = request.state["policy"]
        # The secret follows from the key, so that it can be told again without being kept.
        secret = keyed(policy.secret_key, f"hold:{key}") if key else new_secret()
        if key and (known := await _begin(session, "holds", key, asked, asker)):
            return HoldAnswer(id=secret, **json.loads(known))
        await guard.pass_once()
        plan = await request.state["planner"].plan(session)
        held = await holds.hold(session, plan, policy, asker, wanted, secret, asked.replaces)
        answer = HoldAnswer(id=secret, starts_at=held.starts_at, ends_at=held.ends_at, expires_at=held.expires_at)
        if key:
            await idempotency.finish(session, "holds", key, answer.model_dump_json(exclude={"id"}, by_alias=True))
        return answer

    return private(await request.state["database"].transact(work), 201)


async def _begin(session: AsyncSession, scope: str, key: str, asked: Wire, asker: Asker) -> str | None:
    return await idempotency.begin(session, scope, key, asked.model_dump_json(exclude={"altcha"}), asker.now)


@public
@operation(
    summary="Give a kept start back",
    tag=TAG,
    response=None,
    example=None,
    status=204,
    path_parameters={"id": "nD2nWq8yq0c1V0eX3yB2mJ5uR7tK9pLa"},
)
async def delete_hold(request: Request[AppointmentState]) -> Response:
    """Free a start at once. The id is the secret, so an unknown one is answered the same."""

    async def work(session: AsyncSession) -> None:
        await holds.give_back(session, request.path_params["id"])

    await request.state["database"].transact(work)
    return Response(status_code=204)


@public
@operation(
    summary="Book an appointment",
    tag=TAG,
    body=AppointmentRequest,
    body_example=examples.APPOINTMENT_REQUEST,
    response=AppointmentAnswer,
    example=examples.APPOINTMENT,
    status=201,
    headers=[KEY_HEADER],
    errors=[409, 429],
)
async def create_appointment(request: Request[AppointmentState]) -> Response:
    """Book a held start, or one that is free."""
    asked = await read_json(request, AppointmentRequest)
    asker, key = _asker(request), _key(request)
    guard = _Guard(request, asker, asked.altcha, asked.email or asked.phone, takes_a_place=asked.hold is None)

    async def work(session: AsyncSession) -> AppointmentAnswer:
        if key and (known := await _begin(session, "appointments", key, asked, asker)):
            return await _answer(session, request, await changing.appointment_to_change(session, known))
        await guard.pass_once()
        plan = await request.state["planner"].plan(session)
        appointment = await book(session, plan, request.state["policy"], asker, _wanted(asked), person(asked))
        if key:
            await idempotency.finish(session, "appointments", key, appointment.code)
        return await _answer(session, request, appointment, asked.products)

    return private(await request.state["database"].transact(work), 201)


def _wanted(asked: AppointmentRequest) -> Wanted | str:
    if asked.hold is not None:
        return asked.hold
    assert asked.location and asked.products and asked.starts_at
    return Wanted(asked.location, _products(asked.products), asked.starts_at)


def _products(asked: list[ProductAsked]) -> list[tuple[str, int]]:
    return [(item.code, item.persons) for item in asked]


async def _answer(
    session: AsyncSession,
    request: Request[AppointmentState],
    appointment: Appointment,
    products: list[ProductAsked] | None = None,
) -> AppointmentAnswer:
    assert appointment.id is not None
    policy = request.state["policy"]
    return AppointmentAnswer(
        code=appointment.code,
        manage_url=manage_url(policy.base_url, policy.secret_key, appointment.code),
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        location=appointment.location,
        products=products or await _asked_products(session, appointment.id),
    )


async def _asked_products(session: AsyncSession, appointment: int) -> list[ProductAsked]:
    return [
        ProductAsked(code=code, persons=persons) for code, persons in await queries.products_of(session, appointment)
    ]


async def _allowed(
    session: AsyncSession, request: Request[AppointmentState], plan: Plan, *, lock: bool = False
) -> Appointment:
    """The appointment, for staff or whoever has its token; for all others it is not there."""
    found = await queries.by_code(session, typed_code(request.path_params["code"]), lock=lock)
    token, asker = bearer(request), _asker(request)
    if found is not None and not asker.staff:
        valid = token and await reading.by_token(session, token, asker.today, plan)
        found = found if valid and valid.token_hash == found.token_hash == hashed(token or "") else None
    if found is None:
        raise NotFound("Deze afspraak bestaat niet, of u mag die niet zien")
    return found


async def detail(session: AsyncSession, plan: Plan, appointment: Appointment) -> AppointmentDetail:
    assert appointment.id is not None
    place = plan.places[appointment.location]
    day = appointment.starts_at.astimezone(plan.zone).date()
    return AppointmentDetail(
        code=appointment.code,
        status=appointment.status.value,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        location=appointment.location,
        address=appointment.address or place.address_on(day),
        products=await _asked_products(session, appointment.id),
        sequence=appointment.sequence,
        name=appointment.name,
        email=appointment.email,
        phone=appointment.phone,
        language=appointment.language,
        earlier=appointment.earlier_asked_at is not None,
    )


PATH = {"code": "K7QP4M2X"}


@holders
@operation(
    summary="See an appointment",
    tag=TAG,
    response=AppointmentDetail,
    example=examples.DETAIL,
    path_parameters=PATH,
    errors=[404],
)
async def read_appointment(request: Request[AppointmentState]) -> Response:
    """An appointment, for staff or with the token in its link."""
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        return private(await detail(session, plan, await _allowed(session, request, plan)))


@holders
@operation(
    summary="Cancel an appointment",
    tag=TAG,
    response=AppointmentDetail,
    example=examples.DETAIL | {"status": "cancelled", "sequence": 1},
    path_parameters=PATH,
    errors=[404, 409],
)
async def cancel_appointment(request: Request[AppointmentState]) -> Response:
    """Cancel; once more changes nothing."""

    async def work(session: AsyncSession) -> AppointmentDetail:
        plan = await request.state["planner"].plan(session)
        appointment = await _allowed(session, request, plan, lock=True)
        await changing.cancel(session, plan, request.state["policy"], _asker(request), appointment)
        return await detail(session, plan, appointment)

    return private(await request.state["database"].transact(work))


@holders
@operation(
    summary="Move an appointment",
    tag=TAG,
    body=Reschedule,
    body_example=examples.RESCHEDULE,
    response=AppointmentDetail,
    example=examples.DETAIL | {"sequence": 1},
    path_parameters=PATH,
    errors=[404, 409],
)
async def reschedule_appointment(request: Request[AppointmentState]) -> Response:
    """Move to another start. When that is gone, the old one stands."""
    asked = await read_json(request, Reschedule)

    async def work(session: AsyncSession) -> AppointmentDetail:
        plan = await request.state["planner"].plan(session)
        appointment = await _allowed(session, request, plan, lock=True)
        await changing.reschedule(
            session, plan, request.state["policy"], _asker(request), appointment, asked.starts_at, asked.location
        )
        return await detail(session, plan, appointment)

    return private(await request.state["database"].transact(work))


@public
@operation(
    summary="Get a challenge for the proof of work",
    tag=TAG,
    response=Challenge,
    example=examples.CHALLENGE,
)
async def proof_challenge(request: Request[AppointmentState]) -> Response:
    """A challenge for the proof of work that is asked for while very many reservations come in (ALTCHA)."""
    challenge = request.state["proofs"].challenge(request.state["clock"].now())
    return Response(json.dumps(challenge), headers={"Cache-Control": "no-store"}, media_type="application/json")


routes = [
    Route("/api/v1/availability", availability),
    Route("/api/v1/holds", create_hold, methods=["POST"]),
    Route("/api/v1/holds/{id}", delete_hold, methods=["DELETE"]),
    Route("/api/v1/appointments", create_appointment, methods=["POST"]),
    Route("/api/v1/appointments/{code}", read_appointment),
    Route("/api/v1/appointments/{code}/cancel", cancel_appointment, methods=["POST"]),
    Route("/api/v1/appointments/{code}/reschedule", reschedule_appointment, methods=["POST"]),
    Route("/api/v1/proof-challenge", proof_challenge),
]
