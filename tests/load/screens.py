"""Screens in the waiting room: open streams, and when each showed what."""

import asyncio
import re
from collections import defaultdict
from contextlib import suppress
from time import perf_counter

from tests.load.closed_loop import get

NUMBERS = re.compile(rb'"number": "([^"]+)"')


class Screens:
    """So many streams of one hall. What a screen does with an event is left out: the client must cost little."""

    def __init__(self, port: int, path: str, **headers: str) -> None:
        self._port, self._request = port, get(path, **headers)
        self._tasks: list[asyncio.Task[None]] = []
        self._numbers: dict[bytes, list[str]] = {}
        self.shown: dict[str, dict[int, float]] = defaultdict(dict)
        self.events = 0
        self.lost = 0

    async def open(self, number: int) -> None:
        """Open so many, and wait until each shows something."""
        first = [asyncio.get_running_loop().create_future() for _ in range(number)]
        self._tasks = [asyncio.create_task(self._watch(screen, future)) for screen, future in enumerate(first)]
        await asyncio.gather(*first)

    async def _watch(self, screen: int, first: "asyncio.Future[None]") -> None:
        while True:  # as a browser does when a stream ends
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            writer.write(self._request)
            try:
                while line := await reader.readline():
                    if line.startswith(b"data: {"):  # a beat's is a number
                        self._show(screen, line)
                        if not first.done():
                            first.set_result(None)
            finally:
                writer.close()
            self.lost += 1
            await asyncio.sleep(1)

    def _show(self, screen: int, line: bytes) -> None:
        now = perf_counter()
        self.events += 1
        if line not in self._numbers:  # the same for all screens
            self._numbers = {line: [number.decode() for number in NUMBERS.findall(line)]}
        for number in self._numbers[line]:
            self.shown[number].setdefault(screen, now)

    async def close(self) -> None:
        """Switch them off."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
