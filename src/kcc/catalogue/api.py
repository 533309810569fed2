"""JSON endpoints of the catalogue."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import principal_of, public, serves
from kcc.access.roles import Role
from kcc.catalogue import changing, topics
from kcc.catalogue.models import Department, Topic
from kcc.catalogue.schemas import (
    DepartmentContent,
    DepartmentDetail,
    DepartmentItem,
    DepartmentList,
    Merge,
    NewDepartment,
    NewTopic,
    TopicContent,
    TopicItem,
    TopicList,
)
from kcc.catalogue.state import CatalogueState
from kcc.errors import NotFound
from kcc.web.answers import private
from kcc.web.once import IDEMPOTENCY_KEY, once
from kcc.web.openapi import operation
from kcc.web.paging import Page, next_page
from kcc.web.requests import Wire, read_json, read_query
from kcc.web.routing import Route

TAG = "Catalogus"
TOPICS, DEPARTMENTS = "/api/v1/topics", "/api/v1/departments"
TOPIC = {
    "code": "paspoort",
    "name": "Paspoort",
    "nameEn": "Passport",
    "parent": "reisdocumenten",
    "department": "burgerzaken",
    "countsForFirstContact": True,
}
TOPIC_CONTENT = {name: value for name, value in TOPIC.items() if name != "code"}
DEPARTMENT = {"code": "burgerzaken", "name": "Burgerzaken"}
MAILBOXES = {"email": "burgerzaken@voorbeeld.example", "leadEmail": None}
DEPARTMENT_DETAIL = {**DEPARTMENT, **MAILBOXES}


def _json(model: Wire, status: int = 200) -> Response:
    return Response(model.model_dump_json(by_alias=True), status, media_type="application/json")


def _topic(row: Topic) -> TopicItem:
    return TopicItem.model_validate(row.model_dump(exclude={"position"}))


def _department(row: Department) -> DepartmentItem:
    return DepartmentItem(code=row.code, name=row.name)


def _detail(row: Department) -> DepartmentDetail:
    return DepartmentDetail.model_validate(row.model_dump())


@public
@operation(
    summary="List the topics",
    tag=TAG,
    query=Page,
    response=TopicList,
    example={"total": 1, "next": None, "results": [TOPIC]},
)
async def list_topics(request: Request[CatalogueState]) -> Response:
    """All topics."""
    page = read_query(request, Page)
    async with request.state["database"].reading() as session:
        rows = await topics.topics(session)
    results = [_topic(row) for row in rows[page.offset : page.offset + page.limit]]
    following = next_page(request, page.limit, page.offset, len(rows))
    return _json(TopicList(total=len(rows), next=following, results=results))


@public
@operation(
    summary="List the departments",
    tag=TAG,
    query=Page,
    response=DepartmentList,
    example={"total": 1, "next": None, "results": [DEPARTMENT]},
)
async def list_departments(request: Request[CatalogueState]) -> Response:
    """All departments."""
    page = read_query(request, Page)
    async with request.state["database"].reading() as session:
        rows = await topics.departments(session)
    results = [_department(row) for row in rows[page.offset : page.offset + page.limit]]
    following = next_page(request, page.limit, page.offset, len(rows))
    return _json(DepartmentList(total=len(rows), next=following, results=results))


@serves({Role.ADMINISTRATOR})
@operation(
    summary="Make a topic or a group",
    tag=TAG,
    body=NewTopic,
    body_example=TOPIC,
    response=TopicItem,
    example=TOPIC,
    status=201,
    headers=(IDEMPOTENCY_KEY,),
    errors=(404, 409, 413),
)
async def create_topic(request: Request[CatalogueState]) -> Response:
    """A new topic within a group, or a group when it has no parent."""
    new = await read_json(request, NewTopic)

    async def make() -> str:
        return (await changing.create_topic(session, new)).code

    async with request.state["database"].writing() as session:
        code = await once(request, session, new, request.state["clock"].now(), make)
        row = (await topics.topics_by_code(session)).get(code)
    return _json(_topic(_still(row)), 201)


@serves({Role.ADMINISTRATOR})
@operation(
    summary="Change a topic or a group",
    tag=TAG,
    body=TopicContent,
    body_example=TOPIC_CONTENT,
    response=TopicItem,
    example=TOPIC,
    path_parameters={"code": "paspoort"},
    errors=(404, 409, 413),
)
async def replace_topic(request: Request[CatalogueState]) -> Response:
    """New content for a topic; the articles about it follow."""
    content = await read_json(request, TopicContent)
    principal = principal_of(request)
    async with request.state["database"].writing() as session:
        moved = await changing.replace_topic(session, request.path_params["code"], content)
        author = principal.name if principal else ""
        await request.state["follow_topics"](
            session, moved.regrouped, moved.reassigned, author, request.state["clock"].now()
        )
    return _json(_topic(moved.topic))


@serves({Role.ADMINISTRATOR})
@operation(
    summary="Remove a topic or an empty group",
    tag=TAG,
    response=None,
    example=None,
    status=204,
    path_parameters={"code": "paspoort"},
    errors=(404, 409),
)
async def remove_topic(request: Request[CatalogueState]) -> Response:
    """A topic nothing is about goes."""
    async with request.state["database"].writing() as session:
        await changing.remove_topic(session, request.path_params["code"])
    return Response(status_code=204)


@serves({Role.ADMINISTRATOR})
@operation(
    summary="Make a topic part of another",
    tag=TAG,
    body=Merge,
    body_example={"target": "paspoort"},
    response=TopicItem,
    example=TOPIC,
    path_parameters={"code": "reispas"},
    errors=(404, 409, 413),
)
async def merge_topic(request: Request[CatalogueState]) -> Response:
    """Nobody is offered the topic any more; its articles and its history count as about the other."""
    asked = await read_json(request, Merge)
    principal, now = principal_of(request), request.state["clock"].now()
    code, by = request.path_params["code"], principal.key if principal else ""
    async with request.state["database"].writing() as session:
        other = await changing.merge_topic(session, code, asked.target, by, now)
        await request.state["follow_merge"](session, code, asked.target, principal.name if principal else "", now)
    return _json(_topic(other))


@serves({Role.ADMINISTRATOR})
@operation(
    summary="Make a department",
    tag=TAG,
    body=NewDepartment,
    body_example=DEPARTMENT_DETAIL,
    response=DepartmentDetail,
    example=DEPARTMENT_DETAIL,
    status=201,
    headers=(IDEMPOTENCY_KEY,),
    errors=(404, 409, 413),
)
async def create_department(request: Request[CatalogueState]) -> Response:
    """A new department."""
    new = await read_json(request, NewDepartment)

    async def make() -> str:
        return (await changing.create_department(session, new)).code

    async with request.state["database"].writing() as session:
        code = await once(request, session, new, request.state["clock"].now(), make)
        row = {row.code: row for row in await topics.departments(session)}.get(code)
    return _json(_detail(_still(row)), 201)


@serves({Role.ADMINISTRATOR})
@operation(
    summary="A department",
    tag=TAG,
    response=DepartmentDetail,
    example=DEPARTMENT_DETAIL,
    path_parameters={"code": "burgerzaken"},
    errors=(404,),
)
async def read_department(request: Request[CatalogueState]) -> Response:
    """A department with its mailboxes, which are not for everyone."""
    async with request.state["database"].reading() as session:
        return private(_detail(await changing.department(session, request.path_params["code"])))


@serves({Role.ADMINISTRATOR})
@operation(
    summary="Change a department",
    tag=TAG,
    body=DepartmentContent,
    body_example={"name": "Burgerzaken", **MAILBOXES},
    response=DepartmentDetail,
    example=DEPARTMENT_DETAIL,
    path_parameters={"code": "burgerzaken"},
    errors=(404, 413),
)
async def replace_department(request: Request[CatalogueState]) -> Response:
    """Another name for a department, other mailboxes."""
    content = await read_json(request, DepartmentContent)
    async with request.state["database"].writing() as session:
        row = await changing.replace_department(session, request.path_params["code"], content)
    return _json(_detail(row))


@serves({Role.ADMINISTRATOR})
@operation(
    summary="Remove a department",
    tag=TAG,
    response=None,
    example=None,
    status=204,
    path_parameters={"code": "burgerzaken"},
    errors=(404, 409),
)
async def remove_department(request: Request[CatalogueState]) -> Response:
    """A department that nothing names goes."""
    async with request.state["database"].writing() as session:
        await changing.remove_department(session, request.path_params["code"])
    return Response(status_code=204)


def _still(row: Any) -> Any:
    """What was made for this key before. Raises NotFound when it has been removed since."""
    if row is None:
        raise NotFound("Dit is intussen verwijderd")
    return row


routes = [
    Route(TOPICS, list_topics, methods=["GET"]),
    Route(TOPICS, create_topic, methods=["POST"]),
    Route(f"{TOPICS}/{{code}}", replace_topic, methods=["PUT"]),
    Route(f"{TOPICS}/{{code}}", remove_topic, methods=["DELETE"]),
    Route(f"{TOPICS}/{{code}}/merge", merge_topic, methods=["POST"]),
    Route(DEPARTMENTS, list_departments, methods=["GET"]),
    Route(DEPARTMENTS, create_department, methods=["POST"]),
    Route(f"{DEPARTMENTS}/{{code}}", read_department, methods=["GET"]),
    Route(f"{DEPARTMENTS}/{{code}}", replace_department, methods=["PUT"]),
    Route(f"{DEPARTMENTS}/{{code}}", remove_department, methods=["DELETE"]),
]
