"""JSON endpoints of questions to departments."""

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from kcc.access.guard import serves, who
from kcc.contacts.department_questions import asking, reading
from kcc.contacts.department_questions import examples as example
from kcc.contacts.department_questions.models import DepartmentQuestion
from kcc.contacts.department_questions.queries import Wanted
from kcc.contacts.department_questions.reading import ASKING
from kcc.contacts.department_questions.schemas import (
    NewAnswer,
    NewQuestion,
    QuestionItem,
    QuestionList,
    QuestionsQuery,
    QuestionState,
)
from kcc.contacts.department_questions.state import DepartmentQuestionState
from kcc.web.answers import private
from kcc.web.once import IDEMPOTENCY_KEY, once
from kcc.web.openapi import operation
from kcc.web.paging import next_page
from kcc.web.requests import read_json, read_query
from kcc.web.routing import Route

TAG = "Vragen aan afdelingen"
QUESTIONS = "/api/v1/department-questions"
PATH = {"id": "12"}
HIDDEN = {"asker", "seed", "token_hash", "undelivered_at", "seen_at"}
StateRequest = Request[DepartmentQuestionState]


def _item(row: DepartmentQuestion) -> QuestionItem:
    told = {"state": reading.state_of(row), "undelivered": row.undelivered_at is not None}
    return QuestionItem.model_validate(row.model_dump(exclude=HIDDEN) | told)


@serves(ASKING)
@operation(
    summary="Ask a department",
    tag=TAG,
    body=NewQuestion,
    body_example=example.ASKED,
    response=QuestionItem,
    example=example.ITEM,
    status=201,
    headers=(IDEMPOTENCY_KEY,),
    errors=(409, 413),
)
async def ask_department(request: StateRequest) -> Response:
    """The department gets a mail with a link to answer by, without an account."""
    new, asker = await read_json(request, NewQuestion), who(request)
    state = request.state
    now = state["clock"].now()

    async def work(session: AsyncSession) -> DepartmentQuestion:
        async def make() -> str:
            row = await asking.ask(session, new, asker, state["article_facts"], state["secret_key"], now)
            return str(row.id)

        return await reading.one(session, int(await once(request, session, new, now, make)))

    return private(_item(await state["database"].transact(work)), 201)


@serves(ASKING)
@operation(
    summary="Questions to departments", tag=TAG, query=QuestionsQuery, response=QuestionList, example=example.LIST
)
async def list_department_questions(request: StateRequest) -> Response:
    """Everybody's, so that nothing is asked twice; the newest first."""
    query = read_query(request, QuestionsQuery)
    wanted = Wanted(
        state=QuestionState(query.state) if query.state else None,
        article=query.article or None,
        department=query.department or None,
        asked_by=who(request).key if query.mine else None,
    )
    async with request.state["database"].reading() as session:
        total, rows = await reading.page(session, wanted, query.limit, query.offset)
    following = next_page(request, query.limit, query.offset, total)
    return private(QuestionList(total=total, next=following, results=[_item(row) for row in rows]))


@serves(ASKING)
@operation(
    summary="A question to a department",
    tag=TAG,
    response=QuestionItem,
    example=example.ANSWERED,
    path_parameters=PATH,
    errors=(404,),
)
async def read_department_question(request: StateRequest) -> Response:
    """A question with its answer."""
    async with request.state["database"].reading() as session:
        return private(_item(await reading.one(session, request.path_params["id"])))


@serves(ASKING)
@operation(
    summary="Take down a department's answer",
    tag=TAG,
    body=NewAnswer,
    body_example=example.ANSWER,
    response=QuestionItem,
    example=example.ANSWERED,
    path_parameters=PATH,
    errors=(404, 409, 413),
)
async def answer_department_question(request: StateRequest) -> Response:
    """By an employee who heard it; the department itself answers by the link in its mail."""
    given, by, now = await read_json(request, NewAnswer), who(request).name, request.state["clock"].now()

    async def work(session: AsyncSession) -> DepartmentQuestion:
        row = await asking.locked(session, request.path_params["id"])
        await asking.answer(session, row, given, by, now)
        return row

    return private(_item(await request.state["database"].transact(work)))


@serves(ASKING)
@operation(
    summary="Close a question to a department",
    tag=TAG,
    response=QuestionItem,
    example=example.CLOSED,
    path_parameters=PATH,
    errors=(404,),
)
async def close_department_question(request: StateRequest) -> Response:
    """The article was mended, or the answer is not needed any more. By who asked, editors and team leads."""
    closer, number, now = who(request), request.path_params["id"], request.state["clock"].now()
    row = await request.state["database"].transact(lambda session: asking.close(session, number, closer, now))
    return private(_item(row))


routes = [
    Route(QUESTIONS, list_department_questions),
    Route(QUESTIONS, ask_department, methods=["POST"]),
    Route(f"{QUESTIONS}/{{id:int}}", read_department_question),
    Route(f"{QUESTIONS}/{{id:int}}/answer", answer_department_question, methods=["POST"]),
    Route(f"{QUESTIONS}/{{id:int}}/close", close_department_question, methods=["POST"]),
]
