"""One keep-alive HTTP connection whose answers matter for what is asked next. On plain asyncio streams."""

import asyncio
import json
from dataclasses import dataclass
from time import perf_counter
from typing import Any

# A server hangs up when nothing was asked for five seconds.
IDLE_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and after how many milliseconds; `sent` is the moment on the clock of `perf_counter`."""

    status: int
    body: bytes
    sent: float
    milliseconds: float

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


class Connection:
    """Asks one thing at a time."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used = 0.0

    async def ask(self, request: bytes) -> Answer:
        """Send this (see closed_loop.get and post) and wait for all of the answer; connecting does not count."""
        if self._streams is None or perf_counter() - self._used > IDLE_SECONDS:
            self.close()
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        sent = perf_counter()
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = head.partition(b"content-length: ")[2].partition(b"\r\n")[0]
        body = await reader.readexactly(int(length or 0))
        self._used = perf_counter()
        return Answer(int(head[9:12]), body, sent, (self._used - sent) * 1000)

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
