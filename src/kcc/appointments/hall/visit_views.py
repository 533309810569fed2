"""A visit and its events as the pages about them show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kcc.appointments.hall.correcting import as_event
from kcc.appointments.hall.course import VisitEventKind, VisitState, as_it_was
from kcc.appointments.hall.floor import STATES, Floor
from kcc.appointments.hall.models import Outcome, Visit, VisitEvent
from kcc.appointments.hall.showing import clock, what_for
from kcc.service_levels.definitions import counter_wait

OUTCOMES = {
    Outcome.DONE: "helemaal geregeld",
    Outcome.PARTLY: "voor een deel geregeld",
    Outcome.NOT_POSSIBLE: "kon niet",
}
EVENTS = {
    VisitEventKind.ARRIVED: "Aangemeld",
    VisitEventKind.CALLED: "Opgeroepen",
    VisitEventKind.RECALLED: "Opnieuw opgeroepen",
    VisitEventKind.RETURNED: "Terug in de wachtruimte",
    VisitEventKind.STARTED: "Begonnen",
    VisitEventKind.PARKED: "Geparkeerd",
    VisitEventKind.RESUMED: "Verder gegaan",
    VisitEventKind.TRANSFERRED: "Naar een ander loket",
    VisitEventKind.FINISHED: "Klaar",
    VisitEventKind.MISSED: "Niet gekomen",
    VisitEventKind.LEFT: "Weggegaan",
}


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit on a line. Waits and service in whole minutes, None when there were none."""

    id: int
    number: str
    what: str
    planned: str
    arrived: str
    called: str
    wait: int | None
    service: int | None
    how: str
    note: str
    state: VisitState


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened. `was` is what was recorded first, where that was corrected, and by whom."""

    event: int
    what: str
    where: str
    at: str
    by: str
    was: str
    corrected_by: str


def row(floor: Floor, visit: Visit) -> VisitRow:
    """A visit as one line shows it."""
    assert visit.id is not None
    called = visit.first_called_at
    wait = counter_wait(visit.planned_at, visit.arrived_at, called) // 60 if called else None
    return VisitRow(
        id=visit.id,
        number=visit.number,
        what=what_for(floor, visit.products),
        planned=clock(visit.planned_at, floor),
        arrived=clock(visit.arrived_at, floor),
        called=clock(called, floor),
        wait=wait,
        service=visit.served_seconds // 60 if visit.outcome else None,
        how=OUTCOMES[visit.outcome] if visit.outcome else STATES[visit.state],
        note=visit.note,
        state=visit.state,
    )


def moments(floor: Floor, events: Sequence[VisitEvent]) -> list[Moment]:
    """Everything that happened, at the moments that count by now."""
    names = {counter.code: counter.name for counter in floor.place.counters}
    corrections = {event.corrects: event for event in events if event.kind is VisitEventKind.CORRECTED}
    recorded = {event.id: event for event in events}
    return [
        Moment(
            event=really.id,
            what=EVENTS[really.kind],
            where=names.get(really.counter or "", ""),
            at=_seconds(floor, really.at),
            by=recorded[really.id].by,
            was=_seconds(floor, recorded[really.id].at) if really.id in corrections else "",
            corrected_by=corrections[really.id].by if really.id in corrections else "",
        )
        for really in as_it_was(map(as_event, events))
    ]


def _seconds(floor: Floor, moment: datetime) -> str:
    return f"{moment.astimezone(floor.plan.zone):%H:%M:%S}"
