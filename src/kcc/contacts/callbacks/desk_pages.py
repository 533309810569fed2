"""Callbacks at the desk: who is to be called, a new promise, and what became of each."""

from typing import Annotated, Any, Literal

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.contact_details import readable_phone
from kcc.access.guard import serves
from kcc.catalogue import topics
from kcc.contacts.callbacks import asking, form, handling, reading
from kcc.contacts.callbacks.business_time import BusinessTime
from kcc.contacts.callbacks.kinds import CallbackState
from kcc.contacts.callbacks.queries import Wanted
from kcc.contacts.callbacks.recording import AT_DESK, Deed, record
from kcc.contacts.callbacks.schemas import HandOver, NewCallback
from kcc.contacts.callbacks.state import CallbackAppState
from kcc.contacts.callbacks.view import view
from kcc.contacts.log import finishing
from kcc.contacts.log import reading as log
from kcc.contacts.log.api import LOGGING, reader_of
from kcc.contacts.log.models import Question
from kcc.contacts.log.queries import Logged
from kcc.contacts.log.reading import Reader
from kcc.errors import DomainError, FieldError, InvalidInput, NotFound
from kcc.storage import idempotency
from kcc.web.fields import FilterCode
from kcc.web.once import key_shown, once_sent
from kcc.web.paging import Page
from kcc.web.requests import checked, read_query
from kcc.web.routing import Route
from kcc.web.templating import render

PageRequest = Request[CallbackAppState]
LIST = "/werk/terugbellen"
SHOWN = {"open": None, "te-laat": CallbackState.OVERDUE, "afgerond": CallbackState.CLOSED}
ASKED = ("department", "topic", "question", "phone", "name", "email", "language", "when", "after", "day", "part")
SENT = (*ASKED, "contact", "questionId", "tried", "no-bsn", "key")
MADE_BEFORE = (
    "Van dit formulier is al een terugbelverzoek gemaakt: nummer {}. Wat u daarna veranderde, staat er niet in."
)
DONE_WITH = {
    "afgerond": "Terugbelverzoek {} is afgerond",
    "toegevoegd": "Uw notitie is toegevoegd aan terugbelverzoek {}",
}
DONE = {
    "gemaakt": "Het terugbelverzoek is gemaakt",
    "genoteerd": "Genoteerd",
    "afdeling": "De afdeling is gewijzigd en krijgt er e-mail over",
}


class ListQuery(Page):
    """What the list shows: whose, of which department, and where they stand. `gedaan` is what was done with which."""

    gedaan: Literal["", "afgerond", "toegevoegd"] = ""
    nummer: Annotated[int, Field(ge=1, le=2_147_483_647)] | None = None
    wie: Literal["", "mij", "kcc", "allen"] = ""
    afdeling: FilterCode = ""
    toon: Literal["", "open", "te-laat", "afgerond"] = ""


@serves(LOGGING)
async def all_callbacks(request: PageRequest) -> Response:
    """What is due first first. Agents begin with what they promised, team leads with all."""
    query = read_query(request, ListQuery)
    state, reader, now = request.state, reader_of(request), request.state["clock"].now()
    whose = query.wie or ("allen" if reader.sees_all else "mij")
    shown = query.toon or "open"
    wanted = Wanted(
        department=query.afdeling or None,
        state=SHOWN[shown] or CallbackState.OPEN,
        agent=reader.agent if whose == "mij" else None,
        with_centre=whose == "kcc",
    )
    async with state["database"].reading() as session:
        departments = await topics.departments(session)
        names = {row.code: row.name for row in departments}
        total, found = await reading.page(session, wanted, reader, now, query.limit, query.offset)
        back = Wanted(state=CallbackState.OPEN, with_centre=True)
        handed_back = await reading.number_of(session, back, reader, now)
        overdue = await reading.number_of(session, Wanted(state=CallbackState.OVERDUE), reader, now)
    context = {
        "callbacks": [view(one, names, state["callback_rules"], now) for one in found],
        "total": total,
        "departments": departments,
        "chosen": {"wie": whose, "afdeling": query.afdeling, "toon": shown},
        "following": query.offset + query.limit if query.offset + query.limit < total else None,
        "handed_back": handed_back,
        "overdue": overdue,
        "done": DONE_WITH[query.gedaan].format(query.nummer) if query.gedaan and query.nummer else None,
    }
    return render(request, "callbacks/list.html", context)


