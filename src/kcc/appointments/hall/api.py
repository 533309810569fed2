"""JSON endpoints of the hall: arrive, call, serve."""

from collections.abc import Awaitable, Callable

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import principal_of, serves
from kcc.access.roles import Role
from kcc.appointments.availability.plan import Plan
from kcc.appointments.hall import arriving, calling, correcting, counters, queries, serving
from kcc.appointments.hall import examples as example
from kcc.appointments.hall.floor import Floor
from kcc.appointments.hall.models import Visit
from kcc.appointments.hall.rules import rules
from kcc.appointments.hall.schemas import (
    AtCounter,
    CounterState,
    Finish,
    NewVisit,
    Transfer,
    VisitItem,
    VisitList,
    VisitQuery,
    WrongTicket,
    visit_item,
)
from kcc.appointments.hall.state import HallState
from kcc.appointments.links import typed_code
from kcc.errors import Forbidden, NotFound
from kcc.web.answers import private
from kcc.web.once import IDEMPOTENCY_KEY, once
from kcc.web.openapi import operation
from kcc.web.requests import Wire, read_json, read_query
from kcc.web.routing import Route

TAG = "Hal"
CLERKS = frozenset({Role.COUNTER_CLERK, Role.TEAM_LEAD, Role.ADMINISTRATOR})
RECEPTION = CLERKS | {Role.AGENT}
AT_THE_DOOR = RECEPTION | {Role.DEVICE}
StateRequest = Request[HallState]
Endpoint = Callable[[StateRequest], Awaitable[Response]]
On = Callable[[AsyncSession, Floor], Awaitable[Visit | None]]


def floor_of(request: StateRequest, plan: Plan, location: str) -> Floor:
    """The hall of a location, now, for who asks. Raises NotFound."""
    if location not in plan.places:
        raise NotFound("Deze locatie is er niet (meer)")
    principal, clock, settings = principal_of(request), request.state["clock"], request.state["settings"]
    if principal and principal.location not in (None, location):
        raise Forbidden("Dit apparaat hoort bij een andere locatie")
    by, name = (principal.key, principal.name) if principal else ("", "")
    return Floor(plan, location, clock.today(), clock.now(), by, name, settings.survey_after, rules(settings))


def location_of_counter(plan: Plan, counter: str) -> str:
    """The location with this counter. Raises NotFound."""
    for place in plan.places.values():
        if any(item.code == counter for item in place.counters):
            return place.code
    raise NotFound(f"Er is geen loket {counter}")


async def _change(request: StateRequest, on: Callable[[AsyncSession, Plan], Awaitable[Visit | None]]) -> Response:
    """Do it in one transaction, and answer the visit; 204 when there is none."""

    async def work(session: AsyncSession) -> VisitItem | None:
        found = await on(session, await request.state["planner"].plan(session))
        return visit_item(found) if found is not None else None

    item = await request.state["database"].transact(work)
    request.state["hall_watch"].nudge()
    return private(item) if item is not None else Response(status_code=204)


@serves(AT_THE_DOOR)
@operation(
    summary="Check in",
    tag=TAG,
    response=VisitItem,
    example=example.VISIT,
    errors=(404, 409),
    path_parameters={"code": "K7QP4M2X"},
)
async def check_in(request: StateRequest) -> Response:
    """Whoever has this appointment is here. Once more changes nothing."""

    async def on(session: AsyncSession, plan: Plan) -> Visit:
        appointment = await arriving.by_code(session, typed_code(request.path_params["code"]))
        return await arriving.check_in(session, floor_of(request, plan, appointment.location), appointment)

    return await _change(request, on)


