"""Questions to departments on the screen: ask, see what came of them, close them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import serves, who
from kcc.catalogue import topics as catalogue
from kcc.contacts.department_questions import asking, reading
from kcc.contacts.department_questions.api import StateRequest
from kcc.contacts.department_questions.models import DepartmentQuestion
from kcc.contacts.department_questions.queries import Wanted
from kcc.contacts.department_questions.reading import ASKING
from kcc.contacts.department_questions.schemas import NewQuestion, QuestionState
from kcc.contacts.log.refusals import BsnSuspected
from kcc.errors import DomainError, FieldError, NotFound
from kcc.web import dates
from kcc.web.forms import at_fields, plain
from kcc.web.once import key_shown, once_sent
from kcc.web.requests import checked
from kcc.web.routing import Route
from kcc.web.templating import render

LIST = "/werk/vragen"
SHOWN = 100
CLOSED_SHOWN = 20
SLUG_MAX = 120
FIELDS = ("article", "topic", "department", "question", "bsn", "key")
LABELS = {"article": "Artikel", "topic": "Onderwerp", "department": "Afdeling", "question": "Uw vraag"}
SAVED = {
    "gesteld": "De vraag is gesteld. De afdeling krijgt een e-mail; het antwoord komt hier.",
    "afgehandeld": "De vraag is afgesloten",
}


@serves(ASKING)
async def questions(request: StateRequest) -> Response:
    """One's own questions, or everybody's (`wie=alle`), perhaps about one article (`artikel`)."""
    principal, state = who(request), request.state
    slug = request.query_params.get("artikel", "")[:SLUG_MAX] or None
    everybody = request.query_params.get("wie") == "alle" or slug is not None
    asked_by = None if everybody else principal.key
    async with state["database"].reading() as session:
        found: dict[str, Any] = {}
        for one in QuestionState:
            wanted = Wanted(state=one, article=slug, asked_by=asked_by)
            limit = CLOSED_SHOWN if one is QuestionState.CLOSED else SHOWN
            found[one.value] = (await reading.page(session, wanted, limit, 0))[1]
        rows = [row for group in found.values() for row in group]
        names = await catalogue.department_names(session)
        titles = await reading.about(session, rows, state["article_facts"])
    views = {name: [_view(request, row, titles, names) for row in group] for name, group in found.items()}
    context = {
        **views,
        "everybody": everybody,
        "slug": slug,
        "saved": SAVED.get(request.query_params.get("gelukt", "")),
    }
    return render(request, "department_questions/list.html", context)


def _view(
    request: StateRequest, row: DepartmentQuestion, titles: Mapping[int, str], names: Mapping[str, str]
) -> dict[str, Any]:
    zone, principal = request.state["clock"].timezone, who(request)
    mine = row.asked_by == principal.key
    until = reading.link_works_until(row, request.state["clock"])
    return {
        "id": row.id,
        "about": titles[row.id or 0],
        "slug": row.article,
        "department": names.get(row.department, row.department),
        "question": row.question,
        "asker": "u" if mine else row.asker,
        "asked": dates.moment_short(row.asked_at.astimezone(zone)),
        "undelivered": row.undelivered_at is not None and row.answer is None,
        "link_ended": row.answer is None and row.closed_at is None and request.state["clock"].today() > until,
        "answer": row.answer,
        "answered_by": row.answered_by,
        "answered": dates.moment_short(row.answered_at.astimezone(zone)) if row.answered_at else None,
        "is_new": mine and row.answer is not None and row.seen_at is None,
        "closed_by": row.closed_by,
        "may_close": row.closed_at is None and asking.may_close(row, principal),
    }


@serves(ASKING)
async def ask(request: StateRequest) -> Response:
    """The form of a question: about an article (`artikel`), or about a topic."""
    if request.method == "GET":
        slug = request.query_params.get("artikel", "")[:SLUG_MAX]
        return await _form(request, dict.fromkeys(FIELDS, "") | {"article": slug}, {})
    async with request.form(max_files=0, max_fields=10) as sent:
        values = {name: value if isinstance(value := sent.get(name, ""), str) else "" for name in FIELDS}
    data: dict[str, Any] = {name: values[name] for name in LABELS if values[name].strip()}
    data["bsnConfirmedNot"] = bool(values["bsn"])
    state, asker = request.state, who(request)
    now = state["clock"].now()

    async def work(session: AsyncSession) -> None:
        new = checked(NewQuestion, data)

        async def make() -> str:
            row = await asking.ask(session, new, asker, state["article_facts"], state["secret_key"], now)
            return str(row.id)

        await once_sent(session, f"{LIST} {asker.key}", values["key"], values, now, make)

    try:
        await state["database"].transact(work)
    except DomainError as error:
        return await _form(request, values, at_fields(error, LABELS, sentence), error)
    return RedirectResponse(f"{LIST}?gelukt=gesteld", 303)


ASK = "hier staat een nummer dat een BSN kan zijn; haal het weg, of kruis aan dat het er geen is"


def sentence(problem: FieldError) -> str:
    """What is wrong, as the forms say it."""
    return ASK if problem.code == "bsn-suspected" else plain(problem)


async def _form(
    request: StateRequest, values: Mapping[str, str], errors: Mapping[str, str], error: DomainError | None = None
) -> Response:
    state = request.state
    async with state["database"].reading() as session:
        slug = values["article"]
        facts = (await state["article_facts"](session, [slug])).get(slug) if slug else None
        if slug and facts is None and not errors:
            raise NotFound("Dit artikel bestaat niet (meer)")
        topics = await catalogue.topics(session)
        departments = await catalogue.departments(session)
        earlier = await _not_closed(session, slug) if slug else []
    groups: dict[str, Any] = {row.code: (row, []) for row in topics if row.parent is None}
    for row in topics:
        if row.parent in groups:
            groups[row.parent][1].append(row)
    context = {
        "article": {"slug": slug, "title": facts[0] if facts else slug, "department": facts[1] if facts else ""},
        "earlier": earlier,
        "groups": list(groups.values()),
        "departments": departments,
        "values": {**values, "key": key_shown(values["key"], error)},
        "errors": errors,
        "labels": LABELS,
        "suspected": bool(values["bsn"]) or isinstance(error, BsnSuspected),
    }
    return render(request, "department_questions/ask.html", context, status=error.status if error else 200)


async def _not_closed(session: AsyncSession, slug: str) -> Sequence[DepartmentQuestion]:
    """What was asked about the article before and is not dealt with."""
    return [
        row
        for one in (QuestionState.ANSWERED, QuestionState.WAITING)
        for row in (await reading.page(session, Wanted(state=one, article=slug), 5, 0))[1]
    ]


@serves(ASKING)
async def seen(request: StateRequest) -> Response:
    """The asker has seen the answer."""
    number, reader, now = request.path_params["id"], who(request), request.state["clock"].now()
    await request.state["database"].transact(lambda session: asking.see(session, number, reader, now))
    return RedirectResponse(LIST, 303)


@serves(ASKING)
async def close(request: Request[Any]) -> Response:
    """Nothing is to be done about it any more."""
    number, closer, now = request.path_params["id"], who(request), request.state["clock"].now()
    row = await request.state["database"].transact(lambda session: asking.close(session, number, closer, now))
    mine = row.asked_by == closer.key
    return RedirectResponse(f"{LIST}?gelukt=afgehandeld" + ("" if mine else "&wie=alle"), 303)


routes = [
    Route(LIST, questions),
    Route(f"{LIST}/nieuw", ask, methods=["GET", "POST"]),
    Route(f"{LIST}/{{id:int}}/gelezen", seen, methods=["POST"]),
    Route(f"{LIST}/{{id:int}}/afgehandeld", close, methods=["POST"]),
]
