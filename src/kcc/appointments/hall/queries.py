"""All SQL of the hall."""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import String, cast, func, or_, update
from sqlalchemy import select as sql_select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.availability.cells import day_bounds
from kcc.appointments.hall.course import OVER, VisitEventKind, VisitState
from kcc.appointments.hall.models import (
    ClerkProduct,
    CounterSession,
    HallDay,
    Outcome,
    Visit,
    VisitEvent,
    VisitKind,
)
from kcc.appointments.hall.queueing import Occupation, Waiting, codes
from kcc.appointments.models import Appointment, AppointmentProduct, AppointmentStatus
from kcc.storage.turns import is_sqlite

_PRODUCTS: Any = cast(Visit.products, String)


async def take_turn(session: AsyncSession, location: str, day: date, *, given: VisitKind | None = None) -> HallDay:
    """Change the hall of this location and day: from here until the end of the transaction nobody else does.

    With `given`, a number of that kind is given out too.
    """
    insert_into: Any = sqlite.insert if is_sqlite(session) else postgresql.insert
    numbers = {"appointments": int(given is VisitKind.APPOINTMENT), "walk_ins": int(given is VisitKind.WALK_IN)}
    raised = {name: getattr(HallDay, name) + by for name, by in (numbers | {"version": 1}).items()}
    statement = insert_into(HallDay).values(location=location, day=day, version=1, **numbers)
    statement = statement.on_conflict_do_update(index_elements=["location", "day"], set_=raised).returning(HallDay)
    found: HallDay = (await session.exec(statement, execution_options={"populate_existing": True})).scalar_one()
    return found


async def versions(session: AsyncSession, day: date) -> dict[str, int]:
    """How often each hall changed on this day."""
    return dict((await session.exec(select(HallDay.location, HallDay.version).where(HallDay.day == day))).all())


async def visit(session: AsyncSession, number: int) -> Visit | None:
    """A visit by its id."""
    return await session.get(Visit, number, populate_existing=True)


async def has_visits(session: AsyncSession) -> bool:
    """Whether anybody ever came."""
    return (await session.exec(select(Visit.id).limit(1))).first() is not None


async def ids_by_number(session: AsyncSession) -> dict[tuple[str, date, str], int]:
    """All visits by location, day and number: for who just put in many at once."""
    query: Any = sql_select(col(Visit.location), col(Visit.day), col(Visit.number), col(Visit.id))
    return {(location, day, number): visit for location, day, number, visit in (await session.exec(query)).all()}


async def visit_of(session: AsyncSession, appointment: int) -> Visit | None:
    """The visit that an appointment became."""
    return (await session.exec(select(Visit).where(Visit.appointment == appointment))).first()


async def appointment(session: AsyncSession, number: int) -> Appointment | None:
    """An appointment by its id."""
    return await session.get(Appointment, number)


async def at_counter(session: AsyncSession, counter: str) -> Visit | None:
    """Who is at a counter, or called to it."""
    return (await session.exec(select(Visit).where(Visit.counter == counter))).first()


async def waiting(session: AsyncSession, location: str, day: date) -> list[Waiting]:
    """Those who wait, as the order of the hall sees them."""
    return [
        Waiting(
            number,
            arrived_at,
            timedelta(minutes=takes),
            planned_at,
            place_since,
            _codes(products),
            sent_on_by,
        )
        for number, arrived_at, takes, planned_at, place_since, products, sent_on_by in await _columns_of(
            session,
            [
                Visit.id,
                Visit.arrived_at,
                Visit.takes_minutes,
                Visit.planned_at,
                Visit.place_since,
                _PRODUCTS,
                Visit.sent_on_by,
            ],
            [Visit.location == location, Visit.day == day, Visit.state == VisitState.WAITING],
        )
    ]


async def occupation(session: AsyncSession, location: str, day: date) -> list[Occupation]:
    """What everybody in the hall will take."""
    return [
        Occupation(number, state, counter, serving_since or called_at, planned_at, takes, _alone(products))
        for number, state, counter, serving_since, called_at, planned_at, takes, products in await _columns_of(
            session,
            [
                Visit.id,
                Visit.state,
                Visit.counter,
                Visit.serving_since,
                Visit.called_at,
                Visit.planned_at,
                Visit.takes_minutes,
                _PRODUCTS,
            ],
            [Visit.location == location, Visit.day == day, col(Visit.state).not_in(OVER)],
        )
    ]


async def appointments_called(
    session: AsyncSession, location: str, day: date
) -> Sequence[tuple[datetime, datetime, datetime]]:
    """When each appointment that was called was planned, arrived and first called; without who did not come then."""
    return await _columns_of(
        session,
        [Visit.planned_at, Visit.arrived_at, Visit.first_called_at],
        [
            Visit.location == location,
            Visit.day == day,
            Visit.kind == VisitKind.APPOINTMENT,
            col(Visit.first_called_at).is_not(None),
            Visit.state != VisitState.MISSED,
        ],
    )


