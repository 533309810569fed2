"""The yardstick: a Starlette route that answers a small JSON object, without middleware."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def answer(request: Request) -> JSONResponse:
    """A fixed answer."""
    return JSONResponse({"results": [], "total": 0, "next": None})


app = Starlette(routes=[Route("/", answer)])
