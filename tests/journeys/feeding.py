"""A waiting room whose calls come as quickly as a test wants.

The page and all it needs are those of the service; only its stream of events comes from here, in the same form.
"""

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from playwright.sync_api import Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

SHOWN = 5
PAUSE_SECONDS = 0.003
MOST_SECONDS = 600
# Of these reconnects one is refused: the page then begins a new stream by itself.
REFUSED = 10
HOPS = frozenset({"content-length", "content-encoding", "transfer-encoding", "connection"})


class Feed:
    """Sends as many calls as it was told to, and ends the stream after each so many."""

    def __init__(self, site: str) -> None:
        self._site = site
        self._calls_a_stream = SHOWN
        self._wanted = SHOWN
        self.sent = 0
        self.streams = 0
        self.url = ""
        self.is_closing = False

    def call(self, page: Page, calls: int, reconnects: int) -> None:
        """Call so many more, with so many reconnects on the way, and wait until the page shows the last."""
        self._calls_a_stream = max(1, calls // reconnects)
        self._wanted += calls
        expect(page.locator("#nummer")).to_have_text(_number(self._wanted), timeout=MOST_SECONDS * 1000)
        expect(page.locator("#storing")).to_be_hidden()

    async def stream(self, request: Request) -> Response:
        """As the service sends it, but with a browser that may come back at once."""
        self.streams += 1
        if self.streams % REFUSED == 0:
            return Response(status_code=503)
        return StreamingResponse(self._events(), media_type="text/event-stream")

    async def _events(self) -> AsyncIterator[str]:
        yield f"retry: 10\n\nevent: beat\ndata: {time.time() * 1000:.0f}\n\n"
        yield _event(self.sent)
        while True:
            while self.sent >= self._wanted:
                if self.is_closing:
                    return
                await asyncio.sleep(PAUSE_SECONDS)
            self.sent += 1
            yield _event(self.sent)
            if self.sent % self._calls_a_stream == 0:
                return
            await asyncio.sleep(PAUSE_SECONDS)

    async def rest(self, request: Request) -> Response:
        """Everything else is the service's."""
        headers = {name: value for name, value in request.headers.items() if name not in ("host", "accept-encoding")}
        async with httpx.AsyncClient(base_url=self._site, verify=False) as client:
            answer = await client.get(request.url.path, headers=headers)
        kept = {name: value for name, value in answer.headers.items() if name not in HOPS}
        return Response(answer.content, answer.status_code, kept)


def _number(call: int) -> str:
    return f"B {call:03}"


def _event(last: int) -> str:
    calls = [
        {"number": _number(number), "counter": f"Balie {number % 6 + 1}", "mark": f"{number}-1", "now": number == last}
        for number in range(last, max(0, last - SHOWN), -1)
    ]
    return f"id: {last}\nevent: hall\ndata: {json.dumps({'calls': calls, 'wait': last % 60})}\n\n"


@contextmanager
def feeding(site: str) -> Iterator[Feed]:
    """Serve the waiting room of this service, with another stream."""
    feed = Feed(site)
    routes = [Route("/wachtruimte/{location}/nu", feed.stream), Route("/{rest:path}", feed.rest)]
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        feed.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(Starlette(routes=routes), log_config=None, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield feed
        finally:
            feed.is_closing = True
            server.should_exit = True
            thread.join()


def footprint(page: Page) -> dict[str, int]:
    """What the page holds, after its garbage was collected: bytes of heap, nodes, listeners."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    for _ in range(2):  # what the first frees may hold more
        session.send("HeapProfiler.collectGarbage")
    metrics = {item["name"]: int(item["value"]) for item in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    return {name: metrics[name] for name in ("JSHeapUsedSize", "Nodes", "JSEventListeners", "Documents")}
