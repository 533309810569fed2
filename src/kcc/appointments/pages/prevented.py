"""Whether a booked appointment can still take place, and where it may move to, as its resident is told."""

from collections.abc import Sequence
from enum import StrEnum

from starlette.requests import Request

from kcc.appointments.availability.plan import Place, Plan
from kcc.appointments.availability.touching import Booked, Misfit, misfit
from kcc.appointments.pages.journey import online_places
from kcc.appointments.state import AppointmentState


class Prevented(StrEnum):
    """Why an appointment cannot take place, in the terms of who would come. The page has the sentence for each."""

    CLOSED_DAY = "closed-day"
    CLOSED_TIME = "closed-time"
    NOT_OFFERED = "not-offered"
    NOT_HERE = "not-here"


def prevented(plan: Plan, booked: Booked) -> Prevented | None:
    """Why this appointment cannot take place as it stands; None when it can."""
    why = misfit(plan, booked)
    if why is Misfit.CLOSED:
        day = booked.starts_at.astimezone(plan.zone).date()
        opened = plan.opening(plan.places[booked.location], day)
        return Prevented.CLOSED_TIME if any(opened.staff_rows.values()) else Prevented.CLOSED_DAY
    if why is Misfit.NOT_OFFERED:
        return Prevented.NOT_OFFERED
    return Prevented.NOT_HERE if why else None


def places_to_move(plan: Plan, booked: Booked, request: Request[AppointmentState], *, at_home: bool) -> Sequence[Place]:
    """Where the resident can choose another time, the present location first; none when its products are not made
    any more. `at_home`: the address to come to is known."""
    today = request.state["clock"].today()
    if not all(code in plan.products and plan.products[code].on(today) for code in booked.products):
        return []
    found = [place for place in online_places(plan, booked.products, request) if at_home or not place.is_home_visit]
    return sorted(found, key=lambda place: place.code != booked.location)
