"""Signing in and out."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.access import sessions
from kcc.access.accounts import normalise
from kcc.access.guard import cookie_name, public
from kcc.access.roles import EDITING, STAFF, Role
from kcc.access.state import AccessState
from kcc.errors import DomainError, InvalidInput
from kcc.web.addresses import client_address
from kcc.web.routing import Route
from kcc.web.templating import render

FIELD_MAX = 200


def safe_target(target: str) -> str | None:
    """An address within this site, or None: a log-in link must not lead elsewhere."""
    inside = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if inside and target.isprintable() else None


def home_of(roles: frozenset[Role]) -> str:
    """The page somebody works on. Who answers calls too begins at the desk."""
    if Role.TEAM_LEAD in roles and Role.AGENT not in roles:
        return "/rapport"
    if roles and roles <= EDITING:
        return "/beheer" if Role.ADMINISTRATOR in roles else "/redactie"
    return "/werk" if roles & STAFF else "/"


def _page(request: Request[AccessState], target: str, name: str = "", error: DomainError | None = None) -> Response:
    context = {
        "error": error.detail if error else None,
        "name": name,
        "next": target,
        "demo_accounts": request.state["demo_accounts"],
    }
    response = render(request, "access/login.html", context, status=error.status if error else 200)
    response.headers.update(error.headers if error else {})
    return response


@public
async def login_form(request: Request[AccessState]) -> Response:
    """The log-in form."""
    return _page(request, safe_target(request.query_params.get("next", "")) or "")


@public
async def login(request: Request[AccessState]) -> Response:
    """Check name and password and begin a session."""
    async with request.form(max_files=0, max_fields=10) as form:
        name, password, target = (str(form.get(key, ""))[:FIELD_MAX] for key in ("name", "password", "next"))
    target = safe_target(target) or ""
    try:
        if not name.strip() or not password:
            raise InvalidInput("Vul uw gebruikersnaam en wachtwoord in")
        return await _begin(request, name, password, target)
    except DomainError as error:
        return _page(request, target, name, error)


async def _begin(request: Request[AccessState], name: str, password: str, target: str) -> Response:
    state = request.state
    settings, limits, now = state["settings"], state["login_limits"], state["clock"].now()
    async with limits.attempt(client_address(request), normalise(name)):
        async with state["database"].reading() as session:
            claimed = await sessions.candidate(session, name)
        account = await sessions.authenticate(claimed, password)
    lifetime = timedelta(hours=settings.session_max_hours)
    old = request.cookies.get(cookie_name(settings.secure))
    async with state["database"].writing() as session:
        secret = await sessions.sign_in(session, account.account_id, now, lifetime, instead_of=old)
    response = RedirectResponse(target or home_of(account.roles), 303)
    response.set_cookie(
        cookie_name(settings.secure),
        secret,
        max_age=int(lifetime.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings.secure,
    )
    return response


@public
async def logout(request: Request[AccessState]) -> Response:
    """End the session of this browser."""
    name = cookie_name(request.state["settings"].secure)
    secret = request.cookies.get(name)
    if secret:
        async with request.state["database"].writing() as session:
            await sessions.sign_out(session, secret)
    response = RedirectResponse("/inloggen", 303)
    response.delete_cookie(name, httponly=True, samesite="lax", secure=request.state["settings"].secure)
    return response


routes = [
    Route("/inloggen", login_form),
    Route("/inloggen", login, methods=["POST"]),
    Route("/uitloggen", logout, methods=["POST"]),
]
