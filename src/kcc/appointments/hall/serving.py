"""Serving at a counter: begin, interrupt, pass on, end."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access.bsn import contains_bsn
from kcc.appointments.availability.visit import visit as asked_visit
from kcc.appointments.hall.asking import ask
from kcc.appointments.hall.calling import check_free
from kcc.appointments.hall.course import VisitEventKind, VisitState
from kcc.appointments.hall.floor import Floor, in_turn, not_now, record
from kcc.appointments.hall.models import Outcome, Visit
from kcc.errors import FieldError, InvalidInput


async def start(session: AsyncSession, floor: Floor, number: int) -> Visit:
    """The visitor is at the counter."""
    return await record(session, floor, await in_turn(session, floor, number), VisitEventKind.STARTED)


async def park(session: AsyncSession, floor: Floor, number: int) -> Visit:
    """The visitor goes to get something; the counter is free for others."""
    return await record(session, floor, await in_turn(session, floor, number), VisitEventKind.PARKED)


async def resume(session: AsyncSession, floor: Floor, number: int, counter: str) -> Visit:
    """Who was parked is back, and goes on at this counter. Raises Conflict when somebody is at it."""
    visit = await in_turn(session, floor, number)
    if visit.state is not VisitState.PARKED:
        raise not_now(visit)
    await check_free(session, floor, counter)
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
    visit = await record(session, floor, visit, VisitEventKind.FINISHED)
    await ask(session, floor, visit)
    return visit


async def missed(session: AsyncSession, floor: Floor, number: int) -> Visit:
    """Called, and did not come."""
    return await record(session, floor, await in_turn(session, floor, number), VisitEventKind.MISSED)


async def left(session: AsyncSession, floor: Floor, number: int) -> Visit:
    """Went away before being called, or did not come back."""
    return await record(session, floor, await in_turn(session, floor, number), VisitEventKind.LEFT)
