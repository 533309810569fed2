"""Serving at a counter: begin, interrupt, pass on, end."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access.bsn import contains_bsn
from kcc.appointments.availability.visit import visit as asked_visit
from kcc.appointments.hall import queries
from kcc.appointments.hall.course import VisitEventKind
from kcc.appointments.hall.floor import Floor, in_turn, record
from kcc.appointments.hall.models import Outcome, Visit
from kcc.errors import Conflict, FieldError, InvalidInput


async def start(session: AsyncSession, floor: Floor, number: int) -> Visit:
    """The visitor is at the counter."""
    return await record(session, floor, await in_turn(session, floor, number), VisitEventKind.STARTED)


async def park(session: AsyncSession, floor: Floor, number: int) -> Visit:
    """The visitor goes to get something; the counter is free for others."""
    return await record(session, floor, await in_turn(session, floor, number), VisitEventKind.PARKED)


async def resume(session: AsyncSession, floor: Floor, number: int, counter: str) -> Visit:
    """The visitor is back, and goes on at this counter. Raises Conflict when somebody is at it."""
    visit = await in_turn(session, floor, number)
    name = floor.counter(counter).name
    if counter not in await queries.open_sessions(session, [counter]):
        raise Conflict(f"{name} is dicht. Open het loket eerst.")
    here = await queries.at_counter(session, counter)
    if here is not None:
        raise Conflict(f"{here.number} is nog aan {name}. Rond dat bezoek eerst af.")
    return await record(session, floor, visit, VisitEventKind.RESUMED, counter)


async def transfer(
    session: AsyncSession, floor: Floor, number: int, products: Sequence[tuple[str, int]] | None = None
) -> Visit:
    """On to another counter, for other products or the same ones; the place in the order is kept.

    Raises InvalidInput for products that are not served here.
    """
    visit = await in_turn(session, floor, number)
    if products is not None:
        asked = asked_visit(
            floor.plan, floor.place, products, floor.day, staff=True, max_products=max(1, len(products))
        )
        visit.products = [[code, persons] for code, persons in products]
        visit.takes_minutes = asked.minutes
    return await record(session, floor, visit, VisitEventKind.TRANSFERRED)


async def change_products(
    session: AsyncSession, floor: Floor, number: int, products: Sequence[tuple[str, int]]
) -> Visit:
    """It is for something else, or for more, and goes on at this counter."""
    visit = await in_turn(session, floor, number)
    asked = asked_visit(floor.plan, floor.place, products, floor.day, staff=True, max_products=max(1, len(products)))
    visit.products = [[code, persons] for code, persons in products]
    visit.takes_minutes = asked.minutes
    session.add(visit)
    return visit


async def finish(session: AsyncSession, floor: Floor, number: int, outcome: Outcome, note: str = "") -> Visit:
    """The visit ends. Raises InvalidInput for a note with a citizen service number in it."""
    if contains_bsn(note):
        text = "Haal het burgerservicenummer weg: een notitie gaat over het bezoek, niet over de persoon."
        raise InvalidInput(text, [FieldError("body", "/note", "bsn", text)])
    visit = await in_turn(session, floor, number)
    visit.outcome, visit.note = outcome, note
    return await record(session, floor, visit, VisitEventKind.FINISHED)


async def missed(session: AsyncSession, floor: Floor, number: int) -> Visit:
    """Called, and did not come."""
    return await record(session, floor, await in_turn(session, floor, number), VisitEventKind.MISSED)


async def left(session: AsyncSession, floor: Floor, number: int) -> Visit:
    """Went away before being called, or did not come back."""
    return await record(session, floor, await in_turn(session, floor, number), VisitEventKind.LEFT)
