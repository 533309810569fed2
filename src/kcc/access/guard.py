"""Every route names the roles it serves; one that names none is a closed door."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import quote

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from kcc.access import devices, sessions, tokens
from kcc.access.principal import Principal
from kcc.access.roles import Role
from kcc.errors import Forbidden, Unauthenticated
from kcc.storage.database import Database
from kcc.storage.unavailable import DATABASE_ERRORS, reason
from kcc.web.addresses import own_address
from kcc.web.problems import is_api

Endpoint = Callable[[Request[Any]], Awaitable[Response]]
E = TypeVar("E", bound=Endpoint)
log = structlog.get_logger("kcc.access")


@dataclass(frozen=True, slots=True)
class Access:
    """Whom an endpoint serves: everyone, or who has one of `roles`.

    With `holders` the token sent may also be one of the thing that is asked for: the endpoint judges it.
    """

    public: bool
    roles: frozenset[Role] = frozenset()
    holders: bool = False


CLOSED = Access(public=False)


def public(endpoint: E) -> E:
    """This endpoint serves everyone."""
    endpoint.access = Access(public=True)  # type: ignore[attr-defined]
    return endpoint


def holders(endpoint: E) -> E:
    """This endpoint serves staff by their token, and whoever has the token of the thing asked for: it judges that."""
    endpoint.access = Access(public=True, holders=True)  # type: ignore[attr-defined]
    return endpoint


def serves(roles: Iterable[Role]) -> Callable[[E], E]:
    """This endpoint serves people and tokens with one of these roles."""

    def mark(endpoint: E) -> E:
        endpoint.access = Access(public=False, roles=frozenset(roles))  # type: ignore[attr-defined]
        return endpoint

    return mark


def access_of(route: Route) -> Access:
    """What the route's endpoint declared; closed when it declared nothing."""
    return getattr(route.endpoint, "access", CLOSED)


def cookie_name(secure: bool) -> str:
    """`__Host-kcc` over https, which browsers bind to this host; over plain http they refuse that name."""
    return "__Host-kcc" if secure else "kcc"


def bearer(request: Request[Any]) -> str | None:
    """The token that was sent, whosever it is."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


async def identify(request: Request[Any]) -> Principal | None:
    """Who is asking: by token on the API, by session on pages.

    Raises Unauthenticated when a token was sent that is not valid: an answer for nobody in particular
    would hide that from its owner.
    """
    if is_api(request):
        return await _by_token(request)
    return await _by_session(request) or await _by_device(request)


async def _if_known(request: Request[Any]) -> Principal | None:
    try:
        return await identify(request)
    except Unauthenticated:
        return None


async def _by_token(request: Request[Any]) -> Principal | None:
    if "authorization" not in request.headers:
        return None
    token, principal = bearer(request), None
    if token:
        async with request.state["database"].reading() as session:
            principal = await tokens.recognise(session, token, request.state["clock"].now())
    if principal is None:
        raise Unauthenticated("Dit token is niet geldig (meer)", headers={"WWW-Authenticate": "Bearer"})
    return principal


async def _by_session(request: Request[Any]) -> Principal | None:
    state = request.state
    secret = request.cookies.get(cookie_name(state["settings"].secure))
    if not secret:
        return None
    now, idle = state["clock"].now(), timedelta(minutes=state["settings"].session_idle_minutes)
    async with state["database"].reading() as session:
        found = await sessions.recognise(session, secret, now, idle)
        if found is None:
            return None
        if "hx-request" not in request.headers:  # a part of a page has no bar
            request.scope["kcc.unread"] = await state["unread"](session, found.principal, now)
    if found.touch_due and found.principal.session:
        await _touch(state["database"], found.principal.session, now)
    return found.principal


async def _by_device(request: Request[Any]) -> Principal | None:
    secret = request.cookies.get(devices.cookie_name(request.state["settings"].secure))
    if not secret:
        return None
    async with request.state["database"].reading() as session:
        return await devices.recognise(session, secret)


async def _touch(database: Database, id_hash: str, now: datetime) -> None:
    """In a transaction of its own, after the one that read. Who only reads need not wait until writing works again."""
    try:
        async with database.writing() as session:
            await sessions.touch(session, id_hash, now)
    except DATABASE_ERRORS as error:
        log.warning("session.not_touched", reason=reason(error))


def _turn_away(request: Request[Any]) -> Response:
    if is_api(request):
        raise Unauthenticated(
            "Stuur een geldig token mee (Authorization: Bearer …)", headers={"WWW-Authenticate": "Bearer"}
        )
    if request.method not in ("GET", "HEAD"):
        raise Unauthenticated("U bent niet (meer) ingelogd. Log in en probeer het opnieuw.")
    return RedirectResponse("/inloggen?next=" + quote(own_address(request), safe=""), 303)


def _guarded(endpoint: Endpoint, access: Access) -> Endpoint:
    @wraps(endpoint)
    async def enter(request: Request[Any]) -> Response:
        if access.public and not is_api(request):
            return await endpoint(request)  # residents' pages look the same to everyone
        principal = await (_if_known(request) if access.holders else identify(request))
        request.scope["kcc.principal"] = principal
        if not access.public:
            if principal is None:
                return _turn_away(request)
            if not principal.roles & access.roles:
                raise Forbidden("Uw rol geeft geen toegang tot dit onderdeel")
        return await endpoint(request)

    return enter


def guarded(routes: Sequence[BaseRoute]) -> list[BaseRoute]:
    """The same routes, each entered only by whom it serves. Raises TypeError for what is no Route."""
    return [_guard_route(route) for route in routes]


def _guard_route(route: BaseRoute) -> Route:
    if not isinstance(route, Route):
        raise TypeError(f"{route} cannot be guarded")
    endpoint = _guarded(route.endpoint, access_of(route))
    return type(route)(route.path, endpoint, methods=sorted(route.methods or {"GET"}), name=route.name)


def principal_of(request: Request[Any]) -> Principal | None:
    """Who was let in; None for an unknown reader of a public endpoint."""
    found: Principal | None = request.scope.get("kcc.principal")
    return found


def who(request: Request[Any]) -> Principal:
    """Who was let in, where nobody else is."""
    principal = principal_of(request)
    assert principal is not None
    return principal
