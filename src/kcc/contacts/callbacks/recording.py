"""What somebody says on a form that they did: an attempt, an end, or both at once."""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.callbacks import handling
from kcc.contacts.callbacks.kinds import Closing
from kcc.contacts.callbacks.queries import Promise
from kcc.contacts.callbacks.schemas import Close, HandBack, NewAttempt, NewNote
from kcc.web.requests import checked


class Deed(StrEnum):
    """What was done. `label` is how screens ask for it."""

    SPOKEN_DONE = "spoken-done"
    SPOKEN = "spoken"
    MISSED = "missed"
    MISSED_LAST = "missed-last"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    HAND_BACK = "hand-back"
    NOTE = "note"

    @property
    def label(self) -> str:
        """The deed as Dutch screens name it."""
        return _LABELS[self]


_LABELS = {
    Deed.SPOKEN_DONE: "Gesproken. De vraag is afgehandeld",
    Deed.SPOKEN: "Gesproken. Het is nog niet klaar",
    Deed.MISSED: "Niet bereikt. Wij proberen het later nog eens",
    Deed.MISSED_LAST: "Niet bereikt. Wij proberen het niet meer",
    Deed.DONE: "Op een andere manier afgehandeld, zonder te bellen",
    Deed.WITHDRAWN: "De beller hoeft niet meer gebeld te worden",
    Deed.HAND_BACK: "Dit is niet voor ons. Geef het terug aan het klantcontactcentrum",
    Deed.NOTE: "Alleen een notitie",
}
AT_DESK = (Deed.SPOKEN_DONE, Deed.SPOKEN, Deed.MISSED, Deed.MISSED_LAST, Deed.DONE, Deed.WITHDRAWN)
AT_DEPARTMENT = (Deed.SPOKEN_DONE, Deed.SPOKEN, Deed.MISSED, Deed.MISSED_LAST, Deed.DONE, Deed.HAND_BACK)
_REACHED = {Deed.SPOKEN_DONE: True, Deed.SPOKEN: True, Deed.MISSED: False, Deed.MISSED_LAST: False}
_CLOSING = {
    Deed.SPOKEN_DONE: Closing.DONE,
    Deed.MISSED_LAST: Closing.NOT_REACHED,
    Deed.DONE: Closing.DONE,
    Deed.WITHDRAWN: Closing.WITHDRAWN,
}


async def record(
    session: AsyncSession,
    promise: Promise,
    deed: Deed,
    note: str,
    by: str | None,
    now: datetime,
    zone: ZoneInfo,
    *,
    no_bsn: bool,
) -> None:
    """Note what was done. `no_bsn`: a number in the note that can be a BSN is none. Raises as the verbs do."""
    said = {"note": note, "bsnConfirmedNot": no_bsn}
    if deed is Deed.HAND_BACK:
        await handling.hand_back(session, promise, checked(HandBack, said), now, zone)
    if deed is Deed.NOTE:
        await handling.note(session, promise, checked(NewNote, said), by, now)
    if deed in _REACHED:
        given = checked(NewAttempt, {"reached": _REACHED[deed], **said})
        await handling.attempt(session, promise, given, by, now, zone)
    if deed in _CLOSING:
        rest = {} if deed in _REACHED else said
        end = checked(Close, {"outcome": _CLOSING[deed].value, **rest})
        await handling.close(session, promise, end, by, now, zone)
