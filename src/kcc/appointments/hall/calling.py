"""Calling: who is next at a counter, who is called out of order, once more, or by mistake."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.availability.cells import day_bounds
from kcc.appointments.hall import queries
from kcc.appointments.hall.course import MOST_CALLS, VisitEventKind, VisitState
from kcc.appointments.hall.fitting import open_counters
from kcc.appointments.hall.floor import Floor, in_turn, record
from kcc.appointments.hall.models import Visit
from kcc.appointments.hall.queueing import Rules, Waiting, codes, in_order, next_for
from kcc.errors import Conflict


async def call_next(session: AsyncSession, floor: Floor, counter: str) -> Visit | None:
    """Call who is next at this counter; None when nobody who waits fits it.

    Raises Conflict when the counter is closed, or somebody is still at it.
    """
    await queries.take_turn(session, floor.location, floor.day)
    await check_free(session, floor, counter)
    # Others had their turn since our clock was read: who is first is decided at no earlier moment than theirs.
    latest = await queries.latest_moment(session, floor.location, floor.day)
    floor = replace(floor, now=max(floor.now, latest or floor.now))
    waiting = await queries.waiting(session, floor.location, floor.day)
    fits = (await open_counters(session, floor)).fits(counter)
    found = next_for(waiting, floor.now, floor.rules, await still_due(session, floor), fits)
    visit = await queries.visit(session, found.id) if found else None
    return await record(session, floor, visit, VisitEventKind.CALLED, counter) if visit else None


async def call(session: AsyncSession, floor: Floor, number: int, counter: str) -> Visit:
    """Call this visit to a counter, whoever is next; that it was out of order is recorded.

    Raises NotFound, and Conflict when it does not wait (any more) or the counter is not free.
    """
    visit = await in_turn(session, floor, number)
    await check_free(session, floor, counter)
    return await record(session, floor, visit, VisitEventKind.CALLED, counter, out_of_order=True)


async def recall(session: AsyncSession, floor: Floor, number: int) -> Visit:
    """Call once more. Who does not come to the third call is missed."""
    visit = await in_turn(session, floor, number)
    missed = visit.state is VisitState.CALLED and visit.calls >= MOST_CALLS
    return await record(session, floor, visit, VisitEventKind.MISSED if missed else VisitEventKind.RECALLED)


async def wrong_ticket(session: AsyncSession, floor: Floor, called: int, here: int) -> Visit:
    """Somebody else came to the counter than was called: that one goes back to their place, this one is served."""
    visit = await in_turn(session, floor, called)
    counter = visit.counter
    if counter is None:
        raise Conflict(f"{visit.number} is niet (meer) aan een loket")
    await record(session, floor, visit, VisitEventKind.RETURNED)
    right = await in_turn(session, floor, here)
    await record(session, floor, right, VisitEventKind.CALLED, counter, out_of_order=True)
    return await record(session, floor, right, VisitEventKind.STARTED)


async def still_due(session: AsyncSession, floor: Floor) -> list[datetime]:
    """The planned times, from now on, of today's appointments that are still to be called."""
    _, end = day_bounds(floor.day, floor.plan.zone)
    return await queries.still_due(session, floor.location, floor.now, end)


def waiting_of(visit: Visit) -> Waiting:
    """A visit as the order of the hall sees it."""
    assert visit.id is not None
    return Waiting(
        id=visit.id,
        arrived_at=visit.arrived_at,
        takes=timedelta(minutes=visit.takes_minutes),
        planned_at=visit.planned_at,
        place_since=visit.place_since,
        products=codes(visit.products),
        sent_on_by=visit.sent_on_by,
    )


def ordered(visits: Sequence[Visit], now: datetime, rules: Rules, due: Sequence[datetime]) -> list[Visit]:
    """Those who wait, in the order in which an unrestricted counter calls them."""
    by_id = {visit.id: visit for visit in visits}
    return [by_id[one.id] for one in in_order(map(waiting_of, visits), now, rules, due)]


async def check_free(session: AsyncSession, floor: Floor, counter: str) -> None:
    """Raises Conflict when a counter is closed, or somebody is at it."""
    name = floor.counter(counter).name
    if counter not in await queries.open_sessions(session, [counter]):
        raise Conflict(f"{name} is dicht. Open het loket eerst.")
    here = await queries.at_counter(session, counter)
    if here is not None:
        raise Conflict(f"{here.number} is nog aan {name}. Rond dat bezoek eerst af.")
