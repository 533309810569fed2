"""Arriving: somebody with an appointment checks in, somebody without takes a number."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments import queries as booked
from kcc.appointments.availability.visit import visit as asked_visit
from kcc.appointments.hall import queries
from kcc.appointments.hall.course import VisitEventKind, VisitState
from kcc.appointments.hall.floor import Floor
from kcc.appointments.hall.models import Visit, VisitEvent, VisitKind
from kcc.appointments.models import Appointment, AppointmentStatus
from kcc.errors import Conflict, NotFound

LETTER = {VisitKind.APPOINTMENT: "A", VisitKind.WALK_IN: "B"}


async def check_in(session: AsyncSession, floor: Floor, appointment: Appointment) -> Visit:
    """The appointment is here. Once more changes nothing.

    Raises Conflict for one that is cancelled, of another day, or of another location.
    """
    if appointment.status is not AppointmentStatus.BOOKED:
        raise Conflict("Deze afspraak is afgezegd. Neem een nummer, of maak een nieuwe afspraak.")
    if appointment.starts_at.astimezone(floor.plan.zone).date() != floor.day:
        raise Conflict("Deze afspraak is niet vandaag.")
    if appointment.location != floor.location:
        where = floor.plan.places.get(appointment.location)
        raise Conflict(f"Deze afspraak is op een andere plek: {where.name if where else appointment.location}.")
    assert appointment.id is not None
    day = await queries.take_turn(session, floor.location, floor.day)
    known = await queries.visit_of(session, appointment.id)
    if known is not None:
        return known
    minutes = int((appointment.ends_at - appointment.starts_at).total_seconds()) // 60
    day = await queries.take_turn(session, floor.location, floor.day, given=VisitKind.APPOINTMENT)
    return await _arrive(
        session,
        floor,
        Visit(
            location=floor.location,
            day=floor.day,
            number=f"{LETTER[VisitKind.APPOINTMENT]} {day.appointments:03}",
            kind=VisitKind.APPOINTMENT,
            appointment=appointment.id,
            products=await queries.products_booked(session, appointment.id),
            planned_at=appointment.starts_at,
            takes_minutes=minutes,
            arrived_at=floor.now,
        ),
    )


async def by_code(session: AsyncSession, code: str) -> Appointment:
    """The appointment with this code, locked. Raises NotFound."""
    found = await booked.by_code(session, code, lock=True)
    if found is None:
        raise NotFound("Wij vinden deze code niet. Controleer de code, of ga naar de receptie.")
    return found


async def walk_in(session: AsyncSession, floor: Floor, products: Sequence[tuple[str, int]]) -> Visit:
    """Somebody without an appointment takes a number.

    Raises Conflict where that cannot be, InvalidInput for products that are not served here.
    """
    if not floor.place.walk_ins:
        raise Conflict("Hier helpen wij alleen met een afspraak.")
    asked = asked_visit(floor.plan, floor.place, products, floor.day, staff=True, max_products=max(1, len(products)))
    day = await queries.take_turn(session, floor.location, floor.day, given=VisitKind.WALK_IN)
    return await _arrive(
        session,
        floor,
        Visit(
            location=floor.location,
            day=floor.day,
            number=f"{LETTER[VisitKind.WALK_IN]} {day.walk_ins:03}",
            kind=VisitKind.WALK_IN,
            products=[[code, persons] for code, persons in products],
            takes_minutes=asked.minutes,
            arrived_at=floor.now,
        ),
    )


async def _arrive(session: AsyncSession, floor: Floor, visit: Visit) -> Visit:
    visit.state = VisitState.WAITING
    session.add(visit)
    await session.flush()
    assert visit.id is not None
    session.add(VisitEvent(visit=visit.id, kind=VisitEventKind.ARRIVED, at=floor.now, by=floor.by))
    return visit
