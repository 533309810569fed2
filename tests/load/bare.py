"""The yardstick: a Starlette route that answers a small JSON object, and one that streams, without middleware."""

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route


class Board:
    """The last number called, and who waits for it."""

    def __init__(self) -> None:
        self.number = 0
        self.news = asyncio.Condition()


board = Board()


async def answer(request: Request) -> JSONResponse:
    """A fixed answer."""
    return JSONResponse({"results": [], "total": 0, "next": None})


async def call(request: Request) -> JSONResponse:
    """One number more for all streams."""
    async with board.news:
        board.number += 1
        board.news.notify_all()
    return JSONResponse({"number": str(board.number)})


async def stream(request: Request) -> Response:
    """Server-sent events: each number that is called."""

    async def events() -> AsyncIterator[str]:
        async with board.news:
            while True:
                yield f"id: {board.number}\nevent: hall\ndata: {json.dumps({'number': str(board.number)})}\n\n"
                await board.news.wait()

    return StreamingResponse(events(), media_type="text/event-stream")


app = Starlette(routes=[Route("/", answer), Route("/call", call, methods=["POST"]), Route("/stream", stream)])
