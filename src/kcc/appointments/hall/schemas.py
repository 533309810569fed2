"""What crosses the wire about visits."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from kcc.appointments.hall.course import VisitEventKind, VisitState
from kcc.appointments.hall.models import Outcome, Visit, VisitEvent, VisitKind
from kcc.appointments.schemas import ProductAsked
from kcc.service_levels.definitions import counter_wait
from kcc.web.fields import Day, Moment
from kcc.web.requests import Wire
from kcc.web.routing import ID_DIGITS


class VisitItem(Wire):
    """A visit as it stands. `waitSeconds` is there once called, `serviceSeconds` once it has ended at a counter."""

    id: int
    number: str
    kind: VisitKind
    state: VisitState
    location: str
    products: list[ProductAsked]
    planned_at: datetime | None
    arrived_at: datetime
    called_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    counter: str | None
    calls: int
    wait_seconds: int | None
    service_seconds: int | None


class EventItem(Wire):
    """Something that happened to a visit. A correction tells which event (`corrects`) really was at another moment."""

    id: int
    kind: VisitEventKind
    at: datetime
    counter: str | None
    by: str
    out_of_order: bool
    corrects: int | None
    really_at: datetime | None


class VisitCourse(VisitItem):
    """A visit with everything that happened to it, in the order in which it was recorded."""

    events: list[EventItem]


class VisitList(Wire):
    """The visits of a day at a location, in order of arrival."""

    location: str
    date: date
    results: list[VisitItem]


class VisitQuery(Wire):
    """Which visits: of a location, on a day (today when not given)."""

    location: Annotated[str, Field(max_length=60, json_schema_extra={"example": "stadhuis"})]
    date: Day | None = None


class NewVisit(Wire):
    """Somebody without an appointment."""

    location: Annotated[str, Field(max_length=60)]
    products: Annotated[list[ProductAsked], Field(min_length=1, max_length=10)]


class AtCounter(Wire):
    """To which counter."""

    counter: Annotated[str, Field(max_length=60)]


class Transfer(Wire):
    """For what the visit goes on; for the same when not given."""

    products: Annotated[list[ProductAsked], Field(min_length=1, max_length=10)] | None = None


class Finish(Wire):
    """How the visit ended. The note is about the visit, not about the person."""

    outcome: Outcome = Outcome.DONE
    note: Annotated[str, Field(max_length=200)] = ""


class WrongTicket(Wire):
    """The visit that did come to the counter."""

    here: Annotated[int, Field(ge=1, lt=10**ID_DIGITS)]


class Correction(Wire):
    """At which moment an event really was."""

    event: Annotated[int, Field(ge=1, lt=10**ID_DIGITS)]
    really_at: Moment


class CounterState(Wire):
    """A counter and who has it open."""

    code: str
    name: str
    open: bool
    clerk: str | None


def visit_item(visit: Visit) -> VisitItem:
    """A visit for the wire."""
    assert visit.id is not None
    called = visit.first_called_at
    return VisitItem(
        id=visit.id,
        number=visit.number,
        kind=visit.kind,
        state=visit.state,
        location=visit.location,
        products=[ProductAsked(code=str(code), persons=int(persons)) for code, persons in visit.products],
        planned_at=visit.planned_at,
        arrived_at=visit.arrived_at,
        called_at=called,
        started_at=visit.started_at,
        finished_at=visit.finished_at,
        counter=visit.counter or (visit.served_at if visit.finished_at else None),
        calls=visit.calls,
        wait_seconds=counter_wait(visit.planned_at, visit.arrived_at, called) if called else None,
        service_seconds=visit.served_seconds if visit.outcome else None,
    )


def visit_course(visit: Visit, events: Iterable[VisitEvent]) -> VisitCourse:
    """A visit with its events for the wire."""
    listed = [EventItem.model_validate(event, from_attributes=True) for event in events]
    return VisitCourse(**dict(visit_item(visit)), events=listed)
