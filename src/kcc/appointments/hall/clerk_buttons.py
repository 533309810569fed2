"""What the buttons on the clerk's screen do: each one change of the hall. Returns what to say about it."""

from collections.abc import Awaitable, Callable

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData

from kcc.appointments.hall import arriving, calling, counters, queries, serving
from kcc.appointments.hall.course import VisitState
from kcc.appointments.hall.floor import Floor
from kcc.appointments.hall.models import Outcome
from kcc.appointments.links import typed_code
from kcc.errors import InvalidInput, NotFound

Work = Callable[[AsyncSession, Floor, FormData], Awaitable[str]]


def _number(sent: FormData, name: str = "visit") -> int:
    value = str(sent.get(name, ""))
    if not value.isascii() or not value.isdecimal() or len(value) > 9:
        raise InvalidInput("Kies een bezoeker")
    return int(value)


def _counter(sent: FormData) -> str:
    counter = str(sent.get("counter", ""))
    if not counter:
        raise InvalidInput("Open eerst een loket")
    return counter


def _products(sent: FormData) -> list[tuple[str, int]]:
    code, persons = str(sent.get("product", "")), str(sent.get("persons") or "1")
    if not code:
        raise InvalidInput("Kies waarvoor de bezoeker komt")
    if not persons.isascii() or not persons.isdecimal() or len(persons) > 2:
        raise InvalidInput("Vul het aantal personen in als getal")
    return [(code, int(persons))]


async def _open(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    if not sent.get("sure"):
        await counters.check_nobody_there(session, floor, _counter(sent))
    await counters.open_counter(session, floor, _counter(sent))
    return "open"


async def _close(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await counters.close_counter(session, floor, _counter(sent))
    return "close"


async def _finish_only(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    outcome = str(sent.get("outcome") or Outcome.DONE)
    if outcome not in {item.value for item in Outcome}:
        raise InvalidInput("Kies hoe het bezoek is afgelopen")
    note = str(sent.get("note") or "").strip()
    if len(note) > 200:
        raise InvalidInput("Een notitie heeft ten hoogste 200 tekens")
    await serving.finish(session, floor, _number(sent), Outcome(outcome), note)
    return ""


async def _finish_and_close(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await _finish_only(session, floor, sent)
    return await _close(session, floor, sent)


async def _start(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await serving.start(session, floor, _number(sent))
    return ""


async def _call(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await calling.call(session, floor, _number(sent), _counter(sent))
    return ""


async def _recall(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    visit = await calling.recall(session, floor, _number(sent))
    return "missed" if visit.finished_at else ""


async def _park(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await serving.park(session, floor, _number(sent))
    return "parked"


async def _resume(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await serving.resume(session, floor, _number(sent), _counter(sent))
    return ""


async def _transfer(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await serving.transfer(session, floor, _number(sent), _products(sent) if sent.get("product") else None)
    return "moved"


async def _change_products(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    if not sent.get("product"):
        raise InvalidInput("Kies eerst met welk product de bezoeker hier verdergaat")
    await serving.change_products(session, floor, _number(sent), _products(sent))
    return ""


async def _missed(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await serving.missed(session, floor, _number(sent))
    return "missed"


async def _left(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await serving.left(session, floor, _number(sent))
    return "left"


async def _wrong_ticket(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await calling.wrong_ticket(session, floor, _number(sent), _number(sent, "here"))
    return "mended"


async def _check_in(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await arriving.check_in(session, floor, await arriving.by_code(session, typed_code(str(sent.get("code", "")))))
    return "arrived"


async def _walk_in(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    await arriving.walk_in(session, floor, _products(sent))
    return "arrived"


async def _next(session: AsyncSession, floor: Floor, sent: FormData) -> str:
    """Finish who is here, if anybody, and call the next. Pressed twice it is once."""
    if sent.get("visit"):
        await _finish_only(session, floor, sent)
    else:
        here = await queries.at_counter(session, _counter(sent))
        if here is not None and here.state is VisitState.CALLED:
            return ""
    called = await calling.call_next(session, floor, _counter(sent))
    return "" if called else "nobody"


WORK: dict[str, Work] = {
    "next": _next,
    "open": _open,
    "close": _close,
    "start": _start,
    "finish-only": _finish_only,
    "finish-close": _finish_and_close,
    "call": _call,
    "recall": _recall,
    "park": _park,
    "resume": _resume,
    "transfer": _transfer,
    "products": _change_products,
    "missed": _missed,
    "left": _left,
    "wrong-ticket": _wrong_ticket,
    "check-in": _check_in,
    "walk-in": _walk_in,
}
# Of a visit at a counter, by whoever has that counter open.
AT_OWN_COUNTER = frozenset(WORK) - {"open", "close", "call", "resume", "left", "check-in", "walk-in"}


async def press(session: AsyncSession, floor: Floor, do: str, sent: FormData) -> str:
    """Do what a button says. Raises the domain errors of what it does, and NotFound for a button that is not there."""
    if do not in WORK:
        raise NotFound("Deze knop is er niet (meer)")
    if do in AT_OWN_COUNTER and sent.get("visit"):
        await counters.check_own(session, floor, _number(sent))
    return await WORK[do](session, floor, sent)
