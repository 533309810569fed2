"""Errors as they leave the service: problem+json (RFC 9457) for the API, a page for people."""

from http import HTTPStatus
from typing import Any, cast

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kcc import errors
from kcc.errors import Busy, DomainError, FieldError
from kcc.storage.unavailable import is_unavailable, reason
from kcc.web.addresses import own_address
from kcc.web.routing import allowed_methods
from kcc.web.templating import render

TYPE_BASE = "https://kcc.example/problems/"
MEDIA_TYPE = "application/problem+json"
log = structlog.get_logger("kcc.web")

_DETAIL_BY_STATUS = {
    404: "Deze pagina bestaat niet (meer). Controleer het adres, of zoek op de beginpagina.",
    405: "Dit adres kent deze methode niet.",
}
_TITLE_BY_STATUS = {400: DomainError.title, 405: "Methode niet mogelijk"}


class ProblemResponse(JSONResponse):
    """A JSON response with the media type of problem details."""

    media_type = MEDIA_TYPE


def _location(error: FieldError) -> dict[str, Any]:
    key = "pointer" if error.place == "body" else "name"
    return {
        "in": error.place,
        "location": {key: error.location},
        "code": error.code,
        "detail": error.detail,
    }


def problem_body(error: DomainError) -> dict[str, Any]:
    """The problem details of a domain error."""
    body: dict[str, Any] = {
        "type": TYPE_BASE + error.kind,
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
    }
    if error.errors:
        body["errors"] = [_location(item) for item in error.errors]
    return body


def is_api(request: Request[Any]) -> bool:
    """Whether a machine asked: the API answers problem+json, everything else a page.

    Not by `request.url`, which is put together with whatever the Host header says.
    """
    path: str = request.scope["path"]
    return path.startswith("/api/")


def respond(request: Request[Any], error: DomainError) -> Response:
    """The response to a domain error, in the form the asker reads."""
    if is_api(request):
        return ProblemResponse(problem_body(error), error.status, headers=error.headers)
    response = render(
        request,
        "error.html",
        {
            "status": error.status,
            "title": error.title,
            "detail": error.detail,
            "errors": error.errors,
            "request_id": request.scope.get("kcc.request_id", ""),
            "again": own_address(request) if error.status >= 500 and request.method == "GET" else None,
        },
        status=error.status,
    )
    response.headers.update(error.headers)
    return response


async def on_domain_error(request: Request[Any], exc: Exception) -> Response:
    """Exception handler for everything a verb may raise."""
    return respond(request, cast(DomainError, exc))


async def on_database_error(request: Request[Any], exc: Exception) -> Response:
    """Exception handler for what the database raises: busy when it will pass, otherwise a crash."""
    if not is_unavailable(exc):
        raise exc
    log.error("database.unavailable", reason=reason(exc))
    error = Busy("De gegevens zijn even niet te bereiken. Probeer het zo opnieuw.", headers={"Retry-After": "5"})
    return respond(request, error)


async def on_http_exception(request: Request[Any], exc: Exception) -> Response:
    """Exception handler for what the router raises (404, 405)."""
    raised = cast(HTTPException, exc)
    error = errors.NotFound(
        _DETAIL_BY_STATUS.get(raised.status_code, raised.detail), headers=dict(raised.headers or {})
    )
    error.status = raised.status_code
    if raised.status_code != 404:
        phrase = HTTPStatus(raised.status_code).phrase
        error.kind, error.title = phrase.lower().replace(" ", "-"), _TITLE_BY_STATUS.get(raised.status_code, phrase)
    if raised.status_code == 405 and "kcc.route" in request.scope:
        error.headers["Allow"] = ", ".join(allowed_methods(request.app.routes, request.scope))
    return respond(request, error)


def crashed(request: Request[Any], exc: Exception) -> Response:
    """The response to what nobody foresaw; it is logged with its traceback."""
    log.error("request.crashed", exc_info=exc)
    error = DomainError("Er ging iets mis aan onze kant. Probeer het opnieuw. Blijft het misgaan, bel ons dan.")
    error.status, error.kind, error.title = 500, "internal-error", "Er ging iets mis"
    return respond(request, error)
