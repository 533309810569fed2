"""Counters open and close on the day."""

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.hall import queries
from kcc.appointments.hall.floor import Floor
from kcc.appointments.hall.models import CounterSession
from kcc.errors import Conflict


async def open_counter(session: AsyncSession, floor: Floor, code: str) -> CounterSession:
    """Open a counter, or take it over from a colleague. Raises NotFound."""
    floor.counter(code)
    await queries.take_turn(session, floor.location, floor.day)
    known = (await queries.open_sessions(session, [code])).get(code)
    if known is not None and known.clerk == floor.by:
        return known
    await queries.close_all(session, [code], floor.now)
    opened = CounterSession(counter=code, clerk=floor.by, clerk_name=floor.by_name, opened_at=floor.now)
    session.add(opened)
    await session.flush()
    return opened


async def check_nobody_there(session: AsyncSession, floor: Floor, code: str) -> None:
    """Raises Conflict when a colleague has the counter open and somebody is at it."""
    known = (await queries.open_sessions(session, [code])).get(code)
    here = await queries.at_counter(session, code)
    if known is not None and known.clerk != floor.by and here is not None:
        name = floor.counter(code).name
        raise Conflict(f"{here.number} is nog bij {known.clerk_name} aan {name}. Wilt u dit loket toch overnemen?")


async def check_own(session: AsyncSession, floor: Floor, number: int) -> None:
    """Raises Conflict when a visit is at a counter that a colleague has taken over."""
    visit = await queries.visit(session, number)
    if visit is None or visit.counter is None:
        return
    opened = (await queries.open_sessions(session, [visit.counter])).get(visit.counter)
    if opened is not None and opened.clerk != floor.by:
        name = floor.counter(visit.counter).name
        raise Conflict(f"{opened.clerk_name} heeft {name} overgenomen, met {visit.number}. U hoeft niets te doen.")


async def close_counter(session: AsyncSession, floor: Floor, code: str) -> None:
    """Close a counter; one that is closed stays so. Raises NotFound, and Conflict while somebody is at it."""
    name = floor.counter(code).name
    await queries.take_turn(session, floor.location, floor.day)
    here = await queries.at_counter(session, code)
    if here is not None:
        raise Conflict(f"{here.number} is nog aan {name}. Rond dat bezoek eerst af.")
    await queries.close_all(session, [code], floor.now)
