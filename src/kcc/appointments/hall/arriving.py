"""Arriving: somebody with an appointment checks in, somebody without takes a number."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments import queries as booked
from kcc.appointments.availability.visit import visit as asked_visit
from kcc.appointments.hall import queries
from kcc.appointments.hall.course import OVER, VisitEventKind, VisitState
from kcc.appointments.hall.floor import STATES, Floor
from kcc.appointments.hall.models import Visit, VisitEvent, VisitKind
from kcc.appointments.models import Appointment, AppointmentStatus
from kcc.errors import Conflict, NotFound


class NotArriving(Conflict):
    """Somebody cannot be let in here and now; `why` lets screens say so in another language.

    One of `cancelled`, `other-day`, `elsewhere` (`where` is the name of that place), `been-here` and
    `appointments-only`.
    """

    def __init__(self, detail: str, why: str, where: str = "") -> None:
        super().__init__(detail)
        self.why, self.where = why, where


LETTER = {VisitKind.APPOINTMENT: "A", VisitKind.WALK_IN: "B"}


async def check_in(session: AsyncSession, floor: Floor, appointment: Appointment) -> Visit:
    """The (locked) appointment is here. Once more changes nothing while the visit lasts.

    Raises NotArriving for one that is cancelled, of another day, or of another location.
    """
    if appointment.status is not AppointmentStatus.BOOKED:
        raise NotArriving("Deze afspraak is afgezegd. Neem een nummer, of maak een nieuwe afspraak.", "cancelled")
    if appointment.starts_at.astimezone(floor.plan.zone).date() != floor.day:
        raise NotArriving("Deze afspraak is niet vandaag.", "other-day")
    if appointment.location != floor.location:
        place = floor.plan.places.get(appointment.location)
        where = place.name if place else appointment.location
        raise NotArriving(f"Deze afspraak is op een andere plek: {where}.", "elsewhere", where)
    assert appointment.id is not None
    known = await queries.visit_of(session, appointment.id)  # nobody else makes one: the appointment is locked
    if known is not None and known.state in OVER:
        detail = f"{known.number} {STATES[known.state]}. Zet het bezoek terug als dat niet klopt."
        raise NotArriving(detail, "been-here")
    if known is not None:
        return known
    appointment.arrived_at = floor.now
    session.add(appointment)
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
        raise NotFound("Wij vinden deze code niet. Controleer de code, of zoek op naam.")
    return found


async def walk_in(
    session: AsyncSession, floor: Floor, products: Sequence[tuple[str, int]], *, staff: bool = True
) -> Visit:
    """Somebody without an appointment takes a number. Some products only staff may give one for.

    Raises NotArriving where that cannot be, InvalidInput for products that are not served here.
    """
    if not floor.place.walk_ins:
        raise NotArriving("Hier helpen wij alleen met een afspraak.", "appointments-only")
    asked = asked_visit(floor.plan, floor.place, products, floor.day, staff=staff, max_products=max(1, len(products)))
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