@serves(LOGGING)
async def new(request: PageRequest) -> Response:
    """The form, filled in with what the contact and its question say already."""
    asked = {name: request.query_params.get(name, "") for name in ("contact", "question")}
    logged, question = await _asked_about(request, asked["contact"], asked["question"])
    filled = dict.fromkeys(SENT, "") | {"language": "nl", "when": "soon", "key": key_shown()}
    if logged is not None:
        contact = logged.contact
        filled |= {
            "contact": str(contact.id),
            "phone": readable_phone(contact.phone) if contact.phone else "",
            "name": contact.name or "",
            "email": contact.email or "",
        }
    if question is not None:
        filled |= {"questionId": str(question.id), "question": question.note, "topic": question.topic or ""}
        filled["tried"] = "ja" if question.department_reached is False else ""
        filled["department"] = question.department or await _department_of(request, question.topic)
    return await _form(request, filled, question)


async def _department_of(request: PageRequest, topic: str | None) -> str:
    async with request.state["database"].reading() as session:
        merged = (await topics.merges(session)).get(topic or "", topic or "")
        found = (await topics.topics_by_code(session)).get(merged)
    return found.department if found else ""


async def _asked_about(request: PageRequest, contact: str, question: str) -> tuple[Logged | None, Question | None]:
    """The contact and its question that are named. Raises NotFound."""
    if not contact:
        return None, None
    async with request.state["database"].reading() as session:
        logged = await log.visible(session, _number(contact), reader_of(request))
    if not question:
        return logged, None
    for one in logged.questions:
        if one.id == _number(question):
            return logged, one
    raise NotFound("Deze vraag hoort niet bij dit contact")


