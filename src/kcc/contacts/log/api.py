"""JSON endpoints of the contact log."""

from datetime import date, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves, who
from kcc.access.roles import Role
from kcc.contacts.log import changing, finishing, reading, starting
from kcc.contacts.log import examples as example
from kcc.contacts.log.items import (
    ContactDetail,
    ContactItem,
    ContactList,
    Made,
    contact_detail,
    contact_item,
)
from kcc.contacts.log.kinds import Channel
from kcc.contacts.log.queries import Wanted
from kcc.contacts.log.reading import Reader
from kcc.contacts.log.requesters import requester_key
from kcc.contacts.log.schemas import (
    ContactChange,
    ContactsQuery,
    Finish,
    NewContact,
    PersonSearch,
    QuickQuestions,
)
from kcc.contacts.log.state import ContactState
from kcc.errors import FieldError, InvalidInput
from kcc.web.answers import private
from kcc.web.once import IDEMPOTENCY_KEY, once
from kcc.web.openapi import operation
from kcc.web.paging import next_page
from kcc.web.requests import Wire, read_json, read_query, required_version, version_if_sent
from kcc.web.routing import Route

TAG = "Contacten"
CONTACTS = "/api/v1/contacts"
LOGGING = frozenset({Role.AGENT, Role.COUNTER_CLERK, Role.TEAM_LEAD, Role.ADMINISTRATOR})
IF_MATCH = {
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string"},
    "description": "The ETag of the version that is changed.",
    "example": '"1"',
}
IF_MATCH_OR_NOT = IF_MATCH | {"required": False}
PATH = {"id": "1"}
MOST_FOUND = 100
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
StateRequest = Request[ContactState]


def reader_of(request: Request[Any]) -> Reader:
    """Who asks, as a reader of contacts."""
    principal = who(request)
    return Reader(principal.key, sees_all=principal.may(Role.TEAM_LEAD))


def check_days(first: date | None, last: date | None) -> None:
    """Raises InvalidInput for days that are reversed, or centuries away."""
    if first and last and last < first:
        raise _wrong("to", "reversed", "to ligt voor from")
    for name, day in (("from", first), ("to", last)):
        if day and not EARLIEST <= day <= LATEST:
            raise _wrong(name, "too-far", f"kies dagen van {EARLIEST.year} tot en met {LATEST.year}")


def _wrong(name: str, code: str, detail: str) -> InvalidInput:
    return InvalidInput(f"De periode klopt niet: {detail}", [FieldError("query", name, code, detail)])


def _answer(item: ContactItem, status: int = 200) -> Response:
    response = private(item, status)
    response.headers["ETag"] = f'"{item.version}"'
    return response


@serves(LOGGING)
@operation(
    summary="Begin a contact",
    tag=TAG,
    body=NewContact,
    body_example=example.NEW_CONTACT,
    response=ContactDetail,
    example=example.DETAIL,
    status=201,
    headers=(IDEMPOTENCY_KEY,),
    errors=(409, 413),
)
async def create_contact(request: StateRequest) -> Response:
    """A contact that begins now, and what its requester asked shortly before."""
    new = await read_json(request, NewContact)
    state, reader = request.state, reader_of(request)
    now = state["clock"].now()

    async def work(session: AsyncSession) -> ContactDetail:
        async def make() -> str:
            asked, caller = new, None
            if new.call_id is not None:
                call, caller = await state["named_call"](session, new.call_id, new.call_source)
                asked = new.model_copy(update={"call_id": call})
            made = await starting.start(
                session, asked, reader.agent, state["article_topics"], state["secret_key"], now, caller
            )
            return str(made.contact.id)

        return await _detail(request, session, int(await once(request, session, new, now, make)), reader)

    return _answer(await state["database"].transact(work), 201)


async def _detail(request: StateRequest, session: AsyncSession, contact: int, reader: Reader) -> ContactDetail:
    logged = await reading.visible(session, contact, reader)
    return contact_detail(logged, await reading.earlier(session, logged, request.state["settings"].repeat_days))


@serves(LOGGING)
@operation(summary="Contacts", tag=TAG, query=ContactsQuery, response=ContactList, example=example.LIST, errors=(404,))
async def list_contacts(request: StateRequest) -> Response:
    """Contacts, the newest first: agents see their own, team leads all."""
    query = read_query(request, ContactsQuery)
    clock = request.state["clock"]
    check_days(query.from_, query.to)
    async with request.state["database"].reading() as session:
        wanted = Wanted(
            agent=query.agent or None,
            begin=clock.bounds(query.from_, query.from_)[0] if query.from_ else None,
            end=clock.bounds(query.to, query.to)[1] if query.to else None,
            topics=await reading.about(session, query.topic) if query.topic else None,
            channel=Channel(query.channel) if query.channel else None,
            open_only=query.open,
        )
        total, found = await reading.page(session, wanted, reader_of(request), query.limit, query.offset)
    following = next_page(request, query.limit, query.offset, total)
    return private(ContactList(total=total, next=following, results=[contact_item(logged) for logged in found]))


@serves(LOGGING)
@operation(
    summary="A contact",
    tag=TAG,
    response=ContactDetail,
    example=example.DETAIL,
    path_parameters=PATH,
    errors=(404,),
)
async def read_contact(request: StateRequest) -> Response:
    """A contact of one's own, or anybody's for team leads; its ETag is the version to change."""
    async with request.state["database"].reading() as session:
        return _answer(await _detail(request, session, request.path_params["id"], reader_of(request)))