@serves(AT_THE_DOOR)
@operation(
    summary="Take a number without an appointment",
    tag=TAG,
    body=NewVisit,
    body_example=example.NEW_VISIT,
    response=VisitItem,
    example=example.WALK_IN,
    status=201,
    headers=(IDEMPOTENCY_KEY,),
    errors=(404, 409),
)
async def create_visit(request: StateRequest) -> Response:
    """A walk-in, where the location allows."""
    new, principal = await read_json(request, NewVisit), principal_of(request)
    is_staff = principal is not None and Role.DEVICE not in principal.roles
    products = [(item.code, item.persons) for item in new.products]

    async def work(session: AsyncSession) -> VisitItem:
        floor = floor_of(request, await request.state["planner"].plan(session), new.location)

        async def make() -> str:
            return str((await arriving.walk_in(session, floor, products, staff=is_staff)).id)

        made = await queries.visit(session, int(await once(request, session, new, floor.now, make)))
        assert made is not None
        return visit_item(made)

    made = await request.state["database"].transact(work)
    request.state["hall_watch"].nudge()
    return private(made, 201)


@serves(RECEPTION)
@operation(
    summary="Visits of a day", tag=TAG, query=VisitQuery, response=VisitList, example=example.VISITS, errors=(404,)
)
async def visits(request: StateRequest) -> Response:
    """All visits of a day at a location, with their waits."""
    asked = read_query(request, VisitQuery)
    day = asked.date or request.state["clock"].today()
    async with request.state["database"].reading() as session:
        plan = await request.state["planner"].plan(session)
        if asked.location not in plan.places:
            raise NotFound(f"Locatie {asked.location} bestaat niet")
        found = await queries.on_day(session, asked.location, day)
    return private(VisitList(location=asked.location, date=day, results=[visit_item(visit) for visit in found]))


def _counter(name: str, summary: str) -> Callable[[Callable[[AsyncSession, Floor, str], Awaitable[None]]], Route]:
    def make(work: Callable[[AsyncSession, Floor, str], Awaitable[None]]) -> Route:
        @serves(CLERKS)
        @operation(
            summary=summary,
            tag=TAG,
            response=CounterState,
            example=example.COUNTER,
            errors=(404, 409),
            path_parameters={"code": "stadhuis-1"},
        )
        async def endpoint(request: StateRequest) -> Response:
            code = request.path_params["code"]

            async def change(session: AsyncSession) -> CounterState:
                plan = await request.state["planner"].plan(session)
                floor = floor_of(request, plan, location_of_counter(plan, code))
                await work(session, floor, code)
                opened = (await queries.open_sessions(session, [code])).get(code)
                return CounterState(
                    code=code,
                    name=floor.counter(code).name,
                    open=opened is not None,
                    clerk=opened.clerk_name if opened else None,
                )

            state = await request.state["database"].transact(change)
            request.state["hall_watch"].nudge()
            return private(state)

        return Route(f"/api/v1/counters/{{code}}/{name}", endpoint, methods=["POST"], name=f"counter-{name}")

    return make


@_counter("open", "Open a counter")
async def _open(session: AsyncSession, floor: Floor, code: str) -> None:
    await counters.open_counter(session, floor, code)


@_counter("close", "Close a counter")
async def _close(session: AsyncSession, floor: Floor, code: str) -> None:
    await counters.close_counter(session, floor, code)


@serves(CLERKS)
@operation(
    summary="Call who is next",
    tag=TAG,
    response=VisitItem,
    example=example.CALLED,
    errors=(404, 409),
    path_parameters={"code": "stadhuis-1"},
)
async def call_next(request: StateRequest) -> Response:
    """Who is next at this counter; 204 when nobody who waits fits it."""
    code = request.path_params["code"]

    async def on(session: AsyncSession, plan: Plan) -> Visit | None:
        floor = floor_of(request, plan, location_of_counter(plan, code))
        return await calling.call_next(session, floor, code)

    return await _change(request, on)