def _number(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < len("2147483647"):
        return int(text)
    raise NotFound("Dit contact is er niet")


@serves(LOGGING)
async def create(request: PageRequest) -> Response:
    """Make the promise, and go back to its contact, which ends with the last question; without one to the callback."""
    filled = await form.typed(request, SENT)
    state, reader, now = request.state, reader_of(request), request.state["clock"].now()

    async def work(session: AsyncSession) -> str:
        async def make() -> str:
            content = _content(request, await state["callback_rules"].hours(session), filled)
            made = await asking.ask(session, content, reader, state["callback_rules"], state["article_topics"], now)
            if made.contact is not None and made.question is not None:
                logged = await log.visible(session, made.contact, reader, lock=True)
                if logged.contact.is_open:
                    await finishing.close_when_answered(session, logged, now)
            return str(made.id)

        return await once_sent(session, _scope(reader), filled["key"], filled, now, make)

    try:
        number = await state["database"].transact(work)
    except DomainError as error:
        _, question = await _asked_about(request, filled["contact"], filled["questionId"])
        return await _form(request, form.again(filled, error), question, error, made=await _made(request, filled))
    if filled["contact"]:
        contact = _number(filled["contact"])
        return RedirectResponse(f"/werk?contact={contact}&klaar={contact}", 303)
    return RedirectResponse(f"{LIST}/{number}?gedaan=gemaakt", 303)


def _scope(reader: Reader) -> str:
    return f"{LIST} {reader.agent}"


async def _made(request: PageRequest, filled: dict[str, str]) -> str | None:
    """The number of the callback that was made by this form before."""
    async with request.state["database"].reading() as session:
        return await idempotency.result(session, _scope(reader_of(request)), filled["key"])


def _content(request: PageRequest, business: BusinessTime, filled: dict[str, str]) -> NewCallback:
    """What was filled in, checked. Raises InvalidInput with all that is wrong at once."""
    problems: list[FieldError] = []
    data: dict[str, Any] = {
        name: filled[name] for name in ("department", "topic", "phone", "name", "email") if filled[name]
    }
    data |= {"question": filled["question"], "language": "en" if filled["language"] == "en" else "nl"}
    data |= {"bsnConfirmedNot": bool(filled["no-bsn"])}
    data |= {name: _number(filled[name]) for name in ("contact", "questionId") if filled[name]}
    if filled["questionId"]:
        data["reached"] = False if filled["tried"] else None
    try:
        wish = form.preferred(business, request.state["clock"].now(), filled)
        data |= {"preferredAt": wish.start, "preferredUntil": wish.until}
    except InvalidInput as error:
        problems += error.errors
    if not filled["department"] and not filled["questionId"]:
        problems.append(FieldError("body", "/department", "missing", "kies de afdeling die terugbelt"))
    try:
        content = checked(NewCallback, data)
    except InvalidInput as error:
        problems += error.errors
    if problems:
        raise InvalidInput("Nog niet goed ingevuld", problems)
    return content


async def _form(
    request: PageRequest,
    filled: dict[str, str],
    question: Question | None,
    error: DomainError | None = None,
    made: str | None = None,
) -> Response:
    state = request.state
    async with state["database"].reading() as session:
        rows, departments = await topics.topics(session), await topics.departments(session)
        business = await state["callback_rules"].hours(session)
    groups = [(row.name, [one for one in rows if one.parent == row.code]) for row in rows if row.parent is None]
    asks_topic = question is not None and question.topic is None
    # Without a department, that of the topic calls.
    order = ("question", "topic" if asks_topic else "department", "phone", "name", "email")
    errors = form.wrong_by_field(error, ASKED) if error else {}
    if made:
        errors = {"": MADE_BEFORE.format(made)}
    context = {
        "values": filled,
        "errors": errors,
        "asks_bsn": bool(filled["no-bsn"]) or (error is not None and form.asks_bsn(error)),
        "departments": departments,
        "groups": groups if asks_topic else [],
        "focus": None if error else next((name for name in order if not filled[name]), "when"),
        "made": made,
        "choices": form.choices(business, state["clock"].now()),
        "today": state["clock"].today(),
    }
    return render(request, "callbacks/new.html", context, status=error.status if error else 200)


@serves(LOGGING)
async def callback(request: PageRequest) -> Response:
    """One callback, and the form to say what was done."""
    return await _callback(request)


async def _callback(
    request: PageRequest, filled: dict[str, str] | None = None, error: DomainError | None = None
) -> Response:
    """The page; of a closed one that is not the reader's no more than that, with what they had typed."""
    state, now, reader = request.state, request.state["clock"].now(), reader_of(request)
    number = request.path_params["id"]
    async with state["database"].reading() as session:
        promise = await (reading.known(session, number) if error else reading.visible(session, number, reader))
        departments = await topics.departments(session)
    by_code = {row.code: row for row in departments}
    found = by_code.get(promise.callback.department)
    values = form.again(filled, error) if filled else form.empty()
    if not promise.is_open:
        values |= {"note": form.as_note(values, AT_DESK)}
    context = {
        "callback": view(promise, {code: row.name for code, row in by_code.items()}, state["callback_rules"], now),
        "departments": departments,
        "no_mailbox": found is None or found.email is None,
        "deeds": AT_DESK,
        "values": values,
        "errors": form.wrong_by_field(error, ("deed", "note", "department")) if error else {},
        "asks_bsn": error is not None and form.asks_bsn(error),
        "done": DONE.get(request.query_params.get("gedaan", "")),
    }
    template = "callbacks/callback.html" if reading.may_see(promise, reader) else "callbacks/closed.html"
    return render(request, template, context, status=error.status if error else 200)


@serves(LOGGING)
async def note(request: PageRequest) -> Response:
    """Keep what was done. Who may not see it any more now that it is closed, is led to the list."""
    filled = await form.typed(request, ("deed", "note", "no-bsn", "key"))
    reader, now, number = reader_of(request), request.state["clock"].now(), request.path_params["id"]

    async def work(session: AsyncSession) -> bool:
        promise = await reading.known(session, number, lock=True)

        async def make() -> str:
            deed = form.deed(filled, (*AT_DESK, Deed.NOTE))
            no_bsn, zone = bool(filled["no-bsn"]), request.state["clock"].timezone
            await record(session, promise, deed, filled["note"], reader.agent, now, zone, no_bsn=no_bsn)
            return str(number)

        await once_sent(session, f"{LIST}/{number} {reader.agent}", filled["key"], filled, now, make)
        return reading.may_see(promise, reader)

    try:
        seen = await request.state["database"].transact(work)
    except NotFound:
        raise
    except DomainError as error:
        return await _callback(request, filled, error)
    if seen:
        return RedirectResponse(f"{LIST}/{number}?gedaan=genoteerd", 303)
    done = "toegevoegd" if filled["deed"] == Deed.NOTE else "afgerond"
    return RedirectResponse(f"{LIST}?gedaan={done}&nummer={number}", 303)


@serves(LOGGING)
async def give(request: PageRequest) -> Response:
    """Have another department call, or the same one after it gave it back."""
    filled = await form.typed(request, ("department",))
    number = request.path_params["id"]

    async def work(session: AsyncSession) -> None:
        promise = await reading.known(session, number, lock=True)
        now, zone = request.state["clock"].now(), request.state["clock"].timezone
        await handling.hand_over(session, promise, checked(HandOver, filled), now, zone)

    try:
        await request.state["database"].transact(work)
    except NotFound:
        raise
    except DomainError as error:
        return await _callback(request, None, error)
    return RedirectResponse(f"{LIST}/{number}?gedaan=afdeling", 303)


routes = [
    Route(LIST, all_callbacks),
    Route(f"{LIST}/nieuw", new),
    Route(f"{LIST}/nieuw", create, methods=["POST"]),
    Route(f"{LIST}/{{id:int}}", callback),
    Route(f"{LIST}/{{id:int}}", note, methods=["POST"]),
    Route(f"{LIST}/{{id:int}}/afdeling", give, methods=["POST"]),
]
