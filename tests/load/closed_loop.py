"""A closed-loop HTTP client: so many clients, each sending its next request when the last one was answered.

Plain asyncio streams with keep-alive connections: the client must cost less than what it measures.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any


def get(path: str, **headers: str) -> bytes:
    """A GET as it goes over the wire."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{_lines(headers)}\r\n".encode()


def post(path: str, content: dict[str, Any], **headers: str) -> bytes:
    """A POST of JSON as it goes over the wire; `Idempotency_Key="…"` is the header of that name."""
    body = json.dumps(content).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{_lines(headers)}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _lines(headers: dict[str, str]) -> str:
    return "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())


@dataclass
class Measured:
    """How long all of it took, in seconds; each answer's latency, in milliseconds; how often each status came."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds


async def send_all(port: int, requests: Sequence[bytes], clients: int) -> Measured:
    """Send every request once, by as many clients at a time."""
    measured, waiting = Measured(), iter(requests)
    streams = [await asyncio.open_connection("127.0.0.1", port) for _ in range(clients)]

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for request in waiting:
            sent = perf_counter()
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
            measured.latencies.append((perf_counter() - sent) * 1000)
            measured.statuses[int(head[9:12])] += 1
        writer.close()

    began = perf_counter()
    await asyncio.gather(*(client(*stream) for stream in streams))
    measured.seconds = perf_counter() - began
    return measured
