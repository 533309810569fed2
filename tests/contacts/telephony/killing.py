"""A follower is killed while the log is written and rotated; what it kept is looked over afterwards."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import delete, func
from sqlmodel import select

from kcc.contacts.telephony.models import CallEvent
from kcc.storage.database import Database
from kcc.storage.leases import Lease
from tests.contacts.telephony.logs import day

SECONDS = 240


class WrittenLog:
    """A log as an exchange writes it."""

    def __init__(self, file: Path, lines: list[str]) -> None:
        self.file = file
        self.left = list(lines)

    def write(self, number: int, *, part: bool = False) -> None:
        """Append some lines; with `part` a beginning of the next one too."""
        with self.file.open("a") as log:
            log.writelines(line + "\n" for line in self.left[:number])
            del self.left[:number]
            if part:
                log.write(self.left[0][:9])
                self.left[0] = self.left[0][9:]

    def rename(self) -> None:
        """As logrotate does: log.1 becomes log.2, log becomes log.1."""
        for number in range(8, 0, -1):
            older = self.file.with_name(f"{self.file.name}.{number}")
            if older.exists():
                older.rename(self.file.with_name(f"{self.file.name}.{number + 1}"))
        self.file.rename(self.file.with_name(self.file.name + ".1"))

    def copy_and_truncate(self, name: str) -> None:
        """As logrotate does with copytruncate."""
        self.file.with_name(f"{self.file.name}.{name}").write_bytes(self.file.read_bytes())
        os.truncate(self.file, 0)


async def kill_followers(database: Database, url: str, folder: Path, times: int) -> list[str]:
    """Kill so many followers of one log, each in the middle of it. Returns the lines that were written."""
    chance = random.Random(times)
    lines = day(6 * times)
    log = folder / "log" / "queue_log"
    log.parent.mkdir()
    written = WrittenLog(log, lines)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KCC_")} | {
        "KCC_DATABASE_URL": url,
        "KCC_DATA_DIR": str(folder / "data"),
        "KCC_SECRET_KEY": "s" * 40,
    }

    def start() -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "kcc", "calls", "follow", str(log), "--source", "log"]
        return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)

    async def kept() -> int:
        async with database.reading() as session:
            return (await session.exec(select(func.count()).select_from(CallEvent))).one()

    async def until(reached: Callable[[int], bool]) -> None:
        deadline = time.monotonic() + SECONDS
        while not reached(await kept()):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.02)

    for number in range(times):
        process = start()
        try:
            had = await kept()
            written.write(chance.randint(8, 14))
            await until(lambda now, had=had: now > had)  # type: ignore[misc]
            written.write(chance.randint(1, 5), part=True)
            if number % 2:
                written.write(2)
                written.rename()
                written.write(1)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
        async with database.writing() as session:  # it need not wait until the lease runs out
            await session.exec(delete(Lease))
    written.write(len(written.left))
    process = start()
    try:
        await until(lambda now: now == len(lines))
        process.terminate()
        assert process.wait(SECONDS) == 0
    finally:
        process.kill()
        process.wait()
    return lines
