"""Which booked appointments a plan no longer has room for. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kcc.appointments.availability.cells import cell_at, cells_for
from kcc.appointments.availability.plan import Plan
from kcc.appointments.availability.starts import block


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment as far as the plan is concerned. Instants in UTC; travel in minutes, before and after."""

    code: str
    location: str
    counter: str
    starts_at: datetime
    ends_at: datetime
    travel_minutes: int
    products: frozenset[str]


class Misfit(StrEnum):
    """Why an appointment cannot take place: the first of these that is so."""

    NO_COUNTER = "no-counter"
    NOT_HERE = "not-here"
    NOT_OFFERED = "not-offered"
    CLOSED = "closed"


def fits(plan: Plan, booked: Booked) -> bool:
    """Whether an appointment could take place as it stands, hours that only staff may book included."""
    return misfit(plan, booked) is None


def misfit(plan: Plan, booked: Booked) -> Misfit | None:
    """Why an appointment cannot take place as it stands; None when it can.

    Its counter must be there, open all the time it takes and serve its products; its location must offer them;
    each of them must be offered on its day.
    """
    place = plan.places.get(booked.location)
    counter = next((item for item in place.counters if item.code == booked.counter), None) if place else None
    if place is None or counter is None:
        return Misfit.NO_COUNTER
    if not (place.offers(booked.products) and counter.serves(booked.products)):
        return Misfit.NOT_HERE
    day = booked.starts_at.astimezone(plan.zone).date()
    if not all(code in plan.products and plan.products[code].on(day) for code in booked.products):
        return Misfit.NOT_OFFERED
    opened = plan.opening(place, day)
    travel = cells_for(booked.travel_minutes)
    first = cell_at(booked.starts_at) - travel - opened.first_cell
    end = cell_at(booked.ends_at) + travel - opened.first_cell
    needed = block(first, end) if first >= 0 else 0
    is_open = needed != 0 and opened.staff_rows.get(counter.code, 0) & needed == needed
    return None if is_open else Misfit.CLOSED


def touched(before: Plan, after: Plan, appointments: Iterable[Booked]) -> list[Booked]:
    """The appointments that fitted the plan before and do not fit the one after, in the order given."""
    return [booked for booked in appointments if not fits(after, booked) and fits(before, booked)]
