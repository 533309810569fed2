"""Answers what nobody foresaw: the log has the traceback, the reader the request id."""

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kcc.web.problems import crashed


class CrashGuard:
    """Pure ASGI middleware: a 500 as a problem or a page.

    Starlette's own handler stands outside all middleware: its answer would lack the standard headers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watching_send(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watching_send)
        except ClientDisconnect:  # gone while sending: nothing is wrong here, and nobody is left to answer
            return
        except Exception as error:
            response = crashed(Request(scope), error)
            if started:  # too late for another answer; the server breaks off the connection
                raise
            await response(scope, receive, send)
