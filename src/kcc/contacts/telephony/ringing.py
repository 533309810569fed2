"""Which call rings at a telephone now, and whether its caller called before: what pops the agent's screen.

A call rings where the exchange last said so, for as long as it waits to be answered. Exchanges do not say that a
telephone stopped ringing: the next one that rings, or two minutes, end it too.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.clock import Clock
from kcc.contacts.log import queries as log
from kcc.contacts.telephony import queries
from kcc.contacts.telephony.calls import ROUNDING_MS
from kcc.contacts.telephony.queries import Ring
from kcc.contacts.telephony.rows import moment
from kcc.contacts.telephony.seats import phone_name

RINGS_AT_MOST = timedelta(minutes=2)
FAST_AT_MOST = timedelta(minutes=5)  # an exchange's clock, before ours; the same as its signature may be off


@dataclass(frozen=True, slots=True)
class Ringing:
    """A call that rings. `call` is its id in our table, `call_id` at the exchange.

    `caller` is the requester key of the number that calls, None when it is withheld; `known`: this requester has
    earlier contacts.
    """

    call: int
    source: str
    call_id: str
    queue: str
    since: datetime
    caller: str | None
    known: bool


def moments(clock: Clock) -> tuple[datetime, ...]:
    """What time it may be at an exchange: it tells real time, also while ours is simulated for a demonstration."""
    return (clock.now(), datetime.now(UTC)) if clock.simulated else (clock.now(),)


async def ringing(session: AsyncSession, extension: str, *now: datetime) -> Ringing | None:
    """What rings at an extension at this moment; with more moments, at any of them."""
    return (await ringing_everywhere(session, now)).get(phone_name(extension))


async def answered(session: AsyncSession, extension: str, call: int) -> bool:
    """Whether this call was answered at this telephone."""
    phone = phone_name(extension)
    calls = await queries.calls_named(session, call, None)
    return any(one.answered_at is not None and phone_name(one.agent) == phone for one in calls)


async def ringing_everywhere(session: AsyncSession, now: Collection[datetime]) -> Mapping[str, Ringing]:
    """What rings now, by the name of the telephone."""
    last = last_rings(await queries.rings(session, min(now) - RINGS_AT_MOST), now)
    known = await log.known_requesters(session, {ring.caller for ring in last.values() if ring.caller})
    return {
        phone: Ringing(
            ring.call,
            ring.source,
            ring.call_id,
            ring.queue,
            moment(ring.at_ms),
            ring.caller or None,
            known=ring.caller in known,
        )
        for phone, ring in last.items()
    }


def last_rings(rings: Iterable[Ring], now: Collection[datetime]) -> dict[str, Ring]:
    """The ring of each telephone that still rings, of calls that wait.

    A call rings at all telephones where it began to ring at one moment, and at none where it did before that.
    """
    lately = [ring for ring in rings if any(-FAST_AT_MOST <= one - moment(ring.at_ms) <= RINGS_AT_MOST for one in now)]
    newest: dict[int, int] = {}
    for ring in lately:
        newest[ring.call] = max(ring.at_ms, newest.get(ring.call, 0))
    found: dict[str, Ring] = {}
    for ring in sorted(lately, key=lambda ring: (ring.at_ms, ring.call)):
        phone = phone_name(ring.extension)
        if phone and ring.at_ms >= newest[ring.call] - ROUNDING_MS:
            found[phone] = ring
    return found
