"""An open-loop HTTP client: requests leave at their planned moment whether or not earlier ones came back.

Latency counts from the planned moment, so a server that falls behind is seen to fall behind (no coordinated
omission). Plain asyncio streams with keep-alive connections: the client must cost less than what it measures.

    python -m tests.load.open_loop PORT RATE SECONDS < paths      prints JSON {"p50", "p99", "errors", "sent"} in ms
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from time import perf_counter

CONNECTIONS = 64


class _Connection:
    """One keep-alive connection; answers come in order."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def get(self, path: str) -> int:
        """The status of a GET, after its whole body was read."""
        self._writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await self._reader.readexactly(int(length))
        return status

    def close(self) -> None:
        self._writer.close()


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def measure(port: int, rate: float, paths: Sequence[str]) -> dict[str, float]:
    """Send every path once, `rate` a second. Latencies in milliseconds."""
    free: asyncio.Queue[_Connection] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(_Connection(*await asyncio.open_connection("127.0.0.1", port)))
    latencies: list[float] = []
    errors = 0

    async def one(path: str, planned: float) -> None:
        nonlocal errors
        connection = await free.get()
        try:
            status = await connection.get(path)
        finally:
            free.put_nowait(connection)
        latencies.append((perf_counter() - planned) * 1000)
        errors += status != 200

    start = perf_counter() + 0.1
    tasks = []
    for number, path in enumerate(paths):
        planned = start + number / rate
        delay = planned - perf_counter()
        if delay > 0:
            await asyncio.sleep(delay)
        tasks.append(asyncio.create_task(one(path, planned)))
    await asyncio.gather(*tasks)
    while not free.empty():
        free.get_nowait().close()
    return {
        "p50": percentile(latencies, 0.50),
        "p99": percentile(latencies, 0.99),
        "errors": errors,
        "sent": len(paths),
    }


def main() -> None:
    """Measure what the arguments say."""
    import uvloop

    port, rate = int(sys.argv[1]), float(sys.argv[2])
    paths = [line.strip() for line in sys.stdin if line.strip()]
    print(json.dumps(uvloop.run(measure(port, rate, paths))))


if __name__ == "__main__":
    main()
