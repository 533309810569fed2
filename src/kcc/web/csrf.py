"""Refuses changes that another site's page asks a signed-in browser to make.

Browsers say in Sec-Fetch-Site (older ones in Origin) where a request comes from; programs send neither
and carry no cookies of ours. So no token is needed in forms. Same rule as Go's CrossOriginProtection.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from kcc.errors import Forbidden
from kcc.web.problems import respond

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def is_cross_site(headers: Headers) -> bool:
    """Whether a browser says that this request comes from another site."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and _host_of(origin) != headers.get("host", "")


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc or None
    except ValueError:  # no address at all
        return None


class CrossSiteProtection:
    """Pure ASGI middleware: answers 403 to unsafe requests from another site."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS and is_cross_site(Headers(scope=scope)):
            error = Forbidden("Dit verzoek kwam van een andere website. Open de pagina hier en probeer het opnieuw.")
            response = respond(Request(scope), error)
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)
