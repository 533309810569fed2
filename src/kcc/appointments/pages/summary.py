"""What was chosen so far, for beside the question of each step."""

from datetime import date, datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request

from kcc.appointments import reading
from kcc.appointments.availability.plan import Place, Plan
from kcc.appointments.pages.journey import Chosen, address
from kcc.appointments.state import AppointmentState
from kcc.web.i18n import language_of


async def summary(
    session: AsyncSession,
    request: Request[AppointmentState],
    plan: Plan,
    picked: Chosen,
    place: Place | None = None,
    start: datetime | None = None,
    day: date | None = None,
) -> dict[str, Any]:
    """What was chosen so far, for beside the question, with the terms of the day: that of `start`, which is local,
    else `day`, else today."""
    day = start.date() if start else day or request.state["clock"].today()
    picked = picked.on(plan, day)
    language = language_of(request)
    return {
        "products": await reading.product_facts(session, plan, picked.asked, day, language),
        "minutes": -(-picked.minutes // 5) * 5,
        "place": place,
        "place_name": place.title(language) if place else "",
        "address": place.address_on(day) if place and not place.is_home_visit else "",
        "start": start,
        "change_product": address(request, "/afspraak", [*picked.query, ("toch", "1")]),
        "change_place": address(request, "/afspraak/locatie", picked.query),
        "change_time": address(
            request,
            "/afspraak/tijd",
            [*picked.query, ("locatie", place.code if place else ""), ("dag", day.isoformat())],
        ),
    }
