"""Locations with equal counters, and the appointments that fill them: written directly, the same for the same seed."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from kcc.appointments.availability.cells import CELL_MINUTES, instant, local_cell
from kcc.appointments.cell_queries import BLOCK
from kcc.appointments.models import Appointment, AppointmentProduct, OccupiedCell
from kcc.catalogue.holidays import public_holidays
from kcc.storage.database import Database
from tests.appointments.conftest import AMSTERDAM, minutes

OPENS, CLOSES = "8:30", "17:00"
WEEKDAYS = range(1, 6)
PRODUCT = "paspoort"
# PostgreSQL takes 32,767 parameters a statement.
ROWS_AT_ONCE = 1000


def working_days(first: date, number: int) -> list[date]:
    """The first so many days on which the locations are open, from `first` on."""
    days = (first + timedelta(days=ahead) for ahead in range(2 * number + 20))
    return [day for day in days if day.isoweekday() in WEEKDAYS and day not in public_holidays(day.year)][:number]


async def fill(database: Database, location: str, counters: int, days: Sequence[date], share: float) -> int:
    """Book about this share of the time of the counters `location-1` to `location-N`. Returns how many visits."""
    chance = random.Random(location)
    visits = list(_visits(location, counters, days, share, chance))
    async with database.writing() as session:
        for some in _portions([visit for visit, _ in visits]):
            await session.exec(insert(Appointment).values(some))
        products = [
            {"appointment": visit["id"], "product": PRODUCT, "persons": 1, "position": 0} for visit, _ in visits
        ]
        for some in _portions(products):
            await session.exec(insert(AppointmentProduct).values(some))
        for some in _portions([cell for _, cells in visits for cell in cells]):
            await session.exec(insert(OccupiedCell).values(some))
    return len(visits)


def _portions(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for first in range(0, len(rows), ROWS_AT_ONCE):
        yield rows[first : first + ROWS_AT_ONCE]


def _visits(
    location: str, counters: int, days: Sequence[date], share: float, chance: random.Random
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Visits of 10 to 30 minutes, one after the other, with gaps; each with the cells it takes."""
    number = 1_000_000 * (1 + chance.randrange(1000))
    for counter in (f"{location}-{place}" for place in range(1, counters + 1)):
        for day in days:
            cell = local_cell(day, minutes(OPENS), AMSTERDAM)
            end = local_cell(day, minutes(CLOSES), AMSTERDAM)
            while (until := cell + chance.randint(2, 30 // CELL_MINUTES)) <= end:
                if chance.random() < share:
                    number += 1
                    yield _visit(number, location, counter, cell, until), _cells(number, counter, cell, until)
                cell = until


def _visit(number: int, location: str, counter: str, cell: int, until: int) -> dict[str, Any]:
    return {
        "id": number,
        "code": f"{number}",
        "token_hash": f"{number}",
        "status": "booked",
        "location": location,
        "counter": counter,
        "starts_at": instant(cell),
        "ends_at": instant(until),
        "travel_minutes": 0,
        "name": "Verzonnen Bezoeker",
        "phone": "0612345678",
        "address": "",
        "language": "nl",
        "booked_by_staff": False,
        "sequence": 0,
        "created_at": datetime(2026, 11, 1, tzinfo=UTC),
    }


def _cells(number: int, counter: str, first: int, end: int) -> list[dict[str, Any]]:
    return [
        {"counter": counter, "block": cell // BLOCK, "cell": cell, "appointment": number, "released": False}
        for cell in range(first, end)
    ]
