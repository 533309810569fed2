"""Which mail an event causes. The mail itself is written and sent later, from the outbox, once an event."""

from datetime import datetime
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.callbacks.kinds import Alert
from kcc.contacts.callbacks.models import Callback
from kcc.storage import outbox

TOPIC = "callback-letter"


class Letter(StrEnum):
    """What is told: the first two to whoever asked to be called, the others to whoever must call or see to it."""

    PROMISED = "promised"
    ENDED = "ended"
    ASKED = "asked"
    HANDED_BACK = "handed-back"
    OVERDUE = "overdue"
    DEPARTMENT_LATE = "department-late"
    LEAD_LATE = "lead-late"


TO_CALLER = frozenset({Letter.PROMISED, Letter.ENDED})
# Of each alert that a callback is overdue.
LETTERS = {
    Alert.PERSON: Letter.OVERDUE,
    Alert.DEPARTMENT: Letter.DEPARTMENT_LATE,
    Alert.LEAD: Letter.LEAD_LATE,
}


async def tell(session: AsyncSession, callback: Callback, letter: Letter, now: datetime) -> None:
    """Have it told, as the callback is by then. To who asked, only when there is an e-mail address."""
    if letter in TO_CALLER and callback.email is None:
        return
    # Apart, so that a mailbox that cannot be reached holds up nobody else's mail.
    key = f"{callback.id}:{'caller' if letter in TO_CALLER else 'department'}"
    payload = {"letter": letter.value, "department": callback.department}
    await outbox.enqueue(session, TOPIC, key, now, (payload, now))
