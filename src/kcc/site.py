"""Pages that belong to no capability: privacy, accessibility, health, security.txt, the municipality's marks."""

from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response

from kcc.access.guard import public
from kcc.errors import NotFound
from kcc.knowledge import indexing
from kcc.knowledge.state import KnowledgeState
from kcc.storage.migrate import current_revision, newest_revision
from kcc.web.routing import Route
from kcc.web.templating import render

SECURITY_TXT_DAYS = 180


@public
async def privacy(request: Request[KnowledgeState]) -> Response:
    """What is kept of whom."""
    return render(request, "privacy.html", {"contact_email": request.state["settings"].privacy_contact})


@public
async def accessibility(request: Request[KnowledgeState]) -> Response:
    """How accessible the site is."""
    return render(request, "accessibility.html", {"contact_email": request.state["settings"].privacy_contact})


@public
async def security_txt(request: Request[KnowledgeState]) -> Response:
    """How to report a vulnerability (RFC 9116)."""
    settings = request.state["settings"]
    expires = (datetime.now(UTC) + timedelta(days=SECURITY_TXT_DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.security_contact}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: nl, en",
    ]
    if settings.secure:  # a web address in this file must be https
        lines.append(f"Canonical: {settings.base_url}/.well-known/security.txt")
    if request.state["demonstration"]:
        lines.insert(0, "# A demonstration: nobody reads this address.")
    return PlainTextResponse("\n".join(lines) + "\n")


@public
async def healthz(request: Request[Any]) -> Response:
    """The process is alive."""
    return JSONResponse({"status": "ok"})


@public
async def readyz(request: Request[KnowledgeState]) -> Response:
    """200 only when database, migrations and index are as they should be."""
    checks = await _checks(request)
    ready = all(value == "ok" for value in checks.values())
    return JSONResponse({"status": "ok" if ready else "not ready", "checks": checks}, 200 if ready else 503)


async def _checks(request: Request[KnowledgeState]) -> dict[str, str]:
    database = request.state["database"]
    try:
        revision = await current_revision(database)
    except Exception as error:
        return {"database": type(error).__name__}
    checks = {
        "database": "ok",
        "migrations": "ok" if revision == newest_revision() else "behind; run kcc migrate",
    }
    if revision == newest_revision():
        current = await indexing.is_current(database, request.state["settings"].index_dir)
        checks["index"] = "ok" if current and request.state["searcher"].is_current() else "behind"
    return checks


@public
async def logo(request: Request[KnowledgeState]) -> Response:
    """The municipality's own logo."""
    return _own_file(request.state["settings"].logo)


@public
async def theme(request: Request[KnowledgeState]) -> Response:
    """The municipality's own brand tokens."""
    return _own_file(request.state["settings"].theme)


def _own_file(path: Any) -> Response:
    if path is None or not path.is_file():
        raise NotFound("Dit bestand is er niet")
    return FileResponse(path, headers={"Cache-Control": "public, max-age=300"})


@public
async def robots(request: Request[Any]) -> Response:
    """Search engines may read answers and what appointments are for; further on every day and hour has an address."""
    closed = (
        "/afspraak/",
        "/enquete/",
        "/terugbellen/",
        "/vraag/",
        "/werk",
        "/redactie",
        "/beheer",
        "/balie",
        "/rapport",
        "/kiosk",
        "/wachtruimte",
        "/apparaat/",
        "/api/",
    )
    return PlainTextResponse("User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in closed))


@public
async def favicon(request: Request[Any]) -> Response:
    """Browsers ask for it whatever the page says."""
    return RedirectResponse("/static/logo.svg", 301)


routes = [
    Route("/privacy", privacy),
    Route("/toegankelijkheid", accessibility),
    Route("/.well-known/security.txt", security_txt),
    Route("/robots.txt", robots),
    Route("/favicon.ico", favicon),
    Route("/healthz", healthz),
    Route("/readyz", readyz),
    Route("/merk/logo", logo),
    Route("/merk/thema.css", theme),
]
