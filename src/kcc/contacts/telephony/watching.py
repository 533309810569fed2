"""Tells screens what rings at their telephone: at once in the process that heard it, in half a second in another."""

from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.clock import Clock
from kcc.contacts.telephony.ringing import Ringing, moments, ringing_everywhere
from kcc.contacts.telephony.seats import phone_name
from kcc.storage.database import Database
from kcc.storage.watch import Watch


class RingWatch(Watch[Ringing | None]):
    """The telephones of one process, as of the last look."""

    def __init__(self, database: Database, clock: Clock, stream_seconds: float = 600) -> None:
        super().__init__(database, None, stream_seconds)
        self._clock = clock

    async def read(self, session: AsyncSession) -> Mapping[str, Ringing | None]:
        """What rings at each telephone."""
        return await ringing_everywhere(session, moments(self._clock))

    async def after(self, extension: str, seen: Ringing | None, seconds: float) -> Ringing | None:
        """What rings there (None: nothing) once it is another than was seen.

        What was seen, when that takes longer than so many seconds or the service is about to stop.
        """
        phone = phone_name(extension)
        with self.watching() as first:
            if first:
                await self.looked()
            return self.last(phone) if await self.changes(phone, seen, seconds) else seen
