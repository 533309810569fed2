"""An appointment as an agent sees it and says it: always in Dutch, whatever language its mail is in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access.contact_details import readable_phone
from kcc.appointments import reading
from kcc.appointments.availability.plan import Plan
from kcc.appointments.availability.touching import misfit
from kcc.appointments.facts import AppointmentFacts
from kcc.appointments.letters import wording
from kcc.appointments.links import readable
from kcc.appointments.models import Appointment, AppointmentStatus
from kcc.appointments.planning.unfit import MISFITS
from kcc.appointments.policy import Policy
from kcc.appointments.reading import Products
from kcc.web import dates


@dataclass(frozen=True, slots=True)
class AppointmentView:
    """One appointment. `code` as people read it; `moment` as `dinsdag 24 november 2026 om 10.20 uur`.

    `phone` as people read it, empty when there is none. `bring`: (product, things), as `wording.bring_by_product`.
    `misfit`: why one that stands cannot take place any more, empty when it can; `told`: when its resident was mailed
    that, empty when not.
    """

    row: Appointment
    code: str
    phone: str
    moment: str
    minutes: int
    facts: AppointmentFacts
    place: Sequence[str]
    products: Sequence[str]
    bring: Sequence[tuple[str, Sequence[str]]]
    costs: Sequence[str]
    cancelled: bool
    over: bool
    misfit: str
    told: str

    @property
    def stands(self) -> bool:
        """Whether it can still be moved and cancelled."""
        return not self.cancelled and not self.over


@dataclass(frozen=True, slots=True)
class Line:
    """One appointment in a list."""

    row: Appointment
    code: str
    moment: str
    place: str
    products: str
    cancelled: bool
    over: bool
    misfit: bool


async def view(
    session: AsyncSession, plan: Plan, policy: Policy, appointment: Appointment, now: datetime
) -> AppointmentView:
    """An appointment as it is now."""
    facts = await reading.facts(session, plan, policy, appointment)
    place = plan.places.get(appointment.location)
    day = appointment.starts_at.astimezone(plan.zone).date()
    asked = [(product.code, product.persons) for product in facts.products]
    facts = replace(
        facts,
        language="nl",
        location=place.title("nl") if place else facts.location,
        directions=place.way_there("nl") if place else "",
        products=await reading.product_facts(session, plan, asked, day, "nl"),
    )
    return AppointmentView(
        row=appointment,
        code=readable(appointment.code),
        phone=readable_phone(appointment.phone) if appointment.phone else "",
        moment=wording.moment_in_sentence(facts, appointment.starts_at),
        minutes=int((appointment.ends_at - appointment.starts_at).total_seconds()) // 60,
        facts=facts,
        place=wording.place(facts),
        products=wording.products(facts),
        bring=wording.bring_by_product(facts),
        costs=wording.costs(facts),
        cancelled=_cancelled(appointment),
        over=appointment.starts_at <= now,
        misfit=_misfit(plan, appointment, (product.code for product in facts.products), now),
        told=dates.moment(appointment.told_at.astimezone(plan.zone)) if appointment.told_at else "",
    )


async def line(session: AsyncSession, plan: Plan, appointment: Appointment, products: Products, now: datetime) -> Line:
    """An appointment in a list."""
    local = appointment.starts_at.astimezone(plan.zone)
    place = plan.places.get(appointment.location)
    named = await reading.product_facts(session, plan, products, local.date(), "nl")
    return Line(
        row=appointment,
        code=readable(appointment.code),
        moment=dates.moment(local),
        place=place.title("nl") if place else appointment.location,
        products=", ".join(product.name for product in named),
        cancelled=_cancelled(appointment),
        over=appointment.starts_at <= now,
        misfit=bool(_misfit(plan, appointment, (code for code, _ in products), now)),
    )


def _misfit(plan: Plan, appointment: Appointment, products: Iterable[str], now: datetime) -> str:
    """Why an appointment to come cannot take place as it stands; empty when it can, or need not."""
    if _cancelled(appointment) or appointment.starts_at <= now:
        return ""
    why = misfit(plan, reading.booked(appointment, products))
    return MISFITS[why] if why else ""


def _cancelled(appointment: Appointment) -> bool:
    return appointment.status is AppointmentStatus.CANCELLED
