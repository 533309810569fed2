"""JSON endpoints of announcements."""

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves, who
from kcc.contacts.announcements import examples as example
from kcc.contacts.announcements import reading, writing
from kcc.contacts.announcements.reading import READING, WRITING, Seen, reader_of
from kcc.contacts.announcements.schemas import (
    AnnouncementChange,
    AnnouncementContent,
    AnnouncementItem,
    AnnouncementList,
    AnnouncementsQuery,
)
from kcc.web.answers import private
from kcc.web.once import IDEMPOTENCY_KEY, once
from kcc.web.openapi import operation
from kcc.web.paging import next_page
from kcc.web.requests import read_json, read_query, required_version, version_if_sent
from kcc.web.routing import Route
from kcc.web.state import State

TAG = "Werkberichten"
ANNOUNCEMENTS = "/api/v1/announcements"
PATH = {"id": "41"}
IF_MATCH = {
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string"},
    "description": "The ETag of the version that is changed.",
    "example": '"1"',
}
StateRequest = Request[State]


def _item(seen: Seen) -> AnnouncementItem:
    row = seen.row
    return AnnouncementItem.model_validate(
        row.model_dump(include={"id", "title", "text", "importance", "written_by", "version"})
        | {"from_": row.starts_at, "until": row.ends_at}
        | {"read": seen.read, "read_by": seen.read_by, "agents": seen.agents}
    )


def _answer(seen: Seen, status: int = 200) -> Response:
    response = private(_item(seen), status)
    response.headers["ETag"] = f'"{seen.row.version}"'
    return response


@serves(READING)
@operation(summary="Announcements", tag=TAG, query=AnnouncementsQuery, response=AnnouncementList, example=example.LIST)
async def list_announcements(request: StateRequest) -> Response:
    """News for employees: what is shown now, or was, or will be."""
    query, reader, now = read_query(request, AnnouncementsQuery), reader_of(who(request)), request.state["clock"].now()
    async with request.state["database"].reading() as session:
        total, found = await reading.page(session, query.state, reader, now, query.limit, query.offset)
    following = next_page(request, query.limit, query.offset, total)
    return private(AnnouncementList(total=total, next=following, results=[_item(seen) for seen in found]))


@serves(WRITING)
@operation(
    summary="Write an announcement",
    tag=TAG,
    body=AnnouncementContent,
    body_example=example.CONTENT,
    response=AnnouncementItem,
    example=example.ITEM,
    status=201,
    headers=(IDEMPOTENCY_KEY,),
    errors=(404, 409, 413),
)
async def create_announcement(request: StateRequest) -> Response:
    """Shown from a moment on, until another."""
    content = await read_json(request, AnnouncementContent)
    principal, now = who(request), request.state["clock"].now()

    async def work(session: AsyncSession) -> Seen:
        async def make() -> str:
            return str((await writing.create(session, content, principal.name, now)).id)

        number = int(await once(request, session, content, now, make))
        return await reading.visible(session, number, reader_of(principal), now)

    return _answer(await request.state["database"].transact(work), 201)


@serves(WRITING)
@operation(
    summary="Change an announcement",
    tag=TAG,
    body=AnnouncementChange,
    body_example=example.CHANGE,
    response=AnnouncementItem,
    example=example.ITEM | {"version": 2},
    path_parameters=PATH,
    headers=(IF_MATCH,),
    errors=(404, 412, 413, 428),
)
async def replace_announcement(request: StateRequest) -> Response:
    """New content; with `unread` everybody is to read it again."""
    content, version = await read_json(request, AnnouncementChange), required_version(request)
    number, reader, now = request.path_params["id"], reader_of(who(request)), request.state["clock"].now()

    async def work(session: AsyncSession) -> Seen:
        await writing.replace(session, number, version, content, now)
        return await reading.visible(session, number, reader, now)

    return _answer(await request.state["database"].transact(work))


@serves(WRITING)
@operation(
    summary="Remove an announcement",
    tag=TAG,
    response=None,
    example=None,
    status=204,
    path_parameters=PATH,
    errors=(404,),
)
async def remove_announcement(request: StateRequest) -> Response:
    """It goes, from the archive too. To show it no longer, give it an `until`."""
    async with request.state["database"].writing() as session:
        await writing.remove(session, request.path_params["id"])
    return Response(status_code=204)


@serves(READING)
@operation(
    summary="Mark an announcement as read",
    tag=TAG,
    response=AnnouncementItem,
    example=example.READ,
    path_parameters=PATH,
    headers=(IF_MATCH | {"required": False, "description": "The ETag of the version that was read."},),
    errors=(404, 412),
)
async def read_announcement(request: StateRequest) -> Response:
    """By whose token this is. Twice is once. With If-Match only when it was not changed since and is unread."""
    number, reader, now = request.path_params["id"], reader_of(who(request)), request.state["clock"].now()
    version = version_if_sent(request)
    work = lambda session: writing.read(session, number, version, reader, now)  # noqa: E731
    return _answer(await request.state["database"].transact(work))


routes = [
    Route(ANNOUNCEMENTS, list_announcements),
    Route(ANNOUNCEMENTS, create_announcement, methods=["POST"]),
    Route(f"{ANNOUNCEMENTS}/{{id:int}}", replace_announcement, methods=["PUT"]),
    Route(f"{ANNOUNCEMENTS}/{{id:int}}", remove_announcement, methods=["DELETE"]),
    Route(f"{ANNOUNCEMENTS}/{{id:int}}/read", read_announcement, methods=["POST"]),
]
