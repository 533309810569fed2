"""Start the app in other ways than the `app` fixture does, and reach it from other places."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from kcc.access.guard import guarded, public
from kcc.app import build_app
from kcc.settings import Settings
from kcc.web.routing import Route


@asynccontextmanager
async def running(settings: Settings, *extra: BaseRoute) -> AsyncIterator[Starlette]:
    """The application for these settings, started, with routes of the test's own."""
    app = build_app(settings)
    app.router.routes.extend(guarded(extra))
    async with app.router.lifespan_context(app) as state:
        app.state.lifespan = state
        yield app


def crashing_routes(secret: str) -> list[BaseRoute]:
    """A page and an endpoint of the API that fail in a way nobody foresaw, with `secret` in the exception."""

    @public
    async def crash(request: Request[Any]) -> Response:
        raise RuntimeError(secret)

    return [Route("/kapot", crash), Route("/api/v1/kapot", crash)]


class Elsewhere:
    """The app as somebody at another network address reaches it."""

    def __init__(self, app: Starlette, address: str) -> None:
        self.app = app
        self.state = app.state
        self._client = (address, 50000)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({**scope, "client": self._client}, receive, send)


# For tests of what happens before or after the database: once is enough.
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
