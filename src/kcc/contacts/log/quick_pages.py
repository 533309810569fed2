"""`/werk/snel`: a list of small questions, logged at once and by keyboard alone."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import serves
from kcc.catalogue import topics
from kcc.catalogue.models import Topic
from kcc.contacts.log import starting
from kcc.contacts.log.api import LOGGING, StateRequest, reader_of
from kcc.contacts.log.figure_queries import topic_questions
from kcc.contacts.log.kinds import RequesterKind
from kcc.contacts.log.labels import CHANNELS, OUTCOMES, REQUESTERS
from kcc.contacts.log.quick_form import (
    LINES_MAX,
    OWN,
    TIMES_MAX,
    TOO_MANY,
    Line,
    Problem,
    at_lines,
    choosable,
    questions,
    read,
    topic_label,
)
from kcc.contacts.log.quick_form import OUTCOMES as QUICK_OUTCOMES
from kcc.contacts.log.schemas import QuickQuestion
from kcc.errors import DomainError
from kcc.web.once import key_shown, once_sent
from kcc.web.routing import Route
from kcc.web.templating import render

ADDRESS = "/werk/snel"
LINES_AT_FIRST = 3
# What an agent was asked of late is what they will be asked again.
RECENT, SHORTCUTS = timedelta(days=14), 8


@serves(LOGGING)
async def form(request: StateRequest) -> Response:
    """An empty list, by the channel and for the requester of the one before."""
    asked = request.query_params
    first = Line()
    if asked.get("kanaal") in set(CHANNELS):
        first = Line(channel=asked["kanaal"])
    if asked.get("vrager", "").removesuffix(":")[:100]:
        first = Line(channel=first.channel, requester=asked["vrager"][:100])
    saved = asked.get("gelukt", "")
    return await _page(request, [first] * LINES_AT_FIRST, saved=int(saved) if saved in _NUMBERS else 0, focus=0)


_NUMBERS = {str(number) for number in range(1, 1000)}


@serves(LOGGING)
async def submit(request: StateRequest) -> Response:
    """Save the list, or give it a further line; with what was typed when something is wrong."""
    async with request.form(max_files=0, max_fields=200) as sent:
        lines = read(sent) or [Line()]
        key = str(sent.get("sleutel", ""))[:100] or key_shown()
        action, chosen = str(sent.get("actie", "")), str(sent.get("kies", ""))
    if chosen or action != "opslaan":
        return await _further(request, lines, key, chosen)
    if len(lines) > LINES_MAX:
        return await _page(request, lines, [(None, "", TOO_MANY)], key=key, status=400)
    async with request.state["database"].reading() as session:
        known = await topics.topics_by_code(session)
    asked, of_line, problems = questions(lines, known)
    if problems:
        return await _page(request, lines, problems, key=key, status=400)
    try:
        saved = await _save(request, asked, key)
    except DomainError as error:
        key = key_shown(key, error)
        return await _page(request, lines, at_lines(error, of_line), key=key, status=error.status)
    last = next(line for line in reversed(lines) if not line.untouched)
    query = urlencode({"gelukt": saved, "kanaal": last.channel, "vrager": last.requester})
    return RedirectResponse(f"{ADDRESS}?{query}", 303)


async def _further(request: StateRequest, lines: list[Line], key: str, chosen: str) -> Response:
    """One line more, or a topic in the first line that has none."""
    if chosen:
        async with request.state["database"].reading() as session:
            known = await topics.topics_by_code(session)
        empty = next((number for number, line in enumerate(lines) if not line.topic), len(lines))
        if empty == len(lines):
            lines.append(lines[-1].following())
        if chosen in known:
            old = lines[empty]
            lines[empty] = Line(topic_label(known, chosen), old.channel, old.requester, old.outcome, old.times)
        focus = empty
    else:
        lines.append(lines[-1].following())
        focus = len(lines) - 1
    if len(lines) > LINES_MAX:
        return await _page(request, lines[:LINES_MAX], [(None, "", TOO_MANY)], key=key, status=400)
    return await _page(request, lines, key=key, focus=focus)


async def _save(request: StateRequest, asked: Sequence[QuickQuestion], key: str) -> int:
    """How many were logged; the same form sent twice logs them once."""
    state, reader, now = request.state, reader_of(request), request.state["clock"].now()
    content = {str(number): one.model_dump_json() for number, one in enumerate(asked)}

    async def work(session: AsyncSession) -> str:
        async def make() -> str:
            made = await starting.quick(session, asked, reader.agent, state["article_topics"], state["secret_key"], now)
            return str(len(made))

        return await once_sent(session, f"quick {reader.agent}", key, content, now, make)

    return int(await state["database"].transact(work))


async def _page(
    request: StateRequest,
    lines: Sequence[Line],
    problems: Sequence[Problem] = (),
    *,
    key: str = "",
    saved: int = 0,
    focus: int | None = None,
    status: int = 200,
) -> Response:
    async with request.state["database"].reading() as session:
        known = await topics.topics_by_code(session)
        departments = await topics.department_names(session)
        shortcuts = await _shortcuts(request, session, known)
    kinds = [(str(kind), REQUESTERS[kind]) for kind in REQUESTERS if kind is not RequesterKind.OWN_ORGANISATION]
    context: dict[str, Any] = {
        "lines": lines,
        "key": key or key_shown(),
        "saved": saved,
        "focus": focus,
        "topics": [topic_label(known, code) for code in choosable(known)],
        "shortcuts": shortcuts,
        "channels": [(str(channel), label) for channel, label in CHANNELS.items()],
        "kinds": kinds,
        "departments": [(f"{OWN}{code}", name) for code, name in departments.items()],
        "outcomes": [(str(outcome), OUTCOMES[outcome]) for outcome in QUICK_OUTCOMES],
        "lines_max": LINES_MAX,
        "times_max": TIMES_MAX,
        "errors": [_summarised(problem) for problem in problems],
        "error_at": {(number, name): detail for number, name, detail in reversed(problems) if number is not None},
    }
    return render(request, "contacts/quick.html", context, status=status)


def _summarised(problem: Problem) -> tuple[str, str]:
    number, name, detail = problem
    if number is None:
        return "lijst", detail
    return f"{name}-{number + 1}", f"Regel {number + 1}: {detail}"


async def _shortcuts(
    request: StateRequest, session: AsyncSession, known: Mapping[str, Topic]
) -> list[tuple[str, str, str]]:
    """(code, name, label) of the topics that this agent was asked about most of late; of all agents when of none."""
    now, agent = request.state["clock"].now(), reader_of(request).agent
    merges = await topics.merges(session)
    for who in (agent, None):
        counted: dict[str, int] = {}
        for logged, number in (await topic_questions(session, now - RECENT, now + timedelta(seconds=1), who)).items():
            code = merges.get(logged, logged)
            counted[code] = counted.get(code, 0) + number
        most = sorted((code for code in choosable(known) if code in counted), key=lambda code: (-counted[code], code))
        if most:
            names = topics.told_apart(known, most[:SHORTCUTS])
            return [(code, name, topic_label(known, code)) for code, name in names.items()]
    return []


routes = [
    Route(ADDRESS, form),
    Route(ADDRESS, submit, methods=["POST"]),
]