@serves(LOGGING)
@operation(
    summary="Change a contact that is open",
    tag=TAG,
    body=ContactChange,
    body_example=example.CHANGE,
    response=ContactDetail,
    example=example.DETAIL | {"version": 2},
    path_parameters=PATH,
    headers=(IF_MATCH,),
    errors=(404, 409, 412, 413, 428),
)
async def change_contact(request: StateRequest) -> Response:
    """Further questions, articles that were opened, outcomes, who asks. What is left out stays as it was."""
    asked = await read_json(request, ContactChange)
    version, state, reader = required_version(request), request.state, reader_of(request)
    contact, now = request.path_params["id"], state["clock"].now()

    async def work(session: AsyncSession) -> ContactDetail:
        topics, stands = state["article_topics"], state["callback_stands"]
        await changing.change(session, contact, version, asked, reader, topics, stands, state["secret_key"], now)
        return await _detail(request, session, contact, reader)

    return _answer(await state["database"].transact(work))


@serves(LOGGING)
@operation(
    summary="Finish a contact",
    tag=TAG,
    body=Finish,
    body_example=example.FINISH,
    response=ContactItem,
    example=example.FINISHED,
    path_parameters=PATH,
    headers=(IDEMPOTENCY_KEY, IF_MATCH_OR_NOT),
    errors=(404, 409, 412, 413),
)
async def finish_contact(request: StateRequest) -> Response:
    """Every question has an outcome: the contact is over. The outcome of the one that is open may come along."""
    given = await read_json(request, Finish) if await request.body() else Finish()
    version, state, reader = version_if_sent(request), request.state, reader_of(request)
    contact, now = request.path_params["id"], state["clock"].now()

    async def work(session: AsyncSession) -> ContactItem:
        async def make() -> str:
            await finishing.finish(session, contact, version, given, reader, state["article_topics"], now)
            return str(contact)

        await once(request, session, given, now, make)
        return contact_item(await reading.visible(session, contact, reader))

    return _answer(await state["database"].transact(work))


@serves(LOGGING)
@operation(
    summary="Open a contact again",
    tag=TAG,
    response=ContactItem,
    example=example.CONTACT | {"version": 3, "questions": [example.RESOLVED]},
    path_parameters=PATH,
    errors=(404, 409),
)
async def reopen_contact(request: StateRequest) -> Response:
    """A contact that was finished by mistake goes on."""
    reader, now = reader_of(request), request.state["clock"].now()
    within = timedelta(minutes=request.state["settings"].contact_reopen_minutes)

    async def work(session: AsyncSession) -> ContactItem:
        return contact_item(await finishing.reopen(session, request.path_params["id"], reader, within, now))

    return _answer(await request.state["database"].transact(work))


@serves(LOGGING)
@operation(
    summary="Log small questions at once",
    tag=TAG,
    body=QuickQuestions,
    body_example=example.QUICK,
    response=Made,
    example=example.MADE,
    status=201,
    headers=(IDEMPOTENCY_KEY,),
    errors=(409, 413),
)
async def create_quickly(request: StateRequest) -> Response:
    """Each question becomes a finished contact."""
    asked = await read_json(request, QuickQuestions)
    state, reader = request.state, reader_of(request)
    now = state["clock"].now()

    async def work(session: AsyncSession) -> Wire:
        async def make() -> str:
            made = await starting.quick(
                session, asked.questions, reader.agent, state["article_topics"], state["secret_key"], now
            )
            return ",".join(str(logged.contact.id) for logged in made)

        ids = (await once(request, session, asked, now, make)).split(",")
        return Made(results=[contact_item(await reading.visible(session, int(one), reader)) for one in ids])

    return private(await state["database"].transact(work), 201)


@serves(LOGGING)
@operation(
    summary="Look for somebody's contacts",
    tag=TAG,
    body=PersonSearch,
    body_example=example.SEARCH,
    response=ContactList,
    example=example.LIST,
    errors=(413,),
)
async def search_contacts(request: StateRequest) -> Response:
    """The newest contacts of whoever has this e-mail address or phone number; by POST, so that it is in no address."""
    asked = await read_json(request, PersonSearch)
    key = requester_key(request.state["secret_key"], asked.email, asked.phone)
    async with request.state["database"].reading() as session:
        total, found = await reading.page(session, Wanted(requester_key=key), reader_of(request), MOST_FOUND, 0)
    return private(ContactList(total=total, next=None, results=[contact_item(logged) for logged in found]))


routes = [
    Route(CONTACTS, list_contacts),
    Route(CONTACTS, create_contact, methods=["POST"]),
    Route(f"{CONTACTS}/quick", create_quickly, methods=["POST"]),
    Route(f"{CONTACTS}/search", search_contacts, methods=["POST"]),
    Route(f"{CONTACTS}/{{id:int}}", read_contact),
    Route(f"{CONTACTS}/{{id:int}}", change_contact, methods=["PATCH"]),
    Route(f"{CONTACTS}/{{id:int}}/finish", finish_contact, methods=["POST"]),
    Route(f"{CONTACTS}/{{id:int}}/reopen", reopen_contact, methods=["POST"]),
]
