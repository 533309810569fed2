"""Announcements on the screen: read, mark as read, and write them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import serves, who
from kcc.access.state import AccessState
from kcc.contacts.announcements import form, reading, writing
from kcc.contacts.announcements.models import Announcement
from kcc.contacts.announcements.pressing import pressing
from kcc.contacts.announcements.reading import READING, WRITING, Seen, reader_of
from kcc.contacts.announcements.schemas import AnnouncementChange, AnnouncementContent, State
from kcc.errors import Conflict, DomainError, EditedMeanwhile, FieldError, InvalidInput, NotFound
from kcc.web import dates, markdown
from kcc.web.forms import at_fields
from kcc.web.once import key_shown, once_sent
from kcc.web.requests import checked
from kcc.web.routing import Route
from kcc.web.templating import render

PageRequest = Request[AccessState]
LIST = "/werk/berichten"
SHOWN = 100
ARCHIVED = 20
OFFSET_MAX = 10_000
SAVED = {
    "opgeslagen": "Het bericht is opgeslagen",
    "beeindigd": "Het bericht is beëindigd. Het staat in het archief.",
    "verwijderd": "Het bericht is verwijderd",
}
# Below the heading of an announcement, itself of level 3.
BELOW = 2


@serves(READING)
async def announcements(request: PageRequest) -> Response:
    """What is shown now, unread ones first; for who writes also what is still to come."""
    return await _list(request)


async def _list(request: PageRequest, refused: str | None = None, status: int = 200) -> Response:
    reader, now = reader_of(who(request)), request.state["clock"].now()
    async with request.state["database"].reading() as session:
        _, current = await reading.page(session, State.CURRENT, reader, now, SHOWN, 0)
        planned = (await reading.page(session, State.PLANNED, reader, now, SHOWN, 0))[1] if reader.writes else []
    context = {
        "current": _views(request, current),
        "planned": _views(request, planned),
        "writes": reader.writes,
        "saved": SAVED.get(request.query_params.get("gelukt", "")),
        "refused": refused,
    }
    return render(request, "announcements/list.html", context, status=status)


@serves(READING)
async def archive(request: PageRequest) -> Response:
    """What was shown before, the last ended first."""
    given = request.query_params.get("offset", "0")
    offset = min(int(given), OFFSET_MAX) if given.isascii() and given.isdigit() and len(given) < 6 else 0
    reader, now = reader_of(who(request)), request.state["clock"].now()
    async with request.state["database"].reading() as session:
        total, ended = await reading.page(session, State.ENDED, reader, now, ARCHIVED, offset)
    context = {
        "ended": _views(request, ended),
        "writes": reader.writes,
        "total": total,
        "previous": max(0, offset - ARCHIVED) if offset else None,
        "following": offset + ARCHIVED if offset + ARCHIVED < min(total, OFFSET_MAX) else None,
    }
    return render(request, "announcements/archive.html", context)


def _views(request: PageRequest, found: Sequence[Seen]) -> list[dict[str, Any]]:
    zone = request.state["clock"].timezone
    return [
        {
            "id": seen.row.id,
            "version": seen.row.version,
            "title": seen.row.title,
            "html": markdown.html(seen.row.text, BELOW),
            "importance": seen.row.importance.value,
            "begin": dates.moment_short(seen.row.starts_at.astimezone(zone)),
            "end": dates.moment_short(seen.row.ends_at.astimezone(zone)) if seen.row.ends_at else None,
            "by": seen.row.written_by,
            "read": seen.read,
            "read_by": seen.read_by,
            "agents": seen.agents,
        }
        for seen in found
    ]


@serves(READING)
async def read(request: PageRequest) -> Response:
    """Mark one as read, in the version that was shown, and go on with the next; on the desk in its place."""
    async with request.form(max_files=0, max_fields=5) as sent:
        version, back = form.version(str(sent.get("version", ""))), str(sent.get("terug", ""))
    number, reader, now = request.path_params["id"], reader_of(who(request)), request.state["clock"].now()
    in_place = request.headers.get("hx-target", "").endswith("#dringend")
    refused: DomainError | None = None
    try:
        await request.state["database"].transact(lambda session: writing.read(session, number, version, reader, now))
    except EditedMeanwhile as error:
        refused = error
    if in_place:
        async with request.state["database"].reading() as session:
            context = await pressing(session, who(request), now, back)
            context["unread"] = await request.state["unread"](session, who(request), now)
        context |= {"refused": refused and refused.detail, "in_place": True}
        return render(request, "announcements/_pressed.html", context)
    return (
        await _list(request, refused.detail, refused.status)
        if refused
        else RedirectResponse(back if back.startswith("/werk?") else LIST, 303)
    )


@serves(WRITING)
async def write(request: PageRequest) -> Response:
    """The form of a new announcement, or of one that changes."""
    number = request.path_params.get("id")
    row = None
    if number is not None:
        now = request.state["clock"].now()
        async with request.state["database"].reading() as session:
            row = (await reading.visible(session, number, reader_of(who(request)), now)).row
    zone = request.state["clock"].timezone
    if request.method == "GET":
        return _form(request, row, form.filled(row, zone), {})
    async with request.form(max_files=0, max_fields=20) as sent:
        typed = form.typed(sent, zone)
    try:
        await _save(request, number, typed)
    except NotFound:
        raise
    except DomainError as error:
        return _form(request, row, typed.values, at_fields(error, form.LABELS), error)
    return RedirectResponse(f"{LIST}?gelukt=opgeslagen", 303)


async def _save(request: PageRequest, number: int | None, typed: form.Typed) -> None:
    now, author = request.state["clock"].now(), who(request)
    if number is None:
        new = _checked(AnnouncementContent, typed.body, typed.problems)

        async def work(session: AsyncSession) -> None:
            async def make() -> str:
                return str((await writing.create(session, new, author.name, now)).id)

            await once_sent(session, f"{LIST} {author.key}", typed.values["key"], typed.values, now, make)

        await request.state["database"].transact(work)
        return
    content = _checked(AnnouncementChange, typed.body | {"unread": bool(typed.values["unread"])}, typed.problems)
    version = form.version(typed.values["version"])
    await request.state["database"].transact(lambda session: writing.replace(session, number, version, content, now))


def _checked(model: Any, body: dict[str, Any], problems: list[FieldError]) -> Any:
    """The body as `model`, with all that is wrong told at once."""
    try:
        valid = checked(model, body)
    except InvalidInput as error:
        raise InvalidInput(error.detail, [*problems, *error.errors]) from None
    if problems:
        raise InvalidInput("; ".join(problem.detail for problem in problems), problems)
    return valid


def _form(
    request: PageRequest,
    row: Announcement | None,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    error: DomainError | None = None,
) -> Response:
    values = {**values, "key": key_shown(values["key"], error)}
    context = {"row": row, "values": values, "errors": errors, "labels": form.LABELS}
    return render(request, "announcements/form.html", context, status=error.status if error else 200)


@serves(WRITING)
async def end(request: PageRequest) -> Response:
    """Show it no longer."""
    number, now = request.path_params["id"], request.state["clock"].now()

    async def work(session: AsyncSession) -> None:
        await writing.end(session, number, now)

    try:
        await request.state["database"].transact(work)
    except Conflict as error:
        return await _list(request, error.detail, error.status)
    return RedirectResponse(f"{LIST}?gelukt=beeindigd", 303)


@serves(WRITING)
async def remove(request: PageRequest) -> Response:
    """Remove it, from the archive too."""
    async with request.state["database"].writing() as session:
        await writing.remove(session, request.path_params["id"])
    return RedirectResponse(f"{LIST}?gelukt=verwijderd", 303)


BOTH = ["GET", "POST"]
routes = [
    Route(LIST, announcements),
    Route(f"{LIST}/archief", archive),
    Route(f"{LIST}/nieuw", write, methods=BOTH),
    Route(f"{LIST}/{{id:int}}/wijzigen", write, methods=BOTH),
    Route(f"{LIST}/{{id:int}}/gelezen", read, methods=["POST"]),
    Route(f"{LIST}/{{id:int}}/beeindigen", end, methods=["POST"]),
    Route(f"{LIST}/{{id:int}}/verwijderen", remove, methods=["POST"]),
]
