"""Write, change, end and remove announcements; note that somebody read one."""

from datetime import UTC, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.announcements import queries
from kcc.contacts.announcements.models import Announcement
from kcc.contacts.announcements.reading import Reader, Seen, found, visible
from kcc.contacts.announcements.schemas import AnnouncementChange, AnnouncementContent
from kcc.errors import Conflict, EditedMeanwhile, FieldError, InvalidInput


class NotBegun(Conflict):
    """It was shown to nobody yet: then there is nothing to end."""

    kind = "not-begun"
    title = "Nog niet begonnen"


async def create(session: AsyncSession, content: AnnouncementContent, author: str, now: datetime) -> Announcement:
    """A new announcement. Raises InvalidInput when it would be over before it begins."""
    begin, end = _period(content, now)
    row = Announcement(
        title=content.title,
        text=content.text,
        importance=content.importance,
        starts_at=begin,
        ends_at=end,
        written_by=author,
        written_at=now,
        changed_at=now,
    )
    await queries.add(session, row)
    return row


async def replace(
    session: AsyncSession, number: int, version: int, content: AnnouncementChange, now: datetime
) -> Announcement:
    """Give version `version` of an announcement new content. What leaves out when it begins, begins as it did.

    Raises NotFound, EditedMeanwhile and InvalidInput.
    """
    row = await _current(session, number, version)
    row.starts_at, row.ends_at = _period(content, row.starts_at)
    row.title, row.text, row.importance = content.title, content.text, content.importance
    row.version, row.changed_at = row.version + 1, now
    await session.flush()
    if content.unread:
        await queries.forget_marks(session, number)
    return row


async def end(session: AsyncSession, number: int, now: datetime) -> None:
    """Show it no longer; one that ended before stays as it is. Raises NotFound and NotBegun."""
    row = found(await queries.announcement(session, number, lock=True))
    if row.starts_at > now:
        raise NotBegun("Dit bericht is nog niet te zien. Verwijder het als het niet nodig is.")
    if row.ends_at is None or row.ends_at > now:
        row.ends_at, row.changed_at, row.version = now, now, row.version + 1
        await session.flush()


async def remove(session: AsyncSession, number: int) -> None:
    """Remove it, also from the archive. Raises NotFound."""
    await queries.remove(session, found(await queries.announcement(session, number, lock=True)))


async def read(session: AsyncSession, number: int, version: int | None, reader: Reader, now: datetime) -> Seen:
    """Note that somebody read version `version` of it, the newest one when it is None; twice is once.

    Raises NotFound, and EditedMeanwhile when it was changed since and is still to be read.
    """
    seen = await visible(session, number, reader, now, lock=True)
    ended = seen.row.ends_at is not None and seen.row.ends_at <= now
    if version not in (None, seen.row.version) and not (seen.read or ended):
        raise EditedMeanwhile("Dit bericht is gewijzigd nadat u deze pagina opende. Lees het zoals het nu is.")
    await queries.mark(session, number, reader.key, now)
    return await visible(session, number, reader, now)


async def _current(session: AsyncSession, number: int, version: int) -> Announcement:
    row = found(await queries.announcement(session, number, lock=True))
    if row.version != version:
        raise EditedMeanwhile("Dit bericht is intussen gewijzigd. Bekijk het opnieuw en wijzig het dan.")
    return row


def _period(content: AnnouncementContent, begin: datetime) -> tuple[datetime, datetime | None]:
    """From when, `begin` when that is left out, and until when, in UTC."""
    begin = content.from_.astimezone(UTC) if content.from_ else begin
    end = content.until.astimezone(UTC) if content.until else None
    if end is not None and end <= begin:
        problem = FieldError("body", "/until", "reversed", "kies een moment na het begin")
        raise InvalidInput("Het bericht zou eindigen voordat het begint", [problem])
    return begin, end
