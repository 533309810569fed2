"""The page behind the link in the mail: the department reads the question and answers it, without an account."""

from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import public
from kcc.catalogue import topics as catalogue
from kcc.contacts.department_questions import asking, reading
from kcc.contacts.department_questions.api import StateRequest
from kcc.contacts.department_questions.links import DAYS, PATH
from kcc.contacts.department_questions.models import ANSWER_MAX
from kcc.contacts.department_questions.pages import sentence
from kcc.contacts.department_questions.reading import LinkEnded
from kcc.contacts.department_questions.schemas import NewAnswer
from kcc.contacts.log.refusals import BsnSuspected
from kcc.errors import DomainError, FieldError, InvalidInput, NotFound
from kcc.web import dates
from kcc.web.answers import unlisted
from kcc.web.forms import at_fields
from kcc.web.requests import checked
from kcc.web.routing import Route
from kcc.web.templating import render

NAME_MAX = 120
TYPED_MAX = 20_000  # of an answer that is far too long, so much is shown again
FIELDS = ("answer", "name", "bsn")
LABELS = {"answer": "Uw antwoord", "name": "Uw naam"}


@public
async def question(request: StateRequest) -> Response:
    """The question with a form; its answer when it has one. Opening it answers nothing, whoever opens it."""
    return await _page(request, dict.fromkeys(FIELDS, ""), {})


@public
async def answer(request: StateRequest) -> Response:
    """Keep the answer, and show it at the same address."""
    async with request.form(max_files=0, max_fields=10) as sent:
        values = {name: _typed(sent.get(name, "")) for name in FIELDS}
    now = request.state["clock"].now()

    async def work(session: AsyncSession) -> None:
        row = await reading.by_link(session, _token(request), request.state["clock"], lock=True)
        given, name = _checked(values)
        await asking.answer(session, row, given, name, now)

    try:
        await request.state["database"].transact(work)
    except (NotFound, LinkEnded):
        return await _page(request, values, {})
    except DomainError as error:
        return await _page(request, values, at_fields(error, LABELS, sentence), error)
    return RedirectResponse(f"{PATH}/{_token(request)}", 303)


def _checked(values: Mapping[str, str]) -> tuple[NewAnswer, str]:
    """What was sent. Raises InvalidInput with all that is wrong."""
    problems: list[FieldError] = []
    given, name = None, " ".join(values["name"].split())
    try:
        text = {"answer": values["answer"]} if values["answer"].strip() else {}
        given = checked(NewAnswer, {**text, "bsnConfirmedNot": bool(values["bsn"])})
    except InvalidInput as error:
        problems += error.errors
    if not name or len(name) > NAME_MAX or not name.isprintable():
        problems.append(FieldError("body", "/name", "length", f"vul uw naam in, ten hoogste {NAME_MAX} tekens"))
    if problems or given is None:
        raise InvalidInput("Het antwoord is nog niet goed ingevuld", problems)
    return given, name


async def _page(
    request: StateRequest, values: Mapping[str, str], errors: Mapping[str, str], error: DomainError | None = None
) -> Response:
    state = request.state
    async with state["database"].reading() as session:
        try:
            row = await reading.by_link(session, _token(request), state["clock"])
        except (NotFound, LinkEnded) as gone:
            context = {"ended": isinstance(gone, LinkEnded), "days": DAYS, "values": values}
            return unlisted(render(request, "department_questions/gone.html", context, status=gone.status))
        title = (await reading.about(session, [row], state["article_facts"]))[row.id or 0]
        departments = await catalogue.department_names(session)
    zone = state["clock"].timezone
    context = {
        "row": row,
        "about": title,
        "department": departments.get(row.department, row.department),
        "asked": dates.moment_short(row.asked_at.astimezone(zone)),
        "answered": dates.moment_short(row.answered_at.astimezone(zone)) if row.answered_at else None,
        "values": values,
        "errors": errors,
        "labels": LABELS,
        "suspected": bool(values["bsn"]) or isinstance(error, BsnSuspected),
        "until": dates.date_day(reading.link_works_until(row, state["clock"])),
        "answer_max": ANSWER_MAX,
    }
    return unlisted(render(request, "department_questions/answer.html", context, status=error.status if error else 200))


def _token(request: StateRequest) -> str:
    return str(request.path_params["token"])


def _typed(value: object) -> str:
    """In characters that can be shown again and stored, whatever the form's character set."""
    return value.strip().encode("utf-8", "replace").decode()[:TYPED_MAX] if isinstance(value, str) else ""


routes = [
    Route(PATH + "/{token}", question),
    Route(PATH + "/{token}", answer, methods=["POST"]),
]