async def _columns_of(session: AsyncSession, columns: Sequence[Any], conditions: Sequence[Any]) -> Sequence[Any]:
    """Columns of visits: to read them whole takes several times as long."""
    query: Any = sql_select(*columns).where(*conditions).order_by(col(Visit.id))
    found: Sequence[Any] = (await session.exec(query)).all()
    return found


@lru_cache(maxsize=1000)
def _alone(products: str) -> str | None:
    """The only product in the column's text, for one person."""
    (code, persons), *others = json.loads(products)
    return code if not others and persons == 1 else None


@lru_cache(maxsize=1000)
def _codes(products: str) -> frozenset[str]:
    """The products in the column's text: reading the same few texts again and again takes most of the time."""
    return codes(json.loads(products))


async def on_day(session: AsyncSession, location: str, day: date) -> Sequence[Visit]:
    """Everybody who came on a day, in order of arrival."""
    query = select(Visit).where(Visit.location == location, Visit.day == day).order_by(col(Visit.id))
    return (await session.exec(query)).all()


async def present(session: AsyncSession, location: str, day: date) -> Sequence[Visit]:
    """Everybody who is in the hall."""
    query = select(Visit).where(Visit.location == location, Visit.day == day, col(Visit.state).not_in(OVER))
    return (await session.exec(query.order_by(col(Visit.id)))).all()


async def last_calls(session: AsyncSession, location: str, day: date, number: int) -> Sequence[Visit]:
    """The visits that were called last and came, or may still come, the latest first."""
    shown = (VisitState.CALLED, VisitState.SERVING, VisitState.FINISHED)
    query = (
        select(Visit)
        .where(
            Visit.location == location,
            Visit.day == day,
            col(Visit.called_at).is_not(None),
            col(Visit.state).in_(shown),
        )
        .order_by(col(Visit.called_at).desc(), col(Visit.id).desc())
        .limit(number)
    )
    return (await session.exec(query)).all()


async def events_of(session: AsyncSession, number: int) -> Sequence[VisitEvent]:
    """What happened to a visit, in the order in which it was recorded."""
    query = select(VisitEvent).where(VisitEvent.visit == number).order_by(col(VisitEvent.id))
    return (await session.exec(query)).all()


async def parked_since(session: AsyncSession, location: str, day: date) -> dict[int, datetime]:
    """Since when each visit that is parked is so."""
    of: Any = VisitEvent
    query: Any = (
        sql_select(of.visit, func.max(of.at))
        .join(Visit, col(Visit.id) == of.visit)
        .where(
            col(Visit.location) == location,
            col(Visit.day) == day,
            col(Visit.state) == VisitState.PARKED,
            of.kind == VisitEventKind.PARKED,
        )
        .group_by(of.visit)
    )
    return dict((await session.exec(query)).all())


async def latest_moment(session: AsyncSession, location: str, day: date) -> datetime | None:
    """When something happened last in a hall; None on a day on which nothing did."""
    of: Any = VisitEvent
    query: Any = (
        sql_select(func.max(of.at))
        .join(Visit, col(Visit.id) == of.visit)
        .where(col(Visit.location) == location, col(Visit.day) == day)
    )
    moment: datetime | None = (await session.exec(query)).scalar_one()
    return moment


async def last_moment(session: AsyncSession, number: int) -> datetime:
    """When the last thing that is recorded of a visit happened."""
    query = select(VisitEvent.at).where(VisitEvent.visit == number).order_by(col(VisitEvent.id).desc()).limit(1)
    return (await session.exec(query)).one()


async def expected(
    session: AsyncSession, location: str, begin: datetime, end: datetime
) -> Sequence[tuple[Appointment, int | None]]:
    """The booked appointments from one moment to another, by time, each with the visit it became."""
    query: Any = (
        select(Appointment, Visit.id)
        .outerjoin(Visit, col(Visit.appointment) == Appointment.id)
        .where(
            Appointment.location == location,
            Appointment.status == AppointmentStatus.BOOKED,
            Appointment.starts_at >= begin,
            Appointment.starts_at < end,
        )
        .order_by(col(Appointment.starts_at), col(Appointment.id))
    )
    return [(appointment, number) for appointment, number in (await session.exec(query)).all()]


async def still_due(session: AsyncSession, location: str, begin: datetime, end: datetime) -> list[datetime]:
    """The planned times of the booked appointments from one moment to another that nobody was called for yet."""
    query = (
        select(Appointment.starts_at)
        .outerjoin(Visit, col(Visit.appointment) == Appointment.id)
        .where(
            Appointment.location == location,
            Appointment.status == AppointmentStatus.BOOKED,
            Appointment.starts_at >= begin,
            Appointment.starts_at < end,
            or_(col(Visit.id).is_(None), col(Visit.state) == VisitState.WAITING),
        )
    )
    return list((await session.exec(query)).all())


