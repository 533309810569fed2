"""JSON endpoints of the catalogue."""

from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import public
from kcc.catalogue import topics
from kcc.catalogue.schemas import DepartmentItem, DepartmentList, TopicItem, TopicList
from kcc.web.openapi import operation
from kcc.web.paging import Page, next_page
from kcc.web.requests import read_query
from kcc.web.routing import Route
from kcc.web.state import State

TAG = "Catalogus"


@public
@operation(
    summary="List the topics",
    tag=TAG,
    query=Page,
    response=TopicList,
    example={
        "total": 1,
        "next": None,
        "results": [
            {
                "code": "paspoort",
                "name": "Paspoort",
                "parent": "reisdocumenten",
                "department": "burgerzaken",
                "countsForFirstContact": True,
            }
        ],
    },
)
async def list_topics(request: Request[State]) -> Response:
    """All topics."""
    page = read_query(request, Page)
    async with request.state["database"].reading() as session:
        rows = await topics.topics(session)
    shown = rows[page.offset : page.offset + page.limit]
    results = [TopicItem.model_validate(row.model_dump(exclude={"position"})) for row in shown]
    answer = TopicList(total=len(rows), next=next_page(request, page.limit, page.offset, len(rows)), results=results)
    return Response(answer.model_dump_json(by_alias=True), media_type="application/json")


@public
@operation(
    summary="List the departments",
    tag=TAG,
    query=Page,
    response=DepartmentList,
    example={"total": 1, "next": None, "results": [{"code": "burgerzaken", "name": "Burgerzaken"}]},
)
async def list_departments(request: Request[State]) -> Response:
    """All departments."""
    page = read_query(request, Page)
    async with request.state["database"].reading() as session:
        rows = await topics.departments(session)
    shown = rows[page.offset : page.offset + page.limit]
    results = [DepartmentItem.model_validate(row.model_dump()) for row in shown]
    answer = DepartmentList(
        total=len(rows), next=next_page(request, page.limit, page.offset, len(rows)), results=results
    )
    return Response(answer.model_dump_json(by_alias=True), media_type="application/json")


routes = [
    Route("/api/v1/topics", list_topics, methods=["GET"]),
    Route("/api/v1/departments", list_departments, methods=["GET"]),
]
