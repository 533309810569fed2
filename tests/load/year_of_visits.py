"""A year of appointments and visits, straight into the tables: what reports of waits and lead times read."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert

from kcc.appointments.hall.course import VisitState
from kcc.appointments.hall.models import Outcome, Visit, VisitKind
from kcc.appointments.models import Appointment, AppointmentProduct
from kcc.service_levels.models import LeadTime
from kcc.storage.database import Database
from tests.appointments.conftest import place, product, put
from tests.load.booked import working_days
from tests.load.year_of_calls import FIRST, LAST, ZONE

LOCATIONS, PRODUCTS = ("stadhuis", "wijkcentrum"), ("paspoort", "rijbewijs", "verhuizing")
HOURS, COUNTERS = ("8:30", "17:00"), 4
APPOINTMENTS, WALK_INS = 40, 15  # a day at each location
ABSENT = 0.06  # the share of appointments to which nobody comes


async def fill(database: Database) -> int:
    """Write the plan, and a year of visits and recorded lead times in it. Returns how many visits."""
    furniture = [row for code in PRODUCTS for row in product(code)]
    await put(database, *furniture, *(row for code in LOCATIONS for row in place(code, COUNTERS, [HOURS])))
    chance, written = random.Random(5), 0
    days = [day for day in working_days(FIRST, (LAST - FIRST).days) if day <= LAST]
    for number, day in enumerate(days):
        appointments = list(_appointments(day, 1000 * number, chance))
        visits = [*_came(day, appointments, chance), *_walk_ins(day, chance)]
        products = [
            {"appointment": one["id"], "product": chance.choice(PRODUCTS), "persons": 1, "position": 0}
            for one in appointments
        ]
        free = [
            {"day": day, "product": code, "location": location, "days": chance.randrange(9)}
            for code in PRODUCTS
            for location in LOCATIONS
        ]
        async with database.writing() as session:
            connection = await session.connection()
            for table, rows in (
                (Appointment, appointments),
                (AppointmentProduct, products),
                (Visit, visits),
                (LeadTime, free),
            ):
                await connection.execute(insert(table), rows)
        written += len(visits)
    return written


def _moment(day: date, chance: random.Random) -> datetime:
    return datetime.combine(day, time(9), ZONE).astimezone(UTC) + timedelta(minutes=10 * chance.randrange(45))


def _appointments(day: date, number: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    for location in LOCATIONS:
        for _ in range(APPOINTMENTS):
            number += 1
            starts_at = _moment(day, chance)
            yield {
                "id": number,
                "code": f"{number}",
                "token_hash": f"{number}",
                "status": "booked",
                "location": location,
                "counter": f"{location}-{1 + chance.randrange(COUNTERS)}",
                "starts_at": starts_at,
                "ends_at": starts_at + timedelta(minutes=10),
                "travel_minutes": 0,
                "name": "Verzonnen Bezoeker",
                "phone": "0612345678",
                "address": "",
                "language": "nl",
                "booked_by_staff": False,
                "sequence": 0,
                "created_at": starts_at - timedelta(days=chance.randrange(1, 12)),
            }


def _came(day: date, appointments: list[dict[str, Any]], chance: random.Random) -> Iterator[dict[str, Any]]:
    for one in appointments:
        if chance.random() > ABSENT:
            arrived = one["starts_at"] + timedelta(minutes=chance.randrange(-15, 6))
            yield _visit(day, f"A {one['id']}", one["location"], arrived, chance) | {
                "kind": VisitKind.APPOINTMENT,
                "appointment": one["id"],
                "planned_at": one["starts_at"],
            }


def _walk_ins(day: date, chance: random.Random) -> Iterator[dict[str, Any]]:
    for location in LOCATIONS:
        for number in range(WALK_INS):
            yield _visit(day, f"B {number}", location, _moment(day, chance), chance) | {
                "kind": VisitKind.WALK_IN,
                "appointment": None,
                "planned_at": None,
            }


def _visit(day: date, number: str, location: str, arrived: datetime, chance: random.Random) -> dict[str, Any]:
    called = arrived + timedelta(seconds=chance.expovariate(1 / 400))
    return {
        "location": location,
        "day": day,
        "number": number,
        "products": [[chance.choice(PRODUCTS), 1]],
        "takes_minutes": 10,
        "arrived_at": arrived,
        "state": VisitState.FINISHED,
        "first_called_at": called,
        "called_at": called,
        "calls": 1,
        "finished_at": called + timedelta(minutes=9),
        "served_seconds": 540,
        "outcome": Outcome.DONE,
        "note": "",
    }
