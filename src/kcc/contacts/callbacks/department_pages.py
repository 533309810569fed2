"""The page behind the link in a mail to a department: without an account, and of one callback only.

Opening it changes nothing, whoever or whatever opens it. Once the callback is over, the page tells no more about it;
what somebody had typed by then can still be added.
"""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access.guard import public
from kcc.catalogue import topics
from kcc.contacts.callbacks import form, reading
from kcc.contacts.callbacks.handling import BY_DEPARTMENT
from kcc.contacts.callbacks.links import number_in, opens
from kcc.contacts.callbacks.queries import Promise
from kcc.contacts.callbacks.recording import AT_DEPARTMENT, Deed, record
from kcc.contacts.callbacks.refusals import WithContactCentre
from kcc.contacts.callbacks.state import CallbackAppState
from kcc.contacts.callbacks.view import view
from kcc.errors import DomainError, NotFound
from kcc.web.answers import unlisted
from kcc.web.once import once_sent
from kcc.web.routing import Route
from kcc.web.templating import render

PageRequest = Request[CallbackAppState]


@public
async def callback(request: PageRequest) -> Response:
    """What is asked and by whom, and the form to say what was done."""
    return await _page(request)


@public
async def note(request: PageRequest) -> Response:
    """Keep what was done, and show it."""
    filled = await form.typed(request, ("deed", "note", "no-bsn", "key"))
    now = request.state["clock"].now()

    async def work(session: AsyncSession) -> str:
        promise = await _promise(session, request, lock=True)

        async def make() -> str:
            deed = form.deed(filled, (*AT_DEPARTMENT, Deed.NOTE))
            if promise.callback.handed_back_at is not None and promise.is_open and deed is not Deed.NOTE:
                raise WithContactCentre("Uw afdeling heeft dit terugbelverzoek teruggegeven.")
            no_bsn, zone = bool(filled["no-bsn"]), request.state["clock"].timezone
            await record(session, promise, deed, filled["note"], BY_DEPARTMENT, now, zone, no_bsn=no_bsn)
            return str(promise.callback.id)

        return await once_sent(session, f"/terugbellen {promise.callback.id}", filled["key"], filled, now, make)

    try:
        await request.state["database"].transact(work)
    except NotFound as error:
        return await _page(request, filled, error)
    except DomainError as error:
        return await _page(request, filled, error)
    return RedirectResponse(f"{request.url.path}?gedaan=genoteerd", 303)


async def _promise(session: AsyncSession, request: PageRequest, *, lock: bool = False) -> Promise:
    """The callback that the link opens. Raises NotFound when it opens none (any more)."""
    token = str(request.path_params["token"])
    promise = await reading.known(session, number_in(token) or 0, lock=lock)
    number = promise.callback.id
    assert number is not None
    if not opens(request.state["secret_key"], token, number, promise.callback.department):
        raise NotFound("Deze link werkt niet (meer)")
    return promise


async def _page(
    request: PageRequest, filled: dict[str, str] | None = None, error: DomainError | None = None
) -> Response:
    state, now = request.state, request.state["clock"].now()
    async with state["database"].reading() as session:
        try:
            promise = await _promise(session, request)
        except NotFound:
            gone = {"why": "unknown", "values": filled, "errors": {}, "asks_bsn": False, "done": False}
            return unlisted(render(request, "callbacks/department_gone.html", gone, status=404))
        names = await topics.department_names(session)
    row, status = promise.callback, error.status if error else 200
    context: dict[str, Any] = {
        "errors": form.wrong_by_field(error, ("deed", "note")) if error else {},
        "asks_bsn": error is not None and form.asks_bsn(error),
        "done": request.query_params.get("gedaan") == "genoteerd",
    }
    if not promise.is_open or row.handed_back_at is not None:
        context |= {
            "why": "handed-back" if promise.is_open else "closed",
            "values": form.again(filled, error) | {"note": form.as_note(filled, AT_DEPARTMENT)} if filled else None,
        }
        return unlisted(render(request, "callbacks/department_gone.html", context, status=status))
    context |= {
        "callback": view(promise, names, state["callback_rules"], now),
        "deeds": AT_DEPARTMENT,
        "values": form.again(filled, error) if filled else form.empty(),
    }
    return unlisted(render(request, "callbacks/department.html", context, status=status))


routes = [
    Route("/terugbellen/{token}", callback),
    Route("/terugbellen/{token}", note, methods=["POST"]),
]
