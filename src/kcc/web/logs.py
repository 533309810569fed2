"""Structured logs: one line a request, with its id, and nothing personal (no query, no address)."""

import logging
import sys
from time import perf_counter

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger("kcc.request")
# Health checks come every few seconds and would bury the rest.
QUIET = frozenset({"/healthz", "/readyz"})


def configure(log_format: str, level: str) -> None:
    """Send structlog and the standard library's logging to stderr, as JSON or as text."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        # Plain: a traceback with values would show names and secrets.
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    tail = [structlog.processors.format_exc_info, renderer] if log_format == "json" else [renderer]
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*shared, *tail],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *tail],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)


class RequestLog:
    """Pure ASGI middleware: logs method, route, status and duration of every request.

    Every line written meanwhile, by whichever logger, carries the request's id.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        before = structlog.contextvars.bind_contextvars(request_id=scope.get("kcc.request_id"))
        try:
            if scope["path"] in QUIET:
                await self.app(scope, receive, send)
            else:
                await self._logged(scope, receive, send)
        finally:
            structlog.contextvars.reset_contextvars(**before)

    async def _logged(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        status = 500

        async def watching_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watching_send)
        finally:
            # The route's pattern, not the path: a path may hold a secret link or a search.
            log.info(
                "request",
                method=scope["method"],
                route=scope.get("kcc.route", "-"),
                status=status,
                ms=round((perf_counter() - started) * 1000, 1),
            )
