"""Following a log while the exchange writes it. What was read and where we are go into one transaction.

So whenever the process is killed, it goes on where what it kept ends. The events themselves know whether they were
read before; a line read twice does no harm.
"""

import asyncio
import os
import socket
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.connectors.queue_log import LocalTime
from kcc.contacts.telephony import queries
from kcc.contacts.telephony.arrivals import read_log
from kcc.contacts.telephony.importing import Refusal
from kcc.contacts.telephony.intake import keep_unread, source_of, take_in
from kcc.contacts.telephony.keys import Keys
from kcc.contacts.telephony.models import CallSource
from kcc.contacts.telephony.place import Piece, Place, behind, locate, read_on
from kcc.storage import leases
from kcc.storage.database import Database
from kcc.storage.unavailable import DATABASE_ERRORS, is_unavailable, reason

LEASE_DURATION = timedelta(seconds=15)
RENEWED_SECONDS = 5.0
POLL_SECONDS = 0.5
RETRY_SECONDS = 5.0


@dataclass(slots=True)
class Progress:
    """How far the follower is. `behind` in bytes; `newest_ms` the newest event, milliseconds since 1970."""

    events: int = 0
    known: int = 0
    unread: int = 0
    behind: int = 0
    newest_ms: int = 0


class Taken(Exception):
    """Another process follows for this source."""


class Follower:
    """Follows one file for one source.

    `warn` hears of what may be lost, `refuse` of each line that cannot be read.
    """

    def __init__(
        self,
        database: Database,
        code: str,
        file: Path,
        keys: Keys,
        refuse: Refusal,
        warn: Callable[[str], None],
        local_time: LocalTime | None = None,
    ) -> None:
        self._database = database
        self._code = code
        self._file = file.resolve()
        self._keys = keys
        self._refuse = refuse
        self._warn = warn
        self._local_time = local_time
        self._lease = f"calls:{code}"
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._leased_at = -LEASE_DURATION.total_seconds()
        self._lost: Place | None = None
        self._waits = False
        self.progress = Progress()

    async def run(self, *, once: bool, tell: Callable[[Progress], None]) -> None:
        """Read on until cancelled, or with `once` until there is nothing more. Raises Taken with `once`."""
        try:
            while True:
                moved = await self._try_step(once=once)
                tell(self.progress)
                if not moved:
                    if once:
                        return
                    await asyncio.sleep(POLL_SECONDS)
        finally:
            with suppress(*DATABASE_ERRORS):  # then the lease expires by itself
                await leases.release(self._database, self._lease, self._holder)

    async def _try_step(self, *, once: bool) -> bool:
        try:
            if await self._has_lease():
                return await self.step()
        except DATABASE_ERRORS as error:
            if once or not is_unavailable(error):
                raise
            self._warn(f"the database cannot be used, trying again: {reason(error)}")
            await asyncio.sleep(RETRY_SECONDS)
            return False
        if once:
            raise Taken
        if not self._waits:
            self._warn("another process follows for this source; waiting until it stops")
            self._waits = True
        return False

    async def step(self) -> bool:
        """Take in the next lines; False when there are none now."""
        async with self._database.reading() as session:
            source = await queries.source(session, self._code)
            before = self._place(source) if source is not None else Place()
        try:
            found = locate(self._file, before, self._keys.fingerprint)
            piece = read_on(found, self._keys.fingerprint)
            self.progress.behind = behind(found, piece)
        except FileNotFoundError:  # just being rotated, or not made yet
            return False
        if found.lost and before != self._lost:
            self._lost = before
            self._warn(
                f"{self._file.name} does not hold what was read last, and no file that it became does; "
                "import the old one when there was more in it. Reading from the beginning"
            )
        return piece is not None and await self._keep(before, piece)

    async def _keep(self, before: Place, piece: Piece) -> bool:
        read = read_log(piece.lines, piece.first, self._keys, self._local_time)

        async def work(session: AsyncSession) -> tuple[int, int, int] | None:
            source = await source_of(session, self._code)
            if self._place(source) != before:  # another follower was first, while this one stood still
                return None
            await keep_unread(session, source, piece.file.name, read.garbage, self._keys)
            taken = await take_in(session, source, read.events)
            self._put(source, piece.after)
            session.add(source)
            return taken.new, taken.known, source.newest_ms

        kept = await self._database.transact(work)
        if kept is None:
            return False
        for number, line, problem in read.garbage:
            self._refuse(number, line, problem)
        new, known, newest = kept
        self.progress.events += new
        self.progress.known += known
        self.progress.unread += len(read.garbage)
        self.progress.newest_ms = newest
        return True

    def _place(self, source: CallSource) -> Place:
        if source.file != str(self._file) or source.inode is None:
            return Place()
        return Place(source.inode, source.offset, source.line, source.tail, source.tail_length)

    def _put(self, source: CallSource, place: Place) -> None:
        source.file, source.inode, source.offset = str(self._file), place.inode, place.offset
        source.line, source.tail, source.tail_length = place.line, place.tail, place.tail_length

    async def _has_lease(self) -> bool:
        """Take the lease, or renew it when it is not young any more."""
        began = monotonic()
        if began - self._leased_at < RENEWED_SECONDS:
            return True
        # On real time, as all leases: a simulated clock that runs fast would let them expire at once.
        mine = await leases.acquire(self._database, self._lease, self._holder, datetime.now(UTC), LEASE_DURATION)
        self._leased_at = began if mine else -LEASE_DURATION.total_seconds()
        return mine
