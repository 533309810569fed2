"""Goes through the books of a hall: every visit against its events, the numbers, the counters, and the order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from sqlmodel import col, select

from kcc.appointments.hall.course import OVER, Course, Event, course
from kcc.appointments.hall.models import HallDay, Visit, VisitEvent, VisitKind
from tests.appointments.hall.lining_up import Happened, Line, Person, out_of_turn
from tests.appointments.hall.opened import LATE_AFTER, WALK_IN_THRESHOLD, OpenHall

LETTERS = {VisitKind.APPOINTMENT: "A", VisitKind.WALK_IN: "B"}


@dataclass(frozen=True)
class Books:
    """A hall's rows that have to agree with each other."""

    visits: Sequence[Visit]
    events: Sequence[VisitEvent]
    day: HallDay


async def books(here: OpenHall) -> Books:
    """Read everything of this hall. Nothing should happen there meanwhile."""
    async with here.server.database() as database, database.reading() as session:
        of = select(Visit).where(Visit.location == here.code).order_by(col(Visit.id))
        visits = (await session.exec(of)).all()
        known = select(Visit.id).where(Visit.location == here.code)
        events = select(VisitEvent).where(col(VisitEvent.visit).in_(known)).order_by(col(VisitEvent.id))
        day = (await session.exec(select(HallDay).where(HallDay.location == here.code))).one()
        return Books(visits, (await session.exec(events)).all(), day)


def findings(read: Books) -> list[str]:
    """A sentence for everything that does not add up; none when all is well."""
    return [finding for check in (_kept, _numbers, _once, _counters) for finding in check(read)]


def _kept(read: Books) -> Iterator[str]:
    """What is kept with a visit follows from its events."""
    of: dict[int, list[VisitEvent]] = {}
    for row in read.events:
        of.setdefault(row.visit, []).append(row)
    for visit in read.visits:
        assert visit.id is not None
        events = [Event(row.id or 0, row.kind, row.at, row.counter) for row in of.get(visit.id, [])]
        expected = course(events)
        # `returned` does not say which counter is left, and `finished` keeps none.
        for field in fields(Course):
            kept, follows = getattr(visit, field.name), getattr(expected, field.name)
            if kept != follows:
                yield f"{visit.number}: {field.name} is {kept}, but follows as {follows}"


def _numbers(read: Books) -> Iterator[str]:
    """The numbers of each kind are 1, 2, 3 …, and what is counted of them is right."""
    for kind, given in ((VisitKind.APPOINTMENT, read.day.appointments), (VisitKind.WALK_IN, read.day.walk_ins)):
        numbers = [visit.number for visit in read.visits if visit.kind is kind]
        expected = [f"{LETTERS[kind]} {number:03}" for number in range(1, given + 1)]
        if sorted(numbers) != expected:
            yield f"{given} numbers of {kind} were given, and there are {sorted(numbers)}"


def _once(read: Books) -> Iterator[str]:
    """An appointment becomes one visit."""
    came = [visit.appointment for visit in read.visits if visit.kind is VisitKind.APPOINTMENT]
    if None in came or len(came) != len(set(came)):
        yield f"appointments came twice: {came}"


def _counters(read: Books) -> Iterator[str]:
    """At most one visit is at a counter."""
    at = [visit.counter for visit in read.visits if visit.counter]
    if len(at) != len(set(at)):
        yield f"more than one visit is at a counter: {at}"


def not_ended(read: Books) -> list[str]:
    """The numbers that were forgotten."""
    return [visit.number for visit in read.visits if visit.state not in OVER]


def not_in_turn(read: Books, here: OpenHall, products: Mapping[int, Sequence[str]]) -> list[str]:
    """Whoever was called although another was first. `products`: what each came for, and after each transfer."""
    people = {}
    for visit in read.visits:
        assert visit.id is not None
        planned = here.planned[visit.appointment] if visit.appointment is not None else None
        people[visit.id] = Person(visit.id, planned, list(products[visit.id]))
    came = {visit.appointment for visit in read.visits}
    events = [Happened(row.visit, str(row.kind), row.at, row.counter, row.out_of_order) for row in read.events]
    line = Line(here.counters, here.serves, here.minutes, LATE_AFTER, WALK_IN_THRESHOLD)
    never_came = [planned for number, planned in here.planned.items() if number not in came]
    return list(out_of_turn(events, people, never_came, line))