def _verb(
    name: str,
    summary: str,
    do: Callable[[AsyncSession, Floor, int, Wire | None], Awaitable[Visit]],
    body: type[Wire] | None = None,
    body_example: object = None,
) -> Route:
    @serves(CLERKS)
    @operation(
        summary=summary,
        tag=TAG,
        body=body,
        body_example=body_example,
        response=VisitItem,
        example=example.CALLED,
        errors=(404, 409),
        path_parameters={"id": "1"},
    )
    async def endpoint(request: StateRequest) -> Response:
        asked = await read_json(request, body) if body else None
        number = request.path_params["id"]

        async def on(session: AsyncSession, plan: Plan) -> Visit:
            found = await queries.visit(session, number)
            if found is None:
                raise NotFound("Dit bezoek is er niet")
            return await do(session, floor_of(request, plan, found.location), number, asked)

        return await _change(request, on)

    return Route(f"/api/v1/visits/{{id:int}}/{name}", endpoint, methods=["POST"], name=f"visit-{name}")


def _simple(do: Callable[[AsyncSession, Floor, int], Awaitable[Visit]]) -> Callable[..., Awaitable[Visit]]:
    async def run(session: AsyncSession, floor: Floor, number: int, _asked: Wire | None) -> Visit:
        return await do(session, floor, number)

    return run


async def _call(session: AsyncSession, floor: Floor, number: int, asked: Wire | None) -> Visit:
    assert isinstance(asked, AtCounter)
    return await calling.call(session, floor, number, asked.counter)


async def _resume(session: AsyncSession, floor: Floor, number: int, asked: Wire | None) -> Visit:
    assert isinstance(asked, AtCounter)
    return await serving.resume(session, floor, number, asked.counter)


async def _reopen(session: AsyncSession, floor: Floor, number: int, asked: Wire | None) -> Visit:
    assert isinstance(asked, AtCounter)
    return await correcting.reopen(session, floor, number, asked.counter)


async def _transfer(session: AsyncSession, floor: Floor, number: int, asked: Wire | None) -> Visit:
    assert isinstance(asked, Transfer)
    products = [(item.code, item.persons) for item in asked.products] if asked.products else None
    return await serving.transfer(session, floor, number, products)


async def _finish(session: AsyncSession, floor: Floor, number: int, asked: Wire | None) -> Visit:
    assert isinstance(asked, Finish)
    return await serving.finish(session, floor, number, asked.outcome, asked.note)


async def _wrong_ticket(session: AsyncSession, floor: Floor, number: int, asked: Wire | None) -> Visit:
    assert isinstance(asked, WrongTicket)
    return await calling.wrong_ticket(session, floor, number, asked.here)


routes = [
    Route("/api/v1/appointments/{code}/check-in", check_in, methods=["POST"]),
    Route("/api/v1/visits", visits),
    Route("/api/v1/visits", create_visit, methods=["POST"]),
    _open,
    _close,
    Route("/api/v1/counters/{code}/call-next", call_next, methods=["POST"]),
    _verb("call", "Call somebody out of order", _call, AtCounter, example.AT_COUNTER),
    _verb("recall", "Call once more; the third time it is missed", _simple(calling.recall)),
    _verb("start", "The visitor is at the counter", _simple(serving.start)),
    _verb("park", "The visitor gets something first", _simple(serving.park)),
    _verb("resume", "The visitor is back", _resume, AtCounter, example.AT_COUNTER),
    _verb("transfer", "On to another counter, with the place kept", _transfer, Transfer, example.TRANSFER),
    _verb("finish", "The visit ends", _finish, Finish, example.FINISH),
    _verb("missed", "Called, and did not come", _simple(serving.missed)),
    _verb("leave", "Went away before being called", _simple(serving.left)),
    _verb("reopen", "Ended by mistake: it goes on", _reopen, AtCounter, example.AT_COUNTER),
    _verb("back", "Said to have left, but still there", _simple(correcting.back)),
    _verb("wrong-ticket", "Another visitor came than was called", _wrong_ticket, WrongTicket, example.WRONG_TICKET),
]
