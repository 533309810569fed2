"""Importing a queue_log: some thousand lines a transaction, so that a running service goes on writing meanwhile."""

import gc
import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.connectors.queue_log import LocalTime
from kcc.contacts.telephony.arrivals import Read, read_log
from kcc.contacts.telephony.intake import TakenIn, keep_unread, source_of, take_in
from kcc.contacts.telephony.keys import Keys
from kcc.contacts.telephony.lines import blocks
from kcc.storage.database import Database

Refusal = Callable[[int, str, str], None]


@dataclass(slots=True)
class Imported:
    """What came of a file, in counts; moments of the first and last event in milliseconds since 1970."""

    lines: int = 0
    new: int = 0
    known: int = 0
    unread: int = 0
    first_ms: int = 0
    last_ms: int = 0

    def count(self, read: Read) -> None:
        """Add what was read."""
        moments = [arrival.at_ms for arrival, _ in read.events]
        if moments:
            self.first_ms = min(self.first_ms or moments[0], *moments)
            self.last_ms = max(self.last_ms, *moments)
        self.unread += len(read.garbage)


def open_log(path: Path) -> BinaryIO:
    """The file to be read, also one that was packed when it was rotated (.gz)."""
    return cast(BinaryIO, gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


@contextmanager
def without_collecting() -> Iterator[None]:
    """Garbage collection looks at all rows of a block again and again, a third of the time, and finds no cycles."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


async def store(database: Database, code: str, file: str, read: Read, keys: Keys) -> TakenIn:
    """Take in what was read, in one transaction."""

    async def work(session: AsyncSession) -> TakenIn:
        source = await source_of(session, code)
        await keep_unread(session, source, file, read.garbage, keys)
        return await take_in(session, source, read.events)

    return await database.transact(work)


async def import_log(
    database: Database | None,
    code: str,
    path: Path,
    keys: Keys,
    refuse: Refusal,
    tell: Callable[[int, int], None],
    local_time: LocalTime | None = None,
) -> Imported:
    """Import a queue_log into the source with this code; with no database nothing is kept.

    `refuse` hears of each line that cannot be read (number, line, problem), `tell` how many bytes are done of all.
    """
    done = Imported()
    size, at = path.stat().st_size, 0
    with open_log(path) as file, without_collecting():
        for block in blocks(file):
            read = read_log(block.lines, done.lines + 1, keys, local_time)
            done.count(read)
            for garbage in read.garbage:
                refuse(*garbage)
            if database is not None:
                taken = await store(database, code, path.name, read, keys)
                done.new += taken.new
                done.known += taken.known
            else:
                done.new += len(read.events)
            done.lines += len(block.lines)
            at += block.size
            tell(min(at, size), size)
    return done