async def still_expected(
    session: AsyncSession, location: str, begin: datetime, end: datetime
) -> Sequence[tuple[int, str, datetime, str]]:
    """Id, code, planned time and name of the booked appointments from one moment to another that did not come yet."""
    query: Any = (
        sql_select(col(Appointment.id), col(Appointment.code), col(Appointment.starts_at), col(Appointment.name))
        .outerjoin(Visit, col(Visit.appointment) == Appointment.id)
        .where(
            col(Appointment.location) == location,
            col(Appointment.status) == AppointmentStatus.BOOKED,
            col(Appointment.starts_at) >= begin,
            col(Appointment.starts_at) < end,
            col(Visit.id).is_(None),
        )
        .order_by(col(Appointment.starts_at), col(Appointment.id))
    )
    found: Sequence[tuple[int, str, datetime, str]] = (await session.exec(query)).all()
    return found


async def open_sessions(session: AsyncSession, counters: Collection[str]) -> dict[str, CounterSession]:
    """Of these counters the ones that are open."""
    query = select(CounterSession).where(
        col(CounterSession.counter).in_(counters), col(CounterSession.closed_at).is_(None)
    )
    return {found.counter: found for found in (await session.exec(query)).all()}


async def opened_by(session: AsyncSession, counters: Collection[str], clerk: str) -> str | None:
    """Which of these counters a clerk has open."""
    opened = await open_sessions(session, counters)
    return next((code for code, found in opened.items() if found.clerk == clerk), None)


async def competences(session: AsyncSession, clerks: Collection[str]) -> dict[str, frozenset[str]]:
    """Of these clerks, those who serve only some products, and which."""
    query = select(ClerkProduct.clerk, ClerkProduct.product).where(col(ClerkProduct.clerk).in_(clerks))
    found: dict[str, frozenset[str]] = {}
    for clerk, product in (await session.exec(query)).all():
        found[clerk] = found.get(clerk, frozenset()) | {product}
    return found


async def service_seconds(session: AsyncSession, location: str, since: date, least: int) -> dict[str, float]:
    """How long a visit for each product took on average, of visits for that product alone; of `least` or more."""
    query: Any = (
        sql_select(_PRODUCTS, func.count(), func.sum(Visit.served_seconds))
        .where(col(Visit.location) == location, col(Visit.day) >= since, col(Visit.outcome) == Outcome.DONE)
        .group_by(_PRODUCTS)
    )
    found: dict[str, tuple[int, int]] = {}
    for products, number, seconds in (await session.exec(query)).all():
        if code := _alone(products):
            known, so_far = found.get(code, (0, 0))
            found[code] = known + number, so_far + int(seconds)
    return {code: seconds / number for code, (number, seconds) in found.items() if number >= least}


async def days_not_ended(session: AsyncSession, today: date) -> Sequence[tuple[str, date]]:
    """The (location, day) before today at which somebody is still in the hall by the numbers."""
    query: Any = select(Visit.location, col(Visit.day)).where(Visit.day < today, col(Visit.state).not_in(OVER))
    found = await session.exec(query.distinct().order_by(Visit.location, col(Visit.day)))
    return [(location, day) for location, day in found.all()]


async def close_before(session: AsyncSession, today: date, zone: ZoneInfo, now: datetime) -> None:
    """Close the counters that were opened before today and forgotten."""
    midnight, _ = day_bounds(today, zone)
    query = update(CounterSession).where(
        col(CounterSession.opened_at) < midnight, col(CounterSession.closed_at).is_(None)
    )
    await session.exec(query.values(closed_at=now))


async def close_all(session: AsyncSession, counters: Collection[str], now: datetime) -> int:
    """Close these counters. Returns how many were open."""
    query = (
        update(CounterSession)
        .where(col(CounterSession.counter).in_(counters), col(CounterSession.closed_at).is_(None))
        .values(closed_at=now)
    )
    return int((await session.exec(query)).rowcount)


async def products_booked(session: AsyncSession, appointment: int) -> list[list[str | int]]:
    """[code, persons] of an appointment, in the order they were chosen."""
    query = (
        select(AppointmentProduct.product, AppointmentProduct.persons)
        .where(AppointmentProduct.appointment == appointment)
        .order_by(col(AppointmentProduct.position))
    )
    return [[code, persons] for code, persons in (await session.exec(query)).all()]


async def products_expected(
    session: AsyncSession, location: str, begin: datetime, end: datetime
) -> dict[int, list[list[str | int]]]:
    """[code, persons] of each appointment from one moment to another, in the order they were chosen."""
    query: Any = (
        select(AppointmentProduct.appointment, AppointmentProduct.product, AppointmentProduct.persons)
        .join(Appointment, col(Appointment.id) == AppointmentProduct.appointment)
        .where(Appointment.location == location, Appointment.starts_at >= begin, Appointment.starts_at < end)
        .order_by(col(AppointmentProduct.appointment), col(AppointmentProduct.position))
    )
    found: dict[int, list[list[str | int]]] = {}
    for number, code, persons in (await session.exec(query)).all():
        found.setdefault(number, []).append([code, persons])
    return found
