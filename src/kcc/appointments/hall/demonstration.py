"""Visits at the counters for a demonstration, until now: the same every time, and labelled as simulated."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from random import Random
from typing import Any, NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments import queries as booked
from kcc.appointments.availability.cells import cell_at, cells_for
from kcc.appointments.availability.plan import Place, Plan
from kcc.appointments.hall import queries
from kcc.appointments.hall.course import Event, VisitState, course
from kcc.appointments.hall.models import CounterSession, HallDay, Outcome, Visit, VisitEvent, VisitKind
from kcc.appointments.hall.opinions import opinions
from kcc.appointments.hall.simulating import Visitor, visitors
from kcc.appointments.links import ALPHABET, CODE_LENGTH
from kcc.appointments.models import Appointment, AppointmentProduct, CountedEvent, OccupiedCell
from kcc.appointments.survey.models import SurveyAnswer, SurveyCount
from kcc.storage.rows import insert_rows

BY, BY_NAME = "simulatie", "Gesimuleerde collega"
NAME = "Gesimuleerde bezoeker"
NOTE = "Gesimuleerd bezoek, voor de demonstratie."
OUTCOMES = ((Outcome.DONE, 95), (Outcome.PARTLY, 3), (Outcome.NOT_POSSIBLE, 2))
# Some came just now, so that there is somebody to see in the hall: so many seconds ago, called after so many.
RUSH = ((420, 900), (300, 40), (240, 900), (200, 40), (60, 900))
# Of a product that can be done online, how many do so for each that books an appointment; a year ago they were fewer.
ONLINE = {"rijbewijs": 0.25, "akte": 0.6, "uittreksel": 0.9, "verhuizing": 0.95}
FEWER_A_DAY = 0.001
CELLS_A_BLOCK = 60
# Of an open counter something was heard this long ago at most.
LATELY = timedelta(hours=1)


class _One(NamedTuple):
    place: Place
    day: date
    visitor: Visitor
    events: Sequence[Event]
    code: str  # of the appointment; empty for a walk-in


async def load(session: AsyncSession, plan: Plan, now: datetime, days: int, volume: Callable[[date], float]) -> bool:
    """Put the visits of so many days until `now` into the database, and today's appointments to come.

    `volume` is the share of an ordinary day's visitors. Does nothing, and returns False, when anybody ever came.
    """
    if await queries.has_visits(session):
        return False
    found = list(_everybody(plan, now, days, volume))
    if found:
        await _keep(session, found, now.astimezone(plan.zone).date(), now)
        for _, counts in groupby(_counts(plan, found, now), key=itemgetter(0)):  # a statement holds so many values
            await booked.add_counts(session, list(counts))
    return True


def _everybody(plan: Plan, now: datetime, days: int, volume: Callable[[date], float]) -> Iterator[_One]:
    chance = Random(BY)  # noqa: S311  (a demonstration)
    today = now.astimezone(plan.zone).date()
    rush = [(now.replace(microsecond=0) - timedelta(seconds=ago), wait) for ago, wait in RUSH]
    for ago in range(days, -1, -1):
        day = today - timedelta(days=ago)
        for place in plan.places.values():
            if place.is_home_visit:
                continue
            for visitor in visitors(plan, place, day, volume(day), rush if day == today else ()):
                told = [(kind, at, counter) for kind, at, counter in visitor.events if at <= now]
                events = [Event(number, *one) for number, one in enumerate(told)]
                code = "".join(chance.choices(ALPHABET, k=CODE_LENGTH)) if visitor.planned else ""
                if events or code:
                    yield _One(place, day, visitor, events, code)


async def _keep(session: AsyncSession, found: Sequence[_One], today: date, now: datetime) -> None:
    planned = [one for one in found if one.code]
    await insert_rows(session, Appointment, [_appointment(one) for one in planned])
    ids = await booked.ids_by_code(session)
    products = [
        {"appointment": ids[one.code], "product": one.visitor.product, "persons": 1, "position": 0} for one in planned
    ]
    await insert_rows(session, AppointmentProduct, products)
    if cells := [cell for one in planned if one.day == today for cell in _cells(one, ids[one.code])]:
        await insert_rows(session, OccupiedCell, cells)
    numbers: Counter[tuple[str, date, VisitKind]] = Counter()
    visits, of = [], []
    chance = Random(NOTE)  # noqa: S311  (a demonstration)
    for one in sorted((one for one in found if one.events), key=lambda one: one.events[0].at):
        kind = VisitKind.APPOINTMENT if one.code else VisitKind.WALK_IN
        numbers[one.place.code, one.day, kind] += 1
        number = f"{'A' if one.code else 'B'} {numbers[one.place.code, one.day, kind]:03}"
        visits.append(_visit(one, kind, number, ids.get(one.code), chance))
        of.append(one)
    if not visits:
        return
    await insert_rows(session, Visit, visits)
    asked, answers = opinions(visits, today)
    if answers:
        await insert_rows(session, SurveyCount, asked)
        await insert_rows(session, SurveyAnswer, answers)
    visit_ids = await queries.ids_by_number(session)
    events = [
        {
            "visit": visit_ids[visit["location"], visit["day"], visit["number"]],
            "kind": event.kind,
            "at": event.at,
            "counter": event.counter,
            "by": BY,
        }
        for visit, one in zip(visits, of, strict=True)
        for event in one.events
    ]
    await insert_rows(session, VisitEvent, events)
    halls = [
        {
            "location": location,
            "day": day,
            "appointments": numbers[location, day, VisitKind.APPOINTMENT],
            "walk_ins": numbers[location, day, VisitKind.WALK_IN],
            "version": 1,
        }
        for location, day in sorted({(location, day) for location, day, _ in numbers})
    ]
    await insert_rows(session, HallDay, halls)
    if opened := list(_opened([one for one in of if one.day == today], now)):
        await insert_rows(session, CounterSession, opened)


def _counts(plan: Plan, found: Sequence[_One], now: datetime) -> list[tuple[str, date, CountedEvent, int]]:
    """What residents did with a product before they booked it, and who went online instead."""
    chance = Random(NAME)  # noqa: S311  (a demonstration)
    counts: Counter[tuple[str, date, CountedEvent]] = Counter()
    for one in found:
        made, product = one.visitor.booked_at, one.visitor.product
        if not one.code or made is None:
            continue
        day, events = made.astimezone(plan.zone).date(), list[CountedEvent]()
        if not one.visitor.booked_by_staff:
            events += [CountedEvent.OPENED, CountedEvent.BEGUN]
        if chance.random() < ONLINE.get(product, 0) * (1 - FEWER_A_DAY * (now - made).days):
            events += [CountedEvent.OPENED, CountedEvent.ONLINE_CHOSEN]
        counts.update((product, day, event) for event in events)
    return [(*key, times) for key, times in sorted(counts.items())]


def _appointment(one: _One) -> dict[str, Any]:
    planned, made = one.visitor.planned, one.visitor.booked_at
    assert planned is not None
    assert made is not None
    return {
        "code": one.code,
        "token_hash": hashlib.sha256(f"{BY} {one.code}".encode()).hexdigest(),
        "location": one.place.code,
        "counter": one.visitor.counter,
        "starts_at": planned,
        "ends_at": planned + timedelta(minutes=one.visitor.minutes),
        "name": NAME,
        "booked_by_staff": one.visitor.booked_by_staff,
        "created_at": made,
        "arrived_at": one.events[0].at if one.events else None,
    }


def _cells(one: _One, appointment: int) -> Iterator[dict[str, Any]]:
    assert one.visitor.planned is not None
    first = cell_at(one.visitor.planned)
    for cell in range(first, first + cells_for(one.visitor.minutes)):
        yield {
            "counter": one.visitor.counter,
            "block": cell // CELLS_A_BLOCK,
            "cell": cell,
            "appointment": appointment,
        }


def _visit(one: _One, kind: VisitKind, number: str, appointment: int | None, chance: Random) -> dict[str, Any]:
    so_far = course(one.events)
    done = so_far.state is VisitState.FINISHED
    return {
        "location": one.place.code,
        "day": one.day,
        "number": number,
        "kind": kind,
        "appointment": appointment,
        "products": [[one.visitor.product, 1]],
        "planned_at": one.visitor.planned,
        "takes_minutes": one.visitor.minutes,
        "served_at": next((event.counter for event in one.events if event.counter is not None), None),
        "outcome": chance.choices([one for one, _ in OUTCOMES], [weight for _, weight in OUTCOMES])[0]
        if done
        else None,
        "note": NOTE,
    } | asdict(so_far)


def _opened(today: Sequence[_One], now: datetime) -> Iterator[dict[str, Any]]:
    """The counters at which somebody was lately: a colleague has them open."""
    called = [event for one in today for event in one.events if event.counter is not None]
    for counter in sorted({event.counter for event in called if event.at >= now - LATELY if event.counter}):
        since = min(event.at for event in called if event.counter == counter) - timedelta(minutes=5)
        yield {"counter": counter, "clerk": BY, "clerk_name": BY_NAME, "opened_at": since}
