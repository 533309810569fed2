"""Knowing that the service is about to stop as soon as its server does.

The server first waits for the connections that are open, and an application hears of it only after that: a stream of
events, which is always open, would hold up each restart for as long as the server is willing to wait.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def on_exit_signal(then: Callable[[], None]) -> Iterator[None]:
    """Call this in the running loop when a signal to stop comes, which then goes to whoever handled it before.

    Only the main thread hears signals; elsewhere nothing is called.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def heard(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(then)
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for number in SIGNALS:
        signal.signal(number, heard)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
