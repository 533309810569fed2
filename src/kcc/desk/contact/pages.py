"""The contact panel's requests: every button works without script; with it, what is typed is kept as it is typed."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from kcc.access.guard import principal_of, serves
from kcc.contacts.log import finishing, reading
from kcc.contacts.log.api import LOGGING
from kcc.contacts.log.queries import Logged
from kcc.contacts.log.refusals import AlreadyFinished
from kcc.desk.contact import deeds
from kcc.desk.contact import form as forms
from kcc.desk.contact.asking import desk_of
from kcc.desk.contact.deeds import current, is_open, meant
from kcc.desk.contact.form import Errors, PanelForm
from kcc.desk.contact.merging import KeptElsewhere, shown_next
from kcc.desk.contact.panel import Shown, address_of, shown
from kcc.desk.contact.words import Deed
from kcc.desk.screen import screen
from kcc.desk.state import DeskState
from kcc.desk.teaching import teach
from kcc.errors import DomainError, NotFound
from kcc.knowledge.models import Verdict
from kcc.knowledge.schemas import Feedback
from kcc.web.once import KEY_MAX
from kcc.web.routing import Route
from kcc.web.templating import render

PageRequest = Request[DeskState]


async def _typed(request: PageRequest) -> dict[str, str]:
    async with request.form(max_files=0, max_fields=60) as fields:
        return {name: value.replace("\x00", "") for name, value in fields.items() if isinstance(value, str)}


@serves(LOGGING)
async def submit(request: PageRequest) -> Response:
    """Do what a button of the panel says; when it cannot be, show the desk with all that was typed."""
    typed = await _typed(request)
    try:
        form = forms.read(typed)
        logged = await _done(request, form)
    except DomainError as error:
        return await _again(request, typed, error)
    if form.do is Deed.RESOLVED and form.article:
        # The article on the screen was the answer to what was searched: the next search finds it sooner.
        with suppress(NotFound):  # withdrawn while it was read
            verdict = Feedback(verdict=Verdict.RESOLVED, query=form.q or None)
            await teach(request, form.article, verdict, f"{logged.contact.id} {form.article} {form.q}"[:KEY_MAX])
    going_on = None if is_open(logged) else await _going_on(request)
    return _go(request, _next(form, logged, going_on))


async def _going_on(request: PageRequest) -> Logged | None:
    """The contact that is still open, the newest of more."""
    async with request.state["database"].reading() as session:
        return next(iter((await reading.own_open(session, desk_of(request).reader.agent))[::-1]), None)


def _go(request: PageRequest, address: str) -> Response:
    """On to the next page; our own script is told which, since it may not be there when the connection is lost."""
    if request.headers.get("accept") == "application/json":
        return JSONResponse({"next": address})
    return RedirectResponse(address, 303)


async def _done(request: PageRequest, form: PanelForm) -> Logged:
    desk = desk_of(request)

    async def work(session: AsyncSession) -> Logged:
        return await deeds.do(session, desk, form)

    return await request.state["database"].transact(work)


async def _again(request: PageRequest, typed: dict[str, str], error: DomainError) -> Response:
    typed = {"colleague": "", "bsn": ""} | typed  # a box without a mark is not sent
    if isinstance(error, KeptElsewhere):  # who reads it and presses once more, decides
        typed["shown"] = error.shown
    asked = replace(
        shown({"contact": typed.get("contact") or "nieuw", "vraag": typed.get("question", "")}), exactly=True
    )
    errors = forms.told(error)
    async with request.state["database"].reading() as session:
        query, slug = typed.get("q", ""), typed.get("article") or None
        try:
            context = await screen(session, request, query, slug, asked=asked, typed=typed, errors=errors)
        except NotFound:
            context = await screen(session, request, query, None, asked=asked, typed=typed, errors=errors)
    return render(request, "desk/desk.html", context, status=error.status)


def _next(form: PanelForm, logged: Logged, going_on: Logged | None) -> str:
    """Where the agent goes on: at the contact that is still open, with its own article, when this one is over."""
    if going_on:
        return f"{address_of(going_on)}&klaar={logged.contact.id}"
    contact, question = logged.contact.id, meant(logged, form.question)
    if form.do is Deed.CALLBACK and question:
        return f"/werk/terugbellen/nieuw?contact={contact}&question={question.id}"
    if form.do is Deed.APPOINTMENT:
        fields = {
            "product": form.product,
            "artikel": form.article,
            "q": form.q,
            "contact": contact,
            "vraag": question and question.id,
        }
        return "/werk/afspraak?" + urlencode({name: value for name, value in fields.items() if value})
    if is_open(logged) and form.do is not Deed.SAVE:  # another question: the article on the screen was not about it
        rest = current(logged)
        opened = logged.articles[rest.id or 0] if rest else []
        return f"/werk?contact={contact}" + (f"&artikel={opened[-1]}" if opened else "")
    fields = {"q": form.article and form.q, "artikel": form.article, "contact" if is_open(logged) else "klaar": contact}
    return "/werk?" + urlencode({name: value for name, value in fields.items() if value})


@serves(LOGGING)
async def keep(request: PageRequest) -> Response:
    """What is typed is kept while it is typed; answered with one line that says so, or what is wrong."""
    typed = await _typed(request)
    errors: Errors = []
    shown, overrule = typed.get("shown", ""), ""
    try:
        form = forms.read({**typed, "do": Deed.SAVE})
        if form.contact is None:
            return Response(status_code=204)
        await _done(request, form)
        shown = shown_next(form)
    except AlreadyFinished:  # a button was faster
        return Response(status_code=204)
    except DomainError as error:
        errors = forms.told(error)
        overrule = error.shown if isinstance(error, KeptElsewhere) else ""
    kept = {"errors": errors, "at": request.state["clock"].local(), "bsn": bool(typed.get("bsn"))}
    asked = any(name == "notitie" and "BSN" in text for name, text in errors)
    kept |= {"bsn_asked": kept["bsn"] or asked, "shown": shown, "overrule": overrule}
    return render(request, "desk/contact/_kept.html", kept)


@serves(LOGGING)
async def reopen(request: PageRequest) -> Response:
    """Open a contact again that was finished by mistake."""
    contact, desk = request.path_params["id"], desk_of(request)
    within = timedelta(minutes=request.state["settings"].contact_reopen_minutes)

    async def work(session: AsyncSession) -> Logged:
        return await finishing.reopen(session, contact, desk.reader, within, desk.now)

    await request.state["database"].transact(work)
    return _go(request, f"/werk?contact={contact}")


async def article_opened(request: PageRequest, slug: str) -> Shown | None:
    """An article was opened with script: note it with the contact on the screen. Returns what the panel shows then.

    It is a GET that keeps something; only our own page can send it, since it needs htmx's header.
    """
    asked = shown(request.query_params)
    principal = principal_of(request)
    if not asked.contact or principal is None or not principal.may(*LOGGING):
        return asked
    desk, contact = desk_of(request), asked.contact

    async def work(session: AsyncSession) -> None:
        try:
            await deeds.opened(session, desk, contact, asked.question, slug)
        except DomainError:  # it is over, or another's, or there is no such article: the page says what there is
            return

    await request.state["database"].transact(work)
    return asked


routes = [
    Route("/werk/contact", submit, methods=["POST"]),
    Route("/werk/contact/bewaren", keep, methods=["POST"]),
    Route("/werk/contact/{id:int}/heropenen", reopen, methods=["POST"]),
]
