"""Putting right what was recorded. Nothing is changed or removed: each correction is an event of its own."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.hall import queries
from kcc.appointments.hall.calling import check_free
from kcc.appointments.hall.course import Event, VisitEventKind, VisitState, as_it_was, course
from kcc.appointments.hall.floor import Floor, in_turn, keep, not_now, record
from kcc.appointments.hall.models import Visit, VisitEvent
from kcc.errors import FieldError, InvalidInput, NotFound

# What ended by mistake goes on at a counter.
REOPENED = frozenset({VisitState.FINISHED, VisitState.MISSED})


async def reopen(session: AsyncSession, floor: Floor, number: int, counter: str) -> Visit:
    """A visit that was ended by mistake goes on at this counter, or who was missed came after all.

    Raises NotFound, and Conflict when it has not ended or the counter is not free.
    """
    visit = await in_turn(session, floor, number)
    if visit.state not in REOPENED:
        raise not_now(visit)
    await check_free(session, floor, counter)
    visit.outcome = None
    return await record(session, floor, visit, VisitEventKind.RESUMED, counter)


async def back(session: AsyncSession, floor: Floor, number: int) -> Visit:
    """Who was said to have left is still in the hall, at the same place in the order. Raises NotFound, Conflict."""
    visit = await in_turn(session, floor, number)
    if visit.state is not VisitState.LEFT:
        raise not_now(visit)
    return await record(session, floor, visit, VisitEventKind.RETURNED)


async def correct(session: AsyncSession, floor: Floor, number: int, event: int, really_at: datetime) -> Visit:
    """An event of a visit really was at another moment; the floor is that of the visit's own day.

    Raises NotFound, and InvalidInput for a moment before the event that went before it, after the one that followed
    or in the future.
    """
    visit = await in_turn(session, floor, number)
    events = [as_event(one) for one in await queries.events_of(session, number)]
    really = as_it_was(events)
    place = next((place for place, one in enumerate(really) if one.id == event), None)
    if place is None:
        raise NotFound("Deze gebeurtenis hoort niet bij dit bezoek")
    earliest = really[place - 1].at if place else None
    latest = really[place + 1].at if place + 1 < len(really) else floor.now
    # People see and type whole seconds; the events themselves stay in order.
    if _second(really_at) > _second(latest) or (earliest is not None and _second(really_at) < _second(earliest)):
        raise _wrong(f"Kies een tijd {_between(floor, earliest, latest)}")
    really_at = max(min(really_at, latest), earliest or really_at)
    if really_at.astimezone(floor.plan.zone).date() != visit.day:
        raise _wrong("Kies een tijd op de dag van het bezoek")
    made = VisitEvent(
        visit=number,
        kind=VisitEventKind.CORRECTED,
        at=floor.now,
        by=floor.by,
        corrects=event,
        really_at=really_at,
    )
    session.add(made)
    await session.flush()
    keep(visit, course([*events, as_event(made)]))
    session.add(visit)
    return visit


def as_event(row: VisitEvent) -> Event:
    """An event as the course of a visit sees it."""
    assert row.id is not None
    return Event(row.id, row.kind, row.at, row.counter, row.corrects, row.really_at)


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _between(floor: Floor, earliest: datetime | None, latest: datetime) -> str:
    def clock(moment: datetime) -> str:
        return f"{moment.astimezone(floor.plan.zone):%H:%M:%S}"

    return f"tussen {clock(earliest)} en {clock(latest)}" if earliest else f"tot en met {clock(latest)}"


def _wrong(text: str) -> InvalidInput:
    return InvalidInput(text, [FieldError("body", "/reallyAt", "impossible", text)])
