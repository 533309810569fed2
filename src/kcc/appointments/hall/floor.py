"""Where and when something happens in a hall, and who says so."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.availability.plan import Place, Plan, PlannedCounter
from kcc.appointments.hall import queries
from kcc.appointments.hall.course import Course, Event, NotNow, VisitEventKind, VisitState, after
from kcc.appointments.hall.models import Visit, VisitEvent
from kcc.appointments.hall.queueing import Rules
from kcc.errors import Conflict, NotFound

STATES = {
    VisitState.WAITING: "wacht",
    VisitState.CALLED: "is opgeroepen",
    VisitState.SERVING: "wordt geholpen",
    VisitState.PARKED: "is geparkeerd",
    VisitState.FINISHED: "is al geholpen",
    VisitState.MISSED: "is niet gekomen",
    VisitState.LEFT: "is weggegaan",
}
# What a visit has and a course too.
_SHARED = (
    "state",
    "arrived_at",
    "first_called_at",
    "called_at",
    "calls",
    "counter",
    "started_at",
    "finished_at",
    "serving_since",
    "served_seconds",
    "place_since",
    "sent_on_by",
)


@dataclass(frozen=True, slots=True)
class Floor:
    """A location's hall at this moment; `by` is the account or device that does something there, `by_name` as shown.

    `rules` are those of its order. `ask_after`: so long after a visit its visitor is asked how it was; None: nobody is.
    """

    plan: Plan
    location: str
    day: date
    now: datetime
    by: str
    by_name: str = ""
    ask_after: timedelta | None = None
    rules: Rules = field(default_factory=Rules)

    @property
    def place(self) -> Place:
        """The location. Raises NotFound when it is gone."""
        found = self.plan.places.get(self.location)
        if found is None:
            raise NotFound("Deze locatie is er niet (meer)")
        return found

    def counter(self, code: str) -> PlannedCounter:
        """A counter of this location. Raises NotFound."""
        for counter in self.place.counters:
            if counter.code == code:
                return counter
        raise NotFound(f"Loket {code} is er niet (meer) op deze locatie")

    def on(self, day: date) -> "Floor":
        """The same location on another day, as it is looked at now."""
        return replace(self, day=day)


def course_of(visit: Visit) -> Course:
    """The course of a visit so far, as it is kept with it."""
    return Course(**{name: getattr(visit, name) for name in _SHARED})


def not_now(visit: Visit) -> Conflict:
    """What somebody hears whose screen showed something else than the visit as it is."""
    return Conflict(f"{visit.number} {STATES[visit.state]}. Bekijk het scherm opnieuw.")


def keep(visit: Visit, now: Course) -> None:
    """Keep with a visit what follows from its events."""
    for name in _SHARED:
        setattr(visit, name, getattr(now, name))
    if now.counter is not None:
        visit.served_at = now.counter


async def record(
    session: AsyncSession,
    floor: Floor,
    visit: Visit,
    kind: VisitEventKind,
    counter: str | None = None,
    *,
    out_of_order: bool = False,
) -> Visit:
    """Something happens to a visit: an event more, and the visit as it stands then. Raises Conflict when it cannot.

    The moment is never before the visit's last one: `floor.now` was read before others had their turn in this hall.
    """
    assert visit.id is not None
    at = max(floor.now, await queries.last_moment(session, visit.id))
    try:
        keep(visit, after(course_of(visit), Event(0, kind, at, counter)))
    except NotNow:
        raise not_now(visit) from None
    session.add(visit)
    where = counter or visit.served_at
    session.add(VisitEvent(visit=visit.id, kind=kind, at=at, counter=where, by=floor.by, out_of_order=out_of_order))
    await session.flush()
    return visit


async def in_turn(session: AsyncSession, floor: Floor, number: int) -> Visit:
    """A visit of today, in our turn to change the hall. Raises NotFound for one of another hall or day."""
    await queries.take_turn(session, floor.location, floor.day)
    found = await queries.visit(session, number)
    if found is None or (found.location, found.day) != (floor.location, floor.day):
        raise NotFound("Dit bezoek is niet van vandaag, of niet van deze locatie")
    return found
