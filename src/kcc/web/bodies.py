"""Limits the size of request bodies, also of those that don't say how large they are."""

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kcc.errors import TooLarge
from kcc.web.problems import respond


class BodyLimit:
    """Pure ASGI middleware: answers 413 with a problem or a page."""

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self.app = app
        self._max = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self._announces_too_much(Headers(scope=scope).get("content-length", "")):
            await self._refuse(scope, receive, send)
            return
        taken = 0

        async def limited_receive() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._max:
                raise self._error()
            return message

        await self.app(scope, limited_receive, send)

    def _announces_too_much(self, declared: str) -> bool:
        digits = declared.lstrip("0")
        return digits.isdecimal() and (len(digits) > len(str(self._max)) or int(digits) > self._max)

    def _error(self) -> TooLarge:
        return TooLarge(f"De inhoud is groter dan {self._max} bytes. Maak hem kleiner en probeer het opnieuw.")

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = respond(Request(scope), self._error())
        response.headers["connection"] = "close"
        await response(scope, receive, send)
