"""The nightly export, in a process of its own: writing files would take the processor from everyone's requests."""

import asyncio
import sys
from datetime import time
from pathlib import Path

from kcc.clock import Clock
from kcc.service_levels.export.exporting import DONE, previous_month

EVERY_SECONDS = 300.0
# Nobody is at work then, and no local day has an hour twice or not at all there.
NOT_BEFORE = time(3, 30)


class Exporter:
    """Exports this month and the one before once a night. Several processes may: twice is once."""

    def __init__(self, clock: Clock, folder: Path | None) -> None:
        self._clock = clock
        self._folder = folder

    def is_due(self) -> bool:
        """Whether it is late enough, and today's export was not made yet."""
        if self._folder is None or self._clock.local().time() < NOT_BEFORE:
            return False
        done = self._folder / DONE
        return not done.exists() or done.read_text().strip() != self._clock.today().isoformat()

    async def step(self) -> None:
        """Export when it is due. Raises RuntimeError when that fails."""
        if not self.is_due():
            return
        today = self._clock.today()
        # What was never exported is exported whole.
        since = ["--from", previous_month(today).isoformat()] if (self._folder / DONE).exists() else []  # type: ignore[operator]
        command = [sys.executable, "-m", "kcc", "export", str(self._folder), *since, "--quiet"]
        process = await asyncio.create_subprocess_exec(*command)
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            process.terminate()
            await process.wait()
            raise
        if code:
            raise RuntimeError(f"the export ended with exit code {code}")
        (self._folder / DONE).write_text(today.isoformat() + "\n")  # type: ignore[operator]

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.step()
            await asyncio.sleep(EVERY_SECONDS)
