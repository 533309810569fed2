"""Refuses addresses with a NUL character: no text of ours has one, and PostgreSQL cannot store or compare it."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from kcc.errors import FieldError, InvalidInput
from kcc.web.problems import respond


class RefuseNul:
    """Pure ASGI middleware: answers 400 to a path or query with NUL in it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            in_path = "\x00" in scope["path"]
            if in_path or b"%00" in scope["query_string"]:
                place = "path" if in_path else "query"
                problem = FieldError(place, place, "control-character", "mag geen NUL-teken (%00) hebben")
                error = InvalidInput("Het adres bevat een teken dat niet kan (%00). Haal het weg.", [problem])
                await respond(Request(scope), error)(scope, receive, send)
                return
        await self.app(scope, receive, send)
