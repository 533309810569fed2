"""JSON endpoints of callbacks."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves
from kcc.contacts.callbacks import asking, handling, reading
from kcc.contacts.callbacks import examples as example
from kcc.contacts.callbacks.items import CallbackItem, CallbackList, NoteItem, callback_item, note_item
from kcc.contacts.callbacks.kinds import CallbackState
from kcc.contacts.callbacks.queries import Promise, Wanted
from kcc.contacts.callbacks.schemas import CallbacksQuery, Close, HandOver, NewAttempt, NewCallback, NewNote
from kcc.contacts.callbacks.state import CallbackAppState
from kcc.contacts.log.api import LOGGING, reader_of
from kcc.web.answers import private
from kcc.web.once import IDEMPOTENCY_KEY, once
from kcc.web.openapi import operation
from kcc.web.paging import next_page
from kcc.web.requests import Wire, read_json, read_query
from kcc.web.routing import Route

TAG = "Terugbelverzoeken"
CALLBACKS = "/api/v1/callbacks"
PATH = {"id": "3"}
StateRequest = Request[CallbackAppState]


@serves(LOGGING)
@operation(
    summary="Promise that somebody is called back",
    tag=TAG,
    body=NewCallback,
    body_example=example.NEW_CALLBACK,
    response=CallbackItem,
    example=example.CALLBACK,
    status=201,
    headers=(IDEMPOTENCY_KEY,),
    errors=(409, 413),
)
async def create_callback(request: StateRequest) -> Response:
    """The department is mailed, and whoever asked when there is an address; `dueAt` is before when they are called."""
    new = await read_json(request, NewCallback)
    state, reader = request.state, reader_of(request)
    now = state["clock"].now()

    async def work(session: AsyncSession) -> CallbackItem:
        async def make() -> str:
            made = await asking.ask(session, new, reader, state["callback_rules"], state["article_topics"], now)
            return str(made.id)

        number = int(await once(request, session, new, now, make))
        return callback_item(await reading.known(session, number), now)

    return private(await state["database"].transact(work), 201)


@serves(LOGGING)
@operation(summary="Callbacks", tag=TAG, query=CallbacksQuery, response=CallbackList, example=example.LIST)
async def list_callbacks(request: StateRequest) -> Response:
    """What is due first first. Of the closed ones agents and clerks see those that they promised, team leads all."""
    query = read_query(request, CallbacksQuery)
    now = request.state["clock"].now()
    wanted = Wanted(
        department=query.department or None,
        state=CallbackState(query.state) if query.state else None,
        agent=query.agent or None,
    )
    async with request.state["database"].reading() as session:
        total, found = await reading.page(session, wanted, reader_of(request), now, query.limit, query.offset)
    following = next_page(request, query.limit, query.offset, total)
    return private(CallbackList(total=total, next=following, results=[callback_item(one, now) for one in found]))


@serves(LOGGING)
@operation(
    summary="A callback",
    tag=TAG,
    response=CallbackItem,
    example=example.CALLBACK,
    path_parameters=PATH,
    errors=(404,),
)
async def read_callback(request: StateRequest) -> Response:
    """A callback that is open; a closed one for who promised it and for team leads."""
    async with request.state["database"].reading() as session:
        found = await reading.visible(session, request.path_params["id"], reader_of(request))
    return private(callback_item(found, request.state["clock"].now()))


Work = Callable[[AsyncSession, Promise, str, datetime], Awaitable[None]]


async def _done(request: StateRequest, body: Wire, work: Work, status: int = 200) -> Response:
    """Change a callback, once for each Idempotency-Key, and answer with how it is then."""
    reader, now, number = reader_of(request), request.state["clock"].now(), request.path_params["id"]

    async def change(session: AsyncSession) -> CallbackItem:
        async def make() -> str:
            promise = await reading.known(session, number, lock=True)
            await work(session, promise, reader.agent, now)
            return str(number)

        await once(request, session, body, now, make)
        return callback_item(await reading.known(session, number), now)

    return private(await request.state["database"].transact(change), status)


@serves(LOGGING)
@operation(
    summary="Note that somebody was called",
    tag=TAG,
    body=NewAttempt,
    body_example=example.ATTEMPT,
    response=CallbackItem,
    example=example.TRIED,
    status=201,
    path_parameters=PATH,
    headers=(IDEMPOTENCY_KEY,),
    errors=(404, 409, 413),
)
async def create_attempt(request: StateRequest) -> Response:
    """An attempt, whether somebody answered or not. The callback stays open."""
    given, zone = await read_json(request, NewAttempt), request.state["clock"].timezone

    async def work(session: AsyncSession, promise: Promise, agent: str, now: datetime) -> None:
        await handling.attempt(session, promise, given, agent, now, zone)

    return await _done(request, given, work, 201)


@serves(LOGGING)
@operation(
    summary="Write something down about a callback",
    tag=TAG,
    body=NewNote,
    body_example=example.NOTE,
    response=NoteItem,
    example=example.NOTED,
    status=201,
    path_parameters=PATH,
    headers=(IDEMPOTENCY_KEY,),
    errors=(404, 409, 413),
)
async def create_note(request: StateRequest) -> Response:
    """Also about one that is closed, by whoever closed it: what came after the end is kept so."""
    given = await read_json(request, NewNote)
    reader, now, number = reader_of(request), request.state["clock"].now(), request.path_params["id"]

    async def work(session: AsyncSession) -> NoteItem:
        async def make() -> str:
            promise = await reading.known(session, number, lock=True)
            return str((await handling.note(session, promise, given, reader.agent, now)).id)

        made = int(await once(request, session, given, now, make))
        return note_item(await reading.note(session, made))

    return private(await request.state["database"].transact(work), 201)


@serves(LOGGING)
@operation(
    summary="Close a callback",
    tag=TAG,
    body=Close,
    body_example=example.CLOSE,
    response=CallbackItem,
    example=example.CLOSED,
    path_parameters=PATH,
    headers=(IDEMPOTENCY_KEY,),
    errors=(404, 409, 413),
)
async def close_callback(request: StateRequest) -> Response:
    """It is over; whoever asked hears of it by mail, but for who withdrew it."""
    given, zone = await read_json(request, Close), request.state["clock"].timezone

    async def work(session: AsyncSession, promise: Promise, agent: str, now: datetime) -> None:
        await handling.close(session, promise, given, agent, now, zone)

    return await _done(request, given, work)


@serves(LOGGING)
@operation(
    summary="Have another department call back",
    tag=TAG,
    body=HandOver,
    body_example=example.HAND_OVER,
    response=CallbackItem,
    example=example.CALLBACK,
    path_parameters=PATH,
    headers=(IDEMPOTENCY_KEY,),
    errors=(404, 409, 413),
)
async def hand_over(request: StateRequest) -> Response:
    """The department is mailed; the link of the one before works no longer. The due moment stays."""
    given, zone = await read_json(request, HandOver), request.state["clock"].timezone

    async def work(session: AsyncSession, promise: Promise, agent: str, now: datetime) -> None:
        await handling.hand_over(session, promise, given, now, zone)

    return await _done(request, given, work)


routes = [
    Route(CALLBACKS, list_callbacks),
    Route(CALLBACKS, create_callback, methods=["POST"]),
    Route(f"{CALLBACKS}/{{id:int}}", read_callback),
    Route(f"{CALLBACKS}/{{id:int}}/attempts", create_attempt, methods=["POST"]),
    Route(f"{CALLBACKS}/{{id:int}}/notes", create_note, methods=["POST"]),
    Route(f"{CALLBACKS}/{{id:int}}/close", close_callback, methods=["POST"]),
    Route(f"{CALLBACKS}/{{id:int}}/hand-over", hand_over, methods=["POST"]),
]
