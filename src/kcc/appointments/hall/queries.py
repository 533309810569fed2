"""All SQL of the hall."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.availability.cells import day_bounds
from kcc.appointments.hall.course import OVER, VisitState
from kcc.appointments.hall.models import (
    ClerkProduct,
    CounterSession,
    HallDay,
    Outcome,
    Visit,
    VisitEvent,
    VisitKind,
)
from kcc.appointments.models import Appointment, AppointmentProduct, AppointmentStatus
from kcc.storage.turns import is_sqlite


async def take_turn(session: AsyncSession, location: str, day: date, *, given: VisitKind | None = None) -> HallDay:
    """Change the hall of this location and day: from here until the end of the transaction nobody else does.

    With `given`, a number of that kind is given out too.
    """
    insert_into: Any = sqlite.insert if is_sqlite(session) else postgresql.insert
    numbers = {"appointments": int(given is VisitKind.APPOINTMENT), "walk_ins": int(given is VisitKind.WALK_IN)}
    raised = {name: getattr(HallDay, name) + by for name, by in (numbers | {"version": 1}).items()}
    statement = insert_into(HallDay).values(location=location, day=day, version=1, **numbers)
    statement = statement.on_conflict_do_update(index_elements=["location", "day"], set_=raised)
    await session.exec(statement)
    found = select(HallDay).where(HallDay.location == location, HallDay.day == day)
    return (await session.exec(found.execution_options(populate_existing=True))).one()


async def version(session: AsyncSession, location: str, day: date) -> int:
    """How often the hall changed on this day."""
    query = select(HallDay.version).where(HallDay.location == location, HallDay.day == day)
    return (await session.exec(query)).first() or 0


async def versions(session: AsyncSession, day: date) -> dict[str, int]:
    """How often each hall changed on this day."""
    return dict((await session.exec(select(HallDay.location, HallDay.version).where(HallDay.day == day))).all())


async def visit(session: AsyncSession, number: int) -> Visit | None:
    """A visit by its id."""
    return await session.get(Visit, number, populate_existing=True)


async def visit_of(session: AsyncSession, appointment: int) -> Visit | None:
    """The visit that an appointment became."""
    return (await session.exec(select(Visit).where(Visit.appointment == appointment))).first()


async def appointment(session: AsyncSession, number: int) -> Appointment | None:
    """An appointment by its id."""
    return await session.get(Appointment, number)


async def at_counter(session: AsyncSession, counter: str) -> Visit | None:
    """Who is at a counter, or called to it."""
    return (await session.exec(select(Visit).where(Visit.counter == counter))).first()


async def waiting(session: AsyncSession, location: str, day: date) -> Sequence[Visit]:
    """Those who wait."""
    query = select(Visit).where(Visit.location == location, Visit.day == day, Visit.state == VisitState.WAITING)
    return (await session.exec(query.order_by(col(Visit.id)))).all()


async def on_day(session: AsyncSession, location: str, day: date) -> Sequence[Visit]:
    """Everybody who came on a day, in order of arrival."""
    query = select(Visit).where(Visit.location == location, Visit.day == day).order_by(col(Visit.id))
    return (await session.exec(query)).all()


async def present(session: AsyncSession, location: str, day: date) -> Sequence[Visit]:
    """Everybody who is in the hall."""
    query = select(Visit).where(Visit.location == location, Visit.day == day, col(Visit.state).not_in(OVER))
    return (await session.exec(query.order_by(col(Visit.id)))).all()


async def last_calls(session: AsyncSession, location: str, day: date, number: int) -> Sequence[Visit]:
    """The visits that were called last, the latest first."""
    query = (
        select(Visit)
        .where(Visit.location == location, Visit.day == day, col(Visit.called_at).is_not(None))
        .order_by(col(Visit.called_at).desc(), col(Visit.id).desc())
        .limit(number)
    )
    return (await session.exec(query)).all()


async def events_of(session: AsyncSession, number: int) -> Sequence[VisitEvent]:
    """What happened to a visit, in the order in which it was recorded."""
    query = select(VisitEvent).where(VisitEvent.visit == number).order_by(col(VisitEvent.id))
    return (await session.exec(query)).all()


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


async def open_sessions(session: AsyncSession, counters: Collection[str]) -> dict[str, CounterSession]:
    """Of these counters the ones that are open."""
    query = select(CounterSession).where(
        col(CounterSession.counter).in_(counters), col(CounterSession.closed_at).is_(None)
    )
    return {found.counter: found for found in (await session.exec(query)).all()}


async def competence(session: AsyncSession, clerk: str) -> frozenset[str]:
    """The only products that a clerk serves; empty when that is every product."""
    return frozenset((await session.exec(select(ClerkProduct.product).where(ClerkProduct.clerk == clerk))).all())


async def service_seconds(session: AsyncSession, location: str, since: date, least: int) -> dict[str, float]:
    """How long a visit for each product took on average, of visits for that product alone; of `least` or more."""
    query: Any = select(Visit.products, Visit.served_seconds).where(
        Visit.location == location, Visit.day >= since, Visit.outcome == Outcome.DONE
    )
    found: dict[str, list[int]] = {}
    for products, seconds in (await session.exec(query)).all():
        if len(products) == 1 and products[0][1] == 1:
            found.setdefault(str(products[0][0]), []).append(seconds)
    return {code: sum(times) / len(times) for code, times in found.items() if len(times) >= least}


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


async def counted(session: AsyncSession, location: str, day: date) -> int:
    """How many visits a day had."""
    query = select(func.count()).where(Visit.location == location, Visit.day == day)
    return (await session.exec(query)).one()
