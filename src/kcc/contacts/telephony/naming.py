"""Which call is meant by who logs a contact: by our own number of it, or as its exchange calls it."""

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.log.state import NamedCall
from kcc.contacts.telephony import queries
from kcc.contacts.telephony.models import Call
from kcc.errors import FieldError, InvalidInput


async def named_call(session: AsyncSession, name: int | str, source: str | None) -> NamedCall:
    """The call with this number or, of a text, that the exchange tells of by it; of several visits to queues the last.

    An answered visit goes before the others. Raises InvalidInput when there is none, or one at each of two exchanges.
    """
    found = await queries.calls_named(session, name, source)
    if not found:
        at = f" bij {source}" if source else ""
        raise _refused("/callId", "unknown", f"gesprek {name} is er niet{at}")
    if len({call.source for call in found}) > 1:
        raise _refused("/callSource", "missing", f"er is een gesprek {name} bij meer dan één bron: zeg welke")
    last = max(found, key=_order)
    assert last.id is not None
    return NamedCall(last.id, last.caller or None)


def _order(call: Call) -> tuple[bool, float, int]:
    moment = call.answered_at or call.entered_at
    return call.answered_at is not None, moment.timestamp(), call.id or 0


def _refused(pointer: str, code: str, detail: str) -> InvalidInput:
    return InvalidInput(f"Het gesprek klopt niet: {detail}", [FieldError("body", pointer, code, detail)])
