"""The appointment that a browser may see, and what its pages show of it."""

import io
from typing import Any

import segno
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request

from kcc.appointments import queries, reading
from kcc.appointments.availability.plan import Plan
from kcc.appointments.links import readable
from kcc.appointments.models import Appointment, AppointmentStatus
from kcc.appointments.pages import journey
from kcc.appointments.pages.journey import address
from kcc.appointments.pages.prevented import places_to_move, prevented
from kcc.appointments.state import AppointmentState
from kcc.web.i18n import language_of

HOME = "/afspraak/beheer"


async def shown_appointment(
    session: AsyncSession, request: Request[AppointmentState], plan: Plan, *, lock: bool = False
) -> Appointment | None:
    """The appointment that this browser may see; None without one, or after its day."""
    token = journey.cookie(request, journey.MANAGE)
    found = await reading.by_token(session, token, request.state["clock"].today(), plan) if token else None
    return await queries.by_code(session, found.code, lock=True) if found and lock else found


async def appointment_context(
    session: AsyncSession, request: Request[AppointmentState], plan: Plan, appointment: Appointment
) -> dict[str, Any]:
    """What the pages about one appointment show."""
    facts = await reading.facts(session, plan, request.state["policy"], appointment, language_of(request))
    now = request.state["clock"].now()
    assert appointment.id is not None
    booked = reading.booked(appointment, (product.code for product in facts.products))
    cancelled = appointment.status is AppointmentStatus.CANCELLED
    return {
        "facts": facts,
        "prevented": None if cancelled else prevented(plan, booked),
        "can_move": bool(places_to_move(plan, booked, request, at_home=facts.is_home_visit)),
        "code": readable(appointment.code),
        "start": facts.starts_at.astimezone(facts.zone),
        "end": facts.ends_at.astimezone(facts.zone),
        "minutes": int((facts.ends_at - facts.starts_at).total_seconds()) // 60,
        "cancelled": cancelled,
        "over": appointment.starts_at <= now,
        "earlier": appointment.earlier_asked_at is not None,
        "offers": [
            (hold.id, hold.starts_at.astimezone(plan.zone), hold.expires_at.astimezone(plan.zone))
            for hold in await queries.offers_to(session, appointment.id, now)
        ],
        "qr": qr(appointment.code),
        "said": request.query_params.get("gedaan"),
        "link": lambda path: address(request, f"{HOME}{path}"),
    }


def qr(code: str) -> str:
    """The code as a QR code, in SVG."""
    image = io.BytesIO()
    segno.make(code, error="m", micro=False).save(
        image,
        kind="svg",
        border=2,
        xmldecl=False,
        svgns=False,
        omitsize=True,
        dark="#000",
        light="#fff",
    )
    return image.getvalue().decode().strip()
